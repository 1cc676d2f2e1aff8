//! Who is signed in, before it is asked what they may do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::ids::AccountId;
use tower_sessions::Session;

use super::caller::{Caller, load};
use super::lasting::{self, Limits};
use super::problem::asked_language;
use super::session::{self, ACCOUNT, ENROL};
use crate::app::App;
use crate::error::{Error, Problem, Result};

/// Somebody who is signed in, though they may have to set up a second factor before anything else: for the few routes they
/// need to do that, or to leave.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Who.
    pub caller: Caller,
    /// Whether they have to.
    pub must_enrol: bool,
}

impl FromRequestParts<App> for Entrant {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let session = session::of_request(parts, app).await?;
        let account: Option<i64> = session.get(ACCOUNT).await.map_err(session::failed)?;
        let Some(account) = account else {
            return Err(Problem::sign_in().into());
        };
        let caller = load(
            app.store.read(),
            AccountId(account),
            asked_language(&parts.headers),
        )
        .await?
        .ok_or_else(|| Error::from(Problem::sign_in()))?;
        let attended = !parts.headers.contains_key(lasting::UNATTENDED);
        still_lasts(app, &session, &caller, attended).await?;
        let must_enrol: Option<bool> = session.get(ENROL).await.map_err(session::failed)?;
        let entrant = Self {
            caller,
            must_enrol: must_enrol == Some(true),
        };
        parts.extensions.insert(entrant.clone());
        Ok(entrant)
    }
}

/// Refuses a sign-in that is over by what its account may do now, and takes it away; notes the use of one that is not.
async fn still_lasts(app: &App, session: &Session, caller: &Caller, attended: bool) -> Result<()> {
    let (now, limits) = (app.clock.now(), Limits::of(&caller.roles));
    let times = session::times(session, &app.clock).await?;
    if limits.end(times) <= now {
        session.flush().await.map_err(session::failed)?;
        return Err(Problem::sign_in().into());
    }
    if let (true, Some(id)) = (attended, session.id()) {
        let key = session::row_key(&id);
        // What is asked for does not depend on it: where nothing can be written, reading goes on.
        if let Err(error) = lasting::note_use(&app.store, &key, limits, times, now).await {
            tracing::warn!(%error, "the use of a sign-in could not be noted");
        }
    }
    Ok(())
}
