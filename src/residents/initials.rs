//! The first letters of a name in pinyin, as people type them to find somebody.

use pinyin::ToPinyin;

/// Surnames that sound otherwise than the same character elsewhere.
const SURNAMES: [(char, char); 12] = [
    ('单', 's'),
    ('曾', 'z'),
    ('解', 'x'),
    ('仇', 'q'),
    ('查', 'z'),
    ('朴', 'p'),
    ('区', 'o'),
    ('盖', 'g'),
    ('任', 'r'),
    ('华', 'h'),
    ('覃', 'q'),
    ('翟', 'z'),
];

/// Pinyin initials in small letters, e.g. `wgl`; letters stay as they are, what is neither is left out.
#[must_use]
pub fn initials(name: &str) -> String {
    name.chars()
        .enumerate()
        .filter_map(|(at, letter)| {
            if letter.is_ascii_alphabetic() {
                return Some(letter.to_ascii_lowercase().to_string());
            }
            if at == 0
                && let Some((_, sound)) = SURNAMES.iter().find(|(known, _)| *known == letter)
            {
                return Some(sound.to_string());
            }
            letter
                .to_pinyin()
                .map(|sound| sound.first_letter().to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_first_letters_of_its_sounds() {
        for (name, letters) in [
            ("王桂兰", "wgl"),
            ("单田芳", "stf"),
            ("曾秀英", "zxy"),
            ("欧阳 明", "oym"),
            ("Li Wei", "liwei"),
            ("买买提·艾力", "mmtal"),
            ("１２", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
