//! Who calls. Each extractor is a right: a handler that asks for one cannot be reached without it, and whoever lacks it
//! is answered as if nothing were there.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use chrono_tz::Tz;
use entity::ids::{AccountId, CommunityId, GridId, HelperId};
use entity::words::{Channel, Lang, Role};
use entity::{account, account_role, community, grid, helper};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, JoinType, QueryFilter, QuerySelect};

use super::entrant::Entrant;
use crate::accounts::second::enrol_first;
use crate::app::App;
use crate::error::{Error, Problem, Result};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their community.
    pub community: CommunityId,
    /// The zone of its clocks.
    pub zone: Tz,
    /// The language of this answer.
    pub lang: Lang,
    /// What they may do.
    pub roles: Vec<Role>,
}

impl Caller {
    /// Whether they have this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether they work at the office's desk: coordinator or clerk.
    #[must_use]
    pub fn at_desk(&self) -> bool {
        self.is(Role::Coordinator) || self.is(Role::Clerk)
    }

    /// How they ask: families over the web, the office for somebody on the telephone.
    #[must_use]
    pub fn channel(&self) -> Channel {
        if self.is(Role::Family) {
            Channel::Web
        } else {
            Channel::Phone
        }
    }

    fn with(self, right: bool) -> Result<Self> {
        if right {
            Ok(self)
        } else {
            tracing::info!(
                account = self.account.0,
                "asked for what they have no right to"
            );
            Err(Problem::not_found().into())
        }
    }
}

/// The zone of a community's clocks; Shanghai where its name is unknown.
#[must_use]
pub fn zone_of(community: &community::Model) -> Tz {
    zone_named(&community.time_zone)
}

fn zone_named(name: &str) -> Tz {
    name.parse().unwrap_or(chrono_tz::Asia::Shanghai)
}

/// Loads the caller behind an account, unless it is disabled.
///
/// # Errors
/// The database's.
pub async fn load(
    db: &DatabaseConnection,
    id: AccountId,
    asked: Option<Lang>,
) -> Result<Option<Caller>> {
    let place = account::Entity::belongs_to(community::Entity)
        .from(account::Column::CommunityId)
        .to(community::Column::Id);
    let right = account::Entity::belongs_to(account_role::Entity)
        .from(account::Column::Id)
        .to(account_role::Column::AccountId);
    // A row for each right, in one look: every request begins with it.
    let rows: Vec<(String, Lang, CommunityId, String, Option<Role>)> =
        account::Entity::find_by_id(id)
            .filter(account::Column::Disabled.eq(false))
            .join(JoinType::InnerJoin, place.into())
            .join(JoinType::LeftJoin, right.into())
            .select_only()
            .columns([
                account::Column::Name,
                account::Column::Lang,
                account::Column::CommunityId,
            ])
            .column(community::Column::TimeZone)
            .column(account_role::Column::Role)
            .into_tuple()
            .all(db)
            .await?;
    let Some((name, lang, community, clocks, _)) = rows.first().cloned() else {
        return Ok(None);
    };
    Ok(Some(Caller {
        account: id,
        name,
        community,
        zone: zone_named(&clocks),
        lang: asked.unwrap_or(lang),
        roles: rows.into_iter().filter_map(|row| row.4).collect(),
    }))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let entrant = Entrant::from_request_parts(parts, app).await?;
        if entrant.must_enrol {
            return Err(enrol_first().into());
        }
        Ok(entrant.caller)
    }
}

impl OptionalFromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(caller) => Ok(Some(caller)),
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Declares an extractor that is a caller with a right.
macro_rules! right {
    ($(#[$doc:meta])* $name:ident, $test:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(pub Caller);

        impl std::ops::Deref for $name {
            type Target = Caller;

            fn deref(&self) -> &Caller {
                &self.0
            }
        }

        impl FromRequestParts<App> for $name {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
                let caller =
                    <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
                let right = ($test)(&caller);
                caller.with(right).map(Self)
            }
        }
    };
}

right!(
    /// A coordinator.
    Coordinator,
    |caller: &Caller| caller.is(Role::Coordinator)
);
right!(
    /// A clerk or a coordinator.
    Desk,
    Caller::at_desk
);
right!(
    /// Who keeps the calendar: a coordinator, or who keeps accounts.
    CalendarKeeper,
    |caller: &Caller| caller.is(Role::Coordinator) || caller.is(Role::Admin)
);
right!(
    /// Who keeps the providers: a coordinator, or who keeps accounts.
    ProviderKeeper,
    |caller: &Caller| caller.is(Role::Coordinator) || caller.is(Role::Admin)
);
right!(
    /// Somebody who books for relatives.
    Family,
    |caller: &Caller| caller.is(Role::Family)
);
right!(
    /// Who keeps accounts.
    Admin,
    |caller: &Caller| caller.is(Role::Admin)
);
right!(
    /// A member of the panel, or the office.
    Panel,
    |caller: &Caller| caller.is(Role::PanelMember) || caller.at_desk()
);

right!(
    /// Who reads what the panel does: its members, the office, and who keeps its criteria.
    PanelReader,
    |caller: &Caller| caller.is(Role::PanelMember) || caller.at_desk() || caller.is(Role::Admin)
);
right!(
    /// A member of the panel.
    PanelMember,
    |caller: &Caller| caller.is(Role::PanelMember)
);
right!(
    /// Who closes the panel's months and decides what follows: a coordinator, or who keeps accounts.
    PanelKeeper,
    |caller: &Caller| caller.is(Role::Coordinator) || caller.is(Role::Admin)
);
right!(
    /// Who writes down what a bench meeting agrees on: a coordinator, or who keeps accounts.
    BenchKeeper,
    |caller: &Caller| caller.is(Role::Coordinator) || caller.is(Role::Admin)
);
right!(
    /// Who declares what ties members to providers: a member for themselves, or who keeps accounts.
    PanelDeclarer,
    |caller: &Caller| caller.is(Role::PanelMember) || caller.is(Role::Admin)
);

right!(
    /// Who answers for personal data: a coordinator, or who keeps accounts.
    PrivacyKeeper,
    |caller: &Caller| caller.is(Role::Coordinator) || caller.is(Role::Admin)
);

/// A grid officer, with the grids that are theirs.
#[derive(Clone, Debug)]
pub struct GridOfficer {
    /// Who.
    pub caller: Caller,
    /// Which grids.
    pub grids: Vec<GridId>,
}

impl FromRequestParts<App> for GridOfficer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let right = caller.is(Role::GridOfficer);
        let caller = caller.with(right)?;
        let grids = grid::Entity::find()
            .filter(grid::Column::OfficerId.eq(caller.account))
            .all(app.store.read())
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect();
        Ok(Self { caller, grids })
    }
}

/// The helper that an account belongs to.
///
/// # Errors
/// The database's.
pub async fn helper_of(db: &DatabaseConnection, account: AccountId) -> Result<Option<HelperId>> {
    Ok(helper::Entity::find()
        .filter(helper::Column::AccountId.eq(account))
        .filter(helper::Column::Active.eq(true))
        .one(db)
        .await?
        .map(|row| row.id))
}
