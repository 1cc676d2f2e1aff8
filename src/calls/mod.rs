//! The clerk's telephone: calls with their outcomes, and callbacks that were promised.

pub mod leaving;
pub mod queries;
pub mod routes;
pub mod views;

use chrono::{DateTime, TimeDelta, Utc};
use entity::words::CallOutcome;

use crate::error::{Problem, Result};
use crate::said::Said;
use views::{EndCall, Promise};

/// Characters of a note at most.
pub const LONGEST_NOTE: usize = 500;
/// Days ahead that a callback can be promised: further than that it is a slip of the keyboard.
pub const FURTHEST_CALLBACK_DAYS: i64 = 90;

/// A call's end that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub outcome: CallOutcome,
    /// What the clerk wrote down.
    pub note: Option<String>,
    /// The callback that was promised: by when, what about.
    pub callback: Option<(DateTime<Utc>, String)>,
}

/// A caller's number without gaps; an empty one is none.
///
/// # Errors
/// `invalid`, with the field `number`.
pub fn check_number(number: Option<&str>) -> Result<Option<String>> {
    let Some(number) = number.map(str::trim).filter(|number| !number.is_empty()) else {
        return Ok(None);
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let readable = number
        .chars()
        .all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | '-' | ' ' | '(' | ')'));
    if !readable || !(3..=20).contains(&digits.len()) {
        return Err(Problem::field(
            "number",
            Said::new(
                "来电号码应为 3 到 20 位数字；没有来电显示时请留空。",
                "A caller's number has 3 to 20 digits; leave it empty where none was shown.",
            ),
        )
        .into());
    }
    let domestic = digits.strip_prefix("0086").unwrap_or_else(|| {
        digits
            .strip_prefix("86")
            .filter(|rest| rest.len() == 11)
            .unwrap_or(&digits)
    });
    Ok(Some(domestic.to_owned()))
}

/// Whether a call may end like this.
///
/// # Errors
/// `invalid`, with the field that does not hold.
pub fn check_ending(end: &EndCall, now: DateTime<Utc>) -> Result<Ending> {
    let Some(outcome) = end.outcome else {
        return Err(Problem::field(
            "outcome",
            Said::new(
                "请选择这通电话的结果，每通电话都要记录结果。",
                "Choose how the call ended; every call has an outcome.",
            ),
        )
        .into());
    };
    if outcome == CallOutcome::Callback && end.callback.is_none() {
        return Err(Problem::field(
            "callback",
            Said::new(
                "答应回电时，请写明什么时候回、回什么事。",
                "A promised callback needs its time and what it is about.",
            ),
        )
        .into());
    }
    Ok(Ending {
        outcome,
        note: check_note("note", end.note.as_deref())?,
        callback: end
            .callback
            .as_ref()
            .map(|promise| check_promise(promise, now))
            .transpose()?,
    })
}

fn check_promise(promise: &Promise, now: DateTime<Utc>) -> Result<(DateTime<Utc>, String)> {
    let refuse =
        |zh: String, en: String| Err(Problem::field("callback.due_at", Said::new(zh, en)).into());
    if promise.due_at <= now {
        return refuse(
            "回电时间要在现在之后。".into(),
            "A callback is promised for a time to come.".into(),
        );
    }
    if promise.due_at > now + TimeDelta::days(FURTHEST_CALLBACK_DAYS) {
        return refuse(
            format!("回电时间最远只能在 {FURTHEST_CALLBACK_DAYS} 天之内。"),
            format!("A callback is promised {FURTHEST_CALLBACK_DAYS} days ahead at most."),
        );
    }
    let note = check_said("callback.note", &promise.note)?;
    Ok((promise.due_at, note))
}

/// A note that says something.
///
/// # Errors
/// `invalid`, with the field.
pub fn check_said(field: &'static str, note: &str) -> Result<String> {
    check_note(field, Some(note))?.ok_or_else(|| {
        Problem::field(
            field,
            Said::new(
                "请写一句，让接手的同事看得懂。",
                "Write a sentence, so that a colleague knows what it is about.",
            ),
        )
        .into()
    })
}

fn check_note(field: &'static str, note: Option<&str>) -> Result<Option<String>> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Problem::field(
            field,
            Said::new(
                format!("最多写 {LONGEST_NOTE} 个字。"),
                format!("At most {LONGEST_NOTE} characters."),
            ),
        )
        .into());
    }
    Ok(note.map(str::to_owned))
}

/// The answer where a call has its outcome already.
#[must_use]
pub fn ended_before() -> Problem {
    Problem::not_now(Said::new(
        "这通电话已经记录过结果，不能再改。",
        "This call has its outcome already; it is not changed any more.",
    ))
}

/// The answer where a callback was kept already.
#[must_use]
pub fn kept_before() -> Problem {
    Problem::not_now(Said::new(
        "这个回电已经有人打过了。",
        "Somebody has made this callback already.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use chrono::TimeZone;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 24, 1, 0, 0).unwrap()
    }

    fn end(outcome: Option<CallOutcome>) -> EndCall {
        EndCall {
            outcome,
            note: None,
            resident_id: None,
            booking_id: None,
            household_id: None,
            callback: None,
        }
    }

    fn callback(due_at: DateTime<Utc>, note: &str) -> EndCall {
        EndCall {
            callback: Some(Promise {
                due_at,
                note: note.into(),
            }),
            ..end(Some(CallOutcome::Callback))
        }
    }

    fn field<T: std::fmt::Debug>(refused: Result<T>) -> &'static str {
        match refused {
            Err(Error::Refused(problem)) => problem.fields[0].field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_number_is_digits_and_may_be_missing() {
        let read = |text| check_number(Some(text)).unwrap();
        assert_eq!(read("138 0013 8000").as_deref(), Some("13800138000"));
        assert_eq!(read("+86 138-0013-8000").as_deref(), Some("13800138000"));
        assert_eq!(read("(0710) 3223456").as_deref(), Some("07103223456"));
        assert_eq!(read("  "), None);
        assert_eq!(check_number(None).unwrap(), None);
        for text in ["12", "abc", "1380013800x", &"1".repeat(21)] {
            assert_eq!(field(check_number(Some(text))), "number", "{text}");
        }
    }

    #[test]
    fn no_call_ends_without_an_outcome() {
        assert_eq!(field(check_ending(&end(None), now())), "outcome");
        let ending = check_ending(&end(Some(CallOutcome::WrongNumber)), now()).unwrap();
        assert_eq!(ending.outcome, CallOutcome::WrongNumber);
        assert_eq!(ending.callback, None);
    }

    #[test]
    fn a_callback_has_a_time_to_come_and_a_note() {
        let later = now() + TimeDelta::hours(2);
        let promised = |due, note: &str| check_ending(&callback(due, note), now());
        assert_eq!(
            field(check_ending(&end(Some(CallOutcome::Callback)), now())),
            "callback"
        );
        assert_eq!(field(promised(now(), "问价格")), "callback.due_at");
        assert_eq!(
            field(promised(now() + TimeDelta::days(91), "问价格")),
            "callback.due_at"
        );
        assert_eq!(field(promised(later, "  ")), "callback.note");
        assert_eq!(
            field(promised(later, &"长".repeat(LONGEST_NOTE + 1))),
            "callback.note"
        );
        let ending = promised(later, " 问价格 ").unwrap();
        assert_eq!(ending.callback, Some((later, "问价格".to_owned())));
    }

    #[test]
    fn a_complaint_may_promise_a_callback_too() {
        let complaint = EndCall {
            outcome: Some(CallOutcome::Complaint),
            ..callback(now() + TimeDelta::hours(1), "回复处理结果")
        };
        assert!(check_ending(&complaint, now()).unwrap().callback.is_some());
    }
}
