//! The evening before: one letter a reader and day, however many visits the day has, read when it goes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::AccountId;
use entity::words::{Purpose, VisitState};
use entity::{assignment, family_member, helper, outbox, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::facts::{About, about};
use super::station::{self, AboutPlace};
use crate::clock::{local_date, midnight};
use crate::consent;
use crate::error::Result;
use crate::store::claim;

/// The local hour at which letters about the next day go out.
const HOUR: i64 = 18;

/// What the reader of a letter is to the visits it tells of; somebody who is both gets both letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// Goes to them.
    Helper,
    /// Lets somebody come.
    Family,
}

/// What a letter of that evening tells.
#[derive(Clone, Debug)]
pub(super) struct Tomorrow {
    /// To whom.
    pub reader: As,
    /// The visits, in the order of the day.
    pub visits: Vec<About>,
    /// The sessions at the station, in the order of the day.
    pub sessions: Vec<AboutPlace>,
}

/// The local day before the one on which this instant lies, at six in the evening.
#[must_use]
pub fn due(zone: Tz, starts_at: DateTime<Utc>) -> DateTime<Utc> {
    let day = local_date(zone, starts_at);
    midnight(zone, day.pred_opt().unwrap_or(day)) + TimeDelta::hours(HOUR)
}

/// What makes a letter the one of its day: the end of its key.
#[must_use]
pub fn once(reader: As, day: NaiveDate) -> String {
    let letter = match reader {
        As::Helper => 'h',
        As::Family => 'f',
    };
    format!("{letter}{}", day.format("%Y%m%d"))
}

/// The opposite of [`once`].
fn told(once: &str) -> Option<(As, NaiveDate)> {
    let reader = match once.chars().next()? {
        'h' => As::Helper,
        'f' => As::Family,
        _ => return None,
    };
    let day = NaiveDate::parse_from_str(&once[1..], "%Y%m%d").ok()?;
    Some((reader, day))
}

/// What a letter of that evening tells, in the order of the day; nothing when the day has come or is free.
///
/// # Errors
/// The database's.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Option<Tomorrow>> {
    let once = letter.dedup_key.rsplit('.').next().unwrap_or_default();
    let Some((reader, day)) = told(once).filter(|(_, day)| local_date(zone, now) < *day) else {
        return Ok(None);
    };
    let mut visits = visit::Entity::find()
        .filter(visit::Column::StartsAt.gte(midnight(zone, day)))
        .filter(visit::Column::StartsAt.lt(midnight(zone, day + TimeDelta::days(1))))
        .filter(visit::Column::State.is_in([VisitState::Offered, VisitState::Accepted]))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id);
    visits = match reader {
        As::Helper => visits.filter(visit::Column::Id.in_subquery(gone_to_by(letter.account_id))),
        As::Family => {
            visits.filter(visit::Column::ResidentId.in_subquery(family(letter.account_id)))
        }
    };
    let mut told = Vec::new();
    for visit in visits.all(db).await? {
        if reader == As::Family
            && !consent::queries::allows(db, visit.resident_id, Purpose::Messages).await?
        {
            continue;
        }
        let starts_at = visit.starts_at;
        told.extend(about(db, visit, starts_at).await?);
    }
    let sessions = match reader {
        As::Helper => Vec::new(),
        As::Family => station::of_day(db, letter.account_id, zone, day).await?,
    };
    let tomorrow = Tomorrow {
        reader,
        visits: told,
        sessions,
    };
    Ok(Some(tomorrow)
        .filter(|tomorrow| !(tomorrow.visits.is_empty() && tomorrow.sessions.is_empty())))
}

/// The visits that an account's helper is to go to.
fn gone_to_by(account: AccountId) -> sea_orm::sea_query::SelectStatement {
    assignment::Entity::find()
        .select_only()
        .column(assignment::Column::VisitId)
        .inner_join(helper::Entity)
        .filter(helper::Column::AccountId.eq(account))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .into_query()
}

/// The residents whose family an account is, as far as it wants mail.
pub(super) fn family(account: AccountId) -> sea_orm::sea_query::SelectStatement {
    family_member::Entity::find()
        .select_only()
        .column(family_member::Column::ResidentId)
        .filter(family_member::Column::AccountId.eq(account))
        .filter(family_member::Column::WantsMail.eq(true))
        .into_query()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_evening_before_is_the_local_one() {
        let zone = chrono_tz::Asia::Shanghai;
        // 07:00 and 22:00 of the 25th in Shanghai.
        for hour in [23, 38] {
            let start =
                Utc.with_ymd_and_hms(2026, 11, 24, 0, 0, 0).unwrap() + TimeDelta::hours(hour);
            let due = due(zone, start);
            assert_eq!(due, Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).unwrap());
        }
    }

    #[test]
    fn a_key_says_whose_day_it_is() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        for reader in [As::Helper, As::Family] {
            assert_eq!(told(&once(reader, day)), Some((reader, day)));
        }
        for other in ["", "x20261125", "f2026", "1764036000", "h2026112é"] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
