//! Accounts: signing in, one-time links, and who keeps them.

pub mod password;
pub mod routes;
