//! Visits of one household that keep an order and a gap: the meal before the medicine. A link binds where somebody is to come
//! to both; where nobody comes to one of them, the other is still served.

pub mod act;
pub mod queries;
pub mod views;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::VisitId;
use entity::visit_link;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{Broken, Problem, Result};
use crate::said::Said;

/// Most minutes between two linked starts: a link is about one part of a day.
pub const MOST_MIN: i32 = 720;

/// Letting another visit follow one.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Linking {
    /// What comes after, of the same household and day.
    pub then: VisitId,
    /// Least minutes between the two starts: 0 to 720, in steps of 5.
    #[schema(minimum = 0, maximum = 720)]
    pub least_min: i32,
    /// Most minutes between the two starts: no less than the least.
    #[schema(minimum = 0, maximum = 720)]
    pub most_min: i32,
}

/// Whether a gap can be kept.
///
/// # Errors
/// `invalid`, with the field.
pub fn check_gap(least_min: i32, most_min: i32) -> Result<()> {
    let sane = |minutes: i32| (0..=MOST_MIN).contains(&minutes) && minutes % 5 == 0;
    let wrong = |field| {
        let said = Said::new(
            "间隔请填 0 到 720 之间整 5 分钟的数。",
            "The gap is a number of minutes from 0 to 720 in steps of five.",
        );
        Problem::field(field, said)
    };
    if !sane(least_min) {
        return Err(wrong("least_min").into());
    }
    if !sane(most_min) {
        return Err(wrong("most_min").into());
    }
    if most_min < least_min {
        let said = Said::new(
            "最长间隔不能比最短间隔还短。",
            "The longest gap cannot be shorter than the shortest.",
        );
        return Err(Problem::field("most_min", said).into());
    }
    Ok(())
}

/// Whether `to` comes after `from` already, by way of however many links.
#[must_use]
pub fn leads(links: &[(VisitId, VisitId)], from: VisitId, to: VisitId) -> bool {
    let mut after: HashMap<VisitId, Vec<VisitId>> = HashMap::new();
    for (first, second) in links {
        after.entry(*first).or_default().push(*second);
    }
    let mut waiting = vec![from];
    let mut seen = Vec::new();
    while let Some(at) = waiting.pop() {
        if at == to {
            return true;
        }
        if !seen.contains(&at) {
            seen.push(at);
            waiting.extend(after.get(&at).into_iter().flatten());
        }
    }
    false
}

/// The starts that a linked visit, to which somebody is to come, leaves to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leeway {
    /// What the linked visit is called: whose, when, what.
    pub other: Said,
    /// Earliest.
    pub from: DateTime<Utc>,
    /// Latest.
    pub to: DateTime<Utc>,
}

impl Leeway {
    /// What a link leaves to the visit, once the one at its other end starts at `start`.
    #[must_use]
    pub fn of(link: &visit_link::Model, visit: VisitId, other: Said, start: DateTime<Utc>) -> Self {
        let [least, most] =
            [link.least_min, link.most_min].map(|minutes| TimeDelta::minutes(minutes.into()));
        let (from, to) = if visit == link.second_id {
            (start + least, start + most)
        } else {
            (start - most, start - least)
        };
        Self { other, from, to }
    }

    /// Whether it leaves this start.
    #[must_use]
    pub fn leaves(&self, start: DateTime<Utc>) -> bool {
        (self.from..=self.to).contains(&start)
    }

    /// When the visit may start for the other's sake.
    #[must_use]
    pub fn sentence(&self, zone: Tz) -> Said {
        let [from, to] =
            [self.from, self.to].map(|at| at.with_timezone(&zone).format("%-H:%M").to_string());
        let Said { zh, en } = &self.other;
        if from == to {
            return Said::new(
                format!("为了配合「{zh}」，只能在{from}开始。"),
                format!("Because of “{en}” it can only start at {from}."),
            );
        }
        Said::new(
            format!("为了配合「{zh}」，要在{from}到{to}之间开始。"),
            format!("Because of “{en}” it is to start between {from} and {to}."),
        )
    }

    /// The rule that another start breaks.
    #[must_use]
    pub fn broken(&self, zone: Tz) -> Broken {
        Broken {
            code: crate::matching::rules::order::CODE,
            sentence: self.sentence(zone),
            overridable: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{AccountId, CommunityId};

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn link(least_min: i32, most_min: i32) -> visit_link::Model {
        visit_link::Model {
            first_id: VisitId(1),
            second_id: VisitId(2),
            community_id: CommunityId(1),
            least_min,
            most_min,
            linked_by: AccountId(1),
            created_at: at(0),
        }
    }

    #[test]
    fn each_leaves_the_other_what_the_gap_allows() {
        let (link, other) = (link(30, 60), Said::new("送餐", "Meal"));
        let after = Leeway::of(&link, VisitId(2), other.clone(), at(540));
        assert_eq!((after.from, after.to), (at(570), at(600)));
        assert!(after.leaves(at(570)) && after.leaves(at(600)));
        assert!(!after.leaves(at(565)) && !after.leaves(at(605)));
        let before = Leeway::of(&link, VisitId(1), other, at(540));
        assert_eq!((before.from, before.to), (at(480), at(510)));
        let said = before.sentence(chrono_tz::UTC);
        assert!(said.zh.contains("8:00到8:30"), "{}", said.zh);
    }

    #[test]
    fn a_gap_that_cannot_be_is_refused() {
        assert!(check_gap(0, 0).is_ok() && check_gap(30, 720).is_ok());
        for (least, most) in [(-5, 30), (0, 725), (2, 30), (30, 32), (60, 30)] {
            assert!(check_gap(least, most).is_err(), "{least} {most}");
        }
    }

    #[test]
    fn what_leads_to_what_is_found_by_way_of_others() {
        let [one, two, three, four] = [1, 2, 3, 4].map(VisitId);
        let links = [(one, two), (two, three), (three, two)];
        assert!(leads(&links, one, three) && leads(&links, two, two));
        assert!(!leads(&links, three, one) && !leads(&links, one, four));
    }
}
