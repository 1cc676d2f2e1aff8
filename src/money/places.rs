//! Places in sessions: whoever came to a session with a price has lines of payment, reckoned and written together as those of a
//! visit are. Whoever is in here holds the session's row, as whoever gives its seats does.

use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::ids::{StationSignupId, VoucherId};
use entity::words::{Attendance, PaySource, SignupState, Subject};
use entity::{session_payment, station_session, station_signup, voucher, voucher_use};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::settle::{held, spend, voucher_worth};
use super::views::Deciding;
use super::{Means, check_waiver, first_of, lines};
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::said::Said;
use crate::store::Guard;
use crate::store::audit::{self, Change};
use crate::visits::pausing::Hand;
use crate::vouchers::queries::{self as vouchers, Using};

/// What was decided about the payment of a place, beside the subsidy, which comes by itself. Hours pay for no session: they are
/// given for what volunteers do.
#[derive(Clone, Debug, Default)]
struct Decided {
    waived: Option<(i64, String)>,
    voucher: Option<VoucherId>,
}

/// Whether a place is to be paid: they came, and it costs something.
#[must_use]
pub fn is_paid(session: &station_session::Model, signup: &station_signup::Model) -> bool {
    signup.state == SignupState::Seated
        && signup.attendance == Some(Attendance::Came)
        && session.price_fen > 0
}

/// Brings the lines of a place in step with who came: written, reckoned anew, or taken away with what they took given back.
///
/// # Errors
/// The database's.
pub async fn follow(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    signup: &station_signup::Model,
) -> Result<()> {
    let lines = of_place(txn, signup.id).await?;
    if lines.is_empty() && !is_paid(session, signup) {
        return Ok(());
    }
    let decided = decided(lines);
    if is_paid(session, signup) {
        return settle(txn, hand.zone, session, signup, &decided).await;
    }
    clear(txn, hand.zone, session, signup).await?;
    match decided.voucher {
        Some(id) => free_voucher(txn, hand, signup, id).await,
        None => Ok(()),
    }
}

/// Brings the lines of those who were ticked in before a session was changed in step with how it is now.
///
/// # Errors
/// `invalid` with the field `provider_id` where a voucher has paid whoever held it before, or the database's.
pub async fn follow_change(
    txn: &DatabaseTransaction,
    hand: Hand,
    (before, after): (&station_session::Model, &station_session::Model),
    signup: &station_signup::Model,
) -> Result<()> {
    if signup.attendance != Some(Attendance::Came) {
        return Ok(());
    }
    let decided = decided(of_place(txn, signup.id).await?);
    if decided.voucher.is_some() && before.provider_id != after.provider_id {
        return Err(Problem::field(
            "provider_id",
            Said::new(
                "有人已经用优惠券付了这一家，不能再换。",
                "A voucher has paid whoever holds it already, so they cannot be changed.",
            ),
        )
        .into());
    }
    // The old lines go first: they may have taken the subsidy of another month.
    clear(txn, hand.zone, before, signup).await?;
    if is_paid(after, signup) {
        return settle(txn, hand.zone, after, signup, &decided).await;
    }
    match decided.voucher {
        Some(id) => free_voucher(txn, hand, signup, id).await,
        None => Ok(()),
    }
}

/// Decides about the payment of a place: waives a part with a reason, uses a voucher of the resident.
///
/// # Errors
/// `not-now`, `invalid` with the field, or the database's.
pub async fn decide(
    txn: &DatabaseTransaction,
    (caller, hand, guard): (&Caller, Hand, Guard),
    (session, signup): (&station_session::Model, &station_signup::Model),
    deciding: &Deciding,
) -> Result<()> {
    if !is_paid(session, signup) {
        return Err(Problem::not_now(Said::new(
            "勾了“到了”、又要收费的，才有账可改。",
            "Only the place of somebody who came to a session with a price is paid.",
        ))
        .into());
    }
    let mut decided = decided(of_place(txn, signup.id).await?);
    check_waiver(deciding, session.price_fen, &mut decided.waived)?;
    if let Some(code) = &deciding.voucher_code {
        let voucher = vouchers::by_code(txn, caller.community, code).await?;
        if voucher.resident_id != signup.resident_id {
            return Err(crate::vouchers::unknown());
        }
        if decided.voucher.is_some() {
            return Err(Problem::not_now(Said::new(
                "这一场已经用过一张券了。",
                "A voucher was used for this place already.",
            ))
            .into());
        }
        let Some(provider) = session.provider_id else {
            return Err(Problem::field(
                "voucher_code",
                Said::new(
                    "服务站自己办的活动不收优惠券，可以减免。",
                    "The station itself takes no vouchers; a part can be waived instead.",
                ),
            )
            .into());
        };
        let using = Using {
            by: caller.account,
            provider,
            at: hand.now,
            today: local_date(hand.zone, hand.now),
            visit: None,
            signup: Some(signup.id),
        };
        vouchers::take(txn, guard, &voucher, using).await?;
        decided.voucher = Some(voucher.id);
    }
    settle(txn, hand.zone, session, signup, &decided).await?;
    let object = (Subject::Payment, signup.id.0);
    let change = Change::new(session.community_id, hand.now, hand.by, object, "settled");
    let change = Change {
        resident: Some(signup.resident_id),
        ..change.on(local_date(hand.zone, session.starts_at))
    };
    audit::record(txn, change.noted(deciding.waived_reason.clone())).await
}

async fn of_place<C: ConnectionTrait>(
    db: &C,
    signup: StationSignupId,
) -> Result<Vec<session_payment::Model>> {
    Ok(session_payment::Entity::find()
        .filter(session_payment::Column::SignupId.eq(signup))
        .all(db)
        .await?)
}

fn decided(lines: Vec<session_payment::Model>) -> Decided {
    let mut decided = Decided::default();
    for row in lines {
        decided.voucher = decided.voucher.or(row.voucher_id);
        if let Some(reason) = row.reason {
            decided.waived = Some((row.amount_fen, reason));
        }
    }
    decided
}

fn month(zone: Tz, session: &station_session::Model) -> NaiveDate {
    first_of(local_date(zone, session.starts_at))
}

/// What the lines of a place took of the subsidy.
async fn from_subsidy(txn: &DatabaseTransaction, signup: StationSignupId) -> Result<i64> {
    Ok(of_place(txn, signup)
        .await?
        .iter()
        .filter(|row| row.source == PaySource::Subsidy)
        .map(|row| row.amount_fen)
        .sum())
}

async fn settle(
    txn: &DatabaseTransaction,
    zone: Tz,
    session: &station_session::Model,
    signup: &station_signup::Model,
    decided: &Decided,
) -> Result<()> {
    let allowance = held(txn, signup.resident_id, month(zone, session)).await?;
    let before = from_subsidy(txn, signup.id).await?;
    let means = Means {
        credit: 0,
        waived: decided.waived.as_ref().map_or(0, |(fen, _)| *fen),
        voucher: voucher_worth(txn, decided.voucher).await?,
        subsidy: allowance
            .as_ref()
            .map_or(0, |row| row.allowance_fen - row.used_fen + before),
    };
    let mut made = lines(session.price_fen, means);
    let after: i64 = made
        .iter()
        .filter(|(source, _)| *source == PaySource::Subsidy)
        .map(|(_, fen)| fen)
        .sum();
    spend(txn, allowance, before, after).await?;
    // A voucher leaves its trace also where it pays nothing.
    let there = |source| made.iter().any(|(known, _)| *known == source);
    if decided.voucher.is_some() && !there(PaySource::Voucher) {
        made.push((PaySource::Voucher, 0));
    }
    remove(txn, signup.id).await?;
    let rows = made
        .into_iter()
        .map(|(source, amount)| session_payment::ActiveModel {
            signup_id: Set(signup.id),
            source: Set(source),
            amount_fen: Set(amount),
            voucher_id: Set(decided.voucher.filter(|_| source == PaySource::Voucher)),
            reason: Set(decided
                .waived
                .as_ref()
                .filter(|_| source == PaySource::Waived)
                .map(|(_, reason)| reason.clone())),
        });
    session_payment::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Takes the lines of a place away; what they took of the subsidy is there again.
async fn clear(
    txn: &DatabaseTransaction,
    zone: Tz,
    session: &station_session::Model,
    signup: &station_signup::Model,
) -> Result<()> {
    let allowance = held(txn, signup.resident_id, month(zone, session)).await?;
    let before = from_subsidy(txn, signup.id).await?;
    spend(txn, allowance, before, 0).await?;
    remove(txn, signup.id).await
}

async fn remove(txn: &DatabaseTransaction, signup: StationSignupId) -> Result<()> {
    session_payment::Entity::delete_many()
        .filter(session_payment::Column::SignupId.eq(signup))
        .exec(txn)
        .await?;
    Ok(())
}

/// A voucher that paid for somebody who did not come after all was never used.
async fn free_voucher(
    txn: &DatabaseTransaction,
    hand: Hand,
    signup: &station_signup::Model,
    id: VoucherId,
) -> Result<()> {
    voucher_use::Entity::delete_many()
        .filter(voucher_use::Column::VoucherId.eq(id))
        .filter(voucher_use::Column::SignupId.eq(signup.id))
        .exec(txn)
        .await?;
    let Some(row) = voucher::Entity::find_by_id(id).one(txn).await? else {
        return Ok(());
    };
    let object = (Subject::Voucher, id.0);
    let change = Change::new(row.community_id, hand.now, hand.by, object, "given-back");
    let change = Change {
        resident: Some(row.resident_id),
        ..change
    };
    audit::record(txn, change).await
}
