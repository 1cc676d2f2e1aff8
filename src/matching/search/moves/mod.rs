//! Single moves: a visit goes elsewhere, two change places, a few in a row do, two routes exchange their ends, one that is left
//! out takes the place of another. Each is judged in constant time, some hundred of them in the time of one step of ruin and
//! recreate: steps find out what to serve, moves save the walking that makes room for it. Both accept at the same temperature.
//! After them, who is left out may take the place of one who takes that of a third, and so on (`passing`).
//!
//! Moves work on chains of their own, which take over what steps have changed and hand back what moves have. They serve
//! where lanes do.

mod chains;
mod gaps;
mod one;
mod passing;
mod rows;
mod two;

use super::model::{LONG_AGO, Model, Time};
use super::solution::Solution;
use rand::rngs::SmallRng;
use rand::{Rng, RngCore};

/// Moves for each step of ruin and recreate, for each visit, and at most: between a third and a half of the time goes into them.
const FOR_EACH_STEP: f64 = 0.4;
const MOST_FOR_A_STEP: f64 = 150.0;
/// Steps between which moves are made, for each visit. Whatever is known of gaps is known no more where moves were made.
const STEPS_BETWEEN: usize = 2;
/// Moves between two steps at most, so that the temperature falls often enough on the largest of days too.
const MOST_AT_ONCE: usize = 1_000_000;
/// Moves between two looks at whether to stop: some hundredths of a millisecond.
const LOOKS_UP: usize = 1_000;
/// Moves of one visit in a row: what is known of it lies close at hand from the second on.
const IN_A_ROW: usize = 8;
/// What sorts of moves there are, in thousandths: who is left out comes in; a visit goes to where some helper's day begins or
/// ends; a few in a row change places; two visits do; two exchange the rest of their days. The rest: a visit goes beside another.
const COMES_IN: u32 = 200;
const TO_AN_EDGE: u32 = 50;
const ROWS: u32 = 150;
const CHANGE_PLACES: u32 = 300;
const CHANGE_ENDS: u32 = 150;

/// Nobody's.
const NOBODY: u32 = u32::MAX;
/// No start at all: it ends before anybody could be anywhere.
const NEVER: (Time, Time) = (-LONG_AGO, 2 * LONG_AGO);
/// By how many temperatures a move may be worse to be looked at any further: of those beyond, one in 60,000 would be taken.
const HOPELESS: f64 = 11.0;

/// A visit, or where a helper's day begins or ends.
#[derive(Clone, Copy)]
struct Node {
    place: u32,
    duration: Time,
    before: u32,
    after: u32,
    /// Whose it is.
    helper: u32,
    load: i32,
    /// First and last start in the slot it is in.
    from: Time,
    to: Time,
    /// First and last start that the others leave.
    early: Time,
    late: Time,
    /// First and last start with any helper.
    opens: Time,
    closes: Time,
}

/// Chains of visits, one for each helper.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Moves {
    nodes: Vec<Node>,
    visits: usize,
    helpers: usize,
    /// Of each visit and helper: the first slot's bounds, [`NEVER`] where there is none.
    slots: Vec<(Time, Time)>,
    /// The same for further slots; nothing at all where no visit has several.
    further: Vec<Vec<(Time, Time)>>,
    /// Of each visit and helper, a bit: whether there is any slot.
    may: Vec<u64>,
    /// What leaving out each visit costs.
    worth: Vec<i64>,
    /// What each helper has left of her limit, and of the visits she may make.
    left: Vec<i32>,
    room: Vec<i32>,
    absent: Vec<u32>,
    seats: Vec<u32>,
    /// The version of each helper's route that her chain is of, and whether moves have changed it since.
    versions: Vec<u32>,
    changed: Vec<bool>,
    temperature: f64,
    /// Memory to look for chains in.
    labels: passing::Memory,
}

impl Moves {
    pub(super) fn new(model: &Model, solution: &Solution) -> Option<Self> {
        let lanes = solution.lanes.as_ref()?;
        let (visits, helpers) = (model.tasks.len(), model.people.len());
        if visits < 2 || helpers == 0 {
            return None;
        }
        let node = |place: u32, helper: u32| Node {
            place,
            duration: 0,
            before: NOBODY,
            after: NOBODY,
            helper,
            load: 0,
            from: LONG_AGO,
            to: -LONG_AGO,
            early: LONG_AGO,
            late: -LONG_AGO,
            opens: -LONG_AGO,
            closes: LONG_AGO,
        };
        let mut nodes = Vec::with_capacity(visits + 2 * helpers);
        for (visit, task) in model.tasks.iter().enumerate() {
            nodes.push(Node {
                duration: task.duration,
                load: lanes.load(visit),
                ..node(task.place, NOBODY)
            });
        }
        let nowhere = model.nowhere();
        for (helper, person) in (0..).zip(&model.people) {
            nodes.push(node(person.start.unwrap_or(nowhere), helper));
        }
        for (helper, person) in (0..).zip(&model.people) {
            nodes.push(node(person.end.unwrap_or(nowhere), helper));
        }
        let cost = |task: &super::model::Task| task.priority * model.weights.priority;
        let mut moves = Self {
            nodes,
            visits,
            helpers,
            slots: vec![NEVER; visits * helpers],
            may: vec![0; (visits * helpers).div_ceil(64)],
            further: Vec::new(),
            worth: model.tasks.iter().map(cost).collect(),
            left: vec![0; helpers],
            room: vec![0; helpers],
            absent: Vec::new(),
            seats: vec![0; visits],
            versions: vec![u32::MAX; helpers],
            changed: vec![false; helpers],
            temperature: 1.0,
            labels: passing::Memory::default(),
        };
        moves.read_slots(model);
        for helper in 0..helpers {
            moves.chain(moves.start(helper), moves.end(helper));
        }
        Some(moves)
    }

    /// Steps between which moves are made.
    fn steps_between(&self) -> usize {
        (self.visits * STEPS_BETWEEN).min((MOST_AT_ONCE as f64 / self.for_a_step()) as usize + 1)
    }

    /// Moves for each step.
    fn for_a_step(&self) -> f64 {
        (self.visits as f64 * FOR_EACH_STEP).min(MOST_FOR_A_STEP)
    }

    /// Whether it is time for moves, after so many steps.
    pub(super) fn are_due(&self, steps: u64) -> bool {
        steps.is_multiple_of(self.steps_between() as u64)
    }

    /// Makes the moves that are due on a plan, until `done` says that there is no time for more.
    pub(super) fn make(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        temperature: f64,
        rng: &mut SmallRng,
        mut done: impl FnMut() -> bool,
    ) {
        self.take_over(model, solution);
        self.temperature = temperature;
        let due = (self.for_a_step() * self.steps_between() as f64) as usize;
        let in_time = (0..due.div_ceil(IN_A_ROW)).all(|made| {
            let in_time = !made.is_multiple_of(LOOKS_UP / IN_A_ROW) || !done();
            if in_time {
                self.make_some(model, rng);
            }
            in_time
        });
        if in_time {
            self.pass_on(model, rng);
        }
        self.hand_back(model, solution);
    }

    /// Makes moves of a visit: of one that is left out in so many times of a thousand.
    #[inline]
    fn make_some(&mut self, model: &Model, rng: &mut SmallRng) {
        let drawn = rng.next_u64();
        let (which, one) = ((drawn >> 32) as u32, drawn as u32);
        if pick(which, 1_000) < COMES_IN as usize {
            if self.absent.is_empty() {
                return;
            }
            let visit = self.absent[pick(one, self.absent.len())] as usize;
            for _ in 0..IN_A_ROW {
                let near = &model.near[visit];
                let other = near[pick(rng.next_u32(), near.len())] as usize;
                self.bring_in(model, visit, other, rng);
                if self.nodes[visit].helper != NOBODY {
                    return;
                }
            }
            return;
        }
        let visit = pick(one, self.visits);
        for _ in 0..IN_A_ROW {
            if self.nodes[visit].helper == NOBODY {
                return;
            }
            self.make_one(model, visit, rng);
        }
    }

    #[inline]
    fn make_one(&mut self, model: &Model, visit: usize, rng: &mut SmallRng) {
        // One draw is enough for all that is to be picked.
        let drawn = rng.next_u64();
        let (which, other) = ((drawn >> 32) as u32, drawn as u32);
        let which = COMES_IN + pick(which, 1_000 - COMES_IN as usize) as u32;
        if which < COMES_IN + TO_AN_EDGE {
            let helper = pick(other, self.helpers);
            let before = if other & 1 == 0 {
                self.start(helper)
            } else {
                self.nodes[self.end(helper)].before as usize
            };
            return self.go_behind(model, visit, before, rng);
        }
        let near = &model.near[visit];
        let picked = near[pick(other, near.len())] as usize;
        if self.nodes[picked].helper == NOBODY {
            return;
        }
        if which < COMES_IN + TO_AN_EDGE + ROWS {
            let sizes = rows::SIZES[other as usize % rows::SIZES.len()];
            self.exchange_rows(model, (visit, picked), sizes, rng);
        } else if which < COMES_IN + TO_AN_EDGE + ROWS + CHANGE_PLACES {
            self.exchange(model, visit, picked, rng);
        } else if which < COMES_IN + TO_AN_EDGE + ROWS + CHANGE_PLACES + CHANGE_ENDS {
            self.exchange_ends(model, visit, picked, rng);
        } else {
            let before = if other & 1 == 0 {
                self.nodes[picked].before as usize
            } else {
                picked
            };
            self.go_behind(model, visit, before, rng);
        }
    }

    #[inline]
    fn is_hopeless(&self, worse: i64) -> bool {
        worse as f64 > HOPELESS * self.temperature
    }

    #[inline]
    fn takes(&self, worse: i64, rng: &mut SmallRng) -> bool {
        worse <= 0 || rng.random_range(0.0..1.0) < (-(worse as f64) / self.temperature).exp()
    }
}

/// One of so many, by a number that is drawn.
#[inline]
fn pick(drawn: u32, of: usize) -> usize {
    ((u64::from(drawn) * of as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::{check, score_of};
    use crate::search::Search;
    use crate::testing::random::{Size, plain_day};
    use rand::SeedableRng;

    /// Whether every chain can be walked, and everything known of it is true.
    pub(super) fn judge(moves: &Moves, model: &Model) {
        let mut placed = vec![false; moves.visits];
        for helper in 0..moves.helpers {
            let mut anew = moves.clone();
            anew.refresh(model, helper);
            let mut at = moves.start(helper);
            while at != moves.end(helper) {
                let next = moves.nodes[at].after as usize;
                assert_eq!(moves.nodes[next].before as usize, at);
                if next < moves.visits {
                    assert!(!placed[next]);
                    placed[next] = true;
                    let node = &moves.nodes[next];
                    assert_eq!(node.helper as usize, helper);
                    assert_eq!(
                        (node.early, node.late),
                        (anew.nodes[next].early, anew.nodes[next].late)
                    );
                    assert!(node.early <= node.late);
                }
                at = next;
            }
        }
        for (visit, placed) in placed.iter().enumerate() {
            assert_eq!(*placed, moves.nodes[visit].helper != NOBODY);
            let seat = moves.absent.get(moves.seats[visit] as usize);
            assert_eq!(*placed, seat != Some(&(visit as u32)));
        }
    }

    #[test]
    fn moves_keep_a_plan_true() {
        let mut made = 0;
        for seed in 0..20 {
            let size = Size {
                days: 1,
                helpers: 8,
                visits: 40,
            };
            let problem = plain_day(size, seed);
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            search.construct(|_| false);
            let mut moves = Moves::new(&model, &search.solution).unwrap();
            let mut rng = SmallRng::seed_from_u64(seed);
            for _ in 0..20 {
                search.step();
                if !search.solution.is_sound() {
                    search.solution.undo();
                }
                moves.take_over(&model, &search.solution);
                moves.temperature = 3_000.0;
                for _ in 0..200 {
                    moves.make_some(&model, &mut rng);
                    judge(&moves, &model);
                }
                made += moves.changed.iter().filter(|changed| **changed).count();
                moves.hand_back(&model, &mut search.solution);
                let placements = search.solution.placements();
                assert_eq!(check(&problem, &placements), []);
                assert_eq!(search.solution.score(), score_of(&problem, &placements));
                assert_eq!(search.solution.absent.len(), moves.absent.len());
            }
        }
        assert!(made > 500, "{made}");
    }

    #[test]
    fn visits_in_a_row_change_places() {
        let size = Size {
            days: 1,
            helpers: 8,
            visits: 40,
        };
        let mut exchanged = [0; rows::SIZES.len()];
        for seed in 0..10 {
            let problem = plain_day(size, seed);
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            search.construct(|_| false);
            let mut moves = Moves::new(&model, &search.solution).unwrap();
            moves.take_over(&model, &search.solution);
            // Whatever can be walked is taken.
            moves.temperature = 1e9;
            let mut rng = SmallRng::seed_from_u64(seed);
            for _ in 0..20_000 {
                let pair = (rng.random_range(0..40), rng.random_range(0..40));
                if [pair.0, pair.1]
                    .iter()
                    .any(|visit| moves.nodes[*visit].helper == NOBODY)
                {
                    continue;
                }
                let which = rng.random_range(0..rows::SIZES.len());
                let helpers = [pair.0, pair.1].map(|visit| moves.nodes[visit].helper);
                moves.exchange_rows(&model, pair, rows::SIZES[which], &mut rng);
                if moves.nodes[pair.0].helper != helpers[0] {
                    judge(&moves, &model);
                    assert_eq!(moves.nodes[pair.0].helper, helpers[1]);
                    exchanged[which] += 1;
                }
            }
        }
        assert!(exchanged.iter().all(|times| *times > 0), "{exchanged:?}");
    }
}
