//! Those who acted for the person: their right ends, and an account that was there for this person alone is emptied.

use entity::ids::{AccountId, ResidentId};
use entity::words::Role;
use entity::{
    account, account_role, calendar_feed, family_member, one_time_link, outbox, rating_link,
    session,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter,
};

use super::ERASED_NAME;
use super::carry_out::theirs;
use crate::error::Result;
use crate::visits::pausing::Hand;

/// Ends what relatives may do for the person, and empties the accounts that nothing else needs.
pub(super) async fn forget(txn: &DatabaseTransaction, hand: Hand, id: ResidentId) -> Result<u64> {
    let members = family_member::Entity::find()
        .filter(family_member::Column::ResidentId.eq(id))
        .all(txn)
        .await?;
    family_member::Entity::delete_many()
        .filter(family_member::Column::ResidentId.eq(id))
        .exec(txn)
        .await?;
    let accounts: Vec<AccountId> = members.iter().map(|row| row.account_id).collect();
    drop_letters(txn, hand, id, &accounts).await?;
    let mut count = members.len() as u64;
    for member in members {
        if is_there_for_nothing_else(txn, member.account_id).await? {
            empty(txn, hand, member.account_id).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// Letters to them about the person that have not gone out yet do not go any more. Those to helpers do: whoever need not come
/// has to know.
async fn drop_letters(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: ResidentId,
    to: &[AccountId],
) -> Result<()> {
    let about = outbox::Column::VisitId
        .in_subquery(theirs("visit", id))
        .or(outbox::Column::SignupId.in_subquery(theirs("station_signup", id)));
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DroppedAt, Expr::value(hand.now))
        .filter(outbox::Column::AccountId.is_in(to.iter().copied()))
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DroppedAt.is_null())
        .filter(about)
        .exec(txn)
        .await?;
    Ok(())
}

async fn is_there_for_nothing_else(txn: &DatabaseTransaction, id: AccountId) -> Result<bool> {
    let others = family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(id))
        .count(txn)
        .await?;
    let works = account_role::Entity::find()
        .filter(account_role::Column::AccountId.eq(id))
        .filter(account_role::Column::Role.ne(Role::Family))
        .count(txn)
        .await?;
    Ok(others == 0 && works == 0)
}

/// Empties an account for good: nobody signs in with it, nothing is sent to it, and it has no name.
async fn empty(txn: &DatabaseTransaction, hand: Hand, id: AccountId) -> Result<()> {
    account::ActiveModel {
        id: Set(id),
        name: Set(ERASED_NAME.to_owned()),
        login: Set(None),
        password_hash: Set(None),
        email: Set(None),
        phone: Set(None),
        disabled: Set(true),
        ..Default::default()
    }
    .update(txn)
    .await?;
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(id))
        .exec(txn)
        .await?;
    one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::AccountId.eq(id))
        .exec(txn)
        .await?;
    rating_link::Entity::delete_many()
        .filter(rating_link::Column::AccountId.eq(id))
        .exec(txn)
        .await?;
    calendar_feed::Entity::delete_many()
        .filter(calendar_feed::Column::AccountId.eq(id))
        .exec(txn)
        .await?;
    entity::idempotency::Entity::delete_many()
        .filter(entity::idempotency::Column::AccountId.eq(id))
        .exec(txn)
        .await?;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DroppedAt, Expr::value(hand.now))
        .filter(outbox::Column::AccountId.eq(id))
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DroppedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}
