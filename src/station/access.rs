//! The right to a place in a session: the desk's, and the family's that may book.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::ids::StationSignupId;
use entity::station_signup;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::{Booked, Seen, path_id};

/// A place in a session that this caller may give back.
#[derive(Clone, Debug)]
pub struct OwnPlace {
    /// For whom, with the right to book.
    pub booked: Booked,
    /// The place, as it stood when it was loaded.
    pub signup: station_signup::Model,
}

impl FromRequestParts<App> for OwnPlace {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let db = app.store.read();
        let signup = station_signup::Entity::find_by_id(StationSignupId(id))
            .filter(station_signup::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        let booked = Seen::load(db, caller, signup.resident_id).await?.booked()?;
        Ok(Self { booked, signup })
    }
}
