//! Places that are given back and come back by themselves: of who is away or has left, of who is home again, and of two files
//! that are one person.

use entity::ids::ResidentId;
use entity::words::{SessionNews, SessionState, SignupEnd, SignupState};
use entity::{station_session, station_signup};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder,
};

use super::obstacles::other_session;
use super::signup::{end, found, in_session, move_up, record};
use super::{LIVE, seats};
use crate::clock::local_date;
use crate::error::Result;
use crate::notify;
use crate::residents::absences::away_on;
use crate::store::Guard;
use crate::visits::pausing::Hand;

/// Takes a resident off what is ahead on the days of which `covered` says so: they are away or have left. Others move up. Says
/// of how many.
///
/// # Errors
/// The database's.
pub async fn take_off(
    txn: &DatabaseTransaction,
    hand: Hand,
    resident: ResidentId,
    (why, family_hears): (SignupEnd, bool),
    covered: impl Fn(chrono::NaiveDate) -> bool + Send + Sync,
) -> Result<usize> {
    let mut taken = 0;
    let live = station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.eq(resident))
        .filter(station_signup::Column::State.is_in(LIVE))
        .order_by_asc(station_signup::Column::SessionId)
        .all(txn)
        .await?;
    for signup in live {
        let session = seats::held(txn, signup.session_id).await?;
        if session.state != SessionState::Open
            || session.starts_at <= hand.now
            || !covered(local_date(hand.zone, session.starts_at))
        {
            continue;
        }
        let signup = found(txn, signup.id).await?;
        if !LIVE.contains(&signup.state) {
            continue;
        }
        let ended = end(txn, hand, &session, &signup, why).await?;
        if family_hears {
            notify::station::tell(txn, hand, &session, &ended, SessionNews::TakenOff).await?;
        }
        // Seats are claimed as always: the control of the race does not come this way.
        move_up(txn, hand, Guard::On, &session).await?;
        taken += 1;
    }
    Ok(taken)
}

/// Gives a resident back the places that a time away took and no longer covers: a seat where one is left, else their old turn on
/// the waitlist, and the family is told. Says of how many. Where they have signed up anew since, that stands.
///
/// # Errors
/// The database's.
pub async fn restore(txn: &DatabaseTransaction, hand: Hand, resident: ResidentId) -> Result<usize> {
    let mut back = 0;
    let taken = station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.eq(resident))
        .filter(station_signup::Column::State.eq(SignupState::Ended))
        .filter(station_signup::Column::EndWhy.eq(SignupEnd::Away))
        .inner_join(station_session::Entity)
        .filter(station_session::Column::State.eq(SessionState::Open))
        .filter(station_session::Column::StartsAt.gt(hand.now))
        .order_by_asc(station_signup::Column::SessionId)
        .order_by_asc(station_signup::Column::Id)
        .all(txn)
        .await?;
    for signup in taken {
        let session = seats::held(txn, signup.session_id).await?;
        let day = local_date(hand.zone, session.starts_at);
        if session.state != SessionState::Open
            || away_on(txn, resident, day).await?.is_some()
            || asked_since(txn, &signup).await?
            || other_session(txn, resident, &session).await?.is_some()
        {
            continue;
        }
        // Whoever waits beside a free seat was there before them.
        move_up(txn, hand, Guard::On, &session).await?;
        let seated = seats::take(txn, Guard::On, &session, signup.id).await?;
        let (state, news) = if seated {
            (SignupState::Seated, SessionNews::Booked)
        } else {
            (SignupState::Waiting, SessionNews::Waiting)
        };
        let again = station_signup::ActiveModel {
            id: Set(signup.id),
            state: Set(state),
            ended_at: Set(None),
            ended_by: Set(None),
            end_why: Set(None),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(txn, hand, &session, &again, "restored").await?;
        notify::station::tell_of_return(txn, hand, &session, &again, news).await?;
        back += 1;
    }
    Ok(back)
}

/// Whether the resident asked for the same session once more after a place in it had ended.
async fn asked_since(txn: &DatabaseTransaction, signup: &station_signup::Model) -> Result<bool> {
    Ok(station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.eq(signup.resident_id))
        .filter(station_signup::Column::SessionId.eq(signup.session_id))
        .filter(station_signup::Column::Id.gt(signup.id))
        .count(txn)
        .await?
        > 0)
}

/// Gives the place of the second back in every session in which the first has one too: they are one person.
///
/// # Errors
/// The database's.
pub async fn give_back_doubles(
    txn: &DatabaseTransaction,
    hand: Hand,
    (stays, goes): (ResidentId, ResidentId),
) -> Result<()> {
    let live = station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.eq(goes))
        .filter(station_signup::Column::State.is_in(LIVE))
        .order_by_asc(station_signup::Column::SessionId)
        .all(txn)
        .await?;
    for signup in live {
        let session = seats::held(txn, signup.session_id).await?;
        if in_session(txn, stays, session.id).await?.is_some() {
            end(txn, hand, &session, &signup, SignupEnd::Desk).await?;
            move_up(txn, hand, Guard::On, &session).await?;
        }
    }
    Ok(())
}
