//! Sessions and their lists as people see them.

use chrono::{DateTime, Utc};
use entity::ids::{ProviderId, ResidentId, StationRoomId, StationSessionId, StationSignupId};
use entity::words::{Attendance, Channel, SessionKind, SessionNews, SessionState, SignupState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::signup::IfFull;

/// A session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionCard {
    /// The session.
    pub id: StationSessionId,
    /// What kind of thing.
    pub kind: SessionKind,
    /// The same in words.
    pub kind_word: String,
    /// What it is called.
    pub title: String,
    /// Who holds it.
    pub provider_id: Option<ProviderId>,
    /// Their name.
    pub provider: Option<String>,
    /// In which room.
    pub room_id: StationRoomId,
    /// Its name.
    pub room: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// How many may come.
    pub seats: i32,
    /// How many have a seat.
    pub taken: usize,
    /// How many wait.
    pub waiting: usize,
    /// What each pays, in fen; 0 is free.
    pub price_fen: i64,
    /// Until when families may sign up.
    pub book_until: DateTime<Utc>,
    /// Until when families may cancel.
    pub cancel_until: DateTime<Utc>,
    /// Where it stands.
    pub state: SessionState,
    /// Why it was cancelled.
    pub cancel_why: Option<String>,
    /// Why a coordinator set hours or size of the room aside.
    pub override_why: Option<String>,
    /// To be sent with the next change.
    pub version: i32,
}

/// A session with its lists, for the desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionLists {
    /// The session.
    #[serde(flatten)]
    pub card: SessionCard,
    /// Those with a seat, in the order of seats.
    pub names: Vec<NameRow>,
    /// Those who wait, in the order of asking.
    pub waitlist: Vec<NameRow>,
}

/// Somebody on a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NameRow {
    /// Their place.
    pub signup_id: StationSignupId,
    /// Their seat, from 1.
    pub seat: Option<i32>,
    /// Who.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// Where they live.
    pub door: String,
    /// Their telephone, or else the household's.
    pub phone: Option<String>,
    /// How it was asked for.
    pub channel: Channel,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When they moved up from the waitlist.
    pub moved_up_at: Option<DateTime<Utc>>,
    /// Whether they came without having signed up.
    pub walk_in: bool,
    /// Whether they came; nothing is known until somebody says so.
    pub attendance: Option<Attendance>,
}

/// A line of the list that hangs at the door.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SheetRow {
    /// The seat.
    pub seat: i32,
    /// Full name.
    pub resident: String,
    /// The building; the whole door where the coordinator asked for it.
    pub door: String,
    /// Telephone with its middle hidden; whole where the coordinator asked for it.
    pub phone: Option<String>,
    /// Whether they came.
    pub attendance: Option<Attendance>,
}

/// The list of names of a session, to be printed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sheet {
    /// The session.
    pub card: SessionCard,
    /// Those with a seat, in the order of seats.
    pub rows: Vec<SheetRow>,
    /// Whether doors and numbers are whole.
    pub full: bool,
}

/// A session as a resident's family sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResidentSession {
    /// The session.
    #[serde(flatten)]
    pub card: SessionCard,
    /// The resident's own place.
    pub mine: Option<OwnSignup>,
    /// Whether the caller may sign the resident up now.
    pub may_sign_up: bool,
}

/// A resident's own place in a session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnSignup {
    /// The place.
    pub id: StationSignupId,
    /// With a seat, or waiting.
    pub state: SignupState,
    /// Which on the waitlist, from 1.
    pub place: Option<usize>,
    /// Whether the caller may give it back now.
    pub may_cancel: bool,
}

/// That a resident wants a place.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSignup {
    /// In which session.
    pub session_id: StationSessionId,
    /// Where it is full: refused when left out.
    #[serde(default)]
    pub if_full: IfFull,
    /// Whether a visit at that time is no obstacle: said by whoever was told of it.
    #[serde(default)]
    pub over_visit: bool,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignupView {
    /// The place.
    pub id: StationSignupId,
    /// In which session.
    pub session_id: StationSessionId,
    /// Who.
    pub resident_id: ResidentId,
    /// Where it stands.
    pub state: SignupState,
    /// Whether they came.
    pub attendance: Option<Attendance>,
}

/// A call that the desk has to make, for nobody of the family can be written to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationCall {
    /// About whose place.
    pub signup_id: StationSignupId,
    /// In which session.
    pub session_id: StationSessionId,
    /// What to tell.
    pub what: SessionNews,
    /// The same in a sentence.
    pub sentence: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// Their telephone, or else the household's.
    pub phone: Option<String>,
}
