//! Consent and looks: a mother whose daughter has answered, residents with signed papers, one who took a yes back, one who said no, and
//! the rest still to be asked.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccessLogId, AccountId, ConsentId, ErasureId, ResidentId};
use entity::words::{ConsentHow, ErasureGround, ErasureState, Purpose, VisitState};
use entity::{access_log, consent, erasure};

use super::accounts::{CLERKS, COORDINATOR};
use super::place::COMMUNITY;
use super::rows::{Rows, next};

/// The mother of the one-tap family.
const MOTHER: ResidentId = ResidentId(1);
/// Those who signed a paper when the community asked on its first open day.
const SIGNED: std::ops::RangeInclusive<i64> = 10..=45;
/// Who took the consent to the grid's rounds back.
const TOOK_BACK: ResidentId = ResidentId(12);
/// Who said no to merchants on the paper.
const SAID_NO: ResidentId = ResidentId(20);

/// Adds them.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    mother(rows, now);
    signed(rows, now - TimeDelta::days(60));
    if let Some(row) = rows
        .consents
        .iter_mut()
        .find(|row| row.resident_id == TOOK_BACK && row.purpose == Purpose::Grid)
    {
        row.withdrawn_at = Some(now - TimeDelta::days(9));
        row.withdrawn_how = Some(ConsentHow::Telephone);
        row.withdrawn_by = Some(CLERKS[0]);
        row.withdrawn_note = Some("不想有人上门走访".into());
    }
    looks(rows, now);
    wishes_to_be_forgotten(rows, now);
}

/// One who asks for it through the family, and one whom a coordinator has looked at and a second is to confirm.
fn wishes_to_be_forgotten(rows: &mut Rows, now: DateTime<Utc>) {
    let asked = rows
        .family_members
        .iter()
        .find(|row| row.resident_id != MOTHER && row.can_book)
        .map(|row| (row.resident_id, row.account_id));
    if let Some((resident, account)) = asked {
        let at = now - TimeDelta::hours(20);
        rows.erasures.push(erasure::Model {
            asked_by: Some(account),
            ..request(rows, resident, ErasureGround::FamilyWish, at)
        });
    }
    let Some(forget) = SIGNED.map(ResidentId).find(|id| is_owed_nothing(rows, *id)) else {
        return;
    };
    let at = now - TimeDelta::hours(44);
    rows.erasures.push(erasure::Model {
        state: ErasureState::Checked,
        asked_by: Some(COORDINATOR),
        checked_by: Some(COORDINATOR),
        checked_at: Some(at),
        ..request(rows, forget, ErasureGround::OwnWish, at)
    });
}

/// Nobody is there, and nobody owes an answer: the second look can be taken.
fn is_owed_nothing(rows: &Rows, id: ResidentId) -> bool {
    let visited = rows
        .visits
        .iter()
        .any(|row| row.resident_id == id && row.state == VisitState::CheckedIn);
    let asked = rows
        .help_requests
        .iter()
        .any(|row| row.resident_id == Some(id) && row.closed_at.is_none());
    let complained = rows
        .complaints
        .iter()
        .any(|row| row.resident_id == Some(id) && row.closed_at.is_none());
    !visited && !asked && !complained
}

fn request(
    rows: &Rows,
    resident: ResidentId,
    ground: ErasureGround,
    at: DateTime<Utc>,
) -> erasure::Model {
    erasure::Model {
        id: ErasureId(next(&rows.erasures)),
        community_id: COMMUNITY,
        resident_id: resident,
        ground,
        state: ErasureState::Asked,
        open: Some(true),
        asked_by: None,
        asked_at: at,
        checked_by: None,
        checked_at: None,
        ended_by: None,
        ended_at: None,
        refused_why: None,
        fields: None,
    }
}

fn mother(rows: &mut Rows, now: DateTime<Utc>) {
    let daughter = rows
        .family_members
        .iter()
        .find(|row| row.resident_id == MOTHER)
        .map_or(COORDINATOR, |row| row.account_id);
    for purpose in [
        Purpose::Care,
        Purpose::Health,
        Purpose::Merchants,
        Purpose::Messages,
    ] {
        let said = Said {
            given: true,
            how: ConsentHow::Family,
            note: None,
            by: daughter,
            at: now - TimeDelta::days(20),
        };
        answer(rows, MOTHER, purpose, said);
    }
}

/// On paper, all purposes at once; the papers are numbered.
fn signed(rows: &mut Rows, at: DateTime<Utc>) {
    for id in SIGNED {
        for purpose in [
            Purpose::Care,
            Purpose::Health,
            Purpose::Merchants,
            Purpose::Grid,
        ] {
            let resident = ResidentId(id);
            let said = Said {
                given: (resident, purpose) != (SAID_NO, Purpose::Merchants),
                how: ConsentHow::Paper,
                note: Some(format!("TY-{id:04}")),
                by: CLERKS[1],
                at,
            };
            answer(rows, resident, purpose, said);
        }
    }
}

struct Said {
    given: bool,
    how: ConsentHow,
    note: Option<String>,
    by: AccountId,
    at: DateTime<Utc>,
}

fn answer(rows: &mut Rows, resident: ResidentId, purpose: Purpose, said: Said) {
    rows.consents.push(consent::Model {
        id: ConsentId(next(&rows.consents)),
        community_id: COMMUNITY,
        resident_id: resident,
        purpose,
        version: 1,
        given: said.given,
        how: said.how,
        note: said.note,
        recorded_by: said.by,
        given_at: said.at,
        withdrawn_at: None,
        withdrawn_how: None,
        withdrawn_by: None,
        withdrawn_note: None,
        current: Some(true),
    });
}

/// Who opened the mother's file in the last days.
fn looks(rows: &mut Rows, now: DateTime<Utc>) {
    for (hours, account, page) in [
        (143, CLERKS[0], "household"),
        (73, COORDINATOR, "roll_file"),
        (72, COORDINATOR, "money"),
        (25, CLERKS[1], "file"),
        (24, CLERKS[1], "visits"),
    ] {
        rows.looks.push(access_log::Model {
            id: AccessLogId(next(&rows.looks)),
            community_id: COMMUNITY,
            at: now - TimeDelta::hours(hours),
            account_id: account,
            resident_id: MOTHER,
            purpose: page.into(),
        });
    }
}
