//! Growth: a hundred communities cost a page no more than one does. Every statement has its index, every list is paged by
//! key, and the generator with which it is measured (`make bench-growth`) makes a database that holds.

mod body;
mod cost;
mod judge;
mod lists;
mod made;
mod pages;
mod scans;
mod walk;
