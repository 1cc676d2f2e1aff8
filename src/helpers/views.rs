//! Helpers as the desk finds them.

use entity::ids::HelperId;
use entity::words::HelperKind;
use serde::Serialize;
use utoipa::ToSchema;

/// A helper that a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperHit {
    /// The helper.
    pub id: HelperId,
    /// Full name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
    /// For whom they come.
    pub provider: String,
    /// Telephone.
    pub phone: String,
    /// Whether they are on leave today.
    pub on_leave_today: bool,
    /// Visits today, done or to come.
    pub today_count: u64,
}
