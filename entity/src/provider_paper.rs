//! `provider_paper`: a licence or other paper of a provider.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ProviderId, ProviderPaperId};
use crate::words::PaperKind;

/// A licence or other paper of a provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_paper")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ProviderPaperId,
    /// Whose.
    pub provider_id: ProviderId,
    /// What it is.
    pub kind: PaperKind,
    /// Its number; at most 60 characters.
    pub number: String,
    /// Who issued it; at most 100 characters.
    pub issued_by: String,
    /// Its last day; none where it does not expire.
    pub valid_until: Option<Date>,
    /// Whether the provider takes no new work without it.
    pub required: bool,
    /// What the office noted; at most 500 characters.
    pub note: Option<String>,
    /// Who recorded it.
    pub added_by: Option<AccountId>,
    /// When it was recorded.
    pub added_at: DateTimeUtc,
    /// Who checked it against its original or the register.
    pub checked_by: Option<AccountId>,
    /// When it was checked.
    pub checked_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
