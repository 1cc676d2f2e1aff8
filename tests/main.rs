//! Tests from outside: the router or the program over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod accounts;
mod callbacks;
mod calls;
mod catalogue;
mod command_line;
mod helper_day;
mod households;
mod links;
mod mail;
mod making_room;
mod money;
mod plan;
mod plans;
mod race;
mod residents;
mod roles;
mod rolled_back;
mod rules;
mod story;
mod timebank;
mod twice;
mod vouchers;
mod weeks;
mod words;
