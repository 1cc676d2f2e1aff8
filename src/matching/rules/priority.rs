//! Soft, first: as much priority served as can be. Its cost is the priority of every visit left out.

use crate::problem::{Problem, VisitIx};

/// Stable code.
pub const CODE: &str = "priority";

/// What leaving a visit out costs.
pub fn cost(problem: &Problem, visit: VisitIx) -> i64 {
    i64::from(problem.visit(visit).priority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn a_visit_left_out_costs_its_priority() {
        let (mut problem, visit, _) = one_of_each();
        problem.visits[0].priority = 7;
        assert_eq!(cost(&problem, visit), 7);
    }
}
