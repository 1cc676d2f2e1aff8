//! One's own account: who one is, one's password, one's sign-ins.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::account;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use tower_sessions::Session;

use super::second::check::password_again;
use super::secret::{self, SetBy};
use super::views::{Me, MyAccount, MyWishes, NewPassword, SessionView};
use super::{DEMO_LOGIN, queries, sessions, strength};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::Caller;
use crate::http::entrant::Entrant;
use crate::http::input::{At, Input};
use crate::http::lasting::Limits;
use crate::http::session::{RowKey, failed};
use crate::http::source::Source;
use crate::said::Said;

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "accounts", responses(
    (status = 200, description = "Who is signed in", body = Me),
    Reads,
))]
pub async fn me(State(app): State<App>, entrant: Entrant) -> Result<Json<Me>> {
    let id = entrant.caller.account;
    let me = queries::me(app.store.read(), id, app.clock.now(), app.demo).await?;
    Ok(Json(me.to_enrol(entrant.must_enrol)))
}

/// Change what one may change about oneself.
#[utoipa::path(patch, path = "/api/me", tag = "accounts", request_body = MyWishes, responses(
    (status = 200, description = "Who is signed in, as it is now", body = Me),
    Writes,
))]
pub async fn change_me(
    State(app): State<App>,
    entrant: Entrant,
    input: Input<MyWishes>,
) -> Result<Json<Me>> {
    if let Some(lang) = input.body.lang {
        let id = entrant.caller.account;
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
    me(State(app), entrant).await
}

/// What one may see of one's own account.
#[utoipa::path(get, path = "/api/me/account", tag = "accounts", responses(
    (status = 200, description = "The own account", body = MyAccount),
    Reads,
))]
pub async fn account(State(app): State<App>, entrant: Entrant) -> Result<Json<MyAccount>> {
    let row = queries::by_id(app.store.read(), entrant.caller.account).await?;
    let shared = is_shared(&app, &row);
    Ok(Json(MyAccount {
        login: row.login,
        email: row.email,
        has_password: row.password_hash.is_some(),
        shared,
    }))
}

/// Change one's own password. Every other sign-in of the account ends; this one goes on.
#[utoipa::path(put, path = "/api/me/password", tag = "accounts", request_body = NewPassword, responses(
    (status = 204, description = "It is changed; the cookie is set anew"),
    Writes,
))]
pub async fn change_password(
    State(app): State<App>,
    session: Session,
    caller: Caller,
    Source(from): Source,
    input: Input<NewPassword>,
) -> Result<StatusCode> {
    let NewPassword { old, new } = input.body;
    let row = queries::by_id(app.store.read(), caller.account).await?;
    refuse_shared(&app, &row)?;
    let Some(stored) = row.password_hash.clone() else {
        return Err(Problem::not_now(Said::new(
            "您的账号用邮件里的链接登录，没有密码。",
            "Your account is signed in to by a link in a mail; it has no password.",
        ))
        .into());
    };
    let place = queries::community(app.store.read(), row.community_id).await?;
    let login = row.login.clone().unwrap_or_default();
    // Whoever found the page open is not to find the password out here.
    password_again(&app, &row, ("old", old), from).await?;
    strength::check("new", &new, &login, &place.name)?;
    if app.hashing.verify(new.clone(), Some(stored)).await? {
        return Err(Problem::field(
            "new",
            Said::new("新密码和原来的一样。", "This is the password you have."),
        )
        .into());
    }
    let (now, hash) = (app.clock.now(), app.hashing.hash(new).await?);
    app.store
        .write(move |txn| {
            let (row, hash) = (row.clone(), hash.clone());
            Box::pin(async move { secret::set(txn, now, &row, hash, SetBy::Owner).await })
        })
        .await?;
    session.cycle_id().await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where one is signed in: when each began and was last used.
#[utoipa::path(get, path = "/api/me/sessions", tag = "accounts", responses(
    (status = 200, description = "The last to end first", body = Vec<SessionView>),
    Reads,
))]
pub async fn sessions(
    State(app): State<App>,
    caller: Caller,
    RowKey(here): RowKey,
) -> Result<Json<Vec<SessionView>>> {
    let (db, limits, now) = (app.store.read(), Limits::of(&caller.roles), app.clock.now());
    let row = queries::by_id(db, caller.account).await?;
    let mut all = sessions::of_account(db, caller.account, limits, here.as_deref(), now).await?;
    if is_shared(&app, &row) {
        all.retain(|one| one.here);
    }
    Ok(Json(all))
}

/// End one of one's own sign-ins.
#[utoipa::path(delete, path = "/api/me/sessions/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Which, from the list of one's own")),
    responses(
        (status = 204, description = "It has ended"),
        Removes,
    )
)]
pub async fn end_session(
    State(app): State<App>,
    caller: Caller,
    At(name): At<String>,
) -> Result<StatusCode> {
    let (id, row) = (
        caller.account,
        queries::by_id(app.store.read(), caller.account).await?,
    );
    refuse_shared(&app, &row)?;
    app.store
        .write(move |txn| {
            let name = name.clone();
            Box::pin(async move { sessions::end_one(txn, id, &name).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of one's own sign-ins but this one.
#[utoipa::path(delete, path = "/api/me/sessions", tag = "accounts", responses(
    (status = 204, description = "This is the only one left"),
    Removes,
))]
pub async fn end_others(
    State(app): State<App>,
    caller: Caller,
    RowKey(here): RowKey,
) -> Result<StatusCode> {
    let (id, row) = (
        caller.account,
        queries::by_id(app.store.read(), caller.account).await?,
    );
    refuse_shared(&app, &row)?;
    app.store
        .write(move |txn| {
            let here = here.clone();
            Box::pin(async move { sessions::end_all(txn, id, here.as_deref()).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether it is an account of the demonstration, which whoever comes by uses.
pub(super) fn is_shared(app: &App, row: &account::Model) -> bool {
    app.demo
        && row
            .login
            .as_ref()
            .is_some_and(|login| login.starts_with(DEMO_LOGIN))
}

/// Nobody shuts the demonstration's accounts against the next who comes by.
pub(super) fn refuse_shared(app: &App, row: &account::Model) -> Result<()> {
    if is_shared(app, row) {
        return Err(Problem::not_now(Said::new(
            "演示账号是大家共用的，这里不能改。",
            "Everybody shares the accounts of the demonstration; this cannot be changed here.",
        ))
        .into());
    }
    Ok(())
}
