//! Who is busy when, under one set of placements.

use crate::problem::{HelperIx, Hold, Placed, Problem, Seconds, VisitIx};

/// A visit as one helper's time sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// Which visit.
    pub visit: VisitIx,
    /// When its service starts.
    pub from: Seconds,
    /// When its service ends.
    pub to: Seconds,
}

/// Placements of a problem's visits, seen from each helper.
#[derive(Debug, Clone)]
pub struct PlanState {
    placed: Vec<Option<Placed>>,
    busy: Vec<Vec<Busy>>,
}

impl PlanState {
    /// Nothing placed.
    pub fn empty(problem: &Problem) -> Self {
        Self {
            placed: vec![None; problem.visits.len()],
            busy: vec![Vec::new(); problem.helpers.len()],
        }
    }

    /// Everything as it is held when the problem is stated.
    pub fn held(problem: &Problem) -> Self {
        let mut state = Self::empty(problem);
        for visit in problem.visit_ixs() {
            if let Some(held) = &problem.visit(visit).held {
                state.put(
                    problem,
                    visit,
                    Placed {
                        helpers: held.helpers.clone(),
                        start: held.start,
                    },
                );
            }
        }
        state
    }

    /// Only what is held fixed.
    pub fn fixed(problem: &Problem) -> Self {
        let mut state = Self::empty(problem);
        for visit in problem.visit_ixs() {
            if let Some(held) = problem
                .visit(visit)
                .held
                .as_ref()
                .filter(|held| held.hold == Hold::Fixed)
            {
                state.put(
                    problem,
                    visit,
                    Placed {
                        helpers: held.helpers.clone(),
                        start: held.start,
                    },
                );
            }
        }
        state
    }

    /// As a plan has it; one entry a visit, in the problem's order.
    pub fn of(problem: &Problem, assignments: &[Option<Placed>]) -> Self {
        let mut state = Self::empty(problem);
        for (visit, placed) in problem.visit_ixs().zip(assignments) {
            if let Some(placed) = placed {
                state.put(problem, visit, placed.clone());
            }
        }
        state
    }

    /// Places a visit, in place of where it was.
    pub fn put(&mut self, problem: &Problem, visit: VisitIx, placed: Placed) {
        self.take(visit);
        let busy = Busy {
            visit,
            from: placed.start,
            to: placed.start + problem.visit(visit).duration,
        };
        for helper in &placed.helpers {
            let day = &mut self.busy[helper.0];
            let at = day.partition_point(|other| (other.from, other.to) <= (busy.from, busy.to));
            day.insert(at, busy);
        }
        self.placed[visit.0] = Some(placed);
    }

    /// Takes a visit out and tells where it was.
    pub fn take(&mut self, visit: VisitIx) -> Option<Placed> {
        let placed = self.placed[visit.0].take()?;
        for helper in &placed.helpers {
            self.busy[helper.0].retain(|busy| busy.visit != visit);
        }
        Some(placed)
    }

    /// Where a visit is placed.
    pub fn placed(&self, visit: VisitIx) -> Option<&Placed> {
        self.placed[visit.0].as_ref()
    }

    /// All placements, in the problem's order.
    pub fn placements(&self) -> &[Option<Placed>] {
        &self.placed
    }

    /// A helper's visits in order of start.
    pub fn busy(&self, helper: HelperIx) -> &[Busy] {
        &self.busy[helper.0]
    }

    /// Care a helper gives on a day, one visit left out of the count.
    pub fn care_on(
        &self,
        problem: &Problem,
        helper: HelperIx,
        day: usize,
        without: VisitIx,
    ) -> Seconds {
        self.care(helper, without, |busy| problem.day_of(busy.from) == day)
    }

    /// Care a helper gives in a week, what was given outside the problem included, one visit left out of the count.
    pub fn care_in_week(
        &self,
        problem: &Problem,
        helper: HelperIx,
        week: usize,
        without: VisitIx,
    ) -> Seconds {
        let before = problem
            .helper(helper)
            .care_before
            .get(week)
            .copied()
            .unwrap_or(0);
        before + self.care(helper, without, |busy| problem.week_of(busy.from) == week)
    }

    /// Care a helper gives in all of the problem, one visit left out of the count.
    pub fn care_in_all(&self, helper: HelperIx, without: VisitIx) -> Seconds {
        self.care(helper, without, |_| true)
    }

    fn care(&self, helper: HelperIx, without: VisitIx, counts: impl Fn(&Busy) -> bool) -> Seconds {
        let lengths = self.busy[helper.0]
            .iter()
            .filter(|busy| busy.visit != without && counts(busy));
        lengths.map(|busy| busy.to - busy.from).sum()
    }
}
