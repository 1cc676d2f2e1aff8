//! `assessment`: the ability of a resident as somebody assessed it.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, AssessmentId, CommunityId, ResidentId};

/// The ability of a resident as somebody assessed it, after GB/T 42195-2022. `resident` holds the latest.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AssessmentId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Of whom.
    pub resident_id: ResidentId,
    /// 0 intact to 4 fully dependent; stored, never computed.
    pub level: i32,
    /// When it was assessed.
    pub assessed_on: Date,
    /// By whom.
    pub assessor: String,
    /// The last day on which it holds; none where it has no term.
    pub valid_until: Option<Date>,
    /// Who wrote it down.
    pub recorded_by: Option<AccountId>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
