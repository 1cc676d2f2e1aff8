//! `station_session`: something held at the station that has seats.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ProviderId, StationRoomId, StationSessionId};
use crate::words::{SessionKind, SessionState};

/// Something held at the station that has seats.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_session")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: StationSessionId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// In which room.
    pub room_id: StationRoomId,
    /// Who holds it, where it is not the station itself.
    pub provider_id: Option<ProviderId>,
    /// What kind of thing.
    pub kind: SessionKind,
    /// What it is called.
    pub title: String,
    /// When it begins, on the grid.
    pub starts_at: DateTimeUtc,
    /// When it ends, on the grid.
    pub ends_at: DateTimeUtc,
    /// How many may come.
    pub seats: i32,
    /// What each pays, in fen; 0 is free.
    pub price_fen: i64,
    /// Until when families may sign up.
    pub book_until: DateTimeUtc,
    /// Until when families may cancel.
    pub cancel_until: DateTimeUtc,
    /// Where it stands.
    pub state: SessionState,
    /// Why it was cancelled.
    pub cancel_why: Option<String>,
    /// Why a coordinator set hours or size of the room aside.
    pub override_why: Option<String>,
    /// Who made it.
    pub made_by: AccountId,
    /// When it was made.
    pub made_at: DateTimeUtc,
    /// Counts the changes, so that two people do not overwrite each other.
    pub version: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
