//! Personal data: who sees which field (`masking`), and who looked (`looks`).

pub mod looks;
pub mod masking;
pub mod routes;
pub mod views;
