//! The second factor, for who keeps the accounts: asked for, and reset.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::AccountId;

use super::queries;
use super::views::SecondFactorRule;
use crate::accounts::{queries as accounts, register, sessions};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::Admin;
use crate::http::input::{At, Input};
use crate::said::Said;

/// Take somebody's second factor off whose telephone is lost, and end their sign-ins.
#[utoipa::path(delete, path = "/api/accounts/{id}/second-factor", tag = "accounts",
    params(("id" = AccountId, Path, description = "The account")),
    responses(
        (status = 204, description = "Their next sign-in asks for no code"),
        Removes,
    )
)]
pub async fn reset(
    State(app): State<App>,
    admin: Admin,
    At(id): At<AccountId>,
) -> Result<StatusCode> {
    if id == admin.account {
        return Err(Problem::not_now(Said::new(
            "自己的请到“我的账号”里取消，或请另一位管理员来做。",
            "Take your own off under “My account”, or ask another administrator.",
        ))
        .into());
    }
    let (now, by, community) = (app.clock.now(), admin.account, admin.community);
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let row = accounts::of_community(txn, community, id).await?;
                if queries::switch_off(txn, now, Some(by), &row).await? {
                    sessions::end_all(txn, id, None).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the community asks coordinators and administrators for a second factor.
#[utoipa::path(get, path = "/api/second-factor", tag = "accounts", responses(
    (status = 200, description = "Whether it does", body = SecondFactorRule),
    Reads,
))]
pub async fn rule(State(app): State<App>, admin: Admin) -> Result<Json<SecondFactorRule>> {
    let place = accounts::community(app.store.read(), admin.community).await?;
    Ok(Json(SecondFactorRule {
        required: place.second_factor_required,
    }))
}

/// Ask coordinators and administrators for a second factor, or no longer. Who has none sets it up at the next sign-in.
#[utoipa::path(put, path = "/api/second-factor", tag = "accounts", request_body = SecondFactorRule, responses(
    (status = 200, description = "As it is now", body = SecondFactorRule),
    Writes,
))]
pub async fn change_rule(
    State(app): State<App>,
    admin: Admin,
    input: Input<SecondFactorRule>,
) -> Result<Json<SecondFactorRule>> {
    let wanted = input.body;
    let own = queries::proven(app.store.read(), admin.account).await?;
    if wanted.required && own.is_none() {
        return Err(Problem::field(
            "required",
            Said::new(
                "请先在“我的账号”给自己设好手机验证，再要求大家。",
                "Please set up your own under “My account” before you ask others for one.",
            ),
        )
        .into());
    }
    let (now, by, id) = (app.clock.now(), admin.account, admin.community);
    app.store
        .write(move |txn| {
            Box::pin(
                async move { register::require_second(txn, now, by, id, wanted.required).await },
            )
        })
        .await?;
    Ok(Json(wanted))
}
