//! The temperature: how much worse, in walking seconds, an iteration's outcome may be and still be kept; and the rounds in
//! which it falls.
//!
//! Where the effort is known it is one round, or, where there is time for it, several: some begin afresh, the later ones with
//! a child of two plans that earlier rounds found. Where it is not known, rounds grow longer, and each goes on from the best.

use super::fall::Fall;
use super::model::Model;
use super::select::MOST_VISITS;

/// The temperature over the effort spent, or, where that is not known, over rounds that grow longer.
pub(super) struct Cooling {
    /// The cost of a point of priority left out.
    priority: f64,
    /// An average way.
    way: f64,
    hot: f64,
    cold: f64,
    /// How it falls in this round.
    fall: Fall,
    visits: f64,
    /// The first look at what iterations cost, and whether the effort has been judged by it yet.
    seen: Option<(u64, f64)>,
    judged: bool,
    /// How many rounds the effort is divided into, and which it is in.
    rounds: usize,
    round: usize,
    /// How many of them begin afresh.
    afresh: usize,
    /// Where the effort is not known: first iteration of this round, and its length.
    open_round: (u64, u64),
    /// Parts of the round after which the search returns to its best plan.
    returns: &'static [f64],
}

/// What the search does before its next iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It goes on from where it is.
    On,
    /// It goes back to the best plan of its round.
    Back,
    /// It goes back to the best plan of its round, and puts it together anew of the routes it remembers.
    Select,
    /// It begins a round with the first plan.
    Afresh,
    /// It begins a round with a child of two plans.
    Child,
}

const RETURNS: &[f64] = &[0.5, 0.6, 0.7, 0.8, 0.9, 0.97];
/// At how many of them, the last ones, routes are selected too: late enough to know good ones, early enough for something to
/// come of it.
const SELECTED: usize = 3;
/// From which part of a round on plans are good enough for their routes to be remembered.
const MEMORABLE: f64 = 0.3;

/// The temperature at the start, in visits of average priority left out: plans of the same priority are reached over worse
/// ones. In a short search more of it helps, since there is no time to get there by small steps.
const HOT: (f64, f64) = (0.05, 0.3);
/// Iterations a visit up to which a search is short; from there on it is the less hot the longer it is.
const SHORT: f64 = 450.0;
/// The same where there are several rounds: each is short.
const HEAT_OF_ROUNDS: f64 = 0.1;
/// How hot a child is, of that: hot enough to settle, not to forget its parents.
const MILD: f64 = 0.3;
/// The temperature at the end, in ways: a few steps.
const COLD: f64 = 0.05;
/// Iterations from which on there is time for rounds, for the square of the visits; how many rounds they are, and how many
/// of them begin afresh.
const LONG: f64 = 130.0;
/// The same of days small enough for their routes to be selected, where what rounds have found comes together.
const LONG_SMALL: f64 = 40.0;
const ROUNDS: (f64, f64) = (10.0, 16.0);
/// How long a round is, in the same measure, where that leaves as many as [`ROUNDS`] allow.
const ROUND: f64 = 14.0;
const AFRESH: usize = 6;
/// Iterations from which on a day too large for that has a few rounds, for each visit and at least, how many they are, and how
/// many begin afresh: one child of the best two of three saves more walking than one round as long as all four.
const SOME: (f64, f64) = (7_300.0, 2_200_000.0);
const SOME_ROUNDS: usize = 4;
const SOME_AFRESH: usize = 3;
/// Iterations between which what is spent on them is looked at, to judge the effort.
const JUDGED_AFTER: (u64, u64) = (1_000, 3_000);
/// The first round's length in iterations where the effort is not known; each next one is twice as long.
const FIRST_ROUND: u64 = 4_000;

impl Cooling {
    pub(super) fn new(model: &Model) -> Self {
        let (priority, way) = (model.weights.priority as f64, model.weights.way);
        let (hot, cold) = (priority * HOT.1, (way * COLD).max(0.5));
        Self {
            priority,
            way,
            hot,
            cold,
            fall: Fall::new(hot, cold, way),
            visits: model.tasks.len().max(1) as f64,
            seen: None,
            judged: false,
            rounds: 1,
            round: 0,
            afresh: AFRESH,
            open_round: (0, FIRST_ROUND),
            returns: RETURNS,
        }
    }

    /// What to do before an iteration.
    pub(super) fn turn(&mut self, iteration: u64, spent: Option<f64>) -> Turn {
        let Some(spent) = spent else {
            return self.open_turn(iteration);
        };
        if !self.judged && iteration >= JUDGED_AFTER.0 {
            self.look(iteration, spent);
        }
        if self.passed(spent) >= 1.0 && self.round + 1 < self.rounds {
            self.round += 1;
            self.returns = RETURNS;
            if self.round < self.afresh {
                return Turn::Afresh;
            }
            self.fall = Fall::new(self.hot * MILD, self.cold, self.way);
            return Turn::Child;
        }
        // What was best while it was hot may not be found again.
        let passed = self.passed(spent);
        if self.returns.first().is_some_and(|next| passed >= *next) {
            self.returns = &self.returns[1..];
            return if self.returns.len() < SELECTED {
                Turn::Select
            } else {
                Turn::Back
            };
        }
        Turn::On
    }

    fn open_turn(&mut self, iteration: u64) -> Turn {
        let (first, length) = self.open_round;
        if iteration < first + length {
            return Turn::On;
        }
        self.open_round = (iteration, length * 2);
        Turn::Back
    }

    /// Judges the effort by what some iterations cost, those at the beginning not among them: the time until then went into
    /// reading the problem.
    fn look(&mut self, iteration: u64, spent: f64) {
        let (first, before) = *self.seen.get_or_insert((iteration, spent));
        if iteration >= JUDGED_AFTER.1 && spent > before {
            let pace = (iteration - first) as f64 / (spent - before);
            self.judge(iteration as f64 + pace * (1.0 - spent));
        }
    }

    /// Sets heat and rounds by how many iterations there will be.
    fn judge(&mut self, iterations: f64) {
        self.judged = true;
        let each = iterations / self.visits;
        let small = self.visits <= MOST_VISITS as f64;
        let long = if small { LONG_SMALL } else { LONG };
        if each >= long * self.visits {
            let rounds = each / (ROUND * self.visits);
            self.rounds = rounds.clamp(ROUNDS.0, ROUNDS.1) as usize;
        } else if !small && iterations >= SOME.1.max(SOME.0 * self.visits) {
            (self.rounds, self.afresh) = (SOME_ROUNDS, SOME_AFRESH);
        }
        let heat = match self.rounds {
            1 => HOT.1 * SHORT / each,
            SOME_ROUNDS => HOT.0,
            _ => HEAT_OF_ROUNDS,
        };
        self.hot = self.priority * heat.clamp(HOT.0, HOT.1);
        self.fall = Fall::new(self.hot, self.cold, self.way);
    }

    /// How much of the round has passed, once so much of the whole effort is spent.
    fn passed(&self, spent: f64) -> f64 {
        spent * self.rounds as f64 - self.round as f64
    }

    /// Whether a plan may be good already.
    pub(super) fn is_memorable(&self, spent: Option<f64>) -> bool {
        spent.is_some_and(|spent| self.passed(spent) >= MEMORABLE)
    }

    /// The temperature of an iteration.
    pub(super) fn temperature(&self, iteration: u64, spent: Option<f64>) -> f64 {
        let (first, length) = self.open_round;
        let passed = match spent {
            Some(spent) => self.passed(spent),
            None => (iteration - first) as f64 / length as f64,
        };
        self.fall.after(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The turns of a search on ten visits, of whose time a part has gone before it begins.
    fn turns(iterations: u64, gone: f64) -> Vec<Turn> {
        turns_on(10, iterations, gone)
    }

    fn turns_on(visits: usize, iterations: u64, gone: f64) -> Vec<Turn> {
        let mut model = Model::empty();
        model.tasks.resize(visits, Default::default());
        let mut cooling = Cooling::new(&model);
        (0..iterations)
            .map(|at| {
                cooling.turn(
                    at,
                    Some(gone + (1.0 - gone) * at as f64 / iterations as f64),
                )
            })
            .filter(|turn| *turn != Turn::On)
            .collect()
    }

    #[test]
    fn a_short_search_is_one_round() {
        let (back, select) = (Turn::Back, Turn::Select);
        let expected = [back, back, back, select, select, select];
        assert_eq!(turns(3_000, 0.0), expected);
    }

    #[test]
    fn a_long_search_begins_afresh_and_then_has_children() {
        let (turns, most) = (turns(80_000, 0.0), ROUNDS.1 as usize);
        let of = |wanted: Turn| turns.iter().filter(|turn| **turn == wanted).count();
        assert_eq!(
            (of(Turn::Afresh), of(Turn::Child)),
            (AFRESH - 1, most - AFRESH)
        );
        assert_eq!((of(Turn::Back), of(Turn::Select)), (3 * most, 3 * most));
        assert_eq!(turns[6], Turn::Afresh);
    }

    #[test]
    fn a_day_too_large_to_be_selected_has_rounds_later() {
        let visits = MOST_VISITS + 1;
        let square = (visits * visits) as f64;
        let rounds =
            |iterations: f64| turns_on(visits, iterations as u64, 0.0).contains(&Turn::Child);
        assert!(!rounds(square * (LONG - 1.0)));
        assert!(rounds(square * (LONG + 1.0)));
    }

    #[test]
    fn a_large_day_has_a_few_rounds_where_there_is_time() {
        let rounds = |visits: usize, iterations: f64| {
            let turns = turns_on(visits, iterations as u64, 0.0);
            let of = |wanted: Turn| turns.iter().filter(|turn| **turn == wanted).count();
            (of(Turn::Afresh), of(Turn::Child))
        };
        assert_eq!(rounds(300, SOME.1 * 0.99), (0, 0));
        let children = SOME_ROUNDS - SOME_AFRESH;
        assert_eq!(rounds(300, SOME.1 * 1.01), (SOME_AFRESH - 1, children));
        // A larger day needs as many for one round.
        assert_eq!(rounds(900, SOME.1 * 1.5), (0, 0));
    }

    #[test]
    fn what_reading_the_problem_took_makes_no_search_short() {
        assert!(turns(4_400, 0.1).contains(&Turn::Child));
    }

    #[test]
    fn it_cools() {
        let mut model = Model::empty();
        model.tasks.resize(10, Default::default());
        let cooling = Cooling::new(&model);
        let at: Vec<f64> = (0..=10)
            .map(|part| cooling.temperature(0, Some(f64::from(part) / 10.0)))
            .collect();
        assert!(at.is_sorted_by(|one, next| one >= next), "{at:?}");
    }
}
