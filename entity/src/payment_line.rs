//! `payment_line`: what one source pays of a visit's price; all lines of a visit together are the price.

use sea_orm::entity::prelude::*;

use crate::ids::{TimeEntryId, VisitId, VoucherId};
use crate::words::PaySource;

/// What one source pays of a visit's price; all lines of a visit together are the price.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_line")]
pub struct Model {
    /// Which visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub visit_id: VisitId,
    /// Who or what pays.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: PaySource,
    /// In fen; none or more.
    pub amount_fen: i64,
    /// The voucher, of a voucher's line.
    pub voucher_id: Option<VoucherId>,
    /// The hours that were redeemed, of a line of credit.
    pub entry_id: Option<TimeEntryId>,
    /// Why it was waived.
    pub reason: Option<String>,
    /// What was waived, in fen: the line takes less where other means pay first.
    pub value_fen: Option<i64>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
