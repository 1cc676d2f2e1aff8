//! Yinling.
fn main() {}
