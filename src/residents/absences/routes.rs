//! Routes of times away.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::ids::AbsenceId;
use entity::words::AbsenceKind;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Time;
use super::record::{self, AwayChanged, Told};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::answers::{Removes, Writes};
use crate::http::caller::Desk;
use crate::http::dates::{date, date_or_none};
use crate::http::input::{Answer, At, Input};
use crate::residents::access::OnFile;
use crate::residents::fields;
use crate::visits::pausing;

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin_absence))
        .routes(routes!(change_absence, withdraw_absence))
}

/// That somebody is away.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct AwayTold {
    /// Where they are.
    kind: AbsenceKind,
    /// The first local day away; up to 90 days back.
    #[serde(deserialize_with = "date")]
    from: NaiveDate,
    /// The first local day at home again; left out where nobody knows yet.
    #[serde(default, deserialize_with = "date_or_none")]
    back: Option<NaiveDate>,
    /// Anything to add, 200 characters at most.
    #[serde(default)]
    note: Option<String>,
}

impl AwayTold {
    fn check(self, today: NaiveDate) -> Result<Told> {
        let time = Time {
            from: self.from,
            back: self.back,
        };
        time.check(today)?;
        Ok(Told {
            kind: self.kind,
            time,
            note: fields::note(&self.note.unwrap_or_default())
                .map_err(|said| Problem::field("note", said))?,
        })
    }
}

/// Write down that somebody is in hospital or away.
///
/// What is booked in that time is taken off its helpers, who are told, and waits.
#[utoipa::path(post, path = "/api/roll/{id}/absences", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = AwayTold,
    responses((status = 201, description = "It is written down", body = AwayChanged), Writes))]
async fn begin_absence(
    State(app): State<App>,
    seen: OnFile,
    Input { body, once }: Input<AwayTold>,
) -> Result<Answer> {
    let now = app.clock.now();
    let told = body.check(local_date(seen.caller.zone, now))?;
    app.write_once(seen.caller.account, once, StatusCode::CREATED, move |txn| {
        let (seen, told) = (seen.clone(), told.clone());
        Box::pin(
            async move { record::begin(txn, &seen.caller, seen.resident.id, &told, now).await },
        )
    })
    .await
}

/// Change a time away, most often its end.
///
/// What no longer lies in it and is still ahead is matched again at once; what newly does, waits.
#[utoipa::path(post, path = "/api/roll/absences/{id}", tag = "roll",
    params(("id" = i64, Path, description = "The time away")),
    request_body = AwayTold,
    responses((status = 200, description = "It is changed", body = AwayChanged), Writes))]
async fn change_absence(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<AwayTold>,
) -> Result<Answer> {
    let now = app.clock.now();
    let told = body.check(local_date(desk.zone, now))?;
    let caller = desk.0;
    let (answer, first) = app
        .write_first(caller.account, once, StatusCode::OK, move |txn| {
            let (caller, told) = (caller.clone(), told.clone());
            Box::pin(async move { record::change(txn, &caller, AbsenceId(id), &told, now).await })
        })
        .await?;
    if let Some(changed) = first {
        pausing::match_all(&app, &changed.back).await;
    }
    Ok(answer)
}

/// Take a time away back that was written down by mistake.
///
/// What it paused and is still ahead is matched again.
#[utoipa::path(delete, path = "/api/roll/absences/{id}", tag = "roll",
    params(("id" = i64, Path, description = "The time away")),
    responses((status = 200, description = "It is taken back", body = AwayChanged), Removes))]
async fn withdraw_absence(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
) -> Result<Json<AwayChanged>> {
    let now = app.clock.now();
    let changed = app
        .store
        .write(move |txn| {
            let caller = desk.0.clone();
            Box::pin(async move { record::withdraw(txn, &caller, AbsenceId(id), now).await })
        })
        .await?;
    pausing::match_all(&app, &changed.back).await;
    Ok(Json(changed))
}
