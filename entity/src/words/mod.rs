//! The words of the design, as types: each is stored and sent as the same small word.

mod bookings;
mod dispatch;
mod help;
mod helpers;
mod people;
mod privacy;
mod providers;
mod quality;
mod record;
mod roll;
mod series;
mod station;
mod supply;
mod thanks;

pub use bookings::*;
pub use dispatch::*;
pub use help::*;
pub use helpers::*;
pub use people::*;
pub use privacy::*;
pub use providers::*;
pub use quality::*;
pub use record::*;
pub use roll::*;
pub use series::*;
pub use station::*;
pub use supply::*;
pub use thanks::*;
