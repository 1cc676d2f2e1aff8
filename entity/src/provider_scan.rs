//! `provider_scan`: the scan of a paper.

use sea_orm::entity::prelude::*;

use crate::ids::ProviderPaperId;
use crate::words::ScanKind;

/// The scan of a paper.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_scan")]
pub struct Model {
    /// Of which paper.
    #[sea_orm(primary_key, auto_increment = false)]
    pub paper_id: ProviderPaperId,
    /// What it is, by its first bytes.
    pub kind: ScanKind,
    /// The file; at most 3 MB.
    pub bytes: Vec<u8>,
    /// When it was sent.
    pub added_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
