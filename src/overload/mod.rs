//! Overload: how many requests compute at once, in which order the others wait, and when they are asked to come again.
//!
//! A machine that takes on more than it can do answers everybody late and in the end nobody. So a few requests compute at
//! once, the others wait in a line, and the line is kept by time:
//!
//! - As long as everybody's turn comes within [`Measure::patience`], first come, first served. A burst, as when twenty people
//!   open a page at once, passes without anybody noticing.
//! - When somebody has waited longer than that, more is asked than can be done. From then on the newest is served first, and
//!   whoever has waited for [`Measure::crowded`] is asked to come again: the few answers that can be given are given fast,
//!   instead of all of them late. That is over as soon as nobody waits any more.
//!
//! A request that waits for its write to reach the disk computes nothing: it gives its place up ([`place::writing`]), so that many
//! writes meet in one commit. Only so many may wait there, and in a crowd only while writes take no longer than
//! [`Measure::crowded`]; beyond, a request keeps its place, and the line grows instead.
//!
//! Tower has a limit on what runs at once and one that sheds what cannot run at once, but none that tells a burst from
//! overload, and none that lets a place go in the middle of a request.

mod line;
pub mod place;

use std::time::Duration;

pub use line::Line;
pub use place::Place;

/// How a line is kept.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Requests that compute at once.
    pub places: usize,
    /// The same while more is asked than can be done: each is done the sooner.
    pub places_crowded: usize,
    /// How long somebody may wait before more is asked than can be done.
    pub patience: Duration,
    /// How long somebody waits at most while that is so, for a place and again for a write.
    pub crowded: Duration,
    /// Requests that wait for their write without holding a place.
    pub writing: usize,
    /// Requests that wait at all; each holds some memory.
    pub longest: usize,
}

impl Measure {
    /// Places for each core: reading waits for the database in between, so one each would leave cores idle.
    const PLACES_A_CORE: usize = 2;

    /// The measure of a machine with so many cores, and with this patience.
    #[must_use]
    pub fn of(cores: usize, patience: Duration) -> Self {
        Self {
            places: cores * Self::PLACES_A_CORE,
            places_crowded: cores,
            patience,
            crowded: Duration::from_millis(15).min(patience),
            writing: 128,
            longest: 4_096,
        }
    }

    /// Everybody at once, whatever comes of it: for the control of the test of overload.
    #[cfg(feature = "fault-injection")]
    #[must_use]
    pub fn none() -> Self {
        Self {
            places: usize::MAX,
            places_crowded: usize::MAX,
            ..Self::of(1, Duration::MAX)
        }
    }
}
