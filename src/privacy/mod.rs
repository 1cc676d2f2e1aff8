//! Personal data: who sees what (`masking`), who looked at a file (`looks`), everything about one person as a workbook
//! (`export`), everything about them gone (`erasure`), and what goes by itself once it was kept long enough (`retention`).

pub mod access;
pub mod erasure;
pub mod export;
pub mod looks;
pub mod masking;
pub mod retention;
pub mod routes;
pub mod tables;
pub mod views;
