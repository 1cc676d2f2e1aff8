//! The document that describes every operation; the pages' client is generated from it.

use axum::Json;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::{accounts, bookings, calls, catalogue, dispatch, helpers, reports, residents, visits};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yinling",
        description = "Care booking for a housing compound. Instants are RFC 3339 in UTC, dates are local, money is whole \
                   fen, durations are minutes. Refusals are RFC 9457 problem documents."
    ),
    components(schemas(super::problem::ProblemView))
)]
struct Document;

/// Every route of the API with its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(super::events::events))
        .merge(accounts::routes::router())
        .merge(residents::routes::router())
        .merge(helpers::routes::router())
        .merge(catalogue::routes::router())
        .merge(bookings::routes::router())
        .merge(calls::routes::router())
        .merge(dispatch::routes::router())
        .merge(visits::routes::router())
        .merge(reports::routes::router())
}

/// The document as JSON text.
///
/// # Errors
/// None that can happen: the document is made of plain values.
pub fn document() -> Result<String, serde_json::Error> {
    routes().into_openapi().to_pretty_json()
}

/// Serves the document.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(routes().into_openapi())
}
