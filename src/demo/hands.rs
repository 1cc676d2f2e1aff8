//! Providers and their helpers: 80 volunteers, 27 staff, the workers of 12 merchants.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use entity::ids::{CredentialId, HelperId, HouseholdId, ProviderId, ResidentId};
use entity::words::{HelperKind, ProviderKind, ProviderState, ResidentState, Role, Sex, Standing};
use entity::{credential, helper, helper_skill, provider};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::accounts::{self, NewAccount};
use super::crews::{MERCHANTS, RARE_SKILLS, STAFF, VOLUNTEER_SKILLS};
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::{catalogue, names, roll, skills, time};

/// How many volunteers.
const VOLUNTEERS: usize = 80;
/// The volunteer of the one-tap entry.
pub(super) const DEMO_VOLUNTEER: HelperId = HelperId(1);
/// The only volunteer who looks after pets.
pub(super) const PET_VOLUNTEER: HelperId = HelperId(2);
/// The care worker of the one-tap entry: the first after the volunteers.
pub(super) const DEMO_STAFF: HelperId = HelperId(81);

/// What a helper is made of.
struct NewHelper<'a> {
    provider: ProviderId,
    kind: HelperKind,
    word: &'a str,
    n: usize,
    name: String,
    sex: Sex,
    birth_date: NaiveDate,
    phone: Option<String>,
    home: Option<HouseholdId>,
    limits: (i32, i32),
}

/// Adds them, with accounts, skills and credentials.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str) {
    let team = provider(rows, rng, ProviderKind::MutualAid, "银龄互助");
    let company = provider(rows, rng, ProviderKind::CareCompany, "乐居·康养");
    volunteers(rows, rng, now, hash, team);
    for (n, (sex, skills)) in STAFF.iter().enumerate() {
        worker(
            rows,
            rng,
            now,
            hash,
            (company, HelperKind::Staff, n),
            (*sex, skills),
        );
    }
    let mut n = 0;
    for (name, workers) in MERCHANTS {
        let merchant = provider(rows, rng, ProviderKind::Merchant, name);
        for (sex, skills) in *workers {
            worker(
                rows,
                rng,
                now,
                hash,
                (merchant, HelperKind::Merchant, n),
                (*sex, skills),
            );
            n += 1;
        }
    }
    spoil_credentials(rows, now);
}

fn provider(rows: &mut Rows, rng: &mut StdRng, kind: ProviderKind, name: &str) -> ProviderId {
    let id = ProviderId(next(&rows.providers));
    rows.providers.push(provider::Model {
        id,
        community_id: COMMUNITY,
        kind,
        name: name.into(),
        phone: names::landline(rng),
        state: ProviderState::Active,
        standing: Standing::Approved,
        standing_note: None,
        standing_since: None,
        contact: None,
        wants: None,
        offers_all: true,
        round: 0,
        version: 0,
        checked_by: None,
    });
    id
}

/// Volunteers are residents of 60 to 72 who manage everything themselves.
fn volunteers(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str, team: ProviderId) {
    let oldest = time::date(now) - Days::new(72 * 365);
    let mut fit: Vec<ResidentId> = rows
        .residents
        .iter()
        .skip(3)
        .filter(|row| row.birth_date > oldest && row.ability_level.unwrap_or(0) == 0)
        .filter(|row| row.state == ResidentState::Active)
        .map(|row| row.id)
        .collect();
    fit.shuffle(rng);
    fit.truncate(VOLUNTEERS);
    for (n, resident) in fit.iter().enumerate() {
        let row = rows.residents[index(resident.0)].clone();
        let daily = [180, 180, 210, 240][rng.random_range(0..4)];
        let new = NewHelper {
            provider: team,
            kind: HelperKind::Volunteer,
            word: "volunteer",
            n,
            name: row.name,
            sex: row.sex,
            birth_date: row.birth_date,
            phone: row.phone,
            home: Some(row.household_id),
            limits: if n == 0 {
                (240, 1200)
            } else {
                (daily, daily * 4)
            },
        };
        let id = helper(rows, rng, now, hash, new);
        for skill in volunteer_skills(rng, id) {
            skilled(rows, rng, now, id, skill);
        }
    }
    for (skill, count) in RARE_SKILLS {
        for _ in 0..*count {
            // Not the first two: theirs are part of the prepared story.
            let id = HelperId(i64::try_from(rng.random_range(3..=VOLUNTEERS)).unwrap_or(3));
            skilled(rows, rng, now, id, skill);
        }
    }
}

fn volunteer_skills(rng: &mut StdRng, id: HelperId) -> Vec<&'static str> {
    match id {
        DEMO_VOLUNTEER => vec![
            "none",
            "companion",
            "delivery",
            "errand",
            "phone_visit",
            "wheelchair_push",
        ],
        PET_VOLUNTEER => vec!["pet_care"],
        _ => {
            let drawn = VOLUNTEER_SKILLS
                .iter()
                .filter(|(_, share)| rng.random_range(0..100) < *share);
            std::iter::once("none")
                .chain(drawn.map(|(skill, _)| *skill))
                .collect()
        }
    }
}

fn worker(
    rows: &mut Rows,
    rng: &mut StdRng,
    now: DateTime<Utc>,
    hash: &str,
    (provider, kind, n): (ProviderId, HelperKind, usize),
    (sex, skills): (Sex, &[&str]),
) {
    let age = rng.random_range(26..56);
    let birth_date = roll::birth_date(rng, time::date(now), age);
    let surname = names::surname(rng);
    let new = NewHelper {
        provider,
        kind,
        word: if kind == HelperKind::Staff {
            "staff"
        } else {
            "merchant"
        },
        n,
        name: names::full(rng, surname, sex, birth_date.year()),
        sex,
        birth_date,
        phone: None,
        home: None,
        limits: if kind == HelperKind::Staff {
            (480, 2400)
        } else {
            (480, 2880)
        },
    };
    let id = helper(rows, rng, now, hash, new);
    for skill in skills {
        skilled(rows, rng, now, id, skill);
    }
}

fn helper(
    rows: &mut Rows,
    rng: &mut StdRng,
    now: DateTime<Utc>,
    hash: &str,
    new: NewHelper<'_>,
) -> HelperId {
    let account = NewAccount {
        name: &new.name,
        login: (new.n == 0).then(|| accounts::login(new.word, 0)),
        password_hash: Some(hash),
        mailbox: format!("{}{}", new.word, new.n + 1),
        phone: new.phone,
        role: Role::Helper,
    };
    let account_id = accounts::add(rows, rng, now, account);
    let phone = rows.accounts[index(account_id.0)]
        .phone
        .clone()
        .unwrap_or_default();
    let id = HelperId(next(&rows.helpers));
    rows.helpers.push(helper::Model {
        id,
        community_id: COMMUNITY,
        provider_id: new.provider,
        account_id,
        kind: new.kind,
        initials: crate::residents::initials::initials(&new.name),
        name: new.name,
        sex: new.sex,
        birth_date: new.birth_date,
        phone,
        home_id: new.home,
        daily_limit_min: new.limits.0,
        weekly_limit_min: new.limits.1,
        active: true,
        version: 1,
    });
    id
}

/// Gives a skill, and the credential that it needs.
fn skilled(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, helper: HelperId, code: &str) {
    let Some(skill_id) = catalogue::skill_id(rows, code) else {
        return;
    };
    let known = |row: &helper_skill::Model| row.helper_id == helper && row.skill_id == skill_id;
    if rows.helper_skills.iter().any(known) {
        return;
    }
    rows.helper_skills.push(helper_skill::Model {
        helper_id: helper,
        skill_id,
    });
    if rows.skills[index(skill_id.0)].needs_credential {
        let today = time::date(now);
        rows.credentials.push(credential::Model {
            id: CredentialId(next(&rows.credentials)),
            community_id: COMMUNITY,
            helper_id: helper,
            skill_id,
            name: skills::credential_name(code).into(),
            number: format!("YS{:08}", rng.random_range(0..100_000_000_u32)),
            valid_from: today - TimeDelta::days(rng.random_range(200..1500)),
            valid_until: today + TimeDelta::days(rng.random_range(90..1100)),
        });
    }
}

/// One credential is void since ten days; three end within the next weeks.
fn spoil_credentials(rows: &mut Rows, now: DateTime<Utc>) {
    let today = time::date(now);
    for (skill, nth, days) in [
        ("bathing_assist", 4, -10),
        ("nursing", 2, 4),
        ("driving", 0, 16),
        ("bathing_assist", 2, 20),
    ] {
        let Some(skill) = catalogue::skill_id(rows, skill) else {
            continue;
        };
        let credential = rows
            .credentials
            .iter_mut()
            .filter(|row| row.skill_id == skill)
            .nth(nth);
        if let Some(credential) = credential {
            credential.valid_until = today + TimeDelta::days(days);
        }
    }
}
