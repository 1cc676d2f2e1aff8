//! Closing a month: what came of it is kept as it stands then, and nothing of it changes after.

use std::collections::HashSet;

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, CommunityId, ProviderId};
use entity::words::Subject;
use entity::{panel_month, panel_result, panel_sheet, provider};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::{SCORED, check_over, closed, figures, interests, mean, months, sheets};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::{Caller, PanelKeeper};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// The sheets of a month that count: those of members without an interest.
///
/// # Errors
/// The database's.
pub async fn counting<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    month: NaiveDate,
) -> Result<Vec<panel_sheet::Model>> {
    let rows = panel_sheet::Entity::find()
        .filter(panel_sheet::Column::CommunityId.eq(community))
        .filter(panel_sheet::Column::Month.eq(month))
        .all(db)
        .await?;
    let of: Vec<AccountId> = rows.iter().map(|row| row.account_id).collect();
    let tied: HashSet<(AccountId, ProviderId)> = interests::ties(db, community, &of)
        .await?
        .into_iter()
        .map(|tie| (tie.account, tie.provider))
        .collect();
    Ok(rows
        .into_iter()
        .filter(|row| !tied.contains(&(row.account_id, row.provider_id)))
        .collect())
}

/// The scores that count for one provider, and their mean.
#[must_use]
pub fn result_of(sheets: &[panel_sheet::Model], provider: ProviderId) -> (i32, Option<i32>) {
    let scores: Vec<i32> = sheets
        .iter()
        .filter(|sheet| sheet.provider_id == provider)
        .map(|sheet| sheet.score_bp)
        .collect();
    (
        i32::try_from(scores.len()).unwrap_or(i32::MAX),
        mean(&scores),
    )
}

/// Closes a month.
///
/// # Errors
/// `not-now` where it is not over, was closed, or nobody scored; or the database's.
pub async fn close(
    app: &App,
    PanelKeeper(caller): PanelKeeper,
    month: NaiveDate,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    check_over(month, local_date(caller.zone, now))?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let held = sheets::held(txn, caller.community, month)
                .await?
                .ok_or_else(nobody_scored)?;
            if held.closed_at.is_some() {
                return Err(closed().into());
            }
            freeze(txn, &caller, month, now).await?;
            panel_month::ActiveModel {
                community_id: Set(caller.community),
                month: Set(month),
                closed_at: Set(Some(now)),
                closed_by: Set(Some(caller.account)),
                ..Default::default()
            }
            .update(txn)
            .await?;
            let (by, object) = (Some(caller.account), (Subject::Panel, 0));
            let change = Change::new(caller.community, now, by, object, "month_closed");
            audit::record(txn, change.on(month)).await?;
            months::month(txn, &caller, month, now).await
        })
    })
    .await
}

fn nobody_scored() -> Problem {
    Problem::not_now(Said::new(
        "这个月还没有人评分，不能封存。",
        "Nobody has scored this month; it cannot be closed.",
    ))
}

async fn freeze(
    txn: &DatabaseTransaction,
    caller: &Caller,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    let community = caller.community;
    let sheets = counting(txn, community, month).await?;
    if sheets.is_empty() {
        return Err(nobody_scored().into());
    }
    let counted = figures::of_month(txn, (community, caller.zone), month, now).await?;
    let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let rows: Vec<panel_result::ActiveModel> = provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .filter(provider::Column::Standing.is_in(SCORED))
        .all(txn)
        .await?
        .into_iter()
        .map(|row| {
            let (members, score) = result_of(&sheets, row.id);
            let figures = counted.get(&row.id).copied().unwrap_or_default();
            panel_result::ActiveModel {
                community_id: Set(community),
                month: Set(month),
                provider_id: Set(row.id),
                score_bp: Set(score),
                members: Set(members),
                served: Set(small(figures.served)),
                late: Set(small(figures.late)),
                missed: Set(small(figures.missed)),
                rated: Set(small(figures.rated)),
                rating_sum: Set(small(figures.rating_sum)),
                complaints: Set(small(figures.complaints)),
            }
        })
        .collect();
    panel_result::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
