//! Where a sign-in begins: after the password or the link, and where the account has one, after the second factor.

use chrono::TimeDelta;
use entity::account;
use entity::ids::AccountId;
use sha2::{Digest, Sha256};
use tower_sessions::Session;

use super::queries;
use super::second::{self, code_wanted, concerns};
use super::views::Me;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::input::hex;
use crate::http::session::{ACCOUNT, ENROL, failed, times};

/// The session's entries of somebody who has still to give a code: who, where they go then, and which password it was.
const WAITING: &str = "waiting";
const GOTO: &str = "goto";
const STAMP: &str = "stamp";
/// Minutes in which the code must be given.
const WAITS_MIN: i64 = 10;

/// What became of a sign-in whose first step was right.
#[derive(Debug)]
pub enum Step {
    /// Signed in.
    In(Box<Me>),
    /// A code is wanted first. The session is nobody's until then.
    Code,
}

/// Goes on after the password or the link was right.
///
/// # Errors
/// The database's.
pub async fn first_step(
    app: &App,
    session: &Session,
    row: &account::Model,
    goto: Option<String>,
) -> Result<Step> {
    let db = app.store.read();
    if second::queries::proven(db, row.id).await?.is_some() {
        anew(session).await?;
        session.insert(WAITING, row.id.0).await.map_err(failed)?;
        session.insert(GOTO, goto).await.map_err(failed)?;
        session.insert(STAMP, stamp(row)).await.map_err(failed)?;
        return Ok(Step::Code);
    }
    let place = queries::community(db, row.community_id).await?;
    let enrol = place.second_factor_required
        && concerns(&queries::roles_of(db, row.id).await?)
        && !super::own::is_shared(app, row);
    signed_in(app, session, row.id, enrol)
        .await
        .map(|me| Step::In(Box::new(me)))
}

impl Step {
    /// Who is signed in, or the refusal that asks for the code.
    ///
    /// # Errors
    /// `code-wanted`.
    pub fn done(self) -> Result<Me> {
        match self {
            Self::In(me) => Ok(*me),
            Self::Code => Err(code_wanted().into()),
        }
    }
}

/// Signs an account in under a new session number, so that nobody can have planted the old one, and its time begins now.
/// `enrol` is whether a second factor has to be set up before anything else.
///
/// # Errors
/// The database's.
pub async fn signed_in(
    app: &App,
    session: &Session,
    account: AccountId,
    enrol: bool,
) -> Result<Me> {
    anew(session).await?;
    session.insert(ACCOUNT, account.0).await.map_err(failed)?;
    if enrol {
        session.insert(ENROL, true).await.map_err(failed)?;
    }
    tracing::info!(account = account.0, "signed in");
    let db = app.store.read();
    let me = queries::me(db, account, app.clock.now(), app.demo).await?;
    Ok(me.to_enrol(enrol))
}

/// Empties the session and gives it another number. Flushing it would not do: what is put in afterwards would stand under the
/// old number again.
async fn anew(session: &Session) -> Result<()> {
    session.clear().await;
    session.cycle_id().await.map_err(failed)
}

/// Somebody whose first step was right.
#[derive(Debug)]
pub struct Waiting {
    /// Who.
    pub account: account::Model,
    /// Where they go then.
    pub goto: Option<String>,
}

/// Who waits for a code in this session.
///
/// # Errors
/// `sign-in` where nobody does, it took too long, or the account was locked or given another password meanwhile.
pub async fn waiting(app: &App, session: &Session) -> Result<Waiting> {
    let over = || Error::from(Problem::sign_in());
    let id: Option<i64> = session.get(WAITING).await.map_err(failed)?;
    let id = AccountId(id.ok_or_else(over)?);
    let begun = times(session, &app.clock).await?.begun;
    let account = queries::by_id(app.store.read(), id).await?;
    let same: Option<String> = session.get(STAMP).await.map_err(failed)?;
    if app.clock.now() - begun >= TimeDelta::minutes(WAITS_MIN)
        || account.disabled
        || same != Some(stamp(&account))
    {
        session.flush().await.map_err(failed)?;
        return Err(over());
    }
    let goto: Option<Option<String>> = session.get(GOTO).await.map_err(failed)?;
    Ok(Waiting {
        account,
        goto: goto.flatten(),
    })
}

/// By which a changed password is noticed.
fn stamp(row: &account::Model) -> String {
    let hash = row.password_hash.as_deref().unwrap_or_default();
    hex(&Sha256::digest(hash))[..16].to_owned()
}
