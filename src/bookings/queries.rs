//! Bookings, for those who may see them.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use entity::ids::{AccountId, BookingId};
use entity::{account, booking, resident, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
};

use super::times::Need;
use super::views::{BookingView, Cancelled};
use crate::app::App;
use crate::dispatch::links::{self, Leeway};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::{Booked, Seen, looked, path_id};
use crate::said::Said;
use crate::visits::views::{Look, Shelf, service_name};

/// A booking whose resident this caller may see.
#[derive(Clone, Debug)]
pub struct SeenBooking {
    /// The resident, and who looks.
    pub seen: Seen,
    /// The booking.
    pub booking: booking::Model,
    /// Its visit.
    pub visit: visit::Model,
}

impl FromRequestParts<App> for SeenBooking {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = BookingId(path_id(parts, app).await?);
        let db = app.store.read();
        let booking = booking::Entity::find_by_id(id)
            .filter(booking::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        let seen = Seen::load(db, caller, booking.resident_id).await?;
        let visit = visit_of(db, id).await?;
        if parts.method == Method::GET {
            looked(app, &seen.caller, vec![seen.resident.id], "booking");
        }
        Ok(Self {
            seen,
            booking,
            visit,
        })
    }
}

/// The visit of a booking.
///
/// # Errors
/// The database's.
pub async fn visit_of<C: ConnectionTrait>(db: &C, booking: BookingId) -> Result<visit::Model> {
    visit::Entity::find()
        .filter(visit::Column::BookingId.eq(booking))
        .order_by_desc(visit::Column::Id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a booking without a visit".into()))
}

/// What linked visits leave the visit of a booking of this resident.
///
/// # Errors
/// `invalid` where the resident has no such booking, or the database's.
pub async fn leeways_of(
    db: &DatabaseConnection,
    booked: &Booked,
    id: BookingId,
) -> Result<Vec<Leeway>> {
    let own = booking::Entity::find_by_id(id)
        .filter(booking::Column::ResidentId.eq(booked.resident.id))
        .one(db)
        .await?;
    if own.is_none() {
        let said = Said::new("没有这次预约。", "There is no such booking.");
        return Err(Problem::field("moving", said).into());
    }
    links::queries::leeways(db, &visit_of(db, id).await?).await
}

/// A booking as people see it.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn booking_view<C: ConnectionTrait>(
    db: &C,
    look: Look,
    id: BookingId,
) -> Result<BookingView> {
    let visit = visit_of(db, id).await?;
    let shelf = Shelf::fill(db, look, std::slice::from_ref(&visit)).await?;
    let (booking, _) = shelf.of(&visit).ok_or_else(lost)?;
    let resident = resident::Entity::find_by_id(booking.resident_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let names = account::Entity::find()
        .filter(
            account::Column::Id.is_in(
                [Some(booking.booked_by), booking.cancelled_by]
                    .into_iter()
                    .flatten(),
            ),
        )
        .all(db)
        .await?;
    let name = |id| {
        names
            .iter()
            .find(|row| Some(row.id) == id)
            .map_or_else(String::new, |row| row.name.clone())
    };
    shown(look, &shelf, &visit, &resident, name)
}

/// What a booking that was made a moment ago looks like to whoever made it.
///
/// # Errors
/// The database's.
pub(super) async fn new_booking_view<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
    need: &Need,
    by: &Caller,
) -> Result<BookingView> {
    let known = (&need.service, &need.team.community);
    let shelf = Shelf::of_new(db, look, visit, known).await?;
    shown(look, &shelf, visit, &need.resident, |_| by.name.clone())
}

fn lost() -> Error {
    Error::Internal("a booking without its rows".into())
}

fn shown(
    look: Look,
    shelf: &Shelf,
    visit: &visit::Model,
    resident: &resident::Model,
    name: impl Fn(Option<AccountId>) -> String,
) -> Result<BookingView> {
    let card = shelf.card(visit).ok_or_else(lost)?;
    let (booking, service) = shelf.of(visit).ok_or_else(lost)?;
    Ok(BookingView {
        booking_id: booking.id,
        resident_id: resident.id,
        resident: resident.name.clone(),
        service_code: service.code.clone(),
        service: service_name(service, look.lang),
        state: booking.state,
        channel: booking.channel,
        booked_by: name(Some(booking.booked_by)),
        visit: card,
        note: booking.note.clone(),
        cancelled: booking.cancelled_at.map(|at| Cancelled {
            by: name(booking.cancelled_by),
            why: booking.cancel_why.clone().unwrap_or_default(),
            late: booking.cancelled_late.unwrap_or(false),
            at,
        }),
        created_at: booking.created_at,
    })
}
