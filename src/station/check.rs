//! Seats and signups say the same thing twice, on purpose, and so do rooms and sessions: whether they still agree.

use std::collections::HashMap;

use entity::words::{SessionState, SignupState};
use entity::{station_room_slot, station_seat, station_session, station_signup};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::clock::SLOT_SECONDS;
use crate::error::Result;

/// A line for each disagreement; none where all is well.
///
/// # Errors
/// The database's.
pub async fn disagreements<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut seats: HashMap<_, _> = station_seat::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.signup_id, row))
        .collect();
    let mut seated: HashMap<_, i32> = HashMap::new();
    for row in station_signup::Entity::find()
        .filter(station_signup::Column::State.eq(SignupState::Seated))
        .all(db)
        .await?
    {
        *seated.entry(row.session_id).or_default() += 1;
        if seats
            .remove(&row.id)
            .is_none_or(|seat| seat.session_id != row.session_id)
        {
            found.push(format!("signup {}: seated without a seat", row.id));
        }
    }
    found.extend(
        seats
            .keys()
            .map(|id| format!("signup {id}: holds a seat and is not seated")),
    );
    let mut slots: HashMap<_, i64> = HashMap::new();
    for row in station_room_slot::Entity::find().all(db).await? {
        *slots.entry((row.session_id, row.room_id)).or_default() += 1;
    }
    for row in station_session::Entity::find().all(db).await? {
        if seated.get(&row.id).is_some_and(|taken| *taken > row.seats) {
            found.push(format!("session {}: more seated than it has seats", row.id));
        }
        let wanted = match row.state {
            SessionState::Cancelled => 0,
            _ => (row.ends_at - row.starts_at).num_seconds() / SLOT_SECONDS,
        };
        if slots.remove(&(row.id, row.room_id)).unwrap_or(0) != wanted {
            found.push(format!(
                "session {}: its room is not claimed for its time",
                row.id
            ));
        }
    }
    found.extend(
        slots
            .keys()
            .map(|(id, room)| format!("session {id}: holds room {room} beside its own")),
    );
    found.sort();
    Ok(found)
}
