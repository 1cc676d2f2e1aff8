//! Letters and what is recorded.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which letter a mail is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Booking received.
    #[sea_orm(string_value = "booking_received")]
    BookingReceived,
    /// Somebody comes.
    #[sea_orm(string_value = "booking_matched")]
    BookingMatched,
    /// Time or helper changed.
    #[sea_orm(string_value = "booking_changed")]
    BookingChanged,
    /// Cancelled.
    #[sea_orm(string_value = "booking_cancelled")]
    BookingCancelled,
    /// Will you come?.
    #[sea_orm(string_value = "offer")]
    Offer,
    /// You need not come.
    #[sea_orm(string_value = "offer_withdrawn")]
    OfferWithdrawn,
    /// Tomorrow.
    #[sea_orm(string_value = "evening_before")]
    EveningBefore,
    /// It was done.
    #[sea_orm(string_value = "visit_done")]
    VisitDone,
    /// What the office decided.
    #[sea_orm(string_value = "request_answered")]
    RequestAnswered,
    /// A link to sign in.
    #[sea_orm(string_value = "sign_in")]
    SignIn,
}

/// What kind of thing a change touched.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A visit.
    #[sea_orm(string_value = "visit")]
    Visit,
    /// A booking.
    #[sea_orm(string_value = "booking")]
    Booking,
    /// A plan.
    #[sea_orm(string_value = "plan")]
    Plan,
    /// A call.
    #[sea_orm(string_value = "call")]
    Call,
    /// A callback.
    #[sea_orm(string_value = "callback")]
    Callback,
    /// A change request.
    #[sea_orm(string_value = "request")]
    Request,
    /// A leave.
    #[sea_orm(string_value = "leave")]
    Leave,
    /// An account.
    #[sea_orm(string_value = "account")]
    Account,
    /// An entry of the time bank.
    #[sea_orm(string_value = "time_entry")]
    TimeEntry,
    /// A voucher.
    #[sea_orm(string_value = "voucher")]
    Voucher,
    /// How a visit was paid.
    #[sea_orm(string_value = "payment")]
    Payment,
    /// A month's subsidy.
    #[sea_orm(string_value = "subsidy")]
    Subsidy,
}
