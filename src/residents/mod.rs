//! The roll: residents, their households and families.

pub mod absences;
pub mod access;
pub mod asked;
pub mod fields;
pub mod homes;
pub mod import;
pub mod initials;
pub mod queries;
pub mod roll;
pub mod routes;
pub mod search;
pub mod seen;
pub mod views;
pub mod workbook;

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::words::{Kinship, Lang, Living, ResidentState, Sex};

use crate::error::{Problem, Result};
use crate::said::{Said, pick};

/// The states of residents who are still on the roll: lists and searches show these and no others.
pub const ON_THE_ROLL: [ResidentState; 2] = [ResidentState::Active, ResidentState::Paused];

/// Days back that a list of visits begins, when nothing else is asked for.
const DAYS_BACK: i64 = 30;
/// Days ahead that a list of visits ends, when nothing else is asked for.
const DAYS_AHEAD: i64 = 14;
/// Days that a list of visits spans at most.
const LONGEST_SPAN: i64 = 400;

/// Full years on `today` of somebody born on `born`; nought where that is still to come.
#[must_use]
pub fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    (today.year() - born.year() - i32::from(!had_birthday)).max(0)
}

/// How a way of living is called.
#[must_use]
pub fn living_word(living: Living, lang: Lang) -> &'static str {
    match living {
        Living::Alone => pick(lang, "独居", "lives alone"),
        Living::Couple => pick(lang, "空巢（老两口）", "lives with spouse only"),
        Living::WithFamily => pick(lang, "与家人同住", "lives with family"),
    }
}

/// What a family member is called.
#[must_use]
pub fn relation_word(relation: Kinship, lang: Lang) -> &'static str {
    match relation {
        Kinship::Daughter => pick(lang, "女儿", "daughter"),
        Kinship::Son => pick(lang, "儿子", "son"),
        Kinship::Spouse => pick(lang, "老伴", "spouse"),
        Kinship::Grandchild => pick(lang, "孙辈", "grandchild"),
        Kinship::Sibling => pick(lang, "兄弟姐妹", "brother or sister"),
        Kinship::Neighbour => pick(lang, "邻居", "neighbour"),
        Kinship::Other => pick(lang, "其他", "other"),
    }
}

/// What a resident is to a family member: the mother of her daughter. Nothing where there is no word for it.
#[must_use]
pub fn kin_word(relation: Kinship, sex: Sex, lang: Lang) -> &'static str {
    let (zh, en) = match (relation, sex) {
        (Kinship::Daughter | Kinship::Son, Sex::Female) => ("母亲", "mother"),
        (Kinship::Daughter | Kinship::Son, Sex::Male) => ("父亲", "father"),
        (Kinship::Spouse, Sex::Female) => ("老伴", "wife"),
        (Kinship::Spouse, Sex::Male) => ("老伴", "husband"),
        (Kinship::Grandchild, Sex::Female) => ("奶奶", "grandmother"),
        (Kinship::Grandchild, Sex::Male) => ("爷爷", "grandfather"),
        (Kinship::Sibling, Sex::Female) => ("姐妹", "sister"),
        (Kinship::Sibling, Sex::Male) => ("兄弟", "brother"),
        (Kinship::Neighbour, _) => ("邻居", "neighbour"),
        (Kinship::Other, _) => ("", ""),
    };
    pick(lang, zh, en)
}

/// From which local day to which, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Span {
    /// The days asked for; 30 days back to 14 ahead where nothing was said, 400 days at most.
    ///
    /// # Errors
    /// `invalid`, with the field `to`.
    pub fn of(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Self> {
        let from =
            from.unwrap_or_else(|| (today - TimeDelta::days(DAYS_BACK)).min(to.unwrap_or(today)));
        let to = to.unwrap_or_else(|| (today + TimeDelta::days(DAYS_AHEAD)).max(from));
        if to < from {
            return Err(Problem::field(
                "to",
                Said::new(
                    "结束日期不能早于开始日期。",
                    "The last day cannot be before the first.",
                ),
            )
            .into());
        }
        if to.signed_duration_since(from).num_days() > LONGEST_SPAN {
            return Err(Problem::field(
                "to",
                Said::new(
                    format!("一次最多查看 {LONGEST_SPAN} 天。"),
                    format!("At most {LONGEST_SPAN} days can be looked at together."),
                ),
            )
            .into());
        }
        Ok(Self { from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_in_full_years() {
        assert_eq!(age(day("1946-11-24"), day("2026-11-24")), 80);
        assert_eq!(age(day("1946-11-25"), day("2026-11-24")), 79);
        assert_eq!(age(day("1948-02-29"), day("2026-02-28")), 77);
        assert_eq!(age(day("2030-01-01"), day("2026-02-28")), 0);
    }

    #[test]
    fn a_daughter_has_a_mother() {
        let word = |relation, sex| kin_word(relation, sex, Lang::En);
        assert_eq!(word(Kinship::Daughter, Sex::Female), "mother");
        assert_eq!(word(Kinship::Son, Sex::Male), "father");
        assert_eq!(word(Kinship::Other, Sex::Male), "");
        assert_eq!(relation_word(Kinship::Daughter, Lang::Zh), "女儿");
    }

    #[test]
    fn a_span_has_its_own_days_where_none_were_asked_for() {
        let today = day("2026-11-24");
        let span = Span::of(None, None, today).unwrap();
        assert_eq!((span.from, span.to), (day("2026-10-25"), day("2026-12-08")));
        let old = Span::of(None, Some(day("2026-01-05")), today).unwrap();
        assert_eq!((old.from, old.to), (day("2026-01-05"), day("2026-01-05")));
        let far = Span::of(Some(day("2027-01-05")), None, today).unwrap();
        assert_eq!((far.from, far.to), (day("2027-01-05"), day("2027-01-05")));
    }

    #[test]
    fn a_span_is_neither_backward_nor_endless() {
        let today = day("2026-11-24");
        for (from, to) in [("2026-11-24", "2026-11-23"), ("2026-01-01", "2027-03-01")] {
            match Span::of(Some(day(from)), Some(day(to)), today) {
                Err(Error::Refused(problem)) => assert_eq!(problem.fields[0].field, "to"),
                other => panic!("{other:?}"),
            }
        }
    }
}
