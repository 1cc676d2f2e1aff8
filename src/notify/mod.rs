//! Telling people: letters through the outbox, written with the change they tell of and sent later.

pub mod queries;
pub mod sender;
pub mod tell;
