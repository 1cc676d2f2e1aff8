//! The one error that reaches the edge: what went wrong, as a problem document (RFC 9457) a person can act on.

use axum::http::StatusCode;
use sea_orm::DbErr;
use serde_json::Value;

use crate::said::Said;

/// What every room returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A refusal with its sentence; the person can do something about it.
    #[error("{}", .0.kind.word())]
    Refused(Box<Problem>),
    /// The database failed; the detail goes to the log alone.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Something of ours failed; the detail goes to the log alone.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

/// The stable kinds of problem: their word is the last part of `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It does not exist, or not for this caller.
    NotFound,
    /// Nobody is signed in.
    SignIn,
    /// Login and password do not go together.
    WrongLogin,
    /// Password or link are right, and a code of the second factor is wanted.
    CodeWanted,
    /// The code is not right, or was used before.
    WrongCode,
    /// A second factor has to be set up before anything else.
    EnrolFirst,
    /// A one-time link was used before.
    LinkUsed,
    /// A one-time link is too old, or never was one.
    LinkExpired,
    /// The body is too large.
    TooLarge,
    /// The body is no JSON.
    BadJson,
    /// The body is not JSON by its content type.
    WrongContentType,
    /// A field does not hold, or the body is JSON and not what was asked for.
    Invalid,
    /// Nobody can come at that time (any more).
    SlotTaken,
    /// The helper's time is taken by another visit.
    Clash,
    /// An assignment would break a rule.
    RuleBroken,
    /// Somebody else changed it meanwhile.
    Stale,
    /// The state does not allow it.
    NotNow,
    /// The idempotency key came with another body.
    IdempotencyMismatch,
    /// Too many tries.
    TooMany,
    /// A request from another site.
    CrossSite,
    /// The method is not offered here.
    MethodNotAllowed,
    /// The database or another part cannot be reached.
    Unavailable,
    /// More is asked than can be done just now.
    Busy,
    /// Ours.
    Internal,
}

impl Kind {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn => "sign-in",
            Self::WrongLogin => "wrong-login",
            Self::CodeWanted => "code-wanted",
            Self::WrongCode => "wrong-code",
            Self::EnrolFirst => "enrol-first",
            Self::LinkUsed => "link-used",
            Self::LinkExpired => "link-expired",
            Self::TooLarge => "too-large",
            Self::BadJson => "bad-json",
            Self::WrongContentType => "wrong-content-type",
            Self::Invalid => "invalid",
            Self::SlotTaken => "slot-taken",
            Self::Clash => "clash",
            Self::RuleBroken => "rule-broken",
            Self::Stale => "stale",
            Self::NotNow => "not-now",
            Self::IdempotencyMismatch => "idempotency-mismatch",
            Self::TooMany => "too-many",
            Self::CrossSite => "cross-site",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn | Self::WrongLogin | Self::CodeWanted | Self::WrongCode => {
                StatusCode::UNAUTHORIZED
            }
            Self::LinkUsed | Self::LinkExpired => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadJson => StatusCode::BAD_REQUEST,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid | Self::RuleBroken | Self::IdempotencyMismatch => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::SlotTaken | Self::Clash | Self::Stale | Self::NotNow => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::CrossSite | Self::EnrolFirst => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A field that does not hold, and why.
#[derive(Clone, Debug)]
pub struct FieldProblem {
    /// The field's name in the request.
    pub field: &'static str,
    /// What is wrong with it.
    pub message: Said,
}

/// A rule that an assignment would break.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The rule's stable word.
    pub code: &'static str,
    /// The rule's sentence.
    pub sentence: Said,
    /// Whether a coordinator may set it aside with a reason.
    pub overridable: bool,
}

/// A refusal in words.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which kind.
    pub kind: Kind,
    /// What happened.
    pub what: Said,
    /// What to do.
    pub action: Said,
    /// The fields it is about.
    pub fields: Vec<FieldProblem>,
    /// The rules it is about.
    pub broken: Vec<Broken>,
    /// Other times, for `slot-taken`.
    pub alternatives: Option<Value>,
    /// Seconds after which it may be tried again, for `too-many`, `unavailable` and `busy`.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A refusal of this kind: what happened, what to do.
    #[must_use]
    pub fn new(kind: Kind, what: Said, action: Said) -> Self {
        Self {
            kind,
            what,
            action,
            fields: Vec::new(),
            broken: Vec::new(),
            alternatives: None,
            retry_after: None,
        }
    }

    /// One field that does not hold.
    #[must_use]
    pub fn field(field: &'static str, message: Said) -> Self {
        let mut problem = Self::new(
            Kind::Invalid,
            message.clone(),
            Said::new(
                "请改正标出的一项，再提交一次。",
                "Please mend the marked field and send it again.",
            ),
        );
        problem.fields.push(FieldProblem { field, message });
        problem
    }

    /// The answer for what does not exist, and for what this caller may not see: the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            Kind::NotFound,
            Said::new("没有找到这一项。", "This could not be found."),
            Said::new(
                "请返回上一页，或从首页重新查找。",
                "Go back, or look for it again from the first page.",
            ),
        )
    }

    /// The answer where nobody is signed in.
    #[must_use]
    pub fn sign_in() -> Self {
        Self::new(
            Kind::SignIn,
            Said::new(
                "您还没有登录，或登录已过期。",
                "You are not signed in, or no longer.",
            ),
            Said::new("请重新登录。", "Please sign in again."),
        )
    }

    /// The answer where somebody else was faster.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            Kind::Stale,
            Said::new("刚才有人改动了这一项。", "Somebody has just changed this."),
            Said::new(
                "页面已更新，请看一眼再决定。",
                "The page has been refreshed; please look again and decide.",
            ),
        )
    }

    /// The answer where the state forbids the step.
    #[must_use]
    pub fn not_now(what: Said) -> Self {
        Self::new(
            Kind::NotNow,
            what,
            Said::new(
                "请刷新页面查看最新情况，或打电话给服务台。",
                "Refresh to see how things stand, or call the office.",
            ),
        )
    }
}
