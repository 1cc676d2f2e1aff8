//! Reports: what grid officers and the panel look at.

pub mod routes;
