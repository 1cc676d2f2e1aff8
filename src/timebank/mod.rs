//! The time bank: hours that volunteers earn, in whole minutes, as a double-entry ledger that only grows.
//!
//! Every entry names the account that gives and the account that gets, so the sum over all accounts is zero at all times. What
//! was earned comes out of the community's account `earned`, which alone may be below zero; what was redeemed goes to `spent`,
//! what was donated to `pool`. A mistake is taken back by a reversal and never edited: the database refuses both an edit and
//! a balance below zero.

pub mod books;
pub mod check;
pub mod deposit;
pub mod routes;
pub mod statement;
pub mod transfers;
pub mod views;

use entity::words::{HelperKind, Kinship, Lang};
use entity::{helper, resident, service, visit};

use crate::error::{Error, Problem};
use crate::said::Said;

/// Minutes that one account may hold: 1,500 hours, as in Nanjing's rules. What a visit earns beyond them is donated.
pub const CAP_MIN: i64 = 1_500 * 60;
/// Minutes in one gift or donation at most, against a slip of the keyboard.
const LARGEST_MIN: i64 = CAP_MIN;
/// Letters of a reason at most.
const LONGEST_REASON: usize = 200;

/// What a completed visit earns a helper, in minutes; nothing where it earns none: only volunteers, only services of mutual
/// aid, and never for one's own household.
#[must_use]
pub fn earned(
    service: &service::Model,
    visit: &visit::Model,
    resident: &resident::Model,
    helper: &helper::Model,
) -> Option<i64> {
    let counts = service.credit
        && helper.kind == HelperKind::Volunteer
        && helper.home_id != Some(resident.household_id);
    (counts && visit.duration_min > 0).then(|| i64::from(visit.duration_min))
}

/// What is beyond the cap in an account that holds so much.
#[must_use]
pub fn surplus(balance: i64) -> Option<i64> {
    Some(balance - CAP_MIN).filter(|over| *over > 0)
}

/// Whether hours may be given to somebody who is this to the giver: close family, not neighbours.
#[must_use]
pub fn is_close(relation: Kinship) -> bool {
    match relation {
        Kinship::Daughter
        | Kinship::Son
        | Kinship::Spouse
        | Kinship::Grandchild
        | Kinship::Sibling => true,
        Kinship::Neighbour | Kinship::Other => false,
    }
}

/// Minutes as people say them: 2 小时 30 分钟.
#[must_use]
pub fn spoken(minutes: i64, lang: Lang) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (lang, hours, rest) {
        (Lang::Zh, 0, _) => format!("{rest} 分钟"),
        (Lang::Zh, _, 0) => format!("{hours} 小时"),
        (Lang::Zh, ..) => format!("{hours} 小时 {rest} 分钟"),
        (Lang::En, 0, _) => format!("{rest} min"),
        (Lang::En, _, 0) => format!("{hours} h"),
        (Lang::En, ..) => format!("{hours} h {rest} min"),
    }
}

/// Whether that many minutes can be given at all.
///
/// # Errors
/// `invalid` with the field `minutes`.
pub fn check_minutes(minutes: i64) -> Result<i64, Error> {
    if (1..=LARGEST_MIN).contains(&minutes) {
        return Ok(minutes);
    }
    Err(Problem::field(
        "minutes",
        Said::new(
            format!("时长应为 1 分钟到 {}。", spoken(LARGEST_MIN, Lang::Zh)),
            format!(
                "It must be from 1 min to {}.",
                spoken(LARGEST_MIN, Lang::En)
            ),
        ),
    )
    .into())
}

/// A reason, trimmed.
///
/// # Errors
/// `invalid` with the field `reason` where there is none, or a long one.
pub fn check_reason(reason: &str) -> Result<String, Error> {
    let reason = reason.trim();
    if (1..=LONGEST_REASON).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(Problem::field(
        "reason",
        Said::new(
            format!("请写明原因（{LONGEST_REASON} 字以内）。"),
            format!("Please give a reason, {LONGEST_REASON} characters at most."),
        ),
    )
    .into())
}

/// The refusal where an account holds less than is asked of it.
#[must_use]
pub fn too_little(holds: i64, wanted: i64) -> Error {
    let both = |lang| (spoken(holds, lang), spoken(wanted, lang));
    let (has, asked) = both(Lang::Zh);
    let (has_en, asked_en) = both(Lang::En);
    Problem::field(
        "minutes",
        Said::new(
            format!("账户里有 {has}，不够 {asked}。"),
            format!("The account holds {has_en}, which is less than {asked_en}."),
        ),
    )
    .into()
}

/// The refusal where an account would hold more than one may.
#[must_use]
pub fn above_the_cap(holds: i64) -> Error {
    let room = (CAP_MIN - holds).max(0);
    Problem::field(
        "minutes",
        Said::new(
            format!(
                "对方账户最多存 1500 小时，还能收 {}。",
                spoken(room, Lang::Zh)
            ),
            format!(
                "That account may hold 1,500 h; there is room for {}.",
                spoken(room, Lang::En)
            ),
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_cap_is_surplus() {
        assert_eq!(surplus(CAP_MIN), None);
        assert_eq!(surplus(CAP_MIN + 15), Some(15));
        assert_eq!(surplus(0), None);
    }

    #[test]
    fn minutes_are_said_in_hours() {
        assert_eq!(spoken(0, Lang::Zh), "0 分钟");
        assert_eq!(spoken(150, Lang::Zh), "2 小时 30 分钟");
        assert_eq!(spoken(120, Lang::En), "2 h");
    }

    #[test]
    fn none_less_than_none_and_more_than_the_cap_are_refused() {
        for bad in [0, -1, i64::MIN, CAP_MIN + 1, i64::MAX] {
            assert!(check_minutes(bad).is_err(), "{bad}");
        }
        assert!(check_minutes(1).is_ok() && check_minutes(CAP_MIN).is_ok());
    }

    #[test]
    fn neighbours_are_not_close_family() {
        assert!(is_close(Kinship::Daughter) && is_close(Kinship::Sibling));
        assert!(!is_close(Kinship::Neighbour) && !is_close(Kinship::Other));
    }

    #[test]
    fn a_reason_has_letters_and_an_end() {
        assert!(check_reason("  ").is_err());
        assert!(check_reason(&"长".repeat(201)).is_err());
        assert_eq!(check_reason(" 记错了 ").unwrap(), "记错了");
    }
}
