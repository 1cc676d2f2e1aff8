//! `rating`: how a resident found one visit.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ProviderId, RatingId, ResidentId, VisitId};
use crate::words::RatingChannel;

/// How a resident found one visit: one rating a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rating")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: RatingId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Whose it is, whoever gave it for them.
    pub resident_id: ResidentId,
    /// For whom the helpers came.
    pub provider_id: Option<ProviderId>,
    /// 1 very bad to 5 very good.
    pub score: i32,
    /// In their words.
    pub words: Option<String>,
    /// How it came in, the last time.
    pub channel: RatingChannel,
    /// Who gave it for the resident, the last time.
    pub given_by: AccountId,
    /// When it was first given.
    pub given_at: DateTimeUtc,
    /// When it was changed.
    pub changed_at: Option<DateTimeUtc>,
    /// When the office saw to a low one.
    pub answered_at: Option<DateTimeUtc>,
    /// Who did.
    pub answered_by: Option<AccountId>,
    /// What they did.
    pub answer: Option<String>,
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
    /// Whose it is.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Visit.def()
    }
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
