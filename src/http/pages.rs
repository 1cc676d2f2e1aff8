//! The pages, which the program carries inside itself. In a debug build they are read from the disk.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::error::Problem;

#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Pages;

/// Any address that is not the API's: a file of the pages, or the one page that shows them all.
pub async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" {
        return Problem::not_found().into_response();
    }
    if let Some(file) = Pages::get(path) {
        // Vite puts a hash of the content into the names under assets/, so they never change.
        let keep = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let mut answer = Body::from(file.data).into_response();
        let headers = answer.headers_mut();
        if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        return answer;
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(index) = Pages::get("index.html") else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "The pages were not built: run `make run`, or `npm run build` in frontend/.",
        )
            .into_response();
    };
    (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        index.data,
    )
        .into_response()
}
