//! Visits, for those who may see them.
