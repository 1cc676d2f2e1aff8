//! `voucher`: a voucher of a fixed value, given to a resident for taking part; used once, as a whole.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ResidentId, VoucherId};

/// A voucher of a fixed value, given to a resident for taking part; used once, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: VoucherId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Eleven digits drawn by lot and a check digit.
    pub code: String,
    /// To whom it was given.
    pub resident_id: ResidentId,
    /// What it is worth, in fen, more than nothing.
    pub value_fen: i64,
    /// For what it was given.
    pub reason: String,
    /// Last local day on which it can be used.
    pub expires_on: Date,
    /// When it was given.
    pub issued_at: DateTimeUtc,
    /// Who gave it.
    pub issued_by: AccountId,
    /// When it was taken back as given by mistake.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Who took it back.
    pub withdrawn_by: Option<AccountId>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// That it was used.
    #[sea_orm(has_one = "super::voucher_use::Entity")]
    Use,
}

impl Related<super::voucher_use::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Use.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
