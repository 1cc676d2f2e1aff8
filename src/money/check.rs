//! Whether the lines are the prices, the subsidies what the lines took of them, and no voucher both used and withdrawn.

use std::collections::HashMap;

use entity::ids::{StationSignupId, VisitId};
use entity::words::PaySource;
use entity::{
    payment_line, session_payment, station_session, station_signup, subsidy, visit, voucher,
    voucher_use,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::places::is_paid;
use super::queries::DONE;
use crate::error::Result;

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

/// Looks at the visits; says what they took of subsidies.
async fn visits<C: ConnectionTrait>(db: &C, found: &mut Vec<String>) -> Result<i64> {
    let mut sums: HashMap<VisitId, i64> = HashMap::new();
    let mut from_subsidy: HashMap<VisitId, i64> = HashMap::new();
    for line in payment_line::Entity::find().all(db).await? {
        *sums.entry(line.visit_id).or_insert(0) += line.amount_fen;
        if line.source == PaySource::Subsidy {
            from_subsidy.insert(line.visit_id, line.amount_fen);
        }
    }
    let mut used = 0;
    for row in visit::Entity::find()
        .filter(visit::Column::State.is_in(DONE))
        .all(db)
        .await?
    {
        used += from_subsidy.get(&row.id).copied().unwrap_or(0);
        if let (Some(price), Some(sum)) = (row.price_fen, sums.get(&row.id))
            && price != *sum
        {
            found.push(format!(
                "visit {}: costs {price} fen, its lines pay {sum}",
                row.id
            ));
        }
    }
    Ok(used)
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
