//! How long people waited in a month: until somebody was found, until they said yes, until a help request moved.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::{CommunityId, HelpRequestId, VisitId};
use entity::words::{AssignmentState, HelpAction};
use entity::{assignment, help_request, help_step, series_date, visit};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::percentile;
use crate::error::Result;

/// From what to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenchResponse)]
pub enum Response {
    /// From the asking to the first helper who was asked. What a series made by itself is left out: nobody waited for it.
    Assigned,
    /// From asking a helper to their yes.
    Answered,
    /// From a help request to its response.
    HelpRespond,
    /// From a help request to its being handled.
    HelpHandle,
}

/// All of them, in their order.
pub const RESPONSES: [Response; 4] = [
    Response::Assigned,
    Response::Answered,
    Response::HelpRespond,
    Response::HelpHandle,
];

/// Waits of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// How many.
    pub count: usize,
    /// The median, in minutes.
    pub median_min: Option<i64>,
    /// The ninetieth of a hundred, in minutes.
    pub p90_min: Option<i64>,
}

impl Waits {
    fn of(mut minutes: Vec<i64>) -> Self {
        minutes.sort_unstable();
        Self {
            count: minutes.len(),
            median_min: percentile(&minutes, 50),
            p90_min: percentile(&minutes, 90),
        }
    }
}

/// The waits that began between two instants.
///
/// # Errors
/// The database's.
pub async fn between<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Result<HashMap<Response, Waits>> {
    let (assigned, answered) = of_visits(db, community, span).await?;
    let (respond, handle) = of_help(db, community, span).await?;
    Ok(HashMap::from([
        (Response::Assigned, Waits::of(assigned)),
        (Response::Answered, Waits::of(answered)),
        (Response::HelpRespond, Waits::of(respond)),
        (Response::HelpHandle, Waits::of(handle)),
    ]))
}

type Row = (
    VisitId,
    DateTime<Utc>,
    AssignmentState,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);

async fn of_visits<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(Vec<i64>, Vec<i64>)> {
    let by_itself = Query::select()
        .column(series_date::Column::BookingId)
        .from(series_date::Entity)
        .and_where(
            Expr::col((series_date::Entity, series_date::Column::BookingId))
                .equals((visit::Entity, visit::Column::BookingId)),
        )
        .to_owned();
    let rows = assignment::Entity::find()
        .join(JoinType::InnerJoin, assignment::Relation::Visit.def())
        .select_only()
        .column(assignment::Column::VisitId)
        .column(visit::Column::CreatedAt)
        .column(assignment::Column::State)
        .column(assignment::Column::OfferedAt)
        .column(assignment::Column::AnsweredAt)
        .filter(visit::Column::CommunityId.eq(community))
        .filter(visit::Column::CreatedAt.gte(from))
        .filter(visit::Column::CreatedAt.lt(to))
        .filter(Expr::not_exists(by_itself))
        .into_tuple::<Row>()
        .all(db)
        .await?;
    let mut first: HashMap<VisitId, (DateTime<Utc>, DateTime<Utc>)> = HashMap::new();
    let mut answered = Vec::new();
    for (visit, asked, state, offered, answer) in rows {
        let known = first.entry(visit).or_insert((asked, offered));
        known.1 = Ord::min(known.1, offered);
        if let (AssignmentState::Accepted, Some(answer)) = (state, answer) {
            answered.push((answer - offered).num_minutes());
        }
    }
    let assigned = first
        .into_values()
        .map(|(asked, offered)| (offered - asked).num_minutes())
        .collect();
    Ok((assigned, answered))
}

async fn of_help<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(Vec<i64>, Vec<i64>)> {
    let rows = help_step::Entity::find()
        .join(JoinType::InnerJoin, help_step::Relation::HelpRequest.def())
        .select_only()
        .column(help_step::Column::HelpRequestId)
        .column(help_request::Column::CreatedAt)
        .column(help_step::Column::Action)
        .column(help_step::Column::At)
        .filter(help_request::Column::CommunityId.eq(community))
        .filter(help_request::Column::CreatedAt.gte(from))
        .filter(help_request::Column::CreatedAt.lt(to))
        .filter(help_step::Column::Action.is_in([HelpAction::Responded, HelpAction::Handled]))
        .into_tuple::<(HelpRequestId, DateTime<Utc>, HelpAction, DateTime<Utc>)>()
        .all(db)
        .await?;
    let first = |action| {
        let mut waits: HashMap<HelpRequestId, i64> = HashMap::new();
        for (id, asked, _, at) in rows.iter().filter(|(_, _, done, _)| *done == action) {
            let minutes = (*at - *asked).num_minutes();
            let known = waits.entry(*id).or_insert(minutes);
            *known = Ord::min(*known, minutes);
        }
        waits.into_values().collect()
    };
    Ok((first(HelpAction::Responded), first(HelpAction::Handled)))
}
