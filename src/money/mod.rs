//! Money: who pays what of a visit's price and of a place in a session, the month's subsidy, a family's statement and a provider's settlement.
//!
//! All amounts are whole fen. The lines of a visit together are its price, always: they are never changed one by one, but
//! reckoned anew and written together.

pub mod check;
pub mod places;
pub mod queries;
pub mod routes;
pub mod settle;
pub mod views;
pub mod workbook;

use chrono::{Datelike, NaiveDate};
use entity::words::PaySource;

use self::views::Deciding;
use crate::error::{Error, Problem};
use crate::said::Said;
use crate::timebank::check_reason;

/// The most that a month's subsidy may be, in fen: 800 yuan.
pub const LARGEST_SUBSIDY_FEN: i64 = 80_000;
/// The lowest ability level that has a right to it: 2, moderate (GB/T 42195-2022).
pub const SUBSIDY_FROM_LEVEL: i32 = 2;

/// What may be used to pay for a visit besides the resident's own money, in fen each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// What hours were redeemed for.
    pub credit: i64,
    /// What the office waived.
    pub waived: i64,
    /// What a voucher is worth.
    pub voucher: i64,
    /// What is left of the month's subsidy.
    pub subsidy: i64,
}

/// The lines that pay a price, in the order in which means are used: hours, what was waived, a voucher, the subsidy, and the
/// rest by the resident. Together they are the price; of means that are worth more than what is left, only that is taken.
#[must_use]
pub fn lines(price_fen: i64, means: Means) -> Vec<(PaySource, i64)> {
    let mut left = price_fen.max(0);
    let mut lines = Vec::new();
    for (source, worth) in [
        (PaySource::Credit, means.credit),
        (PaySource::Waived, means.waived),
        (PaySource::Voucher, means.voucher),
        (PaySource::Subsidy, means.subsidy),
    ] {
        let taken = worth.clamp(0, left);
        if taken > 0 {
            lines.push((source, taken));
            left -= taken;
        }
    }
    if left > 0 || lines.is_empty() {
        lines.push((PaySource::SelfPaid, left));
    }
    lines
}

/// The first day of a day's month.
#[must_use]
pub fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Whether an allowance is one that can be given.
///
/// # Errors
/// `invalid` with the field `allowance_fen`.
pub fn check_allowance(fen: i64) -> Result<i64, Error> {
    if (0..=LARGEST_SUBSIDY_FEN).contains(&fen) {
        return Ok(fen);
    }
    Err(Problem::field(
        "allowance_fen",
        Said::new(
            "每月补贴应在 0 到 800 元之间。",
            "A month's subsidy is from 0 to 800 yuan.",
        ),
    )
    .into())
}

/// Takes over what is decided about a waiver: so much of a price, with a reason; 0 takes it back, nothing leaves it.
///
/// # Errors
/// `invalid` with the field `waived_fen`, or that of the reason.
pub fn check_waiver(
    deciding: &Deciding,
    price_fen: i64,
    waived: &mut Option<(i64, String)>,
) -> Result<(), Error> {
    match deciding.waived_fen {
        None => {}
        Some(0) => *waived = None,
        Some(fen) if (1..=price_fen).contains(&fen) => {
            let reason = deciding.waived_reason.as_deref().unwrap_or_default();
            *waived = Some((fen, check_reason(reason)?));
        }
        Some(_) => {
            return Err(Problem::field(
                "waived_fen",
                Said::new("减免不能超过价格。", "No more can be waived than it costs."),
            )
            .into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_price_whatever_the_means() {
        for price in [0, 1, 599, 6_000, 80_000] {
            for credit in [0, 300, 9_000] {
                for waived in [0, 1, 6_000] {
                    for voucher in [0, 2_000, 100_000] {
                        for subsidy in [-5, 0, 599, 50_000] {
                            let means = Means {
                                credit,
                                waived,
                                voucher,
                                subsidy,
                            };
                            let made = lines(price, means);
                            let sum: i64 = made.iter().map(|(_, fen)| fen).sum();
                            assert_eq!(sum, price, "{means:?}");
                            assert!(made.iter().all(|(_, fen)| *fen >= 0));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn means_are_used_before_the_residents_own_money() {
        let means = Means {
            voucher: 2_000,
            subsidy: 3_000,
            ..Means::default()
        };
        assert_eq!(
            lines(6_000, means),
            vec![
                (PaySource::Voucher, 2_000),
                (PaySource::Subsidy, 3_000),
                (PaySource::SelfPaid, 1_000)
            ]
        );
        assert_eq!(lines(0, means), vec![(PaySource::SelfPaid, 0)]);
    }

    #[test]
    fn an_allowance_has_bounds() {
        assert!(check_allowance(80_000).is_ok() && check_allowance(0).is_ok());
        assert!(check_allowance(80_001).is_err() && check_allowance(-1).is_err());
    }
}
