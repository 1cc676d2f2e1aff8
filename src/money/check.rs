//! Whether the lines are the prices, the subsidies what the lines took of them, and no voucher both used and withdrawn.

use std::collections::HashMap;

use entity::ids::{StationSignupId, VisitId};
use entity::words::{PaySource, VisitState};
use entity::{
    payment_line, session_payment, station_session, station_signup, subsidy, visit, voucher,
    voucher_use,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::places::is_paid;
use super::queries::DONE;
use crate::error::Result;

/// Visits looked at together.
const PAGE: u64 = 5_000;

/// A line for every visit and every place in a session whose lines are not its price, where the subsidies were not used as
/// these lines say, and for every voucher that was used and withdrawn; none where all is well.
///
/// # Errors
/// The database's.
pub async fn disagreements<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let used = visits(db, &mut found).await? + places(db, &mut found).await?;
    let both = voucher::Entity::find()
        .inner_join(voucher_use::Entity)
        .filter(voucher::Column::WithdrawnAt.is_not_null())
        .all(db)
        .await?;
    found.extend(
        both.iter()
            .map(|row| format!("voucher {}: withdrawn, and used all the same", row.id)),
    );
    let kept: i64 = subsidy::Entity::find()
        .all(db)
        .await?
        .iter()
        .map(|row| row.used_fen)
        .sum();
    if kept != used {
        found.push(format!(
            "subsidies: {kept} fen are noted as used, the lines of visits and sessions say {used}"
        ));
    }
    Ok(found)
}

/// Looks at the visits, page by page; says what they took of subsidies.
async fn visits<C: ConnectionTrait>(db: &C, found: &mut Vec<String>) -> Result<i64> {
    let mut used = 0;
    let mut last = VisitId(0);
    loop {
        let page: Vec<(VisitId, VisitState, Option<i64>)> = visit::Entity::find()
            .select_only()
            .columns([
                visit::Column::Id,
                visit::Column::State,
                visit::Column::PriceFen,
            ])
            .filter(visit::Column::Id.gt(last))
            .order_by_asc(visit::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((end, _, _)) = page.last() else {
            return Ok(used);
        };
        let lines = payment_line::Entity::find()
            .filter(payment_line::Column::VisitId.gt(last))
            .filter(payment_line::Column::VisitId.lte(*end))
            .all(db)
            .await?;
        last = *end;
        let mut sums: HashMap<VisitId, (i64, i64)> = HashMap::new();
        for line in lines {
            let (sum, subsidy) = sums.entry(line.visit_id).or_default();
            *sum += line.amount_fen;
            if line.source == PaySource::Subsidy {
                *subsidy = line.amount_fen;
            }
        }
        for (id, state, price) in page {
            let Some((sum, subsidy)) = sums.get(&id).filter(|_| DONE.contains(&state)) else {
                continue;
            };
            used += subsidy;
            if price.is_some_and(|price| price != *sum) {
                let price = price.unwrap_or_default();
                found.push(format!(
                    "visit {id}: costs {price} fen, its lines pay {sum}"
                ));
            }
        }
    }
}

/// Looks at the places in sessions; says what they took of subsidies. Here a place without lines is wrong as well, and so is one
/// that has lines though nobody came.
async fn places<C: ConnectionTrait>(db: &C, found: &mut Vec<String>) -> Result<i64> {
    let mut sums: HashMap<StationSignupId, i64> = HashMap::new();
    let mut used = 0;
    for line in session_payment::Entity::find().all(db).await? {
        *sums.entry(line.signup_id).or_insert(0) += line.amount_fen;
        if line.source == PaySource::Subsidy {
            used += line.amount_fen;
        }
    }
    for (signup, session) in station_signup::Entity::find()
        .find_also_related(station_session::Entity)
        .filter(station_session::Column::PriceFen.gt(0))
        .all(db)
        .await?
    {
        let Some(session) = session else { continue };
        let wanted = if is_paid(&session, &signup) {
            session.price_fen
        } else {
            0
        };
        let sum = sums.remove(&signup.id).unwrap_or(0);
        if sum != wanted {
            found.push(format!(
                "place {}: its session costs {wanted} fen, its lines pay {sum}",
                signup.id
            ));
        }
    }
    found.extend(
        sums.keys()
            .map(|id| format!("place {id}: has lines in a session that costs nothing")),
    );
    Ok(used)
}
