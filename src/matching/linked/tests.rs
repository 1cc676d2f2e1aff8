//! The incremental schedule held against the plain fixpoint, and the search against proven optima.

use super::construct::construct;
use super::instance::{Instance, Link, Plan, Task};
use super::moves::Moves;
use super::routes::Routes;
use super::solve;
use crate::formats::hhcrsp;
use crate::search::Iterations;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// Many linked tasks, few caregivers: circles and dead ends are common.
fn tangled(seed: u64) -> Instance {
    let mut rng = SmallRng::seed_from_u64(seed);
    let patients = rng.random_range(4..20);
    let caregivers = rng.random_range(2..6);
    let spots: Vec<(f64, f64)> = (0..=patients)
        .map(|_| (rng.random_range(0.0..60.0), rng.random_range(0.0..60.0)))
        .collect();
    let way = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
    let travel = spots
        .iter()
        .map(|a| spots.iter().map(|b| way(a, b)).collect());
    let (mut tasks, mut links) = (Vec::new(), Vec::new());
    for place in 1..=patients {
        let open = f64::from(rng.random_range(0..400));
        let kind = rng.random_range(0..4);
        for _ in 0..=usize::from(kind > 0) {
            let able = (0..caregivers).filter(|one| kind == 1 || one % 2 == place % 2 || *one == 0);
            tasks.push(Task {
                place,
                duration: f64::from(rng.random_range(5..30)),
                open,
                due: open + 60.0,
                allowed: able.collect(),
            });
        }
        let at = tasks.len();
        let min = f64::from(rng.random_range(0..40));
        let max = min + f64::from(rng.random_range(0..90));
        match kind {
            0 => {}
            1 => links.push(Link::Together(at - 2, at - 1)),
            _ => links.push(Link::Apart {
                first: at - 2,
                second: at - 1,
                min,
                max,
            }),
        }
    }
    let instance = Instance {
        tasks,
        links,
        caregivers,
        travel: travel.collect(),
    };
    instance.validate().expect("a sound instance");
    instance
}

/// The least fixpoint, by plain repetition. None where starts grow for ever.
fn plain(instance: &Instance, routes: &[Vec<usize>]) -> Option<Vec<f64>> {
    let mut starts: Vec<f64> = instance.tasks.iter().map(|task| task.open).collect();
    for _ in 0..2 * starts.len() + 5 {
        let before = starts.clone();
        for route in routes {
            let (mut here, mut free) = (0, 0.0);
            for &at in route {
                let task = &instance.tasks[at];
                starts[at] = starts[at].max(free + instance.travel[here][task.place]);
                (here, free) = (task.place, starts[at] + task.duration);
            }
        }
        for link in &instance.links {
            let (first, second) = link.tasks();
            let (min, max) = match *link {
                Link::Together(..) => (0.0, 0.0),
                Link::Apart { min, max, .. } => (min, max),
            };
            starts[second] = starts[second].max(starts[first] + min);
            starts[first] = starts[first].max(starts[second] - max);
        }
        if before
            .iter()
            .zip(&starts)
            .all(|(old, new)| (old - new).abs() < 1e-9)
        {
            return Some(starts);
        }
    }
    None
}

#[test]
fn starts_brought_up_to_date_are_the_plain_fixpoint() {
    let (mut judged, mut refused) = (0, 0);
    for seed in 0..60 {
        let instance = tangled(seed);
        let mut routes = Routes::new(&instance);
        if !construct(&instance, &mut routes) {
            continue;
        }
        routes.recount();
        let mut moves = Moves::new(&instance, SmallRng::seed_from_u64(seed));
        for turn in 0..1000 {
            let before = routes.plan();
            let sums = routes.sums;
            if !moves.propose(&mut routes).1 {
                routes.undo();
                assert_eq!((routes.plan(), routes.sums), (before, sums));
                continue;
            }
            let order = routes.plan().routes;
            let expected = plain(&instance, &order);
            let settled = routes.settle(f64::INFINITY);
            assert_eq!(
                settled,
                expected.is_some(),
                "seed {seed} turn {turn} {order:?}"
            );
            if let Some(expected) = expected {
                judged += 1;
                let plan = routes.plan();
                for (at, (one, other)) in plan.starts.iter().zip(&expected).enumerate() {
                    assert!(
                        (one - other).abs() < 1e-6,
                        "seed {seed} turn {turn} task {at}"
                    );
                }
                let cost = instance.cost(&plan).expect("a sound plan");
                assert!((cost.value() - routes.sums.value()).abs() < 1e-6);
            } else {
                refused += 1;
            }
            if settled && turn % 3 > 0 {
                routes.keep();
            } else {
                routes.undo();
                assert_eq!((routes.plan(), routes.sums), (before, sums));
            }
        }
    }
    assert!(
        judged > 10_000 && refused > 1000,
        "{judged} judged, {refused} refused"
    );
}

#[test]
fn proven_optima_are_reached() {
    let files = [
        (
            include_str!("../../../benches/hhcrsp/InstanzCPLEX_HCSRP_10_2.json"),
            246.627,
        ),
        (
            include_str!("../../../benches/hhcrsp/InstanzCPLEX_HCSRP_10_6.json"),
            200.099,
        ),
    ];
    for (text, optimum) in files {
        let problem = hhcrsp::read(text).expect("a sound file");
        let outcome = solve(&problem.instance, &mut Iterations(1_000_000), 1).expect("a plan");
        let cost = problem
            .instance
            .cost(&outcome.plan)
            .expect("a sound plan")
            .value();
        assert!((cost - optimum).abs() < 0.002, "{cost} is not {optimum}");
    }
}

#[test]
fn the_same_seed_and_effort_give_the_same_plan() {
    let instance = tangled(7);
    let plan = |seed| solve(&instance, &mut Iterations(20_000), seed).map(|outcome| outcome.plan);
    assert!(plan(3).is_some());
    assert_eq!(plan(3), plan(3));
}

#[test]
fn nothing_to_do_is_done_at_once() {
    let instance = Instance {
        tasks: vec![],
        links: vec![],
        caregivers: 2,
        travel: vec![vec![0.0]],
    };
    let outcome = solve(&instance, &mut Iterations(1000), 0).expect("a plan");
    assert_eq!(
        outcome.plan,
        Plan {
            routes: vec![vec![], vec![]],
            starts: vec![]
        }
    );
}

/// Every plan that is claimed to be better than what was published is there, costs what is claimed, and is better.
#[test]
fn what_was_found_is_what_is_claimed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/hhcrsp");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    let table = read("best_known.csv");
    let published: std::collections::HashMap<&str, f64> = table
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1], cells[7].parse().unwrap())
        })
        .collect();
    let claims = read("found/found.csv");
    let mut claimed = 0;
    for claim in claims.lines().skip(1) {
        let cells: Vec<&str> = claim.split(',').collect();
        let (name, value): (&str, f64) = (cells[1], cells[2].parse().unwrap());
        let problem = hhcrsp::read(&read(&format!("{name}.json"))).unwrap();
        let plan = hhcrsp::read_plan(&problem, &read(&format!("found/{name}.json"))).unwrap();
        let cost = problem.instance.cost(&plan).unwrap().value();
        assert!((cost - value).abs() < 0.001, "{name}: {cost}, not {value}");
        assert!(value < published[name] - 0.001, "{name} was known");
        claimed += 1;
    }
    assert!(claimed > 0);
}
