//! Which column is which, by its heading: Chinese and English, in the spellings that offices use.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::said::Said;

/// A column that the roll knows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The file's number, as an export has it: by it a row finds its file again.
    Number,
    /// Full name.
    Name,
    /// Female or male.
    Sex,
    /// Day of birth.
    BirthDate,
    /// The identity card's number: day of birth and sex are read from it, the number itself is not kept.
    IdCard,
    /// The whole door in one cell.
    Address,
    /// The building.
    Building,
    /// The entrance.
    Entrance,
    /// The flat.
    Flat,
    /// The floor.
    Floor,
    /// Own telephone.
    Phone,
    /// The household's telephone.
    HouseholdPhone,
    /// With whom they live.
    Living,
    /// The ability level.
    Level,
    /// When it was assessed.
    AssessedOn,
    /// By whom.
    Assessor,
    /// Until when that holds.
    ValidUntil,
    /// How to get in.
    KnockNote,
    /// What a helper has to mind.
    SafetyNote,
}

/// A column with what it is called: the heading of the template in Chinese and in English, then other spellings.
struct Heading(Column, &'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const HEADINGS: [Heading; 19] = [
    Heading(Column::Number, "编号", "Number", &["档案号", "档案编号", "老人编号", "id", "no", "fileno", "filenumber"]),
    Heading(Column::Name, "姓名", "Name", &["老人姓名", "名字", "老年人姓名", "户主姓名", "fullname", "residentname", "resident"]),
    Heading(Column::Sex, "性别", "Sex", &["gender"]),
    Heading(Column::BirthDate, "出生日期", "Date of birth", &["生日", "出生年月日", "出生年月", "出生", "出生时间", "birthdate", "birthday", "born", "dob"]),
    Heading(Column::IdCard, "身份证号", "ID card", &["身份证", "身份证号码", "公民身份号码", "证件号码", "证件号", "idnumber", "idcardnumber", "identitycard", "identitynumber"]),
    Heading(Column::Address, "住址", "Address", &["地址", "家庭住址", "家庭地址", "详细地址", "居住地址", "现住址", "现居住地址", "门牌", "门牌号", "楼栋单元室", "door", "homeaddress"]),
    Heading(Column::Building, "楼栋", "Building", &["栋", "楼号", "楼栋号", "栋号", "楼", "幢", "幢号", "号楼", "block", "buildingno", "buildingnumber"]),
    Heading(Column::Entrance, "单元", "Entrance", &["单元号", "门洞", "unit", "stair", "staircase"]),
    Heading(Column::Flat, "室号", "Flat", &["室", "房号", "房间号", "门号", "房间", "户号", "room", "roomno", "apartment", "flatno", "flatnumber"]),
    Heading(Column::Floor, "楼层", "Floor", &["层", "所在楼层", "storey", "level"]),
    Heading(Column::Phone, "本人电话", "Phone", &["电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "老人电话", "mobile", "telephone", "tel", "phonenumber", "mobilephone"]),
    Heading(Column::HouseholdPhone, "家庭电话", "Household phone", &["座机", "固定电话", "家里电话", "宅电", "固话", "住宅电话", "homephone", "landline"]),
    Heading(Column::Living, "居住情况", "Living", &["居住状况", "居住方式", "居住类型", "家庭类型", "livingwith", "livingsituation", "household"]),
    Heading(Column::Level, "能力等级", "Ability level", &["失能等级", "评估等级", "自理能力", "能力评估等级", "能力级别", "自理等级", "ability", "abilitygrade", "carelevel"]),
    Heading(Column::AssessedOn, "评估日期", "Assessed on", &["评估时间", "评定日期", "能力评估日期", "assessmentdate", "assessed"]),
    Heading(Column::Assessor, "评估人", "Assessor", &["评估机构", "评估员", "评估师", "评定机构", "评估单位", "assessedby"]),
    Heading(Column::ValidUntil, "评估有效期至", "Valid until", &["有效期至", "有效期", "到期日期", "评估到期日", "有效期限", "评估有效期", "expiry", "expires", "expirydate", "validto"]),
    Heading(Column::KnockNote, "进门说明", "How to get in", &["敲门说明", "上门说明", "进门备注", "knocknote", "knock", "access"]),
    Heading(Column::SafetyNote, "注意事项", "To mind", &["备注", "安全提示", "健康提示", "特殊情况", "说明", "safetynote", "safety", "note", "notes", "remarks"]),
];

/// Headings that are known and say nothing of their own: an export has them for people.
const FOR_PEOPLE: [&str; 12] = [
    "序号", "状态", "年龄", "网格", "行号", "serial", "state", "status", "age", "grid", "row",
    "index",
];

impl Column {
    /// All, in the order of the template.
    pub fn all() -> impl Iterator<Item = Self> {
        HEADINGS.iter().map(|heading| heading.0)
    }

    /// The heading in the template.
    #[must_use]
    pub fn heading(self) -> Said {
        HEADINGS
            .iter()
            .find(|heading| heading.0 == self)
            .map_or_else(
                || Said::new("", ""),
                |heading| Said::new(heading.1, heading.2),
            )
    }

    /// The column of this heading; nothing where the roll has no such column.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let said = plain(text);
        HEADINGS
            .iter()
            .find(|Heading(_, zh, en, others)| {
                said == plain(zh) || said == plain(en) || others.contains(&said.as_str())
            })
            .map(|heading| heading.0)
    }

    /// Whether a heading is one that people need and the roll does not.
    #[must_use]
    pub fn is_for_people(text: &str) -> bool {
        FOR_PEOPLE.contains(&plain(text).as_str())
    }
}

/// A heading without what offices add to it: blanks, stars, colons, and whatever stands in brackets.
fn plain(text: &str) -> String {
    let mut said = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        let letter = match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            other => other,
        };
        match letter {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() || "*:_-/.#、\"'".contains(letter) => {}
            _ => said.extend(letter.to_lowercase()),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn headings_are_recognised_however_offices_write_them() {
        for (text, column) in [
            ("姓名", Column::Name),
            (" 姓 名 ", Column::Name),
            ("*姓名（必填）", Column::Name),
            ("老人姓名：", Column::Name),
            ("Full Name", Column::Name),
            ("出生年月日", Column::BirthDate),
            ("出生日期\n(yyyy-mm-dd)", Column::BirthDate),
            ("Date of Birth", Column::BirthDate),
            ("DOB", Column::BirthDate),
            ("身份证号码", Column::IdCard),
            ("家庭住址", Column::Address),
            ("楼栋号", Column::Building),
            ("单元", Column::Entrance),
            ("房间号", Column::Flat),
            ("Room No.", Column::Flat),
            ("联系电话", Column::Phone),
            ("ｔｅｌ", Column::Phone),
            ("座机", Column::HouseholdPhone),
            ("居住状况", Column::Living),
            ("失能等级", Column::Level),
            ("评估机构", Column::Assessor),
            ("有效期至", Column::ValidUntil),
            ("备注", Column::SafetyNote),
        ] {
            assert_eq!(Column::recognise(text), Some(column), "{text}");
        }
        for text in ["", "状态", "序号", "爱好", "职业", "姓名拼音"] {
            assert_eq!(Column::recognise(text), None, "{text}");
        }
        assert!(Column::is_for_people("序 号") && !Column::is_for_people("爱好"));
    }

    #[test]
    fn no_spelling_means_two_columns() {
        let mut seen = HashMap::new();
        for Heading(column, zh, en, others) in &HEADINGS {
            for word in [plain(zh), plain(en)]
                .into_iter()
                .chain(others.iter().map(|other| (*other).to_owned()))
            {
                assert_eq!(plain(&word), word, "{word} is written as it is compared");
                if let Some(other) = seen.insert(word.clone(), column) {
                    panic!("{word} is {other:?} and {column:?}");
                }
            }
        }
        for word in FOR_PEOPLE {
            assert!(!seen.contains_key(word), "{word}");
        }
        assert_eq!(Column::all().count(), HEADINGS.len());
    }
}
