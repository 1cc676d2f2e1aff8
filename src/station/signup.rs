//! Signing up, giving a place back, moving up, and being ticked in. Everything that touches seats holds the session first, so
//! that they are given in the order of asking; whoever books for a resident holds the resident before that.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ResidentId, StationSessionId, StationSignupId};
use entity::words::{Attendance, SessionNews, SessionState, SignupEnd, SignupState, Subject};
use entity::{resident, station_session, station_signup};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::holder::may_be_joined;
use super::obstacles::{check_moment, check_resident};
use super::{CANCEL_HOURS, LIVE, check_open, full, seats};
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::money::places;
use crate::notify;
use crate::residents::seen::seen;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::{self, Guard};
use crate::visits::pausing::Hand;

/// What happens where every seat is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IfFull {
    /// Nothing is done, 409.
    #[default]
    Refuse,
    /// They wait and move up in the order of asking.
    Wait,
}

/// Who wants a place in which session.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who.
    pub resident: ResidentId,
    /// In which.
    pub session: StationSessionId,
    /// Where it is full.
    pub if_full: IfFull,
    /// Whether a visit of theirs at that time is no obstacle: said by a person who was told of it.
    pub over_visit: bool,
    /// Whether they stand at the door.
    pub walk_in: bool,
}

/// Signs a resident up: with a seat, or waiting for one.
///
/// # Errors
/// `not-found`, `not-now`, `slot-taken`, `invalid` with `over_visit` where a visit is in the way, or the database's.
pub async fn sign_up(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    asking: Asking,
    now: DateTime<Utc>,
) -> Result<station_signup::Model> {
    let gone = || Error::from(Problem::not_found());
    let resident = store::hold(resident::Entity::find_by_id(asking.resident), txn)
        .filter(resident::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?
        .ok_or_else(gone)?;
    let session = seats::held(txn, asking.session).await?;
    if session.community_id != caller.community {
        return Err(gone());
    }
    check_open(&session)?;
    check_moment(caller, &session, asking.walk_in, now)?;
    check_resident(txn, caller, &resident, &session, asking).await?;
    if !asking.walk_in {
        let days = (
            local_date(caller.zone, now),
            local_date(caller.zone, session.starts_at),
        );
        may_be_joined(txn, caller.community, session.provider_id, days).await?;
    }
    let hand = hand(caller, now);
    // Nobody waits beside a free seat; where that should ever be so, whoever waits comes first.
    move_up(txn, hand, guard, &session).await?;
    let signup = match in_session(txn, asking.resident, session.id).await? {
        Some(waiting) if asking.walk_in && waiting.state == SignupState::Waiting => waiting,
        Some(_) => return Err(twice().into()),
        None => insert(txn, caller, asking, now).await?,
    };
    let seated = seats::take(txn, guard, &session, signup.id).await?;
    if !seated && (asking.walk_in || asking.if_full == IfFull::Refuse) {
        return Err(full().into());
    }
    let mut row = station_signup::ActiveModel {
        id: Set(signup.id),
        state: Set(if seated {
            SignupState::Seated
        } else {
            SignupState::Waiting
        }),
        ..Default::default()
    };
    if asking.walk_in {
        row.walk_in = Set(true);
        row.attendance = Set(Some(Attendance::Came));
        row.attended_at = Set(Some(now));
        row.attended_by = Set(Some(caller.account));
    }
    let signup = row.update(txn).await?;
    if asking.walk_in {
        seen(txn, asking.resident, now).await?;
        places::follow(txn, hand, &session, &signup).await?;
    }
    let (action, news) = if seated {
        ("signed-up", SessionNews::Booked)
    } else {
        ("waiting", SessionNews::Waiting)
    };
    record(txn, hand, &session, &signup, action).await?;
    if !asking.walk_in {
        notify::station::tell(txn, hand, &session, &signup, news).await?;
    }
    Ok(signup)
}

async fn insert(
    txn: &DatabaseTransaction,
    caller: &Caller,
    asking: Asking,
    now: DateTime<Utc>,
) -> Result<station_signup::Model> {
    Ok(station_signup::ActiveModel {
        community_id: Set(caller.community),
        session_id: Set(asking.session),
        resident_id: Set(asking.resident),
        state: Set(SignupState::Waiting),
        channel: Set(caller.channel()),
        walk_in: Set(asking.walk_in),
        booked_by: Set(caller.account),
        asked_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?)
}

pub(super) async fn in_session(
    txn: &DatabaseTransaction,
    resident: ResidentId,
    session: StationSessionId,
) -> Result<Option<station_signup::Model>> {
    Ok(station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.eq(resident))
        .filter(station_signup::Column::SessionId.eq(session))
        .filter(station_signup::Column::State.is_in(LIVE))
        .one(txn)
        .await?)
}

fn twice() -> Problem {
    Problem::not_now(Said::new(
        "已经在名单上了，不用再报。",
        "They are on the list already.",
    ))
}

/// Gives free seats to those who wait, in the order of asking, and tells them. The session is held.
///
/// # Errors
/// The database's.
pub async fn move_up(
    txn: &DatabaseTransaction,
    hand: Hand,
    guard: Guard,
    session: &station_session::Model,
) -> Result<()> {
    if session.state != SessionState::Open || hand.now >= session.starts_at {
        return Ok(());
    }
    let waiting = station_signup::Entity::find()
        .filter(station_signup::Column::SessionId.eq(session.id))
        .filter(station_signup::Column::State.eq(SignupState::Waiting))
        .order_by_asc(station_signup::Column::Id)
        .all(txn)
        .await?;
    for one in waiting {
        if !seats::take(txn, guard, session, one.id).await? {
            break;
        }
        let moved = station_signup::ActiveModel {
            id: Set(one.id),
            state: Set(SignupState::Seated),
            moved_up_at: Set(Some(hand.now)),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(txn, hand, session, &moved, "moved-up").await?;
        notify::station::tell(txn, hand, session, &moved, SessionNews::MovedUp).await?;
    }
    Ok(())
}

/// Gives a place back: whoever waits longest moves up in the same write.
///
/// # Errors
/// `not-now` where there is none any more or it is too late, or the database's.
pub async fn give_back(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    id: StationSignupId,
    now: DateTime<Utc>,
) -> Result<station_signup::Model> {
    let (session, signup) = held(txn, id).await?;
    check_open(&session)?;
    let refuse = |zh: &str, en: &str| Err(Problem::not_now(Said::new(zh, en)).into());
    if !LIVE.contains(&signup.state) {
        return refuse("已经取消过了。", "It was given back already.");
    }
    if now >= session.starts_at {
        return refuse(
            "已经开始了；没来的请在名单上记“没来”。",
            "It has begun; whoever is missing is recorded as such.",
        );
    }
    if !caller.at_desk() && signup.state == SignupState::Seated && now > session.cancel_until {
        return refuse(
            "已过自助取消的时间，请打电话给服务台。",
            "It is too late to cancel here; please call the office.",
        );
    }
    let why = if caller.at_desk() {
        SignupEnd::Desk
    } else {
        SignupEnd::Family
    };
    let hand = hand(caller, now);
    let ended = end(txn, hand, &session, &signup, why).await?;
    notify::station::tell(txn, hand, &session, &ended, SessionNews::TakenOff).await?;
    move_up(txn, hand, guard, &session).await?;
    Ok(ended)
}

/// Ends a signup before its session and frees its seat. The session is held.
///
/// # Errors
/// The database's.
pub async fn end(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    signup: &station_signup::Model,
    why: SignupEnd,
) -> Result<station_signup::Model> {
    seats::give_back(txn, signup.id).await?;
    let ended = station_signup::ActiveModel {
        id: Set(signup.id),
        state: Set(SignupState::Ended),
        ended_at: Set(Some(hand.now)),
        ended_by: Set(hand.by),
        end_why: Set(Some(why)),
        call_what: Set(None),
        call_since: Set(None),
        ..Default::default()
    }
    .update(txn)
    .await?;
    places::follow(txn, hand, session, &ended).await?;
    record(txn, hand, session, &ended, "given-back").await?;
    Ok(ended)
}

/// A place with its session, which is held.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn held(
    txn: &DatabaseTransaction,
    id: StationSignupId,
) -> Result<(station_session::Model, station_signup::Model)> {
    let session = seats::held(txn, found(txn, id).await?.session_id).await?;
    // Read again: it may have changed while the session was another's.
    Ok((session, found(txn, id).await?))
}

pub(super) async fn found(
    txn: &DatabaseTransaction,
    id: StationSignupId,
) -> Result<station_signup::Model> {
    station_signup::Entity::find_by_id(id)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Whoever asks, as who changes places.
#[must_use]
pub fn hand(caller: &Caller, now: DateTime<Utc>) -> Hand {
    Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    }
}

/// Writes into the audit what was done to a place.
pub(super) async fn record(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    signup: &station_signup::Model,
    action: &'static str,
) -> Result<()> {
    let object = (Subject::StationSession, session.id.0);
    let change = Change::new(session.community_id, hand.now, hand.by, object, action);
    let change = Change {
        resident: Some(signup.resident_id),
        ..change.on(local_date(hand.zone, session.starts_at))
    };
    audit::record(txn, change).await
}

/// Until when families cancel by themselves, where nothing else is said.
#[must_use]
pub fn usual_cancel_until(starts_at: DateTime<Utc>) -> DateTime<Utc> {
    starts_at - TimeDelta::hours(CANCEL_HOURS)
}
