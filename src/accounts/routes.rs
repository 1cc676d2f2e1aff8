//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use entity::words::Lang;
use tower_sessions::Session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::begin::{self, Step};
use super::views::{DemoEntry, Entrance, Me, Opened, SignIn, WhereTo};
use super::{LONGEST_PASSWORD, Token, links, looks_like_mail};
use super::{entrance, keep, own, queries, second, tries};
use crate::app::App;
use crate::demo;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::answers::{Removes, Writes};
use crate::http::caller::Caller;
use crate::http::input::{At, Input};
use crate::http::problem::{ProblemView, asked_language};
use crate::http::session::failed;
use crate::http::source::Source;
use crate::said::Said;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(entrance))
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(enter_demo))
        .routes(routes!(second::routes::sign_in_code))
        .routes(routes!(second::routes::mine, second::routes::offer))
        .routes(routes!(second::routes::prove))
        .routes(routes!(second::routes::recovery_codes))
        .routes(routes!(second::routes::remove))
        .routes(routes!(second::keep::reset))
        .routes(routes!(second::keep::rule, second::keep::change_rule))
        .routes(routes!(own::me, own::change_me))
        .routes(routes!(own::account))
        .routes(routes!(own::change_password))
        .routes(routes!(own::sessions, own::end_others))
        .routes(routes!(own::end_session))
        .routes(routes!(ask_link))
        .routes(routes!(open_link))
        .routes(routes!(renew_link))
        .routes(routes!(keep::accounts, keep::create))
        .routes(routes!(keep::search))
        .routes(routes!(keep::disable))
        .routes(routes!(keep::end_sessions))
}

/// The entrance, for everybody.
#[utoipa::path(get, path = "/api/entrance", security(()), tag = "accounts", responses(
    (status = 200, description = "What the sign-in page shows", body = Entrance),
    (status = 500, description = "Something failed here", content_type = "application/problem+json", body = ProblemView),
    (status = 503, description = "The database cannot be reached", content_type = "application/problem+json", body = ProblemView),
))]
pub async fn entrance(State(app): State<App>, headers: HeaderMap) -> Result<Json<Entrance>> {
    let lang = asked_language(&headers).unwrap_or(Lang::Zh);
    entrance::entrance(app.store.read(), app.demo, lang)
        .await
        .map(Json)
}

/// Sign in with login and password.
#[utoipa::path(post, path = "/api/session", security(()), tag = "accounts", request_body = SignIn, responses(
    (status = 200, description = "Signed in; the cookie is set", body = Me),
    Writes,
))]
pub async fn sign_in(
    State(app): State<App>,
    session: Session,
    Source(from): Source,
    input: Input<SignIn>,
) -> Result<Json<Me>> {
    let SignIn { login, password } = input.body;
    let login = login.trim().to_lowercase();
    if login.len() > 100 || password.chars().count() > LONGEST_PASSWORD {
        return Err(wrong_login());
    }
    let now = app.clock.now();
    let known = tries::is_known(app.store.read(), &login, from, now).await?;
    let counts = tries::of_secret("password", &login, from, known);
    tries::begin(&app.store, now, counts.clone()).await?;
    let found = queries::by_login(app.store.read(), &login).await?;
    let stored = found.as_ref().and_then(|row| row.password_hash.clone());
    let right = app.hashing.verify(password, stored).await?;
    let Some(account) = found.filter(|_| right) else {
        // Neither what was typed nor from where: a mistyped login is often a password.
        tracing::info!("a sign-in was refused");
        return Err(wrong_login());
    };
    let step = begin::first_step(&app, &session, &account, None).await?;
    // From where somebody knows the password but not the code, nobody has got in.
    let from = from.filter(|_| matches!(step, Step::In(_)));
    let id = account.id;
    app.store
        .write(move |txn| {
            let counts = counts.clone();
            Box::pin(async move { tries::got_in(txn, now, id, from, &counts).await })
        })
        .await?;
    step.done().map(Json)
}

fn wrong_login() -> Error {
    Problem::new(
        Kind::WrongLogin,
        Said::new(
            "登录名或密码不对。",
            "Login and password do not go together.",
        ),
        Said::new(
            "请再核对一遍；忘了密码，可以用邮箱收一个登录链接，或打电话给服务台。",
            "Please check both; if you forgot the password, ask for a link by mail or call the office.",
        ),
    )
    .into()
}

/// Sign out.
#[utoipa::path(delete, path = "/api/session", security(()), tag = "accounts", responses(
    (status = 204, description = "Nobody is signed in any more"),
    Removes,
))]
pub async fn sign_out(session: Session) -> Result<StatusCode> {
    session.flush().await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter the demonstration as one of its people.
#[utoipa::path(post, path = "/api/session/demo", security(()), tag = "accounts", request_body = DemoEntry, responses(
    (status = 200, description = "Signed in; the cookie is set", body = Me),
    Writes,
))]
pub async fn enter_demo(
    State(app): State<App>,
    session: Session,
    input: Input<DemoEntry>,
) -> Result<Json<Me>> {
    if !app.demo {
        return Err(Problem::not_found().into());
    }
    let person = demo::people()
        .iter()
        .find(|person| person.kind == input.body.kind)
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let account = queries::by_login(app.store.read(), person.login)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    begin::signed_in(&app, &session, account.id, false)
        .await
        .map(Json)
}

/// Ask for a one-time link by mail. The answer is the same whether the address is known or not.
#[utoipa::path(post, path = "/api/links", security(()), tag = "accounts", request_body = WhereTo, responses(
    (status = 202, description = "If somebody has this address, a link is on its way"),
    Writes,
))]
pub async fn ask_link(
    State(app): State<App>,
    Source(from): Source,
    input: Input<WhereTo>,
) -> Result<StatusCode> {
    let address = input.body.address.trim().to_owned();
    if !looks_like_mail(&address) {
        return Err(Problem::field(
            "address",
            Said::new(
                "这不像一个邮箱地址，例如 wang@example.org。",
                "This does not look like a mail address, such as wang@example.org.",
            ),
        )
        .into());
    }
    let now = app.clock.now();
    tries::begin(&app.store, now, tries::of_link(&address, from)).await?;
    app.store
        .write(move |txn| {
            let address = address.clone();
            Box::pin(async move { links::send_to_address(txn, now, &address).await })
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Open a one-time link: it signs in, and is spent.
#[utoipa::path(post, path = "/api/links/{token}/open", security(()), tag = "accounts",
    params(("token" = String, Path, description = "The end of the link's address")),
    responses(
        (status = 200, description = "Signed in; the cookie is set", body = Opened),
        (status = 410, description = "The link was used (link-used) or is too old (link-expired)", content_type = "application/problem+json", body = ProblemView),
        Removes,
    )
)]
pub async fn open_link(
    State(app): State<App>,
    session: Session,
    caller: Option<Caller>,
    Source(from): Source,
    At(token): At<String>,
) -> Result<Json<Opened>> {
    let (now, token) = (app.clock.now(), Token::sent(&token));
    let signed_in = caller.map(|caller| caller.account);
    let link = app
        .store
        .write(move |txn| {
            let token = token.clone();
            Box::pin(async move { links::open(txn, now, &token, signed_in).await })
        })
        .await?;
    let goto = links::goto(app.store.read(), &link).await?;
    let account = queries::by_id(app.store.read(), link.account_id).await?;
    let step = begin::first_step(&app, &session, &account, Some(goto.clone())).await?;
    let me = step.done()?;
    if account.password_hash.is_some() {
        // From here on her password is tried without what others try elsewhere.
        let id = account.id;
        app.store
            .write(move |txn| Box::pin(async move { tries::got_in(txn, now, id, from, &[]).await }))
            .await?;
    }
    let goto = if me.must_enrol { me.home.clone() } else { goto };
    Ok(Json(Opened { me, goto }))
}

/// Ask for a fresh link to where this one went. The answer is the same whether it was one or not.
#[utoipa::path(post, path = "/api/links/{token}/renew", security(()), tag = "accounts",
    params(("token" = String, Path, description = "The end of the old link's address")),
    responses(
        (status = 202, description = "If it was a link, a fresh one is on its way"),
        (status = 429, description = "Too many were asked for (too-many)", content_type = "application/problem+json", body = ProblemView),
        Removes,
    )
)]
pub async fn renew_link(
    State(app): State<App>,
    Source(from): Source,
    At(token): At<String>,
) -> Result<StatusCode> {
    let (now, token) = (app.clock.now(), Token::sent(&token));
    tries::begin(&app.store, now, tries::of_link(&token.hash(), from)).await?;
    app.store
        .write(move |txn| {
            let token = token.clone();
            Box::pin(async move { links::renew(txn, now, &token).await })
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}
