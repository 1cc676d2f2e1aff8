//! The compound as helpers walk it: places, and the seconds from one to another.

pub mod door;
pub mod queries;

use serde::Serialize;

/// Metres walked in a second by helpers who are themselves over sixty.
const METRES_A_SECOND: f64 = 0.9;
/// Paths are longer than the straight line by this factor.
const DETOUR: f64 = 1.25;
/// Seconds for a floor up the stairs.
const SECONDS_A_FLOOR_UP: i64 = 20;
/// Seconds for a floor down the stairs.
const SECONDS_A_FLOOR_DOWN: i64 = 15;
/// Seconds to wait for a lift and ride it, whichever the floor.
const SECONDS_FOR_A_LIFT: i64 = 30;

/// Where a visit is, or where a helper starts from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Location {
    /// Metres east of the compound's corner.
    pub x_m: f64,
    /// Metres north of the compound's corner.
    pub y_m: f64,
    /// The floor, from 1.
    pub floor: i32,
    /// Whether a lift reaches it.
    pub has_lift: bool,
}

impl Location {
    /// Seconds from the building's door up to the flat.
    fn up(self) -> i64 {
        let floors = i64::from(self.floor.max(1) - 1);
        if self.has_lift && floors > 0 {
            SECONDS_FOR_A_LIFT
        } else {
            floors * SECONDS_A_FLOOR_UP
        }
    }

    /// Seconds from the flat down to the building's door.
    fn down(self) -> i64 {
        let floors = i64::from(self.floor.max(1) - 1);
        if self.has_lift && floors > 0 {
            SECONDS_FOR_A_LIFT
        } else {
            floors * SECONDS_A_FLOOR_DOWN
        }
    }
}

/// Seconds to walk from one place to another, stairs included; not symmetric, since going up is slower.
#[must_use]
pub fn walking_seconds(from: Location, to: Location) -> i64 {
    if from == to {
        return 0;
    }
    let metres = (from.x_m - to.x_m).hypot(from.y_m - to.y_m) * DETOUR;
    let way = metres / METRES_A_SECOND;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a compound is some hundred metres wide"
    )]
    let way = way.ceil() as i64;
    from.down() + way + to.up()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x_m: f64, floor: i32, has_lift: bool) -> Location {
        Location {
            x_m,
            y_m: 0.0,
            floor,
            has_lift,
        }
    }

    #[test]
    fn ninety_metres_take_a_hundred_and_twenty_five_seconds() {
        assert_eq!(walking_seconds(at(0.0, 1, false), at(90.0, 1, false)), 125);
    }

    #[test]
    fn up_is_slower_than_down_and_a_lift_is_neither() {
        let (ground, fifth) = (at(0.0, 1, false), at(0.0, 5, false));
        assert_eq!(walking_seconds(ground, fifth), 80);
        assert_eq!(walking_seconds(fifth, ground), 60);
        assert_eq!(walking_seconds(ground, at(0.0, 12, true)), 30);
        assert_eq!(walking_seconds(fifth, fifth), 0);
    }
}
