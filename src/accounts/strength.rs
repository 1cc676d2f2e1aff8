//! What may be a password: long enough, and not what is tried first. Any characters will do, spaces too, in any mixture;
//! nobody is asked for a capital letter and a digit, nor for a new one each quarter.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
use crate::error::{Problem, Result};
use crate::said::Said;

/// What is tried first. Only those that are long enough matter, so that the list stays small.
static COMMONEST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("commonest.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});
/// Words that whoever knows this place tries first.
const OURS: [&str; 3] = ["yinling", "银龄", "银龄互助"];
/// Characters that must be left of a password when words of this place, digits and marks are taken out.
const OF_ONES_OWN: usize = 6;

/// Refuses a password that is too short, too long, or easy to guess: among the commonest, made of one short piece again and
/// again, a row of neighbours, or of little but what everybody knows: `login`, the community's name, the program's.
///
/// # Errors
/// `invalid`, on this field.
pub fn check(field: &'static str, password: &str, login: &str, community: &str) -> Result<()> {
    let letters = password.chars().count();
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&letters) {
        return Err(refuse(
            field,
            Said::new(
                format!(
                    "密码应为 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符；几个词连起来就很好。"
                ),
                format!(
                    "The password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words make a \
                     good one."
                ),
            ),
        ));
    }
    let small = password.to_lowercase();
    if is_common(&small) || is_pattern(&small) {
        return Err(refuse(
            field,
            Said::new(
                "这个密码很多人用，别人一试就中。请换几个不相干的词连起来。",
                "Many people use this password, and it is tried first; please join a few words that do not belong together.",
            ),
        ));
    }
    if own_letters(&small, login, community) < OF_ONES_OWN {
        return Err(refuse(
            field,
            Said::new(
                "密码里几乎只有登录名、社区或系统的名字，别人猜得到。请换几个不相干的词连起来。",
                "This is little more than your login or the name of the community or the program, which others guess; please \
                 join a few words that do not belong together.",
            ),
        ));
    }
    Ok(())
}

fn refuse(field: &'static str, message: Said) -> crate::error::Error {
    Problem::field(field, message).into()
}

/// Whether it is among the commonest, marks at its end set aside.
fn is_common(small: &str) -> bool {
    let bare = small.trim_end_matches(|c: char| c.is_ascii_punctuation());
    COMMONEST.contains(small.trim()) || COMMONEST.contains(bare)
}

/// Whether it is one piece of up to four characters again and again, or a row in which each follows its neighbour.
fn is_pattern(small: &str) -> bool {
    let chars: Vec<u32> = small.chars().map(u32::from).collect();
    let repeats = |piece: usize| {
        chars
            .iter()
            .zip(chars.iter().skip(piece))
            .all(|(one, other)| one == other)
    };
    let row = |step: i64| {
        chars
            .windows(2)
            .all(|pair| i64::from(pair[1]) - i64::from(pair[0]) == step)
    };
    (1..=4).any(repeats) || row(1) || row(-1)
}

/// Characters that are left when what everybody knows is taken out. Words of Chinese writing say more a character, and
/// count twice.
fn own_letters(small: &str, login: &str, community: &str) -> usize {
    let (login, community) = (login.to_lowercase(), community.to_lowercase());
    let mut left = small.to_owned();
    for word in OURS
        .iter()
        .rev()
        .copied()
        .chain([login.as_str(), community.as_str()])
    {
        if !word.is_empty() {
            left = left.replace(word, "");
        }
    }
    let plain = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation() || c.is_whitespace();
    let known = left.len() != small.len();
    if !known {
        return small.chars().count();
    }
    left.chars()
        .filter(|c| !plain(*c))
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn why(password: &str) -> Option<String> {
        match check("new", password, "liu.min", "滨湖社区") {
            Ok(()) => None,
            Err(Error::Refused(problem)) => {
                assert_eq!(problem.fields[0].field, "new");
                Some(problem.what.en)
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn five_thousand_common_ones_are_known_and_all_are_long_enough() {
        assert_eq!(COMMONEST.len(), 5_000);
        for word in COMMONEST.iter() {
            assert!(word.chars().count() >= SHORTEST_PASSWORD, "{word}");
            assert!(why(word).is_some_and(|why| why.contains("tried first")));
        }
    }

    #[test]
    fn a_common_one_is_refused_in_capitals_and_with_marks_too() {
        for bad in ["Password123", "PASSWORD123!", "1q2w3e4r5t", "qwertyuiop"] {
            assert!(
                why(bad).is_some_and(|why| why.contains("tried first")),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_pattern_is_refused() {
        for bad in [
            "zzzzzzzzzzzz",
            "ab1ab1ab1ab1",
            "abcdefghijkl",
            "9876543210",
            "好好好好好好好好好好",
        ] {
            assert!(
                why(bad).is_some_and(|why| why.contains("tried first")),
                "{bad}"
            );
        }
    }

    #[test]
    fn what_everybody_knows_is_refused_and_does_no_harm_among_other_words() {
        for bad in [
            "Yinling-2026",
            "银龄银龄银龄2026",
            "liu.min.2026",
            "滨湖社区2026滨湖",
            "银龄互助 滨湖社区 2026",
        ] {
            assert!(
                why(bad).is_some_and(|why| why.contains("others guess")),
                "{bad}"
            );
        }
        assert_eq!(why("yinling umbrella"), None);
        assert_eq!(why("银龄的伞忘在车上了"), Some(why("short").unwrap()));
        assert_eq!(why("银龄的伞忘在公交车上了"), None);
    }

    #[test]
    fn anything_else_of_the_right_length_will_do() {
        for good in [
            "a b c d e f",
            "几个词连起来就很好啦",
            "correct horse",
            "8315027496",
            "\u{1f600}\u{1f601}\u{1f602}\u{1f643}\u{1f604}\u{1f605}\u{1f606}\u{1f607}\u{1f608}\u{1f609}",
        ] {
            assert_eq!(why(good), None, "{good}");
        }
        assert!(why("short").is_some_and(|why| why.contains("10 to 200")));
        assert!(why(&"长".repeat(201)).is_some_and(|why| why.contains("10 to 200")));
    }
}
