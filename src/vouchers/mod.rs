//! Vouchers: thanks to residents for taking part, of a fixed value, used once and as a whole at a merchant's counter or for a
//! visit. Whoever knows the code has the voucher, so a code cannot be guessed, and tries are counted.

pub mod code;
pub mod queries;
pub mod routes;
pub mod shop;
pub mod totals;
pub mod views;
pub mod withdraw;

use chrono::NaiveDate;
use entity::voucher;

use crate::error::{Error, Problem};
use crate::said::Said;

/// The most that one voucher may be worth, in fen: 500 yuan.
pub const LARGEST_FEN: i64 = 50_000;
/// Days for which a voucher may be good at most.
const LONGEST_DAYS: i64 = 400;

/// What a new voucher must hold.
///
/// # Errors
/// `invalid` with the field that does not hold.
pub fn check_new(value_fen: i64, expires_on: NaiveDate, today: NaiveDate) -> Result<(), Error> {
    if !(1..=LARGEST_FEN).contains(&value_fen) {
        return Err(Problem::field(
            "value_fen",
            Said::new(
                "面值应在 0.01 到 500 元之间。",
                "The value is from 0.01 to 500 yuan.",
            ),
        )
        .into());
    }
    let days = (expires_on - today).num_days();
    if !(0..=LONGEST_DAYS).contains(&days) {
        return Err(Problem::field(
            "expires_on",
            Said::new(
                "有效期应从今天起，最长 400 天。",
                "The last day is from today on, 400 days ahead at most.",
            ),
        )
        .into());
    }
    Ok(())
}

/// Whether a voucher is too old to be used: its last day is over.
#[must_use]
pub fn has_expired(voucher: &voucher::Model, today: NaiveDate) -> bool {
    voucher.expires_on < today
}

/// The refusal for a code that is nobody's: nothing tells a wrong one from one of another community.
#[must_use]
pub fn unknown() -> Error {
    Problem::field(
        "code",
        Said::new(
            "没有这张券，请核对券码。",
            "There is no such voucher; please check the code.",
        ),
    )
    .into()
}

/// The refusal for a voucher that was used.
#[must_use]
pub fn used() -> Error {
    Problem::not_now(Said::new(
        "这张券已经用过了。",
        "This voucher was used already.",
    ))
    .into()
}

/// The refusal for a voucher that the office took back.
#[must_use]
pub fn withdrawn() -> Error {
    Problem::not_now(Said::new(
        "这张券已被服务台收回，不能用了。",
        "The office has withdrawn this voucher; it cannot be used.",
    ))
    .into()
}

/// The refusal for a voucher whose last day is over.
#[must_use]
pub fn expired(last: NaiveDate) -> Error {
    Problem::not_now(Said::new(
        format!("这张券已过期（有效期到 {last}）。"),
        format!("This voucher has expired; its last day was {last}."),
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_has_a_value_and_a_last_day_ahead() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-24");
        assert!(check_new(2_000, today, today).is_ok());
        assert!(check_new(2_000, day("2026-11-23"), today).is_err());
        assert!(check_new(2_000, day("2028-11-23"), today).is_err());
        for bad in [0, -1, LARGEST_FEN + 1] {
            assert!(check_new(bad, today, today).is_err(), "{bad}");
        }
    }
}
