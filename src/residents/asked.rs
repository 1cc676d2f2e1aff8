//! What somebody typed to find a household or a helper: a number, a door, initials or a name, however it is written.

use entity::words::Sex;

/// Digits of the shortest whole telephone number, without the area's prefix.
const WHOLE_NUMBER: usize = 7;
/// Digits of the shortest number of a flat: the floor and two.
const SHORTEST_FLAT: usize = 3;
/// Characters that are read at most: nobody types more to find a door.
const LONGEST: usize = 40;

/// One way to understand what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A telephone number, or its last digits.
    Number(String),
    /// A door, or a part of it.
    Door(DoorAsked),
    /// The first letters of a name in pinyin, small.
    Initials(String),
    /// A part of a name; with the sex where they were called 奶奶 or 爷爷.
    Name(String, Option<Sex>),
}

/// A door as far as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoorAsked {
    /// The building's number.
    pub building: Option<String>,
    /// The entrance.
    pub entrance: Option<String>,
    /// The flat's number.
    pub flat: Option<String>,
}

impl DoorAsked {
    fn new(building: Option<&str>, entrance: Option<&str>, flat: Option<&str>) -> Self {
        let own = |part: Option<&str>| part.map(str::to_owned);
        Self {
            building: own(building),
            entrance: own(entrance),
            flat: own(flat),
        }
    }

    /// Whether nothing of the door is open.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.building.is_some() && self.entrance.is_some() && self.flat.is_some()
    }

    /// The door as it is kept, with `open` for each part that was not said.
    #[must_use]
    pub fn key(&self, open: &str) -> String {
        [&self.building, &self.entrance, &self.flat]
            .map(|part| part.as_deref().unwrap_or(open))
            .join("-")
    }
}

/// What was typed, in every way it can be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<Way>);

impl Query {
    /// Understands what was typed; where it means nothing, there is no way.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text: String = text.trim().chars().take(LONGEST).map(plain).collect();
        let text = without_building(&text);
        if text.is_empty() {
            return Self(Vec::new());
        }
        let spelled = numerals(text);
        if has_marks(&spelled) {
            return Self(vec![Way::Door(marked_door(&spelled))]);
        }
        if text
            .chars()
            .all(|letter| letter.is_ascii_digit() || is_separator(letter))
        {
            return Self(numbers(text));
        }
        let letters: String = text
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .collect();
        if letters.is_empty() {
            return Self(Vec::new());
        }
        if letters.is_ascii() {
            return Self(vec![Way::Initials(letters.to_ascii_lowercase())]);
        }
        Self(name(&letters).into_iter().collect())
    }

    /// The ways, the likelier first.
    #[must_use]
    pub fn ways(&self) -> &[Way] {
        &self.0
    }
}

/// What follows the word that English puts before a door: Building 3, 2-501 as 3, 2-501.
fn without_building(text: &str) -> &str {
    const BUILDING: &str = "building";
    match text.split_at_checked(BUILDING.len()) {
        Some((word, door)) if word.eq_ignore_ascii_case(BUILDING) => door.trim_start(),
        _ => text,
    }
}

/// Whether a number is followed by a sign that makes it a part of a door. 单, 楼 and 门 are surnames too.
fn has_marks(text: &str) -> bool {
    text.chars()
        .zip(text.chars().skip(1))
        .any(|(number, mark)| number.is_ascii_alphanumeric() && "栋幢号楼单室门户".contains(mark))
}

fn is_separator(letter: char) -> bool {
    matches!(
        letter,
        '-' | '/' | '.' | ',' | '、' | ' ' | '#' | '+' | '(' | ')' | '_' | '~'
    )
}

/// Full-width digits, letters and signs as plain ones, and every kind of dash as the dash.
fn plain(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '—' | '–' | '‐' | '−' => '-',
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Chinese numerals as digits: 十二栋 as 12栋, 五零一 as 501.
fn numerals(text: &str) -> String {
    const DIGITS: &str = "零一二三四五六七八九";
    let digit = |letter: char| {
        let letter = match letter {
            '〇' => '零',
            '两' => '二',
            other => other,
        };
        DIGITS.chars().position(|known| known == letter)
    };
    let letters: Vec<char> = text.chars().collect();
    let mut spelled = String::with_capacity(text.len());
    for (at, &letter) in letters.iter().enumerate() {
        if letter == '十' {
            let before = at
                .checked_sub(1)
                .and_then(|at| digit(letters[at]))
                .is_some();
            let after = letters.get(at + 1).copied().and_then(digit).is_some();
            // 二十三 is 2 and 3, 十三 is 1 and 3, 二十 is 2 and 0.
            spelled.push_str(match (before, after) {
                (true, true) => "",
                (true, false) => "0",
                (false, true) => "1",
                (false, false) => "10",
            });
        } else if let Some(value) = digit(letter) {
            spelled.push_str(&value.to_string());
        } else {
            spelled.push(letter);
        }
    }
    spelled
}

/// A door with its signs: 3栋2单元501室, 3号楼501, 2单元501.
fn marked_door(text: &str) -> DoorAsked {
    let mut door = DoorAsked::default();
    let mut number = String::new();
    let mut letters = text.chars().chain([' ']).peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_alphanumeric() {
            number.push(letter);
            continue;
        }
        // 3号楼: 楼 says what the number is.
        if number.is_empty() || (letter == '号' && letters.peek() == Some(&'楼')) {
            continue;
        }
        let said = std::mem::take(&mut number);
        match letter {
            '栋' | '幢' => door.building = Some(said),
            '楼' if door.building.is_none() => door.building = Some(said),
            // 3栋5楼: a floor is no part of a door.
            '楼' => {}
            '单' | '门' => door.entrance = Some(said),
            '室' | '户' => door.flat = Some(said),
            // No sign says what it is: its length does.
            _ if said.len() >= SHORTEST_FLAT => door.flat = Some(said),
            _ if door.building.is_none() => door.building = Some(said),
            _ => door.entrance = Some(said),
        }
    }
    door
}

/// Digits, with or without separators: a number, a door, or both.
fn numbers(text: &str) -> Vec<Way> {
    let parts: Vec<&str> = text
        .split(is_separator)
        .filter(|part| !part.is_empty())
        .collect();
    let digits = parts.concat();
    if digits.is_empty() {
        return Vec::new();
    }
    let door = |building, entrance, flat| Way::Door(DoorAsked::new(building, entrance, flat));
    match parts[..] {
        [building, entrance, flat]
            if building.len() <= 3 && entrance.len() <= 2 && flat.len() <= 4 =>
        {
            vec![door(Some(building), Some(entrance), Some(flat))]
        }
        [run] if run.len() <= WHOLE_NUMBER => run_together(run),
        _ if digits.len() >= WHOLE_NUMBER => vec![Way::Number(domestic(&digits))],
        [building, flat] if flat.len() >= SHORTEST_FLAT => {
            vec![door(Some(building), None, Some(flat))]
        }
        [building, entrance] => vec![door(Some(building), Some(entrance), None)],
        _ => Vec::new(),
    }
}

/// Digits without a gap, seven at most: a building, a flat, the end of a number, or a whole door said in one breath.
fn run_together(run: &str) -> Vec<Way> {
    if run.len() <= 2 {
        return vec![Way::Door(DoorAsked::new(Some(run), None, None))];
    }
    let mut ways = Vec::new();
    // 32501: building 3, entrance 2, flat 501. 3501: building 3, flat 501. 501: any building's.
    for flat in [3, 4] {
        let Some((rest, flat)) = run
            .len()
            .checked_sub(flat)
            .and_then(|at| run.split_at_checked(at))
        else {
            continue;
        };
        if let Some((building, entrance)) = rest
            .len()
            .checked_sub(1)
            .filter(|at| *at > 0)
            .and_then(|at| rest.split_at_checked(at))
        {
            ways.push(DoorAsked::new(Some(building), Some(entrance), Some(flat)));
        }
        ways.push(DoorAsked::new(
            Some(rest).filter(|rest| !rest.is_empty()),
            None,
            Some(flat),
        ));
    }
    ways.into_iter()
        .map(Way::Door)
        .chain([Way::Number(run.to_owned())])
        .collect()
}

/// A number without the country's prefix.
fn domestic(digits: &str) -> String {
    let short = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11));
    short.unwrap_or(digits).to_owned()
}

fn name(letters: &str) -> Option<Way> {
    let (name, sex) = if let Some(name) = letters.strip_suffix("奶奶") {
        (name, Some(Sex::Female))
    } else if let Some(name) = letters.strip_suffix("爷爷") {
        (name, Some(Sex::Male))
    } else {
        (letters, None)
    };
    (!name.is_empty()).then(|| Way::Name(name.to_owned(), sex))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(building: &str, entrance: &str, flat: &str) -> Way {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Way::Door(DoorAsked {
            building: part(building),
            entrance: part(entrance),
            flat: part(flat),
        })
    }

    fn number(digits: &str) -> Way {
        Way::Number(digits.to_owned())
    }

    fn ways(text: &str) -> Vec<Way> {
        Query::parse(text).0
    }

    #[test]
    fn a_door_is_understood_however_it_is_written() {
        for text in [
            "3-2-501",
            "3/2/501",
            "3 2 501",
            "３－２－５０１",
            "3—2—501",
            "3栋2单元501",
            "3栋2单元501室",
            "3号楼2单元501",
            "3幢2门501户",
            " 3栋 2单元 501 室 ",
            "三栋二单元五零一",
            "Building 3, 2-501",
            "building 3 2-501",
            "3号2单元501",
        ] {
            assert_eq!(ways(text), [door("3", "2", "501")], "{text}");
        }
        assert_eq!(ways("十二栋一单元1101"), [door("12", "1", "1101")]);
        assert_eq!(ways("二十三栋"), [door("23", "", "")]);
    }

    #[test]
    fn a_part_of_a_door_leaves_the_rest_open() {
        assert_eq!(ways("3栋"), [door("3", "", "")]);
        assert_eq!(ways("Building 3"), [door("3", "", "")]);
        assert_eq!(ways("12"), [door("12", "", "")]);
        assert_eq!(ways("3-2"), [door("3", "2", "")]);
        assert_eq!(ways("3-501"), [door("3", "", "501")]);
        assert_eq!(ways("3栋501"), [door("3", "", "501")]);
        assert_eq!(ways("2单元501"), [door("", "2", "501")]);
        assert_eq!(ways("3栋5楼"), [door("3", "", "")]);
        assert_eq!(ways("12-2-1101"), [door("12", "2", "1101")]);
    }

    #[test]
    fn digits_in_one_breath_may_be_a_door_or_the_end_of_a_number() {
        assert_eq!(ways("501"), [door("", "", "501"), number("501")]);
        assert_eq!(
            ways("3501"),
            [door("3", "", "501"), door("", "", "3501"), number("3501")]
        );
        assert_eq!(
            ways("32501"),
            [
                door("3", "2", "501"),
                door("32", "", "501"),
                door("3", "", "2501"),
                number("32501")
            ]
        );
        for way in [door("12", "2", "1101"), number("1221101")] {
            assert!(ways("1221101").contains(&way), "{way:?}");
        }
    }

    #[test]
    fn a_number_loses_its_gaps_and_the_country() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "+86 138-0013-8000",
            "008613800138000",
        ] {
            assert_eq!(ways(text), [number("13800138000")], "{text}");
        }
        assert_eq!(ways("(0710) 322-3456"), [number("07103223456")]);
    }

    #[test]
    fn letters_are_initials_and_characters_a_name() {
        assert_eq!(ways("WXY"), [Way::Initials("wxy".into())]);
        assert_eq!(ways("w x y"), [Way::Initials("wxy".into())]);
        assert_eq!(ways("王秀"), [Way::Name("王秀".into(), None)]);
        assert_eq!(ways("王奶奶"), [Way::Name("王".into(), Some(Sex::Female))]);
        assert_eq!(
            ways("欧阳爷爷"),
            [Way::Name("欧阳".into(), Some(Sex::Male))]
        );
        assert_eq!(ways("单一民"), [Way::Name("单一民".into(), None)]);
    }

    #[test]
    fn what_means_nothing_finds_nothing() {
        for text in ["", "   ", "%", "_", "---", "奶奶", "1-2-3-4"] {
            assert_eq!(ways(text), [], "{text}");
        }
        assert_eq!(ways("王%"), [Way::Name("王".into(), None)]);
        assert_eq!(ways(&"王".repeat(500)), [Way::Name("王".repeat(40), None)]);
    }

    #[test]
    fn a_key_keeps_open_what_was_not_said() {
        let asked = DoorAsked::new(Some("3"), None, Some("501"));
        assert!(!asked.is_whole());
        assert_eq!(asked.key("%"), "3-%-501");
    }
}
