//! The words of the design, as types: each is stored and sent as the same small word.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The language somebody reads.
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
pub enum Lang {
    /// Simplified Chinese.
    #[sea_orm(string_value = "zh")]
    Zh,
    /// English.
    #[sea_orm(string_value = "en")]
    En,
}

/// What an account may do.
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
pub enum Role {
    /// Plans days and repairs them.
    #[sea_orm(string_value = "coordinator")]
    Coordinator,
    /// Takes calls.
    #[sea_orm(string_value = "clerk")]
    Clerk,
    /// Comes to visits.
    #[sea_orm(string_value = "helper")]
    Helper,
    /// Books for relatives.
    #[sea_orm(string_value = "family")]
    Family,
    /// Looks after a grid.
    #[sea_orm(string_value = "grid_officer")]
    GridOfficer,
    /// Scores providers.
    #[sea_orm(string_value = "panel_member")]
    PanelMember,
    /// Keeps accounts.
    #[sea_orm(string_value = "admin")]
    Admin,
}

/// Female or male, as the roll has it.
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
pub enum Sex {
    /// Female.
    #[sea_orm(string_value = "female")]
    Female,
    /// Male.
    #[sea_orm(string_value = "male")]
    Male,
}

/// With whom a resident lives.
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
pub enum Living {
    /// Alone (独居).
    #[sea_orm(string_value = "alone")]
    Alone,
    /// With a spouse only (空巢).
    #[sea_orm(string_value = "couple")]
    Couple,
    /// With children or others.
    #[sea_orm(string_value = "with_family")]
    WithFamily,
}

/// Whether a resident can be booked for.
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
pub enum ResidentState {
    /// At home.
    #[sea_orm(string_value = "active")]
    Active,
    /// In hospital or away.
    #[sea_orm(string_value = "paused")]
    Paused,
    /// Moved out.
    #[sea_orm(string_value = "moved")]
    Moved,
    /// Died.
    #[sea_orm(string_value = "died")]
    Died,
}

/// What a family member is to the resident.
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
pub enum Kinship {
    /// Daughter.
    #[sea_orm(string_value = "daughter")]
    Daughter,
    /// Son.
    #[sea_orm(string_value = "son")]
    Son,
    /// Spouse.
    #[sea_orm(string_value = "spouse")]
    Spouse,
    /// Grandchild.
    #[sea_orm(string_value = "grandchild")]
    Grandchild,
    /// Brother or sister.
    #[sea_orm(string_value = "sibling")]
    Sibling,
    /// Neighbour.
    #[sea_orm(string_value = "neighbour")]
    Neighbour,
    /// Other.
    #[sea_orm(string_value = "other")]
    Other,
}

/// Which kind of party a provider is.
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
pub enum ProviderKind {
    /// The mutual-aid team.
    #[sea_orm(string_value = "mutual_aid")]
    MutualAid,
    /// The care company.
    #[sea_orm(string_value = "care_company")]
    CareCompany,
    /// A merchant.
    #[sea_orm(string_value = "merchant")]
    Merchant,
}

/// Whether a provider takes new bookings.
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
pub enum ProviderState {
    /// Takes bookings.
    #[sea_orm(string_value = "active")]
    Active,
    /// Takes none.
    #[sea_orm(string_value = "suspended")]
    Suspended,
}

/// Which kind a helper is.
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
pub enum HelperKind {
    /// Volunteer 志愿者.
    #[sea_orm(string_value = "volunteer")]
    Volunteer,
    /// Care staff 护理员.
    #[sea_orm(string_value = "staff")]
    Staff,
    /// Merchant's worker 商户.
    #[sea_orm(string_value = "merchant")]
    Merchant,
}

/// Prefer or avoid.
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
pub enum WishKind {
    /// Prefer.
    #[sea_orm(string_value = "prefer")]
    Prefer,
    /// Avoid.
    #[sea_orm(string_value = "avoid")]
    Avoid,
}

/// Whose wish it is.
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
pub enum WishBy {
    /// The resident's.
    #[sea_orm(string_value = "resident")]
    Resident,
    /// The helper's.
    #[sea_orm(string_value = "helper")]
    Helper,
}

/// Where a service is given.
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
pub enum Place {
    /// At the resident's home.
    #[sea_orm(string_value = "home")]
    Home,
    /// At the station.
    #[sea_orm(string_value = "station")]
    Station,
}

/// How a date differs from its weekday.
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
pub enum DayKind {
    /// Nothing is served.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// A weekend day that is worked.
    #[sea_orm(string_value = "working")]
    Working,
}

/// How a call ended.
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
pub enum CallOutcome {
    /// A booking was made.
    #[sea_orm(string_value = "booked")]
    Booked,
    /// A booking was changed.
    #[sea_orm(string_value = "changed")]
    Changed,
    /// A booking was cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// A helper reported.
    #[sea_orm(string_value = "helper_reported")]
    HelperReported,
    /// A question was answered.
    #[sea_orm(string_value = "information")]
    Information,
    /// A callback was promised.
    #[sea_orm(string_value = "callback")]
    Callback,
    /// A complaint was taken.
    #[sea_orm(string_value = "complaint")]
    Complaint,
    /// Nobody was reached.
    #[sea_orm(string_value = "not_reached")]
    NotReached,
    /// Wrong number.
    #[sea_orm(string_value = "wrong_number")]
    WrongNumber,
    /// Something else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// How a booking was asked for.
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
pub enum Channel {
    /// On a page.
    #[sea_orm(string_value = "web")]
    Web,
    /// On the telephone.
    #[sea_orm(string_value = "phone")]
    Phone,
}

/// Where a booking stands.
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
pub enum BookingState {
    /// Asked for.
    #[sea_orm(string_value = "requested")]
    Requested,
    /// Has a helper.
    #[sea_orm(string_value = "open")]
    Open,
    /// Over.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// Cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Where a visit stands.
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
pub enum VisitState {
    /// Nobody comes yet.
    #[sea_orm(string_value = "unfilled")]
    Unfilled,
    /// A helper was asked.
    #[sea_orm(string_value = "offered")]
    Offered,
    /// A helper said yes.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// The helper is there.
    #[sea_orm(string_value = "checked_in")]
    CheckedIn,
    /// Done.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// Cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// The helper did not come.
    #[sea_orm(string_value = "helper_absent")]
    HelperAbsent,
    /// Nobody opened.
    #[sea_orm(string_value = "not_home")]
    NotHome,
    /// Somebody else did it.
    #[sea_orm(string_value = "substituted")]
    Substituted,
}

/// What went wrong at a visit.
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
pub enum ProblemKind {
    /// Nobody opens.
    #[sea_orm(string_value = "not_home")]
    NotHome,
    /// The resident is unwell.
    #[sea_orm(string_value = "unwell")]
    Unwell,
    /// It is not safe.
    #[sea_orm(string_value = "unsafe")]
    Unsafe,
    /// The helper cannot come.
    #[sea_orm(string_value = "cannot_come")]
    CannotCome,
    /// Something else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// What is asked for.
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
pub enum ChangeKind {
    /// To cancel.
    #[sea_orm(string_value = "cancel")]
    Cancel,
    /// Another time.
    #[sea_orm(string_value = "move")]
    Move,
}

/// Where a request stands.
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
pub enum RequestState {
    /// Not decided.
    #[sea_orm(string_value = "open")]
    Open,
    /// Granted.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// Not granted.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// Where one helper's part of a visit stands.
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
pub enum AssignmentState {
    /// Asked.
    #[sea_orm(string_value = "offered")]
    Offered,
    /// Said yes.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// Said no.
    #[sea_orm(string_value = "declined")]
    Declined,
    /// Taken off.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

/// What put a helper on a visit.
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
pub enum AssignmentSource {
    /// Matched when it was booked.
    #[sea_orm(string_value = "booking")]
    Booking,
    /// Matched again after somebody dropped out.
    #[sea_orm(string_value = "rematch")]
    Rematch,
    /// A coordinator chose.
    #[sea_orm(string_value = "coordinator")]
    Coordinator,
    /// A plan was published.
    #[sea_orm(string_value = "plan")]
    Plan,
    /// Demonstration data.
    #[sea_orm(string_value = "demo")]
    Demo,
}

/// Where a plan stands.
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
pub enum PlanState {
    /// Still being searched; a row of `plan_search` says how far it is.
    #[sea_orm(string_value = "searching")]
    Searching,
    /// Only the coordinators see it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// In force.
    #[sea_orm(string_value = "published")]
    Published,
    /// Thrown away.
    #[sea_orm(string_value = "discarded")]
    Discarded,
}

/// How a plan changes a visit.
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
pub enum PlanChangeKind {
    /// Fills it.
    #[sea_orm(string_value = "assign")]
    Assign,
    /// Changes its time.
    #[sea_orm(string_value = "move")]
    Move,
    /// Changes who comes.
    #[sea_orm(string_value = "reassign")]
    Reassign,
    /// Nobody comes any more: what matters more takes its place.
    #[sea_orm(string_value = "unassign")]
    Unassign,
}

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
}
