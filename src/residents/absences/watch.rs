//! What happens to times away as the days pass: on the day of return the file says so, and whatever still waits comes back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::ids::VisitId;
use entity::words::{ResidentState, Subject, VisitState};
use entity::{absence, community, resident, visit};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::record::keep_state;
use super::{covers, is_away};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::notify;
use crate::store;
use crate::store::audit::{self, Change};
use crate::visits::pausing::{self, Hand};

/// How often the calendar is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// Files that one look changes at most; the next takes the rest.
const AT_ONCE: u64 = 500;

/// Looks at the calendar until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(error) = turn(&app).await {
            tracing::error!(%error, "times away were not looked at");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look: who left or came home by the calendar is written down so, and visits whose reason to wait is over are
/// matched. Doing it twice, or in two processes at once, does nothing more.
///
/// # Errors
/// The database's.
pub async fn turn(app: &App) -> Result<()> {
    let now = app.clock.now();
    for place in community::Entity::find().all(app.store.read()).await? {
        states(app, &place, now).await?;
        let back = waiting(app, &place, now).await?;
        pausing::match_all(app, &back).await;
    }
    Ok(())
}

/// Brings the residents' own states into line with the rows for today.
async fn states(app: &App, place: &community::Model, now: DateTime<Utc>) -> Result<()> {
    let today = local_date(zone_of(place), now);
    let away = || {
        absence::Entity::find()
            .select_only()
            .column(absence::Column::ResidentId)
            .filter(absence::Column::CommunityId.eq(place.id))
            .filter(covers(today))
            .into_query()
    };
    let stale = Condition::any()
        .add(
            Condition::all()
                .add(resident::Column::State.eq(ResidentState::Active))
                .add(resident::Column::Id.in_subquery(away())),
        )
        .add(
            Condition::all()
                .add(resident::Column::State.eq(ResidentState::Paused))
                .add(resident::Column::Id.not_in_subquery(away())),
        );
    let found = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(place.id))
        .filter(stale)
        .limit(AT_ONCE)
        .all(app.store.read())
        .await?;
    for row in found {
        app.store
            .write(move |txn| {
                Box::pin(async move {
                    let Some(row) = store::hold(resident::Entity::find_by_id(row.id), txn)
                        .one(txn)
                        .await?
                    else {
                        return Ok(());
                    };
                    keep_state(txn, &row, today).await?;
                    let object = (Subject::Resident, row.id.0);
                    let action = if row.state == ResidentState::Paused {
                        "came-home"
                    } else {
                        "left-home"
                    };
                    let change = Change::new(row.community_id, now, None, object, action).on(today);
                    audit::record(
                        txn,
                        Change {
                            resident: Some(row.id),
                            ..change
                        },
                    )
                    .await
                })
            })
            .await?;
    }
    Ok(())
}

/// Lets visits come back whose absence does not cover them any more, and says which.
async fn waiting(app: &App, place: &community::Model, now: DateTime<Utc>) -> Result<Vec<VisitId>> {
    let zone = zone_of(place);
    let rows = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(place.id))
        .filter(visit::Column::State.eq(VisitState::Paused))
        .filter(visit::Column::StartsAt.gt(now))
        .all(app.store.read())
        .await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.absence_id).collect();
    let absences = absence::Entity::find()
        .filter(absence::Column::Id.is_in(ids))
        .all(app.store.read())
        .await?;
    let mut back = Vec::new();
    for row in rows {
        let absence = absences
            .iter()
            .find(|absence| Some(absence.id) == row.absence_id)
            .cloned();
        let on = local_date(zone, row.starts_at);
        if absence.as_ref().is_some_and(|absence| is_away(absence, on)) {
            continue;
        }
        let hand = Hand {
            by: None,
            now,
            zone,
        };
        let id = row.id;
        let resumed = app
            .store
            .write(move |txn| {
                let absence = absence.clone();
                Box::pin(async move {
                    let resumed = pausing::resume(txn, hand, id).await?;
                    if let (true, Some(absence)) = (resumed, &absence) {
                        // All of one look have one instant, so they are in one letter.
                        notify::away::resumed(txn, hand, absence).await?;
                    }
                    Ok(resumed)
                })
            })
            .await?;
        if resumed {
            back.push(id);
        }
    }
    Ok(back)
}
