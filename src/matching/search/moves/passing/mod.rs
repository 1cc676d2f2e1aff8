//! A visit that is left out takes the place of another, which takes the place of a third elsewhere, until there is room for the
//! last: ejection chains (Glover, *Discrete Applied Mathematics* 65, 1996), the cheapest of them found as a shortest path,
//! layer by layer, so that all who are left out and all who could go are looked at together.
//!
//! Single steps and moves put a visit out only for one that matters as much. A chain may lead over any visit, since each finds
//! a place: on a day that is full to the brim it takes four to eight of them to make room for one more.

mod labels;
mod look;

use super::super::model::{LONG_AGO, Model};
use super::{Moves, Time};
use labels::{End, Labels, Link};
use rand::rngs::SmallRng;

/// Visits in a chain at most.
const DEEPEST: usize = 8;
/// How cold it has to be, in ways: before, what a chain has gained is soon lost again.
const COOL: f64 = 1.0;
/// Chains in a row at most.
const IN_A_ROW: usize = 10;

impl Moves {
    /// More visits are served by chains, where it is cool enough for what they gain to last.
    pub(super) fn pass_on(&mut self, model: &Model, rng: &mut SmallRng) {
        if self.temperature >= COOL * model.weights.way {
            return;
        }
        for _ in 0..IN_A_ROW {
            if !self.pass_on_once(model, rng) {
                return;
            }
        }
    }

    /// One more visit is served by the shortest chain there is, the cheapest of them. False where there is none.
    pub(super) fn pass_on_once(&mut self, model: &Model, rng: &mut SmallRng) -> bool {
        if self.absent.is_empty() {
            return false;
        }
        let mut labels = std::mem::take(&mut self.labels);
        let links = self
            .shortest(model, &mut labels)
            .map(|end| (end.cost, labels.links(&end)));
        self.labels = labels;
        let Some((cost, links)) = links else {
            return false;
        };
        let worse = cost - self.worth[links[0].visit as usize];
        let passes = links.iter().all(|link| self.holds(model, link)) && self.takes(worse, rng);
        if passes {
            self.follow(model, &links);
        }
        passes
    }

    /// The end of the shortest chain, and of those the cheapest. O(visits × who could serve one × visits of each): of 860 visits
    /// and 180 helpers some ten milliseconds.
    fn shortest(&self, model: &Model, labels: &mut Labels) -> Option<End> {
        let worth = |visit: &u32| self.worth[*visit as usize];
        labels.clear(
            self.visits,
            self.absent.iter().map(worth).max().unwrap_or(0),
        );
        for visit in &self.absent {
            labels.begin_with(*visit);
        }
        for layer in 0..DEEPEST {
            for visit in labels.layer(layer) {
                self.look(model, labels, layer, visit as usize);
            }
            if labels.end.is_some() {
                break;
            }
        }
        labels.end
    }

    /// Whether a helper's route can be walked once one is on it and others are not: where a way is longer than the one over a
    /// third, she may be late for having lost a visit.
    fn holds(&self, model: &Model, link: &Link) -> bool {
        let helper = self.nodes[link.behind as usize].helper as usize;
        let mut at = self.start(helper);
        let mut walked = (LONG_AGO, self.nodes[at].place);
        loop {
            if at as u32 == link.behind {
                let visit = link.visit as usize;
                let ready = self.ready(model, walked, visit);
                let Some(slot) = self.slot(helper, visit, ready) else {
                    return false;
                };
                walked = self.served(visit, slot.0.max(ready));
            }
            at = self.nodes[at].after as usize;
            if at >= self.visits {
                return true;
            }
            if !link.takes_out(at) {
                let ready = self.ready(model, walked, at);
                if ready > self.nodes[at].to {
                    return false;
                }
                walked = self.served(at, self.nodes[at].from.max(ready));
            }
        }
    }

    /// When somebody who is free at a time and a place can be at a visit.
    fn ready(&self, model: &Model, (free, place): (Time, u32), visit: usize) -> Time {
        free + model.walk(0, place, self.nodes[visit].place)
    }

    /// When and where somebody is free after a visit that starts so.
    fn served(&self, visit: usize, start: Time) -> (Time, u32) {
        let node = &self.nodes[visit];
        (start + node.duration, node.place)
    }

    /// Makes a chain: no two of its links are of one route.
    fn follow(&mut self, model: &Model, links: &[Link]) {
        for link in links {
            for out in link.out() {
                self.unlink(out);
            }
            let helper = self.nodes[link.behind as usize].helper as usize;
            self.refresh(model, helper);
            self.put_behind(model, link.visit as usize, link.behind as usize);
            if let Some((aside, beside)) = link.aside() {
                self.put_behind(model, aside, beside);
            }
        }
    }

    /// Puts a visit that is on no route behind a node.
    fn put_behind(&mut self, model: &Model, visit: usize, behind: usize) {
        let one = &self.nodes[behind];
        let helper = one.helper as usize;
        let ready = self.ready(model, (one.early + one.duration, one.place), visit);
        let Some(slot) = self.slot(helper, visit, ready) else {
            return;
        };
        if self.is_absent(visit) {
            self.serve(visit, behind, slot);
        } else {
            self.link(visit, behind, slot);
        }
        self.refresh(model, helper);
    }

    fn is_absent(&self, visit: usize) -> bool {
        self.absent.get(self.seats[visit] as usize) == Some(&(visit as u32))
    }
}

pub(super) use labels::Labels as Memory;

#[cfg(test)]
mod tests {
    use super::super::NOBODY;
    use super::super::tests::judge;
    use super::*;
    use crate::checker::check;
    use crate::problem::{Goal, HelperIx, Interval, Problem};
    use crate::search::Search;
    use crate::search::recreate::append;
    use crate::search::solution::Solution;
    use crate::testing::random::{Size, plain_day};
    use crate::testing::{at, bathing, empty, volunteer};
    use rand::SeedableRng;

    /// Everybody has time for one visit. Who matters less is left out: only the first helper may come, who is with somebody
    /// who could have the second, who is with somebody who could have the third, and so on to the last, who is with nobody.
    fn full_to_the_brim(helpers: usize) -> Problem {
        let mut problem = empty();
        (problem.goal, problem.grid) = (Goal::Walking, 1);
        for helper in 0..helpers {
            problem.helpers.push(volunteer(helper as i64, "李秀兰"));
            problem.helpers[helper].available = vec![Interval::new(at(9, 0), at(10, 0))];
            let mut visit = bathing(helper as i64, "助浴", 0);
            visit.priority = if helper == 0 { 1 } else { 9 };
            let others = (0..helpers).filter(|other| *other != helper && *other + 1 != helper);
            visit.avoid = others.map(HelperIx).collect();
            problem.visits.push(visit);
        }
        problem
    }

    /// How many visits are left out before and after.
    fn served_by_a_chain(helpers: usize) -> (usize, usize) {
        let problem = full_to_the_brim(helpers);
        let model = Model::new(&problem);
        let mut solution = Solution::of(&model, &problem);
        for visit in 1..helpers {
            append(&model, &mut solution, visit - 1, visit);
        }
        let mut moves = Moves::new(&model, &solution).unwrap();
        moves.take_over(&model, &solution);
        let before = moves.absent.len();
        let mut rng = SmallRng::seed_from_u64(1);
        let found = moves.pass_on_once(&model, &mut rng);
        judge(&moves, &model);
        assert_eq!(found, moves.absent.len() < before);
        moves.hand_back(&model, &mut solution);
        assert_eq!(check(&problem, &solution.placements()), []);
        (before, solution.absent.len())
    }

    #[test]
    fn who_matters_less_is_served_by_a_chain_over_those_who_matter_more() {
        for helpers in 2..=DEEPEST {
            assert_eq!(served_by_a_chain(helpers), (1, 0), "{helpers} helpers");
        }
        assert_eq!(served_by_a_chain(DEEPEST + 1), (1, 1), "too long a chain");
    }

    #[test]
    fn chains_keep_a_plan_true() {
        let size = Size {
            days: 1,
            helpers: 12,
            visits: 80,
        };
        let (mut made, mut aside) = (0, 0);
        for seed in 0..40 {
            let problem = plain_day(size, seed);
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            search.construct(|_| false);
            let mut moves = Moves::new(&model, &search.solution).unwrap();
            moves.take_over(&model, &search.solution);
            let mut rng = SmallRng::seed_from_u64(seed);
            for _ in 0..10 {
                let before: Vec<u32> = moves.nodes.iter().map(|node| node.helper).collect();
                let absent = moves.absent.len();
                if !moves.pass_on_once(&model, &mut rng) {
                    break;
                }
                judge(&moves, &model);
                assert_eq!(moves.absent.len(), absent - 1);
                let now = moves.nodes.iter().map(|node| node.helper);
                assert!(
                    now.zip(&before)
                        .all(|(now, before)| now != NOBODY || *before == NOBODY)
                );
                made += 1;
                let links = moves.labels.links(&moves.labels.end.unwrap());
                aside += links.iter().filter(|link| link.aside().is_some()).count();
            }
            moves.hand_back(&model, &mut search.solution);
            assert_eq!(check(&problem, &search.solution.placements()), []);
        }
        assert!(made > 20 && aside > 0, "{made} and {aside}");
    }
}
