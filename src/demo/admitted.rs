//! How the providers came to stand as they do: applied, checked, approved by two people; one was suspended for ten days and came
//! back, one is suspended now.

use entity::ids::{AccountId, AuditId, ProviderId};
use entity::words::{Standing, Subject};
use entity::{audit, provider_approval};

use super::place::COMMUNITY;
use super::providers::Desk;
use super::rows::{Rows, index, next};
use super::time;

/// Which of the partners was suspended for a while and is back: the first of these that is not suspended now.
const RETURNED: [usize; 2] = [5, 7];

/// One event: how many days ago, at which minute of the day, by whom, what, and in which words.
type Event = (i64, i32, AccountId, &'static str, Option<String>);

/// Adds the events of every provider and the approvals of those that were admitted, in the order of time.
pub(super) fn add(rows: &mut Rows, desk: &Desk, partners: &[ProviderId], busy: Option<ProviderId>) {
    let (one, other) = (desk.coordinator, desk.admin);
    let mut events: Vec<(ProviderId, Event)> = Vec::new();
    let returned = RETURNED
        .iter()
        .filter_map(|at| partners.get(*at))
        .find(|id| Some(**id) != busy);
    for (n, id) in (0_i64..).zip(partners.iter().copied()) {
        // Nobody was admitted on the same day as another.
        let began = 240 - 3 * n;
        let mut add = |event: Event| events.push((id, event));
        add((began, 600, one, "applied", None));
        add((began - 4, 630, one, "paper_checked", None));
        add((began - 4, 640, one, "checked", None));
        add((began - 5, 900, one, "first_approval", None));
        add((began - 6, 570, other, "approved", None));
        for (place, account_id, days, minute) in
            [(1, one, began - 5, 900), (2, other, began - 6, 570)]
        {
            rows.provider_approvals.push(provider_approval::Model {
                provider_id: id,
                round: rows.providers[index(id.0)].round,
                account_id,
                place,
                at: time::at(time::shift(desk.today(), -days), minute),
            });
        }
        rows.providers[index(id.0)].checked_by = Some(one);
        if Some(&id) == returned {
            let why = "两次临时不来，没有提前说。";
            add((90, 1000, one, "suspended", Some(why.into())));
            add((
                80,
                560,
                other,
                "resumed",
                Some("当面谈过，答应提前一天说。".into()),
            ));
            let row = &mut rows.providers[index(id.0)];
            row.standing_since = Some(time::at(time::shift(desk.today(), -80), 560));
        }
        if Some(id) == busy {
            let why = rows.providers[index(id.0)].standing_note.clone();
            add((1, 900, one, "suspended", why));
        }
    }
    for id in partners.len()..rows.providers.len() {
        let row = &rows.providers[id];
        let (ended, note) = (row.standing, row.standing_note.clone());
        let since = row.standing_since.map_or(desk.today(), time::date);
        let days = (desk.today() - since).num_days();
        let mut add = |event: Event| events.push((row.id, event));
        add((days + 6, 600, one, "applied", None));
        match ended {
            Standing::Checked => {
                add((days, 600, one, "checked", None));
                add((days, 960, one, "first_approval", None));
            }
            Standing::Refused => add((days, 600, one, "refused", note)),
            Standing::Ended => {
                add((days + 5, 600, one, "checked", None));
                add((days + 4, 600, one, "first_approval", None));
                add((days + 3, 600, other, "approved", None));
                add((days, 600, other, "ended", note));
            }
            _ => {}
        }
    }
    // The newest has the highest number, as where they are written one after the other.
    events.sort_by_key(|(id, (days, minute, ..))| (-days, *minute, *id));
    for (id, (days, minute, by, action, note)) in events {
        rows.audits.push(audit::Model {
            id: AuditId(next(&rows.audits)),
            community_id: COMMUNITY,
            at: time::at(time::shift(desk.today(), -days), minute),
            account_id: Some(by),
            what: Subject::Provider,
            object_id: id.0,
            action: action.into(),
            visit_id: None,
            resident_id: None,
            helper_id: None,
            date: None,
            note,
        });
    }
}
