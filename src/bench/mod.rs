//! The bench meeting (板凳会): a month on one page, what was agreed to do, and whether it worked.

pub mod actions;
pub mod agreed;
pub mod figures;
pub mod month;
pub mod routes;
pub mod times;
pub mod views;
pub mod words;
pub mod workbook;

use chrono::NaiveDate;
use entity::ids::{ProviderId, ServiceId};
use entity::words::BenchMeasure;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::requests::at_most;
use crate::said::Said;

/// Characters of what is to be done at most: it stands in a line of the printed page.
pub const LONGEST_WHAT: usize = 120;
/// Characters of who does it at most.
pub const LONGEST_WHO: usize = 30;
/// What one meeting can agree on: who agrees on more does none of it, and the page has two sides.
pub const MOST_ACTIONS: u64 = 8;
/// Days ahead that something can be due at most.
const LONGEST_DAYS: i64 = 366;

/// What is agreed, as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: String,
    /// Until when.
    pub due: NaiveDate,
    /// What it is meant to move.
    pub aim: Aim,
}

/// The figure that something is meant to move, with what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// How often one service could not be served.
    UnservedService(ServiceId),
    /// How often anything could not be served.
    UnservedAll,
    /// The mean rating of one provider, in hundredths.
    RatingProvider(ProviderId),
    /// Median minutes until a help request is responded to.
    HelpRespond,
    /// Minutes that volunteers served.
    VolunteerTime,
    /// Nothing that is counted.
    Unmeasured,
}

impl Aim {
    /// The aim as its parts are sent and kept; nothing where a measure lacks what it is of.
    #[must_use]
    pub fn of(
        measure: BenchMeasure,
        service: Option<ServiceId>,
        provider: Option<ProviderId>,
    ) -> Option<Self> {
        Some(match measure {
            BenchMeasure::UnservedService => Self::UnservedService(service?),
            BenchMeasure::UnservedAll => Self::UnservedAll,
            BenchMeasure::RatingProvider => Self::RatingProvider(provider?),
            BenchMeasure::HelpRespond => Self::HelpRespond,
            BenchMeasure::VolunteerTime => Self::VolunteerTime,
            BenchMeasure::Unmeasured => Self::Unmeasured,
        })
    }

    /// Which measure it is.
    #[must_use]
    pub fn measure(self) -> BenchMeasure {
        match self {
            Self::UnservedService(_) => BenchMeasure::UnservedService,
            Self::UnservedAll => BenchMeasure::UnservedAll,
            Self::RatingProvider(_) => BenchMeasure::RatingProvider,
            Self::HelpRespond => BenchMeasure::HelpRespond,
            Self::VolunteerTime => BenchMeasure::VolunteerTime,
            Self::Unmeasured => BenchMeasure::Unmeasured,
        }
    }

    /// Of which service.
    #[must_use]
    pub fn service(self) -> Option<ServiceId> {
        match self {
            Self::UnservedService(id) => Some(id),
            _ => None,
        }
    }

    /// Of which provider.
    #[must_use]
    pub fn provider(self) -> Option<ProviderId> {
        match self {
            Self::RatingProvider(id) => Some(id),
            _ => None,
        }
    }
}

/// What the figures say about something that was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenchFinding)]
pub enum Finding {
    /// The month is not over: it is too early to tell.
    Open,
    /// The figure moved the way it was meant to.
    Worked,
    /// It did not.
    DidNot,
    /// There is nothing to compare: people have to say.
    Unknown,
}

/// What the figures say: `before` in the month it was agreed over, `now` in the month it is looked at, which is `over` or
/// not.
#[must_use]
pub fn finding(
    measure: BenchMeasure,
    before: Option<i64>,
    now: Option<i64>,
    over: bool,
) -> Finding {
    let (Some(before), Some(now)) = (before, now) else {
        return Finding::Unknown;
    };
    let moved = match measure {
        BenchMeasure::Unmeasured => return Finding::Unknown,
        BenchMeasure::RatingProvider | BenchMeasure::VolunteerTime => now > before,
        BenchMeasure::UnservedService | BenchMeasure::UnservedAll | BenchMeasure::HelpRespond => {
            now < before
        }
    };
    match (over, moved) {
        (false, _) => Finding::Open,
        (true, true) => Finding::Worked,
        (true, false) => Finding::DidNot,
    }
}

/// The smallest value that at least so many in a hundred do not exceed; nothing of nothing. `sorted` rises.
#[must_use]
pub fn percentile(sorted: &[i64], in_hundred: usize) -> Option<i64> {
    let rank = (sorted.len() * in_hundred).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// What is agreed must hold.
///
/// # Errors
/// `invalid` with the field that does not.
pub fn check_agreed(
    (what, who): (&str, &str),
    due: NaiveDate,
    aim: Option<Aim>,
    today: NaiveDate,
) -> Result<Agreed> {
    let what = required("what", what, LONGEST_WHAT)?;
    let who = required("who", who, LONGEST_WHO)?;
    let days = (due - today).num_days();
    if !(0..=LONGEST_DAYS).contains(&days) {
        return Err(Problem::field(
            "due",
            Said::new(
                "完成日期应从今天起，最晚一年以内。",
                "It is due from today on, within a year.",
            ),
        )
        .into());
    }
    let aim = aim.ok_or_else(|| {
        Problem::field(
            "measure",
            Said::new(
                "请选好看哪一项服务或哪一家服务商的数字。",
                "Please choose the service or the provider whose figure counts.",
            ),
        )
    })?;
    Ok(Agreed {
        what,
        who,
        due,
        aim,
    })
}

fn required(field: &'static str, text: &str, most: usize) -> Result<String> {
    at_most(field, Some(text), most)?.ok_or_else(|| {
        Problem::field(field, Said::new("这一项要填。", "Please fill this in.")).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_moved_the_right_way_worked() {
        use BenchMeasure::{HelpRespond, RatingProvider, Unmeasured, UnservedAll, VolunteerTime};
        let told = |measure, before, now, over| finding(measure, Some(before), Some(now), over);
        assert_eq!(told(UnservedAll, 14, 3, true), Finding::Worked);
        assert_eq!(told(UnservedAll, 14, 14, true), Finding::DidNot);
        assert_eq!(told(UnservedAll, 14, 3, false), Finding::Open);
        assert_eq!(told(HelpRespond, 60, 61, true), Finding::DidNot);
        assert_eq!(told(RatingProvider, 410, 425, true), Finding::Worked);
        assert_eq!(told(RatingProvider, 410, 409, true), Finding::DidNot);
        assert_eq!(told(VolunteerTime, 100, 101, true), Finding::Worked);
        assert_eq!(told(Unmeasured, 1, 2, true), Finding::Unknown);
        assert_eq!(
            finding(RatingProvider, None, Some(400), true),
            Finding::Unknown
        );
        assert_eq!(
            finding(RatingProvider, Some(400), None, true),
            Finding::Unknown
        );
    }

    #[test]
    fn the_median_and_the_ninetieth() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[7], 50), Some(7));
        assert_eq!(percentile(&[7], 90), Some(7));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(percentile(&ten, 50), Some(5));
        assert_eq!(percentile(&ten, 90), Some(9));
        assert_eq!(percentile(&[1, 2, 100], 50), Some(2));
        assert_eq!(percentile(&[1, 2, 100], 90), Some(100));
    }

    #[test]
    fn what_is_agreed_has_a_what_a_who_a_day_and_a_figure() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-12-02");
        let check =
            |what: &str, who: &str, due: &str, aim| check_agreed((what, who), day(due), aim, today);
        let aim = Some(Aim::UnservedAll);
        let good = check(" 招人 ", "老何", "2026-12-20", aim).unwrap();
        assert_eq!(good.what, "招人");
        assert!(check("", "老何", "2026-12-20", aim).is_err());
        assert!(check("招人", " ", "2026-12-20", aim).is_err());
        assert!(check("招人", "老何", "2026-12-01", aim).is_err());
        assert!(check("招人", "老何", "2028-01-01", aim).is_err());
        assert!(check("招人", "老何", "2026-12-20", None).is_err());
        assert!(check(&"长".repeat(121), "老何", "2026-12-20", aim).is_err());
        assert_eq!(Aim::of(BenchMeasure::UnservedService, None, None), None);
        let of = Aim::of(BenchMeasure::RatingProvider, None, Some(ProviderId(2)));
        assert_eq!(of, Some(Aim::RatingProvider(ProviderId(2))));
    }
}
