//! At the door: who came.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::StationSignupId;
use entity::station_signup;
use entity::words::{Attendance, SignupState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use super::signup::{hand, held, record};
use super::{DOOR_OPENS_HOURS, check_open};
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::money::places;
use crate::residents::seen::seen;
use crate::said::Said;

/// Records whether somebody came; nothing where it was recorded by mistake.
///
/// # Errors
/// `not-now`, or the database's.
pub async fn attend(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: StationSignupId,
    attendance: Option<Attendance>,
    now: DateTime<Utc>,
) -> Result<station_signup::Model> {
    let (session, signup) = held(txn, id).await?;
    check_open(&session)?;
    let refuse = |zh: &str, en: &str| Err(Problem::not_now(Said::new(zh, en)).into());
    if signup.state != SignupState::Seated {
        return refuse(
            "没有座位，不能勾到。",
            "They have no seat to be ticked in on.",
        );
    }
    if now < session.starts_at - TimeDelta::hours(DOOR_OPENS_HOURS) {
        return refuse("还没到入场时间。", "The door is not open yet.");
    }
    if attendance == Some(Attendance::NoShow) && now < session.starts_at {
        return refuse(
            "还没开始，不能记“没来”。",
            "It has not begun, so nobody is missing.",
        );
    }
    let marked = station_signup::ActiveModel {
        id: Set(id),
        attendance: Set(attendance),
        attended_at: Set(attendance.map(|_| now)),
        attended_by: Set(attendance.map(|_| caller.account)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    if attendance == Some(Attendance::Came) {
        seen(txn, signup.resident_id, now).await?;
    }
    let hand = hand(caller, now);
    places::follow(txn, hand, &session, &marked).await?;
    let action = match attendance {
        Some(Attendance::Came) => "came",
        Some(Attendance::NoShow) => "no-show",
        None => "attendance-cleared",
    };
    record(txn, hand, &session, &marked, action).await?;
    Ok(marked)
}
