//! The rows whose time is over, rule by rule.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, ResidentId};
use sea_orm::sea_query::{
    Alias, Cond, Condition, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{Act, BATCH, Rule};
use crate::clock::local_date;
use crate::error::Result;
use crate::privacy::erasure::STRUCK;

/// Where and when a rule is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Tonight {
    /// Whose rows.
    pub community: CommunityId,
    /// The zone of its clocks.
    pub zone: Tz,
    /// When.
    pub now: DateTime<Utc>,
}

fn over(rule: &Rule, tonight: Tonight) -> Condition {
    let before = tonight.now - TimeDelta::days(rule.days);
    let since = Expr::col(Alias::new(rule.since));
    let due: SimpleExpr = if rule.since_is_date {
        since.lt(local_date(tonight.zone, before))
    } else {
        since.lt(before)
    };
    let mut all = Cond::all().add(due).add(Expr::cust(rule.also));
    if rule.of_community {
        all = all.add(Expr::col(Alias::new("community_id")).eq(tonight.community.0));
    }
    all
}

/// How many rows a rule would take now.
///
/// # Errors
/// The database's.
pub async fn count<C: ConnectionTrait>(db: &C, rule: &Rule, tonight: Tonight) -> Result<u64> {
    let query = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new(rule.table))
        .cond_where(over(rule, tonight))
        .to_owned();
    let found: i64 = match db.query_one(&query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(u64::try_from(found).unwrap_or(0))
}

fn first_rows(rule: &Rule, tonight: Tonight) -> SelectStatement {
    let mut query = Query::select();
    // In the order of the index that finds them: by their keys alone the whole table would be read for the first.
    query.order_by(Alias::new(rule.since), Order::Asc);
    for key in rule.keys {
        query
            .column(Alias::new(*key))
            .order_by(Alias::new(*key), Order::Asc);
    }
    query
        .from(Alias::new(rule.table))
        .cond_where(over(rule, tonight))
        .limit(BATCH)
        .to_owned()
}

fn among(rule: &Rule, tonight: Tonight) -> SimpleExpr {
    let keys: Vec<SimpleExpr> = rule
        .keys
        .iter()
        .map(|key| Expr::col(Alias::new(*key)))
        .collect();
    Expr::tuple(keys).in_subquery(first_rows(rule, tonight))
}

/// Takes the first rows whose time is over, 500 at most. Says how many; fewer than 500 means that none is left.
///
/// # Errors
/// The database's.
pub async fn take(txn: &DatabaseTransaction, rule: &Rule, tonight: Tonight) -> Result<u64> {
    match rule.act {
        Act::Delete => {
            let delete = Query::delete()
                .from_table(Alias::new(rule.table))
                .and_where(among(rule, tonight))
                .to_owned();
            Ok(txn.execute(&delete).await?.rows_affected())
        }
        Act::Empty { emptied, struck } => {
            let mut update = Query::update();
            update.table(Alias::new(rule.table));
            for column in emptied {
                update.value(Alias::new(*column), Expr::cust("NULL"));
            }
            for column in struck {
                update.value(Alias::new(*column), STRUCK);
            }
            update.and_where(among(rule, tonight));
            Ok(txn.execute(&update).await?.rows_affected())
        }
        // People go one at a time: see `night`.
        Act::Erase => Ok(0),
    }
}

/// The residents whose time is over.
///
/// # Errors
/// The database's.
pub async fn due_residents<C: ConnectionTrait>(
    db: &C,
    rule: &Rule,
    tonight: Tonight,
) -> Result<Vec<ResidentId>> {
    let all = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(rule.table))
        .cond_where(over(rule, tonight))
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    db.query_all(&all)
        .await?
        .into_iter()
        .map(|row| Ok(ResidentId(row.try_get_by_index(0)?)))
        .collect()
}
