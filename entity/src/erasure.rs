//! `erasure`: that everything personal about a resident is to be erased, and what came of it.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ErasureId, ResidentId};
use crate::words::{ErasureGround, ErasureState};

/// That everything personal about a resident is to be erased, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ErasureId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// About whom.
    pub resident_id: ResidentId,
    /// Why.
    pub ground: ErasureGround,
    /// How far it is.
    pub state: ErasureState,
    /// True while it is open, none afterwards: a unique key allows one a resident.
    pub open: Option<bool>,
    /// Who asked; nobody where the time to keep was over.
    pub asked_by: Option<AccountId>,
    /// When.
    pub asked_at: DateTimeUtc,
    /// Who of the office looked at it first.
    pub checked_by: Option<AccountId>,
    /// When.
    pub checked_at: Option<DateTimeUtc>,
    /// Who carried it out, refused it or took it back.
    pub ended_by: Option<AccountId>,
    /// When.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it was refused.
    pub refused_why: Option<String>,
    /// How many fields were emptied and rows taken away.
    pub fields: Option<i32>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
