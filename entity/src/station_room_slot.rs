//! `station_room_slot`: five minutes of a room, claimed by one session: the key refuses a second.

use sea_orm::entity::prelude::*;

use crate::ids::{StationRoomId, StationSessionId};

/// Five minutes of a room, claimed by one session: the key refuses a second.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_room_slot")]
pub struct Model {
    /// Which room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: StationRoomId,
    /// Unix seconds divided by 300.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i64,
    /// Which session has it.
    pub session_id: StationSessionId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
