//! The right to a complaint: the desk sees all, a family those for its own residents; for anybody else there is none.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::ids::{ComplaintId, ResidentId};
use entity::words::Role;
use entity::{complaint, family_member};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::path_id;

/// A complaint that this caller may see.
#[derive(Clone, Debug)]
#[expect(
    clippy::manual_non_exhaustive,
    reason = "the hidden field keeps every room from making one without asking `load`"
)]
pub struct SeenComplaint {
    /// Who looks.
    pub caller: Caller,
    /// At what, as it stood when it was loaded.
    pub complaint: complaint::Model,
    _loaded: (),
}

impl SeenComplaint {
    /// Loads it for a caller at the desk or of the family.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn load<C: ConnectionTrait>(db: &C, caller: Caller, id: ComplaintId) -> Result<Self> {
        let gone = || Error::from(Problem::not_found());
        let complaint = complaint::Entity::find_by_id(id)
            .filter(complaint::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(gone)?;
        let theirs = match complaint.resident_id {
            Some(resident) => is_family(db, &caller, resident).await?,
            None => false,
        };
        if !caller.at_desk() && !theirs {
            return Err(gone());
        }
        Ok(Self {
            caller,
            complaint,
            _loaded: (),
        })
    }
}

impl FromRequestParts<App> for SeenComplaint {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        Self::load(app.store.read(), caller, ComplaintId(id)).await
    }
}

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
