//! The routes of the second factor.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::account;
use tower_sessions::Session;

use super::check::{new_codes, password_again, take};
use super::views::{
    Code, CodeTaken, NewSecret, PasswordAgain, RecoveryCodes, RemoveSecondFactor, SecondFactorView,
};
use super::{SECRET_BYTES, address, concerns, picture, queries, spelled, step_of, wrong_code};
use crate::accounts::own::refuse_shared;
use crate::accounts::{begin, queries as accounts, tries};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::Caller;
use crate::http::entrant::Entrant;
use crate::http::input::Input;
use crate::http::session::{ENROL, failed};
use crate::http::source::Source;
use crate::said::Said;

/// The second step of signing in: the code, after password or link.
#[utoipa::path(post, path = "/api/session/code", security(()), tag = "accounts", request_body = Code, responses(
    (status = 200, description = "Signed in; the cookie is set anew", body = CodeTaken),
    Writes,
))]
pub async fn sign_in_code(
    State(app): State<App>,
    session: Session,
    Source(from): Source,
    input: Input<Code>,
) -> Result<Json<CodeTaken>> {
    let waiting = begin::waiting(&app, &session).await?;
    let counts = take(&app, &waiting.account, &input.body.code, from).await?;
    let (id, now) = (waiting.account.id, app.clock.now());
    app.store
        .write(move |txn| {
            let counts = counts.clone();
            Box::pin(async move { tries::got_in(txn, now, id, from, &counts).await })
        })
        .await?;
    let me = begin::signed_in(&app, &session, id, false).await?;
    let goto = waiting.goto.unwrap_or_else(|| me.home.clone());
    Ok(Json(CodeTaken { me, goto }))
}

/// How things stand with one's own second factor.
#[utoipa::path(get, path = "/api/me/second-factor", tag = "accounts", responses(
    (status = 200, description = "How things stand", body = SecondFactorView),
    Reads,
))]
pub async fn mine(
    State(app): State<App>,
    Entrant { caller, .. }: Entrant,
) -> Result<Json<SecondFactorView>> {
    let db = app.store.read();
    let place = accounts::community(db, caller.community).await?;
    let on = queries::proven(db, caller.account).await?;
    let offered = concerns(&caller.roles);
    Ok(Json(SecondFactorView {
        since: on.and_then(|row| row.proven_at),
        recovery_codes_left: queries::count_left(db, caller.account).await?,
        offered,
        required: offered && place.second_factor_required,
    }))
}

/// Begin to set up one's own second factor: a secret for the telephone.
#[utoipa::path(post, path = "/api/me/second-factor", tag = "accounts", request_body = PasswordAgain, responses(
    (status = 200, description = "The secret, shown this once", body = NewSecret),
    Writes,
))]
pub async fn offer(
    State(app): State<App>,
    Entrant { caller, .. }: Entrant,
    Source(from): Source,
    input: Input<PasswordAgain>,
) -> Result<Json<NewSecret>> {
    let row = own_row(&app, &caller).await?;
    if queries::proven(app.store.read(), row.id).await?.is_some() {
        return Err(on_already());
    }
    password_again(&app, &row, ("password", input.body.password), from).await?;
    let secret = app.dice.bytes()[..SECRET_BYTES].to_vec();
    let sealed = app.seal.seal(&app.dice, row.id, &secret)?;
    let place = accounts::community(app.store.read(), row.community_id).await?;
    let address = address(
        &secret,
        row.login.as_deref().unwrap_or(&row.name),
        &place.name,
    );
    let (path, width) = picture(&address)?;
    let (id, now) = (row.id, app.clock.now());
    app.store
        .write(move |txn| {
            let sealed = sealed.clone();
            Box::pin(async move { queries::offer(txn, now, id, sealed).await })
        })
        .await?;
    Ok(Json(NewSecret {
        secret: spelled(&secret),
        address,
        picture: path,
        picture_size: u32::try_from(width).unwrap_or(0),
    }))
}

/// Prove with a first code that the telephone has the secret. From then on signing in asks for one; every other sign-in ends.
#[utoipa::path(post, path = "/api/me/second-factor/prove", tag = "accounts", request_body = Code, responses(
    (status = 200, description = "Ten recovery codes, shown this once; the cookie is set anew", body = RecoveryCodes),
    Writes,
))]
pub async fn prove(
    State(app): State<App>,
    session: Session,
    Entrant { caller, .. }: Entrant,
    Source(from): Source,
    input: Input<Code>,
) -> Result<Json<RecoveryCodes>> {
    let row = own_row(&app, &caller).await?;
    let now = app.clock.now();
    let counts = tries::of_secret("first-code", &row.id.to_string(), from, true);
    tries::begin(&app.store, now, counts.clone()).await?;
    let factor = queries::unproven(app.store.read(), row.id)
        .await?
        .ok_or_else(nothing_to_prove)?;
    let secret = app.seal.open(&app.dice, row.id, &factor.secret)?;
    let step = step_of(&secret, &input.body.code, now)?.ok_or_else(wrong_code)?;
    let (codes, hashes) = new_codes(&app).await?;
    let sealed = factor.secret;
    app.store
        .write(move |txn| {
            let (row, hashes) = (row.clone(), hashes.clone());
            let (sealed, counts) = (sealed.clone(), counts.clone());
            Box::pin(async move {
                tries::took_back(txn, &counts).await?;
                // Of two who send the code at once, and of a code and a newer secret, one holds.
                let still = queries::unproven(txn, row.id).await?;
                if still.is_none_or(|still| still.secret != sealed)
                    || !queries::take_step(txn, row.id, step).await?
                {
                    return Err(wrong_code().into());
                }
                queries::switch_on(txn, now, &row, &hashes).await
            })
        })
        .await?;
    session.remove::<bool>(ENROL).await.map_err(failed)?;
    session.cycle_id().await.map_err(failed)?;
    Ok(Json(RecoveryCodes { codes }))
}

/// New recovery codes in the place of the old.
#[utoipa::path(post, path = "/api/me/second-factor/recovery-codes", tag = "accounts", request_body = Code, responses(
    (status = 200, description = "Ten recovery codes, shown this once", body = RecoveryCodes),
    Writes,
))]
pub async fn recovery_codes(
    State(app): State<App>,
    caller: Caller,
    Source(from): Source,
    input: Input<Code>,
) -> Result<Json<RecoveryCodes>> {
    let row = own_row(&app, &caller).await?;
    let counts = take(&app, &row, &input.body.code, from).await?;
    let (codes, hashes) = new_codes(&app).await?;
    app.store
        .write(move |txn| {
            let (counts, hashes) = (counts.clone(), hashes.clone());
            Box::pin(async move {
                tries::took_back(txn, &counts).await?;
                queries::replace_codes(txn, row.id, &hashes).await
            })
        })
        .await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// Take one's own second factor off.
#[utoipa::path(post, path = "/api/me/second-factor/remove", tag = "accounts", request_body = RemoveSecondFactor, responses(
    (status = 204, description = "Signing in asks for no code any more"),
    Writes,
))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Source(from): Source,
    input: Input<RemoveSecondFactor>,
) -> Result<StatusCode> {
    let row = own_row(&app, &caller).await?;
    let place = accounts::community(app.store.read(), row.community_id).await?;
    if place.second_factor_required && concerns(&caller.roles) {
        return Err(Problem::not_now(Said::new(
            "社区要求调度员和管理员登录时验证手机，不能取消。",
            "Your community asks coordinators and administrators for it; it cannot be taken off.",
        ))
        .into());
    }
    let RemoveSecondFactor { password, code } = input.body;
    password_again(&app, &row, ("password", password), from).await?;
    let counts = take(&app, &row, &code, from).await?;
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let (row, counts) = (row.clone(), counts.clone());
            Box::pin(async move {
                tries::took_back(txn, &counts).await?;
                queries::switch_off(txn, now, Some(row.id), &row).await?;
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The row of somebody who may have a second factor: with a password, a role it concerns, and no account that all share.
async fn own_row(app: &App, caller: &Caller) -> Result<account::Model> {
    let row = accounts::by_id(app.store.read(), caller.account).await?;
    refuse_shared(app, &row)?;
    let on = queries::proven(app.store.read(), row.id).await?.is_some();
    if row.password_hash.is_none() || !(concerns(&caller.roles) || on) {
        return Err(Problem::not_found().into());
    }
    Ok(row)
}

fn on_already() -> Error {
    Problem::not_now(Said::new(
        "手机验证已经设好了。要换手机，请先取消再设。",
        "It is set up already. For another telephone, take it off first and set it up again.",
    ))
    .into()
}

fn nothing_to_prove() -> Error {
    Problem::not_now(Said::new(
        "这一步已经过去了，请从头再设一次。",
        "This step is over; please begin to set it up again.",
    ))
    .into()
}
