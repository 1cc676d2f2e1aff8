//! The right to one resident: an extractor loads the resident for this caller, or answers as if there were none.

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::Method;
use axum::http::request::Parts;
use entity::ids::ResidentId;
use entity::words::Role;
use entity::{family_member, resident};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk};
use crate::privacy::looks;

pub use crate::privacy::looks::looked;

/// A resident whom this caller may see.
#[derive(Clone, Debug)]
#[expect(
    clippy::manual_non_exhaustive,
    reason = "the hidden field keeps every room from making one without asking `load`"
)]
pub struct Seen {
    /// Who looks.
    pub caller: Caller,
    /// Whom.
    pub resident: resident::Model,
    /// Whether the caller may book and cancel for them.
    pub may_book: bool,
    _loaded: (),
}

/// A resident for whom this caller may book and cancel.
#[derive(Clone, Debug)]
pub struct Booked(pub Seen);

impl std::ops::Deref for Booked {
    type Target = Seen;

    fn deref(&self) -> &Seen {
        &self.0
    }
}

impl Seen {
    /// Loads the resident for a caller at the desk or of the family; for anybody else there is none.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn load(db: &DatabaseConnection, caller: Caller, id: ResidentId) -> Result<Self> {
        let may_book = if caller.at_desk() {
            true
        } else if caller.is(Role::Family) {
            family_member::Entity::find()
                .filter(family_member::Column::AccountId.eq(caller.account))
                .filter(family_member::Column::ResidentId.eq(id))
                .one(db)
                .await?
                .ok_or_else(|| Error::from(Problem::not_found()))?
                .can_book
        } else {
            return Err(Problem::not_found().into());
        };
        let resident = resident::Entity::find_by_id(id)
            .filter(resident::Column::CommunityId.eq(caller.community))
            // What was erased is as if it had never been.
            .filter(resident::Column::ErasedAt.is_null())
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        Ok(Self {
            caller,
            resident,
            may_book,
            _loaded: (),
        })
    }

    /// Writes down that the caller looked, where the request only looks: what is changed stands in the audit.
    fn note_look(&self, parts: &Parts, app: &App) {
        if parts.method != Method::GET {
            return;
        }
        let route = parts.extensions.get::<MatchedPath>();
        if let Some(page) = route.and_then(|route| looks::page_of(route.as_str())) {
            looked(app, &self.caller, vec![self.resident.id], page);
        }
    }

    /// The same with the right to book.
    ///
    /// # Errors
    /// `not-found` where the caller may only look.
    pub fn booked(self) -> Result<Booked> {
        if self.may_book {
            Ok(Booked(self))
        } else {
            Err(Problem::not_found().into())
        }
    }
}

/// The number behind `{id}` in the path; what is no number does not exist.
pub(crate) async fn path_id(parts: &mut Parts, app: &App) -> Result<i64> {
    let params = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|_| Error::from(Problem::not_found()))?;
    params
        .iter()
        .find(|(name, _)| *name == "id")
        .and_then(|(_, value)| value.parse().ok())
        .ok_or_else(|| Problem::not_found().into())
}

impl FromRequestParts<App> for Seen {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let seen = Self::load(app.store.read(), caller, ResidentId(id)).await?;
        seen.note_look(parts, app);
        Ok(seen)
    }
}

impl FromRequestParts<App> for Booked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        Seen::from_request_parts(parts, app).await?.booked()
    }
}

/// A file on the roll, for the desk that keeps it; in any state, for files of those who left are kept too.
#[derive(Clone, Debug)]
pub struct OnFile(Seen);

impl std::ops::Deref for OnFile {
    type Target = Seen;

    fn deref(&self) -> &Seen {
        &self.0
    }
}

impl FromRequestParts<App> for OnFile {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let desk = <Desk as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let seen = Seen::load(app.store.read(), desk.0, ResidentId(id)).await?;
        seen.note_look(parts, app);
        Ok(Self(seen))
    }
}
