//! What a completed visit earns, posted in the transaction that completes it.

use entity::words::{AssignmentState, TimeEntryKind};
use entity::{assignment, helper, resident, service, visit};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::books::{Books, Holder, Occasion, Posting};
use super::{earned, surplus};
use crate::error::{Error, Result};
use crate::store::Guard;

/// Credits every volunteer of the crew once, and donates what is beyond the cap. The database refuses a second deposit for
/// the same visit and helper.
///
/// # Errors
/// The database's.
pub async fn of_visit(
    txn: &DatabaseTransaction,
    occasion: Occasion,
    visit: &visit::Model,
) -> Result<()> {
    let lost = |what| Error::Internal(format!("a visit without its {what}"));
    let service = service::Entity::find_by_id(visit.service_id)
        .one(txn)
        .await?
        .ok_or_else(|| lost("service"))?;
    let resident = resident::Entity::find_by_id(visit.resident_id)
        .one(txn)
        .await?
        .ok_or_else(|| lost("resident"))?;
    let due: Vec<_> = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .find_also_related(helper::Entity)
        .order_by_asc(assignment::Column::HelperId)
        .all(txn)
        .await?
        .into_iter()
        .filter_map(|(_, helper)| {
            let helper = helper?;
            Some((helper.id, earned(&service, visit, &resident, &helper)?))
        })
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let holders: Vec<_> = due
        .iter()
        .map(|(helper, _)| Holder::Helper(*helper))
        .chain([Holder::Earned, Holder::Pool])
        .collect();
    let mut books = Books::open(txn, Guard::On, occasion, &holders).await?;
    let (source, pool) = (
        books.account(Holder::Earned)?.id,
        books.account(Holder::Pool)?.id,
    );
    for (helper, minutes) in due {
        let account = books.account(Holder::Helper(helper))?.id;
        books
            .post(Posting {
                visit: Some(visit.id),
                once: Some(format!("deposit:{}:{helper}", visit.id)),
                ..Posting::new(TimeEntryKind::Deposit, source, account, minutes)
            })
            .await?;
        if let Some(over) = surplus(books.account(Holder::Helper(helper))?.balance_min) {
            books
                .post(Posting {
                    visit: Some(visit.id),
                    ..Posting::new(TimeEntryKind::Donation, account, pool, over)
                })
                .await?;
        }
    }
    Ok(())
}
