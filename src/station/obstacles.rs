//! What can be in the way of a place in a session.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::ResidentId;
use entity::words::SessionState;
use entity::{resident, station_session, station_signup, visit};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};

use super::signup::Asking;
use super::{DOOR_OPENS_HOURS, LIVE};
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::residents::ON_THE_ROLL;
use crate::residents::absences::{away_on, away_sentence};
use crate::said::Said;
use crate::visits::is_live;

/// Whether this is the moment to take a place: at the door for walk-ins, before the start for others.
///
/// # Errors
/// `not-now`.
pub(super) fn check_moment(
    caller: &Caller,
    session: &station_session::Model,
    walk_in: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let refuse = |zh: &str, en: &str| Err(Problem::not_now(Said::new(zh, en)).into());
    if walk_in {
        return if now < session.starts_at - TimeDelta::hours(DOOR_OPENS_HOURS) {
            refuse(
                "还没到入场时间，请按报名登记。",
                "The door is not open yet; sign them up instead.",
            )
        } else {
            Ok(())
        };
    }
    if now >= session.starts_at {
        return refuse(
            "已经开始了，到场的请在名单页登记。",
            "It has begun; whoever comes is ticked in at the door.",
        );
    }
    if !caller.at_desk() && now > session.book_until {
        return refuse(
            "报名已经截止，请打电话给服务台。",
            "Signing up is closed; please call the office.",
        );
    }
    Ok(())
}

/// Whether nothing of the resident's own is in the way: the roll, another session, an absence, a visit.
///
/// # Errors
/// `not-now`, `invalid` with `over_visit`, or the database's.
pub(super) async fn check_resident(
    txn: &DatabaseTransaction,
    caller: &Caller,
    resident: &resident::Model,
    session: &station_session::Model,
    asking: Asking,
) -> Result<()> {
    let refuse = |said: Said| Err(Problem::not_now(said).into());
    if !ON_THE_ROLL.contains(&resident.state) {
        return refuse(Said::new(
            "这位老人已经不在花名册上。",
            "This resident is no longer on the roll.",
        ));
    }
    if let Some(other) = other_session(txn, resident.id, session).await? {
        return refuse(Said::new(
            format!("那个时间已经报了“{}”，请先取消那一场。", other.title),
            format!(
                "They are signed up for “{}” at that time; cancel that first.",
                other.title
            ),
        ));
    }
    // Whoever stands at the door is neither away nor expecting somebody at home.
    if asking.walk_in {
        return Ok(());
    }
    let date = local_date(caller.zone, session.starts_at);
    if let Some(absence) = away_on(txn, resident.id, date).await? {
        return refuse(away_sentence(&absence));
    }
    if !asking.over_visit && visit_then(txn, resident.id, session).await? {
        return Err(Problem::field(
            "over_visit",
            Said::new(
                "那个时间有人上门服务。确定要报名，请先想好怎么调开。",
                "Somebody comes to them at that time. Sign up all the same only if that can be arranged.",
            ),
        )
        .into());
    }
    Ok(())
}

/// Another open session at the same time in which the resident has a place or waits for one. Waiting counts: whoever moves up
/// must be free.
pub(super) async fn other_session(
    txn: &DatabaseTransaction,
    resident: ResidentId,
    session: &station_session::Model,
) -> Result<Option<station_session::Model>> {
    Ok(station_session::Entity::find()
        .filter(station_session::Column::Id.in_subquery({
            station_signup::Entity::find()
                .select_only()
                .column(station_signup::Column::SessionId)
                .filter(station_signup::Column::ResidentId.eq(resident))
                .filter(station_signup::Column::State.is_in(LIVE))
                .into_query()
        }))
        .filter(station_session::Column::Id.ne(session.id))
        .filter(station_session::Column::State.eq(SessionState::Open))
        .filter(station_session::Column::StartsAt.lt(session.ends_at))
        .filter(station_session::Column::EndsAt.gt(session.starts_at))
        .one(txn)
        .await?)
}

async fn visit_then(
    txn: &DatabaseTransaction,
    resident: ResidentId,
    session: &station_session::Model,
) -> Result<bool> {
    Ok(visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(resident))
        .filter(is_live())
        .filter(visit::Column::StartsAt.lt(session.ends_at))
        .filter(visit::Column::EndsAt.gt(session.starts_at))
        .one(txn)
        .await?
        .is_some())
}
