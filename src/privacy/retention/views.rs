//! What is shown of retention: the rules, what tonight would take, and what the last nights took.

use chrono::{DateTime, NaiveDate, Utc};
use entity::retention_night;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

use super::RULES;
use super::queries::{Tonight, count};
use crate::error::Result;
use crate::http::caller::Caller;

/// Nights that are shown.
const NIGHTS: u64 = 14;

/// One rule, and what it would take now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RetentionRule {
    /// Its word.
    pub key: String,
    /// What it is about.
    pub what: String,
    /// Days for which it is kept.
    pub days: i64,
    /// Why so long and no longer.
    pub why: String,
    /// How many rows it would take if it ran now.
    pub due: u64,
}

/// One night's work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RetentionNight {
    /// The local date.
    pub night: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was done; left out while it runs, or where it stopped half way and is taken on again.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many rows went or were emptied.
    pub gone: u64,
    /// What they were, in words.
    pub what: Vec<String>,
}

/// How long things are kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Retention {
    /// The rules, in the order in which they run.
    pub rules: Vec<RetentionRule>,
    /// The last nights, the latest first.
    pub nights: Vec<RetentionNight>,
}

/// How long things are kept, and what the next night would take.
///
/// # Errors
/// The database's.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Retention> {
    let tonight = Tonight {
        community: caller.community,
        zone: caller.zone,
        now,
    };
    let mut rules = Vec::with_capacity(RULES.len());
    for rule in RULES {
        rules.push(RetentionRule {
            key: rule.key.to_owned(),
            what: rule.about().to(caller.lang),
            days: rule.days,
            why: rule.reason().to(caller.lang),
            due: count(db, rule, tonight).await?,
        });
    }
    let nights = retention_night::Entity::find()
        .filter(retention_night::Column::CommunityId.eq(caller.community))
        .order_by_desc(retention_night::Column::Night)
        .limit(NIGHTS)
        .all(db)
        .await?
        .into_iter()
        .map(|row| shown(row, caller))
        .collect();
    Ok(Retention { rules, nights })
}

fn shown(row: retention_night::Model, caller: &Caller) -> RetentionNight {
    let of = |key: &str| {
        row.gone
            .as_ref()
            .and_then(|gone| gone.get(key))
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0)
    };
    RetentionNight {
        night: row.night,
        started_at: row.started_at,
        finished_at: row.finished_at,
        gone: RULES.iter().map(|rule| of(rule.key)).sum(),
        what: RULES
            .iter()
            .filter(|rule| of(rule.key) > 0)
            .map(|rule| format!("{} {}", rule.about().to(caller.lang), of(rule.key)))
            .collect(),
    }
}
