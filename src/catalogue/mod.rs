//! The catalogue: what can be booked, for whom, and what it costs.

pub mod routes;
pub mod views;
