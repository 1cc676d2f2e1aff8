//! Personal data: who sees what, what goes by itself, and what goes on somebody's wish, with every count as true as before.

mod erasing;
mod left;
pub mod masking;
mod retention;
