//! A resident in hospital: what was booked for them in these days waits, taken off who was to come.

use chrono::TimeDelta;
use entity::absence;
use entity::ids::{AbsenceId, ResidentId, VisitId};
use entity::words::{AbsenceKind, AssignmentState, ResidentState, VisitState};

use super::place::COMMUNITY;
use super::roll::{DOG_OWNER, FATHER_IN_LAW, MOTHER};
use super::rows::{Rows, index, next};
use super::time::{self, Days};
use crate::visits::pausing::NOT_BEGUN;

/// Days from today after which they are home again.
const BACK_IN: i64 = 5;
/// Visits that should wait at least, so that there is something to see.
const AT_LEAST: usize = 2;

/// Adds the stay; the visits must be there, and nothing that was written about them.
pub(super) fn add(rows: &mut Rows, days: &Days) {
    let Some(resident) = somebody(rows, days) else {
        return;
    };
    let id = AbsenceId(next(&rows.absences));
    rows.absences.push(absence::Model {
        id,
        community_id: COMMUNITY,
        resident_id: resident,
        kind: AbsenceKind::Hospital,
        from_date: days.today,
        back_on: Some(days.today + TimeDelta::days(BACK_IN)),
        note: Some("胆结石手术，观察几天".into()),
        recorded_by: Some(rows.accounts[0].id),
        created_at: days.now - TimeDelta::hours(1),
        withdrawn_at: None,
    });
    rows.residents[index(resident.0)].state = ResidentState::Paused;
    for visit in waiting(rows, days, resident) {
        let row = &mut rows.visits[index(visit.0)];
        row.state = VisitState::Paused;
        row.absence_id = Some(id);
        row.price_fen = None;
        row.version += 1;
        (row.unfilled_zh, row.unfilled_en, row.unfilled_since) = (None, None, None);
        let off = |state| matches!(state, AssignmentState::Offered | AssignmentState::Accepted);
        for part in &mut rows.assignments {
            if part.visit_id == visit && off(part.state) {
                part.state = AssignmentState::Withdrawn;
                part.answered_at = part.answered_at.or(Some(days.now));
                let taken = part.id;
                rows.slots.retain(|slot| slot.assignment_id != taken);
            }
        }
    }
}

/// What waits of a resident's visits: those that have not begun and lie before the return.
fn waiting(rows: &Rows, days: &Days, resident: ResidentId) -> Vec<VisitId> {
    let back = time::at(days.today + TimeDelta::days(BACK_IN), 0);
    rows.visits
        .iter()
        .filter(|row| row.resident_id == resident && NOT_BEGUN.contains(&row.state))
        .filter(|row| days.now < row.starts_at && row.starts_at < back)
        .map(|row| row.id)
        .collect()
}

/// Somebody with family of whose visits enough would wait: nobody of the story, nobody at whose door somebody is expected any
/// minute, and nobody whose visits are written about elsewhere.
fn somebody(rows: &Rows, days: &Days) -> Option<ResidentId> {
    let told = |resident: ResidentId| [MOTHER, FATHER_IN_LAW, DOG_OWNER].contains(&resident);
    let related = |resident: ResidentId| {
        rows.family_members
            .iter()
            .any(|row| row.resident_id == resident)
    };
    let spoken_of = |visit: VisitId| {
        let linked =
            |one: &entity::visit_link::Model| [one.first_id, one.second_id].contains(&visit);
        rows.change_requests.iter().any(|row| row.visit_id == visit)
            || rows.links.iter().any(linked)
    };
    rows.residents
        .iter()
        .filter(|row| row.state == ResidentState::Active)
        .map(|row| row.id)
        .filter(|id| !told(*id) && related(*id))
        .find(|id| {
            let theirs = waiting(rows, days, *id);
            let today = theirs
                .iter()
                .any(|visit| time::date(rows.visits[index(visit.0)].starts_at) == days.today);
            theirs.len() >= AT_LEAST && !today && !theirs.iter().any(|visit| spoken_of(*visit))
        })
}
