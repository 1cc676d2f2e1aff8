//! Money as people see it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ProviderId, ResidentId, StationSessionId, StationSignupId, VisitId};
use entity::words::PaySource;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one source pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentLine {
    /// Who or what pays.
    pub source: PaySource,
    /// In fen.
    pub amount_fen: i64,
    /// Why it was waived.
    pub reason: Option<String>,
}

/// A visit that was done, and who paid for it. The lines together are the price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaidVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// When it started.
    pub start: DateTime<Utc>,
    /// The service's name.
    pub service: String,
    /// Who came.
    pub provider: String,
    /// To whom, 王奶奶.
    pub resident: String,
    /// In fen.
    pub price_fen: i64,
    /// Who pays what.
    pub lines: Vec<PaymentLine>,
    /// Whether hours can still be redeemed for it.
    pub redeemable: bool,
}

/// A place in a session of the station that somebody came to, and who paid for it. The lines together are the price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaidPlace {
    /// The place.
    pub signup_id: StationSignupId,
    /// In which session.
    pub session_id: StationSessionId,
    /// When it started.
    pub start: DateTime<Utc>,
    /// What the session is called.
    pub title: String,
    /// Who held it; empty where the station itself did.
    pub provider: String,
    /// Who came, 王奶奶.
    pub resident: String,
    /// In fen.
    pub price_fen: i64,
    /// Who pays what.
    pub lines: Vec<PaymentLine>,
}

/// The subsidy of a month.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SubsidyView {
    /// What may be spent, in fen.
    pub allowance_fen: i64,
    /// What visits and sessions of the month took.
    pub used_fen: i64,
    /// What is left; none once the month is over.
    pub left_fen: i64,
    /// What lapsed at the month's end.
    pub lapsed_fen: i64,
}

/// A resident's month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MoneyStatement {
    /// Whose.
    pub resident_id: ResidentId,
    /// How they are addressed.
    pub resident: String,
    /// First day of the month.
    pub month: NaiveDate,
    /// The visits that were done, in order of time.
    pub visits: Vec<PaidVisit>,
    /// The sessions with a price that they came to, in order of time.
    pub sessions: Vec<PaidPlace>,
    /// All prices together, in fen.
    pub price_fen: i64,
    /// What each source paid, source by source.
    pub totals: Vec<PaymentLine>,
    /// The subsidy, where there is one.
    pub subsidy: Option<SubsidyView>,
}

/// A provider's month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Settlement {
    /// Which provider.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider: String,
    /// First day of the month.
    pub month: NaiveDate,
    /// The visits of its helpers that were done.
    pub visits: Vec<PaidVisit>,
    /// The places in sessions with a price that it held, of those who came.
    pub sessions: Vec<PaidPlace>,
    /// All prices together, in fen.
    pub price_fen: i64,
    /// What each source pays.
    pub totals: Vec<PaymentLine>,
    /// Vouchers that its counter took in the month, in fen.
    pub counter_vouchers_fen: i64,
    /// What the community owes it: subsidy, vouchers of visits, of sessions and of the counter, hours and what was waived.
    pub owed_fen: i64,
}

/// What the office decides about the payment of a visit or of a place in a session.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = PaymentDeciding)]
pub struct Deciding {
    /// What is waived, in fen; 0 takes a waiver back.
    #[serde(default)]
    pub waived_fen: Option<i64>,
    /// Why it is waived, 1 to 200 characters.
    #[serde(default)]
    pub waived_reason: Option<String>,
    /// A voucher of the resident to use for it.
    #[serde(default)]
    pub voucher_code: Option<String>,
}

/// A month's subsidy.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSubsidy {
    /// Any day of the month.
    pub month: NaiveDate,
    /// In fen, 0 to 80,000.
    pub allowance_fen: i64,
}
