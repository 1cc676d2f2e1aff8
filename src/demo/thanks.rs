//! Hours, vouchers and money: what the visits that were done earned and cost, with some months before.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{
    HelperId, ProviderId, ResidentId, TimeAccountId, TimeEntryId, VisitId, VoucherId,
};
use entity::words::{
    AssignmentState, HelperKind, PaySource, ProviderKind, Role, TimeEntryKind, TimeHolder,
    VisitState,
};
use entity::{
    payment_line, session_payment, shopkeeper, subsidy, time_account, time_entry, visit, voucher,
    voucher_use,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore};

use super::accounts::{self, CLERKS, NewAccount};
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::time;
use crate::money::places::is_paid;
use crate::money::{Means, SUBSIDY_FROM_LEVEL, first_of, lines};
use crate::timebank::earned;
use crate::vouchers::code;

/// Vouchers given; with 50 yuan each on average they come to some 30,000 yuan.
const VOUCHERS: usize = 600;
/// For what they were given.
const TAKEN_PART: &[&str] = &[
    "参加楼道清洁日",
    "重阳节活动帮忙",
    "板凳会提意见",
    "防诈骗宣传",
    "给邻居读报",
];
const EARNED: TimeAccountId = TimeAccountId(1);
const POOL: TimeAccountId = TimeAccountId(3);

/// Adds them.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str) {
    shopkeepers(rows, rng, now, hash);
    hours(rows, rng, now);
    vouchers(rows, rng, now);
    withdrawn(rows, now);
    money(rows, rng, now);
}

/// One at the counter of every merchant; the first is the one-tap entry.
fn shopkeepers(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str) {
    let merchants: Vec<(ProviderId, String)> = rows
        .providers
        .iter()
        .filter(|row| row.kind == ProviderKind::Merchant)
        .map(|row| (row.id, row.name.clone()))
        .collect();
    for (n, (provider_id, name)) in merchants.into_iter().enumerate() {
        let new = NewAccount {
            name: &format!("{name}店员"),
            login: Some(accounts::login("shopkeeper", n)),
            password_hash: Some(hash),
            mailbox: format!("shopkeeper{}", n + 1),
            phone: None,
            role: Role::Shopkeeper,
        };
        let account_id = accounts::add(rows, rng, now, new);
        rows.shopkeepers.push(shopkeeper::Model {
            account_id,
            provider_id,
        });
    }
}

fn account(
    rows: &mut Rows,
    holder: TimeHolder,
    helper_id: Option<HelperId>,
    resident_id: Option<ResidentId>,
) -> TimeAccountId {
    let known = rows.time_accounts.iter().find(|row| {
        row.holder == holder && row.helper_id == helper_id && row.resident_id == resident_id
    });
    if let Some(known) = known {
        return known.id;
    }
    let id = TimeAccountId(next(&rows.time_accounts));
    rows.time_accounts.push(time_account::Model {
        id,
        community_id: COMMUNITY,
        holder,
        helper_id,
        resident_id,
        balance_min: 0,
    });
    id
}

/// What an entry is made of.
struct Moved {
    kind: TimeEntryKind,
    at: DateTime<Utc>,
    from: TimeAccountId,
    to: TimeAccountId,
    minutes: i64,
    visit_id: Option<VisitId>,
    once: Option<String>,
    reason: Option<String>,
}

fn moved(rows: &mut Rows, new: Moved) -> TimeEntryId {
    let id = TimeEntryId(next(&rows.time_entries));
    rows.time_accounts[index(new.from.0)].balance_min -= new.minutes;
    rows.time_accounts[index(new.to.0)].balance_min += new.minutes;
    rows.time_entries.push(time_entry::Model {
        id,
        community_id: COMMUNITY,
        kind: new.kind,
        at: new.at,
        from_account_id: new.from,
        to_account_id: new.to,
        minutes: new.minutes,
        from_after_min: rows.time_accounts[index(new.from.0)].balance_min,
        to_after_min: rows.time_accounts[index(new.to.0)].balance_min,
        visit_id: new.visit_id,
        reverses_id: None,
        once: new.once,
        reason: new.reason,
        by: None,
    });
    id
}

/// Whether a visit was done.
fn is_done(row: &visit::Model) -> bool {
    matches!(row.state, VisitState::Completed | VisitState::Substituted)
}

/// Hours brought along from paper, what was given away of them, and what the visits earned since.
fn hours(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    for holder in [TimeHolder::Earned, TimeHolder::Spent, TimeHolder::Pool] {
        account(rows, holder, None, None);
    }
    let volunteers: Vec<_> = rows
        .helpers
        .iter()
        .filter(|row| row.kind == HelperKind::Volunteer)
        .cloned()
        .collect();
    let began = time::at(time::shift(time::date(now), -60), 9 * 60);
    for (n, helper) in (0_i64..).zip(&volunteers) {
        let own = account(rows, TimeHolder::Helper, Some(helper.id), None);
        let brought = Moved {
            kind: TimeEntryKind::Deposit,
            at: began + TimeDelta::minutes(n),
            from: EARNED,
            to: own,
            minutes: rng.random_range(20..900) * 15,
            visit_id: None,
            once: None,
            reason: Some("纸质台账转入".into()),
        };
        moved(rows, brought);
    }
    for (n, helper) in (0_i64..).zip(volunteers.iter().take(24)) {
        let own = account(rows, TimeHolder::Helper, Some(helper.id), None);
        let home = rows
            .residents
            .iter()
            .find(|row| Some(row.household_id) == helper.home_id)
            .map(|row| row.id);
        let (kind, to) = match home.filter(|_| n % 3 != 2) {
            Some(resident) => (
                TimeEntryKind::Gift,
                account(rows, TimeHolder::Resident, None, Some(resident)),
            ),
            None => (TimeEntryKind::Donation, POOL),
        };
        let given = Moved {
            kind,
            at: began + TimeDelta::days(10) + TimeDelta::hours(n),
            from: own,
            to,
            minutes: [30, 60, 120][rng.random_range(0..3)],
            visit_id: None,
            once: None,
            reason: None,
        };
        moved(rows, given);
    }
    deposits(rows);
}

fn deposits(rows: &mut Rows) {
    let mut done: Vec<visit::Model> = rows
        .visits
        .iter()
        .filter(|row| is_done(row))
        .cloned()
        .collect();
    done.sort_by_key(|row| (row.completed_at, row.id));
    for visit in done {
        let service = rows.services[index(visit.service_id.0)].clone();
        let resident = rows.residents[index(visit.resident_id.0)].clone();
        let due: Vec<_> = rows
            .assignments
            .iter()
            .filter(|row| row.visit_id == visit.id && row.state == AssignmentState::Accepted)
            .filter_map(|row| {
                let helper = &rows.helpers[index(row.helper_id.0)];
                Some((helper.id, earned(&service, &visit, &resident, helper)?))
            })
            .collect();
        for (helper, minutes) in due {
            let own = account(rows, TimeHolder::Helper, Some(helper), None);
            let deposit = Moved {
                kind: TimeEntryKind::Deposit,
                at: visit.completed_at.unwrap_or(visit.ends_at),
                from: EARNED,
                to: own,
                minutes,
                visit_id: Some(visit.id),
                once: Some(format!("deposit:{}:{helper}", visit.id)),
                reason: None,
            };
            moved(rows, deposit);
        }
    }
}

/// Vouchers of the last months, two of three used. The mother of the story has one to use.
fn vouchers(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let today = time::date(now);
    for n in 0..VOUCHERS {
        let of_the_story = n + 1 == VOUCHERS;
        let days = if of_the_story {
            3
        } else {
            rng.random_range(4..150)
        };
        let issued_at = time::at(time::shift(today, -days), rng.random_range(510..1020));
        let resident = if of_the_story {
            1
        } else {
            rng.random_range(1..=i64::try_from(rows.residents.len()).unwrap_or(1))
        };
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        let id = VoucherId(next(&rows.vouchers));
        rows.vouchers.push(voucher::Model {
            id,
            community_id: COMMUNITY,
            code: code::new(bytes),
            resident_id: ResidentId(resident),
            value_fen: [2_000, 5_000, 8_000][n % 3],
            reason: TAKEN_PART.choose(rng).copied().unwrap_or_default().into(),
            expires_on: time::shift(today, 90 - days),
            issued_at,
            issued_by: CLERKS[n % CLERKS.len()],
            withdrawn_at: None,
            withdrawn_by: None,
            withdrawn_why: None,
        });
        if of_the_story || rng.random_range(0..3) == 0 {
            continue;
        }
        let counter = rows.shopkeepers[rng.random_range(0..rows.shopkeepers.len())].clone();
        let after = rng.random_range(1..days.min(80));
        rows.voucher_uses.push(voucher_use::Model {
            voucher_id: id,
            provider_id: counter.provider_id,
            account_id: counter.account_id,
            used_at: issued_at + TimeDelta::days(after),
            visit_id: None,
            signup_id: None,
        });
    }
}

/// One that was given twice and taken back: the newest that nobody used, the story's own aside. It was the mother's too.
fn withdrawn(rows: &mut Rows, now: DateTime<Utc>) {
    let last = rows.vouchers.len().saturating_sub(1);
    let uses = &rows.voucher_uses;
    let Some(row) = rows.vouchers[..last]
        .iter_mut()
        .rev()
        .find(|row| uses.iter().all(|one| one.voucher_id != row.id))
    else {
        return;
    };
    row.resident_id = ResidentId(1);
    row.expires_on = time::shift(time::date(now), -2);
    row.withdrawn_at = Some(now - TimeDelta::days(1));
    row.withdrawn_by = Some(CLERKS[0]);
    row.withdrawn_why = Some("同一次活动发了两张".into());
}

/// This month's and the last month's subsidy of those who have a right to it, and who paid for the visits that were done.
fn money(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let this = first_of(time::date(now));
    let last = first_of(time::shift(this, -1));
    for resident in rows
        .residents
        .iter()
        .filter(|row| row.ability_level.unwrap_or(0) >= SUBSIDY_FROM_LEVEL)
    {
        let allowance_fen = [20_000, 40_000, 80_000][rng.random_range(0..3)];
        rows.subsidies
            .extend([last, this].map(|month| subsidy::Model {
                resident_id: resident.id,
                month,
                community_id: COMMUNITY,
                allowance_fen,
                used_fen: 0,
            }));
    }
    let mut done: Vec<_> = rows
        .visits
        .iter()
        .filter(|row| is_done(row))
        .filter_map(|row| Some((row.starts_at, row.id, row.resident_id, row.price_fen?)))
        .collect();
    done.sort_unstable();
    for (starts_at, visit_id, resident, price) in done {
        let made = paid(rows, resident, starts_at, price).into_iter();
        let lines = made.map(|(source, amount_fen)| payment_line::Model {
            visit_id,
            source,
            amount_fen,
            voucher_id: None,
            entry_id: None,
            reason: None,
            value_fen: None,
        });
        rows.payment_lines.extend(lines);
    }
    let came: Vec<_> = rows
        .station_signups
        .iter()
        .filter_map(|signup| {
            let session = &rows.station_sessions[index(signup.session_id.0)];
            is_paid(session, signup).then_some((
                session.starts_at,
                signup.id,
                signup.resident_id,
                session.price_fen,
            ))
        })
        .collect();
    for (starts_at, signup_id, resident, price) in came {
        let made = paid(rows, resident, starts_at, price).into_iter();
        let lines = made.map(|(source, amount_fen)| session_payment::Model {
            signup_id,
            source,
            amount_fen,
            voucher_id: None,
            reason: None,
        });
        rows.session_payments.extend(lines);
    }
}

/// Who pays a price: the month's subsidy as far as it goes, and the resident.
fn paid(
    rows: &mut Rows,
    resident: ResidentId,
    at: DateTime<Utc>,
    price: i64,
) -> Vec<(PaySource, i64)> {
    let month = first_of(time::date(at));
    let own = rows
        .subsidies
        .iter_mut()
        .find(|row| row.resident_id == resident && row.month == month);
    let means = Means {
        subsidy: own
            .as_ref()
            .map_or(0, |row| row.allowance_fen - row.used_fen),
        ..Means::default()
    };
    let made = lines(price, means);
    if let Some(row) = own {
        row.used_fen += made
            .iter()
            .filter(|(source, _)| *source == PaySource::Subsidy)
            .map(|(_, fen)| fen)
            .sum::<i64>();
    }
    made
}
