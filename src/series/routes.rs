//! The room's routes.

use axum::Json;
use axum::extract::State;
use entity::series;
use entity::words::SeriesState;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::{self, Doing};
use super::queries::SeenSeries;
use super::views::{
    End, From, NewSeries, OneDate, Pause, Preview, Resume, SeriesChanged, SeriesView, Served,
};
use super::{dates, make, preview};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::Desk;
use crate::http::input::{Answer, Asked, Input};
use crate::http::paging::{self, Page, Paged};
use crate::residents::access::{Booked, Seen};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(foresee))
        .routes(routes!(of_resident, create))
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(skip))
        .routes(routes!(serve))
        .routes(routes!(from))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(end))
}

/// What a repeat rule would become, date by date. Nothing is written.
#[utoipa::path(post, path = "/api/residents/{id}/series/preview", tag = "series",
    params(("id" = i64, Path, description = "The resident")),
    request_body = NewSeries,
    responses((status = 200, body = Preview), Writes))]
async fn foresee(
    State(app): State<App>,
    booked: Booked,
    Input { body, .. }: Input<NewSeries>,
) -> Result<Json<Preview>> {
    Ok(Json(preview::preview(&app, &booked, &body).await?))
}

/// Make a series; the visits of the next four weeks are made with it.
#[utoipa::path(post, path = "/api/residents/{id}/series", tag = "series",
    params(("id" = i64, Path, description = "The resident")),
    request_body = NewSeries,
    responses((status = 201, body = SeriesView), Writes))]
async fn create(
    State(app): State<App>,
    booked: Booked,
    Input { body, once }: Input<NewSeries>,
) -> Result<Answer> {
    make::make(&app, booked, body, once).await
}

/// The series of one resident; those that have ended come last.
#[utoipa::path(get, path = "/api/residents/{id}/series", tag = "series",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, body = Vec<SeriesView>), Reads))]
async fn of_resident(State(app): State<App>, seen: Seen) -> Result<Json<Vec<SeriesView>>> {
    let db = app.store.read();
    let rows = series::Entity::find()
        .filter(series::Column::ResidentId.eq(seen.resident.id))
        .order_by_asc(series::Column::State)
        .order_by_asc(series::Column::Id)
        .all(db)
        .await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(preview::view(db, &seen.caller, row.id, app.clock.now(), seen.may_book).await?);
    }
    Ok(Json(views))
}

/// Every series that goes on, for the office, a page at a time.
#[utoipa::path(get, path = "/api/series", tag = "series",
    params(Paged),
    responses((status = 200, body = Vec<SeriesView>,
        headers(("Link" = Option<String>, description = "Where the list goes on, with `rel=\"next\"`; left out on its last page"))), Reads))]
async fn list(
    State(app): State<App>,
    desk: Desk,
    Asked(page): Asked<Paged>,
) -> Result<Page<SeriesView>> {
    let db = app.store.read();
    let mut rows = series::Entity::find()
        .filter(series::Column::CommunityId.eq(desk.community))
        .filter(series::Column::State.eq(SeriesState::Active))
        .filter(series::Column::Id.gt(page.after.unwrap_or(0)))
        .order_by_asc(series::Column::Id)
        .limit(paging::READ)
        .all(db)
        .await?;
    let next = paging::cut(&mut rows, |row| row.id.0);
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(preview::view(db, &desk, row.id, app.clock.now(), true).await?);
    }
    Ok(Page::new(views, next))
}

/// One series with its dates.
#[utoipa::path(get, path = "/api/series/{id}", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    responses((status = 200, body = SeriesView), Reads))]
async fn show(State(app): State<App>, seen: SeenSeries) -> Result<Json<SeriesView>> {
    let (caller, may_book) = (&seen.seen.caller, seen.seen.may_book);
    let view = preview::view(
        app.store.read(),
        caller,
        seen.series.id,
        app.clock.now(),
        may_book,
    )
    .await?;
    Ok(Json(view))
}

/// Leave one date out, or ask the office to where its cut-off has passed.
#[utoipa::path(post, path = "/api/series/{id}/skip", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = OneDate,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn skip(
    State(app): State<App>,
    seen: SeenSeries,
    Input { body, once }: Input<OneDate>,
) -> Result<Answer> {
    dates::skip(&app, seen, body, once).await
}

/// Serve one date: add it, add it back, move it, or give it another dish.
#[utoipa::path(post, path = "/api/series/{id}/serve", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = Served,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn serve(
    State(app): State<App>,
    seen: SeenSeries,
    Input { body, once }: Input<Served>,
) -> Result<Answer> {
    dates::serve(&app, seen, body, once).await
}

/// Change rule, time or length from a date on. What was changed by hand for one date stays unless asked.
#[utoipa::path(post, path = "/api/series/{id}/from", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = From,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn from(
    State(app): State<App>,
    seen: SeenSeries,
    Input { body, once }: Input<From>,
) -> Result<Answer> {
    change::change(&app, seen, Doing::From(body), once).await
}

/// Pause, with or without a date on which it goes on.
#[utoipa::path(post, path = "/api/series/{id}/pause", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = Pause,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn pause(
    State(app): State<App>,
    seen: SeenSeries,
    Input { body, once }: Input<Pause>,
) -> Result<Answer> {
    change::change(&app, seen, Doing::Pause(body), once).await
}

/// End the pause today, or call it off.
#[utoipa::path(post, path = "/api/series/{id}/resume", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = Resume,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn resume(
    State(app): State<App>,
    seen: SeenSeries,
    Input {
        body: Resume {},
        once,
    }: Input<Resume>,
) -> Result<Answer> {
    change::change(&app, seen, Doing::Resume, once).await
}

/// End after a date.
#[utoipa::path(post, path = "/api/series/{id}/end", tag = "series",
    params(("id" = i64, Path, description = "The series")),
    request_body = End,
    responses((status = 200, body = SeriesChanged), Writes))]
async fn end(
    State(app): State<App>,
    seen: SeenSeries,
    Input { body, once }: Input<End>,
) -> Result<Answer> {
    change::change(&app, seen, Doing::End(body), once).await
}
