//! The claims of the station: a seat of a session, and a room's time. Each is a row with a key.

use chrono::{DateTime, Utc};
use entity::ids::{StationRoomId, StationSessionId, StationSignupId};
use entity::{station_room_slot, station_seat, station_session};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, SqlErr,
};

use crate::clock::SLOT_SECONDS;
use crate::error::{Error, Problem, Result};
use crate::said::Said;
use crate::store::{self, Guard};

/// A session, held until this transaction ends: whoever gives or takes its seats holds it, so that seats are given in order.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn held(
    txn: &DatabaseTransaction,
    id: StationSessionId,
) -> Result<station_session::Model> {
    store::hold(station_session::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Takes the lowest free seat of a held session; false where there is none.
///
/// # Errors
/// The database's; `stale` where it refuses a seat that looked free.
pub async fn take(
    txn: &DatabaseTransaction,
    guard: Guard,
    session: &station_session::Model,
    signup: StationSignupId,
) -> Result<bool> {
    match guard {
        Guard::On => {}
        #[cfg(feature = "fault-injection")]
        Guard::Off => return Ok(true),
    }
    let Some(seat) = free_seats(&taken(txn, session.id).await?, session.seats).next() else {
        return Ok(false);
    };
    insert(txn, session.id, seat, signup).await?;
    Ok(true)
}

async fn insert(
    txn: &DatabaseTransaction,
    session: StationSessionId,
    seat: i32,
    signup: StationSignupId,
) -> Result<()> {
    let row = station_seat::ActiveModel {
        session_id: Set(session),
        seat: Set(seat),
        signup_id: Set(signup),
    };
    let written = station_seat::Entity::insert(row)
        .exec_without_returning(txn)
        .await;
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Problem::stale().into(),
            _ => Error::from(error),
        }),
    }
}

/// The seats of a session that are taken, in their order.
///
/// # Errors
/// The database's.
pub async fn taken<C: ConnectionTrait>(
    db: &C,
    session: StationSessionId,
) -> Result<Vec<station_seat::Model>> {
    Ok(station_seat::Entity::find()
        .filter(station_seat::Column::SessionId.eq(session))
        .order_by_asc(station_seat::Column::Seat)
        .all(db)
        .await?)
}

fn free_seats(taken: &[station_seat::Model], seats: i32) -> impl Iterator<Item = i32> + '_ {
    (1..=seats).filter(|seat| taken.iter().all(|row| row.seat != *seat))
}

/// Gives a seat back.
///
/// # Errors
/// The database's.
pub async fn give_back(txn: &DatabaseTransaction, signup: StationSignupId) -> Result<()> {
    station_seat::Entity::delete_many()
        .filter(station_seat::Column::SignupId.eq(signup))
        .exec(txn)
        .await?;
    Ok(())
}

/// Lets those on seats above `seats` sit on free ones below. There are enough: the caller has counted.
///
/// # Errors
/// The database's.
pub async fn move_down(
    txn: &DatabaseTransaction,
    session: StationSessionId,
    seats: i32,
) -> Result<()> {
    let rows = taken(txn, session).await?;
    let free: Vec<i32> = free_seats(&rows, seats).collect();
    for (row, seat) in rows.iter().filter(|row| row.seat > seats).zip(free) {
        give_back(txn, row.signup_id).await?;
        insert(txn, session, seat, row.signup_id).await?;
    }
    Ok(())
}

/// Claims a room's time for a session.
///
/// # Errors
/// `invalid` with the field `room_id` where another session has it, or the database's.
pub async fn take_room(
    txn: &DatabaseTransaction,
    session: StationSessionId,
    room: StationRoomId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let rows = (from.timestamp() / SLOT_SECONDS..to.timestamp() / SLOT_SECONDS).map(|slot| {
        station_room_slot::ActiveModel {
            room_id: Set(room),
            slot: Set(slot),
            session_id: Set(session),
        }
    });
    let written = station_room_slot::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await;
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Problem::field(
                "room_id",
                Said::new(
                    "这个房间那段时间已有别的活动，请换房间或时间。",
                    "Another session is in this room then; choose another room or time.",
                ),
            )
            .into(),
            _ => Error::from(error),
        }),
    }
}

/// Gives a room's time back.
///
/// # Errors
/// The database's.
pub async fn leave_room(txn: &DatabaseTransaction, session: StationSessionId) -> Result<()> {
    station_room_slot::Entity::delete_many()
        .filter(station_room_slot::Column::SessionId.eq(session))
        .exec(txn)
        .await?;
    Ok(())
}
