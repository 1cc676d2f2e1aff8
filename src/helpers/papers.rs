//! The papers that prove a helper's skills.

use axum::http::StatusCode;
use entity::ids::{CredentialId, HelperId};
use entity::{credential, skill};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::keep::{held, record};
use super::views::NewCredential;
use super::{file, refused};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::providers::apply::missing;
use crate::requests::at_most;

/// Characters of a paper's name or number at most.
const LONGEST: usize = 60;

/// Adds a paper to a helper's file.
///
/// # Errors
/// `not-found`, `invalid`, or the database's.
pub async fn add(
    app: &App,
    caller: Caller,
    id: HelperId,
    mut new: NewCredential,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    new.name = at_most("name", Some(&new.name), LONGEST)?.ok_or_else(|| missing("name"))?;
    new.number = at_most("number", Some(&new.number), LONGEST)?.ok_or_else(|| missing("number"))?;
    if new.valid_until < new.valid_from {
        return Err(refused(
            "valid_until",
            "到期日不能早于起始日。",
            "The last day cannot come before the first.",
        ));
    }
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, new) = (caller.clone(), new.clone());
        Box::pin(async move {
            held(txn, &caller, id).await?;
            insert(txn, &caller, id, &new).await?;
            record(txn, &caller, id, ("credential_added", Some(new.name)), now).await?;
            file::file(txn, &caller, id, now).await
        })
    })
    .await
}

async fn insert(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
    new: &NewCredential,
) -> Result<()> {
    let skill = skill::Entity::find()
        .filter(skill::Column::CommunityId.eq(caller.community))
        .filter(skill::Column::Code.eq(&new.skill))
        .one(txn)
        .await?
        .ok_or_else(|| refused("skill", "没有这项技能。", "There is no such skill."))?;
    credential::ActiveModel {
        community_id: Set(caller.community),
        helper_id: Set(id),
        skill_id: Set(skill.id),
        name: Set(new.name.clone()),
        number: Set(new.number.clone()),
        valid_from: Set(new.valid_from),
        valid_until: Set(new.valid_until),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Takes a paper out of a helper's file that was put in by mistake; the record of changes still names it.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn remove(app: &App, caller: &Caller, id: CredentialId) -> Result<()> {
    let (caller, now) = (caller.clone(), app.clock.now());
    app.store
        .write(move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                let paper = credential::Entity::find_by_id(id)
                    .filter(credential::Column::CommunityId.eq(caller.community))
                    .one(txn)
                    .await?
                    .ok_or_else(|| Error::from(Problem::not_found()))?;
                credential::Entity::delete_by_id(id).exec(txn).await?;
                let what = ("credential_removed", Some(paper.name));
                record(txn, &caller, paper.helper_id, what, now).await
            })
        })
        .await
}
