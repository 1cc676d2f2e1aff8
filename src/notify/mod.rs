//! Telling people: letters through the outbox, written with the change they tell of and sent later.

pub mod account;
pub mod away;
pub mod evening;
pub mod facts;
pub mod help;
mod lease;
pub mod letters;
pub mod queries;
pub mod route;
pub mod sender;
pub mod station;
pub mod tell;
