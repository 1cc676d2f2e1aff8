//! What changed, as it changes: server-sent events that pages follow.
//!
//! The feed is the audit table, so that every process sees what any process wrote. One task a process reads what is new
//! and tells its own listeners.

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use chrono::NaiveDate;
use entity::audit;
use entity::ids::{CommunityId, HelperId, ResidentId};
use entity::words::{Role, Subject};
use futures::{Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::caller::{Caller, helper_of};
use crate::app::App;
use crate::error::Result;
use crate::residents;
use crate::store::Store;

/// How long other processes' changes may take to show, in milliseconds.
const LOOK_EVERY_MS: u64 = 400;
/// Row numbers are given before the commit, so a lower one may appear later than a higher: this many are looked at again.
const LOOK_BACK: i64 = 200;

/// One change.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Change)]
pub struct ChangeView {
    /// Number of the change.
    pub id: i64,
    /// What kind of thing.
    pub what: Subject,
    /// Which one.
    pub object_id: i64,
    /// The local date it touched.
    pub date: Option<NaiveDate>,
    #[serde(skip)]
    community: CommunityId,
    #[serde(skip)]
    resident: Option<ResidentId>,
    #[serde(skip)]
    helper: Option<HelperId>,
}

/// Where listeners of this process hear of changes.
#[derive(Clone, Debug)]
pub struct Feed(broadcast::Sender<ChangeView>);

impl Feed {
    /// Starts reading the audit table.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (tell, _) = broadcast::channel(1024);
        tokio::spawn(follow(store, tell.clone()));
        Self(tell)
    }
}

async fn follow(store: Store, tell: broadcast::Sender<ChangeView>) {
    let written = store.written();
    let mut seen: HashSet<i64> = HashSet::new();
    let mut last = newest(&store).await.unwrap_or(0);
    seen.extend((last - LOOK_BACK).max(0)..=last);
    loop {
        // Either somebody here wrote, or it is time to see what the others did.
        let _ =
            tokio::time::timeout(Duration::from_millis(LOOK_EVERY_MS), written.notified()).await;
        if tell.receiver_count() == 0 {
            if let Ok(newest) = newest(&store).await {
                last = newest;
                seen.clear();
                seen.extend((last - LOOK_BACK).max(0)..=last);
            }
            continue;
        }
        let rows = audit::Entity::find()
            .filter(audit::Column::Id.gt(last - LOOK_BACK))
            .order_by_asc(audit::Column::Id)
            .all(store.read())
            .await;
        let Ok(rows) = rows else { continue };
        for row in rows {
            if !seen.insert(row.id.0) {
                continue;
            }
            last = last.max(row.id.0);
            // Nobody listens: nothing to do.
            let _ = tell.send(ChangeView {
                id: row.id.0,
                what: row.what,
                object_id: row.object_id,
                date: row.date,
                community: row.community_id,
                resident: row.resident_id,
                helper: row.helper_id,
            });
        }
        seen.retain(|id| *id > last - 2 * LOOK_BACK);
    }
}

async fn newest(store: &Store) -> Result<i64> {
    Ok(audit::Entity::find()
        .select_only()
        .column(audit::Column::Id)
        .order_by_desc(audit::Column::Id)
        .into_tuple::<i64>()
        .one(store.read())
        .await?
        .unwrap_or(0))
}

/// What one listener may hear.
struct Ear {
    community: CommunityId,
    all: bool,
    residents: Vec<ResidentId>,
    helper: Option<HelperId>,
}

impl Ear {
    fn hears(&self, change: &ChangeView) -> bool {
        change.community == self.community
            && (self.all
                || change
                    .resident
                    .is_some_and(|resident| self.residents.contains(&resident))
                || (change.helper.is_some() && change.helper == self.helper))
    }
}

/// Follow what changes.
///
/// The office hears of everything in its community, a helper of their own visits, a family of its own residents.
#[utoipa::path(get, path = "/api/events", tag = "events", responses(
    (status = 200, description = "`event: change` with a Change as data, for as long as the page is open", content_type = "text/event-stream", body = ChangeView),
    (status = 401, description = "Nobody is signed in", content_type = "application/problem+json", body = super::problem::ProblemView),
))]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = std::result::Result<Event, Infallible>>>> {
    let ear = Ear {
        community: caller.community,
        all: caller.at_desk(),
        residents: if caller.is(Role::Family) {
            residents::queries::of_family(app.store.read(), caller.account).await?
        } else {
            Vec::new()
        },
        helper: helper_of(app.store.read(), caller.account).await?,
    };
    let changes = BroadcastStream::new(app.feed.0.subscribe()).filter_map(move |change| {
        let event = match change {
            Ok(change) if ear.hears(&change) => {
                Event::default().event("change").json_data(&change).ok()
            }
            Ok(_) => None,
            // This listener was too slow and missed some: it should look at everything again.
            Err(_) => Some(
                Event::default()
                    .event("change")
                    .data("{\"id\":0,\"what\":\"visit\",\"object_id\":0,\"date\":null}"),
            ),
        };
        futures::future::ready(event.map(Ok))
    });
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
