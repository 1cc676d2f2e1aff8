//! Workbooks as files: sent in, the template, and the roll as one.

use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use sea_orm::ActiveModelTrait;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::export;
use super::stage::Reader;
use super::views::{RollImport, import_view};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::Desk;
use crate::http::input::Asked;
use crate::residents::access::looked;
use crate::residents::workbook::guard::LARGEST_FILE;
use crate::residents::workbook::write::template;
use crate::said::Said;

/// What a workbook is called in HTTP.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(
            OpenApiRouter::new()
                .routes(routes!(upload))
                // The file goes to the disk as it comes in, and is counted there.
                .layer(DefaultBodyLimit::disable()),
        )
        .routes(routes!(download_template))
        .routes(routes!(download))
}

/// A workbook as it is sent.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(
    dead_code,
    reason = "it describes a body that is read as it streams in"
)]
pub struct WorkbookFile(Vec<u8>);

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Named {
    /// The file's name, to show it again.
    #[serde(default)]
    #[param(required = false)]
    name: String,
}

/// Read a workbook, without writing anything.
///
/// The body is the .xlsx file itself, 32 MB at most. The answer comes as soon as it has arrived; how far the reading is
/// says `GET /api/roll/imports/{id}`, until its state is `checked` or `refused`.
#[utoipa::path(post, path = "/api/roll/imports", tag = "imports", params(Named),
    request_body(content = inline(WorkbookFile), content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    responses((status = 202, description = "It is being read", body = RollImport), Writes))]
async fn upload(
    State(app): State<App>,
    desk: Desk,
    Asked(named): Asked<Named>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next());
    if !matches!(kind, Some(WORKBOOK | "application/octet-stream")) {
        return Err(wrong_content_type().into());
    }
    let file = to_disk(body).await?;
    let now = app.clock.now();
    let reader = Reader {
        store: app.store.clone(),
        clock: app.clock.clone(),
        community: desk.community,
        today: local_date(desk.zone, now),
        by: Some(desk.account),
    };
    let row = reader.new_row(&named.name, now);
    let kept = app
        .store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move { Ok(row.insert(txn).await?) })
        })
        .await?;
    let id = kept.id;
    tokio::spawn(async move {
        // The file lives as long as its reading.
        let path = file.to_path_buf();
        if let Err(error) = reader.run(id, path, |_| ()).await {
            tracing::error!(%error, import = %id, "a workbook was not read to its end");
        }
        drop(file);
    });
    let view = import_view(app.store.read(), kept, desk.lang).await?;
    Ok((StatusCode::ACCEPTED, Json(view)).into_response())
}

fn wrong_content_type() -> Problem {
    Problem::new(
        Kind::WrongContentType,
        Said::new(
            "提交的内容不是 .xlsx 表格。",
            "What was sent is no .xlsx workbook.",
        ),
        Said::new(
            format!("请用 Content-Type: {WORKBOOK} 提交文件本身。"),
            format!("Send the file itself with Content-Type: {WORKBOOK}."),
        ),
    )
}

fn too_large() -> Problem {
    Problem::new(
        Kind::TooLarge,
        Said::new("文件超过 32 MB。", "The file is larger than 32 MB."),
        Said::new(
            "花名册一般不到 1 MB：请去掉图片和无关的工作表，或分成几份上传。",
            "A roll is rarely 1 MB: take out pictures and other sheets, or split it.",
        ),
    )
}

/// Writes a body to a file of its own as it comes in, which goes away by itself.
async fn to_disk(body: Body) -> Result<tempfile::TempPath> {
    let broken = |error: std::io::Error| Error::Internal(error.to_string());
    let path = tempfile::NamedTempFile::new()
        .map_err(broken)?
        .into_temp_path();
    let mut file = tokio::fs::File::create(&path).await.map_err(broken)?;
    let mut pieces = body.into_data_stream();
    let mut size = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| {
            Problem::new(
                Kind::BadJson,
                Said::new("文件没有传完整。", "The file did not arrive whole."),
                Said::new(
                    "请检查网络后重新上传。",
                    "Check the connection and upload it again.",
                ),
            )
        })?;
        size += piece.len() as u64;
        if size > LARGEST_FILE {
            return Err(too_large().into());
        }
        file.write_all(&piece).await.map_err(broken)?;
    }
    file.flush().await.map_err(broken)?;
    Ok(path)
}

/// The template to fill in.
#[utoipa::path(get, path = "/api/roll/template", tag = "imports",
    responses((status = 200, description = "A workbook with the headings, and a sheet that explains them",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = inline(WorkbookFile)), Reads))]
async fn download_template(desk: Desk) -> Result<Response> {
    let bytes = template(desk.lang).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(as_file("roll-template.xlsx", Body::from(bytes)))
}

/// The roll as a workbook.
///
/// Everybody who lives here. Each file in it counts as looked at.
#[utoipa::path(get, path = "/api/roll/export", tag = "imports",
    responses((status = 200, description = "The workbook",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = inline(WorkbookFile)), Reads))]
async fn download(State(app): State<App>, desk: Desk) -> Result<Response> {
    let broken = |error: std::io::Error| Error::Internal(error.to_string());
    let folder = tempfile::tempdir().map_err(broken)?;
    let path: PathBuf = folder.path().join("roll.xlsx");
    export::export(
        app.store.read(),
        desk.community,
        desk.lang,
        path.clone(),
        |ids| looked(&app, &desk, ids.to_vec(), "export"),
    )
    .await?;
    let file = tokio::fs::File::open(&path).await.map_err(broken)?;
    // The folder lives until the last piece is read.
    let pieces = futures::stream::try_unfold((file, folder), async |(mut file, folder)| {
        let mut piece = vec![0; 64 * 1024];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, (file, folder))))
    });
    let name = format!("roll-{}.xlsx", local_date(desk.zone, app.clock.now()));
    Ok(as_file(&name, Body::from_stream(pieces)))
}

fn as_file(name: &str, body: Body) -> Response {
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(WORKBOOK));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}
