//! A week of the community: the day seven times, with series that have a familiar face, links, credentials that expire on the
//! way and weekly limits that bind. Planned as one, and for comparison a day at a time in the same time.
//!
//! `week benches/community/day_300.native.json [SECONDS]`. Fails where a plan breaks a rule, or the week as one serves less
//! than a day at a time.

mod native;

use native::{Failure, Until};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::time::{Duration, Instant};
use yinling_matching::problem::DAY;
use yinling_matching::{
    Held, HelperIx, Hold, Interval, Link, Placed, Problem, Progress, Stop, Visit, VisitIx, check,
    score_of, solve,
};

const DAYS: usize = 7;

/// Counts the steps on the way.
struct Counted(Until, u64);

impl Stop for Counted {
    fn done(&mut self, progress: &Progress) -> bool {
        self.1 = progress.iterations;
        self.0.done(progress)
    }

    fn spent(&mut self, progress: &Progress) -> Option<f64> {
        self.0.spent(progress)
    }
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let day = native::read(&words.next().ok_or("week FILE [SECONDS]")?)?;
    let seconds: f64 = words.next().map_or(Ok(10.0), |word| word.parse())?;
    let problem = week(&day);
    problem.validate()?;
    println!(
        "{DAYS} days, {} visits, {} helpers, {} links, {seconds} s",
        problem.visits.len(),
        problem.helpers.len(),
        problem.links.len()
    );
    let mut stop = Counted(until(seconds), 0);
    let whole = solve(&problem, &mut stop, 1).assignments;
    println!("{:.0} steps a second", stop.1 as f64 / seconds);
    let daily = day_by_day(&problem, seconds / DAYS as f64);
    println!("             priority left  quarters off  strangeness  unevenness   walking");
    let scores = [("the week", &whole), ("day by day", &daily)].map(|(name, plan)| {
        let broken = check(&problem, plan);
        assert!(broken.is_empty(), "{name}: {broken:?}");
        let score = score_of(&problem, plan);
        println!(
            "{name:<12}{:>14}{:>14}{:>13}{:>12}{:>10}",
            score.unserved_priority,
            score.deviation,
            score.continuity,
            score.unfairness,
            score.walking
        );
        score
    });
    if scores[0].unserved_priority > scores[1].unserved_priority {
        return Err("the week as one serves less than a day at a time".into());
    }
    Ok(())
}

fn until(seconds: f64) -> Until {
    Until(Instant::now(), Duration::from_secs_f64(seconds))
}

/// The same day seven times. Every visit is one of a series, so whoever came before is known.
fn week(day: &Problem) -> Problem {
    let mut rng = SmallRng::seed_from_u64(7);
    let mut week = day.clone();
    week.days = DAYS;
    week.week_of_day = vec![0; DAYS];
    let helpers = week.helpers.len();
    for helper in &mut week.helpers {
        let hours = helper.available[0];
        // Everybody has two days off, and gives no more than four days' care in the other five.
        let off = rng.random_range(0..DAYS);
        helper.available = (0..DAYS)
            .filter(|day| *day != off && *day != (off + 1) % DAYS)
            .map(|day| later(hours, day))
            .collect();
        helper.weekly_limit = 4 * helper.daily_limit;
        helper.recent_load = 3_600 * rng.random_range(0..60);
        for held in &mut helper.skills {
            held.needs_credential = rng.random_bool(0.1);
            let expires = DAY * rng.random_range(1..20);
            held.valid = held
                .needs_credential
                .then_some(Interval::new(-DAY, expires));
        }
    }
    // A third of a day's visits each day: the compound's helpers are not there every day.
    week.visits = Vec::new();
    for series in &day.visits {
        let known: Vec<_> = (0..2)
            .map(|_| {
                (
                    HelperIx(rng.random_range(0..helpers)),
                    rng.random_range(1..9),
                )
            })
            .collect();
        let times = rng.random_range(2..5);
        for nth in 0..times {
            let on = (nth * DAYS / times + rng.random_range(0..2)).min(DAYS - 1);
            week.visits.push(Visit {
                key: week.visits.len() as i64,
                window: later(series.window, on),
                asked: series.asked.map(|asked| asked + on as i64 * DAY),
                continuity: known.clone(),
                ..series.clone()
            });
        }
    }
    week.links = links(&week.visits, &mut rng);
    week
}

fn later(span: Interval, days: usize) -> Interval {
    let shift = days as i64 * DAY;
    Interval::new(span.from + shift, span.to + shift)
}

/// One visit in twenty is followed by another at the same door within half an hour to three.
fn links(visits: &[Visit], rng: &mut SmallRng) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (first, one) in visits.iter().enumerate() {
        if !rng.random_bool(0.05) {
            continue;
        }
        let after = |(_, other): &(usize, &Visit)| {
            let apart = other.window.from - one.window.from;
            (1_800..7_200).contains(&apart)
        };
        let near = |(_, other): &(usize, &Visit)| other.place.0.abs_diff(one.place.0);
        let second = visits.iter().enumerate().filter(after).min_by_key(near);
        links.extend(second.map(|(second, _)| Link {
            first: VisitIx(first),
            second: VisitIx(second),
            least: 1_800,
            most: 10_800,
        }));
    }
    links
}

/// Each day planned alone, the days before it as they are.
fn day_by_day(problem: &Problem, seconds: f64) -> Vec<Option<Placed>> {
    let mut plan: Vec<Option<Placed>> = vec![None; problem.visits.len()];
    for day in 0..DAYS {
        let mut today = problem.clone();
        let on = |visit: &Visit| visit.window.from.div_euclid(DAY) as usize;
        for (visit, placed) in today.visits.iter_mut().zip(&plan) {
            visit.held = placed.as_ref().map(|placed| Held {
                helpers: placed.helpers.clone(),
                start: placed.start,
                hold: Hold::Fixed,
            });
            // Nobody may come on another day.
            if on(visit) != day && visit.held.is_none() {
                visit.kinds.clear();
            }
        }
        plan = solve(&today, &mut until(seconds), 1).assignments;
    }
    plan
}
