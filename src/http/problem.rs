//! Problem documents: how a refusal leaves the house, in the language that was asked for.

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use entity::words::Lang;
use sea_orm::SqlErr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, Kind, Problem};
use crate::said::Said;

/// Seconds after which to try again where nothing better is known.
const RETRY_AFTER_S: u32 = 5;

/// A problem document after RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// Stable: `/problems/` and a word.
    #[serde(rename = "type")]
    pub kind: String,
    /// The word again, for people who read logs.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// What to do.
    pub action: String,
    /// The fields it is about.
    pub fields: Vec<FieldView>,
    /// The rules an assignment would break, for `rule-broken` and `clash`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub broken: Vec<BrokenView>,
    /// Other times that can be served, for `slot-taken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<crate::bookings::views::Time>>)]
    pub alternatives: Option<serde_json::Value>,
}

/// A field that does not hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub struct FieldView {
    /// Its name in the request.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A rule that an assignment would break.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Broken)]
pub struct BrokenView {
    /// The rule's stable word.
    pub code: String,
    /// The rule's sentence.
    pub sentence: String,
    /// Whether a coordinator may set it aside with a reason.
    pub overridable: bool,
}

impl From<&crate::error::Broken> for BrokenView {
    fn from(broken: &crate::error::Broken) -> Self {
        Self::new(broken, Lang::Zh)
    }
}

impl BrokenView {
    /// The rule's sentence in one language.
    #[must_use]
    pub fn new(broken: &crate::error::Broken, lang: Lang) -> Self {
        Self {
            code: broken.code.to_owned(),
            sentence: broken.sentence.to(lang),
            overridable: broken.overridable,
        }
    }
}

impl Problem {
    /// The document in one language.
    #[must_use]
    pub fn view(&self, lang: Lang) -> ProblemView {
        ProblemView {
            kind: format!("/problems/{}", self.kind.word()),
            title: self.kind.word().replace('-', " "),
            status: self.kind.status().as_u16(),
            detail: self.what.to(lang),
            action: self.action.to(lang),
            fields: self
                .fields
                .iter()
                .map(|field| FieldView {
                    field: field.field.to_owned(),
                    message: field.message.to(lang),
                })
                .collect(),
            broken: self
                .broken
                .iter()
                .map(|broken| BrokenView::new(broken, lang))
                .collect(),
            alternatives: self.alternatives.clone(),
        }
    }

    fn respond(&self, lang: Lang) -> Response {
        let mut answer = (self.kind.status(), Json(self.view(lang))).into_response();
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if matches!(self.kind, Kind::TooMany | Kind::Unavailable | Kind::Busy) {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(self.retry_after.unwrap_or(RETRY_AFTER_S)),
            );
        }
        answer
    }
}

/// Kept with an answer until the language of the request is known.
#[derive(Clone)]
struct Untranslated(Problem);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = self.respond(Lang::Zh);
        answer.extensions_mut().insert(Untranslated(self));
        answer
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}

impl Error {
    /// What is told to the caller; the detail of a failure of ours goes to the log alone.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Database(error) => match error.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => Problem::stale(),
                _ => {
                    tracing::error!(error = %redact(&error.to_string()), "database");
                    Problem::new(
                        Kind::Unavailable,
                        Said::new(
                            "数据库暂时没有响应，您的操作没有保存。",
                            "The database did not answer; nothing was saved.",
                        ),
                        Said::new("请过几秒再试一次。", "Please try again in a few seconds."),
                    )
                }
            },
            Self::Internal(detail) => {
                tracing::error!(%detail, "internal");
                Problem::new(
                    Kind::Internal,
                    Said::new(
                        "系统出了错，您的操作没有完成。",
                        "Something went wrong here; it was not done.",
                    ),
                    Said::new(
                        "请再试一次；如果还不行，请打电话给服务台。",
                        "Please try again; if it still fails, call the office.",
                    ),
                )
            }
        }
    }
}

/// The first line of a database error: what follows may quote values.
fn redact(error: &str) -> &str {
    error.lines().next().unwrap_or_default()
}

/// The language asked for: English where it comes first, Chinese otherwise.
#[must_use]
pub fn asked_language(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = wanted.split(',').next()?.trim().to_ascii_lowercase();
    if first.starts_with("zh") {
        Some(Lang::Zh)
    } else if first.starts_with("en") {
        Some(Lang::En)
    } else {
        None
    }
}

/// Puts problem documents into the language of the request, and gives axum's own bare refusals a document.
pub async fn in_their_language(request: Request<Body>, next: Next) -> Response {
    let lang = asked_language(request.headers()).unwrap_or(Lang::Zh);
    let answer = next.run(request).await;
    if let Some(Untranslated(problem)) = answer.extensions().get::<Untranslated>() {
        let mut told = problem.respond(lang);
        // A refusal may set a cookie, or take one away.
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            told.headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
        return told;
    }
    if answer.status() == axum::http::StatusCode::METHOD_NOT_ALLOWED {
        let allow = answer.headers().get(header::ALLOW).cloned();
        let mut told = Problem::new(
            Kind::MethodNotAllowed,
            Said::new(
                "这个地址不接受这种请求。",
                "This address does not take that kind of request.",
            ),
            Said::new("请查看接口文档。", "See the API documentation."),
        )
        .respond(lang);
        if let Some(allow) = allow {
            told.headers_mut().insert(header::ALLOW, allow);
        }
        return told;
    }
    answer
}
