//! Who may have everything about one person: their family with the right to book, a coordinator, and who keeps accounts.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::ids::ResidentId;
use entity::resident;
use entity::words::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::{Seen, path_id};

/// A resident everything about whom this caller may take away as a file.
#[derive(Clone, Debug)]
pub struct Exporting {
    /// Who asks.
    pub caller: Caller,
    /// About whom.
    pub resident: resident::Model,
}

impl FromRequestParts<App> for Exporting {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = ResidentId(path_id(parts, app).await?);
        let db = app.store.read();
        if caller.is(Role::Coordinator) || caller.is(Role::Admin) {
            let resident = resident::Entity::find_by_id(id)
                .filter(resident::Column::CommunityId.eq(caller.community))
                .filter(resident::Column::ErasedAt.is_null())
                .one(db)
                .await?
                .ok_or_else(|| Error::from(Problem::not_found()))?;
            return Ok(Self { caller, resident });
        }
        // A clerk answers telephones, and whoever is on the telephone is not proven to be anybody.
        if caller.at_desk() {
            return Err(Problem::not_found().into());
        }
        let booked = Seen::load(db, caller, id).await?.booked()?.0;
        Ok(Self {
            caller: booked.caller,
            resident: booked.resident,
        })
    }
}
