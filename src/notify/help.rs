//! Help requests: whom each step is told to, what their letters need, and what they say.

use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use entity::words::{HelpAction, HelpKind, HelpTier, Lang, MailKind};
use entity::{help_contact, help_request, help_step, outbox, resident};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::queries::{Letter, queue};
use super::tell::{can_be_written_to, family_of};
use crate::compound::queries::doors;
use crate::error::Result;
use crate::requests::OPEN;
use crate::requests::contacts::Responsible;
use crate::requests::words::{kind_word, level_word, step_words, tier_word};

/// The help request that a letter tells of.
#[derive(Clone, Debug)]
pub struct AboutHelp {
    /// The request.
    pub request: help_request::Model,
    /// The step.
    pub step: help_step::Model,
    /// The resident's name.
    pub resident: Option<String>,
    /// Where it is.
    pub place: String,
    /// The contact it goes to, where it goes to one.
    pub contact: Option<help_contact::Model>,
}

/// A step was taken: the family hears of it.
///
/// # Errors
/// The database's.
pub async fn step_taken<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    request: &help_request::Model,
    step: &help_step::Model,
) -> Result<()> {
    let Some(resident) = request.resident_id else {
        return Ok(());
    };
    for account in family_of(txn, resident).await? {
        let letter = letter(request, step, MailKind::HelpStep, account, now);
        queue(txn, now, letter).await?;
    }
    Ok(())
}

/// A request has become somebody's: the contact, or the grid officer, hears of it, where they have an address.
///
/// # Errors
/// The database's.
pub async fn routed<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    request: &help_request::Model,
    step: &help_step::Model,
    to: &Responsible,
) -> Result<()> {
    if let Some(account) = to.account {
        if can_be_written_to(txn, account).await? {
            let letter = letter(request, step, MailKind::HelpRouted, account, now);
            queue(txn, now, letter).await?;
        }
        return Ok(());
    }
    let Some(id) = to.contact else { return Ok(()) };
    let contact = help_contact::Entity::find_by_id(id).one(txn).await?;
    if contact.is_some_and(|contact| contact.email.is_some()) {
        // The row wants an account; the letter goes to the contact alone.
        let letter = letter(request, step, MailKind::HelpRouted, request.asked_by, now);
        let letter = Letter {
            help_contact: Some(id),
            once: format!("s{}c{id}", step.id),
            ..letter
        };
        queue(txn, now, letter).await?;
    }
    Ok(())
}

fn letter(
    request: &help_request::Model,
    step: &help_step::Model,
    kind: MailKind,
    account: AccountId,
    now: DateTime<Utc>,
) -> Letter {
    Letter {
        community: request.community_id,
        kind,
        account,
        visit: None,
        help_step: Some(step.id),
        help_contact: None,
        signup: None,
        once: format!("s{}", step.id),
        due: now,
    }
}

/// What a letter about a help request needs; nothing where it is no longer true.
///
/// # Errors
/// The database's.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    lang: Lang,
) -> Result<Option<AboutHelp>> {
    let Some(id) = letter.help_step_id else {
        return Ok(None);
    };
    let found = help_step::Entity::find_by_id(id)
        .find_also_related(help_request::Entity)
        .one(db)
        .await?;
    let Some((step, Some(request))) = found else {
        return Ok(None);
    };
    let resident = match request.resident_id {
        Some(id) => resident::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let still_true = match letter.kind {
        // Whose it has become since hears of it by a letter of their own.
        MailKind::HelpRouted => OPEN.contains(&request.state) && request.tier == step.tier,
        _ => match &resident {
            Some(resident) => family_of(db, resident.id)
                .await?
                .contains(&letter.account_id),
            None => false,
        },
    };
    if !still_true {
        return Ok(None);
    }
    let door = match &resident {
        Some(resident) => doors(db, [resident.household_id], lang)
            .await?
            .remove(&resident.household_id)
            .map(|door| door.door),
        None => None,
    };
    let parts: Vec<String> = door.into_iter().chain(request.place.clone()).collect();
    Ok(Some(AboutHelp {
        place: parts.join(if lang == Lang::Zh { "，" } else { ", " }),
        resident: resident.map(|resident| resident.name),
        contact: contact(db, letter).await?,
        request,
        step,
    }))
}

/// The contact a letter goes to.
///
/// # Errors
/// The database's.
pub(super) async fn contact<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
) -> Result<Option<help_contact::Model>> {
    match letter.help_contact_id {
        Some(id) => Ok(help_contact::Entity::find_by_id(id).one(db).await?),
        None => Ok(None),
    }
}

/// What happened, a sentence a line.
pub(super) fn lines(kind: MailKind, about: &AboutHelp, lang: Lang) -> Vec<String> {
    match kind {
        MailKind::HelpRouted => to_responsible(about, lang),
        _ => to_family(about, lang),
    }
}

fn to_family(about: &AboutHelp, lang: Lang) -> Vec<String> {
    let step = &about.step;
    let kind = kind_word(about.request.kind, lang);
    let words = step_words(step.action, step.tier, lang);
    let who = about.resident.as_deref().unwrap_or_default();
    let mut lines = vec![match lang {
        Lang::Zh => format!("{who}的求助（{kind}）：{words}。"),
        Lang::En => format!("The call for help for {who} ({kind}): {words}."),
    }];
    let medical = about.request.kind == HelpKind::Medical;
    // How somebody's health is does not travel by mail.
    if let Some(note) = step.note.as_ref().filter(|_| !medical) {
        lines.push(match lang {
            Lang::Zh => format!("说明：{note}"),
            Lang::En => format!("They write: {note}"),
        });
    }
    if medical && step.action == HelpAction::Collected {
        lines.push(match lang {
            Lang::Zh => "情况紧急请马上拨打 120，不要等。".to_owned(),
            Lang::En => "In an emergency call 120 at once; do not wait.".to_owned(),
        });
    }
    lines
}

fn to_responsible(about: &AboutHelp, lang: Lang) -> Vec<String> {
    let request = &about.request;
    let (kind, level) = (
        kind_word(request.kind, lang),
        level_word(request.level, lang),
    );
    let mut lines = vec![match lang {
        Lang::Zh => format!("有一张求助单请您处理（{kind}，{level}）。"),
        Lang::En => format!("A call for help is yours to settle ({kind}, {level})."),
    }];
    if about.step.tier != HelpTier::Grid {
        let tier = tier_word(about.step.tier, lang);
        lines.push(match lang {
            Lang::Zh => format!("已经到{tier}一级。"),
            Lang::En => format!("It has come to the {tier}."),
        });
    }
    lines.push(match lang {
        Lang::Zh => format!("地点：{}", about.place),
        Lang::En => format!("Where: {}", about.place),
    });
    if request.kind != HelpKind::Medical {
        lines.push(match lang {
            Lang::Zh => format!("情况：{}", request.what),
            Lang::En => format!("What: {}", request.what),
        });
    }
    if let Some(phone) = &request.phone {
        lines.push(match lang {
            Lang::Zh => format!("联系电话：{phone}"),
            Lang::En => format!("Telephone: {phone}"),
        });
    }
    lines
}
