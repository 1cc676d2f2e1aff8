//! Providers (服务商): how they are admitted, by which papers, what they offer and for how much.
//!
//! Applied → checked → approved by two people → suspended, resumed, ended; or refused with a reason. Whether one may take new
//! work is said in one place, [`standing::Admission`]; the engine, the catalogue and the write that places a crew all ask there.

pub mod apply;
pub mod file;
pub mod hand_over;
pub mod offers;
pub mod papers;
pub mod prices;
pub mod queries;
pub mod routes;
pub mod scans;
pub mod standing;
pub mod steps;
pub mod views;
pub mod words;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::provider_paper;
use entity::words::{HelperKind, PaperKind, ProviderKind, ProviderState, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::said::Said;

/// Days before its last day from which a paper is warned of.
pub const WARN_DAYS: i64 = 30;
/// How many people approve, each once.
pub const APPROVALS: usize = 2;
/// The standings of those that work here or did until they were suspended: the partners.
pub const ADMITTED: [Standing; 2] = [Standing::Approved, Standing::Suspended];
/// Characters of a reason, a note, or what a provider wants to offer, at most.
pub const LONGEST_TEXT: usize = 500;
/// Characters of a name or of who issued a paper at most.
pub const LONGEST_NAME: usize = 100;

/// The kind of helper that comes for a kind of provider.
#[must_use]
pub fn helper_kind(kind: ProviderKind) -> HelperKind {
    match kind {
        ProviderKind::MutualAid => HelperKind::Volunteer,
        ProviderKind::CareCompany => HelperKind::Staff,
        ProviderKind::Merchant => HelperKind::Merchant,
    }
}

/// What is done with a provider's admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProviderStep)]
pub enum Step {
    /// Its licences and record were checked.
    Check,
    /// One of two approvals, each by another person.
    Approve,
    /// Refused, with a reason.
    Refuse,
    /// It applies once more, after it was refused or has ended.
    Reapply,
    /// No new work, with a reason.
    Suspend,
    /// New work again.
    Resume,
    /// It works with us no more, with a reason; nothing may be running.
    End,
}

/// Where a step leads; `approvals` counts those of this round, the one at hand included.
///
/// # Errors
/// `not-now` where the standing does not allow it.
pub fn after(standing: Standing, step: Step, approvals: usize) -> Result<Standing> {
    use Standing::{Applied, Approved, Checked, Ended, Refused, Suspended};
    Ok(match (step, standing) {
        (Step::Check, Applied) | (Step::Approve, Checked) if approvals < APPROVALS => Checked,
        (Step::Approve, Checked) | (Step::Resume, Suspended) => Approved,
        (Step::Refuse, Applied | Checked) => Refused,
        (Step::Reapply, Refused | Ended) => Applied,
        (Step::Suspend, Approved) => Suspended,
        (Step::End, Approved | Suspended) => Ended,
        _ => {
            return Err(Problem::not_now(Said::new(
                format!(
                    "这家服务商现在是“{}”，不能做这一步。",
                    words::standing_word(standing, entity::words::Lang::Zh)
                ),
                format!(
                    "This provider is now \u{201c}{}\u{201d}; that step cannot be taken.",
                    words::standing_word(standing, entity::words::Lang::En)
                ),
            ))
            .into());
        }
    })
}

/// What the previous release is told of a standing.
#[must_use]
pub fn state_of(standing: Standing) -> ProviderState {
    if standing == Standing::Approved {
        ProviderState::Active
    } else {
        ProviderState::Suspended
    }
}

/// Which papers a provider of this kind must have that offers services of these categories.
#[must_use]
pub fn needed<'a>(
    kind: ProviderKind,
    categories: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<PaperKind> {
    let mut needed = BTreeSet::from([PaperKind::RecordCheck]);
    if kind == ProviderKind::MutualAid {
        return needed;
    }
    needed.insert(PaperKind::BusinessLicence);
    if kind == ProviderKind::CareCompany {
        needed.insert(PaperKind::Insurance);
    }
    for category in categories {
        match category {
            "助餐" => needed.insert(PaperKind::FoodLicence),
            "健康体检" => needed.insert(PaperKind::MedicalPractice),
            _ => false,
        };
    }
    needed
}

/// Whether a paper is good on a day: it was checked, and its last day is not over.
#[must_use]
pub fn is_good(paper: &provider_paper::Model, day: NaiveDate) -> bool {
    paper.checked_at.is_some() && !has_expired(paper, day)
}

/// Whether a paper's last day is over.
#[must_use]
pub fn has_expired(paper: &provider_paper::Model, day: NaiveDate) -> bool {
    paper.valid_until.is_some_and(|last| last < day)
}

/// The papers of which one is out of date and none of the same kind is good: as long as they are, no new work is taken.
#[must_use]
pub fn lapsed(papers: &[provider_paper::Model], day: NaiveDate) -> BTreeSet<PaperKind> {
    papers
        .iter()
        .filter(|paper| paper.required && has_expired(paper, day))
        .map(|paper| paper.kind)
        .filter(|kind| {
            !papers
                .iter()
                .any(|other| other.kind == *kind && is_good(other, day))
        })
        .collect()
}

/// The papers that will be out of date within [`WARN_DAYS`] of a day with no better one behind them, the soonest first.
#[must_use]
pub fn expiring(papers: &[provider_paper::Model], day: NaiveDate) -> Vec<&provider_paper::Model> {
    let soon = |paper: &&provider_paper::Model| {
        paper.required
            && paper
                .valid_until
                .is_some_and(|last| (0..=WARN_DAYS).contains(&(last - day).num_days()))
    };
    let renewed = |paper: &provider_paper::Model| {
        papers.iter().any(|other| {
            other.kind == paper.kind
                && is_good(other, day)
                && other
                    .valid_until
                    .is_none_or(|last| paper.valid_until.is_some_and(|own| last > own))
        })
    };
    let mut found: Vec<_> = papers
        .iter()
        .filter(soon)
        .filter(|paper| !renewed(paper))
        .collect();
    found.sort_by_key(|paper| paper.valid_until);
    found
}

/// What is missing before the licences and record count as checked: needed papers of which none is good.
#[must_use]
pub fn missing(
    needed: &BTreeSet<PaperKind>,
    papers: &[provider_paper::Model],
    day: NaiveDate,
) -> Vec<PaperKind> {
    needed
        .iter()
        .copied()
        .filter(|kind| {
            !papers
                .iter()
                .any(|paper| paper.kind == *kind && is_good(paper, day))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{AccountId, ProviderId, ProviderPaperId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn paper(kind: PaperKind, until: Option<&str>, checked: bool) -> provider_paper::Model {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        provider_paper::Model {
            id: ProviderPaperId(1),
            provider_id: ProviderId(1),
            kind,
            number: "X".into(),
            issued_by: "X".into(),
            valid_until: until.map(day),
            required: true,
            note: None,
            added_by: None,
            added_at: at,
            checked_by: checked.then_some(AccountId(1)),
            checked_at: checked.then_some(at),
        }
    }

    #[test]
    fn an_admission_goes_its_way_and_no_other() {
        use Standing::{Applied, Approved, Checked, Ended, Refused, Suspended};
        let goes = |from, step, approvals| after(from, step, approvals).ok();
        assert_eq!(goes(Applied, Step::Check, 0), Some(Checked));
        assert_eq!(goes(Checked, Step::Approve, 1), Some(Checked));
        assert_eq!(goes(Checked, Step::Approve, 2), Some(Approved));
        assert_eq!(goes(Approved, Step::Suspend, 0), Some(Suspended));
        assert_eq!(goes(Suspended, Step::Resume, 0), Some(Approved));
        assert_eq!(goes(Suspended, Step::End, 0), Some(Ended));
        assert_eq!(goes(Refused, Step::Reapply, 0), Some(Applied));
        for (from, step) in [
            (Applied, Step::Approve),
            (Approved, Step::Approve),
            (Approved, Step::Check),
            (Refused, Step::Approve),
            (Suspended, Step::Refuse),
            (Ended, Step::Resume),
            (Applied, Step::Suspend),
        ] {
            assert_eq!(goes(from, step, 2), None, "{from:?} {step:?}");
        }
    }

    #[test]
    fn who_cooks_needs_a_food_licence() {
        let merchant = needed(ProviderKind::Merchant, ["助餐", "摄影"]);
        assert!(merchant.contains(&PaperKind::FoodLicence));
        assert!(!merchant.contains(&PaperKind::Insurance));
        assert!(
            needed(ProviderKind::CareCompany, ["健康体检"]).contains(&PaperKind::MedicalPractice)
        );
        assert_eq!(
            needed(ProviderKind::MutualAid, ["助餐"]),
            BTreeSet::from([PaperKind::RecordCheck])
        );
    }

    #[test]
    fn an_expired_paper_bars_until_a_checked_one_takes_its_place() {
        let licence = |until, checked| paper(PaperKind::BusinessLicence, Some(until), checked);
        let old = licence("2026-11-24", true);
        let barred = |papers: &[_], on| !lapsed(papers, day(on)).is_empty();
        assert!(
            !barred(std::slice::from_ref(&old), "2026-11-24"),
            "its last day"
        );
        assert!(barred(std::slice::from_ref(&old), "2026-11-25"));
        let unchecked = [old.clone(), licence("2027-11-24", false)];
        assert!(barred(&unchecked, "2026-11-25"));
        let renewed = [old.clone(), licence("2027-11-24", true)];
        assert!(!barred(&renewed, "2026-11-25"));
        let not_required = provider_paper::Model {
            required: false,
            ..old.clone()
        };
        assert!(!barred(&[not_required], "2026-11-25"));
        assert!(!barred(
            &[paper(PaperKind::BusinessLicence, None, true)],
            "2099-01-01"
        ));
        let warned = |papers: &[_], on| expiring(papers, day(on)).len();
        assert_eq!(warned(std::slice::from_ref(&old), "2026-10-25"), 1);
        assert_eq!(warned(std::slice::from_ref(&old), "2026-10-24"), 0);
        assert_eq!(warned(&renewed, "2026-11-20"), 0);
        assert_eq!(warned(&unchecked, "2026-11-20"), 1);
    }

    #[test]
    fn what_is_missing_is_what_nobody_checked_or_is_out_of_date() {
        let needs = needed(ProviderKind::Merchant, ["摄影"]);
        let papers = [
            paper(PaperKind::BusinessLicence, Some("2026-11-23"), true),
            paper(PaperKind::RecordCheck, None, false),
        ];
        assert_eq!(missing(&needs, &papers, day("2026-11-24")).len(), 2);
        let papers = [
            paper(PaperKind::BusinessLicence, Some("2027-11-23"), true),
            paper(PaperKind::RecordCheck, None, true),
        ];
        assert!(missing(&needs, &papers, day("2026-11-24")).is_empty());
    }
}
