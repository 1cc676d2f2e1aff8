//! `station_hours`: a span of time in which a room is open on one weekday.

use sea_orm::entity::prelude::*;

use crate::ids::StationRoomId;

/// A span of time in which a room is open on one weekday.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_hours")]
pub struct Model {
    /// Which room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: StationRoomId,
    /// 0 is Monday, 6 is Sunday.
    #[sea_orm(primary_key, auto_increment = false)]
    pub weekday: i32,
    /// Minutes after local midnight at which it opens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub opens_min: i32,
    /// Minutes after local midnight at which it closes.
    pub closes_min: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
