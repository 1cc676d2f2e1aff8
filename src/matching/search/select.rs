//! One route for each of some helpers, out of many: which of them together cost least.
//!
//! It is the set partitioning problem of vehicle routing (Balinski and Quandt, *Operations Research* 12, 1964), small enough
//! to be solved mostly: the Lagrangian relaxation gives every visit a price (Held, Wolfe and Crowder, *Mathematical
//! Programming* 6, 1974), then branch and bound goes through what the prices leave, a helper a level. A visit may be on two of
//! the routes that are chosen; whoever acts on the choice leaves it out of one of them.

/// Visits that can be told apart.
pub(super) const MOST_VISITS: usize = 128;
/// Steps towards better prices.
const STEPS: usize = 150;
/// How far a step goes, of what a price is known to be wrong by; by what that shrinks after so many steps without success.
const REACH: f64 = 1.0;
const SHRINKS: f64 = 0.6;
const PATIENCE: usize = 6;
/// How much of the last direction a step keeps.
const MEMORY: f64 = 0.5;
/// Routes that are looked at while branching: then it ends with the best choice so far.
const LOOKS: usize = 300_000;
/// Costs are whole numbers: what is not cheaper by half of one is not cheaper.
const CHEAPER: f64 = 0.5;

/// A route that could be chosen.
pub(super) struct Candidate {
    cost: f64,
    /// Each below [`MOST_VISITS`], none twice.
    visits: Vec<u8>,
}

impl Candidate {
    pub(super) const fn new(cost: f64, visits: Vec<u8>) -> Self {
        Self { cost, visits }
    }

    /// What it costs beyond what its visits pay.
    fn reduced(&self, prices: &[f64]) -> f64 {
        let visits = self.visits.iter();
        self.cost - visits.map(|visit| prices[usize::from(*visit)]).sum::<f64>()
    }

    fn mask(&self) -> u128 {
        self.visits.iter().fold(0, |mask, visit| mask | 1 << visit)
    }
}

/// For each helper the candidate to choose, if there is a choice that costs less than `most`: its routes, and the `worth` of
/// every visit that is on none of them. Every helper has a candidate.
pub(super) fn select(helpers: &[Vec<Candidate>], worth: &[f64], most: f64) -> Option<Vec<usize>> {
    let relaxed = Relaxed::new(helpers, worth, most);
    if relaxed.bound > most - CHEAPER {
        return None;
    }
    Branching::new(helpers, worth, &relaxed, most).best()
}

/// The prices found, and what no choice can cost less than because of them.
struct Relaxed {
    prices: Vec<f64>,
    bound: f64,
}

impl Relaxed {
    fn new(helpers: &[Vec<Candidate>], worth: &[f64], most: f64) -> Self {
        let mut prices = first_prices(helpers, worth);
        let mut best = Self {
            prices: prices.clone(),
            bound: f64::MIN,
        };
        let (mut direction, mut served) = (vec![0.0; worth.len()], vec![0.0; worth.len()]);
        let (mut reach, mut failed) = (REACH, 0);
        for _ in 0..STEPS {
            let bound = serve_cheapest(helpers, &prices, &mut served);
            failed += 1;
            if bound > best.bound {
                best.bound = bound;
                best.prices.clone_from(&prices);
                failed = 0;
            } else if failed == PATIENCE {
                prices.clone_from(&best.prices);
                (reach, failed) = (reach * SHRINKS, 0);
            }
            for (visit, direction) in direction.iter_mut().enumerate() {
                let left_out = served[visit] == 0.0 && prices[visit] >= worth[visit];
                let wrong = if left_out { 0.0 } else { 1.0 - served[visit] };
                *direction = MEMORY * *direction + (1.0 - MEMORY) * wrong;
            }
            let length: f64 = direction.iter().map(|one| one * one).sum();
            if length < f64::EPSILON || best.bound > most - CHEAPER {
                break;
            }
            let step = reach * (most - bound) / length;
            for (visit, price) in prices.iter_mut().enumerate() {
                *price = (*price + step * direction[visit]).clamp(0.0, worth[visit]);
            }
        }
        best
    }
}

/// Twice what a visit costs on the average candidate.
fn first_prices(helpers: &[Vec<Candidate>], worth: &[f64]) -> Vec<f64> {
    let candidates = || helpers.iter().flatten();
    let cost: f64 = candidates().map(|one| one.cost).sum();
    let visits: usize = candidates().map(|one| one.visits.len()).sum();
    let price = f64::max(2.0 * cost / visits.max(1) as f64, 0.0);
    worth.iter().map(|worth| worth.min(price)).collect()
}

/// Each helper takes her cheapest candidate. Counts how often each visit is served, and tells what that costs in all, what the
/// visits pay for once given to whoever is asked to serve them.
fn serve_cheapest(helpers: &[Vec<Candidate>], prices: &[f64], served: &mut [f64]) -> f64 {
    served.fill(0.0);
    let mut cost = prices.iter().sum();
    for candidates in helpers {
        let mut least = (f64::MAX, None);
        for one in candidates {
            let reduced = one.reduced(prices);
            if reduced < least.0 {
                least = (reduced, Some(one));
            }
        }
        if let (reduced, Some(one)) = least {
            cost += reduced;
            for visit in &one.visits {
                served[usize::from(*visit)] += 1.0;
            }
        }
    }
    cost
}

/// A helper's candidates that the prices leave, cheapest first.
struct Level {
    helper: usize,
    left: Vec<Left>,
}

struct Left {
    index: usize,
    mask: u128,
    reduced: f64,
}

impl Level {
    fn new(helper: usize, candidates: &[Candidate], prices: &[f64], room: f64) -> Self {
        let of = |(index, one): (usize, &Candidate)| Left {
            index,
            mask: one.mask(),
            reduced: one.reduced(prices),
        };
        let mut left: Vec<Left> = candidates.iter().enumerate().map(of).collect();
        left.sort_by(|one, other| one.reduced.total_cmp(&other.reduced));
        let least = left.first().map_or(0.0, |first| first.reduced);
        left.retain(|one| one.reduced - least < room);
        Self { helper, left }
    }
}

struct Branching<'p> {
    levels: Vec<Level>,
    /// From each level on: the least that the helpers cost, and whom they could visit.
    beyond: Vec<(f64, u128)>,
    prices: &'p [f64],
    worth: &'p [f64],
    /// What a choice must cost less than.
    most: f64,
    chosen: Vec<usize>,
    best: Option<Vec<usize>>,
    looks: usize,
}

impl<'p> Branching<'p> {
    fn new(helpers: &[Vec<Candidate>], worth: &'p [f64], relaxed: &'p Relaxed, most: f64) -> Self {
        let prices = &relaxed.prices;
        let level = |(helper, candidates): (usize, &Vec<Candidate>)| {
            Level::new(helper, candidates, prices, most - CHEAPER - relaxed.bound)
        };
        let mut levels: Vec<Level> = helpers.iter().enumerate().map(level).collect();
        levels.sort_by_key(|level| level.left.len());
        let mut beyond = vec![(0.0, 0)];
        for level in levels.iter().rev() {
            let (cost, reached) = beyond[beyond.len() - 1];
            let first = level.left.first().map_or(0.0, |first| first.reduced);
            let here = level.left.iter().fold(reached, |mask, one| mask | one.mask);
            beyond.push((cost + first, here));
        }
        beyond.reverse();
        Self {
            chosen: vec![0; levels.len()],
            levels,
            beyond,
            prices,
            worth,
            most,
            best: None,
            looks: LOOKS,
        }
    }

    fn best(mut self) -> Option<Vec<usize>> {
        self.branch(0, self.prices.iter().sum(), 0);
        self.best
    }

    /// Goes on below a choice for the levels above, which costs so much with every price paid, and serves so many.
    fn branch(&mut self, depth: usize, cost: f64, served: u128) {
        let (least, reached) = self.beyond[depth];
        let lost = self.left_out(!served & !reached);
        if cost + lost + least > self.most - CHEAPER {
            return;
        }
        if depth == self.levels.len() {
            self.most = cost + lost;
            self.best = Some(self.chosen.clone());
            return;
        }
        for (more, at) in self.affordable(depth, cost + lost, served) {
            let one = &self.levels[depth].left[at];
            let served = served | one.mask;
            self.chosen[self.levels[depth].helper] = one.index;
            self.branch(depth + 1, cost + more, served);
        }
    }

    /// What it costs to leave visits out, beyond their prices.
    fn left_out(&self, visits: u128) -> f64 {
        let others = (MOST_VISITS - self.worth.len()) as u32;
        let all = u128::MAX.checked_shr(others).unwrap_or(0);
        ones(visits & all)
            .map(|visit| self.worth[visit] - self.prices[visit])
            .sum()
    }

    /// A level's candidates that a better choice may contain, and what each adds: cheapest first.
    fn affordable(&mut self, depth: usize, cost: f64, served: u128) -> Vec<(f64, usize)> {
        let room = self.most - CHEAPER - cost - self.beyond[depth + 1].0;
        let mut found = Vec::new();
        for (at, one) in self.levels[depth].left.iter().enumerate() {
            if one.reduced > room || self.looks == 0 {
                break;
            }
            self.looks -= 1;
            // Who is served twice has paid once too often.
            let twice: f64 = ones(one.mask & served)
                .map(|visit| self.prices[visit])
                .sum();
            if one.reduced + twice <= room {
                found.push((one.reduced + twice, at));
            }
        }
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        found
    }
}

/// The places of the ones, lowest first.
fn ones(mut mask: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (lowest < MOST_VISITS).then_some(lowest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::SmallRng;
    use rand::{Rng, SeedableRng};

    fn cost(helpers: &[Vec<Candidate>], worth: &[f64], chosen: &[usize]) -> f64 {
        let chosen: Vec<&Candidate> = helpers
            .iter()
            .zip(chosen)
            .map(|(candidates, at)| &candidates[*at])
            .collect();
        let served = |visit: &usize| {
            let mut visits = chosen.iter().flat_map(|one| &one.visits);
            visits.any(|other| usize::from(*other) == *visit)
        };
        let left_out = (0..worth.len()).filter(|visit| !served(visit));
        let lost: f64 = left_out.map(|visit| worth[visit]).sum();
        lost + chosen.iter().map(|one| one.cost).sum::<f64>()
    }

    /// Every choice there is, the cheapest of them.
    fn cheapest(helpers: &[Vec<Candidate>], worth: &[f64], chosen: &mut Vec<usize>) -> f64 {
        if chosen.len() == helpers.len() {
            return cost(helpers, worth, chosen);
        }
        let mut least = f64::MAX;
        for at in 0..helpers[chosen.len()].len() {
            chosen.push(at);
            least = least.min(cheapest(helpers, worth, chosen));
            chosen.pop();
        }
        least
    }

    fn day(seed: u64) -> (Vec<Vec<Candidate>>, Vec<f64>) {
        let mut rng = SmallRng::seed_from_u64(seed);
        let visits = rng.random_range(0..=12_u8);
        let candidate = |rng: &mut SmallRng| {
            let mut theirs: Vec<u8> = (0..visits).filter(|_| rng.random_bool(0.3)).collect();
            theirs.truncate(4);
            let cost = f64::from(rng.random_range(0..200 + 100 * theirs.len() as i32));
            Candidate::new(cost, theirs)
        };
        let helpers = (0..rng.random_range(1..=4))
            .map(|_| {
                (0..rng.random_range(1..=6))
                    .map(|_| candidate(&mut rng))
                    .collect()
            })
            .collect();
        let worth = (0..visits)
            .map(|_| f64::from(rng.random_range(0..2_000)))
            .collect();
        (helpers, worth)
    }

    #[test]
    fn the_cheapest_of_all_choices_is_found() {
        let mut found = 0;
        for seed in 0..2_000 {
            let (helpers, worth) = day(seed);
            let least = cheapest(&helpers, &worth, &mut Vec::new());
            let first = cost(&helpers, &worth, &vec![0; helpers.len()]);
            match select(&helpers, &worth, first) {
                Some(chosen) => {
                    found += 1;
                    assert_eq!(cost(&helpers, &worth, &chosen), least, "seed {seed}");
                }
                None => assert_eq!(first, least, "seed {seed}"),
            }
        }
        assert!(found > 1_000, "{found}");
    }

    #[test]
    fn the_bound_is_one() {
        for seed in 0..500 {
            let (helpers, worth) = day(seed);
            let least = cheapest(&helpers, &worth, &mut Vec::new());
            let relaxed = Relaxed::new(&helpers, &worth, least + 1_000.0);
            assert!(relaxed.bound <= least + 1e-6, "seed {seed}");
        }
    }
}
