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
    /// A step of a help request, to those who asked.
    #[sea_orm(string_value = "help_step")]
    HelpStep,
    /// A help request, to whoever is responsible.
    #[sea_orm(string_value = "help_routed")]
    HelpRouted,
    /// A step of a complaint, to the family.
    #[sea_orm(string_value = "complaint_step")]
    ComplaintStep,
    /// A place in a session: had, waited for, moved up, changed, gone.
    #[sea_orm(string_value = "session_news")]
    SessionNews,
    /// What is paused while a resident is away, and until when.
    #[sea_orm(string_value = "visits_paused")]
    VisitsPaused,
    /// What goes on, for they are home again.
    #[sea_orm(string_value = "visits_resumed")]
    VisitsResumed,
    /// The account has another password.
    #[sea_orm(string_value = "password_changed")]
    PasswordChanged,
    /// Signing in asks for a second factor from now on.
    #[sea_orm(string_value = "second_factor_on")]
    SecondFactorOn,
    /// It asks for none any more.
    #[sea_orm(string_value = "second_factor_off")]
    SecondFactorOff,
    /// A recovery code was used.
    #[sea_orm(string_value = "recovery_code_used")]
    RecoveryCodeUsed,
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
    /// A helper's file.
    #[sea_orm(string_value = "helper")]
    Helper,
    /// A leave.
    #[sea_orm(string_value = "leave")]
    Leave,
    /// An account.
    #[sea_orm(string_value = "account")]
    Account,
    /// A resident's file.
    #[sea_orm(string_value = "resident")]
    Resident,
    /// A resident's time away.
    #[sea_orm(string_value = "absence")]
    Absence,
    /// A workbook read into the roll.
    #[sea_orm(string_value = "roll_import")]
    RollImport,
    /// A series.
    #[sea_orm(string_value = "series")]
    Series,
    /// A day of the calendar.
    #[sea_orm(string_value = "calendar_day")]
    CalendarDay,
    /// A help request.
    #[sea_orm(string_value = "help_request")]
    HelpRequest,
    /// A contact or a time limit of help requests.
    #[sea_orm(string_value = "help_setting")]
    HelpSetting,
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
    /// A check call.
    #[sea_orm(string_value = "check_call")]
    CheckCall,
    /// A rating, or a follow-up call that brought none.
    #[sea_orm(string_value = "rating")]
    Rating,
    /// A complaint.
    #[sea_orm(string_value = "complaint")]
    Complaint,
    /// The panel: sheets, months, criteria, interests, consequences.
    #[sea_orm(string_value = "panel")]
    Panel,
    /// How care is watched over: the office's settings of it.
    #[sea_orm(string_value = "quality_setting")]
    QualitySetting,
    /// A provider's admission, papers or prices.
    #[sea_orm(string_value = "provider")]
    Provider,
    /// A session at the station, or a place in one.
    #[sea_orm(string_value = "station_session")]
    StationSession,
    /// A room of the station.
    #[sea_orm(string_value = "station_room")]
    StationRoom,
    /// What a resident agreed to, or a text of it.
    #[sea_orm(string_value = "consent")]
    Consent,
    /// What a bench meeting agreed to do.
    #[sea_orm(string_value = "bench_action")]
    BenchAction,
    /// An asking for which no time was found.
    #[sea_orm(string_value = "unmet")]
    Unmet,
}
