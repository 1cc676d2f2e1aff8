//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use entity::ids::BenchActionId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{BenchAction, BenchMonth, NewBenchAction, NewBenchVerdict};
use super::{actions, month, workbook};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{BenchKeeper, PanelReader};
use crate::http::input::{Answer, At, Input};
use crate::quality::panel::read_month;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bench_month))
        .routes(routes!(bench_workbook))
        .routes(routes!(agree))
        .routes(routes!(judge))
        .routes(routes!(take_away))
}

/// A month for the bench meeting: for the office, the panel and who keeps accounts.
#[utoipa::path(get, path = "/api/bench/months/{month}", tag = "bench",
    params(("month" = String, Path, description = "Such as 2026-11")),
    responses((status = 200, body = BenchMonth), Reads))]
async fn bench_month(
    State(app): State<App>,
    PanelReader(caller): PanelReader,
    At(month): At<String>,
) -> Result<Json<BenchMonth>> {
    let month = read_month(&month)?;
    month::page(app.store.read(), &caller, month, app.clock.now())
        .await
        .map(Json)
}

/// The same as a workbook (.xlsx).
#[utoipa::path(get, path = "/api/bench/months/{month}/workbook", tag = "bench",
    params(("month" = String, Path, description = "Such as 2026-11")),
    responses(
        (status = 200, description = "The workbook", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Reads,
    ))]
async fn bench_workbook(
    State(app): State<App>,
    PanelReader(caller): PanelReader,
    At(month): At<String>,
) -> Result<impl IntoResponse> {
    let month = read_month(&month)?;
    let page = month::page(app.store.read(), &caller, month, app.clock.now()).await?;
    let name = format!(
        "attachment; filename=\"bench-{}.xlsx\"",
        page.month.format("%Y-%m")
    );
    Ok((
        [
            (
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            ),
            (header::CONTENT_DISPOSITION, name),
        ],
        workbook::of(&page, caller.lang)?,
    ))
}

/// Write down what the meeting over a month agrees on.
///
/// The figure that it is meant to move is kept as it stands.
#[utoipa::path(post, path = "/api/bench/months/{month}/actions", tag = "bench", request_body = NewBenchAction,
    params(("month" = String, Path, description = "Such as 2026-11")),
    responses((status = 201, body = BenchAction), Writes))]
async fn agree(
    State(app): State<App>,
    keeper: BenchKeeper,
    At(month): At<String>,
    Input { body, once }: Input<NewBenchAction>,
) -> Result<Answer> {
    actions::agree(&app, keeper, read_month(&month)?, body, once).await
}

/// Write down what the meeting over a later month finds.
#[utoipa::path(post, path = "/api/bench/months/{month}/actions/{id}/verdict", tag = "bench",
    request_body = NewBenchVerdict,
    params(
        ("month" = String, Path, description = "The later month, such as 2026-12"),
        ("id" = i64, Path, description = "The action"),
    ),
    responses((status = 200, body = BenchAction), Writes))]
async fn judge(
    State(app): State<App>,
    keeper: BenchKeeper,
    At((month, id)): At<(String, i64)>,
    Input { body, once }: Input<NewBenchVerdict>,
) -> Result<Answer> {
    let about = (read_month(&month)?, BenchActionId(id));
    actions::judge(&app, keeper, about, body, once).await
}

/// Take away an action that was written down wrongly; not one that was judged.
#[utoipa::path(delete, path = "/api/bench/actions/{id}", tag = "bench",
    params(("id" = i64, Path, description = "The action")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn take_away(
    State(app): State<App>,
    keeper: BenchKeeper,
    At(id): At<i64>,
) -> Result<StatusCode> {
    actions::take_away(&app, keeper, BenchActionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
