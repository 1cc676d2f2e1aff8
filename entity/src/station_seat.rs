//! `station_seat`: a seat of a session, claimed by one signup: the key refuses a second.

use sea_orm::entity::prelude::*;

use crate::ids::{StationSessionId, StationSignupId};

/// A seat of a session, claimed by one signup: the key refuses a second.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_seat")]
pub struct Model {
    /// Of which session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: StationSessionId,
    /// Which seat, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seat: i32,
    /// Who has it.
    pub signup_id: StationSignupId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
