//! `bench_action`: what a bench meeting agreed to do, and what became of it.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, BenchActionId, CommunityId, ProviderId, ServiceId};
use crate::words::{BenchMeasure, BenchVerdict};

/// What a bench meeting agreed to do, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bench_action")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: BenchActionId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The first day of the month whose page the meeting had before it.
    pub month: Date,
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: String,
    /// Until when, a local date.
    pub due: Date,
    /// The figure it is meant to move.
    pub measure: BenchMeasure,
    /// Of which service, where the measure is of one.
    pub service_id: Option<ServiceId>,
    /// Of which provider, where the measure is of one.
    pub provider_id: Option<ProviderId>,
    /// That figure in its month, as it stood when this was agreed; none where there was none to count.
    pub figure: Option<i64>,
    /// When it was written down.
    pub created_at: DateTimeUtc,
    /// By whom.
    pub created_by: AccountId,
    /// What a later meeting found.
    pub verdict: Option<BenchVerdict>,
    /// The first day of the month whose page that meeting had before it.
    pub judged_month: Option<Date>,
    /// The figure of that month, as the program counted it then.
    pub judged_figure: Option<i64>,
    /// What the meeting added.
    pub judged_note: Option<String>,
    /// When.
    pub judged_at: Option<DateTimeUtc>,
    /// By whom.
    pub judged_by: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
