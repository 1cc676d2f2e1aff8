//! `lapse`: a visit that was late or missed, noticed once.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, HelperId, LapseId, ProviderId, VisitId};
use crate::words::LapseKind;

/// A visit that was late or missed. It stays when the visit is settled: it is what happened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lapse")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: LapseId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Late or missed.
    pub kind: LapseKind,
    /// The start that was not kept.
    pub starts_at: DateTimeUtc,
    /// When the program noticed.
    pub noticed_at: DateTimeUtc,
    /// Who was to come; nobody where nobody was found.
    pub helper_id: Option<HelperId>,
    /// For whom they were to come.
    pub provider_id: Option<ProviderId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which visit.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::VisitId",
        to = "super::visit::Column::Id"
    )]
    Visit,
}

impl Related<super::visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Visit.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
