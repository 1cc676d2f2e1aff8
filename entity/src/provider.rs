//! `provider`: a party that offers services: the mutual-aid team, the care company, a merchant.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ProviderId};
use crate::words::{ProviderKind, ProviderState, Standing};

/// A party that offers services: the mutual-aid team, the care company, a merchant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ProviderId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// What people call it.
    pub name: String,
    /// Digits only.
    pub phone: String,
    /// What the previous release knows of its standing: active where approved, suspended otherwise. Written with it.
    pub state: ProviderState,
    /// How far its admission is.
    pub standing: Standing,
    /// Why it was refused, suspended or ended; at most 500 characters.
    pub standing_note: Option<String>,
    /// Since when it stands so; not known of those that were there before admissions.
    pub standing_since: Option<DateTimeUtc>,
    /// Whom to speak with; at most 50 characters.
    pub contact: Option<String>,
    /// What it wants to offer, in its own words; at most 500 characters.
    pub wants: Option<String>,
    /// Whether it offers every service that its kind may serve; otherwise those of `provider_service`.
    pub offers_all: bool,
    /// Counts the applications: approvals belong to one.
    pub round: i32,
    /// Counts the changes, so that two people do not overwrite each other.
    pub version: i32,
    /// Who checked its papers and record, in this round.
    pub checked_by: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
