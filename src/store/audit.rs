//! Who changed what: one row a change, in the change's own transaction. Pages follow it, histories are read from it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::audit::{ActiveModel, Entity};
use entity::ids::{AccountId, CommunityId, HelperId, ResidentId, VisitId};
use entity::visit;
use entity::words::Subject;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::clock::local_date;
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

impl Change {
    /// Something that was done to one thing, the `what` with this row number.
    #[must_use]
    pub fn new(
        community: CommunityId,
        at: DateTime<Utc>,
        by: Option<AccountId>,
        (what, object): (Subject, i64),
        action: &'static str,
    ) -> Self {
        Self {
            community,
            at,
            by,
            what,
            object,
            action,
            visit: None,
            resident: None,
            helper: None,
            date: None,
            note: None,
        }
    }

    /// Something that was done to a visit.
    #[must_use]
    pub fn of_visit(
        visit: &visit::Model,
        zone: Tz,
        at: DateTime<Utc>,
        by: Option<AccountId>,
        action: &'static str,
    ) -> Self {
        let object = (Subject::Visit, visit.id.0);
        Self::new(visit.community_id, at, by, object, action).touching(visit, zone)
    }

    /// It touched this visit, its resident and its day.
    #[must_use]
    pub fn touching(self, visit: &visit::Model, zone: Tz) -> Self {
        Self {
            visit: Some(visit.id),
            resident: Some(visit.resident_id),
            date: Some(local_date(zone, visit.starts_at)),
            ..self
        }
    }

    /// It touched this helper.
    #[must_use]
    pub fn with_helper(self, helper: HelperId) -> Self {
        Self {
            helper: Some(helper),
            ..self
        }
    }

    /// It touched this local date.
    #[must_use]
    pub fn on(self, date: NaiveDate) -> Self {
        Self {
            date: Some(date),
            ..self
        }
    }

    /// What the person said to it, if anything.
    #[must_use]
    pub fn noted(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
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
