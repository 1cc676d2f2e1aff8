//! Dispatch: matching bookings to helpers, the board, suggestions and plans.

pub mod routes;
