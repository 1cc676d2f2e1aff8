//! What a visit asks for, and why a helper cannot take it: the hard rules of the house, for placing demonstration visits.

use chrono::NaiveDate;
use entity::ids::{HouseholdId, ResidentId, ServiceId, SkillId};
use entity::words::{HelperKind, Place, Sex};

use super::place::STATION;
use super::roll;
use super::rows::{Rows, index};
use crate::compound::Location;

/// Why a helper who has the skill cannot come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bar {
    /// The service is not for this kind of helper.
    Kind,
    /// One's own household.
    OwnHousehold,
    /// One of the two does not want the other.
    Avoided,
    /// Intimate care by the other sex.
    Sex,
    /// No credential that is valid on the day.
    Credential,
    /// On leave.
    Leave,
    /// Not free at the time.
    Unavailable,
    /// Another visit, walking included.
    Busy,
    /// Enough for the day.
    DailyLimit,
    /// Enough for the week.
    WeeklyLimit,
}

/// A service for a resident on a day.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// For whom.
    pub resident: ResidentId,
    /// Where they live.
    pub household: HouseholdId,
    /// Their sex.
    pub sex: Sex,
    /// What.
    pub service: ServiceId,
    /// What the helper must be able to do.
    pub skill: SkillId,
    /// Whether that needs a credential.
    pub needs_credential: bool,
    /// Whether the helper's sex has to suit.
    pub intimate: bool,
    /// Who may do it, and for how many fen.
    pub offers: Vec<(HelperKind, i64)>,
    /// Minutes of service.
    pub minutes: i32,
    /// Helpers at once.
    pub crew_size: usize,
    /// Hours between asking and the visit at least.
    pub lead_hours: i32,
    /// 1 to 9.
    pub priority: i32,
    /// Where it takes place.
    pub door: Location,
    /// The local date.
    pub day: NaiveDate,
}

impl Task {
    /// The task; none when the service is not for the resident's ability level.
    pub fn new(
        rows: &Rows,
        resident: ResidentId,
        service: ServiceId,
        day: NaiveDate,
    ) -> Option<Self> {
        let person = &rows.residents[index(resident.0)];
        let service = &rows.services[index(service.0)];
        let level = person.ability_level.unwrap_or(0);
        if !(service.ability_min..=service.ability_max).contains(&level) {
            return None;
        }
        let offers = rows
            .offers
            .iter()
            .filter(|offer| offer.service_id == service.id);
        let station = Location {
            x_m: STATION.0,
            y_m: STATION.1,
            floor: 1,
            has_lift: false,
        };
        Some(Self {
            resident,
            household: person.household_id,
            sex: person.sex,
            service: service.id,
            skill: service.skill_id,
            needs_credential: rows.skills[index(service.skill_id.0)].needs_credential,
            intimate: service.intimate,
            offers: offers.map(|offer| (offer.kind, offer.price_fen)).collect(),
            minutes: service.duration_min,
            crew_size: if service.crew_size == 2 { 2 } else { 1 },
            lead_hours: service.lead_time_hours,
            priority: service.priority,
            door: match service.place {
                Place::Home => roll::door(rows, person.household_id),
                Place::Station => station,
            },
            day,
        })
    }

    /// What it costs from this kind of helper, in fen.
    pub fn price(&self, kind: HelperKind) -> Option<i64> {
        self.offers
            .iter()
            .find(|(offered, _)| *offered == kind)
            .map(|(_, price)| *price)
    }
}
