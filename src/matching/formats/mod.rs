//! Problems and plans as others write them.

pub mod hhcrsp;
