//! Growth: every list is paged by key, the generator with which growth is measured (`make bench-growth`) makes a database
//! that holds, and a booking pays little for the indexes.

mod cost;
mod lists;
mod made;
mod pages;
