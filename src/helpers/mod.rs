//! Helpers: volunteers, staff and merchants' workers, and when they can come.

pub mod routes;
