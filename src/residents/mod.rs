//! The roll: residents, their households and families.

pub mod access;
pub mod queries;
pub mod routes;
