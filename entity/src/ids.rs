//! Row numbers as types of their own: a `VisitId` is not a `ResidentId`.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

row_ids! {
    /// Number of a row of `community`.
    CommunityId,
    /// Number of a row of `compound`.
    CompoundId,
    /// Number of a row of `grid`.
    GridId,
    /// Number of a row of `building`.
    BuildingId,
    /// Number of a row of `household`.
    HouseholdId,
    /// Number of a row of `account`.
    AccountId,
    /// Number of a row of `one_time_link`.
    OneTimeLinkId,
    /// Number of a row of `resident`.
    ResidentId,
    /// Number of a row of `family_member`.
    FamilyMemberId,
    /// Number of a row of `access_log`.
    AccessLogId,
    /// Number of a row of `provider`.
    ProviderId,
    /// Number of a row of `skill`.
    SkillId,
    /// Number of a row of `helper`.
    HelperId,
    /// Number of a row of `credential`.
    CredentialId,
    /// Number of a row of `availability`.
    AvailabilityId,
    /// Number of a row of `availability_exception`.
    AvailabilityExceptionId,
    /// Number of a row of `leave`.
    LeaveId,
    /// Number of a row of `wish`.
    WishId,
    /// Number of a row of `service`.
    ServiceId,
    /// Number of a row of `calendar_day`.
    CalendarDayId,
    /// Number of a row of `call`.
    CallId,
    /// Number of a row of `callback`.
    CallbackId,
    /// Number of a row of `booking`.
    BookingId,
    /// Number of a row of `visit`.
    VisitId,
    /// Number of a row of `change_request`.
    ChangeRequestId,
    /// Number of a row of `assignment`.
    AssignmentId,
    /// Number of a row of `plan`.
    PlanId,
    /// Number of a row of `plan_change`.
    PlanChangeId,
    /// Number of a row of `series`.
    SeriesId,
    /// Number of a row of `series_part`.
    SeriesPartId,
    /// Number of a row of `series_date`.
    SeriesDateId,
    /// Number of a row of `outbox`.
    OutboxId,
    /// Number of a row of `time_account`.
    TimeAccountId,
    /// Number of a row of `time_entry`.
    TimeEntryId,
    /// Number of a row of `voucher`.
    VoucherId,
    /// Number of a row of `audit`.
    AuditId,
    /// Number of a row of `absence`.
    AbsenceId,
    /// Number of a row of `assessment`.
    AssessmentId,
    /// Number of a row of `roll_import`.
    RollImportId,
    /// Number of a row of `help_request`.
    HelpRequestId,
    /// Number of a row of `help_step`.
    HelpStepId,
    /// Number of a row of `help_contact`.
    HelpContactId,
    /// Number of a row of `lapse`.
    LapseId,
    /// Number of a row of `check_call`.
    CheckCallId,
    /// Number of a row of `rating`.
    RatingId,
    /// Number of a row of `complaint`.
    ComplaintId,
    /// Number of a row of `complaint_step`.
    ComplaintStepId,
    /// Number of a row of `panel_sheet`.
    PanelSheetId,
    /// Number of a row of `panel_interest`.
    PanelInterestId,
    /// Number of a row of `consequence`.
    ConsequenceId,
    /// Number of a row of `provider_paper`.
    ProviderPaperId,
    /// Number of a row of `station_room`.
    StationRoomId,
    /// Number of a row of `station_session`.
    StationSessionId,
    /// Number of a row of `station_signup`.
    StationSignupId,
    /// Number of a row of `consent`.
    ConsentId,
    /// Number of a row of `unmet`.
    UnmetId,
    /// Number of a row of `bench_action`.
    BenchActionId,
    /// Number of a row of `erasure`.
    ErasureId,
}
