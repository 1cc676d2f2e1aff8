//! What a cell says: a number, a sex, a level, a way of living, a whole door.

use chrono::NaiveDate;
use entity::words::{Living, Sex};

use super::days::eight;
use crate::residents::asked::{Query, Way};
use crate::residents::fields;
use crate::residents::fields::Ruled;
use crate::residents::homes::Flat;
use crate::said::Said;

/// A cell as it stands in the sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number; a day is one too, counted from Excel's first.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// What Excel shows as #REF! and the like.
    Broken,
}

impl Value {
    /// The cell as text; a whole number without a point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                format!("{number:.0}")
            }
            Self::Number(number) => number.to_string(),
            Self::Truth(true) => "TRUE".into(),
            Self::Truth(false) => "FALSE".into(),
            Self::Broken => "#REF!".into(),
        }
    }
}

/// A whole number, perhaps followed by its unit: 2, 2单元, 5层, ３.
///
/// # Errors
/// Where it is none.
pub fn whole(value: &Value) -> Ruled<i64> {
    let text = value.text();
    let digits: String = text
        .chars()
        .filter_map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0),
            other => Some(other),
        })
        .collect();
    let number = digits
        .trim_end_matches(['单', '元', '层', '楼', '级', '门', '号'])
        .trim();
    number.parse().map_err(|_| {
        Said::new(
            format!("“{text}”不是整数。"),
            format!("“{text}” is no whole number."),
        )
    })
}

/// Female or male.
///
/// # Errors
/// Where it is neither.
pub fn sex(value: &Value) -> Ruled<Sex> {
    match value.text().to_lowercase().as_str() {
        "女" | "女性" | "f" | "female" | "w" | "woman" | "2" => Ok(Sex::Female),
        "男" | "男性" | "m" | "male" | "man" | "1" => Ok(Sex::Male),
        other => Err(Said::new(
            format!("“{other}”不是性别，请填“男”或“女”。"),
            format!("“{other}” is no sex; please write female or male."),
        )),
    }
}

/// With whom somebody lives.
///
/// # Errors
/// Where it is none of the three ways.
pub fn living(value: &Value) -> Ruled<Living> {
    let text = value.text().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["独居", "单独", "孤寡", "一人", "alone"]) {
        Ok(Living::Alone)
    } else if has(&["空巢", "夫妻", "配偶", "老两口", "老伴", "couple", "spouse"]) {
        Ok(Living::Couple)
    } else if has(&[
        "家人", "子女", "儿", "女", "同住", "亲属", "保姆", "family", "children",
    ]) {
        Ok(Living::WithFamily)
    } else {
        Err(Said::new(
            format!("“{text}”看不懂，请填“独居”“空巢”或“与家人同住”。"),
            format!("“{text}” cannot be read; please write alone, couple or with family."),
        ))
    }
}

/// An ability level after GB/T 42195-2022; nothing where it says that there was no assessment.
///
/// # Errors
/// Where it is none of the five.
pub fn level(value: &Value) -> Ruled<Option<i32>> {
    let text = value.text().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["未评", "无", "没有", "none", "not assessed"]) {
        return Ok(None);
    }
    if let Ok(number) = whole(value) {
        return fields::level(number).map(Some);
    }
    let level = if has(&["完全", "极重", "total"]) {
        4
    } else if has(&["重度", "severe"]) {
        3
    } else if has(&["中度", "moderate"]) {
        2
    } else if has(&["轻度", "mild"]) {
        1
    } else if has(&["完好", "自理", "正常", "intact"]) {
        0
    } else {
        return Err(Said::new(
            format!("“{text}”不是能力等级，请填 0 到 4。"),
            format!("“{text}” is no ability level; please write 0 to 4."),
        ));
    };
    Ok(Some(level))
}

/// A whole door in one cell: 3栋2单元501, 3-2-501, 东方小区3号楼2单元501室.
///
/// # Errors
/// Where a part of it is missing.
pub fn door(text: &str) -> Ruled<Flat> {
    let asked = Query::parse(text)
        .ways()
        .iter()
        .find_map(|way| match way {
            Way::Door(asked) if asked.is_whole() => Some(asked.clone()),
            _ => None,
        })
        .ok_or_else(|| {
            Said::new(
                format!("“{text}”不是完整的门牌，请写成“3栋2单元501”。"),
                format!("“{text}” is no whole door; please write 3-2-501."),
            )
        })?;
    let flat = fields::flat(asked.flat.as_deref().unwrap_or_default())?;
    Ok(Flat {
        building: fields::building(asked.building.as_deref().unwrap_or_default())?,
        entrance: fields::entrance(
            asked
                .entrance
                .as_deref()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0),
        )?,
        floor: fields::floor_of(&flat),
        flat,
    })
}

/// Day of birth and sex as an identity card's number tells them; its check digit must hold.
///
/// # Errors
/// Where it is no such number.
pub fn id_card(text: &str) -> Ruled<(NaiveDate, Sex)> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let wrong = || {
        Said::new(
            "身份证号不对，请核对 18 位号码（单元格要设成文本，否则末几位会变成 0）。",
            "This is no identity number; check its 18 digits (the cell must be text, or the last ones become 0).",
        )
    };
    let number = text.trim().to_uppercase();
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let born = number.get(6..14).and_then(eight).ok_or_else(wrong)?;
    if CHECKS[(sum % 11) as usize] != bytes[17] {
        return Err(wrong());
    }
    let sex = if bytes[16] % 2 == 1 {
        Sex::Male
    } else {
        Sex::Female
    };
    Ok((born, sex))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn words_of_the_office_are_understood() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(sex(&text("女")), Ok(Sex::Female));
        assert_eq!(sex(&text("Male")), Ok(Sex::Male));
        assert!(sex(&text("不详")).is_err());
        assert_eq!(living(&text("空巢（老两口）")), Ok(Living::Couple));
        assert_eq!(living(&text("独居")), Ok(Living::Alone));
        assert_eq!(living(&text("与子女同住")), Ok(Living::WithFamily));
        assert!(living(&text("？")).is_err());
        for (said, kept) in [
            ("2", Some(2)),
            ("2级", Some(2)),
            ("中度失能", Some(2)),
            ("完全失能", Some(4)),
            ("能力完好", Some(0)),
            ("未评估", None),
        ] {
            assert_eq!(level(&text(said)), Ok(kept), "{said}");
        }
        assert!(level(&text("5")).is_err() && level(&text("很好")).is_err());
        assert_eq!(whole(&text("2单元")), Ok(2));
        assert_eq!(whole(&Value::Number(501.0)), Ok(501));
        assert!(whole(&Value::Number(2.5)).is_err());
    }

    #[test]
    fn a_door_in_one_cell_is_taken_apart() {
        for text in [
            "3栋2单元501",
            "3-2-501",
            "东方小区3号楼2单元501室",
            "３－２－５０１",
        ] {
            assert_eq!(door(text).unwrap().key(), "3-2-501", "{text}");
        }
        for text in ["3栋501", "东方小区", "", "3栋2单元"] {
            assert!(door(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_identity_number_tells_birth_and_sex_and_must_hold() {
        // Made up, with a check digit that holds.
        assert_eq!(
            id_card("420606194103080021"),
            Ok((date("1941-03-08"), Sex::Female)),
        );
        for bad in [
            "420606194103080020",
            "420606194102300021",
            "123",
            "",
            "42060619410308002年",
        ] {
            assert!(id_card(bad).is_err(), "{bad}");
        }
    }
}
