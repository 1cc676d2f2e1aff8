//! `voucher_use`: that a voucher was used: the key refuses a second time.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ProviderId, StationSignupId, VisitId, VoucherId};

/// That a voucher was used: the key refuses a second time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher_use")]
pub struct Model {
    /// Which voucher.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voucher_id: VoucherId,
    /// At which shop, or for whose visit.
    pub provider_id: ProviderId,
    /// Who took it.
    pub account_id: AccountId,
    /// When.
    pub used_at: DateTimeUtc,
    /// The visit that it helped to pay; none where it was used at a counter or for a place in a session.
    pub visit_id: Option<VisitId>,
    /// The place in a session that it helped to pay.
    pub signup_id: Option<StationSignupId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which voucher.
    #[sea_orm(
        belongs_to = "super::voucher::Entity",
        from = "Column::VoucherId",
        to = "super::voucher::Column::Id"
    )]
    Voucher,
}

impl Related<super::voucher::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Voucher.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
