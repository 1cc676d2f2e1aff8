//! `session_payment`: what one source pays of a place in a session; all lines of a place together are the session's price.

use sea_orm::entity::prelude::*;

use crate::ids::{StationSignupId, VoucherId};
use crate::words::PaySource;

/// What one source pays of a place in a session; all lines of a place together are the session's price.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_payment")]
pub struct Model {
    /// Whose place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub signup_id: StationSignupId,
    /// Who or what pays.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: PaySource,
    /// In fen; none or more.
    pub amount_fen: i64,
    /// The voucher, of a voucher's line.
    pub voucher_id: Option<VoucherId>,
    /// Why it was waived.
    pub reason: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
