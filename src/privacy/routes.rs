//! The room's routes.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use entity::ids::AccessLogId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::Exporting;
use super::export::workbook::{self, Names, Reading};
use super::export::{everything, file_name};
use super::looks::{self, looked};
use super::views::{self, Looks, Masking};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Result};
use crate::http::answers::Reads;
use crate::http::caller::PrivacyKeeper;
use crate::http::input::Asked;
use crate::residents::access::Seen;

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(looks_at))
        .routes(routes!(export))
        .routes(routes!(who_sees_what))
        .merge(super::erasure::routes::router())
        .merge(super::retention::routes::router())
}

/// Which page of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LooksAsked {
    /// Only what was before; the latest where nothing is said.
    #[serde(default)]
    before: Option<i64>,
}

/// Who looked at a resident's file, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/looks", tag = "privacy",
    params(("id" = i64, Path, description = "The resident"), LooksAsked),
    responses((status = 200, description = "Who looked, the latest first", body = Looks), Reads))]
async fn looks_at(
    State(app): State<App>,
    seen: Seen,
    Asked(asked): Asked<LooksAsked>,
) -> Result<Json<Looks>> {
    let before = asked.before.map(AccessLogId);
    looks::page(app.store.read(), &seen.caller, seen.resident.id, before)
        .await
        .map(Json)
}

/// Everything about one person as a workbook (.xlsx), for the family that may book, a coordinator, and who keeps accounts.
///
/// That it was made is written down as a look.
#[utoipa::path(get, path = "/api/residents/{id}/export", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "The workbook",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Reads))]
async fn export(State(app): State<App>, exporting: Exporting) -> Result<Response> {
    let (db, now) = (app.store.read(), app.clock.now());
    let (caller, id) = (exporting.caller, exporting.resident.id);
    let sheets = everything(db, id).await?;
    let names = Names::read(db, &sheets, caller.lang).await?;
    let reading = Reading {
        zone: caller.zone,
        lang: caller.lang,
        now,
    };
    let bytes = tokio::task::spawn_blocking(move || workbook::of(&sheets, &names, reading))
        .await
        .map_err(|stopped| Error::Internal(stopped.to_string()))??;
    looked(&app, &caller, vec![id], "export_one");
    let name = file_name(id, local_date(caller.zone, now), caller.lang);
    let mut answer = Body::from(bytes).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(WORKBOOK));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(answer)
}

/// Who sees what of a resident, field by field and role by role.
#[utoipa::path(get, path = "/api/masking", tag = "privacy",
    responses((status = 200, description = "The table", body = Masking), Reads))]
async fn who_sees_what(keeper: PrivacyKeeper) -> Json<Masking> {
    Json(views::masking(keeper.lang))
}
