//! The second factor: a code of six digits that a telephone makes anew each half minute (TOTP, RFC 6238), for coordinators
//! and administrators, and ten codes on paper for the day the telephone is lost.

pub mod check;
pub mod keep;
pub mod queries;
pub mod routes;
pub mod seal;
pub mod views;

use chrono::{DateTime, Utc};
use entity::words::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, QrCode};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::error::{Error, Kind, Problem, Result};
use crate::said::Said;

/// Bytes of a secret, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// Seconds for which a code holds.
const STEP_S: u64 = 30;
/// Steps before and after the present one whose codes hold too, for telephones whose clock is a little off.
const LEEWAY: u16 = 1;
/// Recovery codes that are given out.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: no 0, 1, i, l, o, which look alike.
const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// Letters in it: 50 bits, behind Argon2id and a limit on tries.
const RECOVERY_LETTERS: usize = 10;

/// Whether somebody with these roles may be asked for a second factor.
#[must_use]
pub fn concerns(roles: &[Role]) -> bool {
    roles.contains(&Role::Coordinator) || roles.contains(&Role::Admin)
}

fn totp(secret: &[u8]) -> Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(LEEWAY)
        .with_step_duration(STEP_S)
        .with_secret(Secret::new(secret.into()))
        .build()
        .map_err(|error| Error::Internal(format!("second factor: {error}")))
}

/// The step whose code this is, if it is one that holds now.
///
/// # Errors
/// Where the secret cannot be one.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    // Some keyboards write digits in the width of a Chinese character.
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(narrow)
        .collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Ok(totp(secret)?
        .check(&code, seconds)
        .and_then(|step| i64::try_from(step).ok()))
}

/// The secret as people type it.
#[must_use]
pub fn spelled(secret: &[u8]) -> String {
    Secret::new(secret.into()).to_base32()
}

/// The address that telephones read from a picture.
#[must_use]
pub fn address(secret: &[u8], login: &str, community: &str) -> String {
    let issuer = format!("银龄 {community}");
    let plain = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!(
        "otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits=6&period={STEP_S}",
        plain(&issuer),
        plain(login),
        spelled(secret),
        plain(&issuer)
    )
}

/// The picture of an address, as the path of an SVG, one unit a square, with how many squares it is wide.
///
/// # Errors
/// Where the address is too long for one.
pub fn picture(address: &str) -> Result<(String, usize)> {
    use std::fmt::Write;
    let code = QrCode::new(address).map_err(|error| Error::Internal(error.to_string()))?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width, at / width);
        }
    }
    Ok((path, width))
}

/// A recovery code of random bytes.
#[must_use]
pub fn recovery_code(random: &[u8; 32]) -> String {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let letters: String = random.iter().take(RECOVERY_LETTERS).map(letter).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// A recovery code as it was typed, in the form in which it is hashed; nothing where it cannot be one.
#[must_use]
pub fn typed_recovery_code(text: &str) -> Option<String> {
    let letters: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect();
    (letters.len() == RECOVERY_LETTERS && letters.bytes().all(|byte| LETTERS.contains(&byte)))
        .then(|| format!("{}-{}", &letters[..5], &letters[5..]))
}

/// The answer where the password was right and a code is wanted.
#[must_use]
pub fn code_wanted() -> Problem {
    Problem::new(
        Kind::CodeWanted,
        Said::new(
            "密码对了，还要一个验证码。",
            "That is right; now a code is wanted.",
        ),
        Said::new(
            "请打开手机上的验证器，填现在显示的 6 位数字，或者填一个备用码。",
            "Open the authenticator on your telephone and type the six digits it shows, or a recovery code.",
        ),
    )
}

/// The answer to a code that is not right.
#[must_use]
pub fn wrong_code() -> Problem {
    let message = Said::new(
        "验证码不对，或者已经用过了。",
        "This code is not right, or was used before.",
    );
    let mut problem = Problem::new(
        Kind::WrongCode,
        message.clone(),
        Said::new(
            "请等手机上换了新的数字再填；手机的时间也要准。",
            "Wait until the telephone shows a new one, and see that its clock is right.",
        ),
    );
    problem.fields.push(crate::error::FieldProblem {
        field: "code",
        message,
    });
    problem
}

/// The answer to whoever has to set up a second factor before anything else.
#[must_use]
pub fn enrol_first() -> Problem {
    Problem::new(
        Kind::EnrolFirst,
        Said::new(
            "社区要求您登录时加一步手机验证，还没有设好。",
            "Your community asks for a second step to sign in, which is not set up yet.",
        ),
        Said::new(
            "请先到“我的账号”设好，再做别的。",
            "Please set it up under “My account” before anything else.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B, for SHA-1.
    const RFC: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_the_standard_hold() {
        // The last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                step_of(RFC, code, at(seconds)).unwrap(),
                Some(seconds / 30),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_holds_a_step_before_and_after_and_no_longer() {
        let code = "050471";
        let step = 1_111_111_111 / 30;
        for (off, holds) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let found = step_of(RFC, code, at(1_111_111_111 + off)).unwrap();
            assert_eq!(found, holds.then_some(step), "{off}");
        }
        for same in ["050 471", "０５０４７１"] {
            assert_eq!(step_of(RFC, same, at(1_111_111_111)).unwrap(), Some(step));
        }
        for bad in ["", "50471", "0504711", "abcdef"] {
            assert_eq!(step_of(RFC, bad, at(1_111_111_111)).unwrap(), None, "{bad}");
        }
    }

    #[test]
    fn the_address_is_what_telephones_read() {
        let text = address(RFC, "liu.min", "滨湖社区");
        assert!(
            text.starts_with("otpauth://totp/%E9%93%B6%E9%BE%84%20"),
            "{text}"
        );
        assert!(text.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="));
        assert!(text.ends_with("&algorithm=SHA1&digits=6&period=30"));
        let (path, width) = picture(&text).unwrap();
        assert!(path.starts_with("M0 0h1v1h-1z"), "the corner is dark");
        assert!((21..=177).contains(&width));
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = recovery_code(&[33; 32]);
        assert_eq!(code.len(), 11);
        let loud = code.to_uppercase().replace('-', " ");
        assert_eq!(typed_recovery_code(&loud), Some(code));
        for bad in [
            "",
            "12345",
            "iiiii-iiiii",
            "23456-7890",
            "二三四五六七八九十百",
        ] {
            assert_eq!(typed_recovery_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn it_concerns_coordinators_and_administrators() {
        assert!(concerns(&[Role::Clerk, Role::Admin]) && concerns(&[Role::Coordinator]));
        assert!(!concerns(&[Role::Clerk, Role::Family]));
    }
}
