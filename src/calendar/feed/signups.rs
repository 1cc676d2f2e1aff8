//! Which places at the station stand in a family's feed.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ResidentId, StationSessionId};
use entity::words::{SignupState, Subject};
use entity::{audit, resident, station_room, station_session, station_signup};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::KEPT_DAYS;
use super::sessions::SessionEntry;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::residents::queries::of_family;
use crate::said::Said;

/// The places of a family's residents, by start; what was given back until its time has passed.
///
/// # Errors
/// The database's.
pub async fn entries(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<SessionEntry>> {
    let residents = of_family(db, caller.account).await?;
    let places: Vec<(station_signup::Model, station_session::Model)> =
        station_signup::Entity::find()
            .filter(station_signup::Column::ResidentId.is_in(residents))
            .find_also_related(station_session::Entity)
            .filter(station_session::Column::StartsAt.gte(now - TimeDelta::days(KEPT_DAYS)))
            .order_by_asc(station_session::Column::StartsAt)
            .order_by_asc(station_signup::Column::Id)
            .all(db)
            .await?
            .into_iter()
            .filter_map(|(signup, session)| Some((signup, session?)))
            .filter(|(signup, session)| signup.state != SignupState::Ended || session.ends_at > now)
            .collect();
    let names: HashMap<ResidentId, String> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(places.iter().map(|(signup, _)| signup.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let rooms: HashMap<_, _> = station_room::Entity::find()
        .filter(station_room::Column::Id.is_in(places.iter().map(|(_, session)| session.room_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, Said::new(row.name_zh, row.name_en)))
        .collect();
    let changed = last_changes(db, places.iter().map(|(_, session)| session.id)).await?;
    Ok(places
        .into_iter()
        .map(|(signup, session)| SessionEntry {
            signup: signup.id,
            version: session.version + steps(signup.state),
            changed_at: [
                Some(signup.asked_at),
                signup.moved_up_at,
                signup.ended_at,
                changed.get(&session.id).copied(),
            ]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or(session.made_at),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            state: signup.state,
            kind: session.kind,
            title: session.title,
            room: rooms
                .get(&session.room_id)
                .cloned()
                .unwrap_or_else(|| Said::new("", "")),
            resident: names.get(&signup.resident_id).cloned().unwrap_or_default(),
        })
        .collect())
}

/// A place goes from waiting to a seat to its end, never back.
fn steps(state: SignupState) -> i32 {
    match state {
        SignupState::Waiting => 0,
        SignupState::Seated => 1,
        SignupState::Ended => 2,
    }
}

/// When each session itself was last changed; what becomes of others' places is not theirs to see.
async fn last_changes(
    db: &DatabaseConnection,
    sessions: impl Iterator<Item = StationSessionId>,
) -> Result<HashMap<StationSessionId, DateTime<Utc>>> {
    Ok(audit::Entity::find()
        .select_only()
        .column(audit::Column::ObjectId)
        .column_as(audit::Column::At.max(), "at")
        .filter(audit::Column::What.eq(Subject::StationSession))
        .filter(audit::Column::ResidentId.is_null())
        .filter(audit::Column::ObjectId.is_in(sessions.map(|session| session.0)))
        .group_by(audit::Column::ObjectId)
        .into_tuple::<(i64, DateTime<Utc>)>()
        .all(db)
        .await?
        .into_iter()
        .map(|(session, at)| (StationSessionId(session), at))
        .collect())
}
