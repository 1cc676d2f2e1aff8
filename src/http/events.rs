//! What changed, as it changes: server-sent events that pages follow.
//!
//! The feed is the audit table, so that every process sees what any process wrote. One task a process reads what is new
//! and tells its own listeners. It reads the few searches under way too and tells how far they are; that is written twice a
//! second and passes, so it is in no audit.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use chrono::NaiveDate;
use entity::ids::{CommunityId, HelperId, PlanId, ResidentId};
use entity::words::{Role, Subject};
use entity::{audit, plan_search};
use futures::{Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::caller::{Caller, helper_of};
use super::lasting::{self, Limits};
use super::session::RowKey;
use crate::app::App;
use crate::dispatch::plan::views::SearchView;
use crate::error::Result;
use crate::residents;
use crate::store::Store;

/// How long other processes' changes may take to show, in milliseconds.
const LOOK_EVERY_MS: u64 = 400;
/// Row numbers are given before the commit, so a lower one may appear later than a higher: this many are looked at again.
const LOOK_BACK: i64 = 200;
/// Changes that are read at a time: an import writes a hundred thousand in one go.
const AT_ONCE: u64 = 2_000;

/// Seconds within which whoever listens is told nothing more once the sign-in has ended.
const STILL_IN_EVERY_S: u64 = 20;

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

/// How far the search for a plan is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SearchProgress)]
pub struct ProgressView {
    /// For which plan.
    pub plan_id: PlanId,
    /// How far it is.
    pub search: SearchView,
    #[serde(skip)]
    community: CommunityId,
}

/// One event of the stream, as it is written there.
#[derive(Debug, utoipa::ToSchema)]
#[schema(as = LiveEvent)]
#[expect(
    dead_code,
    reason = "it stands for what is written by hand, in the description alone"
)]
pub struct EventView {
    /// What is told.
    event: Heard,
    /// A Change or a SearchProgress.
    #[schema(content_media_type = "application/json")]
    data: String,
}

/// What an event tells.
#[derive(Debug, utoipa::ToSchema)]
#[schema(as = LiveEventKind, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description alone")]
enum Heard {
    Change,
    Progress,
}

/// What listeners hear.
#[derive(Clone, Debug)]
enum Told {
    Change(ChangeView),
    Progress(ProgressView),
}

/// Where listeners of this process hear of changes.
#[derive(Clone, Debug)]
pub struct Feed(broadcast::Sender<Told>);

impl Feed {
    /// Starts reading the audit table.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (tell, _) = broadcast::channel(1024);
        tokio::spawn(follow(store, tell.clone()));
        Self(tell)
    }
}

async fn follow(store: Store, tell: broadcast::Sender<Told>) {
    let written = store.written();
    let mut searches = Searches::default();
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
            .limit(AT_ONCE)
            .all(store.read())
            .await;
        let Ok(rows) = rows else { continue };
        for row in rows {
            if !seen.insert(row.id.0) {
                continue;
            }
            last = last.max(row.id.0);
            // Nobody listens: nothing to do.
            let _ = tell.send(Told::Change(ChangeView {
                id: row.id.0,
                what: row.what,
                object_id: row.object_id,
                date: row.date,
                community: row.community_id,
                resident: row.resident_id,
                helper: row.helper_id,
            }));
        }
        seen.retain(|id| *id > last - 2 * LOOK_BACK);
        for progress in searches.moved(&store).await.unwrap_or_default() {
            let _ = tell.send(Told::Progress(progress));
        }
    }
}

/// How far each search under way was when it was last told.
#[derive(Default)]
struct Searches(HashMap<PlanId, SearchView>);

impl Searches {
    /// Those that have moved since.
    async fn moved(&mut self, store: &Store) -> Result<Vec<ProgressView>> {
        let rows = plan_search::Entity::find().all(store.read()).await?;
        self.0
            .retain(|plan, _| rows.iter().any(|row| row.plan_id == *plan));
        let mut moved = Vec::new();
        for row in rows {
            let search = SearchView::from(&row);
            if self.0.get(&row.plan_id) != Some(&search) {
                self.0.insert(row.plan_id, search.clone());
                moved.push(ProgressView {
                    plan_id: row.plan_id,
                    search,
                    community: row.community_id,
                });
            }
        }
        Ok(moved)
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
    plans: bool,
    residents: Vec<ResidentId>,
    helper: Option<HelperId>,
    /// A grid officer hears that there is news of a help request; which, the lists of the grid tell.
    help_requests: bool,
    /// Whoever reads the figures of supply and demand beside the desk hears that somebody asked in vain.
    figures: bool,
}

impl Ear {
    /// Plans are the coordinators' alone.
    fn hears_of_searches(&self, community: CommunityId) -> bool {
        community == self.community && self.plans
    }

    fn hears(&self, change: &ChangeView) -> bool {
        change.community == self.community
            && (self.all
                || change
                    .resident
                    .is_some_and(|resident| self.residents.contains(&resident))
                || (self.help_requests && change.what == Subject::HelpRequest)
                || (self.figures && change.what == Subject::Unmet)
                || (change.helper.is_some() && change.helper == self.helper))
    }
}

/// Follow what changes.
///
/// The office hears of everything in its community, a helper of their own visits, a family of its own residents. Coordinators
/// also hear, about twice a second, how far the search for a plan is.
#[utoipa::path(get, path = "/api/events", tag = "events", responses(
    (status = 200, description = "`event: change` with a Change as data and `event: progress` with a SearchProgress, for as long as the page is open", content_type = "text/event-stream", body = EventView),
    super::answers::Reads,
))]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    RowKey(row): RowKey,
) -> Result<Sse<impl Stream<Item = std::result::Result<Event, Infallible>>>> {
    let ear = Ear {
        community: caller.community,
        all: caller.at_desk(),
        plans: caller.is(Role::Coordinator),
        residents: if caller.is(Role::Family) {
            residents::queries::of_family(app.store.read(), caller.account).await?
        } else {
            Vec::new()
        },
        helper: helper_of(app.store.read(), caller.account).await?,
        help_requests: caller.is(Role::GridOfficer),
        figures: caller.is(Role::PanelMember) || caller.is(Role::Admin),
    };
    let changes = BroadcastStream::new(app.feed.0.subscribe()).filter_map(move |told| {
        let event = match told {
            Ok(Told::Change(change)) if ear.hears(&change) => {
                Event::default().event("change").json_data(&change).ok()
            }
            Ok(Told::Progress(progress)) if ear.hears_of_searches(progress.community) => {
                Event::default().event("progress").json_data(&progress).ok()
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
    // A page that listens must not keep the program from ending.
    let changes = changes
        .take_until(Box::pin(app.closing.asked()))
        .take_until(Box::pin(signed_out(app.clone(), caller, row)));
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// Ends when a sign-in is no longer one. Listening is no use of it: a page that is left open does not keep it.
async fn signed_out(app: App, caller: Caller, row: Option<String>) {
    let Some(row) = row else { return };
    loop {
        tokio::time::sleep(Duration::from_secs(STILL_IN_EVERY_S)).await;
        let (now, limits) = (app.clock.now(), Limits::of(&caller.roles));
        let holds = lasting::holds(&app.store, &row, caller.account, limits, now).await;
        if matches!(holds, Ok(false)) {
            return;
        }
    }
}
