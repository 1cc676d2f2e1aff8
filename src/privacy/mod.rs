//! Personal data: who looked at a file (`looks`), and everything about one person as a workbook (`export`).

pub mod access;
pub mod export;
pub mod looks;
pub mod routes;
pub mod views;
