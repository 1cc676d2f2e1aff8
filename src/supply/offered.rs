//! What is offered: the hours of those who come, less leave, with what they can do.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use entity::ids::{CommunityId, GridId, HelperId, HouseholdId, ProviderId, SkillId};
use entity::words::{Band, DayKind, HelperKind};
use entity::{
    availability, availability_exception, building, calendar_day, credential, helper, helper_skill,
    household, leave, skill,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::band_of;
use crate::dispatch::spans;
use crate::error::Result;
use crate::matching::Interval;

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Hours of a day.
pub const HOURS: usize = 24;

/// Somebody who comes, with a month's hours.
#[derive(Clone, Debug)]
pub struct Hand {
    /// Who.
    pub id: HelperId,
    /// Which kind.
    pub kind: HelperKind,
    /// For whom they come.
    pub provider: ProviderId,
    /// The grid they live in; none where they start from the station.
    pub grid: Option<GridId>,
    /// What they can do, with a paper that holds where one is needed.
    pub skills: HashSet<SkillId>,
    /// What they could do, had their paper not run out.
    pub lapsed: HashSet<SkillId>,
    /// Minutes of the month in which they are on duty, by the hour of the day.
    pub by_hour: [i64; HOURS],
    /// Minutes that they can serve in the month: on no day more than their daily limit.
    pub minutes: i64,
}

impl Hand {
    /// Minutes of the month in which they are on duty in this part of the day.
    #[must_use]
    pub fn in_band(&self, band: Band) -> i64 {
        (0_u32..)
            .zip(self.by_hour)
            .filter(|(hour, _)| band_of(hour * 60) == band)
            .map(|(_, minutes)| minutes)
            .sum()
    }
}

/// Minutes by the hour of the day, and all together with no day above `limit_min`. `free` are seconds after the first
/// midnight, sorted and disjoint.
#[must_use]
pub fn spread(free: &[Interval], limit_min: i64) -> ([i64; HOURS], i64) {
    let mut by_hour = [0; HOURS];
    let mut by_day: HashMap<i64, i64> = HashMap::new();
    for span in free {
        let mut at = span.from;
        while at < span.to {
            let hour = at.div_euclid(HOUR);
            let next = ((hour + 1) * HOUR).min(span.to);
            let minutes = (next - at) / 60;
            if let Ok(of_day) = usize::try_from(hour.rem_euclid(24)) {
                by_hour[of_day] += minutes;
            }
            *by_day.entry(hour.div_euclid(24)).or_default() += minutes;
            at = next;
        }
    }
    let all = by_day.values().map(|minutes| (*minutes).min(limit_min));
    (by_hour, all.sum())
}

/// Everybody who may be assigned, with these days' hours; papers are judged as of `as_of`.
///
/// # Errors
/// The database's.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    (first, after): (NaiveDate, NaiveDate),
    as_of: NaiveDate,
) -> Result<Vec<Hand>> {
    let rules = Rules::read(db, community, (first, after)).await?;
    let grids = grids(db, community).await?;
    let days = usize::try_from((after - first).num_days()).unwrap_or(0);
    let rows = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::Active.eq(true))
        .all(db)
        .await?;
    let mut able = skills(db, community, as_of).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let free = rules.of(row.id).available(first, days, 0);
            let (by_hour, minutes) = spread(&free, i64::from(row.daily_limit_min));
            let (skills, lapsed) = able.remove(&row.id).unwrap_or_default();
            Hand {
                id: row.id,
                kind: row.kind,
                provider: row.provider_id,
                grid: row.home_id.and_then(|home| grids.get(&home).copied()),
                skills,
                lapsed,
                by_hour,
                minutes,
            }
        })
        .collect())
}

/// What a helper can do, and what their paper no longer allows.
type Able = HashMap<HelperId, (HashSet<SkillId>, HashSet<SkillId>)>;

async fn skills<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    as_of: NaiveDate,
) -> Result<Able> {
    let needy: HashSet<SkillId> = skill::Entity::find()
        .filter(skill::Column::CommunityId.eq(community))
        .filter(skill::Column::NeedsCredential.eq(true))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let valid: HashSet<(HelperId, SkillId)> = credential::Entity::find()
        .filter(credential::Column::CommunityId.eq(community))
        .filter(credential::Column::ValidFrom.lte(as_of))
        .filter(credential::Column::ValidUntil.gte(as_of))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.helper_id, row.skill_id))
        .collect();
    let mut able = Able::new();
    for row in helper_skill::Entity::find()
        .join(JoinType::InnerJoin, helper_skill::Relation::Helper.def())
        .filter(helper::Column::CommunityId.eq(community))
        .all(db)
        .await?
    {
        let (skills, lapsed) = able.entry(row.helper_id).or_default();
        if needy.contains(&row.skill_id) && !valid.contains(&(row.helper_id, row.skill_id)) {
            lapsed.insert(row.skill_id);
        } else {
            skills.insert(row.skill_id);
        }
    }
    Ok(able)
}

async fn grids<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<HashMap<HouseholdId, GridId>> {
    Ok(household::Entity::find()
        .join(JoinType::InnerJoin, household::Relation::Building.def())
        .select_only()
        .column(household::Column::Id)
        .column(building::Column::GridId)
        .filter(household::Column::CommunityId.eq(community))
        .into_tuple::<(HouseholdId, GridId)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}

/// When helpers are free, as rows.
struct Rules {
    weekly: HashMap<HelperId, Vec<availability::Model>>,
    exceptions: HashMap<HelperId, Vec<availability_exception::Model>>,
    leaves: HashMap<HelperId, Vec<leave::Model>>,
    closed: HashSet<NaiveDate>,
}

impl Rules {
    async fn read<C: ConnectionTrait>(
        db: &C,
        community: CommunityId,
        (first, after): (NaiveDate, NaiveDate),
    ) -> Result<Self> {
        let weekly = availability::Entity::find()
            .filter(availability::Column::CommunityId.eq(community))
            .all(db)
            .await?;
        let exceptions = availability_exception::Entity::find()
            .filter(availability_exception::Column::CommunityId.eq(community))
            .filter(availability_exception::Column::Date.gte(first))
            .filter(availability_exception::Column::Date.lt(after))
            .all(db)
            .await?;
        let leaves = leave::Entity::find()
            .filter(leave::Column::CommunityId.eq(community))
            .filter(leave::Column::FromDate.lt(after))
            .filter(leave::Column::ToDate.gte(first))
            .all(db)
            .await?;
        let closed = calendar_day::Entity::find()
            .filter(calendar_day::Column::CommunityId.eq(community))
            .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
            .filter(calendar_day::Column::Date.gte(first))
            .filter(calendar_day::Column::Date.lt(after))
            .all(db)
            .await?;
        Ok(Self {
            weekly: by_helper(weekly, |row| row.helper_id),
            exceptions: by_helper(exceptions, |row| row.helper_id),
            leaves: by_helper(leaves, |row| row.helper_id),
            closed: closed.into_iter().map(|row| row.date).collect(),
        })
    }

    fn of(&self, helper: HelperId) -> spans::Rules<'_> {
        spans::Rules {
            weekly: self.weekly.get(&helper).into_iter().flatten().collect(),
            exceptions: self.exceptions.get(&helper).into_iter().flatten().collect(),
            leaves: self.leaves.get(&helper).into_iter().flatten().collect(),
            closed: &self.closed,
        }
    }
}

fn by_helper<T>(rows: Vec<T>, whose: impl Fn(&T) -> HelperId) -> HashMap<HelperId, Vec<T>> {
    let mut all: HashMap<HelperId, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(whose(&row)).or_default().push(row);
    }
    all
}

/// The day as of which a month's papers and admissions are judged: today, or its last day where it is over.
#[must_use]
pub fn as_of(after: NaiveDate, today: NaiveDate) -> NaiveDate {
    let last = after.pred_opt().unwrap_or(after);
    if last.num_days_from_ce() < today.num_days_from_ce() {
        last
    } else {
        today
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_spread_and_no_day_counts_above_its_limit() {
        let day = 24 * HOUR;
        // 8:30 to 12:15 and 13:00 to 14:00; the next day 23:00 to midnight.
        let free = [
            Interval::new(8 * HOUR + 1_800, 12 * HOUR + 900),
            Interval::new(13 * HOUR, 14 * HOUR),
            Interval::new(day + 23 * HOUR, 2 * day),
        ];
        let (by_hour, all) = spread(&free, 240);
        let told: Vec<_> = by_hour
            .iter()
            .enumerate()
            .filter(|(_, m)| **m > 0)
            .collect();
        assert_eq!(
            told,
            [
                (8, &30),
                (9, &60),
                (10, &60),
                (11, &60),
                (12, &15),
                (13, &60),
                (23, &60)
            ]
        );
        assert_eq!(all, 240 + 60);
        assert_eq!(spread(&[], 240).1, 0);
    }

    #[test]
    fn a_month_that_is_over_is_judged_as_of_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let after = day("2026-12-01");
        assert_eq!(as_of(after, day("2026-11-24")), day("2026-11-24"));
        assert_eq!(as_of(after, day("2026-12-01")), day("2026-11-30"));
    }
}
