//! Services linked across routes, with soft lateness: the home health care routing and scheduling problem.
//!
//! A resident may need two services that start together, or one some time after the other, by two caregivers: then the
//! routes hang on each other, and a change of one may move starts in all. Coming late is allowed and costs.
//!
//! | module | does |
//! |---|---|
//! | `instance` | what is to be matched, what a plan is, and an independent judge of its cost |
//! | `routes` | the routes while they are searched, with a journal to undo a move |
//! | `schedule` | the earliest starts, brought up to date after a move |
//! | `construct` | a first plan |
//! | `moves` | the neighbourhoods |
//! | `search` | simulated annealing |

mod construct;
mod instance;
mod moves;
mod routes;
mod schedule;
mod search;
mod stop;
#[cfg(test)]
mod tests;

pub use instance::{Cost, Instance, Link, Plan, Task};
pub use search::{Outcome, solve};
pub use stop::{EVERY, Progress, Stop};
