//! The clock of care: what is late or missed is noticed, and those who live alone are put on the list to be rung.
//!
//! Every process looks. A row is keyed by its reason, so that it is written once whichever process writes it, and again
//! never; what was noticed is told in the audit, so that open pages hear of it at once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ProviderId, VisitId};
use entity::words::{
    CheckOutcome, CheckReason, LapseKind, Living, ResidentState, Subject, VisitState,
};
use entity::{check_call, community, helper, lapse, resident, visit};
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use crate::app::App;
use crate::dispatch::place::{crew, locked};
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::store::audit::{self, Change};
use crate::visits::{Late, late};

/// How often it is looked.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// Every how many rounds it is looked who was not seen for long: once a minute.
const UNSEEN_EVERY: u32 = 12;
/// Visits in one round; the next takes the rest.
const BATCH: u64 = 200;
/// Days back in which a missed visit is a reason to ring: later it is none any more.
const RING_FOR_DAYS: i64 = 2;
/// Calls to those not seen for long that are open at a time: what can be done in a day, those unseen longest first.
const MOST_UNSEEN: u64 = 20;

/// Looks until the program stops.
pub async fn run(app: App) {
    let mut round: u32 = 0;
    loop {
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "late and missed visits could not be looked for");
        }
        if round.is_multiple_of(UNSEEN_EVERY)
            && let Err(error) = unseen(&app).await
        {
            tracing::warn!(%error, "it could not be looked who was not seen");
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Notices what is late or missed now, asks for calls about what was missed, and ends those of people who were seen; says
/// how many rows changed.
///
/// # Errors
/// The database's.
pub async fn sweep(app: &App) -> Result<usize> {
    let mut changed = 0;
    for place in community::Entity::find().all(app.store.read()).await? {
        changed += notice(app, &place).await?;
        changed += ring_about_missed(app, &place).await?;
        changed += end_of_seen(app, &place).await?;
    }
    Ok(changed)
}

/// Writes down what is late or missed and was not yet.
async fn notice(app: &App, place: &community::Model) -> Result<usize> {
    let now = app.clock.now();
    let after = place.late_after_min;
    let began = now - TimeDelta::minutes(i64::from(after));
    let mut overdue = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(place.id))
        .filter(visit::Column::State.is_in([
            VisitState::Unfilled,
            VisitState::Offered,
            VisitState::Accepted,
        ]))
        .filter(visit::Column::StartsAt.lte(began))
        .all(app.store.read())
        .await?;
    // Not in the question: for the sake of the order SQLite would go through all visits that there ever were.
    overdue.sort_by_key(|visit| (visit.starts_at, visit.id));
    let known: Vec<(VisitId, LapseKind, DateTime<Utc>)> = lapse::Entity::find()
        .filter(lapse::Column::VisitId.is_in(overdue.iter().map(|row| row.id)))
        .all(app.store.read())
        .await?
        .into_iter()
        .map(|row| (row.visit_id, row.kind, row.starts_at))
        .collect();
    let news: Vec<VisitId> = overdue
        .iter()
        .filter_map(|row| Some((row, kind_of(late(row, after, now)?)?)))
        .filter(|(row, kind)| !known.contains(&(row.id, *kind, row.starts_at)))
        .map(|(row, _)| row.id)
        .take(usize::try_from(BATCH).unwrap_or(usize::MAX))
        .collect();
    if news.is_empty() {
        return Ok(0);
    }
    let zone = zone_of(place);
    app.store
        .write(move |txn| {
            let news = news.clone();
            Box::pin(async move {
                let mut noticed = 0;
                for id in news {
                    // Somebody may have come meanwhile.
                    let visit = locked(txn, id).await?;
                    let Some(kind) = late(&visit, after, now).and_then(kind_of) else {
                        continue;
                    };
                    if write_lapse(txn, &visit, kind, now).await? {
                        let action = match kind {
                            LapseKind::Late => "late",
                            LapseKind::Missed => "missed",
                        };
                        let change = Change::of_visit(&visit, zone, now, None, action);
                        audit::record(txn, change).await?;
                        noticed += 1;
                    }
                }
                Ok(noticed)
            })
        })
        .await
}

/// As what a late visit goes on record; one that goes on too long does not.
fn kind_of(late: Late) -> Option<LapseKind> {
    match late {
        Late::NotAnswered | Late::NotArrived => Some(LapseKind::Late),
        Late::Missed | Late::NobodyFound => Some(LapseKind::Missed),
        Late::NotFinished => None,
    }
}

async fn write_lapse(
    txn: &DatabaseTransaction,
    visit: &visit::Model,
    kind: LapseKind,
    now: DateTime<Utc>,
) -> Result<bool> {
    let first = crew(txn, visit.id).await?.first().map(|row| row.helper_id);
    let provider: Option<ProviderId> = match first {
        Some(id) => helper::Entity::find_by_id(id)
            .one(txn)
            .await?
            .map(|row| row.provider_id),
        None => None,
    };
    let row = lapse::ActiveModel {
        community_id: Set(visit.community_id),
        visit_id: Set(visit.id),
        kind: Set(kind),
        starts_at: Set(visit.starts_at),
        noticed_at: Set(now),
        helper_id: Set(first),
        provider_id: Set(provider),
        ..Default::default()
    };
    let written = lapse::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([
                lapse::Column::VisitId,
                lapse::Column::Kind,
                lapse::Column::StartsAt,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(written == 1)
}

/// Whoever lives alone and is at home.
fn alone() -> Condition {
    Condition::all()
        .add(resident::Column::Living.eq(Living::Alone))
        .add(resident::Column::State.eq(ResidentState::Active))
}

/// Asks for calls to those who live alone and whose visit was missed, unless they were seen since.
async fn ring_about_missed(app: &App, place: &community::Model) -> Result<usize> {
    let now = app.clock.now();
    let said_nothing = Condition::all()
        .add(visit::Column::State.is_in([VisitState::Offered, VisitState::Accepted]))
        .add(visit::Column::EndsAt.lt(now));
    let found_nobody = Condition::all()
        .add(visit::Column::State.eq(VisitState::Unfilled))
        .add(visit::Column::WindowTo.lt(now));
    let settled = visit::Column::State.is_in([VisitState::HelperAbsent, VisitState::NotHome]);
    let not_seen = Condition::any()
        .add(resident::Column::LastSeenAt.is_null())
        .add(
            Expr::col((resident::Entity, resident::Column::LastSeenAt))
                .lt(Expr::col((visit::Entity, visit::Column::StartsAt))),
        );
    // One open call is enough, and so is one that ended after the visit should have.
    let rung = Query::select()
        .column(check_call::Column::Id)
        .from(check_call::Entity)
        .and_where(
            Expr::col((check_call::Entity, check_call::Column::ResidentId))
                .equals((visit::Entity, visit::Column::ResidentId)),
        )
        .cond_where(
            Condition::any()
                .add(Expr::col((check_call::Entity, check_call::Column::DoneAt)).is_null())
                .add(
                    Expr::col((check_call::Entity, check_call::Column::DoneAt))
                        .gte(Expr::col((visit::Entity, visit::Column::EndsAt))),
                ),
        )
        .to_owned();
    let missed = visit::Entity::find()
        .join(JoinType::InnerJoin, visit::Relation::Resident.def())
        .filter(visit::Column::CommunityId.eq(place.id))
        .filter(visit::Column::EndsAt.gt(now - TimeDelta::days(RING_FOR_DAYS)))
        .filter(visit::Column::StartsAt.lt(now))
        .filter(
            Condition::any()
                .add(said_nothing)
                .add(found_nobody)
                .add(settled),
        )
        .filter(alone())
        .filter(not_seen)
        .filter(Expr::not_exists(rung))
        .order_by_asc(visit::Column::StartsAt)
        .limit(BATCH)
        .all(app.store.read())
        .await?;
    let mut rows: Vec<check_call::ActiveModel> = Vec::new();
    for visit in missed {
        let whose = Set(visit.resident_id);
        if rows.iter().any(|row| row.resident_id == whose) {
            continue;
        }
        let reason = if visit.state == VisitState::NotHome {
            CheckReason::NobodyOpened
        } else {
            CheckReason::MissedVisit
        };
        rows.push(check_call::ActiveModel {
            resident_id: whose,
            reason: Set(reason),
            visit_id: Set(Some(visit.id)),
            since: Set(Some(visit.starts_at)),
            covers: Set(format!("visit.{}", visit.id)),
            ..Default::default()
        });
    }
    ask_for(app, place, rows, now).await
}

/// Asks for calls to those who live alone and whom nobody of ours has seen for as many days as the community has set,
/// those unseen longest first; says how many.
///
/// # Errors
/// The database's.
pub async fn unseen(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut asked = 0;
    for place in community::Entity::find().all(app.store.read()).await? {
        if place.unseen_days == 0 {
            continue;
        }
        let open = check_call::Entity::find()
            .filter(check_call::Column::CommunityId.eq(place.id))
            .filter(check_call::Column::Reason.eq(CheckReason::Unseen))
            .filter(check_call::Column::DoneAt.is_null())
            .count(app.store.read())
            .await?;
        let since = now - TimeDelta::days(i64::from(place.unseen_days));
        // Nobody is rung while they are rung already, nor again within the same days where nobody answered.
        let rung = Query::select()
            .column(check_call::Column::Id)
            .from(check_call::Entity)
            .and_where(
                Expr::col((check_call::Entity, check_call::Column::ResidentId))
                    .equals((resident::Entity, resident::Column::Id)),
            )
            .cond_where(
                Condition::any()
                    .add(Expr::col((check_call::Entity, check_call::Column::DoneAt)).is_null())
                    .add(Expr::col((check_call::Entity, check_call::Column::DoneAt)).gt(since)),
            )
            .to_owned();
        let rows = resident::Entity::find()
            .filter(resident::Column::CommunityId.eq(place.id))
            .filter(alone())
            .filter(
                Condition::any()
                    .add(resident::Column::LastSeenAt.is_null())
                    .add(resident::Column::LastSeenAt.lte(since)),
            )
            .filter(Expr::not_exists(rung))
            .order_by_with_nulls(
                resident::Column::LastSeenAt,
                Order::Asc,
                NullOrdering::First,
            )
            .order_by_asc(resident::Column::Id)
            .limit(MOST_UNSEEN.saturating_sub(open))
            .all(app.store.read())
            .await?
            .into_iter()
            .map(|row| check_call::ActiveModel {
                resident_id: Set(row.id),
                reason: Set(CheckReason::Unseen),
                since: Set(row.last_seen_at),
                covers: Set(unseen_since(&row, place.unseen_days, now)),
                ..Default::default()
            })
            .collect();
        asked += ask_for(app, &place, rows, now).await?;
    }
    Ok(asked)
}

/// One reason a resident, the moment they were last seen, and how many times the set number of days has passed since: whoever
/// was not reached is rung again when as many days have passed once more.
fn unseen_since(row: &resident::Model, days: i32, now: DateTime<Utc>) -> String {
    let seen = row.last_seen_at.unwrap_or(DateTime::UNIX_EPOCH);
    let times = (now - seen).num_days() / i64::from(Ord::max(days, 1));
    format!("unseen.{}.{}.{times}", row.id, seen.timestamp())
}

async fn ask_for(
    app: &App,
    place: &community::Model,
    rows: Vec<check_call::ActiveModel>,
    now: DateTime<Utc>,
) -> Result<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let community = place.id;
    app.store
        .write(move |txn| {
            let rows = rows.clone();
            Box::pin(async move {
                let mut asked = 0;
                for row in rows {
                    let row = check_call::ActiveModel {
                        community_id: Set(community),
                        created_at: Set(now),
                        due_at: Set(now),
                        tries: Set(0),
                        ..row
                    };
                    let written = check_call::Entity::insert(row)
                        .on_conflict(
                            OnConflict::columns([
                                check_call::Column::CommunityId,
                                check_call::Column::Covers,
                            ])
                            .do_nothing()
                            .to_owned(),
                        )
                        .exec_without_returning(txn)
                        .await?;
                    asked += usize::try_from(written).unwrap_or(0);
                }
                if asked > 0 {
                    let object = (Subject::CheckCall, 0);
                    let change = Change::new(community, now, None, object, "asked");
                    audit::record(txn, change).await?;
                }
                Ok(asked)
            })
        })
        .await
}

/// Ends the calls to those who were seen since.
async fn end_of_seen(app: &App, place: &community::Model) -> Result<usize> {
    let now = app.clock.now();
    let seen_since = Condition::any()
        .add(check_call::Column::Since.is_null())
        .add(
            Expr::col((resident::Entity, resident::Column::LastSeenAt))
                .gt(Expr::col((check_call::Entity, check_call::Column::Since))),
        );
    let open: Vec<_> = check_call::Entity::find()
        .join(JoinType::InnerJoin, check_call::Relation::Resident.def())
        .filter(check_call::Column::CommunityId.eq(place.id))
        .filter(check_call::Column::DoneAt.is_null())
        .filter(resident::Column::LastSeenAt.is_not_null())
        .filter(seen_since)
        .all(app.store.read())
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    if open.is_empty() {
        return Ok(0);
    }
    let community = place.id;
    app.store
        .write(move |txn| {
            let open = open.clone();
            Box::pin(async move {
                let ended = check_call::Entity::update_many()
                    .set(check_call::ActiveModel {
                        outcome: Set(Some(CheckOutcome::Seen)),
                        done_at: Set(Some(now)),
                        ..Default::default()
                    })
                    .filter(check_call::Column::Id.is_in(open))
                    .filter(check_call::Column::DoneAt.is_null())
                    .exec(txn)
                    .await?;
                let object = (Subject::CheckCall, 0);
                audit::record(txn, Change::new(community, now, None, object, "seen")).await?;
                Ok(usize::try_from(ended.rows_affected).unwrap_or(0))
            })
        })
        .await
}
