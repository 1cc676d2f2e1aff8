//! Figures of a provider's month, counted by the database: they stand beside the panel's score, and are no part of it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, ProviderId};
use entity::words::{ComplaintState, LapseKind, VisitState};
use entity::{complaint, lapse, rating, visit};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationTrait,
};

use crate::clock::midnight;
use crate::error::Result;
use crate::reports::{month_of, queries::visits};

/// Figures as they are kept: with the sum of the scores rather than their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Visits that were done.
    pub served: i64,
    /// Visits that began late.
    pub late: i64,
    /// Visits that did not happen, though somebody was to come.
    pub missed: i64,
    /// Ratings.
    pub rated: i64,
    /// Their scores added up.
    pub rating_sum: i64,
    /// Complaints.
    pub complaints: i64,
}

/// The figures of every provider that has any in this month.
///
/// # Errors
/// The database's.
pub async fn of_month<C: ConnectionTrait>(
    db: &C,
    (community, zone): (CommunityId, Tz),
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<HashMap<ProviderId, Counted>> {
    let (first, after) = month_of(month);
    let (from, to) = (midnight(zone, first), midnight(zone, after));
    let of_month = Condition::all()
        .add(visit::Column::CommunityId.eq(community))
        .add(visit::Column::StartsAt.gte(from))
        .add(visit::Column::StartsAt.lt(to));
    let done = [VisitState::Completed, VisitState::Substituted];
    let served = visits(db, of_month.clone().add(visit::Column::State.is_in(done))).await?;
    let nothing_said = Condition::all()
        .add(visit::Column::State.is_in([VisitState::Offered, VisitState::Accepted]))
        .add(visit::Column::EndsAt.lt(now));
    let did_not = Condition::any()
        .add(visit::Column::State.eq(VisitState::HelperAbsent))
        .add(nothing_said);
    let missed = visits(db, of_month.clone().add(did_not)).await?;
    let mut all: HashMap<ProviderId, Counted> = HashMap::new();
    for (provider, count) in served {
        all.entry(provider).or_default().served = count;
    }
    for (provider, count) in missed {
        all.entry(provider).or_default().missed = count;
    }
    for (provider, count) in late(db, &of_month).await? {
        all.entry(provider).or_default().late = count;
    }
    for (provider, count, sum) in rated(db, of_month).await? {
        let counted = all.entry(provider).or_default();
        (counted.rated, counted.rating_sum) = (count, sum);
    }
    for (provider, count) in complaints(db, community, from, to).await? {
        all.entry(provider).or_default().complaints = count;
    }
    Ok(all)
}

/// Visits that were noticed late and not missed after all.
async fn late<C: ConnectionTrait>(db: &C, of_month: &Condition) -> Result<Vec<(ProviderId, i64)>> {
    let rows: Vec<(ProviderId, i64)> = lapse::Entity::find()
        .join(JoinType::InnerJoin, lapse::Relation::Visit.def())
        .select_only()
        .column(lapse::Column::ProviderId)
        .column(lapse::Column::VisitId)
        .distinct()
        .filter(lapse::Column::Kind.eq(LapseKind::Late))
        .filter(lapse::Column::ProviderId.is_not_null())
        .filter(visit::Column::State.is_in([
            VisitState::CheckedIn,
            VisitState::Completed,
            VisitState::Substituted,
        ]))
        .filter(of_month.clone())
        .into_tuple()
        .all(db)
        .await?;
    let mut counts: HashMap<ProviderId, i64> = HashMap::new();
    for (provider, _) in rows {
        *counts.entry(provider).or_insert(0) += 1;
    }
    Ok(counts.into_iter().collect())
}

async fn rated<C: ConnectionTrait>(
    db: &C,
    of_month: Condition,
) -> Result<Vec<(ProviderId, i64, i64)>> {
    Ok(rating::Entity::find()
        .join(JoinType::InnerJoin, rating::Relation::Visit.def())
        .select_only()
        .column(rating::Column::ProviderId)
        .column_as(rating::Column::Id.count(), "count")
        .column_as(Expr::cust("CAST(SUM(rating.score) AS BIGINT)"), "sum")
        .filter(rating::Column::ProviderId.is_not_null())
        .filter(of_month)
        .group_by(rating::Column::ProviderId)
        .into_tuple()
        .all(db)
        .await?)
}

async fn complaints<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(ProviderId, i64)>> {
    Ok(complaint::Entity::find()
        .select_only()
        .column(complaint::Column::ProviderId)
        .column_as(complaint::Column::Id.count(), "count")
        .filter(complaint::Column::CommunityId.eq(community))
        .filter(complaint::Column::ProviderId.is_not_null())
        .filter(complaint::Column::State.ne(ComplaintState::Withdrawn))
        .filter(complaint::Column::CreatedAt.gte(from))
        .filter(complaint::Column::CreatedAt.lt(to))
        .group_by(complaint::Column::ProviderId)
        .into_tuple()
        .all(db)
        .await?)
}
