//! The outbox's rows.

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CommunityId, HelpContactId, HelpStepId, StationSignupId, VisitId};
use entity::outbox;
use entity::words::MailKind;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::error::Result;

/// A letter to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// In which community.
    pub community: CommunityId,
    /// Which letter.
    pub kind: MailKind,
    /// To whom.
    pub account: AccountId,
    /// About which visit.
    pub visit: Option<VisitId>,
    /// About which step of a help request.
    pub help_step: Option<HelpStepId>,
    /// To this contact instead of the account.
    pub help_contact: Option<HelpContactId>,
    /// About whose place in a session.
    pub signup: Option<StationSignupId>,
    /// What makes it one letter and not another of its kind, e.g. the visit's version.
    pub once: String,
    /// Not before.
    pub due: DateTime<Utc>,
}

/// Puts a letter into the outbox, in the transaction of the change it tells of. The same letter again is none.
///
/// # Errors
/// The database's.
pub async fn queue<C: ConnectionTrait>(txn: &C, now: DateTime<Utc>, letter: Letter) -> Result<()> {
    queue_all(txn, now, vec![letter]).await
}

/// The same for several at once.
///
/// # Errors
/// The database's.
pub async fn queue_all<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    letters: Vec<Letter>,
) -> Result<()> {
    if letters.is_empty() {
        return Ok(());
    }
    let rows = letters.into_iter().map(|letter| row(now, letter));
    outbox::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(outbox::Column::DedupKey)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn row(now: DateTime<Utc>, letter: Letter) -> outbox::ActiveModel {
    use sea_orm::ActiveEnum;
    let visit = letter.visit.map_or(0, |visit| visit.0);
    outbox::ActiveModel {
        community_id: Set(letter.community),
        dedup_key: Set(format!(
            "{}.{}.{}.{}",
            letter.kind.to_value(),
            letter.account,
            visit,
            letter.once
        )),
        kind: Set(letter.kind),
        account_id: Set(letter.account),
        visit_id: Set(letter.visit),
        help_step_id: Set(letter.help_step),
        help_contact_id: Set(letter.help_contact),
        signup_id: Set(letter.signup),
        due_at: Set(letter.due),
        attempts: Set(0),
        created_at: Set(now),
        ..Default::default()
    }
}
