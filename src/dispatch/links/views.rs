//! Links as the office sees them.

use chrono::{DateTime, Utc};
use entity::ids::VisitId;
use serde::Serialize;
use utoipa::ToSchema;

/// A visit that another keeps an order and a gap with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkedVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// The service's name.
    pub service: String,
    /// Whose: the same resident's, or of the same household.
    pub resident: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// Whether it goes before; else it comes after.
    pub goes_before: bool,
    /// Least minutes between the two starts.
    pub least_min: i32,
    /// Most minutes between the two starts.
    pub most_min: i32,
    /// Whether both keep to it as they are arranged now; nothing where nobody comes to one of them yet.
    pub kept: Option<bool>,
}

/// A visit that could be linked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Linkable {
    /// The visit.
    pub visit_id: VisitId,
    /// The service's name.
    pub service: String,
    /// Whose.
    pub resident: String,
    /// Start.
    pub start: DateTime<Utc>,
}
