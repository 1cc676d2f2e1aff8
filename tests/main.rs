//! Tests from outside: the router or the program over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod accounts;
mod away;
mod bench;
mod calendar_feed;
mod callbacks;
mod calls;
mod catalogue;
mod command_line;
mod help_requests;
mod helper_day;
mod households;
mod links;
mod mail;
mod making_room;
mod meals;
mod money;
mod plan;
mod plans;
mod provider_work;
mod providers;
mod quality_panel;
mod quality_ratings;
mod quality_visits;
mod race;
mod residents;
mod roles;
mod roll;
mod roll_import;
mod roll_program;
mod rolled_back;
mod rules;
mod series;
mod series_race;
mod story;
mod supply;
mod timebank;
mod twice;
mod visit_links;
mod vouchers;
mod weeks;
mod words;
