//! How long a sign-in lasts: until it was not used for a while, and never beyond a last day, by what the account may do.
//!
//! - Helpers and families use their own telephones, and a one-time link a week would lose them: 30 days without use, 90 days
//!   in all. What they reach is their own day, or their own relatives.
//! - The office sees everybody, often at a desk that several share: 12 hours without use, so that a sign-in outlives a
//!   working day with its lunch and not the night, and 7 days in all, so that a machine that is never left alone asks for
//!   the password once a week.
//!
//! An account with roles of both kinds is held to the shorter. The roles are those of the moment: whoever becomes a clerk
//! today is held to a clerk's limits from the next request on.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use entity::session;
use entity::words::Role;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::error::Result;
use crate::store::Store;

/// Use is written down once in so many minutes, so that a request that only reads stays one: a sign-in may end this much
/// before its idle limit, never after.
pub const NOTED_EVERY_MIN: i64 = 5;
/// What a page sends along whose person has not touched it for a while: it keeps itself up to date, and that is no use.
pub const UNATTENDED: &str = "yinling-unattended";

/// When a sign-in began, and when it was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it began.
    pub begun: DateTime<Utc>,
    /// When it was last used, give or take [`NOTED_EVERY_MIN`].
    pub seen: DateTime<Utc>,
}

impl Times {
    /// Those of a row. The release before wrote none: there a sign-in was last renewed 30 days before its end.
    #[must_use]
    pub fn of(row: &session::Model) -> Self {
        let renewed = row.expires_at - Limits::LONGEST.idle;
        Self {
            begun: row.begun_at.unwrap_or(renewed),
            seen: row.seen_at.unwrap_or(renewed),
        }
    }
}

/// How long a sign-in lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without use.
    pub idle: TimeDelta,
    /// In all.
    pub whole: TimeDelta,
}

impl Limits {
    /// Those of people on their own telephones.
    pub const LONGEST: Self = Self {
        idle: TimeDelta::days(30),
        whole: TimeDelta::days(90),
    };
    /// Those of the office.
    pub const OFFICE: Self = Self {
        idle: TimeDelta::hours(12),
        whole: TimeDelta::days(7),
    };

    /// The limits of somebody who may do this.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        let own = |role: &Role| matches!(role, Role::Helper | Role::Family);
        if roles.iter().all(own) {
            Self::LONGEST
        } else {
            Self::OFFICE
        }
    }

    /// When a sign-in with these times ends, unless it is used before.
    #[must_use]
    pub fn end(self, times: Times) -> DateTime<Utc> {
        (times.seen + self.idle).min(times.begun + self.whole)
    }
}

/// Notes that a sign-in was used, unless that was noted just before.
///
/// # Errors
/// The database's.
pub async fn note_use(
    store: &Store,
    key: &str,
    limits: Limits,
    times: Times,
    now: DateTime<Utc>,
) -> Result<()> {
    let noted = TimeDelta::minutes(NOTED_EVERY_MIN);
    if now - times.seen < noted {
        return Ok(());
    }
    let row = session::ActiveModel {
        begun_at: Set(Some(times.begun)),
        seen_at: Set(Some(now)),
        expires_at: Set(limits.end(Times { seen: now, ..times })),
        ..Default::default()
    };
    let key = key.to_owned();
    store
        .write(move |txn| {
            let (row, key) = (row.clone(), key.clone());
            Box::pin(async move {
                // Only what is there is changed: a sign-in that was ended meanwhile stays ended.
                session::Entity::update_many()
                    .set(row)
                    .filter(session::Column::Id.eq(key))
                    .filter(
                        Condition::any()
                            .add(session::Column::SeenAt.is_null())
                            .add(session::Column::SeenAt.lte(now - noted)),
                    )
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
}

/// Whether an account is still signed in under this row.
///
/// # Errors
/// The database's.
pub async fn holds(
    store: &Store,
    key: &str,
    account: AccountId,
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = session::Entity::find_by_id(key).one(store.read()).await?;
    Ok(row.is_some_and(|row| {
        row.account_id == Some(account) && row.expires_at > now && limits.end(Times::of(&row)) > now
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + hours * 3600, 0).unwrap()
    }

    #[test]
    fn one_role_of_the_office_makes_a_sign_in_an_offices() {
        assert_eq!(Limits::of(&[]), Limits::LONGEST);
        assert_eq!(Limits::of(&[Role::Helper, Role::Family]), Limits::LONGEST);
        for role in [
            Role::Coordinator,
            Role::Clerk,
            Role::GridOfficer,
            Role::PanelMember,
            Role::Shopkeeper,
            Role::Admin,
        ] {
            assert_eq!(Limits::of(&[role, Role::Family]), Limits::OFFICE);
        }
    }

    #[test]
    fn a_sign_in_ends_idle_or_old_whichever_is_first() {
        let office = Limits::OFFICE;
        let end = |begun, seen| {
            office.end(Times {
                begun: at(begun),
                seen: at(seen),
            })
        };
        assert_eq!(end(0, 0), at(12));
        assert_eq!(end(0, 100), at(112));
        assert_eq!(end(0, 160), at(7 * 24));
    }

    #[test]
    fn a_row_of_the_release_before_began_thirty_days_before_its_end() {
        let row = session::Model {
            id: String::new(),
            data: serde_json::Value::Null,
            account_id: None,
            expires_at: at(30 * 24),
            begun_at: None,
            seen_at: None,
        };
        let times = Times::of(&row);
        assert_eq!((times.begun, times.seen), (at(0), at(0)));
    }
}
