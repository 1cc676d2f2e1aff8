//! Accounts, and the entrance, as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, HelperId, ProviderId};
use entity::words::{Lang, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the entrance shows before anybody is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entrance {
    /// The community's name.
    pub community: String,
    /// The compound's name.
    pub compound: String,
    /// Whether all people in it are made up.
    pub synthetic: bool,
    /// The office's telephone.
    pub phone: String,
    /// Whom one may enter as with one tap; empty outside the demonstration.
    pub demo_people: Vec<DemoPerson>,
}

/// Somebody of the demonstration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemoPerson {
    /// The kind of person.
    pub kind: String,
    /// Their name.
    pub name: String,
    /// What they do.
    pub what: String,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// The language they read.
    pub lang: Lang,
    /// What they may do, first role first.
    pub roles: Vec<Role>,
    /// The helper they are, when they are one.
    pub helper_id: Option<HelperId>,
    /// The community's name.
    pub community: String,
    /// The office's telephone.
    pub office_phone: String,
    /// Whether all people in it are made up.
    pub synthetic: bool,
    /// Whether this is the demonstration.
    pub demo: bool,
    /// The local date.
    pub today: NaiveDate,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The page they begin on.
    pub home: String,
    /// Whether they have to set up a second factor before anything else.
    pub must_enrol: bool,
}

impl Me {
    /// The same, of somebody who has to set up a second factor first: that page is where they begin.
    #[must_use]
    pub fn to_enrol(self, must_enrol: bool) -> Self {
        let home = if must_enrol {
            "/me".to_owned()
        } else {
            self.home
        };
        Self {
            home,
            must_enrol,
            ..self
        }
    }
}

/// Where a one-time link leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opened {
    /// Who is signed in now.
    pub me: Me,
    /// The page to go to.
    pub goto: String,
}

/// One's own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyAccount {
    /// What one signs in with, where one has a password.
    pub login: Option<String>,
    /// Where one's mail goes.
    pub email: Option<String>,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether it is an account of the demonstration, which everybody shares and nobody may shut against the next.
    pub shared: bool,
}

/// A sign-in of one's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// By which it is told from the others.
    pub id: String,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// When it was last used, to within five minutes.
    pub used_at: DateTime<Utc>,
    /// When it ends, unless it is used before.
    pub ends_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// A new password for oneself.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewPassword {
    /// The one that is to go.
    pub old: String,
    /// 10 to 200 characters of any kind; not one of those that are tried first.
    pub new: String,
}

/// An account, for who keeps them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// The account.
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// What they sign in with, when they have a password.
    pub login: Option<String>,
    /// Where one-time links go.
    pub email: Option<String>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they can no longer sign in.
    pub disabled: bool,
    /// Whether signing in asks for a second factor.
    pub second_factor: bool,
}

/// Login and password.
#[derive(Clone, Deserialize, ToSchema)]
pub struct SignIn {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// Which of the demonstration's people.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DemoEntry {
    /// The kind, from the entrance.
    pub kind: String,
}

/// What one may change about oneself.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MyWishes {
    /// The language for pages and mail.
    #[serde(default)]
    pub lang: Option<Lang>,
}

/// Where a one-time link should go.
#[derive(Clone, Deserialize, ToSchema)]
pub struct WhereTo {
    /// A mail address.
    pub address: String,
}

/// A new account of the office.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewAccount {
    /// Name, 1 to 50 characters.
    pub name: String,
    /// 3 to 50 small letters, digits or . _ -
    pub login: String,
    /// 10 to 200 characters.
    pub password: String,
    /// At least one; helpers and families come with the roll.
    pub roles: Vec<Role>,
    /// The merchant at whose counter a shopkeeper stands; asked for with that role, and only with it.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
}

/// Whether an account can sign in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Disable {
    /// True to lock it and end its sessions, false to open it again.
    pub disabled: bool,
}
