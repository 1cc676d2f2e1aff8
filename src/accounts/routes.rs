//! The room's routes.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use entity::account;
use entity::ids::AccountId;
use entity::words::Lang;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use tower_sessions::Session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::Checked;
use super::views::{
    AccountView, DemoEntry, Disable, Entrance, Me, MyWishes, NewAccount, Opened, SignIn, WhereTo,
};
use super::{LONGEST_PASSWORD, Token, check_new, links, looks_like_mail};
use super::{password, queries};
use crate::app::App;
use crate::demo;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Admin, Caller};
use crate::http::input::{Answer, At, Input};
use crate::http::problem::{ProblemView, asked_language};
use crate::http::session::{ACCOUNT, failed};
use crate::said::Said;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(entrance))
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(enter_demo))
        .routes(routes!(me, change_me))
        .routes(routes!(ask_link))
        .routes(routes!(open_link))
        .routes(routes!(renew_link))
        .routes(routes!(accounts, create))
        .routes(routes!(disable))
}

/// The address a request comes from, where the server knows it.
#[derive(Debug)]
pub struct From(Option<IpAddr>);

impl FromRequestParts<App> for From {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        Ok(Self(
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|ConnectInfo(address)| address.ip()),
        ))
    }
}

/// The entrance, for everybody.
#[utoipa::path(get, path = "/api/entrance", tag = "accounts", responses(
    (status = 200, description = "What the sign-in page shows", body = Entrance),
    (status = 500, description = "Something failed here", content_type = "application/problem+json", body = ProblemView),
    (status = 503, description = "The database cannot be reached", content_type = "application/problem+json", body = ProblemView),
))]
pub async fn entrance(State(app): State<App>, headers: HeaderMap) -> Result<Json<Entrance>> {
    let lang = asked_language(&headers).unwrap_or(Lang::Zh);
    queries::entrance(app.store.read(), app.demo, lang)
        .await
        .map(Json)
}

/// Sign in with login and password.
#[utoipa::path(post, path = "/api/session", tag = "accounts", request_body = SignIn, responses(
    (status = 200, description = "Signed in; the cookie is set", body = Me),
    Writes,
))]
pub async fn sign_in(
    State(app): State<App>,
    session: Session,
    From(address): From,
    input: Input<SignIn>,
) -> Result<Json<Me>> {
    let SignIn { login, password } = input.body;
    let login = login.trim().to_lowercase();
    if login.len() > 100 || password.chars().count() > LONGEST_PASSWORD {
        return Err(wrong_login());
    }
    let who = (login, address);
    if !app.tries.begin(&who, app.clock.now()) {
        return Err(too_many());
    }
    let found = queries::by_login(app.store.read(), &who.0).await?;
    let stored = found.as_ref().and_then(|row| row.password_hash.clone());
    let right = password::verify(password, stored).await?;
    let Some(account) = found.filter(|_| right) else {
        return Err(wrong_login());
    };
    app.tries.forget(&who);
    begin(&app, &session, account.id).await.map(Json)
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

fn too_many() -> Error {
    Problem::new(
        Kind::TooMany,
        Said::new("试的次数太多了。", "There were too many tries."),
        Said::new(
            "请等 5 分钟再试，或用邮箱收一个登录链接。",
            "Please wait five minutes, or ask for a link by mail.",
        ),
    )
    .into()
}

/// Signs an account in under a new session number, so that nobody can have planted the old one.
async fn begin(app: &App, session: &Session, account: AccountId) -> Result<Me> {
    session.cycle_id().await.map_err(failed)?;
    session.insert(ACCOUNT, account.0).await.map_err(failed)?;
    queries::me(app.store.read(), account, app.clock.now(), app.demo).await
}

/// Sign out.
#[utoipa::path(delete, path = "/api/session", tag = "accounts", responses(
    (status = 204, description = "Nobody is signed in any more"),
    Removes,
))]
pub async fn sign_out(session: Session) -> Result<StatusCode> {
    session.flush().await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter the demonstration as one of its people.
#[utoipa::path(post, path = "/api/session/demo", tag = "accounts", request_body = DemoEntry, responses(
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
    begin(&app, &session, account.id).await.map(Json)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "accounts", responses(
    (status = 200, description = "Who is signed in", body = Me),
    Reads,
))]
pub async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    queries::me(app.store.read(), caller.account, app.clock.now(), app.demo)
        .await
        .map(Json)
}

/// Change what one may change about oneself.
#[utoipa::path(patch, path = "/api/me", tag = "accounts", request_body = MyWishes, responses(
    (status = 200, description = "Who is signed in, as it is now", body = Me),
    Writes,
))]
pub async fn change_me(
    State(app): State<App>,
    caller: Caller,
    input: Input<MyWishes>,
) -> Result<Json<Me>> {
    if let Some(lang) = input.body.lang {
        let id = caller.account;
        app.store
            .write(move |txn| {
                Box::pin(async move {
                    account::ActiveModel {
                        id: Set(id),
                        lang: Set(lang),
                        ..Default::default()
                    }
                    .update(txn)
                    .await?;
                    Ok(())
                })
            })
            .await?;
    }
    me(State(app), caller).await
}

/// Ask for a one-time link by mail. The answer is the same whether the address is known or not.
#[utoipa::path(post, path = "/api/links", tag = "accounts", request_body = WhereTo, responses(
    (status = 202, description = "If somebody has this address, a link is on its way"),
    Writes,
))]
pub async fn ask_link(State(app): State<App>, input: Input<WhereTo>) -> Result<StatusCode> {
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
    app.store
        .write(move |txn| {
            let address = address.clone();
            Box::pin(async move { links::send_to_address(txn, now, &address).await })
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Open a one-time link: it signs in, and is spent.
#[utoipa::path(post, path = "/api/links/{token}/open", tag = "accounts",
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
    let me = begin(&app, &session, link.account_id).await?;
    Ok(Json(Opened { me, goto }))
}

/// Ask for a fresh link to where this one went. The answer is the same whether it was one or not.
#[utoipa::path(post, path = "/api/links/{token}/renew", tag = "accounts",
    params(("token" = String, Path, description = "The end of the old link's address")),
    responses(
        (status = 202, description = "If it was a link, a fresh one is on its way"),
        Removes,
    )
)]
pub async fn renew_link(State(app): State<App>, At(token): At<String>) -> Result<StatusCode> {
    let (now, token) = (app.clock.now(), Token::sent(&token));
    app.store
        .write(move |txn| {
            let token = token.clone();
            Box::pin(async move { links::renew(txn, now, &token).await })
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Every account of the community.
#[utoipa::path(get, path = "/api/accounts", tag = "accounts", responses(
    (status = 200, description = "By name", body = Vec<AccountView>),
    Reads,
))]
pub async fn accounts(State(app): State<App>, admin: Admin) -> Result<Json<Vec<AccountView>>> {
    queries::all(app.store.read(), admin.community)
        .await
        .map(Json)
}

/// Make an account of the office.
#[utoipa::path(post, path = "/api/accounts", tag = "accounts", request_body = NewAccount, responses(
    (status = 201, description = "The account", body = AccountView),
    Writes,
))]
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    input: Input<NewAccount>,
) -> Result<Answer> {
    let NewAccount {
        name,
        login,
        password,
        roles,
        provider_id,
    } = input.body;
    check_new(&name, &login, &password, &roles)?;
    let new = Checked {
        community: admin.community,
        name: name.trim().to_owned(),
        login,
        password_hash: password::hash_aside(password).await?,
        email: None,
        roles,
        counter: provider_id,
    };
    let (now, by) = (app.clock.now(), admin.account);
    app.write_once(by, input.once, StatusCode::CREATED, move |txn| {
        let new = new.clone();
        Box::pin(async move { queries::create(txn, now, Some(by), &new).await })
    })
    .await
}

/// Lock an account and end its sessions, or open it again.
#[utoipa::path(post, path = "/api/accounts/{id}/disable", tag = "accounts", request_body = Disable,
    params(("id" = AccountId, Path, description = "The account")),
    responses(
        (status = 200, description = "The account, as it is now", body = AccountView),
        Writes,
    )
)]
pub async fn disable(
    State(app): State<App>,
    admin: Admin,
    At(id): At<AccountId>,
    input: Input<Disable>,
) -> Result<Answer> {
    let (now, by, community) = (app.clock.now(), admin.account, admin.community);
    let disabled = input.body.disabled;
    if disabled && id == by {
        return Err(Problem::field(
            "disabled",
            Said::new(
                "不能停用自己的账号，请让另一位管理员来做。",
                "You cannot lock your own account; ask another administrator.",
            ),
        )
        .into());
    }
    app.write_once(by, input.once, StatusCode::OK, move |txn| {
        Box::pin(async move { queries::disable(txn, now, by, community, id, disabled).await })
    })
    .await
}
