//! Putting a crew on a visit: the one way, for bookings, coordinators, plans and everybody who drops out.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, AssignmentId, HelperId, VisitId};
use entity::words::{AssignmentSource, AssignmentState, BookingState, Purpose, VisitState};
use entity::{assignment, booking, helper, leave, provider, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TransactionTrait,
};

use super::links::{self, Leeway};
use super::{stored, withdraw};
use crate::clock::{local_date, midnight};
use crate::consent;
use crate::error::{Error, Problem, Result};
use crate::matching::Barred;
use crate::notify::tell;
use crate::providers::standing::Admission;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};
use crate::store::claim::{self, Claim, Guard, Taken};

/// What every placing needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// How claims are guarded.
    pub guard: Guard,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The zone of the community's clocks.
    pub zone: Tz,
}

/// Who is to come, when, and why.
#[derive(Clone, Debug)]
pub struct Placing {
    /// The whole crew.
    pub helpers: Vec<HelperId>,
    /// Start, on the grid.
    pub start: DateTime<Utc>,
    /// In fen.
    pub price_fen: Option<i64>,
    /// What puts them there.
    pub source: AssignmentSource,
    /// Why them.
    pub reasons: Vec<Said>,
    /// Why a rule is set aside, when one is: then limits are not checked.
    pub override_reason: Option<String>,
    /// Who does it, when a person does.
    pub by: Option<AccountId>,
    /// Who was on the visit before it stepped aside for this, in the same write.
    pub instead_of: Vec<HelperId>,
}

/// Why a crew could not be placed after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The helper's time is taken.
    Taken(HelperId, Taken),
    /// The helper went on leave.
    Away(HelperId),
    /// The helper's day would hold too much care.
    DayFull(HelperId),
    /// The helper's week would hold too much care.
    WeekFull(HelperId),
    /// The helper's provider may not take it on.
    Barred(HelperId, Barred),
    /// A visit it is linked to leaves no such start.
    OutOfOrder(Leeway),
}

/// The visit as it stands inside this transaction, locked against others who want to place it.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn locked(txn: &DatabaseTransaction, id: VisitId) -> Result<visit::Model> {
    store::hold(visit::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Puts the crew on the visit, or says what is in the way and changes nothing.
///
/// # Errors
/// `not-now` where the visit is under way or over, or the database's.
pub async fn place(
    txn: &DatabaseTransaction,
    desk: Desk,
    visit: &visit::Model,
    placing: &Placing,
) -> Result<std::result::Result<visit::Model, Obstacle>> {
    if visit.state == VisitState::Paused {
        return Err(Problem::not_now(Said::new(
            "老人不在家，这次服务已暂停，回家后会自动恢复。",
            "They are away, so this visit is paused; it comes back when they are home again.",
        ))
        .into());
    }
    if !matches!(
        visit.state,
        VisitState::Unfilled | VisitState::Offered | VisitState::Accepted
    ) {
        return Err(Problem::not_now(Said::new(
            "这次服务已经开始或结束，不能再改派。",
            "This visit is under way or over and can no longer be assigned.",
        ))
        .into());
    }
    let savepoint = txn.begin().await?;
    let outcome = Attempt {
        txn: &savepoint,
        desk,
        placing,
    }
    .run(visit)
    .await?;
    match outcome {
        Ok(visit) => {
            savepoint.commit().await?;
            Ok(Ok(visit))
        }
        Err(obstacle) => {
            savepoint.rollback().await?;
            Ok(Err(obstacle))
        }
    }
}

/// The crew of a visit: its live assignments.
///
/// # Errors
/// The database's.
pub async fn crew<C: ConnectionTrait>(db: &C, visit: VisitId) -> Result<Vec<assignment::Model>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::HelperId)
        .all(db)
        .await?)
}

/// One try, inside its savepoint.
struct Attempt<'a> {
    txn: &'a DatabaseTransaction,
    desk: Desk,
    placing: &'a Placing,
}

type Tried<T> = Result<std::result::Result<T, Obstacle>>;

impl Attempt<'_> {
    async fn run(&self, before: &visit::Model) -> Tried<visit::Model> {
        let end = self.placing.start + TimeDelta::minutes(i64::from(before.duration_min));
        if let Some(leeway) = self.out_of_order(before).await? {
            return Ok(Err(Obstacle::OutOfOrder(leeway)));
        }
        // Nobody's time is taken by a visit that waits: see `store::consistency`.
        let standing = match before.state {
            VisitState::Unfilled => Vec::new(),
            _ => crew(self.txn, before.id).await?,
        };
        let moved = before.starts_at != self.placing.start;
        for gone in standing
            .iter()
            .filter(|row| !self.placing.helpers.contains(&row.helper_id))
        {
            self.take_off(before, gone).await?;
        }
        // In one order everywhere, so that two who want the same pair do not wait for each other.
        let mut helpers = self.placing.helpers.clone();
        helpers.sort_unstable();
        let mut said_yes = 0;
        for helper in helpers {
            let kept = standing.iter().find(|row| row.helper_id == helper);
            if let Some(row) = kept
                && !moved
            {
                said_yes += usize::from(row.state == AssignmentState::Accepted);
                continue;
            }
            let who = self.held(helper).await?;
            if let Some(why) = self.barred(before, &who).await? {
                return Ok(Err(Obstacle::Barred(helper, why)));
            }
            let row = match kept {
                Some(row) => self.ask_again(row, end).await?,
                None => {
                    self.ask(before.id, before.community_id, helper, end)
                        .await?
                }
            };
            if let Err(obstacle) = self.claim(before, row, &who, end).await? {
                return Ok(Err(obstacle));
            }
        }
        let state = if said_yes == self.placing.helpers.len() {
            VisitState::Accepted
        } else {
            VisitState::Offered
        };
        let after = self.update(before, &standing, (state, end)).await?;
        self.record(before, &after, &standing).await?;
        Ok(Ok(after))
    }

    /// The helper, whom a leave holds while it is written.
    async fn held(&self, helper: HelperId) -> Result<helper::Model> {
        store::hold_shared(helper::Entity::find_by_id(helper), self.txn)
            .one(self.txn)
            .await?
            .ok_or_else(|| Error::Internal("a helper vanished".into()))
    }

    /// What stands against it: the resident's own word, or the helper's provider, which is held, so that a suspension waits for this or this sees it. No
    /// reason sets it aside.
    async fn barred(&self, visit: &visit::Model, row: &helper::Model) -> Result<Option<Barred>> {
        if !self.desk.guard.is_on() {
            return Ok(None);
        }
        let provider = store::hold_shared(provider::Entity::find_by_id(row.provider_id), self.txn)
            .one(self.txn)
            .await?
            .ok_or_else(|| Error::Internal("a helper without a provider".into()))?;
        let purposes = [Purpose::Care, Purpose::Merchants];
        let stopped = consent::queries::stopped_of(self.txn, visit.resident_id, &purposes).await?;
        if let Some(why) = consent::bars(row.kind, |asked| !stopped.contains(&asked)) {
            return Ok(Some(why));
        }
        let today = local_date(self.desk.zone, self.desk.now);
        let admission = Admission::of(self.txn, &[provider], today).await?;
        // Its papers must hold on the day on which it comes.
        let day = local_date(self.desk.zone, self.placing.start).max(today);
        Ok(admission.why_not_on(row.provider_id, visit.service_id, day))
    }

    /// The linked visit that leaves no such start, unless the rule is set aside.
    async fn out_of_order(&self, visit: &visit::Model) -> Result<Option<Leeway>> {
        if self.placing.override_reason.is_some() {
            return Ok(None);
        }
        let left = links::queries::leeways(self.txn, visit).await?;
        let mut left = left.into_iter();
        Ok(left.find(|leeway| !leeway.leaves(self.placing.start)))
    }

    async fn take_off(&self, visit: &visit::Model, row: &assignment::Model) -> Result<()> {
        withdraw::end(self.txn, row, AssignmentState::Withdrawn, None).await?;
        tell::withdrawn(self.txn, self.desk.now, visit, row.helper_id).await
    }

    async fn ask_again(&self, row: &assignment::Model, end: DateTime<Utc>) -> Result<AssignmentId> {
        claim::release(self.txn, row.id).await?;
        assignment::ActiveModel {
            id: Set(row.id),
            state: Set(AssignmentState::Offered),
            starts_at: Set(self.placing.start),
            ends_at: Set(end),
            offered_at: Set(self.desk.now),
            answered_at: Set(None),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        Ok(row.id)
    }

    async fn ask(
        &self,
        visit: VisitId,
        community: entity::ids::CommunityId,
        helper: HelperId,
        end: DateTime<Utc>,
    ) -> Result<AssignmentId> {
        let row = assignment::ActiveModel {
            community_id: Set(community),
            visit_id: Set(visit),
            helper_id: Set(helper),
            state: Set(AssignmentState::Offered),
            starts_at: Set(self.placing.start),
            ends_at: Set(end),
            source: Set(self.placing.source),
            reasons: Set(stored(&self.placing.reasons)?),
            override_reason: Set(self.placing.override_reason.clone()),
            assigned_by: Set(self.placing.by),
            offered_at: Set(self.desk.now),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        Ok(row.id)
    }

    async fn claim(
        &self,
        visit: &visit::Model,
        assignment: AssignmentId,
        who: &helper::Model,
        end: DateTime<Utc>,
    ) -> Tried<()> {
        let helper = who.id;
        let wanted = Claim {
            helper,
            community: visit.community_id,
            visit: visit.id,
            assignment,
            date: local_date(self.desk.zone, self.placing.start),
            from: self.placing.start,
            to: end,
        };
        if let Err(taken) = claim::claim(self.txn, self.desk.guard, &wanted).await? {
            return Ok(Err(Obstacle::Taken(helper, taken)));
        }
        if self.placing.override_reason.is_none() {
            return self.still_free(who, wanted.date).await;
        }
        Ok(Ok(()))
    }

    /// Under the lock on the helper's day, so that two who each fit alone do not together go beyond it.
    async fn still_free(&self, row: &helper::Model, date: NaiveDate) -> Tried<()> {
        let helper = row.id;
        if self.on_leave(helper, date).await? {
            return Ok(Err(Obstacle::Away(helper)));
        }
        let monday = date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()));
        let week = self.care(helper, monday).await?;
        let of_the_day: i64 = week
            .iter()
            .filter(|(on, _)| *on == date)
            .map(|(_, minutes)| minutes)
            .sum();
        if of_the_day > i64::from(row.daily_limit_min) {
            return Ok(Err(Obstacle::DayFull(helper)));
        }
        let of_the_week: i64 = week.iter().map(|(_, minutes)| minutes).sum();
        if of_the_week > i64::from(row.weekly_limit_min) {
            return Ok(Err(Obstacle::WeekFull(helper)));
        }
        Ok(Ok(()))
    }

    async fn on_leave(&self, helper: HelperId, date: NaiveDate) -> Result<bool> {
        let leaves = leave::Entity::find()
            .filter(leave::Column::HelperId.eq(helper))
            .filter(leave::Column::FromDate.lte(date))
            .filter(leave::Column::ToDate.gte(date))
            .count(self.txn)
            .await?;
        Ok(leaves > 0)
    }

    /// The week's visits from this Monday on: their local day, and minutes of care.
    async fn care(&self, helper: HelperId, monday: NaiveDate) -> Result<Vec<(NaiveDate, i64)>> {
        let zone = self.desk.zone;
        let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::StartsAt, assignment::Column::EndsAt])
            .filter(assignment::Column::HelperId.eq(helper))
            .filter(assignment::Column::State.is_in(claim::LIVE))
            .filter(assignment::Column::StartsAt.gte(midnight(zone, monday)))
            .filter(assignment::Column::StartsAt.lt(midnight(zone, monday + TimeDelta::days(7))))
            .into_tuple()
            .all(self.txn)
            .await?;
        Ok(rows
            .iter()
            .map(|(from, to)| (local_date(zone, *from), (*to - *from).num_minutes()))
            .collect())
    }

    async fn update(
        &self,
        before: &visit::Model,
        standing: &[assignment::Model],
        (state, end): (VisitState, DateTime<Utc>),
    ) -> Result<visit::Model> {
        // Whoever was promised a price for these people keeps it, whatever the list says since.
        let same_people = standing.len() == self.placing.helpers.len()
            && standing
                .iter()
                .all(|row| self.placing.helpers.contains(&row.helper_id));
        let price = match before.price_fen {
            Some(agreed) if same_people => Some(agreed),
            _ => self.placing.price_fen.or(before.price_fen),
        };
        let after = visit::ActiveModel {
            id: Set(before.id),
            state: Set(state),
            starts_at: Set(self.placing.start),
            ends_at: Set(end),
            price_fen: Set(price),
            version: Set(before.version + 1),
            unfilled_zh: Set(None),
            unfilled_en: Set(None),
            unfilled_since: Set(None),
            override_reason: Set(self.placing.override_reason.clone()),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        booking::ActiveModel {
            id: Set(before.booking_id),
            state: Set(BookingState::Open),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        Ok(after)
    }

    async fn record(
        &self,
        before: &visit::Model,
        after: &visit::Model,
        standing: &[assignment::Model],
    ) -> Result<()> {
        let Desk { now, zone, .. } = self.desk;
        for helper in &self.placing.helpers {
            let change = Change::of_visit(after, zone, now, self.placing.by, "assigned")
                .with_helper(*helper)
                .noted(self.placing.override_reason.clone());
            audit::record(self.txn, change).await?;
        }
        if standing.is_empty() && self.placing.instead_of.is_empty() {
            tell::matched(self.txn, (now, zone), after).await
        } else if before.starts_at != after.starts_at
            || !self.placing.instead_of.is_empty()
            || standing.len() != self.placing.helpers.len()
            || standing
                .iter()
                .any(|row| !self.placing.helpers.contains(&row.helper_id))
        {
            tell::changed(self.txn, (now, zone), after).await
        } else {
            Ok(())
        }
    }
}
