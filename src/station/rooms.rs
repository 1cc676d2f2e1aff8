//! Rooms and their opening hours.

use chrono::{DateTime, Utc};
use entity::ids::StationRoomId;
use entity::words::Subject;
use entity::{station_hours, station_room};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MOST_SEATS;
use crate::calendar::check_name;
use crate::clock::week_holds;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::said::{Said, pick};
use crate::store::audit::{self, Change};

/// A span in which a room is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct OpenSpan {
    /// 0 is Monday, 6 is Sunday.
    pub weekday: i32,
    /// Minutes after local midnight.
    pub opens_min: i32,
    /// Minutes after local midnight, after it opens.
    pub closes_min: i32,
}

/// A room of the station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Room {
    /// The room.
    pub id: StationRoomId,
    /// Its name in the caller's language.
    pub name: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// How many people it holds.
    pub holds: i32,
    /// Whether sessions may be held in it.
    pub active: bool,
    /// When it is open, in the order of the week; closed days of the calendar come on top.
    pub hours: Vec<OpenSpan>,
}

/// A room as it is to be kept.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct KeepRoom {
    /// Which room; a new one when left out.
    #[serde(default)]
    pub id: Option<StationRoomId>,
    /// Chinese name, 40 characters at most.
    pub name_zh: String,
    /// English name, 40 characters at most.
    pub name_en: String,
    /// How many people it holds, 1 to 500.
    pub holds: i32,
    /// Whether sessions may be held in it.
    pub active: bool,
    /// When it is open; spans of one day do not meet.
    pub hours: Vec<OpenSpan>,
}

impl KeepRoom {
    /// The same as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub fn check(mut self) -> Result<Self> {
        self.name_zh = check_name("name_zh", &self.name_zh)?;
        self.name_en = check_name("name_en", &self.name_en)?;
        if !(1..=MOST_SEATS).contains(&self.holds) {
            return Err(Problem::field(
                "holds",
                Said::new("容纳人数应在 1 到 500 之间。", "It holds 1 to 500 people."),
            )
            .into());
        }
        self.hours.sort_unstable();
        let spans: Vec<_> = self
            .hours
            .iter()
            .map(|span| (span.weekday, span.opens_min, span.closes_min))
            .collect();
        if week_holds(&spans, 0..=6) {
            Ok(self)
        } else {
            Err(Problem::field(
                "hours",
                Said::new(
                    "开放时间要先开后关，同一天的几段不能重叠。",
                    "A room opens before it closes, and the spans of a day do not meet.",
                ),
            )
            .into())
        }
    }
}

/// The rooms of a community.
///
/// # Errors
/// The database's.
pub async fn list<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<Vec<Room>> {
    let rows = station_room::Entity::find()
        .filter(station_room::Column::CommunityId.eq(caller.community))
        .order_by_asc(station_room::Column::Id)
        .all(db)
        .await?;
    let hours = station_hours::Entity::find()
        .filter(station_hours::Column::RoomId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(station_hours::Column::Weekday)
        .order_by_asc(station_hours::Column::OpensMin)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Room {
            id: row.id,
            name: pick(caller.lang, &row.name_zh, &row.name_en).to_owned(),
            holds: row.holds,
            active: row.active,
            hours: hours
                .iter()
                .filter(|span| span.room_id == row.id)
                .map(|span| OpenSpan {
                    weekday: span.weekday,
                    opens_min: span.opens_min,
                    closes_min: span.closes_min,
                })
                .collect(),
            name_zh: row.name_zh,
            name_en: row.name_en,
        })
        .collect())
}

/// Keeps a room. Sessions that were made before stay as they are.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn keep(
    txn: &DatabaseTransaction,
    caller: &Caller,
    room: &KeepRoom,
    now: DateTime<Utc>,
) -> Result<Vec<Room>> {
    let mut row = station_room::ActiveModel {
        name_zh: Set(room.name_zh.clone()),
        name_en: Set(room.name_en.clone()),
        holds: Set(room.holds),
        active: Set(room.active),
        ..Default::default()
    };
    let kept = if let Some(id) = room.id {
        station_room::Entity::find_by_id(id)
            .filter(station_room::Column::CommunityId.eq(caller.community))
            .one(txn)
            .await?
            .ok_or_else(Problem::not_found)?;
        row.id = Set(id);
        row.update(txn).await?
    } else {
        row.community_id = Set(caller.community);
        row.insert(txn).await?
    };
    station_hours::Entity::delete_many()
        .filter(station_hours::Column::RoomId.eq(kept.id))
        .exec(txn)
        .await?;
    for span in &room.hours {
        let row = station_hours::ActiveModel {
            room_id: Set(kept.id),
            weekday: Set(span.weekday),
            opens_min: Set(span.opens_min),
            closes_min: Set(span.closes_min),
        };
        station_hours::Entity::insert(row)
            .exec_without_returning(txn)
            .await?;
    }
    let object = (Subject::StationRoom, kept.id.0);
    let change = Change::new(
        caller.community,
        now,
        Some(caller.account),
        object,
        "room-kept",
    );
    audit::record(txn, change).await?;
    list(txn, caller).await
}
