//! The two months before this one, thinner than the days around now: what was served and what was not, askings in vain, and
//! what the last bench meeting agreed on.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::ids::{ResidentId, ServiceId, UnmetId};
use entity::unmet;
use entity::words::{Band, Channel, DayKind, UnmetReason, VisitState};
use rand::Rng;
use rand::rngs::StdRng;

use super::fit::Task;
use super::outcomes::{self, Planned};
use super::place::COMMUNITY;
use super::roster::Roster;
use super::rows::{Rows, index, next};
use super::time::{self, Days};
use super::{asks, catalogue, meeting, visits};
use crate::quality::panel::month_before;
use crate::reports::month_of;

/// Visits a day in the last month, and in the one before it.
const A_DAY: (usize, usize) = (16, 9);
/// Services that were given up while nobody came: which, how often in the last month and the one before, and from which
/// hour on.
const GIVEN_UP: &[(&str, usize, usize, i32)] = &[
    ("BTH01", 7, 4, 840),
    ("CLN02", 3, 6, 540),
    ("COM10", 3, 0, 900),
];
/// Askings in vain: which, how often in the last month and the one before, when, and why.
const IN_VAIN: &[(&str, usize, usize, Option<Band>, UnmetReason)] = &[
    (
        "BTH01",
        4,
        2,
        Some(Band::Afternoon),
        UnmetReason::NobodyFree,
    ),
    (
        "MED12",
        3,
        1,
        Some(Band::Morning),
        UnmetReason::LimitsReached,
    ),
    ("MEA04", 2, 5, None, UnmetReason::AllBusy),
    ("CLN05", 2, 0, None, UnmetReason::NotTogether),
    ("CLN14", 2, 1, Some(Band::Morning), UnmetReason::AllBusy),
];

/// Help requests that were settled, in the month before the last and in the last.
pub(super) const SETTLED: (usize, usize) = (4, 7);

/// Adds them.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, days: &Days) {
    let (this, _) = month_of(days.today);
    let last = month_before(this);
    let earlier = month_before(last);
    let mut roster = Roster::of(rows);
    let from = rows.visits.len();
    let open = [earlier, last].map(|month| open_days(rows, days, month));
    for (open, a_day) in open.iter().zip([A_DAY.1, A_DAY.0]) {
        for day in open {
            fill(rows, rng, days, &mut roster, (*day, a_day));
        }
    }
    let [open_earlier, open_last] = open;
    for (code, in_last, before, minute) in GIVEN_UP {
        given_up(rows, rng, days, (code, &open_last, *in_last), *minute);
        given_up(rows, rng, days, (code, &open_earlier, *before), *minute);
    }
    for (code, in_last, before, band, reason) in IN_VAIN {
        in_vain(rows, rng, (code, &open_last, *in_last), (*band, *reason));
        in_vain(rows, rng, (code, &open_earlier, *before), (*band, *reason));
    }
    did_not_come(rows, (last, this), from);
    meeting::ratings(rows, rng, from);
    meeting::help(rows, (&open_earlier, 70), SETTLED.0);
    meeting::help(rows, (&open_last, 45), SETTLED.1);
    meeting::actions(rows, (earlier, last), days.now);
}

/// The open days of a month that the days around now, whose week has its own limits, do not touch.
fn open_days(rows: &Rows, days: &Days, month: NaiveDate) -> Vec<NaiveDate> {
    let first = days.past.first().copied().unwrap_or(days.today);
    let monday = time::shift(first, -i64::from(first.weekday().num_days_from_monday()));
    month
        .iter_days()
        .take_while(|day| day.month() == month.month() && *day < monday)
        .filter(|day| {
            !rows
                .calendar_days
                .iter()
                .any(|row| row.date == *day && row.kind == DayKind::Closed)
        })
        .collect()
}

fn fill(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (day, wanted): (NaiveDate, usize),
) {
    let mut made = 0;
    for _ in 0..wanted * 12 {
        if made == wanted {
            break;
        }
        if let Some(ask) = asks::any(rows, rng, day)
            && visits::place(rows, rng, days, roster, (day, ask))
        {
            made += 1;
        }
    }
}

/// Lunches of the last month to which somebody was to come and did not.
fn did_not_come(rows: &mut Rows, (last, this): (NaiveDate, NaiveDate), from: usize) {
    let Some(lunch) = catalogue::service_by_code(rows, "MEA03").map(|row| row.id) else {
        return;
    };
    rows.visits[from..]
        .iter_mut()
        .filter(|visit| visit.service_id == lunch && visit.state == VisitState::Completed)
        .filter(|visit| (last..this).contains(&time::date(visit.starts_at)))
        .take(4)
        .for_each(|visit| {
            visit.state = VisitState::HelperAbsent;
            visit.checked_in_at = None;
            visit.completed_at = None;
            visit.finish_note = None;
        });
}

/// So many of these days, with some between them, over and over.
pub(super) fn spread(open: &[NaiveDate], many: usize) -> Vec<NaiveDate> {
    (0..many)
        .filter_map(|n| open.get((n * 5 + 1) % open.len().max(1)).copied())
        .collect()
}

/// A resident whom a service suits: the first of these numbers.
fn suited(rows: &Rows, service: ServiceId, day: NaiveDate, from: i64) -> Option<ResidentId> {
    let last = i64::try_from(rows.residents.len()).ok()?;
    (0..200)
        .map(|step| ResidentId(4 + (from + step * 7) % (last - 4)))
        .find(|resident| Task::new(rows, *resident, service, day).is_some())
}

fn given_up(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    (code, open, many): (&str, &[NaiveDate], usize),
    minute: i32,
) {
    let Some(service) = catalogue::service_by_code(rows, code).map(|row| row.id) else {
        return;
    };
    for (n, day) in (0..).zip(spread(open, many)) {
        let Some(task) = suited(rows, service, day, 31 * n)
            .and_then(|resident| Task::new(rows, resident, service, day))
        else {
            continue;
        };
        let start = minute.min(1080 - task.minutes);
        let planned = Planned {
            task,
            asked: start,
            start,
            window: (start, start),
            crew: Vec::new(),
            before: None,
            state: VisitState::Cancelled,
            nobody: None,
        };
        let id = outcomes::write(rows, rng, days, planned);
        let visit = &mut rows.visits[index(id.0)];
        // They waited until the evening before.
        visit.unfilled_since = Some(visit.created_at);
        let (booking, starts_at) = (visit.booking_id, visit.starts_at);
        let booking = &mut rows.bookings[index(booking.0)];
        booking.cancelled_at = Some((starts_at - TimeDelta::hours(2)).max(booking.created_at));
        booking.cancelled_late = Some(true);
        booking.cancel_why = Some("等不到人，不约了".into());
    }
}

fn in_vain(
    rows: &mut Rows,
    rng: &mut StdRng,
    (code, open, many): (&str, &[NaiveDate], usize),
    (band, reason): (Option<Band>, UnmetReason),
) {
    let Some(service) = catalogue::service_by_code(rows, code).map(|row| row.id) else {
        return;
    };
    for (n, day) in (0..).zip(spread(open, many)) {
        let Some(resident_id) = suited(rows, service, day, 53 * n + 11) else {
            continue;
        };
        let row = unmet::Model {
            id: UnmetId(next(&rows.unmets)),
            community_id: COMMUNITY,
            resident_id,
            service_id: service,
            day,
            last_day: day,
            band,
            reason,
            channel: if rng.random_bool(0.6) {
                Channel::Phone
            } else {
                Channel::Web
            },
            created_at: time::at(time::shift(day, -2), rng.random_range(520..1000)),
        };
        let twice = |one: &unmet::Model| {
            (one.resident_id, one.service_id, one.day) == (row.resident_id, row.service_id, row.day)
        };
        if !rows.unmets.iter().any(twice) {
            rows.unmets.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use entity::words::BenchVerdict;

    use super::*;

    #[test]
    fn the_last_month_has_what_a_meeting_talks_about() {
        let now: DateTime<Utc> = "2026-11-25T02:07:31Z".parse().unwrap();
        let rows = super::super::make(now, 1, "hash");
        let month = |day: NaiveDate| day.format("%Y-%m").to_string();
        let of = |wanted: &str, state| {
            rows.visits
                .iter()
                .filter(|row| month(time::date(row.starts_at)) == wanted && row.state == state)
                .count()
        };
        assert!(of("2026-10", VisitState::Completed) > 250);
        assert!(of("2026-09", VisitState::Completed) > 120);
        assert!(of("2026-10", VisitState::HelperAbsent) >= 4);
        let gave_up = |wanted: &str| {
            rows.visits
                .iter()
                .filter(|row| row.state == VisitState::Cancelled && row.unfilled_since.is_some())
                .filter(|row| month(time::date(row.starts_at)) == wanted)
                .count()
        };
        assert_eq!((gave_up("2026-10"), gave_up("2026-09")), (13, 10));
        let vain = |wanted: &str| {
            rows.unmets
                .iter()
                .filter(|row| month(row.day) == wanted)
                .count()
        };
        assert_eq!((vain("2026-10"), vain("2026-09")), (13, 9));
        assert_eq!(rows.bench_actions.len(), 2);
        let judged: Vec<_> = rows.bench_actions.iter().map(|row| row.verdict).collect();
        assert_eq!(judged, [Some(BenchVerdict::Worked), None]);
    }
}
