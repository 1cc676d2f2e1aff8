//! What may be, and what is better: one file a rule.
//!
//! A hard rule's file has its `CODE`, the data its sentence needs, `check` (one helper, one start) and the sentence in both
//! languages. A soft rule's file has its `CODE`, its part of the [`crate::Score`], and the reason it gives people.
//! To add a rule: write its file, name it in [`Exclusion`] or [`Reason`], call it here, derive it anew in `checker`.

pub mod ability;
pub mod asked_time;
pub mod available;
pub mod avoid;
pub mod continuity;
pub mod credential;
pub mod crew_distinct;
pub mod daily_limit;
pub mod declined;
pub mod fair_share;
pub mod kind;
pub mod order;
pub mod overlap;
pub mod own_household;
pub mod priority;
pub mod provider;
pub mod published_kept;
pub mod room;
pub mod sex;
pub mod skill;
pub mod walking;
pub mod weekly_limit;
pub mod window;

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::state::PlanState;
use crate::words::Lang;
use serde::Serialize;

/// A hard rule that an assignment would break, with what its sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Exclusion {
    /// The visit does not permit this kind of helper.
    Kind(kind::NotPermitted),
    /// The helper lacks the skill.
    Skill(skill::NotHeld),
    /// The skill's credential is missing, not yet valid or expired.
    Credential(credential::NotValid),
    /// The helper is not available then.
    Available(available::NotAvailable),
    /// The helper is elsewhere, or on the way.
    Overlap(overlap::Overlaps),
    /// The day would hold too much care.
    DailyLimit(daily_limit::DayFull),
    /// The week would hold too much care.
    WeeklyLimit(weekly_limit::WeekFull),
    /// Either side wishes to avoid the other.
    Avoid(avoid::Avoided),
    /// The resident asks for the other sex.
    Sex(sex::OtherSex),
    /// A crew of two needs two people.
    CrewDistinct(crew_distinct::NotACrew),
    /// The resident's ability level is outside what the service allows.
    Ability(ability::OutOfRange),
    /// No credit for one's own household.
    OwnHousehold(own_household::Own),
    /// The helper declined this visit.
    Declined(declined::Said),
    /// The helper's provider may not take the visit on.
    Provider(provider::Refused),
    /// The start is outside the visit's window.
    Window(window::Outside),
    /// A linked visit leaves no such start.
    Order(order::OutOfOrder),
}

/// Calls the same method of whatever rule it is.
macro_rules! each {
    ($exclusion:expr, $broken:ident => $body:expr) => {
        match $exclusion {
            Exclusion::Kind($broken) => $body,
            Exclusion::Skill($broken) => $body,
            Exclusion::Credential($broken) => $body,
            Exclusion::Available($broken) => $body,
            Exclusion::Overlap($broken) => $body,
            Exclusion::DailyLimit($broken) => $body,
            Exclusion::WeeklyLimit($broken) => $body,
            Exclusion::Avoid($broken) => $body,
            Exclusion::Sex($broken) => $body,
            Exclusion::CrewDistinct($broken) => $body,
            Exclusion::Ability($broken) => $body,
            Exclusion::OwnHousehold($broken) => $body,
            Exclusion::Declined($broken) => $body,
            Exclusion::Provider($broken) => $body,
            Exclusion::Window($broken) => $body,
            Exclusion::Order($broken) => $body,
        }
    };
}

impl Exclusion {
    /// Stable code of the rule, snake case; the same as the `rule` of its JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Kind(_) => kind::CODE,
            Self::Skill(_) => skill::CODE,
            Self::Credential(_) => credential::CODE,
            Self::Available(_) => available::CODE,
            Self::Overlap(_) => overlap::CODE,
            Self::DailyLimit(_) => daily_limit::CODE,
            Self::WeeklyLimit(_) => weekly_limit::CODE,
            Self::Avoid(_) => avoid::CODE,
            Self::Sex(_) => sex::CODE,
            Self::CrewDistinct(_) => crew_distinct::CODE,
            Self::Ability(_) => ability::CODE,
            Self::OwnHousehold(_) => own_household::CODE,
            Self::Declined(_) => declined::CODE,
            Self::Provider(_) => provider::CODE,
            Self::Window(_) => window::CODE,
            Self::Order(_) => order::CODE,
        }
    }

    /// Whom it concerns.
    pub fn helper(&self) -> HelperIx {
        each!(self, broken => broken.helper)
    }

    /// Whether a coordinator may override it with a reason. Nobody can be in two places, or be two people, and a provider
    /// is admitted and suspended by more than one.
    pub const fn overridable(&self) -> bool {
        !matches!(
            self,
            Self::Overlap(_) | Self::CrewDistinct(_) | Self::Provider(_)
        )
    }

    /// One sentence on what stands against it, without the helper's name: it is read beside it.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        each!(self, broken => broken.sentence(problem, lang))
    }

    /// The sentence with the helper's name before it.
    pub fn named_sentence(&self, problem: &Problem, lang: Lang) -> String {
        let name = &problem.helper(self.helper()).name;
        let sentence = self.sentence(problem, lang);
        lang.pick(format!("{name}：{sentence}"), format!("{name}: {sentence}"))
    }
}

/// Every hard rule broken by sending `helper` to `visit` at `start` while `state` stands; the visit's own place in `state` does
/// not count. The crew's other rules are in [`crew_exclusions`].
pub fn exclusions(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Vec<Exclusion> {
    let mut broken = standing(problem, visit, helper);
    broken.extend(credential::check(problem, visit, helper, start).map(Exclusion::Credential));
    broken.extend(window::check(problem, visit, helper, start).map(Exclusion::Window));
    broken.extend(order::check(problem, state, visit, helper, start).map(Exclusion::Order));
    broken.extend(available::check(problem, visit, helper, start).map(Exclusion::Available));
    broken.extend(overlap::check(problem, state, visit, helper, start).map(Exclusion::Overlap));
    broken.extend(
        daily_limit::check(problem, state, visit, helper, start).map(Exclusion::DailyLimit),
    );
    broken.extend(
        weekly_limit::check(problem, state, visit, helper, start).map(Exclusion::WeeklyLimit),
    );
    broken
}

/// The rules that do not depend on the time: provider, kind, skill, avoid, sex, ability, own household,
/// declined.
pub fn standing(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Vec<Exclusion> {
    let rules = [
        provider::check(problem, visit, helper).map(Exclusion::Provider),
        declined::check(problem, visit, helper).map(Exclusion::Declined),
        avoid::check(problem, visit, helper).map(Exclusion::Avoid),
        kind::check(problem, visit, helper).map(Exclusion::Kind),
        skill::check(problem, visit, helper).map(Exclusion::Skill),
        sex::check(problem, visit, helper).map(Exclusion::Sex),
        ability::check(problem, visit, helper).map(Exclusion::Ability),
        own_household::check(problem, visit, helper).map(Exclusion::OwnHousehold),
    ];
    rules.into_iter().flatten().collect()
}

/// Every hard rule broken by sending this crew.
pub fn crew_exclusions(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helpers: &[HelperIx],
    start: Seconds,
) -> Vec<Exclusion> {
    let mut broken: Vec<_> = crew_distinct::check(problem, visit, helpers)
        .map(Exclusion::CrewDistinct)
        .into_iter()
        .collect();
    for (at, helper) in helpers.iter().enumerate() {
        if !helpers[..at].contains(helper) {
            broken.extend(exclusions(problem, state, visit, *helper, start));
        }
    }
    broken
}

/// Why an assignment is a good one, or what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// When, against when it was asked for.
    AskedTime(asked_time::Shift),
    /// How well the helper knows the resident.
    Continuity(continuity::Known),
    /// How much of her limit is used.
    FairShare(fair_share::Room),
    /// How far she walks.
    Walking(walking::Way),
    /// Kept as it was told.
    PublishedKept(published_kept::Kept),
}

/// One reason with its worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Stable code of the soft rule.
    pub code: &'static str,
    /// The rule's cost for this assignment, in the unit of its field of [`crate::Score`]; less is better.
    pub value: i64,
    /// What its sentence needs.
    pub reason: Reason,
}

impl Part {
    /// The reason in words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        match &self.reason {
            Reason::AskedTime(shift) => shift.sentence(problem, lang),
            Reason::Continuity(known) => known.sentence(problem, lang),
            Reason::FairShare(room) => room.sentence(problem, lang),
            Reason::Walking(way) => way.sentence(problem, lang),
            Reason::PublishedKept(kept) => kept.sentence(problem, lang),
        }
    }
}

/// The reasons for sending this crew at this start while `state` stands, in the order of the soft rules.
pub fn parts(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helpers: &[HelperIx],
    start: Seconds,
) -> Vec<Part> {
    let mut parts = Vec::with_capacity(2 + 3 * helpers.len());
    parts.extend(published_kept::part(problem, visit, helpers, start));
    parts.extend(asked_time::part(problem, visit, start));
    parts.extend(
        helpers
            .iter()
            .filter_map(|helper| continuity::part(problem, visit, *helper)),
    );
    parts.extend(
        helpers
            .iter()
            .map(|helper| fair_share::part(problem, state, visit, *helper, start)),
    );
    parts.extend(
        helpers
            .iter()
            .map(|helper| walking::part(problem, state, visit, *helper, start)),
    );
    parts
}
