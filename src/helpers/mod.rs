//! Helpers: who they are, finding one who telephones, and the file the office keeps of each.

pub mod file;
pub mod keep;
pub mod papers;
pub mod queries;
pub mod routes;
pub mod views;

use chrono::NaiveDate;

use self::views::{HelperDetails, WeekHours};
use crate::accounts::looks_like_mail;
use crate::clock::week_holds;
use crate::error::{Error, Problem, Result};
use crate::residents::age;
use crate::residents::fields::{self, Ruled};
use crate::said::Said;

/// Nobody younger may work: Labour Law of the People's Republic of China, article 15.
pub const YOUNGEST: i32 = 16;
/// Spans of one weekday at most.
const SPANS_A_DAY: usize = 6;

/// The details as they are kept: blanks and separators gone, hours in their order.
///
/// # Errors
/// `invalid` with the first field that does not hold.
pub fn checked(mut details: HelperDetails, today: NaiveDate) -> Result<HelperDetails> {
    details.name = ruled("name", fields::name(&details.name))?;
    details.phone = ruled("phone", fields::phone(&details.phone))?.ok_or_else(|| {
        refused(
            "phone",
            "请填写电话，派单要靠它找到人。",
            "Please give a telephone number: visits are arranged by it.",
        )
    })?;
    details.email = details
        .email
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    if details
        .email
        .as_deref()
        .is_some_and(|text| !looks_like_mail(text))
    {
        return Err(refused(
            "email",
            "这不像一个邮箱地址。",
            "This does not look like a mail address.",
        ));
    }
    ruled("birth_date", fields::birth_date(details.birth_date, today))?;
    if age(details.birth_date, today) < YOUNGEST {
        return Err(refused(
            "birth_date",
            &format!("不满 {YOUNGEST} 岁不能登记为服务人员。"),
            &format!("Nobody under {YOUNGEST} can be a helper."),
        ));
    }
    check_limits(details.daily_limit_min, details.weekly_limit_min)?;
    details.skills.sort();
    details.skills.dedup();
    details.hours = in_order(details.hours)?;
    Ok(details)
}

fn check_limits(daily: i32, weekly: i32) -> Result<()> {
    if !(30..=960).contains(&daily) {
        return Err(refused(
            "daily_limit_min",
            "每天最多服务的时间应为半小时到 16 小时。",
            "The most in a day must be between half an hour and 16 hours.",
        ));
    }
    if !(daily..=7 * daily).contains(&weekly) {
        return Err(refused(
            "weekly_limit_min",
            "每周最多服务的时间应不少于一天、不超过七天的量。",
            "The most in a week must be at least a day's and at most seven days'.",
        ));
    }
    Ok(())
}

/// The hours of a week in their order, where none overlaps.
fn in_order(mut hours: Vec<WeekHours>) -> Result<Vec<WeekHours>> {
    hours.sort_by_key(|span| (span.weekday, span.from_min));
    let spans: Vec<_> = hours
        .iter()
        .map(|span| (span.weekday, span.from_min, span.to_min))
        .collect();
    let few = hours
        .windows(SPANS_A_DAY + 1)
        .all(|spans| spans[0].weekday != spans[SPANS_A_DAY].weekday);
    if few && week_holds(&spans, 1..=7) {
        return Ok(hours);
    }
    Err(refused(
        "hours",
        "空闲时间有重叠，或起止时间不对，请核对。",
        "Some hours overlap, or end before they begin; please check them.",
    ))
}

fn ruled<T>(field: &'static str, rule: Ruled<T>) -> Result<T> {
    rule.map_err(|said| Problem::field(field, said).into())
}

fn refused(field: &'static str, zh: &str, en: &str) -> Error {
    Problem::field(field, Said::new(zh, en)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(weekday: i32, from_min: i32, to_min: i32) -> WeekHours {
        WeekHours {
            weekday,
            from_min,
            to_min,
        }
    }

    #[test]
    fn hours_are_put_in_order_and_may_touch() {
        let hours = in_order(vec![
            span(2, 840, 900),
            span(1, 480, 720),
            span(2, 480, 840),
        ]);
        assert_eq!(
            hours.unwrap(),
            [span(1, 480, 720), span(2, 480, 840), span(2, 840, 900)]
        );
    }

    #[test]
    fn hours_that_cannot_be_are_refused() {
        let many = (0..7).map(|n| span(1, n * 60, n * 60 + 30)).collect();
        for hours in [
            vec![span(1, 480, 720), span(1, 700, 800)],
            vec![span(0, 480, 720)],
            vec![span(8, 480, 720)],
            vec![span(1, 720, 720)],
            vec![span(1, -5, 720)],
            vec![span(1, 480, 1441)],
            many,
        ] {
            assert!(in_order(hours.clone()).is_err(), "{hours:?}");
        }
    }

    #[test]
    fn a_week_holds_a_day_and_at_most_seven() {
        assert!(check_limits(240, 1200).is_ok());
        assert!(check_limits(240, 240).is_ok());
        assert!(check_limits(240, 1680).is_ok());
        for (daily, weekly) in [(20, 200), (970, 2000), (240, 239), (240, 1681)] {
            assert!(check_limits(daily, weekly).is_err(), "{daily} {weekly}");
        }
    }
}
