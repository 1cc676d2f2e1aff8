//! Bookings: what was asked for, and the times that can be served.

pub mod routes;
pub mod views;
