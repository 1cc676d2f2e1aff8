//! Times in which a resident is away, in hospital or elsewhere. What is booked for them waits and comes back with them.
//!
//! The rows are the truth: whether somebody is away on a day is asked of [`away_on`], here and in every other room. The
//! resident's own state says it for today alone, for lists; it is written with each change and as the days pass.

pub mod record;
pub mod routes;
pub mod views;
pub mod watch;

use chrono::{NaiveDate, TimeDelta};
use entity::absence;
use entity::ids::ResidentId;
use entity::words::AbsenceKind;
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use crate::error::{Problem, Result};
use crate::said::Said;
use crate::store;

/// Days back that a time away may begin: it is often told late.
const TOLD_LATE_DAYS: i64 = 90;
/// Days ahead that a time away may begin or end.
const AHEAD_DAYS: i64 = 366;

/// The condition that an absence covers this local date: the day of return is a day at home.
#[must_use]
pub fn covers(date: NaiveDate) -> Condition {
    Condition::all()
        .add(absence::Column::WithdrawnAt.is_null())
        .add(absence::Column::FromDate.lte(date))
        .add(
            Condition::any()
                .add(absence::Column::BackOn.is_null())
                .add(absence::Column::BackOn.gt(date)),
        )
}

/// Why a resident is away on a local date; nothing where they are at home.
///
/// # Errors
/// The database's.
pub async fn away_on<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    date: NaiveDate,
) -> Result<Option<absence::Model>> {
    Ok(absence::Entity::find()
        .filter(absence::Column::ResidentId.eq(resident))
        .filter(covers(date))
        .order_by_desc(absence::Column::Id)
        .one(db)
        .await?)
}

/// The times away of a resident that are not over before `first`, in their order: for whoever goes through many days.
///
/// # Errors
/// The database's.
pub async fn from_day_on<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    first: NaiveDate,
) -> Result<Vec<absence::Model>> {
    Ok(absence::Entity::find()
        .filter(absence::Column::ResidentId.eq(resident))
        .filter(absence::Column::WithdrawnAt.is_null())
        .filter(
            Condition::any()
                .add(absence::Column::BackOn.is_null())
                .add(absence::Column::BackOn.gt(first)),
        )
        .order_by_asc(absence::Column::FromDate)
        .all(db)
        .await?)
}

/// Whether this time away covers a local date.
#[must_use]
pub fn is_away(absence: &absence::Model, date: NaiveDate) -> bool {
    absence.withdrawn_at.is_none()
        && absence.from_date <= date
        && absence.back_on.is_none_or(|back| date < back)
}

/// What is said of a day on which somebody is away.
#[must_use]
pub fn away_sentence(absence: &absence::Model) -> Said {
    let (zh, en) = match absence.kind {
        AbsenceKind::Hospital => ("住院", "in hospital"),
        AbsenceKind::Elsewhere => ("外出", "away"),
    };
    match absence.back_on {
        Some(back) => Said::new(
            format!("老人{zh}，{}回家", back.format("%-m月%-d日")),
            format!("They are {en} until {}", back.format("%-d %B")),
        ),
        None => Said::new(
            format!("老人{zh}，回家日期未定"),
            format!("They are {en}, nobody knows yet until when"),
        ),
    }
}

/// Refuses where the resident is away on that date. Inside the write that books: an absence written at the same time
/// holds the resident, so that one of the two sees the other.
///
/// # Errors
/// `invalid` with the field `start`, or the database's.
pub async fn refuse_if_away(
    txn: &DatabaseTransaction,
    resident: ResidentId,
    date: NaiveDate,
) -> Result<()> {
    store::hold_shared(entity::resident::Entity::find_by_id(resident), txn)
        .one(txn)
        .await?;
    match away_on(txn, resident, date).await? {
        None => Ok(()),
        Some(absence) => {
            let why = away_sentence(&absence);
            Err(Problem::field(
                "start",
                match absence.back_on {
                    Some(_) => Said::new(
                        format!("这一天{}，请选回家以后的时间。", why.zh),
                        format!("{}; please choose a day after their return.", why.en),
                    ),
                    None => Said::new(
                        format!("{}；定下来后请先告诉服务台，再预约。", why.zh),
                        format!("{}; tell the office when they return, then book.", why.en),
                    ),
                },
            )
            .into())
        }
    }
}

/// From when until when somebody is away, as it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The first day away.
    pub from: NaiveDate,
    /// The first day at home; none where nobody knows.
    pub back: Option<NaiveDate>,
}

impl Time {
    /// Whether the time makes sense today.
    ///
    /// # Errors
    /// `invalid`, with the field `from` or `back`.
    pub fn check(self, today: NaiveDate) -> Result<()> {
        let refuse =
            |field, zh: &str, en: &str| Err(Problem::field(field, Said::new(zh, en)).into());
        if self.from < today - TimeDelta::days(TOLD_LATE_DAYS)
            || self.from > today + TimeDelta::days(AHEAD_DAYS)
        {
            return refuse(
                "from",
                "开始日期要在前 90 天到后一年之间。",
                "It begins between 90 days ago and a year from now.",
            );
        }
        match self.back {
            Some(back) if back < self.from => refuse(
                "back",
                "回家日期不能早于离家日期。",
                "The day of return is not before the first day away.",
            ),
            Some(back) if back > today + TimeDelta::days(2 * AHEAD_DAYS) => refuse(
                "back",
                "回家日期最远两年；更久请登记为迁出。",
                "The return is within two years; for longer, record that they moved away.",
            ),
            _ => Ok(()),
        }
    }

    /// Whether two times share a day.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let before = |one: Self, two: Self| one.back.is_some_and(|back| back <= two.from);
        !before(self, other) && !before(other, self)
    }
}

impl From<&absence::Model> for Time {
    fn from(row: &absence::Model) -> Self {
        Self {
            from: row.from_date,
            back: row.back_on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(from: &str, back: Option<&str>) -> Time {
        Time {
            from: day(from),
            back: back.map(day),
        }
    }

    #[test]
    fn the_day_of_return_is_a_day_at_home() {
        let first = time("2026-11-24", Some("2026-12-01"));
        assert!(!first.meets(time("2026-12-01", None)));
        assert!(first.meets(time("2026-11-30", None)));
        assert!(time("2026-11-24", None).meets(time("2027-01-01", Some("2027-01-02"))));
        assert!(!time("2026-12-24", None).meets(first));
    }

    #[test]
    fn a_time_away_has_its_days_in_order_and_in_reach() {
        let today = day("2026-11-24");
        for good in [
            time("2026-11-24", None),
            time("2026-08-26", Some("2026-11-01")),
            time("2027-11-24", Some("2027-11-25")),
            // Home on the very day: a stay that came to nothing.
            time("2026-11-24", Some("2026-11-24")),
        ] {
            assert!(good.check(today).is_ok(), "{good:?}");
        }
        for bad in [
            time("2026-11-24", Some("2026-11-23")),
            time("2026-08-25", None),
            time("2027-11-26", None),
            time("2026-11-24", Some("2029-11-24")),
        ] {
            assert!(bad.check(today).is_err(), "{bad:?}");
        }
    }
}
