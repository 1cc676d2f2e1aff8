//! The second factor, as its owner sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::views::Me;

/// How things stand with one's own second factor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// Since when signing in asks for a code; null where it does not.
    pub since: Option<DateTime<Utc>>,
    /// Recovery codes that are left.
    pub recovery_codes_left: u32,
    /// Whether one may set it up: coordinators and administrators may.
    pub offered: bool,
    /// Whether the community asks for it of somebody with these roles.
    pub required: bool,
}

/// One's own password, once more, before how one signs in is changed.
#[derive(Clone, Deserialize, ToSchema)]
pub struct PasswordAgain {
    /// The password.
    pub password: String,
}

/// A secret for the telephone. It is shown this once, and counts for nothing until a code has proven it.
#[derive(Clone, Serialize, ToSchema)]
pub struct NewSecret {
    /// In letters, for whoever types it.
    pub secret: String,
    /// As an address, for whoever sets it up on the telephone that shows this page.
    pub address: String,
    /// The address as a picture: the path of an SVG, one unit a square.
    pub picture: String,
    /// How many squares wide and high the picture is.
    pub picture_size: u32,
}

/// A code.
#[derive(Clone, Deserialize, ToSchema)]
pub struct Code {
    /// Six digits of the telephone, or, to sign in, a recovery code.
    pub code: String,
}

/// Recovery codes. They are shown this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each gets its owner in once without the telephone.
    pub codes: Vec<String>,
}

/// Password and code, before the second factor goes.
#[derive(Clone, Deserialize, ToSchema)]
pub struct RemoveSecondFactor {
    /// The password.
    pub password: String,
    /// Six digits of the telephone, or a recovery code.
    pub code: String,
}

/// Whether a community asks for second factors.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorRule {
    /// Whether coordinators and administrators need one.
    pub required: bool,
}

/// Signed in after a code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CodeTaken {
    /// Who is signed in now.
    pub me: Me,
    /// The page to go to.
    pub goto: String,
}
