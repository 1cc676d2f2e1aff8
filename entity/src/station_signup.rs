//! `station_signup`: a resident who signed up for a session: with a seat, or waiting for one.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ResidentId, StationSessionId, StationSignupId};
use crate::words::{Attendance, Channel, SessionNews, SignupEnd, SignupState};

/// A resident who signed up for a session: with a seat, or waiting for one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_signup")]
pub struct Model {
    /// Row number: the order of asking.
    #[sea_orm(primary_key)]
    pub id: StationSignupId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For which session.
    pub session_id: StationSessionId,
    /// Who comes.
    pub resident_id: ResidentId,
    /// Where it stands.
    pub state: SignupState,
    /// How it was asked for.
    pub channel: Channel,
    /// Whether they came without having signed up.
    pub walk_in: bool,
    /// Who signed them up.
    pub booked_by: AccountId,
    /// When.
    pub asked_at: DateTimeUtc,
    /// When they moved up from the waitlist.
    pub moved_up_at: Option<DateTimeUtc>,
    /// When it ended before the session.
    pub ended_at: Option<DateTimeUtc>,
    /// Who ended it.
    pub ended_by: Option<AccountId>,
    /// How it ended.
    pub end_why: Option<SignupEnd>,
    /// Whether they came; nothing is recorded until somebody says so.
    pub attendance: Option<Attendance>,
    /// When that was recorded.
    pub attended_at: Option<DateTimeUtc>,
    /// Who recorded it.
    pub attended_by: Option<AccountId>,
    /// What the desk has to tell by telephone.
    pub call_what: Option<SessionNews>,
    /// Since when.
    pub call_since: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For which session.
    #[sea_orm(
        belongs_to = "super::station_session::Entity",
        from = "Column::SessionId",
        to = "super::station_session::Column::Id"
    )]
    Session,
}

impl Related<super::station_session::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
