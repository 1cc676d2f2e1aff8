//! Who changed what: one row a change, in the change's own transaction. Pages follow it, histories are read from it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::audit::{ActiveModel, Entity};
use entity::ids::{AccountId, CommunityId, HelperId, ResidentId, VisitId};
use entity::words::Subject;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::error::Result;

/// One change, as it is recorded.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where it happened.
    pub community: CommunityId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; nobody where the program did.
    pub by: Option<AccountId>,
    /// What kind of thing.
    pub what: Subject,
    /// Its row number.
    pub object: i64,
    /// What was done, a stable word.
    pub action: &'static str,
    /// The visit it touched.
    pub visit: Option<VisitId>,
    /// The resident it touched.
    pub resident: Option<ResidentId>,
    /// The helper it touched.
    pub helper: Option<HelperId>,
    /// The local date it touched.
    pub date: Option<NaiveDate>,
    /// In the person's words.
    pub note: Option<String>,
}

/// Records a change.
///
/// # Errors
/// The database's.
pub async fn record<C: ConnectionTrait>(txn: &C, change: Change) -> Result<()> {
    let row = ActiveModel {
        community_id: Set(change.community),
        at: Set(change.at),
        account_id: Set(change.by),
        what: Set(change.what),
        object_id: Set(change.object),
        action: Set(change.action.to_owned()),
        visit_id: Set(change.visit),
        resident_id: Set(change.resident),
        helper_id: Set(change.helper),
        date: Set(change.date),
        note: Set(change.note),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}
