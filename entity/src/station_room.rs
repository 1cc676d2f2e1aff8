//! `station_room`: a room of the station.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, StationRoomId};

/// A room of the station.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_room")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: StationRoomId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// How many people it holds.
    pub holds: i32,
    /// Whether sessions may be held in it.
    pub active: bool,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
