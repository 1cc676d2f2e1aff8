//! What every route shares: who calls, what a body may be, what an answer looks like.

pub mod answers;
pub mod asks;
pub mod busy;
pub mod caller;
pub mod dates;
pub mod entrant;
pub mod events;
pub mod guard;
pub mod input;
pub mod json;
pub mod lasting;
pub mod openapi;
pub mod pages;
pub mod paging;
pub mod problem;
pub mod session;
pub mod source;
pub mod text;
