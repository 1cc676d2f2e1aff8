//! Who keeps the accounts: makes them, locks them, ends their sign-ins.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::AccountId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::register::{self, Checked};
use super::views::{AccountView, Disable, NewAccount};
use super::{check_new, queries};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::Admin;
use crate::http::input::{Answer, Asked, At, Input};
use crate::http::paging::{Page, Paged};
use crate::said::Said;

/// What is looked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountSearch {
    /// A part of the name, the login or the address for mail, in large or small letters.
    q: String,
}

/// The accounts of the community, a page at a time.
#[utoipa::path(get, path = "/api/accounts", tag = "accounts", params(Paged), responses(
    (status = 200, description = "By name", body = Vec<AccountView>,
        headers(("Link" = Option<String>, description = "Where the list goes on, with `rel=\"next\"`; left out on its last page"))),
    Reads,
))]
pub async fn accounts(
    State(app): State<App>,
    admin: Admin,
    Asked(page): Asked<Paged>,
) -> Result<Page<AccountView>> {
    let after = page.after.map(AccountId);
    queries::page(app.store.read(), admin.community, after).await
}

/// Find accounts.
///
/// The first by name, a page at most; whoever is not among them is found by more letters. The words come in the body, for
/// they are somebody's name. Changes nothing.
#[utoipa::path(post, path = "/api/accounts/search", tag = "accounts", request_body = AccountSearch, responses(
    (status = 200, description = "The accounts that fit, by name", body = Vec<AccountView>),
    Writes,
))]
pub async fn search(
    State(app): State<App>,
    admin: Admin,
    Input { body, .. }: Input<AccountSearch>,
) -> Result<Json<Vec<AccountView>>> {
    queries::find(app.store.read(), admin.community, &body.q)
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
    let place = queries::community(app.store.read(), admin.community).await?;
    check_new(&name, &login, &password, &roles, &place.name)?;
    let new = Checked {
        community: admin.community,
        name: name.trim().to_owned(),
        login,
        password_hash: app.hashing.hash(password).await?,
        email: None,
        roles,
        counter: provider_id,
    };
    let (now, by) = (app.clock.now(), admin.account);
    app.write_once(by, input.once, StatusCode::CREATED, move |txn| {
        let new = new.clone();
        Box::pin(async move { register::create(txn, now, Some(by), &new).await })
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
        Box::pin(async move { register::disable(txn, now, by, community, id, disabled).await })
    })
    .await
}

/// End every sign-in of an account: a telephone was lost, somebody left the office in a hurry.
#[utoipa::path(delete, path = "/api/accounts/{id}/sessions", tag = "accounts",
    params(("id" = AccountId, Path, description = "The account")),
    responses(
        (status = 204, description = "Nobody is signed in to it any more"),
        Removes,
    )
)]
pub async fn end_sessions(
    State(app): State<App>,
    admin: Admin,
    At(id): At<AccountId>,
) -> Result<StatusCode> {
    let (now, by, community) = (app.clock.now(), admin.account, admin.community);
    app.store
        .write(move |txn| {
            Box::pin(async move { register::end_sessions(txn, now, by, community, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
