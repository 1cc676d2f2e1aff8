//! Calls and callbacks of a community.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::views::Callback;
use crate::error::Result;
use crate::http::caller::Caller;

/// Callbacks, the most urgent first.
///
/// # Errors
/// The database's.
pub async fn callbacks<C: ConnectionTrait>(
    _db: &C,
    _caller: &Caller,
    _open_only: bool,
    _now: DateTime<Utc>,
) -> Result<Vec<Callback>> {
    Ok(Vec::new())
}
