//! What is shown of a bench meeting's month. Figures only: no resident's name stands in them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{BenchActionId, ProviderId, ServiceId};
use entity::words::{BenchMeasure, BenchVerdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Finding;
use super::times::Response;
use crate::supply::views::{CauseCount, Gap};

/// A month for the bench meeting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BenchMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// The first day of the month before.
    pub before: NaiveDate,
    /// Whether it is over.
    pub over: bool,
    /// Whether the caller may write down actions.
    pub may_write: bool,
    /// Its figures.
    pub figures: BenchFigures,
    /// Those of the month before.
    pub figures_before: BenchFigures,
    /// Why things were not served, the commonest first.
    pub causes: Vec<CauseCount>,
    /// Served and not served, day by day.
    pub days: Vec<BenchDay>,
    /// How long people waited.
    pub responses: Vec<BenchWait>,
    /// Each provider's month, who served most first.
    pub providers: Vec<BenchProvider>,
    /// The gaps that most people went without.
    pub gaps: Vec<Gap>,
    /// What earlier meetings agreed on and this one looks at.
    pub earlier: Vec<BenchAction>,
    /// What this one agrees on.
    pub actions: Vec<BenchAction>,
    /// Services whose figure an action may be meant to move: those asked for in this month or the one before.
    pub services: Vec<BenchChoice>,
}

/// A month's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BenchFigures {
    /// What was asked for: served, not served, nobody at home, or still ahead.
    pub asked: usize,
    /// What was served.
    pub served: usize,
    /// What was not.
    pub unserved: usize,
    /// Residents who went without something.
    pub people: usize,
    /// Nobody was at home.
    pub not_home: usize,
    /// Still ahead.
    pub ahead: usize,
    /// Called off by those who had asked; not part of what was asked for.
    pub called_off: usize,
    /// Volunteers who served.
    pub volunteers: usize,
    /// Visits that volunteers made.
    pub volunteer_visits: usize,
    /// Minutes that volunteers served, each of a crew counted.
    pub volunteer_min: i64,
    /// Minutes that the time bank credited for the month's visits, less what was reversed.
    pub credited_min: i64,
    /// Ratings.
    pub rated: i64,
    /// Their mean in hundredths.
    pub rating_hundredths: Option<i64>,
    /// Complaints.
    pub complaints: i64,
}

/// A day of the month.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BenchDay {
    /// Which.
    pub date: NaiveDate,
    /// What was served.
    pub served: usize,
    /// What was not.
    pub unserved: usize,
}

/// How long people waited for one thing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BenchWait {
    /// From what to what.
    pub response: Response,
    /// In words.
    pub word: String,
    /// How many.
    pub count: usize,
    /// The median, in minutes.
    pub median_min: Option<i64>,
    /// Nine of ten did not wait longer, in minutes.
    pub p90_min: Option<i64>,
    /// The median of the month before, in minutes.
    pub median_before_min: Option<i64>,
}

/// A provider's month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BenchProvider {
    /// Which.
    pub provider_id: ProviderId,
    /// What it is called.
    pub name: String,
    /// Visits that were done.
    pub served: i64,
    /// That began late.
    pub late: i64,
    /// That did not happen, though somebody was to come.
    pub missed: i64,
    /// Ratings.
    pub rated: i64,
    /// Their mean in hundredths.
    pub rating_hundredths: Option<i64>,
    /// That of the month before.
    pub rating_before_hundredths: Option<i64>,
    /// Complaints.
    pub complaints: i64,
}

/// Something that may be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BenchChoice {
    /// Its row number.
    pub id: ServiceId,
    /// What it is called.
    pub name: String,
}

/// What a meeting agreed on, and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BenchAction {
    /// The row.
    pub id: BenchActionId,
    /// The month whose page the meeting had before it.
    pub month: NaiveDate,
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: String,
    /// Until when.
    pub due: NaiveDate,
    /// The figure it is meant to move.
    pub measure: BenchMeasure,
    /// In words, with what it is of.
    pub measure_word: String,
    /// That figure when it was agreed, in words.
    pub figure: Option<String>,
    /// The same for this page's month: as the verdict found it, else as it stands now.
    pub figure_now: Option<String>,
    /// What the figures say.
    pub finding: Finding,
    /// What the meeting found.
    pub verdict: Option<BenchVerdict>,
    /// What it added.
    pub note: Option<String>,
    /// Who wrote the action down.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who wrote the verdict down.
    pub judged_by: Option<String>,
}

/// What a meeting agrees on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewBenchAction {
    /// What is to be done, 1 to 120 characters.
    pub what: String,
    /// Who does it, 1 to 30 characters.
    pub who: String,
    /// Until when: from today on, within a year.
    #[serde(deserialize_with = "crate::http::dates::date")]
    pub due: NaiveDate,
    /// The figure it is meant to move.
    pub measure: BenchMeasure,
    /// Of which service, where the measure is of one.
    #[serde(default)]
    pub service_id: Option<ServiceId>,
    /// Of which provider, where the measure is of one.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
}

/// What a later meeting found.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewBenchVerdict {
    /// Whether it worked.
    pub verdict: BenchVerdict,
    /// What is to be added, at most 120 characters.
    #[serde(default)]
    pub note: Option<String>,
}
