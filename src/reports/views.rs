//! What grid officers and the panel read.

use chrono::{DateTime, Utc};
use entity::ids::{ProviderId, ResidentId};
use entity::words::ProviderKind;
use serde::Serialize;
use utoipa::ToSchema;

/// A resident on a grid officer's round.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GridResident {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// How they are addressed: 王奶奶.
    pub short_name: String,
    /// Where they live: 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// Full years.
    pub age: i32,
    /// With whom they live, in words.
    pub living_word: String,
    /// When the next visit starts.
    pub next_visit_start: Option<DateTime<Utc>>,
    /// When somebody of ours last saw them.
    pub last_seen: Option<DateTime<Utc>>,
}

/// A provider with its month so far and to come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderMonth {
    /// The provider.
    pub id: ProviderId,
    /// Name.
    pub name: String,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// Telephone.
    pub phone: String,
    /// How many active helpers it has.
    pub helpers: u64,
    /// Visits of its helpers in this local month, done or to come; what was cancelled is not counted.
    pub visits_this_month: u64,
    /// Those of them that were done.
    pub completed_this_month: u64,
}
