//! The room's routes.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use entity::ids::HouseholdId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{Seen, looked};
use super::asked::Query;
use super::views::{FamilyResident, Household, HouseholdHit, Resident};
use super::{Span, queries, search};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Desk, Family};
use crate::http::dates::date_or_none;
use crate::http::input::{Asked, At, Input};
use crate::http::text::Typed;
use crate::visits::views::VisitCard;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(super::roll::routes::router())
        .merge(super::import::routes::router())
        .routes(routes!(family_residents))
        .routes(routes!(resident))
        .routes(routes!(visits))
        .routes(routes!(households))
        .routes(routes!(household))
}

/// Those whom the caller acts for.
///
/// The first page of a family: each with the next and the last visit.
#[utoipa::path(get, path = "/api/family/residents", tag = "residents", responses(
    (status = 200, description = "Those whom the caller acts for; perhaps nobody", body = Vec<FamilyResident>),
    Reads,
))]
pub async fn family_residents(
    State(app): State<App>,
    family: Family,
) -> Result<Json<Vec<FamilyResident>>> {
    let residents = queries::family(app.store.read(), &family, app.clock.now()).await?;
    looked(
        &app,
        &family,
        residents.iter().map(|resident| resident.id).collect(),
        "family_page",
    );
    Ok(Json(residents))
}

/// The file of a resident.
///
/// For the desk, and for their own family, who read less: neither the telephones of other relatives nor which helpers
/// would rather not come. Every look is written down.
#[utoipa::path(get, path = "/api/residents/{id}", tag = "residents",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "The file", body = Resident), Reads)
)]
pub async fn resident(State(app): State<App>, seen: Seen) -> Result<Json<Resident>> {
    queries::file(
        app.store.read(),
        &seen.caller,
        seen.resident,
        app.clock.now(),
    )
    .await
    .map(Json)
}

/// Between which days visits are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// First local day; 30 days back where nothing is said.
    #[serde(default, deserialize_with = "date_or_none")]
    from: Option<NaiveDate>,
    /// Last local day; 14 days ahead where nothing is said. At most 400 days after the first.
    #[serde(default, deserialize_with = "date_or_none")]
    to: Option<NaiveDate>,
}

/// The visits of a resident.
///
/// In order of time. What was cancelled is not among them.
#[utoipa::path(get, path = "/api/residents/{id}/visits", tag = "residents",
    params(("id" = i64, Path, description = "The resident"), Days),
    responses((status = 200, description = "The visits of these days", body = Vec<VisitCard>), Reads)
)]
pub async fn visits(
    State(app): State<App>,
    seen: Seen,
    Asked(days): Asked<Days>,
) -> Result<Json<Vec<VisitCard>>> {
    let now = app.clock.now();
    let span = Span::of(days.from, days.to, local_date(seen.caller.zone, now))?;
    queries::visits(app.store.read(), &seen.caller, seen.resident.id, span, now)
        .await
        .map(Json)
}

/// Find a household.
///
/// By number, door, initials or name, for the desk; the best first, 20 at most; nothing finds nothing. Changes nothing.
#[utoipa::path(post, path = "/api/households/search", tag = "residents", request_body = Typed,
    responses((status = 200, description = "The households that fit, the best first", body = Vec<HouseholdHit>), Writes)
)]
pub async fn households(
    State(app): State<App>,
    desk: Desk,
    Input { body, .. }: Input<Typed>,
) -> Result<Json<Vec<HouseholdHit>>> {
    let today = local_date(desk.zone, app.clock.now());
    search::households(
        app.store.read(),
        desk.community,
        &Query::parse(&body.q),
        today,
        desk.lang,
    )
    .await
    .map(Json)
}

/// A household on the clerk's screen.
///
/// Its residents with the visits around now, its last calls and the callbacks it was promised.
#[utoipa::path(get, path = "/api/households/{id}", tag = "residents",
    params(("id" = i64, Path, description = "The household")),
    responses((status = 200, description = "The household", body = Household), Reads)
)]
pub async fn household(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
) -> Result<Json<Household>> {
    let household =
        queries::household(app.store.read(), &desk, HouseholdId(id), app.clock.now()).await?;
    looked(
        &app,
        &desk,
        household
            .residents
            .iter()
            .map(|row| row.resident.id)
            .collect(),
        "household",
    );
    Ok(Json(household))
}
