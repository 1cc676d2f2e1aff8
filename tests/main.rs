//! Tests from outside: the router or the program over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod accounts;
mod helper_day;
mod mail;
mod race;
mod roles;
mod rules;
mod story;
mod twice;
mod words;
