//! Yinling.
