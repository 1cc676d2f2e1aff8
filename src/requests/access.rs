//! The right to a help request: extractors load it for this caller, or answer as if there were none.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::ids::{GridId, HelpRequestId, ResidentId};
use entity::words::Role;
use entity::{building, family_member, grid, help_request, household, resident};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::path_id;

/// A help request that this caller may see, and what they may do with it.
#[derive(Clone, Debug)]
#[expect(
    clippy::manual_non_exhaustive,
    reason = "the hidden field keeps every room from making one without asking `load`"
)]
pub struct SeenHelp {
    /// Who looks.
    pub caller: Caller,
    /// At what, as it stood when it was loaded.
    pub request: help_request::Model,
    /// Whether they may respond, handle, report and raise: the desk, and the grid's officer.
    pub may_work: bool,
    /// Whether they may say that it is settled or not: the family, and the desk for those without screens. Never the
    /// officer, for nobody confirms their own work.
    pub may_reply: bool,
    _loaded: (),
}

/// A help request on which this caller may work.
#[derive(Clone, Debug)]
pub struct Workable(pub SeenHelp);

/// A help request whose end this caller may confirm.
#[derive(Clone, Debug)]
pub struct Replyable(pub SeenHelp);

impl SeenHelp {
    /// Loads the request for a caller at the desk, of the family or of the grid; for anybody else there is none.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn load<C: ConnectionTrait>(
        db: &C,
        caller: Caller,
        id: HelpRequestId,
    ) -> Result<Self> {
        let request = help_request::Entity::find_by_id(id)
            .filter(help_request::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        let at_desk = caller.at_desk();
        let officer = is_officer(db, &caller, request.grid_id).await?;
        let family = match request.resident_id {
            Some(resident) => is_family(db, &caller, resident).await?,
            None => false,
        };
        if !(at_desk || officer || family) {
            return Err(Problem::not_found().into());
        }
        Ok(Self {
            caller,
            request,
            may_work: at_desk || officer,
            may_reply: at_desk || family,
            _loaded: (),
        })
    }
}

impl FromRequestParts<App> for SeenHelp {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        Self::load(app.store.read(), caller, HelpRequestId(id)).await
    }
}

impl FromRequestParts<App> for Workable {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let seen = SeenHelp::from_request_parts(parts, app).await?;
        if seen.may_work {
            Ok(Self(seen))
        } else {
            Err(Problem::not_found().into())
        }
    }
}

impl FromRequestParts<App> for Replyable {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let seen = SeenHelp::from_request_parts(parts, app).await?;
        if seen.may_reply {
            Ok(Self(seen))
        } else {
            Err(Problem::not_found().into())
        }
    }
}

/// Whether the caller is the officer of this grid.
///
/// # Errors
/// The database's.
pub(super) async fn is_officer<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    grid: GridId,
) -> Result<bool> {
    Ok(caller.is(Role::GridOfficer)
        && grid::Entity::find_by_id(grid)
            .filter(grid::Column::CommunityId.eq(caller.community))
            .filter(grid::Column::OfficerId.eq(caller.account))
            .one(db)
            .await?
            .is_some())
}

/// Whether the caller is family of this resident.
async fn is_family<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
) -> Result<bool> {
    Ok(caller.is(Role::Family)
        && family_member::Entity::find()
            .filter(family_member::Column::AccountId.eq(caller.account))
            .filter(family_member::Column::ResidentId.eq(resident))
            .one(db)
            .await?
            .is_some())
}

/// A resident on the roll for whom this caller may call for help, and their grid: the desk, the family whether or not
/// it may book, and the officer of the grid.
///
/// # Errors
/// `not-found`, or the database's.
pub(super) async fn called_for<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: ResidentId,
) -> Result<(resident::Model, GridId)> {
    let gone = || Error::from(Problem::not_found());
    let resident = resident::Entity::find_by_id(id)
        .filter(resident::Column::CommunityId.eq(caller.community))
        .filter(resident::Column::State.is_in(crate::residents::ON_THE_ROLL))
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let (_, building) = household::Entity::find_by_id(resident.household_id)
        .find_also_related(building::Entity)
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let grid = building.ok_or_else(gone)?.grid_id;
    if caller.at_desk() || is_family(db, caller, id).await? || is_officer(db, caller, grid).await? {
        Ok((resident, grid))
    } else {
        Err(gone())
    }
}
