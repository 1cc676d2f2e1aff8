//! One visit, everything else untouched: who could come and when, ranked, with reasons; and who could not, with theirs.
//!
//! The state is what the problem holds: every [`crate::Held`] of the other visits stands, however firm.

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::rules::room::{Starts, common, free, nearest};
use crate::rules::{
    Exclusion, Part, continuity, crew_distinct, crew_exclusions, exclusions, fair_share, parts,
    walking,
};
use crate::state::PlanState;
use serde::Serialize;

/// A crew that could come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The whole crew.
    pub helpers: Vec<HelperIx>,
    /// When: as asked where possible, else the nearest start in the window.
    pub start: Seconds,
    /// Why, in the order of the soft rules.
    pub parts: Vec<Part>,
}

/// Everybody, judged for one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestions {
    /// Who could come, best first.
    pub ranked: Vec<Suggestion>,
    /// Who could not, with every rule that stands against it at the asked-for time.
    pub excluded: Vec<(HelperIx, Vec<Exclusion>)>,
}

/// A start that can be offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenStart {
    /// When.
    pub start: Seconds,
    /// Who could come then, best first: everybody for a crew of one, the best pairs for a crew of two.
    pub crews: Vec<Vec<HelperIx>>,
}

/// At most `limit` crews for a visit, best first, and all who are excluded.
pub fn suggest(problem: &Problem, visit: VisitIx, limit: usize) -> Suggestions {
    let state = PlanState::held(problem);
    let of = problem.visit(visit);
    let wish = wish(problem, visit);
    let (mut able, mut excluded) = (Vec::new(), Vec::new());
    for helper in problem.helper_ixs() {
        let ranges = free(problem, &state, visit, helper, of.window);
        if ranges.is_empty() {
            excluded.push((helper, exclusions(problem, &state, visit, helper, wish)));
        } else {
            able.push((helper, ranges));
        }
    }
    let crews = if of.crew == 2 {
        pairs(&able, wish)
    } else {
        singles(&able, wish)
    };
    if of.crew == 2 {
        let alone = able
            .iter()
            .filter(|(helper, _)| !crews.iter().any(|(crew, _)| crew.contains(helper)));
        let unpaired = alone.filter_map(|(helper, _)| {
            Some((*helper, crew_distinct::check(problem, visit, &[*helper])?))
        });
        excluded.extend(
            unpaired.map(|(helper, broken)| (helper, vec![Exclusion::CrewDistinct(broken)])),
        );
        excluded.sort_by_key(|(helper, _)| *helper);
    }
    let mut ranked: Vec<_> = crews
        .into_iter()
        .map(|crew| (rank(problem, &state, visit, &crew.0, crew.1), crew))
        .collect();
    ranked.sort();
    ranked.truncate(limit);
    let ranked = ranked.into_iter().map(|(_, (helpers, start))| {
        let parts = parts(problem, &state, visit, &helpers, start);
        Suggestion {
            helpers,
            start,
            parts,
        }
    });
    Suggestions {
        ranked: ranked.collect(),
        excluded,
    }
}

/// Every rule that sending this crew at this start would break, against what is held.
pub fn assess(
    problem: &Problem,
    visit: VisitIx,
    helpers: &[HelperIx],
    start: Seconds,
) -> Vec<Exclusion> {
    crew_exclusions(problem, &PlanState::held(problem), visit, helpers, start)
}

/// Every start in the visit's window, on multiples of `step` counted from midnight, at which somebody could come: in order.
/// A `step` that is not a multiple of the problem's grid is rounded up to one.
pub fn open_starts(problem: &Problem, visit: VisitIx, step: Seconds) -> Vec<OpenStart> {
    let state = PlanState::held(problem);
    let of = problem.visit(visit);
    let step = problem.grid_up(step.max(problem.grid));
    let slots = usize::try_from(problem.horizon() / step + 1).unwrap_or(0);
    let mut open: Vec<Vec<(Rank, HelperIx)>> = vec![Vec::new(); slots];
    for helper in problem.helper_ixs() {
        for span in free(problem, &state, visit, helper, of.window) {
            // Within one free range neither her load nor her neighbours change.
            let (_, rank) = rank(problem, &state, visit, &[helper], span.from);
            let mut slot = (span.from + step - 1).div_euclid(step);
            while slot * step <= span.to {
                if let Some(here) = usize::try_from(slot)
                    .ok()
                    .and_then(|slot| open.get_mut(slot))
                {
                    here.push((rank, helper));
                }
                slot += 1;
            }
        }
    }
    let starts = (0..).map(|slot| slot * step).zip(open);
    starts
        .filter_map(|(start, helpers)| offer(start, helpers, of.crew))
        .collect()
}

/// Continuity, unfairness, walking: the order of the soft rules once the start is given.
type Rank = (i64, i64, i64);

fn offer(start: Seconds, mut helpers: Vec<(Rank, HelperIx)>, crew: u8) -> Option<OpenStart> {
    /// All pairs of the best seven are 21, more than anybody reads.
    const BEST: usize = 7;
    if helpers.len() < usize::from(crew) {
        return None;
    }
    helpers.sort_unstable();
    let ranked = helpers.iter().map(|(_, helper)| *helper);
    if crew < 2 {
        return Some(OpenStart {
            start,
            crews: ranked.map(|helper| vec![helper]).collect(),
        });
    }
    let best: Vec<_> = ranked.take(BEST).collect();
    let mut places: Vec<_> = (0..best.len())
        .flat_map(|b| (0..b).map(move |a| (a + b, a, b)))
        .collect();
    places.sort_unstable();
    Some(OpenStart {
        start,
        crews: places
            .into_iter()
            .map(|(_, a, b)| vec![best[a], best[b]])
            .collect(),
    })
}

/// The start to look around: as asked, else the window's first, on the grid.
fn wish(problem: &Problem, visit: VisitIx) -> Seconds {
    let of = problem.visit(visit);
    let (first, last) = (
        problem.grid_up(of.window.from),
        problem.grid_down(of.window.to),
    );
    problem
        .grid_down(of.asked.unwrap_or(first))
        .min(last)
        .max(first)
}

type Crew = (Vec<HelperIx>, Seconds);

fn singles(able: &[(HelperIx, Vec<Starts>)], wish: Seconds) -> Vec<Crew> {
    able.iter()
        .filter_map(|(helper, ranges)| Some((vec![*helper], nearest(ranges, wish)?)))
        .collect()
}

fn pairs(able: &[(HelperIx, Vec<Starts>)], wish: Seconds) -> Vec<Crew> {
    let mut crews = Vec::new();
    for (at, (one, ranges)) in able.iter().enumerate() {
        for (other, others) in &able[at + 1..] {
            crews.extend(
                nearest(&common(ranges, others), wish).map(|start| (vec![*one, *other], start)),
            );
        }
    }
    crews
}

/// Deviation, then [`Rank`]; crews of equal rank keep the problem's order of helpers.
fn rank(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helpers: &[HelperIx],
    start: Seconds,
) -> (i64, Rank) {
    let of = problem.visit(visit);
    let share = helpers
        .iter()
        .map(|helper| fair_share::part(problem, state, visit, *helper, start).value)
        .sum();
    let walk = helpers
        .iter()
        .map(|helper| walking::part(problem, state, visit, *helper, start).value)
        .sum();
    (
        crate::rules::asked_time::cost(of.asked, start),
        (continuity::cost(of, helpers), share, walk),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Interval;
    use crate::testing::{at, one_of_each, two_visits};
    use crate::words::Lang;

    #[test]
    fn the_asked_time_comes_first_and_then_the_familiar_face() {
        let (mut problem, _, second, _) = two_visits();
        problem.visits[1].continuity = vec![(HelperIx(0), 9)];
        let found = suggest(&problem, second, 3);
        assert_eq!(
            found.ranked[0].helpers,
            vec![HelperIx(1)],
            "free at the asked time"
        );
        assert_eq!(found.ranked[1].helpers, vec![HelperIx(0)]);
        assert_eq!(
            found.ranked[1].start,
            at(11, 5),
            "four minutes' walk after the visit she has"
        );
        problem.visits[0].held = None;
        let found = suggest(&problem, second, 3);
        assert_eq!(
            found.ranked[0].helpers,
            vec![HelperIx(0)],
            "both are free, and she is known"
        );
        assert!(
            found.ranked[0]
                .parts
                .iter()
                .any(|part| part.sentence(&problem, Lang::Zh)
                    == "是这位老人的熟人：9次服务（含已约好的）。")
        );
    }

    #[test]
    fn who_cannot_come_is_told_why() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].skills.clear();
        problem.helpers[0].available.clear();
        let found = suggest(&problem, visit, 3);
        let codes: Vec<_> = found.excluded[0].1.iter().map(Exclusion::code).collect();
        assert_eq!(
            (found.excluded[0].0, codes),
            (helper, vec!["skill", "available"])
        );
    }

    #[test]
    fn a_crew_of_two_is_a_pair_or_nothing() {
        let (mut problem, visit, _) = one_of_each();
        problem.visits[0].crew = 2;
        let found = suggest(&problem, visit, 3);
        assert_eq!(found.ranked.len(), 1);
        assert_eq!(found.ranked[0].helpers, vec![HelperIx(0), HelperIx(1)]);
        problem.helpers[1].available = vec![Interval::new(at(7, 0), at(7, 30))];
        let found = suggest(&problem, visit, 3);
        assert!(found.ranked.is_empty());
        assert_eq!(found.excluded[0].1[0].code(), "crew_distinct");
        assert_eq!(found.excluded[1].1[0].code(), "available");
        assert!(open_starts(&problem, visit, 900).is_empty());
    }

    #[test]
    fn open_starts_leave_out_what_is_taken() {
        let (problem, _, second, _) = two_visits();
        let open = open_starts(&problem, second, 900);
        assert_eq!(open.first().map(|open| open.start), Some(at(7, 0)));
        assert_eq!(open.last().map(|open| open.start), Some(at(18, 0)));
        assert_eq!(open.len(), 45);
        let ten = open.iter().find(|open| open.start == at(10, 0)).unwrap();
        assert_eq!(ten.crews, vec![vec![HelperIx(1)]]);
    }

    #[test]
    fn a_drop_on_a_busy_hour_names_the_other_visit() {
        let (problem, _, second, helper) = two_visits();
        let broken = assess(&problem, second, &[helper], at(10, 30));
        assert_eq!(broken.len(), 1);
        assert!(!broken[0].overridable());
        assert_eq!(
            broken[0].named_sentence(&problem, Lang::Zh),
            "李秀兰：10:00–11:00要去「王奶奶 10:00 助浴」。"
        );
        assert!(assess(&problem, second, &[HelperIx(1)], at(10, 30)).is_empty());
    }
}
