//! A voucher's code: digits, so that it can be read out and typed in any language, and a check digit, so that a slip is
//! noticed before anything is looked up.
//!
//! The check digit is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004): it notices every single wrong digit and
//! every two neighbours that changed places. Eleven digits drawn by lot make 10^11 codes.

/// Digits drawn by lot.
const DRAWN: usize = 11;
/// Digits in all.
pub const DIGITS: usize = DRAWN + 1;

/// Damm's table of order 10.
const TABLE: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn check(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |so_far, digit| {
        TABLE[usize::from(so_far)][usize::from(digit)]
    })
}

/// The code made of these random bytes.
#[must_use]
pub fn new(bytes: [u8; 32]) -> String {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[..8]);
    // 2^64 is so much more than 10^11 that no code is likelier than another by more than a part in 10^8.
    let number = u64::from_le_bytes(eight) % 10_u64.pow(11);
    let drawn = format!("{number:011}");
    let last = check(drawn.bytes().map(|digit| digit - b'0'));
    format!("{drawn}{last}")
}

/// What somebody typed, as it is kept: spaces and dashes do not matter, full-width digits are digits. Nothing where it cannot be
/// a code.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let mut digits = Vec::with_capacity(DIGITS);
    for letter in typed.chars() {
        let digit = match letter {
            '0'..='9' => u32::from(letter) - u32::from('0'),
            '０'..='９' => u32::from(letter) - u32::from('０'),
            ' ' | '-' | '\u{3000}' | '－' | '—' | '\u{a0}' => continue,
            _ => return None,
        };
        digits.push(u8::try_from(digit).ok()?);
        if digits.len() > DIGITS {
            return None;
        }
    }
    (digits.len() == DIGITS && check(digits.iter().copied()) == 0).then(|| {
        digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    })
}

/// As it is read out: four digits, four, four.
#[must_use]
pub fn spoken(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Vec<String> {
        (0..200_u64)
            .map(|n| {
                let mut bytes = [0; 32];
                let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
                bytes[..8].copy_from_slice(&mixed.to_le_bytes());
                new(bytes)
            })
            .collect()
    }

    #[test]
    fn a_code_is_read_as_it_is_written_in_any_form() {
        for code in some() {
            assert_eq!(code.len(), DIGITS);
            assert_eq!(read(&code).as_deref(), Some(code.as_str()));
            assert_eq!(read(&spoken(&code)).as_deref(), Some(code.as_str()));
            let wide: String = code
                .chars()
                .map(|c| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap())
                .collect();
            assert_eq!(read(&wide).as_deref(), Some(code.as_str()));
        }
        assert_eq!(spoken("123456789012"), "1234 5678 9012");
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_noticed() {
        for code in some() {
            let digits: Vec<char> = code.chars().collect();
            for at in 0..DIGITS {
                for other in '0'..='9' {
                    let mut slip = digits.clone();
                    slip[at] = other;
                    let text: String = slip.iter().collect();
                    assert_eq!(read(&text).is_some(), other == digits[at], "{text}");
                }
                if at + 1 < DIGITS && digits[at] != digits[at + 1] {
                    let mut slip = digits.clone();
                    slip.swap(at, at + 1);
                    assert_eq!(read(&slip.iter().collect::<String>()), None);
                }
            }
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for bad in [
            "",
            "1234",
            "abcdefghijkl",
            "1234567890123456",
            "12345678901x",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
