//! A first plan: units by their due times, each at the end of the routes where it costs least.

use super::instance::{Instance, Link};
use super::routes::{NONE, Routes};

/// Put every task somewhere. False if some link could not be kept.
pub(super) fn construct(instance: &Instance, routes: &mut Routes) -> bool {
    let mut alone = vec![true; instance.tasks.len()];
    let mut units: Vec<(f64, u32, u32)> = Vec::new();
    for link in &instance.links {
        let (first, second) = link.tasks();
        (alone[first], alone[second]) = (false, false);
        units.push((instance.tasks[first].due, first as u32, second as u32));
    }
    for (at, task) in instance.tasks.iter().enumerate() {
        if alone[at] {
            units.push((task.due, at as u32, NONE));
        }
    }
    units.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    routes.recount();
    units
        .iter()
        .all(|&(_, first, second)| put_unit(instance, routes, first, second))
}

fn put_unit(instance: &Instance, routes: &mut Routes, first: u32, second: u32) -> bool {
    let mut best: Option<(f64, u32, u32)> = None;
    for &one in &instance.tasks[first as usize].allowed {
        let others: &[usize] = match instance.tasks.get(second as usize) {
            Some(task) => &task.allowed,
            None => &[one],
        };
        for &other in others {
            let (one, other) = (one as u32, other as u32);
            if together(instance, first, second) && one == other {
                continue;
            }
            append(routes, first, one, second, other);
            if routes.settle(f64::INFINITY)
                && best.is_none_or(|(cost, ..)| routes.sums.value() < cost)
            {
                best = Some((routes.sums.value(), one, other));
            }
            routes.undo();
        }
    }
    let Some((_, one, other)) = best else {
        return false;
    };
    append(routes, first, one, second, other);
    let settled = routes.settle(f64::INFINITY);
    routes.keep();
    settled
}

fn together(instance: &Instance, first: u32, second: u32) -> bool {
    second != NONE
        && instance.links.iter().any(|link| {
            matches!(link, Link::Together(..)) && link.tasks() == (first as usize, second as usize)
        })
}

fn append(routes: &mut Routes, first: u32, one: u32, second: u32, other: u32) {
    let end = routes.node(routes.head(one)).pred;
    routes.insert(end, first);
    if second != NONE {
        let end = routes.node(routes.head(other)).pred;
        routes.insert(end, second);
    }
}
