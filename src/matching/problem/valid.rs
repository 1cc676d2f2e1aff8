//! Whether a problem contradicts itself.

use super::{Helper, Hold, Link, PlaceIx, Problem, Seconds, Visit};
use thiserror::Error;

/// Seconds of a day.
const DAY: Seconds = 86_400;
/// No time that is reckoned with is further from the first day, in seconds: about thirty years, so that sums and squares of
/// them do not leave the numbers.
const FAR: Seconds = 1_000_000_000;

fn near(time: Seconds) -> bool {
    (-FAR..=FAR).contains(&time)
}

impl Problem {
    /// Whether every index, length and interval is sound. The other functions of this crate may panic where it is not.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let wrong = |what: &str| Err(Invalid(what.to_owned()));
        if !(1..=DAY).contains(&self.grid) {
            return wrong("grid must be more than 0 and no more than a day");
        }
        if self.days == 0 || self.week_of_day.len() != self.days {
            return wrong("week_of_day must have one entry for each of at least one day");
        }
        if self.week_of_day.iter().any(|week| *week > self.days) {
            return wrong("week_of_day counts weeks from the first day's on, which is 0");
        }
        if self.walking.places.checked_mul(self.walking.places) != Some(self.walking.seconds.len())
        {
            return wrong("walking must be square");
        }
        for (at, helper) in self.helpers.iter().enumerate() {
            self.validate_helper(helper)
                .map_err(|what| Invalid(format!("helpers[{at}]: {what}")))?;
        }
        for (at, visit) in self.visits.iter().enumerate() {
            self.validate_visit(visit)
                .map_err(|what| Invalid(format!("visits[{at}]: {what}")))?;
        }
        for (at, link) in self.links.iter().enumerate() {
            self.validate_link(link)
                .map_err(|what| Invalid(format!("links[{at}]: {what}")))?;
        }
        Ok(())
    }

    fn validate_link(&self, link: &Link) -> Result<(), &'static str> {
        if link.first == link.second || link.first.max(link.second).0 >= self.visits.len() {
            return Err("first and second must be two visits of the list");
        }
        if link.least < 0 || link.most < link.least || link.most > FAR {
            return Err("least must be 0 or more and no more than most");
        }
        Ok(())
    }

    fn validate_helper(&self, helper: &Helper) -> Result<(), &'static str> {
        let known_place =
            |place: &Option<PlaceIx>| place.is_none_or(|place| place.0 < self.walking.places);
        if !known_place(&helper.start) || !known_place(&helper.end) {
            return Err("start or end is no place of the walking table");
        }
        if helper
            .skills
            .iter()
            .any(|held| held.skill.0 >= self.skills.len())
        {
            return Err("skill is not in the list of skills");
        }
        // Papers and leave are only compared with: some end in the year 9999.
        let mut spans = helper.available.iter();
        let limits = [helper.daily_limit, helper.weekly_limit, helper.recent_load];
        let before = helper.care_before.iter().chain(&limits);
        if !spans.all(|span| near(span.from) && near(span.to)) || !before.copied().all(near) {
            return Err("a time is decades away");
        }
        if helper.available.iter().any(|span| span.to <= span.from) {
            return Err("an availability is empty");
        }
        if helper
            .available
            .windows(2)
            .any(|pair| pair[1].from < pair[0].to)
        {
            return Err("availability must be sorted and disjoint");
        }
        Ok(())
    }

    fn validate_visit(&self, visit: &Visit) -> Result<(), &'static str> {
        if visit.place.0 >= self.walking.places {
            return Err("place is not in the walking table");
        }
        if visit.skill.0 >= self.skills.len() {
            return Err("skill is not in the list of skills");
        }
        let asked = visit.asked.iter().copied();
        let held = visit.held.iter().map(|held| held.start);
        let times = [visit.duration, visit.window.from, visit.window.to];
        if !times.into_iter().chain(asked).chain(held).all(near) {
            return Err("a time is decades away");
        }
        if visit.duration <= 0 {
            return Err("duration must be more than 0");
        }
        if !(1..=2).contains(&visit.crew) {
            return Err("crew must be 1 or 2");
        }
        let fixed = visit
            .held
            .as_ref()
            .is_some_and(|held| held.hold == Hold::Fixed);
        if !fixed && self.grid_up(visit.window.from) > self.grid_down(visit.window.to) {
            return Err("window holds no start on the grid");
        }
        let held = visit.held.iter().flat_map(|held| &held.helpers);
        let past = visit.continuity.iter().map(|(helper, _)| helper);
        let barred = visit.barred.iter().map(|(helper, _)| helper);
        let lists = visit
            .avoid
            .iter()
            .chain(&visit.prefer)
            .chain(&visit.declined);
        if held
            .chain(past)
            .chain(barred)
            .chain(lists)
            .any(|helper| helper.0 >= self.helpers.len())
        {
            return Err("a helper is not in the list of helpers");
        }
        Ok(())
    }
}

/// A problem that contradicts itself: which part, and how.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Invalid(pub String);

#[cfg(test)]
mod tests {
    use crate::problem::*;
    use crate::testing::{at, one_of_each, two_visits};

    #[test]
    fn what_contradicts_itself_is_refused() {
        let refused = |change: fn(&mut Problem)| {
            let (mut problem, ..) = one_of_each();
            change(&mut problem);
            problem.validate().unwrap_err().to_string()
        };
        assert_eq!(one_of_each().0.validate(), Ok(()));
        assert!(refused(|problem| problem.week_of_day.clear()).starts_with("week_of_day"));
        assert_eq!(
            refused(|problem| problem.visits[0].crew = 3),
            "visits[0]: crew must be 1 or 2"
        );
        assert!(refused(|problem| problem.visits[0].prefer = vec![HelperIx(2)]).contains("helper"));
        assert!(
            refused(|problem| problem.visits[0].window = Interval::new(at(10, 1), at(10, 4)))
                .contains("grid")
        );
        let link = |least, most| Link {
            first: VisitIx(0),
            second: VisitIx(1),
            least,
            most,
        };
        for (least, most, second) in [(-1, 0, 1), (600, 300, 1), (0, 0, 2), (0, 0, 0)] {
            let (mut problem, ..) = two_visits();
            problem.links = vec![link(least, most)];
            problem.links[0].second = VisitIx(second);
            let said = problem.validate().unwrap_err().to_string();
            assert!(said.starts_with("links[0]"), "{said}");
        }
        assert!(
            refused(|problem| problem.helpers[1].start = Some(PlaceIx(3)))
                .starts_with("helpers[1]")
        );
    }
}
