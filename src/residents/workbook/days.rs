//! What a cell says of a day, however it is written.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::cells::Value;
use crate::residents::fields::Ruled;
use crate::said::Said;

/// The day before the first of Excel's count, as it stands for every date after February 1900: the 30th of December 1899.
const EXCEL_BEGINS: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

/// A day: Excel's serial number, or text in the spellings that people use.
///
/// # Errors
/// Where it is none, or could be two.
pub fn day(value: &Value) -> Ruled<NaiveDate> {
    let found = match value {
        Value::Number(number) => serial(*number),
        Value::Text(text) => return day_text(text),
        Value::Truth(_) | Value::Broken => None,
    };
    found
        .filter(|date| (1900..=2199).contains(&date.year()))
        .ok_or_else(|| no_day(&value.text()))
}

/// Excel's count of days, or eight digits that are year, month and day.
fn serial(number: f64) -> Option<NaiveDate> {
    if !(1.0..1e9).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 1 and a thousand million"
    )]
    let whole = number.trunc() as i64;
    if (19_000_101..=21_991_231).contains(&whole) {
        return eight(&whole.to_string());
    }
    // Excel takes 1900 for a leap year, so the days of its first two months count one less.
    let days = if whole < 60 { whole + 1 } else { whole };
    let begins = EXCEL_BEGINS?;
    (whole != 60 && whole <= 109_574).then(|| begins + TimeDelta::days(days))
}

pub(super) fn eight(digits: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        digits.get(..4)?.parse().ok()?,
        digits.get(4..6)?.parse().ok()?,
        digits.get(6..8)?.parse().ok()?,
    )
}

fn day_text(text: &str) -> Ruled<NaiveDate> {
    let plain: String = text
        .trim()
        .chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '。' => '.',
            other => other,
        })
        .collect();
    if plain.contains("农历") || plain.contains("阴历") {
        return Err(Said::new(
            format!("“{text}”是农历，请换成公历，例如 1941-03-08。"),
            format!("“{text}” is of the lunar calendar; please give the day as 1941-03-08."),
        ));
    }
    let plain = plain.replace("公历", "").replace("阳历", "");
    // The time of day, where there is one, says nothing.
    let date = plain
        .split(['T', ' '])
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let spaced: String = plain.split_whitespace().collect();
    let spelled = numerals(&spaced);
    let parts = if plain.contains('年') {
        parts(&spelled, &['年', '月', '日', '号'])
    } else {
        parts(date, &['-', '/', '.', '—', '–'])
    };
    let found = match parts.as_slice() {
        [whole] if whole.len() == 8 => eight(whole),
        [year, month, day] if year.len() == 4 => NaiveDate::from_ymd_opt(
            number(year),
            number(month).unsigned_abs(),
            number(day).unsigned_abs(),
        ),
        [_] if date.len() == 5 && date.bytes().all(|digit| digit.is_ascii_digit()) => {
            date.parse().ok().and_then(serial)
        }
        [year, _] if year.len() == 4 => {
            return Err(Said::new(
                format!("“{text}”没有写到日，请写完整，例如 1941-03-08。"),
                format!("“{text}” has no day; please write it out, such as 1941-03-08."),
            ));
        }
        [_, _, last] if last.len() == 4 || last.len() == 2 => {
            return Err(Said::new(
                format!("“{text}”分不清年月日，请写成 1941-03-08。"),
                format!("“{text}” can be read in two ways; please write 1941-03-08."),
            ));
        }
        _ => None,
    };
    found
        .filter(|date| (1900..=2199).contains(&date.year()))
        .ok_or_else(|| no_day(text))
}

fn no_day(text: &str) -> Said {
    Said::new(
        format!("“{text}”不是日期，请写成 1941-03-08 或 1941年3月8日。"),
        format!("“{text}” is no date; please write 1941-03-08."),
    )
}

fn number(digits: &str) -> i32 {
    digits.parse().unwrap_or(0)
}

/// The digits between these marks; nothing where something else stands there.
fn parts<'a>(text: &'a str, marks: &[char]) -> Vec<&'a str> {
    let parts: Vec<&str> = text
        .split(|letter| marks.contains(&letter))
        .filter(|part| !part.is_empty())
        .collect();
    let digits = |part: &&str| part.bytes().all(|letter| letter.is_ascii_digit());
    if parts.iter().all(digits) {
        parts
    } else {
        Vec::new()
    }
}

/// Chinese numerals as digits: 一九四一年三月八日, 十二月, 二十三日, 〇.
fn numerals(text: &str) -> String {
    const DIGITS: &str = "零一二三四五六七八九";
    let digit = |letter: char| {
        let letter = if letter == '〇' || letter == '○' {
            '零'
        } else {
            letter
        };
        DIGITS.chars().position(|known| known == letter)
    };
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| digit(letters[at]))
            .is_some();
        let after = letters.get(at + 1).copied().and_then(digit).is_some();
        match (letter, digit(letter)) {
            ('十', _) => plain.push_str(match (before, after) {
                (true, true) => "",
                (true, false) => "0",
                (false, true) => "1",
                (false, false) => "10",
            }),
            (_, Some(value)) => plain.push_str(&value.to_string()),
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_in_the_spellings_that_people_use() {
        for text in [
            "1941-03-08",
            "1941-3-8",
            "1941/3/8",
            "1941/03/08 00:00:00",
            "1941-03-08T00:00:00",
            "1941.3.8",
            "1941。3。8",
            "１９４１－０３－０８",
            "19410308",
            "1941年3月8日",
            "1941年03月08日",
            "1941 年 3 月 8 日",
            "1941年3月8号",
            "一九四一年三月八日",
            "公历1941年3月8日",
            " 1941-03-08 ",
            "15043",
        ] {
            assert_eq!(
                day(&Value::Text(text.into())),
                Ok(date("1941-03-08")),
                "{text}"
            );
        }
        assert_eq!(
            day(&Value::Text("一九四〇年十二月二十三日".into())),
            Ok(date("1940-12-23"))
        );
        assert_eq!(
            day(&Value::Text("一九四〇年十月十日".into())),
            Ok(date("1940-10-10"))
        );
        for text in [
            "",
            "1941",
            "1941-03",
            "1941年3月",
            "08/03/1941",
            "3/8/41",
            "41.3.8",
            "农历1941年二月十一",
            "1941-02-30",
            "1941-13-01",
            "不详",
            "1899-12-31",
            "2200-01-01",
            "=TODAY()",
            "0",
        ] {
            assert!(day(&Value::Text(text.into())).is_err(), "{text}");
        }
        let told = day(&Value::Text("08/03/1941".into())).unwrap_err();
        assert!(told.zh.contains("分不清"), "{}", told.zh);
    }

    #[test]
    fn excels_count_of_days_is_a_day() {
        for (number, day_of) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (15_043.0, "1941-03-08"),
            (15_043.75, "1941-03-08"),
            (19_410_308.0, "1941-03-08"),
            (46_350.0, "2026-11-24"),
        ] {
            assert_eq!(day(&Value::Number(number)), Ok(date(day_of)), "{number}");
        }
        for number in [
            0.0,
            -3.0,
            60.0,
            1941.5e9,
            f64::NAN,
            f64::INFINITY,
            200_000.0,
            19_410_230.0,
        ] {
            assert!(day(&Value::Number(number)).is_err(), "{number}");
        }
        assert!(day(&Value::Truth(true)).is_err() && day(&Value::Broken).is_err());
    }

    /// Every day of two centuries, in every spelling that has all its parts.
    #[test]
    fn every_day_comes_back_from_every_spelling() {
        let mut day_of = date("1900-03-01");
        while day_of < date("2100-01-01") {
            let serial = (day_of - EXCEL_BEGINS.unwrap()).num_days();
            for text in [
                day_of.format("%Y-%m-%d").to_string(),
                day_of.format("%Y/%-m/%-d").to_string(),
                day_of.format("%Y.%-m.%-d").to_string(),
                day_of.format("%Y年%-m月%-d日").to_string(),
                day_of.format("%Y%m%d").to_string(),
            ] {
                assert_eq!(day(&Value::Text(text.clone())), Ok(day_of), "{text}");
            }
            #[expect(clippy::cast_precision_loss, reason = "some ten thousand days")]
            let count = Value::Number(serial as f64);
            assert_eq!(day(&count), Ok(day_of), "{serial}");
            day_of += TimeDelta::days(17);
        }
    }
}
