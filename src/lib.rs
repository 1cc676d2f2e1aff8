//! Yinling: care booking for a housing compound. This is the map of the house.
//!
//! `http` is what every route shares, `store` the database with its one door for writes. Each other folder is a room:
//! one subject, its rules in `mod.rs`, its routes and queries beside them. `matching` is a crate of its own, so that it
//! cannot know any of this.

pub mod accounts;
pub mod app;
pub mod bench;
pub mod bookings;
pub mod calendar;
pub mod calls;
pub mod catalogue;
pub mod clock;
pub mod closing;
pub mod compound;
pub mod config;
pub mod consent;
pub mod demo;
pub mod dispatch;
pub mod error;
pub mod figures;
pub mod formula;
pub mod helpers;
pub mod http;
pub mod meals;
pub mod money;
pub mod notify;
pub mod overload;
pub mod privacy;
pub mod providers;
pub mod quality;
pub mod reports;
pub mod requests;
pub mod residents;
pub mod said;
pub mod series;
pub mod station;
pub mod store;
pub mod supply;
pub mod timebank;
pub mod visits;
pub mod vouchers;

pub use yinling_matching as matching;
