//! Routes of imports: how far one is, its rows, deciding, writing, stopping.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::RollImportId;
use entity::words::{ImportState, RowDecision, RowOutcome, Subject};
use entity::{roll_import, roll_import_row};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::apply::{self, Writing};
use super::views::{self, ImportRow, ImportRows, RollImport, import_view};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Caller, Desk};
use crate::http::input::{Answer, Asked, At, Input};
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};
use crate::visits::pausing;

/// Rows of a page.
const PAGE: u64 = 100;

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(super::files::router())
        .routes(routes!(show))
        .routes(routes!(rows))
        .routes(routes!(decide))
        .routes(routes!(write))
        .routes(routes!(stop))
}

/// An import of the caller's community.
async fn find<C: ConnectionTrait>(db: &C, caller: &Caller, id: i64) -> Result<roll_import::Model> {
    roll_import::Entity::find_by_id(RollImportId(id))
        .filter(roll_import::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// How far a workbook is.
#[utoipa::path(get, path = "/api/roll/imports/{id}", tag = "imports",
    params(("id" = i64, Path, description = "The import")),
    responses((status = 200, description = "The import", body = RollImport), Reads))]
async fn show(State(app): State<App>, desk: Desk, At(id): At<i64>) -> Result<Json<RollImport>> {
    let row = find(app.store.read(), &desk, id).await?;
    import_view(app.store.read(), row, desk.lang)
        .await
        .map(Json)
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RowsAsked {
    /// Of this outcome alone.
    #[serde(default)]
    outcome: Option<RowOutcome>,
    /// After this row.
    #[serde(default)]
    after: Option<i32>,
}

/// The rows of a workbook, 100 at a time.
#[utoipa::path(get, path = "/api/roll/imports/{id}/rows", tag = "imports",
    params(("id" = i64, Path, description = "The import"), RowsAsked),
    responses((status = 200, description = "The rows", body = ImportRows), Reads))]
async fn rows(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Asked(asked): Asked<RowsAsked>,
) -> Result<Json<ImportRows>> {
    let db = app.store.read();
    let row = find(db, &desk, id).await?;
    views::rows(
        db,
        row.id,
        asked.outcome,
        asked.after.unwrap_or(0),
        PAGE,
        desk.lang,
    )
    .await
    .map(Json)
}

/// What a person decides.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct Deciding {
    /// The same person, or somebody new; null takes the decision back.
    decision: Option<RowDecision>,
}

/// Decide on a row that may be somebody known.
#[utoipa::path(post, path = "/api/roll/imports/{id}/rows/{row}/decision", tag = "imports",
    params(("id" = i64, Path, description = "The import"), ("row" = i32, Path, description = "The row's number in the sheet")),
    request_body = Deciding,
    responses((status = 200, description = "The row", body = ImportRow), Writes))]
async fn decide(
    State(app): State<App>,
    desk: Desk,
    At((id, number)): At<(i64, i32)>,
    Input { body, once }: Input<Deciding>,
) -> Result<Answer> {
    let import = find(app.store.read(), &desk, id).await?;
    let lang = desk.lang;
    app.write_once(desk.account, once, StatusCode::OK, move |txn| {
        let import = import.id;
        Box::pin(async move {
            held(txn, import, ImportState::Checked).await?;
            let row = roll_import_row::Entity::find_by_id((import, number))
                .one(txn)
                .await?
                .ok_or_else(Problem::not_found)?;
            if row.outcome != RowOutcome::Duplicate {
                return Err(Problem::not_now(Said::new(
                    "这一行不用决定。",
                    "There is nothing to decide on this row.",
                ))
                .into());
            }
            let row = roll_import_row::ActiveModel {
                import_id: Set(import),
                row: Set(number),
                decision: Set(body.decision),
                ..Default::default()
            }
            .update(txn)
            .await?;
            views::row_view(row, lang)
        })
    })
    .await
}

/// An import, held, in the state that the step needs.
async fn held<C: ConnectionTrait>(
    txn: &C,
    id: RollImportId,
    state: ImportState,
) -> Result<roll_import::Model> {
    let row = store::hold(roll_import::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(Problem::not_found)?;
    if row.state == state {
        Ok(row)
    } else {
        Err(Problem::not_now(Said::new(
            "这份表格还在读取，或已经写入、已经停止。",
            "This workbook is still being read, or was written or stopped.",
        ))
        .into())
    }
}

/// Nothing to be said: the good rows are wanted, or this is not asked.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct WriteGood {
    /// How many good rows the one who asks has seen: where it is another number, nothing is written.
    rows: u64,
}

/// Write the good rows, or nothing.
///
/// The answer comes at once; the state is `written` when all of them are, and `checked` again, with `why`, where the roll
/// has changed since and nothing was.
#[utoipa::path(post, path = "/api/roll/imports/{id}/write", tag = "imports",
    params(("id" = i64, Path, description = "The import")),
    request_body = WriteGood,
    responses((status = 202, description = "They are being written", body = RollImport), Writes))]
async fn write(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<WriteGood>,
) -> Result<Answer> {
    let import = find(app.store.read(), &desk, id).await?.id;
    let (lang, now) = (desk.lang, app.clock.now());
    let (answer, first) = app
        .write_first(desk.account, once, StatusCode::ACCEPTED, move |txn| {
            Box::pin(async move {
                held(txn, import, ImportState::Checked).await?;
                let good = views::counts(txn, import).await?.good();
                if good != body.rows || good == 0 {
                    return Err(Problem::stale().into());
                }
                let row = roll_import::ActiveModel {
                    id: Set(import),
                    state: Set(ImportState::Writing),
                    heard_at: Set(now),
                    why_zh: Set(None),
                    why_en: Set(None),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                import_view(txn, row, lang).await
            })
        })
        .await?;
    if first.is_some() {
        let writing = Writing {
            import,
            community: desk.community,
            by: Some(desk.account),
            now,
            zone: desk.zone,
        };
        tokio::spawn(async move { write_good(&app, writing).await });
    }
    Ok(answer)
}

/// Writes, and where it was refused says so in the import, which can be looked at again.
async fn write_good(app: &App, writing: Writing) {
    let written = app
        .store
        .write(move |txn| Box::pin(async move { apply::write(txn, writing).await }))
        .await;
    let why = match written {
        Ok(done) => {
            pausing::match_all(app, &done.back).await;
            return;
        }
        Err(Error::Refused(problem)) => Said::new(
            format!("{}{}", problem.what.zh, problem.action.zh),
            format!("{} {}", problem.what.en, problem.action.en),
        ),
        Err(error) => {
            tracing::error!(%error, import = %writing.import, "an import was not written");
            Said::new(
                "写入时出了错，什么都没有写入。请再试一次。",
                "Something failed while writing; nothing was written. Please try again.",
            )
        }
    };
    let told = app
        .store
        .write(move |txn| {
            let why = why.clone();
            Box::pin(async move {
                roll_import::ActiveModel {
                    id: Set(writing.import),
                    state: Set(ImportState::Checked),
                    why_zh: Set(Some(why.zh)),
                    why_en: Set(Some(why.en)),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                Ok(())
            })
        })
        .await;
    if let Err(error) = told {
        tracing::error!(%error, import = %writing.import, "why an import was not written was not kept");
    }
}

/// Stop a reading, or throw away what was read. What was written stays.
#[utoipa::path(delete, path = "/api/roll/imports/{id}", tag = "imports",
    params(("id" = i64, Path, description = "The import")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn stop(State(app): State<App>, desk: Desk, At(id): At<i64>) -> Result<StatusCode> {
    let row = find(app.store.read(), &desk, id).await?;
    let (now, community, by) = (app.clock.now(), desk.community, Some(desk.account));
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let row = store::hold(roll_import::Entity::find_by_id(row.id), txn)
                    .one(txn)
                    .await?
                    .ok_or_else(Problem::not_found)?;
                if row.state == ImportState::Writing {
                    return Err(Problem::not_now(Said::new(
                        "正在写入，请等它结束。",
                        "It is being written; please wait until that has ended.",
                    ))
                    .into());
                }
                roll_import_row::Entity::delete_many()
                    .filter(roll_import_row::Column::ImportId.eq(row.id))
                    .exec(txn)
                    .await?;
                roll_import::Entity::delete_by_id(row.id).exec(txn).await?;
                let object = (Subject::RollImport, row.id.0);
                audit::record(txn, Change::new(community, now, by, object, "thrown-away")).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
