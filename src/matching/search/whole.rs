//! Routes that have to be judged from end to end: with breaks, setups, things taken along or a limit on the walking.

use super::model::{Model, Person, Task, Time};
use super::route::{BROKEN, Gap, Route, Stop};

/// A helper on her way.
struct Walker<'m> {
    model: &'m Model,
    person: &'m Person,
    place: Option<u32>,
    now: Time,
    walking: i64,
    carried: Vec<i64>,
}

impl<'m> Walker<'m> {
    /// Sets out for these visits; `None` where she cannot carry what they need.
    fn sets_out<'s>(
        model: &'m Model,
        helper: usize,
        stops: impl Iterator<Item = &'s Stop>,
    ) -> Option<Self> {
        let person = &model.people[helper];
        let mut carried = vec![0; person.capacity.len()];
        for stop in stops.filter(|stop| !stop.rest) {
            add(&mut carried, &model.tasks[stop.visit as usize].brings, 1);
        }
        let walker = Self {
            model,
            person,
            place: person.start,
            now: person.hours.0,
            walking: 0,
            carried,
        };
        walker.can_carry(&person.capacity).then_some(walker)
    }

    fn can_carry(&self, most: &[i64]) -> bool {
        self.carried
            .iter()
            .zip(most)
            .all(|(carried, most)| carried <= most)
    }

    /// Goes to a stop and does what is to be done there. When it starts; `None` where she is too late or carries too much.
    fn visits(&mut self, stop: &Stop, task: &Task) -> Option<Time> {
        if stop.rest {
            let start = self.now.max(stop.from);
            self.now = start + stop.duration;
            return (start <= stop.to && self.can_carry(&task.takes)).then_some(start);
        }
        let way = self.place.map_or(0, |place| {
            self.model.walk(self.person.ways, place, stop.place)
        });
        let setup = if self.place == Some(stop.place) {
            0
        } else {
            task.setup
        };
        let start = (self.now + way).max(stop.from);
        self.now = start + setup + stop.duration;
        self.walking += i64::from(way);
        self.place = Some(stop.place);
        add(&mut self.carried, &task.brings, -1);
        add(&mut self.carried, &task.takes, 1);
        (start <= stop.to && self.can_carry(&self.person.capacity)).then_some(start)
    }

    /// Comes home; all the walking, `None` where it is too late or too far.
    fn comes_home(self) -> Option<i64> {
        let way = match (self.place, self.person.end) {
            (Some(place), Some(end)) => self.model.walk(self.person.ways, place, end),
            _ => 0,
        };
        let walking = self.walking + i64::from(way);
        (self.now + way <= self.person.hours.1 && walking <= self.person.most_walking)
            .then_some(walking)
    }
}

fn add(sum: &mut [i64], more: &[i64], sign: i64) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += sign * more;
    }
}

impl Route {
    /// Works out every figure anew, going the whole way.
    pub(super) fn refresh_whole(&mut self, model: &Model, helper: usize) {
        self.walking = 0;
        self.deviation = 0;
        if self.stops.iter().all(|stop| stop.rest) {
            for stop in &mut self.stops {
                stop.early = stop.from;
                (stop.start, stop.late) = (stop.from, stop.to);
            }
            return;
        }
        self.walking = self.walk_all(model, helper).unwrap_or(BROKEN);
    }

    /// Goes to all stops; the walking, `None` where it cannot be done.
    fn walk_all(&mut self, model: &Model, helper: usize) -> Option<i64> {
        let mut walker = Walker::sets_out(model, helper, self.stops.iter())?;
        for stop in &mut self.stops {
            stop.early = walker.visits(stop, &model.tasks[stop.visit as usize])?;
            (stop.start, stop.late) = (stop.early, stop.to);
        }
        walker.comes_home()
    }

    /// Every gap for a visit in one of its slots, `over` stops taken out of each, whose stakes together are not more than `most`.
    pub(super) fn gaps_whole(
        &self,
        model: &Model,
        visit: usize,
        helper: usize,
        (over, most): (usize, i64),
        slot: usize,
        see: &mut impl FnMut(&Gap),
    ) {
        let wanted = super::route::stop(model, visit, slot, true);
        for at in 0..(self.stops.len() + 1).saturating_sub(over) {
            let taken = &self.stops[at..at + over];
            let stake: i64 = taken.iter().map(|stop| i64::from(stop.stake)).sum();
            if over > 0 && stake > most {
                continue;
            }
            let sequence = || {
                self.stops[..at]
                    .iter()
                    .chain(std::iter::once(&wanted))
                    .chain(&self.stops[at + over..])
            };
            if let Some((walking, start)) = self.through(model, helper, visit, sequence) {
                see(&Gap {
                    at,
                    over,
                    slot,
                    early: start,
                    late: start,
                    detour: walking - self.walking,
                });
            }
        }
    }

    /// The walking of a sequence of stops and the start of one visit in it, where nothing stands against it.
    fn through<'s, I: Iterator<Item = &'s Stop>>(
        &self,
        model: &Model,
        helper: usize,
        visit: usize,
        sequence: impl Fn() -> I,
    ) -> Option<(i64, Time)> {
        let person = &model.people[helper];
        let visits = sequence().filter(|stop| !stop.rest).count();
        if visits > person.most_visits {
            return None;
        }
        let mut walker = Walker::sets_out(model, helper, sequence())?;
        let mut of_visit = 0;
        for stop in sequence() {
            let start = walker.visits(stop, &model.tasks[stop.visit as usize])?;
            if stop.visit as usize == visit {
                of_visit = start;
            }
        }
        let walking = if visits == 0 { 0 } else { walker.comes_home()? };
        Some((walking, of_visit))
    }
}
