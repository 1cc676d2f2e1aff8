//! A booking and its visit as rows: what somebody books and what comes of a series are entered the same way.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, BookingId, CommunityId, HelperId, ResidentId};
use entity::words::{BookingState, Channel, Subject, VisitState};
use entity::{booking, service, visit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use crate::error::Result;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// What is entered.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Where.
    pub community: CommunityId,
    /// The zone of its clocks.
    pub zone: Tz,
    /// For whom.
    pub resident: ResidentId,
    /// What.
    pub service: &'a service::Model,
    /// Minutes of service.
    pub duration_min: i32,
    /// Whom they would like.
    pub wish: Option<HelperId>,
    /// Who asked.
    pub booked_by: AccountId,
    /// How they asked.
    pub channel: Channel,
    /// The start asked for, on the grid.
    pub start: DateTime<Utc>,
    /// Allowed starts, both ends included.
    pub window: (DateTime<Utc>, DateTime<Utc>),
    /// What they added.
    pub note: Option<String>,
    /// Why nobody comes yet.
    pub why: Said,
}

impl Entry<'_> {
    /// Inserts booking and visit, which nobody comes to yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn insert(
        self,
        txn: &DatabaseTransaction,
        now: DateTime<Utc>,
        by: Option<AccountId>,
    ) -> Result<(BookingId, visit::Model)> {
        let booking = booking::ActiveModel {
            community_id: Set(self.community),
            resident_id: Set(self.resident),
            service_id: Set(self.service.id),
            booked_by: Set(self.booked_by),
            channel: Set(self.channel),
            state: Set(BookingState::Requested),
            asked_start: Set(self.start),
            note: Set(self.note),
            created_at: Set(now),
            ..Default::default()
        }
        .insert(txn)
        .await?;
        let visit = visit::ActiveModel {
            community_id: Set(self.community),
            booking_id: Set(booking.id),
            resident_id: Set(self.resident),
            service_id: Set(self.service.id),
            state: Set(VisitState::Unfilled),
            starts_at: Set(self.start),
            ends_at: Set(self.start + TimeDelta::minutes(i64::from(self.duration_min))),
            window_from: Set(self.window.0),
            window_to: Set(self.window.1),
            asked_start: Set(self.start),
            duration_min: Set(self.duration_min),
            priority: Set(self.service.priority),
            crew_size: Set(self.service.crew_size),
            wish_helper_id: Set(self.wish),
            pinned: Set(false),
            version: Set(1),
            unfilled_zh: Set(Some(self.why.zh)),
            unfilled_en: Set(Some(self.why.en)),
            unfilled_since: Set(Some(now)),
            created_at: Set(now),
            ..Default::default()
        }
        .insert(txn)
        .await?;
        let object = (Subject::Booking, booking.id.0);
        let change = Change::new(visit.community_id, now, by, object, "booked");
        audit::record(txn, change.touching(&visit, self.zone)).await?;
        Ok((booking.id, visit))
    }
}
