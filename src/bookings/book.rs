//! Making a booking: the rules, then one write that books, matches and tells.

use axum::http::StatusCode;
use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;
use entity::ids::{BookingId, CallId, HelperId};
use entity::words::{AssignmentSource, Purpose, UnmetReason};
use entity::{call, helper, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter,
};

use super::entry::Entry;
use super::queries::new_booking_view;
use super::times::{Need, alternatives, team_of};
use super::views::{BookingView, IfUnserved, NewBooking};
use super::{Reach, check_note, check_start, check_window};
use crate::app::App;
use crate::catalogue;
use crate::clock::local_date;
use crate::consent;
use crate::dispatch::load::{Scope, Team, Wanted, Who, state};
use crate::dispatch::matching::{Candidate, candidates, place_first, why_nobody};
use crate::dispatch::place::Desk;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::notify::tell;
use crate::residents::absences::refuse_if_away;
use crate::residents::access::Booked;
use crate::said::Said;
use crate::supply::band_of;
use crate::supply::unmet::{self, Unmet};
use crate::visits::views::Look;

/// A booking that follows the rules, with those who could come.
#[derive(Clone, Debug)]
struct Asked {
    caller: Caller,
    need: Need,
    start: DateTime<Utc>,
    window: (DateTime<Utc>, DateTime<Utc>),
    note: Option<String>,
    if_unserved: IfUnserved,
    call: Option<CallId>,
    candidates: Vec<Candidate>,
    why_nobody: Said,
    reason: UnmetReason,
    desk: Desk,
}

/// What is asked for by its code, where this resident can have it.
///
/// # Errors
/// `invalid` with the field `service`, or the database's.
pub async fn need(
    app: &App,
    booked: &Booked,
    code: &str,
    wish: Option<HelperId>,
    now: DateTime<Utc>,
) -> Result<Need> {
    let caller = &booked.caller;
    let today = local_date(caller.zone, now);
    let team = team_of(app, caller, now).await?;
    let (service, offers) = team.line(code, today).ok_or_else(|| {
        Error::from(Problem::field(
            "service",
            Said::new("目录里没有这项服务。", "The catalogue has no such service."),
        ))
    })?;
    if let Some(why) = catalogue::why_not(&service, &offers, &booked.resident, today) {
        return Err(Problem::field("service", why).into());
    }
    if let Some(wish) = wish {
        helper::Entity::find_by_id(wish)
            .filter(helper::Column::CommunityId.eq(caller.community))
            .one(app.store.read())
            .await?
            .ok_or_else(|| {
                Error::from(Problem::field(
                    "wish_helper_id",
                    Said::new("没有这位服务人员。", "There is no such helper."),
                ))
            })?;
    }
    Ok(Need {
        team,
        resident: booked.resident.clone(),
        service,
        offers,
        wish,
        leeways: Vec::new(),
    })
}

/// Whether the community serves anything on the day of this start.
///
/// # Errors
/// `invalid` with the field `start`.
pub fn check_open_day(team: &Team, zone: Tz, start: DateTime<Utc>) -> Result<()> {
    let day = local_date(zone, start);
    match team.closed_days.iter().find(|closed| closed.date == day) {
        None => Ok(()),
        Some(day) => Err(Problem::field(
            "start",
            Said::new(
                format!("这一天是{}，不提供服务，请换一天。", day.name_zh),
                format!(
                    "Nothing is served on {}; please choose another day.",
                    day.name_en
                ),
            ),
        )
        .into()),
    }
}

/// Books, matches at once where somebody can come, and answers with the booking.
///
/// # Errors
/// `invalid`, `slot-taken` with other times, or the database's.
pub async fn book(app: &App, booked: Booked, new: NewBooking, once: Once) -> Result<Answer> {
    let asked = prepare(app, &booked, new).await?;
    let caller = booked.caller.clone();
    let need = asked.need.clone();
    let start = asked.start;
    let vain = asked.in_vain();
    let written = app
        .write_once(caller.account, once, StatusCode::CREATED, move |txn| {
            let asked = asked.clone();
            Box::pin(async move { asked.write(txn).await })
        })
        .await;
    match written {
        Err(Error::Refused(mut problem)) if problem.kind == Kind::SlotTaken => {
            unmet::note(app, &need, vain).await?;
            let times = alternatives(app, &caller, &need, start, 6).await?;
            problem.alternatives = Some(
                serde_json::to_value(times).map_err(|error| Error::Internal(error.to_string()))?,
            );
            Err(Error::Refused(problem))
        }
        other => other,
    }
}

async fn prepare(app: &App, booked: &Booked, new: NewBooking) -> Result<Asked> {
    let db = app.store.read();
    let now = app.clock.now();
    let caller = booked.caller.clone();
    let need = need(app, booked, &new.service, new.wish_helper_id, now).await?;
    let reach = Reach::of(&need.service, &need.team.community, caller.zone, now);
    check_start(new.start, reach, &need.service, caller.zone, now)?;
    let window = match new.window {
        None => (new.start, new.start),
        Some(window) => {
            check_window(window, new.start, caller.zone)?;
            (window.from.max(reach.earliest), window.to)
        }
    };
    check_open_day(&need.team, caller.zone, new.start)?;
    let note = check_note(new.note.as_deref())?;
    if let Some(call) = new.call_id {
        check_call(db, &caller, call).await?;
    }
    let wanted = Wanted {
        resident: need.resident.clone(),
        service: need.service.clone(),
        window,
        asked: Some(new.start),
        wish: need.wish,
    };
    let scope = Scope {
        community: caller.community,
        zone: caller.zone,
        first: local_date(caller.zone, new.start),
        days: 1,
        who: Who::Holding(need.service.skill_id),
        about: None,
        with_unfilled: false,
        now,
    };
    let stated = state(app, &scope, Some(&wanted)).await?;
    let candidates = candidates(&stated, stated.wanted(), need.service.id);
    let (why_nobody, reason) = if candidates.is_empty() {
        (
            why_nobody(&stated, stated.wanted()),
            super::times::obstacle(&stated),
        )
    } else {
        // Only where somebody else is quicker does nobody come after all.
        (slot_taken().what, UnmetReason::AllBusy)
    };
    Ok(Asked {
        candidates,
        why_nobody,
        reason,
        desk: Desk {
            guard: app.store.guard(),
            now,
            zone: caller.zone,
        },
        caller,
        need,
        start: new.start,
        window,
        note,
        if_unserved: new.if_unserved,
        call: new.call_id,
    })
}

async fn check_call(db: &DatabaseConnection, caller: &Caller, call: CallId) -> Result<()> {
    let known = caller.at_desk()
        && call::Entity::find_by_id(call)
            .filter(call::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .is_some();
    if known {
        Ok(())
    } else {
        Err(no_such_call().into())
    }
}

fn no_such_call() -> Problem {
    Problem::field(
        "call_id",
        Said::new("没有这通电话的记录。", "There is no such call."),
    )
}

impl Asked {
    /// The same asking, where nothing comes of it.
    fn in_vain(&self) -> Unmet {
        let local = self.start.with_timezone(&self.desk.zone);
        let day = local.date_naive();
        Unmet {
            day,
            last_day: day,
            band: Some(band_of(local.num_seconds_from_midnight() / 60)),
            reason: self.reason,
            channel: self.caller.channel(),
        }
    }

    async fn write(&self, txn: &DatabaseTransaction) -> Result<BookingView> {
        let (booking, visit) = self.insert(txn).await?;
        tell::booking_received(txn, self.desk.now, &visit).await?;
        let placed = place_first(
            txn,
            self.desk,
            &visit,
            &self.candidates,
            AssignmentSource::Booking,
        )
        .await?;
        let visit = match placed {
            Ok(visit) => visit,
            Err(_) if self.if_unserved == IfUnserved::Refuse => return Err(slot_taken().into()),
            Err(_) => visit,
        };
        self.link_call(txn, booking).await?;
        let look = Look {
            lang: self.caller.lang,
            now: self.desk.now,
            with_phones: self.caller.at_desk(),
        };
        new_booking_view(txn, look, &visit, &self.need, &self.caller).await
    }

    async fn insert(&self, txn: &DatabaseTransaction) -> Result<(BookingId, visit::Model)> {
        let Desk { now, zone, .. } = self.desk;
        if !consent::queries::allows(txn, self.need.resident.id, Purpose::Care).await? {
            return Err(consent::no_care());
        }
        refuse_if_away(txn, self.need.resident.id, local_date(zone, self.start)).await?;
        Entry {
            community: self.caller.community,
            zone,
            resident: self.need.resident.id,
            service: &self.need.service,
            duration_min: self.need.service.duration_min,
            wish: self.need.wish,
            booked_by: self.caller.account,
            channel: self.caller.channel(),
            start: self.start,
            window: self.window,
            note: self.note.clone(),
            why: self.why_nobody.clone(),
        }
        .insert(txn, now, Some(self.caller.account))
        .await
    }

    async fn link_call(&self, txn: &DatabaseTransaction, booking: BookingId) -> Result<()> {
        if let Some(id) = self.call {
            let call = call::Entity::find_by_id(id)
                .one(txn)
                .await?
                .ok_or_else(no_such_call)?;
            // A neighbour may call for somebody: whoever called stays who called.
            let household = call.household_id.or(Some(self.need.resident.household_id));
            let mut call = call.into_active_model();
            call.booking_id = Set(Some(booking));
            call.resident_id = Set(Some(self.need.resident.id));
            call.household_id = Set(household);
            call.update(txn).await?;
        }
        Ok(())
    }
}

/// Nobody can come then, or no longer.
#[must_use]
pub fn slot_taken() -> Problem {
    Problem::new(
        Kind::SlotTaken,
        Said::new(
            "这个时间刚好没有合适的人能来。",
            "Nobody suitable can come at that time.",
        ),
        Said::new(
            "请从下面选一个时间，或请服务台帮您安排。",
            "Please choose one of the times below, or let the office arrange it.",
        ),
    )
}
