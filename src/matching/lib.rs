//! Who goes to whom, when, and why.
//!
//! Pure functions of a [`Problem`], a [`Stop`] and a seed: no database, no clock, no HTTP. Three uses of one set of rules:
//!
//! 1. *At booking*: [`suggest::open_starts`] lists the times that can be offered, and who could come.
//! 2. *A suggestion* for one open visit: [`suggest::suggest`] ranks helpers with reasons, and says why the others are out;
//!    [`suggest::assess`] judges one assignment a coordinator has in mind.
//! 3. *A plan* for a day or a week: [`solve`], judged by [`checker::check`], put into words by [`explain`].
//!
//! | module | holds |
//! |---|---|
//! | [`problem`] | what is to be matched, and what a plan is |
//! | [`state`] | who is busy when, under one set of placements |
//! | [`rules`] | one file a rule: its constraint or score, its sentence, its test |
//! | [`search`] | the solver |
//! | [`suggest`] | one visit, everything else untouched |
//! | [`explain`] | why a visit is unserved, why an assignment was chosen |
//! | [`checker`] | an independent judge that shares no code with the search |
//! | [`linked`] | another solver: services linked across routes, soft lateness |
//! | [`formats`] | problems and plans as others write them |
//! | [`words`] | clock times, dates and lengths in Chinese and English |
#![deny(missing_docs)]

pub mod checker;
pub mod explain;
pub mod formats;
pub mod linked;
pub mod problem;
pub mod rules;
pub mod search;
pub mod state;
pub mod suggest;
pub mod words;

#[cfg(test)]
mod testing;

pub use checker::{Violation, check, score_of};
pub use explain::{Why, reasons, why_unserved};
pub use problem::{
    Barred, Goal, Held, HeldSkill, Helper, HelperIx, HelperKind, Hold, Interval, Invalid, Link,
    PlaceIx, Placed, Plan, Problem, Score, Seconds, Sex, SkillIx, SkillName, Visit, VisitIx,
    Walking,
};
pub use rules::{Exclusion, Part, Reason};
pub use search::{Iterations, Progress, Stop, solve};
pub use state::PlanState;
pub use suggest::{OpenStart, Suggestion, Suggestions, assess, open_starts, suggest};
pub use words::Lang;
