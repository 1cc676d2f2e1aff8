//! Two files of one person become one: what hangs on the one that goes is moved to the one that stays.

use chrono::{DateTime, Utc};
use entity::ids::{ResidentId, VisitId};
use entity::words::VisitState;
use entity::{family_member, resident, station_signup, subsidy, time_account, wish};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, ExprTrait, ModelTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assessments::keep_latest;
use super::edit::{held, note};
use super::moving::put_back_at_home;
use super::pairs::{PairOf, both};
use crate::clock::local_date;
use crate::consent;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::privacy::erasure;
use crate::residents::ON_THE_ROLL;
use crate::residents::absences::record::keep_state;
use crate::said::Said;
use crate::station::returns;
use crate::visits::pausing::{self, Hand, NOT_BEGUN};

/// The tables with a `resident_id` whose rows simply follow the file. A test looks for tables that are missing here.
pub const FOLLOW: [&str; 15] = [
    "absence",
    "access_log",
    "assessment",
    "audit",
    "booking",
    "call",
    "callback",
    "check_call",
    "complaint",
    "follow_up",
    "help_request",
    "rating",
    "series",
    "visit",
    "voucher",
];
/// Those in which a person may stand once only beside somebody: what both files have stays once.
pub const STAND_ONCE: [&str; 8] = [
    "consent",
    "erasure",
    "family_member",
    "station_signup",
    "subsidy",
    "time_account",
    "unmet",
    "wish",
];

/// Which file stays, and which goes.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Merging {
    /// The file that stays.
    pub stays: ResidentId,
    /// The file that goes.
    pub goes: ResidentId,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merged {
    /// The file that stayed.
    pub id: ResidentId,
    /// How many visits are matched anew, for they were booked to another door.
    pub rematched: usize,
    /// How many visits ahead now lie on one another: both files had booked.
    pub double_booked: usize,
    /// Which are matched anew.
    #[serde(skip)]
    pub back: Vec<VisitId>,
}

/// Merges two files.
///
/// # Errors
/// `not-found`, `not-now` where the file that stays is closed, or the database's.
pub async fn merge(
    txn: &DatabaseTransaction,
    caller: &Caller,
    merging: Merging,
    now: DateTime<Utc>,
) -> Result<Merged> {
    let pair = PairOf {
        one: merging.stays,
        other: merging.goes,
    };
    // In one order everywhere, so that two who merge do not wait for each other.
    let (first, second) = both(txn, caller, pair).await?;
    let rows = [held(txn, first).await?, held(txn, second).await?];
    let [stays, goes] = if first == merging.stays {
        rows
    } else {
        let [goes, stays] = rows;
        [stays, goes]
    };
    if !ON_THE_ROLL.contains(&stays.state) {
        return Err(Problem::not_now(Said::new(
            "要保留的档案已经关闭，请保留另一份。",
            "The file that would stay is closed; keep the other.",
        ))
        .into());
    }
    let back = if stays.household_id == goes.household_id {
        Vec::new()
    } else {
        let hand = Hand {
            by: Some(caller.account),
            now,
            zone: caller.zone,
        };
        put_back_at_home(txn, hand, goes.id).await?
    };
    // Before the audit follows: what is given back is written down under the file that goes.
    signups(txn, caller, (stays.id, goes.id), now).await?;
    for table in FOLLOW {
        follow(txn, table, "resident_id", &stays, &goes).await?;
    }
    follow(txn, "roll_import_row", "match_id", &stays, &goes).await?;
    relatives(txn, &stays, &goes).await?;
    hours(txn, &stays, &goes).await?;
    subsidies(txn, &stays, &goes).await?;
    wishes(txn, &stays, &goes).await?;
    consent::queries::merge(txn, stays.id, goes.id).await?;
    erasure::queries::merge(txn, stays.id, goes.id).await?;
    crate::supply::unmet::follow(txn, stays.id, goes.id).await?;
    let name = goes.name.clone();
    let filled = resident::ActiveModel {
        id: Set(stays.id),
        phone: Set(stays.phone.or(goes.phone)),
        knock_note: Set(stays.knock_note.or(goes.knock_note)),
        safety_note: Set(stays.safety_note.or(goes.safety_note)),
        last_seen_at: Set(Ord::max(stays.last_seen_at, goes.last_seen_at)),
        version: Set(stays.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    keep_latest(txn, stays.id).await?;
    keep_state(txn, &filled, local_date(caller.zone, now)).await?;
    resident::Entity::delete_by_id(goes.id).exec(txn).await?;
    let said = format!("{name} {}", goes.id);
    note(txn, caller, stays.id, "merged", Some(said), now).await?;
    Ok(Merged {
        id: stays.id,
        rematched: back.len(),
        double_booked: on_one_another(txn, stays.id, now).await?,
        back,
    })
}

async fn follow(
    txn: &DatabaseTransaction,
    table: &str,
    column: &str,
    stays: &resident::Model,
    goes: &resident::Model,
) -> Result<()> {
    let update = Query::update()
        .table(Alias::new(table))
        .value(Alias::new(column), stays.id.0)
        .and_where(Expr::col(Alias::new(column)).eq(goes.id.0))
        .to_owned();
    txn.execute(&update).await?;
    Ok(())
}

async fn relatives(
    txn: &DatabaseTransaction,
    stays: &resident::Model,
    goes: &resident::Model,
) -> Result<()> {
    let of = |id| family_member::Entity::find().filter(family_member::Column::ResidentId.eq(id));
    let known = of(stays.id).all(txn).await?;
    for row in of(goes.id).all(txn).await? {
        if known.iter().any(|one| one.account_id == row.account_id) {
            row.delete(txn).await?;
        } else {
            family_member::ActiveModel {
                id: Set(row.id),
                resident_id: Set(stays.id),
                ..Default::default()
            }
            .update(txn)
            .await?;
        }
    }
    Ok(())
}

/// The account of the time bank follows. Two cannot become one: its entries are never edited.
async fn hours(
    txn: &DatabaseTransaction,
    stays: &resident::Model,
    goes: &resident::Model,
) -> Result<()> {
    let of = |id: ResidentId| {
        time_account::Entity::find().filter(time_account::Column::ResidentId.eq(id))
    };
    let Some(account) = of(goes.id).one(txn).await? else {
        return Ok(());
    };
    if of(stays.id).one(txn).await?.is_some() {
        return Err(Problem::not_now(Said::new(
            "两份档案都有时间银行的账户，不能合并。",
            "Both files have an account of the time bank, so they cannot be merged.",
        ))
        .into());
    }
    time_account::ActiveModel {
        id: Set(account.id),
        resident_id: Set(Some(stays.id)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// What both were granted for a month, and used of it, is one person's.
async fn subsidies(
    txn: &DatabaseTransaction,
    stays: &resident::Model,
    goes: &resident::Model,
) -> Result<()> {
    for row in subsidy::Entity::find()
        .filter(subsidy::Column::ResidentId.eq(goes.id))
        .all(txn)
        .await?
    {
        let key = (stays.id, row.month);
        let there = subsidy::Entity::find_by_id(key).one(txn).await?;
        if let Some(there) = there {
            subsidy::ActiveModel {
                resident_id: Set(stays.id),
                month: Set(row.month),
                allowance_fen: Set(there.allowance_fen + row.allowance_fen),
                used_fen: Set(there.used_fen + row.used_fen),
                ..Default::default()
            }
            .update(txn)
            .await?;
        } else {
            subsidy::ActiveModel {
                resident_id: Set(stays.id),
                ..row.clone().into()
            }
            .insert(txn)
            .await?;
        }
        row.delete(txn).await?;
    }
    Ok(())
}

async fn wishes(
    txn: &DatabaseTransaction,
    stays: &resident::Model,
    goes: &resident::Model,
) -> Result<()> {
    let of = |id| wish::Entity::find().filter(wish::Column::ResidentId.eq(id));
    let known = of(stays.id).all(txn).await?;
    for row in of(goes.id).all(txn).await? {
        let there = known
            .iter()
            .any(|one| (one.helper_id, one.kind, one.by) == (row.helper_id, row.kind, row.by));
        if there {
            row.delete(txn).await?;
        } else {
            wish::ActiveModel {
                id: Set(row.id),
                resident_id: Set(stays.id),
                ..Default::default()
            }
            .update(txn)
            .await?;
        }
    }
    Ok(())
}

/// Where both files have a place in one session, the one that goes gives its own back, and somebody else moves up.
async fn signups(
    txn: &DatabaseTransaction,
    caller: &Caller,
    (stays, goes): (ResidentId, ResidentId),
    now: DateTime<Utc>,
) -> Result<()> {
    let hand = Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    };
    returns::give_back_doubles(txn, hand, (stays, goes)).await?;
    station_signup::Entity::update_many()
        .col_expr(station_signup::Column::ResidentId, Expr::value(stays.0))
        .filter(station_signup::Column::ResidentId.eq(goes))
        .exec(txn)
        .await?;
    Ok(())
}

/// How many visits ahead begin before the one before them has ended.
async fn on_one_another(
    txn: &DatabaseTransaction,
    id: ResidentId,
    now: DateTime<Utc>,
) -> Result<usize> {
    let mut states = NOT_BEGUN.to_vec();
    states.push(VisitState::CheckedIn);
    let ahead = pausing::ahead(txn, id, now, &states).await?;
    Ok(ahead
        .iter()
        .zip(ahead.iter().skip(1))
        .filter(|(one, next)| next.starts_at < one.ends_at)
        .count())
}
