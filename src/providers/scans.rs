//! Scans of papers: told by their first bytes, of limited size, kept in a table of their own, and given only as a download.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use entity::ids::{ProviderId, ProviderPaperId};
use entity::provider_scan;
use entity::words::{Lang, ScanKind};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::papers::find;
use super::steps::{Hand, held, touched};
use super::views::ProviderFile;
use super::words::paper_word;
use super::{file, queries};
use crate::app::App;
use crate::error::{Kind, Problem, Result};
use crate::http::caller::Caller;
use crate::said::Said;

/// Bytes of a scan at most: 3 MB.
pub const LARGEST: usize = 3 * 1024 * 1024;

/// What a file is, by its first bytes; nothing where it is none of those that are kept. What a browser says it is does not
/// matter.
#[must_use]
pub fn told_by(bytes: &[u8]) -> Option<ScanKind> {
    if bytes.starts_with(b"%PDF-") {
        Some(ScanKind::Pdf)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(ScanKind::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ScanKind::Png)
    } else {
        None
    }
}

/// Its content type, and how its name ends.
fn type_of(kind: ScanKind) -> (&'static str, &'static str) {
    match kind {
        ScanKind::Pdf => ("application/pdf", "pdf"),
        ScanKind::Jpeg => ("image/jpeg", "jpg"),
        ScanKind::Png => ("image/png", "png"),
    }
}

/// Keeps the scan of a paper; another may take its place until the paper was checked.
///
/// # Errors
/// `too-large`, `wrong-content-type`, `not-found`, `not-now`, or the database's.
pub async fn keep(
    app: &App,
    caller: &Caller,
    (id, paper): (ProviderId, ProviderPaperId),
    body: Body,
) -> Result<ProviderFile> {
    // Who may not is told so before anything is read.
    queries::find(app.store.read(), caller, id).await?;
    find(app.store.read(), id, paper).await?;
    let bytes = to_bytes(body, LARGEST).await.map_err(|_| too_large())?;
    let kind = told_by(&bytes).ok_or_else(wrong_kind)?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.store
        .write(move |txn| {
            let (hand, bytes) = (hand.clone(), bytes.to_vec());
            Box::pin(async move {
                let row = held(txn, &hand.caller, id, None).await?;
                let paper = find(txn, id, paper).await?;
                if paper.checked_at.is_some() {
                    return Err(Problem::not_now(Said::new(
                        "证件已经核对过，扫描件不能再换。",
                        "The paper was checked; its scan can no longer be changed.",
                    ))
                    .into());
                }
                let scan = provider_scan::ActiveModel {
                    paper_id: Set(paper.id),
                    kind: Set(kind),
                    bytes: Set(bytes),
                    added_at: Set(hand.now),
                };
                provider_scan::Entity::insert(scan)
                    .on_conflict(
                        OnConflict::column(provider_scan::Column::PaperId)
                            .update_columns([
                                provider_scan::Column::Kind,
                                provider_scan::Column::Bytes,
                                provider_scan::Column::AddedAt,
                            ])
                            .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                let what = paper_word(paper.kind, Lang::Zh).to_owned();
                hand.record(txn, id, "scan_kept", Some(what)).await?;
                touched(txn, &hand, &row, true).await?;
                file::file(txn, &hand.caller, id, hand.now).await
            })
        })
        .await
}

fn too_large() -> Problem {
    Problem::new(
        Kind::TooLarge,
        Said::new(
            "扫描件超过 3 MB，或没有传完整。",
            "The scan is larger than 3 MB, or did not arrive whole.",
        ),
        Said::new(
            "请用较低的清晰度重新拍照或扫描。",
            "Please photograph or scan it with a lower resolution.",
        ),
    )
}

fn wrong_kind() -> Problem {
    Problem::new(
        Kind::WrongContentType,
        Said::new(
            "这个文件不是 PDF、JPEG 或 PNG。",
            "This file is no PDF, JPEG or PNG.",
        ),
        Said::new(
            "请上传 PDF 扫描件或照片。",
            "Please send a PDF or a photograph.",
        ),
    )
}

/// The scan of a paper, as a download: never shown within a page, never taken for anything else.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn give(
    app: &App,
    caller: &Caller,
    (id, paper): (ProviderId, ProviderPaperId),
) -> Result<Response> {
    let db = app.store.read();
    queries::find(db, caller, id).await?;
    let paper = find(db, id, paper).await?;
    let scan = provider_scan::Entity::find_by_id(paper.id)
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let (content, ending) = type_of(scan.kind);
    let mut answer = Body::from(scan.bytes).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let name = format!("attachment; filename=\"paper-{}.{ending}\"", paper.id);
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(told_by(b"%PDF-1.7 ..."), Some(ScanKind::Pdf));
        assert_eq!(told_by(&[0xff, 0xd8, 0xff, 0xe0]), Some(ScanKind::Jpeg));
        assert_eq!(told_by(b"\x89PNG\r\n\x1a\n..."), Some(ScanKind::Png));
        for other in [&b"<svg onload=alert(1)>"[..], b"PK\x03\x04", b"", b"%PD"] {
            assert_eq!(told_by(other), None);
        }
    }
}
