//! `absence`: a time in which a resident is away, in hospital or elsewhere.

use sea_orm::entity::prelude::*;

use crate::ids::{AbsenceId, AccountId, CommunityId, ResidentId};
use crate::words::AbsenceKind;

/// A time in which a resident is away.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AbsenceId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Who is away.
    pub resident_id: ResidentId,
    /// Where they are.
    pub kind: AbsenceKind,
    /// The first local day away.
    pub from_date: Date,
    /// The first local day at home again; none where nobody knows yet.
    pub back_on: Option<Date>,
    /// In the office's words.
    pub note: Option<String>,
    /// Who wrote it down; none for those known before there were such rows.
    pub recorded_by: Option<AccountId>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was taken back as written down by mistake.
    pub withdrawn_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who is away.
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
