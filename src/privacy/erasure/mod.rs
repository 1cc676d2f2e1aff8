//! Erasure (删除): everything personal about a resident goes, on their wish, their family's, or because it was kept long enough;
//! what stands for the counts stays, without a name. Two people of the office look at it, never one alone.
//!
//! PIPL article 47 gives the right; the two pairs of eyes are ours, because what is gone does not come back.

mod carry_out;
pub mod columns;
mod ending;
mod in_the_way;
pub mod person;
pub mod queries;
mod relatives;
pub mod routes;
pub mod views;

use entity::erasure;
use entity::ids::AccountId;
use entity::words::{ErasureGround, ErasureState, Lang};

pub use carry_out::{erase, preview};
pub use ending::kept_long_enough;

use crate::error::{Problem, Result};
use crate::said::{Said, pick};

/// What stands in the place of a name that was erased.
pub const ERASED_NAME: &str = "已删除";
/// What stands in the place of words that cannot be left out.
pub(super) const STRUCK: &str = "—";

/// Whether this is what stands in the place of an erased name.
#[must_use]
pub fn is_erased_name(name: &str) -> bool {
    name == ERASED_NAME
}

/// Why, in words.
#[must_use]
pub fn ground_word(ground: ErasureGround, lang: Lang) -> &'static str {
    let (zh, en) = match ground {
        ErasureGround::OwnWish => ("老人本人要求", "the resident's wish"),
        ErasureGround::FamilyWish => ("家属要求", "the family's wish"),
        ErasureGround::KeptLongEnough => ("保存期已满", "kept long enough"),
    };
    pick(lang, zh, en)
}

/// How far it is, in words.
#[must_use]
pub fn state_word(state: ErasureState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        ErasureState::Asked => ("等待核对", "to be looked at"),
        ErasureState::Checked => ("等待第二人确认", "a second person is to confirm"),
        ErasureState::Done => ("已删除", "erased"),
        ErasureState::Refused => ("没有同意", "refused"),
        ErasureState::TakenBack => ("已撤回", "taken back"),
    };
    pick(lang, zh, en)
}

/// Where a request stands once it was asked: the office's own is looked at already, by who asked.
#[must_use]
pub fn asked_as(by_office: bool) -> ErasureState {
    if by_office {
        ErasureState::Checked
    } else {
        ErasureState::Asked
    }
}

/// Whose wish it is: a family asks for itself, the office says. That it was kept long enough is the night's to say.
///
/// # Errors
/// `invalid` with the field `ground`.
pub fn ground_of(by_office: bool, said: Option<ErasureGround>) -> Result<ErasureGround> {
    match (by_office, said) {
        (false, _) => Ok(ErasureGround::FamilyWish),
        (true, None) => Ok(ErasureGround::OwnWish),
        (true, Some(ErasureGround::KeptLongEnough)) => Err(Problem::field(
            "ground",
            Said::new(
                "请选择是老人本人还是家属要求。",
                "Say whether it is the resident's or the family's wish.",
            ),
        )
        .into()),
        (true, Some(wish)) => Ok(wish),
    }
}

/// Whether it is still to be decided.
#[must_use]
pub fn is_open(state: ErasureState) -> bool {
    matches!(state, ErasureState::Asked | ErasureState::Checked)
}

/// The first look: only at what nobody has looked at.
///
/// # Errors
/// `not-now`.
pub fn may_check(row: &erasure::Model) -> Result<()> {
    if row.state == ErasureState::Asked {
        return Ok(());
    }
    Err(elsewhere(row).into())
}

/// The second look, by somebody else than the first and than who asked.
///
/// # Errors
/// `not-now`, with which of the two.
pub fn may_confirm(row: &erasure::Model, by: AccountId) -> Result<()> {
    if row.state != ErasureState::Checked {
        return Err(elsewhere(row).into());
    }
    if row.checked_by == Some(by) || row.asked_by == Some(by) {
        return Err(same_person().into());
    }
    Ok(())
}

/// Whether it can still be refused or taken back.
///
/// # Errors
/// `not-now`.
pub fn may_end(row: &erasure::Model) -> Result<()> {
    if is_open(row.state) {
        return Ok(());
    }
    Err(elsewhere(row).into())
}

fn elsewhere(row: &erasure::Model) -> Problem {
    let word = |lang| state_word(row.state, lang);
    Problem::not_now(Said::new(
        format!("这项删除申请现在是“{}”。", word(Lang::Zh)),
        format!("This request now stands at “{}”.", word(Lang::En)),
    ))
}

fn same_person() -> Problem {
    Problem::not_now(Said::new(
        "删除要由两个人经手：您已经看过这一项，请另一位同事确认。",
        "Two people look at an erasure: you have looked at this one, so a colleague is to confirm.",
    ))
}

/// A reason for refusing, trimmed.
///
/// # Errors
/// `invalid` with the field `why`.
pub fn check_why(why: &str) -> Result<String> {
    crate::residents::fields::note(why)
        .map_err(|said| Problem::field("why", said))?
        .ok_or_else(|| {
            Problem::field(
                "why",
                Said::new(
                    "请写明为什么不删除，申请人会看到。",
                    "Please say why it is not erased; whoever asked will read it.",
                ),
            )
            .into()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{CommunityId, ErasureId, ResidentId};

    fn row(state: ErasureState) -> erasure::Model {
        erasure::Model {
            id: ErasureId(1),
            community_id: CommunityId(1),
            resident_id: ResidentId(1),
            ground: ErasureGround::FamilyWish,
            state,
            open: Some(true),
            asked_by: Some(AccountId(1)),
            asked_at: chrono::DateTime::UNIX_EPOCH,
            checked_by: (state == ErasureState::Checked).then_some(AccountId(2)),
            checked_at: None,
            ended_by: None,
            ended_at: None,
            refused_why: None,
            fields: None,
        }
    }

    #[test]
    fn the_one_who_asked_and_the_one_who_looked_cannot_confirm() {
        let checked = row(ErasureState::Checked);
        assert!(may_confirm(&checked, AccountId(1)).is_err());
        assert!(may_confirm(&checked, AccountId(2)).is_err());
        assert!(may_confirm(&checked, AccountId(3)).is_ok());
        assert!(may_confirm(&row(ErasureState::Asked), AccountId(3)).is_err());
    }

    #[test]
    fn what_ended_stays_ended() {
        for state in [
            ErasureState::Done,
            ErasureState::Refused,
            ErasureState::TakenBack,
        ] {
            assert!(may_end(&row(state)).is_err());
            assert!(may_check(&row(state)).is_err());
        }
        assert!(may_end(&row(ErasureState::Asked)).is_ok());
    }
}
