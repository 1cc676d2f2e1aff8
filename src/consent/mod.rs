//! Consent (同意): for what a resident's data is used, purpose by purpose, in which words they were asked, what they said and how,
//! and taking it back, which is one tap in the place where it was given.
//!
//! What was said stops or lets go; **not having been asked stops nothing**. The roll is older than this room, and nobody
//! who is cared for today may go without tomorrow because a paper is missing. Who has not been asked stands on the
//! desk's list until they are.

pub mod queries;
pub mod routes;
pub mod texts;
pub mod views;

use entity::consent;
use entity::words::{ConsentHow, HelperKind, Purpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Problem};
use crate::matching::Barred;
use crate::residents::fields;
use crate::said::Said;

/// All purposes, in the order in which people are asked.
pub const PURPOSES: [Purpose; 5] = [
    Purpose::Care,
    Purpose::Health,
    Purpose::Merchants,
    Purpose::Grid,
    Purpose::Messages,
];

/// Where a resident stands with one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Nobody has asked yet: the work goes on, and the desk is to ask.
    NotAsked,
    /// They agreed to the text as it stands.
    Given,
    /// They agreed to an earlier text, which holds; the desk is to ask again.
    GivenEarlier,
    /// They said no.
    Refused,
    /// They agreed, and took it back.
    Withdrawn,
}

impl ConsentState {
    /// Where the answer that counts leaves them, when the text's latest version is this one.
    #[must_use]
    pub fn of(answer: Option<&consent::Model>, latest: i32) -> Self {
        match answer {
            None => Self::NotAsked,
            Some(row) if row.withdrawn_at.is_some() => Self::Withdrawn,
            Some(row) if !row.given => Self::Refused,
            Some(row) if row.version < latest => Self::GivenEarlier,
            Some(_) => Self::Given,
        }
    }

    /// Whether the purpose is served: only a no, and a yes that was taken back, stop it.
    #[must_use]
    pub fn allows(self) -> bool {
        !matches!(self, Self::Refused | Self::Withdrawn)
    }

    /// Whether the desk is to ask.
    #[must_use]
    pub fn is_to_ask(self) -> bool {
        matches!(self, Self::NotAsked | Self::GivenEarlier)
    }
}

/// How a purpose is called.
#[must_use]
pub fn title(purpose: Purpose) -> Said {
    match purpose {
        Purpose::Care => Said::new("照护服务", "Care"),
        Purpose::Health => Said::new("健康信息", "Health"),
        Purpose::Merchants => Said::new("提供给商户", "Sharing with merchants"),
        Purpose::Grid => Said::new("网格走访和体检通知", "Grid rounds and health checks"),
        Purpose::Messages => Said::new("给家属的消息", "Messages to the family"),
    }
}

/// What stops while it is not allowed.
#[must_use]
pub fn effect(purpose: Purpose) -> Said {
    match purpose {
        Purpose::Care => Said::new(
            "不再接受新的预约，也不再安排新的服务人员。已经约好的不会自动取消，不需要的请取消。",
            "No new visits are booked and nobody new is sent. What is booked is not cancelled by itself; please cancel what is not wanted.",
        ),
        Purpose::Health => Said::new(
            "服务人员看不到注意事项，安排时不再考虑能力等级；只照常提供服务本身。",
            "Helpers do not see what has to be minded, and ability is not considered in matching; the service itself goes on.",
        ),
        Purpose::Merchants => Said::new(
            "不再安排商户上门，只由互助队和照护公司服务。",
            "No merchant is sent; the mutual-aid team and the care company come.",
        ),
        Purpose::Grid => Said::new(
            "网格员的走访名单上不再出现这位老人。",
            "The resident is no longer on the grid officer's round.",
        ),
        Purpose::Messages => Said::new(
            "不再给家属发服务消息；网页上仍然看得到。",
            "The family gets no more letters about visits; the pages still show them.",
        ),
    }
}

/// How it was said, in words.
#[must_use]
pub fn how_word(how: ConsentHow) -> Said {
    match how {
        ConsentHow::InPerson => Said::new("本人当面", "by the resident in person"),
        ConsentHow::Family => Said::new("家属在网页上", "by the family on their page"),
        ConsentHow::Paper => Said::new("签字纸", "on a signed paper"),
        ConsentHow::Telephone => Said::new("电话", "by telephone"),
    }
}

/// How somebody answers, as it is kept: a family member answers on their page, the desk says how it heard; a paper has
/// its number.
///
/// # Errors
/// `invalid`, with the field `how` or `note`.
pub fn heard(
    by_family: bool,
    how: Option<ConsentHow>,
    note: Option<&str>,
) -> Result<(ConsentHow, Option<String>), Error> {
    let note =
        fields::note(note.unwrap_or_default()).map_err(|said| Problem::field("note", said))?;
    if by_family {
        return match how {
            None | Some(ConsentHow::Family) => Ok((ConsentHow::Family, note)),
            Some(_) => Err(how_wrong()),
        };
    }
    match how {
        Some(ConsentHow::Paper) if note.is_none() => Err(Problem::field(
            "note",
            Said::new(
                "请填写纸质同意书的编号。",
                "Please give the number of the paper.",
            ),
        )
        .into()),
        Some(how @ (ConsentHow::InPerson | ConsentHow::Paper | ConsentHow::Telephone)) => {
            Ok((how, note))
        }
        Some(ConsentHow::Family) | None => Err(how_wrong()),
    }
}

fn how_wrong() -> Error {
    Problem::field(
        "how",
        Said::new(
            "请选择是怎么得知的：本人当面、签字纸，还是电话。",
            "Please say how it was heard: in person, on paper or by telephone.",
        ),
    )
    .into()
}

/// What a resident's own word has against a helper's coming: nobody new without the consent to care, and no merchant
/// without the consent to sharing.
#[must_use]
pub fn bars(kind: HelperKind, allows: impl Fn(Purpose) -> bool) -> Option<Barred> {
    if !allows(Purpose::Care) {
        Some(Barred::NoCare)
    } else if kind == HelperKind::Merchant && !allows(Purpose::Merchants) {
        Some(Barred::NoSharing)
    } else {
        None
    }
}

/// The refusal of a booking for whom care is not agreed to.
#[must_use]
pub fn no_care() -> Error {
    Problem::not_now(Said::new(
        "已撤回“照护服务”的同意，不能新预约。",
        "Consent to care was withdrawn, so nothing new can be booked.",
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use entity::ids::{AccountId, CommunityId, ConsentId, ResidentId};

    fn answer(given: bool, version: i32, withdrawn: bool) -> consent::Model {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        consent::Model {
            id: ConsentId(1),
            community_id: CommunityId(1),
            resident_id: ResidentId(1),
            purpose: Purpose::Care,
            version,
            given,
            how: ConsentHow::InPerson,
            note: None,
            recorded_by: AccountId(1),
            given_at: at,
            withdrawn_at: withdrawn.then_some(at),
            withdrawn_how: None,
            withdrawn_by: None,
            withdrawn_note: None,
            current: Some(true),
        }
    }

    #[test]
    fn only_a_no_stops_and_only_silence_or_an_old_yes_is_to_be_asked() {
        use ConsentState::{Given, GivenEarlier, NotAsked, Refused, Withdrawn};
        for (row, state, allows, to_ask) in [
            (None, NotAsked, true, true),
            (Some(answer(true, 2, false)), Given, true, false),
            (Some(answer(true, 1, false)), GivenEarlier, true, true),
            (Some(answer(false, 2, false)), Refused, false, false),
            (Some(answer(true, 2, true)), Withdrawn, false, false),
            (Some(answer(true, 1, true)), Withdrawn, false, false),
        ] {
            let found = ConsentState::of(row.as_ref(), 2);
            assert_eq!(found, state);
            assert_eq!(
                (found.allows(), found.is_to_ask()),
                (allows, to_ask),
                "{state:?}"
            );
        }
    }

    #[test]
    fn who_answers_says_how_and_a_paper_has_its_number() {
        assert_eq!(heard(true, None, None).unwrap().0, ConsentHow::Family);
        assert!(heard(true, Some(ConsentHow::Paper), Some("7")).is_err());
        assert!(heard(false, None, None).is_err());
        assert!(heard(false, Some(ConsentHow::Family), None).is_err());
        assert!(heard(false, Some(ConsentHow::Paper), Some(" ")).is_err());
        let (how, note) = heard(false, Some(ConsentHow::Paper), Some(" 2026-017 ")).unwrap();
        assert_eq!(
            (how, note.as_deref()),
            (ConsentHow::Paper, Some("2026-017"))
        );
    }
}
