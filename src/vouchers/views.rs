//! Vouchers as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ProviderId, ResidentId, VoucherId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoucherState {
    /// It can be used.
    Open,
    /// It was used.
    Used,
    /// Its last day is over.
    Expired,
    /// The office took it back before anybody used it.
    Withdrawn,
}

/// A voucher, for the office and for whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoucherView {
    /// The voucher.
    pub id: VoucherId,
    /// Its code, as it is read out.
    pub code: String,
    /// Whose it is.
    pub resident_id: ResidentId,
    /// How they are addressed.
    pub resident: String,
    /// In fen.
    pub value_fen: i64,
    /// For what it was given.
    pub reason: String,
    /// When it was given.
    pub issued_at: DateTime<Utc>,
    /// Last local day.
    pub expires_on: NaiveDate,
    /// Where it stands.
    pub state: VoucherState,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Where it was used.
    pub shop: Option<String>,
    /// When the office took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

/// A page of vouchers, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoucherPage {
    /// The vouchers, 50 at most.
    pub vouchers: Vec<VoucherView>,
    /// What to ask for as `before` to see the next page; none on the last.
    pub next: Option<VoucherId>,
}

/// How many, and what they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoucherSum {
    /// How many.
    pub count: i64,
    /// In fen.
    pub fen: i64,
}

/// What one shop took.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShopSum {
    /// The shop.
    pub provider_id: ProviderId,
    /// Its name.
    pub name: String,
    /// What it took.
    pub used: VoucherSum,
}

/// All vouchers together: issued is used, expired and open; those that were withdrawn stand aside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoucherTotals {
    /// All that were given and not withdrawn.
    pub issued: VoucherSum,
    /// Those that were used.
    pub used: VoucherSum,
    /// Those whose last day passed before anybody used them.
    pub expired: VoucherSum,
    /// Those that can be used.
    pub open: VoucherSum,
    /// Those that were given by mistake and withdrawn.
    pub withdrawn: VoucherSum,
    /// Used, shop by shop, the most first.
    pub shops: Vec<ShopSum>,
}

/// A new voucher.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewVoucher {
    /// To whom.
    pub resident_id: ResidentId,
    /// In fen, 1 to 50,000.
    pub value_fen: i64,
    /// Last local day, at most 400 days ahead.
    pub expires_on: NaiveDate,
    /// For what, 1 to 200 characters.
    pub reason: String,
}

/// That a voucher was given by mistake.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = VoucherWithdrawing)]
pub struct Withdrawing {
    /// Why, 1 to 200 characters.
    pub reason: String,
}

/// A code, as the resident said it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Coded {
    /// Twelve digits; spaces and dashes do not matter.
    pub code: String,
}

/// A voucher at a merchant's counter: nothing says whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CounterVoucher {
    /// Its code, as it is read out.
    pub code: String,
    /// In fen.
    pub value_fen: i64,
    /// Last local day.
    pub expires_on: NaiveDate,
    /// Where it stands.
    pub state: VoucherState,
}

/// A voucher that a shop took.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TakenVoucher {
    /// The last four digits of its code.
    pub ends_with: String,
    /// In fen.
    pub value_fen: i64,
    /// When.
    pub used_at: DateTime<Utc>,
}

/// A merchant, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merchant {
    /// The merchant.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
}

/// A merchant's counter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShopView {
    /// The shop.
    pub provider_id: ProviderId,
    /// Its name.
    pub name: String,
    /// What it took this local month.
    pub this_month: VoucherSum,
    /// What it took in all.
    pub in_all: VoucherSum,
    /// What it took last, 20 at most.
    pub last: Vec<TakenVoucher>,
}
