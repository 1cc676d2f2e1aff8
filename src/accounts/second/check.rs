//! Is this code right? Of the telephone or of the paper, each once, and not too often.

use std::net::IpAddr;

use entity::account;

use super::{queries, step_of, typed_recovery_code, wrong_code};
use crate::accounts::password;
use crate::accounts::tries::{self, Count};
use crate::app::App;
use crate::error::Result;
#[cfg(feature = "fault-injection")]
use crate::store::Guard;

/// Takes a code of an account and uses it up; gives what its try was counted against.
///
/// # Errors
/// `wrong-code`, `too-many`, or the database's.
pub async fn take(
    app: &App,
    row: &account::Model,
    code: &str,
    from: Option<IpAddr>,
) -> Result<Vec<Count>> {
    let now = app.clock.now();
    let known = tries::knows(app.store.read(), row.id, from, now).await?;
    let counts = tries::of_secret("code", &row.id.to_string(), from, known);
    tries::begin(&app.store, now, counts.clone()).await?;
    let right = match typed_recovery_code(code) {
        Some(typed) => take_recovery(app, row, typed).await?,
        None => take_step(app, row, code).await?,
    };
    if right {
        Ok(counts)
    } else {
        tracing::info!(account = row.id.0, "a code was refused");
        Err(wrong_code().into())
    }
}

async fn take_step(app: &App, row: &account::Model, code: &str) -> Result<bool> {
    let (id, now) = (row.id, app.clock.now());
    let Some(factor) = queries::proven(app.store.read(), id).await? else {
        return Ok(false);
    };
    let secret = app.seal.open(&app.dice, id, &factor.secret)?;
    let Some(step) = step_of(&secret, code, now)? else {
        return Ok(false);
    };
    #[cfg(feature = "fault-injection")]
    if app.store.guard() == Guard::Off {
        return Ok(true);
    }
    app.store
        .write(move |txn| Box::pin(async move { queries::take_step(txn, id, step).await }))
        .await
}

async fn take_recovery(app: &App, row: &account::Model, typed: String) -> Result<bool> {
    let left = queries::codes_left(app.store.read(), row.id).await?;
    let hashes: Vec<String> = left.into_iter().map(|code| code.hash).collect();
    let Some(hash) = app.hashing.which(typed, hashes).await? else {
        return Ok(false);
    };
    #[cfg(feature = "fault-injection")]
    if app.store.guard() == Guard::Off {
        return Ok(true);
    }
    let (row, now) = (row.clone(), app.clock.now());
    app.store
        .write(move |txn| {
            let (row, hash) = (row.clone(), hash.clone());
            Box::pin(async move { queries::use_code(txn, now, &row, &hash).await })
        })
        .await
}

/// The password once more, counted like every try.
///
/// # Errors
/// `invalid` on the field that was named, `too-many`, or the database's.
pub async fn password_again(
    app: &App,
    row: &account::Model,
    (field, typed): (&'static str, String),
    from: Option<IpAddr>,
) -> Result<()> {
    let now = app.clock.now();
    let counts = tries::of_secret("own-password", &row.id.to_string(), from, true);
    tries::begin(&app.store, now, counts.clone()).await?;
    if typed.chars().count() > crate::accounts::LONGEST_PASSWORD
        || !app.hashing.verify(typed, row.password_hash.clone()).await?
    {
        return Err(password::wrong(field));
    }
    tries::forget(&app.store, counts).await
}

/// New recovery codes with their hashes.
///
/// # Errors
/// Where the machine gives no randomness.
pub async fn new_codes(app: &App) -> Result<(Vec<String>, Vec<String>)> {
    let codes: Vec<String> = (0..super::RECOVERY_CODES)
        .map(|_| super::recovery_code(&app.dice.bytes()))
        .collect();
    let mut hashes = Vec::with_capacity(codes.len());
    for code in &codes {
        hashes.push(app.hashing.hash(code.clone()).await?);
    }
    Ok((codes, hashes))
}
