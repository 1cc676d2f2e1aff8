//! Letters about one's own account: what was changed in how one signs in, so that whoever did not do it hears of it.

use chrono::{DateTime, Utc};
use entity::account;
use entity::words::{Lang, MailKind};
use sea_orm::ConnectionTrait;

use super::queries::{Letter, queue};
use crate::error::Result;
use crate::said::pick;

/// Whether a letter is one of these.
#[must_use]
pub fn is_about_account(kind: MailKind) -> bool {
    matches!(
        kind,
        MailKind::PasswordChanged
            | MailKind::SecondFactorOn
            | MailKind::SecondFactorOff
            | MailKind::RecoveryCodeUsed
    )
}

/// Puts one into the outbox, in the transaction of what it tells of.
///
/// # Errors
/// The database's.
pub async fn tell<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    to: &account::Model,
    kind: MailKind,
) -> Result<()> {
    let letter = Letter {
        community: to.community_id,
        kind,
        account: to.id,
        visit: None,
        help_step: None,
        help_contact: None,
        signup: None,
        once: now.timestamp().to_string(),
        due: now,
    };
    queue(txn, now, letter).await
}

/// What it says.
#[must_use]
pub fn lines(kind: MailKind, lang: Lang) -> Vec<String> {
    let what = match kind {
        MailKind::PasswordChanged => pick(
            lang,
            "您的登录密码刚刚改过了，其他地方的登录都已退出。",
            "The password you sign in with has just been changed; every other sign-in has ended.",
        ),
        MailKind::SecondFactorOn => pick(
            lang,
            "您的账号登录时，除了密码还要填手机上的验证码了。",
            "Signing in to your account now asks for a code of your telephone besides the password.",
        ),
        MailKind::SecondFactorOff => pick(
            lang,
            "您的账号登录时不再要手机验证码了。",
            "Signing in to your account no longer asks for a code of your telephone.",
        ),
        MailKind::RecoveryCodeUsed => pick(
            lang,
            "刚才有人用您的一个备用码登录了，这个备用码已经作废。",
            "One of your recovery codes was just used to sign in; it works no more.",
        ),
        _ => "",
    };
    let then = pick(
        lang,
        "如果不是您改的，请马上给办公室打电话。",
        "If it was not you, please call the office at once.",
    );
    vec![what.to_owned(), then.to_owned()]
}
