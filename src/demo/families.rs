//! Relatives of residents, among them the daughter and brother of the one-tap entries.

use chrono::{DateTime, Datelike, Utc};
use entity::family_member;
use entity::ids::{AccountId, FamilyMemberId, ResidentId};
use entity::words::{Kinship, Living, Role, Sex};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::accounts::{self, NewAccount};
use super::names;
use super::place::COMMUNITY;
use super::roll::{FATHER_IN_LAW, MOTHER};
use super::rows::{Rows, next};

/// How many relatives have an account, about.
const RELATIVES: usize = 300;

/// Adds them.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str) {
    let first = rows.accounts.len();
    let daughter = demo(rows, rng, now, hash, ("王丽", "daughter"));
    relate(rows, daughter, MOTHER, Kinship::Daughter);
    relate(rows, daughter, FATHER_IN_LAW, Kinship::Other);
    let brother = demo(rows, rng, now, hash, ("王强", "brother"));
    relate(rows, brother, MOTHER, Kinship::Son);
    let mut homes: Vec<Vec<ResidentId>> = homes(rows);
    homes.shuffle(rng);
    while rows.accounts.len() - first < RELATIVES {
        let Some(parents) = homes.pop() else { break };
        // One child in six has a brother or sister who sees the same parents.
        let children = if rng.random_bool(0.17) { 2 } else { 1 };
        let surname = surname(rows, &parents);
        for _ in 0..children {
            child(rows, rng, now, &parents, surname);
        }
    }
}

/// Residents by household, without those of the story; those who live alone or as a couple come oftener.
fn homes(rows: &Rows) -> Vec<Vec<ResidentId>> {
    let mut homes: Vec<Vec<ResidentId>> = Vec::new();
    let mut last = None;
    for row in rows
        .residents
        .iter()
        .skip(3)
        .filter(|row| row.living != Living::WithFamily || row.id.0 % 3 == 0)
    {
        match homes.last_mut() {
            Some(home) if last == Some(row.household_id) => home.push(row.id),
            _ => homes.push(vec![row.id]),
        }
        last = Some(row.household_id);
    }
    homes
}

/// Children carry the father's name where he is on the roll.
fn surname(rows: &Rows, parents: &[ResidentId]) -> Option<char> {
    let father = rows
        .residents
        .iter()
        .find(|row| parents.contains(&row.id) && row.sex == Sex::Male);
    father.and_then(|row| row.name.chars().next())
}

fn child(
    rows: &mut Rows,
    rng: &mut StdRng,
    now: DateTime<Utc>,
    parents: &[ResidentId],
    surname: Option<char>,
) {
    let sex = if rng.random_bool(0.58) {
        Sex::Female
    } else {
        Sex::Male
    };
    let surname = surname.unwrap_or_else(|| names::surname(rng));
    let year = now.year() - rng.random_range(32..52);
    let name = names::full(rng, surname, sex, year);
    let mailbox = format!("family{}", rows.accounts.len() + 1);
    let new = NewAccount {
        name: &name,
        login: None,
        password_hash: None,
        mailbox,
        phone: None,
        role: Role::Family,
    };
    let account = accounts::add(rows, rng, now, new);
    let kinship = if sex == Sex::Female {
        Kinship::Daughter
    } else {
        Kinship::Son
    };
    for parent in parents {
        relate(rows, account, *parent, kinship);
    }
}

fn demo(
    rows: &mut Rows,
    rng: &mut StdRng,
    now: DateTime<Utc>,
    hash: &str,
    (name, kind): (&str, &str),
) -> AccountId {
    let new = NewAccount {
        name,
        login: Some(accounts::login(kind, 0)),
        password_hash: Some(hash),
        mailbox: kind.into(),
        phone: None,
        role: Role::Family,
    };
    accounts::add(rows, rng, now, new)
}

fn relate(rows: &mut Rows, account_id: AccountId, resident_id: ResidentId, relation: Kinship) {
    rows.family_members.push(family_member::Model {
        id: FamilyMemberId(next(&rows.family_members)),
        community_id: COMMUNITY,
        account_id,
        resident_id,
        relation,
        can_book: true,
        wants_mail: true,
    });
}
