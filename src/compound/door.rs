//! How people say where somebody lives.

use entity::ids::BuildingId;
use entity::words::Lang;
use entity::{building, household};

/// Where a household is, in words of one language.
#[derive(Clone, Debug)]
pub struct Door {
    /// As [`door`] says it.
    pub door: String,
    /// The building.
    pub building: BuildingId,
    /// As [`building_name`] says it: all that is said to those who need not know the flat.
    pub building_name: String,
    /// The floor.
    pub floor: i32,
    /// Whether a lift reaches it.
    pub has_lift: bool,
    /// The household's telephone.
    pub phone: Option<String>,
}

impl Door {
    pub(super) fn new(home: household::Model, building: &building::Model, lang: Lang) -> Self {
        Self {
            door: door(&home, building, lang),
            building: building.id,
            building_name: building_name(&building.number, lang),
            floor: home.floor,
            has_lift: building.has_lift,
            phone: home.phone,
        }
    }
}

/// A household's door: 3栋2单元501, in English Building 3, 2-501.
#[must_use]
pub fn door(home: &household::Model, building: &building::Model, lang: Lang) -> String {
    let name = building_name(&building.number, lang);
    let (entrance, flat) = (home.entrance, &home.flat);
    // Where somebody lived whose file was erased: the building is all that is known.
    if entrance == 0 {
        return name;
    }
    match lang {
        Lang::Zh => format!("{name}{entrance}单元{flat}"),
        Lang::En => format!("{name}, {entrance}-{flat}"),
    }
}

/// A building by its number: 3栋, in English Building 3.
#[must_use]
pub fn building_name(number: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{number}栋"),
        Lang::En => format!("Building {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{CommunityId, CompoundId, GridId, HouseholdId};

    #[test]
    fn a_door_is_said_in_both_languages() {
        let building = building::Model {
            id: BuildingId(1),
            community_id: CommunityId(1),
            compound_id: CompoundId(1),
            grid_id: GridId(1),
            number: "12".into(),
            x_m: 0.0,
            y_m: 0.0,
            floors: 18,
            has_lift: true,
        };
        let home = household::Model {
            id: HouseholdId(1),
            community_id: CommunityId(1),
            building_id: BuildingId(1),
            entrance: 2,
            floor: 11,
            flat: "1102".into(),
            door_key: "12-2-1102".into(),
            phone: None,
        };
        assert_eq!(door(&home, &building, Lang::Zh), "12栋2单元1102");
        assert_eq!(door(&home, &building, Lang::En), "Building 12, 2-1102");
    }
}
