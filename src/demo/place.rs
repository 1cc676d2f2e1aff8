//! The community, its compound of 600 m by 500 m, four grids and forty buildings.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{BuildingId, CommunityId, CompoundId, GridId};
use entity::{building, community, compound, grid};

use super::rows::Rows;

/// The one community of the demonstration.
pub(super) const COMMUNITY: CommunityId = CommunityId(1);
const COMPOUND: CompoundId = CompoundId(1);
/// Where the station stands, in metres from the south-west corner.
pub(super) const STATION: (f64, f64) = (300.0, 10.0);
/// How many buildings stand in a row.
const ROW: i32 = 8;
/// Buildings with a lift, and their floors; the others have six floors and stairs.
const TALL: [(i32, i32); 9] = [
    (7, 11),
    (8, 11),
    (16, 18),
    (24, 18),
    (32, 11),
    (33, 6),
    (38, 11),
    (39, 15),
    (40, 15),
];

/// Adds them.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    rows.communities.push(community::Model {
        id: COMMUNITY,
        name: "滨湖社区".into(),
        street: "檀溪街道".into(),
        time_zone: "Asia/Shanghai".into(),
        office_phone: "07103550100".into(),
        synthetic: true,
        horizon_days: 30,
        cutoff_hours: 12,
        late_after_min: 10,
        unseen_days: 7,
        complaint_days: 3,
        second_factor_required: false,
        created_at: now - TimeDelta::days(200),
    });
    rows.compounds.push(compound::Model {
        id: COMPOUND,
        community_id: COMMUNITY,
        name: "东方小区".into(),
        station_x_m: STATION.0,
        station_y_m: STATION.1,
    });
    for (n, name) in (1..).zip(["第一网格", "第二网格", "第三网格", "第四网格"]) {
        rows.grids.push(grid::Model {
            id: GridId(n),
            community_id: COMMUNITY,
            compound_id: COMPOUND,
            name: name.into(),
            officer_id: None,
        });
    }
    rows.buildings.extend((1..=40).map(building));
}

/// Building `number` of 1..=40: five rows of eight, ten buildings a grid.
fn building(number: i32) -> building::Model {
    let tall = TALL.iter().find(|(tall, _)| *tall == number);
    let (column, row) = ((number - 1) % ROW, (number - 1) / ROW);
    // Rows are a little out of line, as they are where people have built for thirty years.
    let bend = f64::from((number * 37) % 11) - 5.0;
    building::Model {
        id: BuildingId(i64::from(number)),
        community_id: COMMUNITY,
        compound_id: COMPOUND,
        grid_id: GridId(i64::from((number - 1) / 10 + 1)),
        number: number.to_string(),
        x_m: 45.0 + 73.0 * f64::from(column) + bend,
        y_m: 60.0 + 100.0 * f64::from(row) - bend,
        floors: tall.map_or(6, |(_, floors)| *floors),
        has_lift: tall.is_some(),
    }
}
