//! Calls: the clerk's telephone, from number to outcome, and the callbacks promised in it.

pub mod routes;

pub mod queries;
pub mod views;
