//! Another route in a route's place.

use super::{Crew, NOBODY, Solution, strangeness};
use crate::search::model::Model;
use crate::search::route::Stop;

impl Solution {
    /// What a route adds to the cost of the plan, but for the priority of its visits, and for what hangs on other routes too.
    pub(in crate::search) fn route_cost(&self, model: &Model, helper: usize) -> i64 {
        let (route, weights) = (&self.routes[helper], &model.weights);
        let mut cost = route.walking
            + route.deviation * weights.deviation
            + route.unfairness * weights.unfairness;
        let free = |stop: &&Stop| model.is_free(stop.visit as usize);
        for stop in route.stops.iter().filter(free) {
            let crew = self.crews[stop.visit as usize];
            cost -= i64::from(crew.kept) * weights.moved;
            cost += strangeness(model, stop.visit as usize, crew) * weights.continuity;
        }
        cost
    }

    /// A route's stops, and which of them are kept as published.
    pub(in crate::search) fn seated(&self, helper: usize) -> Vec<(Stop, bool)> {
        let stops = self.routes[helper].stops.iter();
        let kept = |stop: &Stop| self.crews[stop.visit as usize].kept;
        stops.map(|stop| (*stop, kept(stop))).collect()
    }

    /// Takes everything that may be anybody's out of a helper's route.
    pub(in crate::search) fn clear_route(&mut self, model: &Model, helper: usize) {
        let stops = self.routes[helper].stops.iter().map(|stop| stop.visit);
        let visits: Vec<u32> = stops
            .filter(|visit| model.is_free(*visit as usize))
            .collect();
        self.remove_all(model, helper, &visits);
    }

    /// Gives a helper whose route was cleared these stops, in this order and with what she still holds among them. Visits that
    /// are served meanwhile are left out.
    pub(in crate::search) fn adopt(
        &mut self,
        model: &Model,
        helper: usize,
        stops: &[(Stop, bool)],
    ) {
        let crews = &self.crews;
        let absent = |stop: &Stop| crews[stop.visit as usize].is_none();
        let free: Vec<bool> = stops.iter().map(|(stop, _)| absent(stop)).collect();
        self.edit(model, helper, |route| {
            let mut at = 0;
            for ((stop, _), free) in stops.iter().zip(&free) {
                if *free {
                    route.insert(model, at, *stop);
                    at += 1;
                } else if let Some(held) = route.position(stop.visit as usize) {
                    at = held + 1;
                }
            }
        });
        for ((stop, kept), _) in stops.iter().zip(free).filter(|(_, free)| *free) {
            let crew = Crew {
                helpers: [helper as u32, NOBODY],
                kept: *kept,
            };
            self.set(model, stop.visit as usize, crew);
        }
    }
}
