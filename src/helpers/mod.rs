//! Helpers: who they are, and finding one who telephones.

pub mod queries;
pub mod routes;
pub mod views;
