//! What is shown of supply and demand. Figures only: no name of anybody stands in them.

use chrono::NaiveDate;
use entity::ids::{GridId, ServiceId};
use entity::words::Band;
use serde::Serialize;
use utoipa::ToSchema;

use super::Cause;
use super::advice::Step;

/// A month of supply and demand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SupplyMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// Whether it is over.
    pub over: bool,
    /// What was asked for: served, not served, nobody at home, or still ahead.
    pub asked: usize,
    /// What was served.
    pub served: usize,
    /// What was not.
    pub unserved: usize,
    /// Residents who went without something.
    pub people: usize,
    /// What is still ahead.
    pub ahead: usize,
    /// Minutes of care asked for, of whole crews.
    pub asked_min: i64,
    /// Minutes of care offered: hours on duty, on no day above somebody's limit.
    pub offered_min: i64,
    /// Services that could not always be served, those that most people went without first.
    pub gaps: Vec<Gap>,
    /// By service, of those asked for.
    pub by_service: Vec<SupplyLine>,
    /// By skill, of those asked for; whoever has two skills offers their hours to both.
    pub by_skill: Vec<SupplyLine>,
    /// By hour of the day.
    pub by_hour: Vec<SupplyLine>,
    /// By grid.
    pub by_grid: Vec<SupplyLine>,
}

/// A service that could not always be served.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Gap {
    /// The service.
    pub service_id: ServiceId,
    /// Its code.
    pub service_code: String,
    /// What it is called.
    pub service: String,
    /// What it asks for.
    pub skill: String,
    /// How often it was asked for.
    pub asked: usize,
    /// How often it was served.
    pub served: usize,
    /// How often it was not.
    pub unserved: usize,
    /// How often it was not in the month before.
    pub unserved_before: usize,
    /// Residents who went without.
    pub people: usize,
    /// Why, the commonest first.
    pub causes: Vec<CauseCount>,
    /// In which part of the day.
    pub bands: Vec<BandCount>,
    /// In which grids.
    pub grids: Vec<GridCount>,
    /// How many can do it.
    pub holders: usize,
    /// How many could, had their paper not run out.
    pub lapsed: usize,
    /// Minutes asked for.
    pub asked_min: i64,
    /// Minutes that those who can do it offered.
    pub offered_min: i64,
    /// What to do next.
    pub step: Step,
    /// The gap and what to do, in a sentence with its figures.
    pub sentence: String,
}

/// How often something was not served for one reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CauseCount {
    /// Why.
    pub cause: Cause,
    /// In words.
    pub word: String,
    /// How often.
    pub count: usize,
    /// How often in the month before; 0 in a single gap.
    pub before: usize,
}

/// How often something was not served in one part of the day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BandCount {
    /// Which; none where no time was said.
    pub band: Option<Band>,
    /// In words.
    pub word: String,
    /// How often.
    pub unserved: usize,
}

/// How often something was not served in one grid.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GridCount {
    /// Which.
    pub grid_id: GridId,
    /// What it is called.
    pub grid: String,
    /// How often.
    pub unserved: usize,
}

/// Demand against supply, one line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SupplyLine {
    /// Of what.
    pub name: String,
    /// How often it was asked for.
    pub asked: usize,
    /// How often it was served.
    pub served: usize,
    /// How often it was not.
    pub unserved: usize,
    /// Residents who went without.
    pub people: usize,
    /// Minutes asked for.
    pub asked_min: i64,
    /// Minutes offered; none where they cannot be told apart.
    pub offered_min: Option<i64>,
}
