//! Sheets: what one member gives one provider for one month.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, CommunityId, PanelSheetId, ProviderId};
use entity::words::Subject;
use entity::{panel_month, panel_point, panel_sheet};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::criteria::{self, Criterion};
use super::interests::{check_none, provider_here};
use super::views::NewSheet;
use super::{Weighed, check_scored, closed, months, weighted};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, PanelMember};
use crate::http::input::{Answer, Once};
use crate::requests::check_note;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// Saves the caller's sheet for one provider; it can be changed until the month is closed.
///
/// # Errors
/// `invalid` where the member has an interest or points do not hold, `not-now`, `stale`, or the database's.
pub async fn save(
    app: &App,
    PanelMember(caller): PanelMember,
    month: NaiveDate,
    body: NewSheet,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    check_scored(month, local_date(caller.zone, now))?;
    let note = check_note("note", body.note.as_deref())?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, body, note) = (caller.clone(), body.clone(), note.clone());
        Box::pin(async move {
            provider_here(txn, caller.community, body.provider_id).await?;
            check_none(txn, caller.community, caller.account, body.provider_id).await?;
            let open = open_month(txn, caller.community, month, now).await?;
            let criteria =
                criteria::of_version(txn, caller.community, open.criteria_version).await?;
            let score = check_points(&criteria, &body.points)?;
            let row = panel_sheet::ActiveModel {
                community_id: Set(caller.community),
                month: Set(month),
                provider_id: Set(body.provider_id),
                account_id: Set(caller.account),
                score_bp: Set(score),
                note: Set(note),
                saved_at: Set(now),
                ..Default::default()
            };
            let key = (caller.community, month, body.provider_id, caller.account);
            let id = write(txn, row, key, body.version).await?;
            points(txn, id, &body.points).await?;
            record(txn, &caller, id, now).await?;
            months::one(txn, &caller, month, body.provider_id, now).await
        })
    })
    .await
}

/// The month's row, held, making it where this is its first sheet: by the criteria that hold now.
async fn open_month(
    txn: &DatabaseTransaction,
    community: CommunityId,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<panel_month::Model> {
    let version = criteria::settle(txn, community, now).await?;
    let row = panel_month::ActiveModel {
        community_id: Set(community),
        month: Set(month),
        criteria_version: Set(version),
        ..Default::default()
    };
    panel_month::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([panel_month::Column::CommunityId, panel_month::Column::Month])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    let held = held(txn, community, month)
        .await?
        .ok_or_else(|| Error::Internal("a month vanished".into()))?;
    if held.closed_at.is_some() {
        return Err(closed().into());
    }
    Ok(held)
}

/// The month's row, held until the transaction ends: whoever scores and whoever closes it wait for each other.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    community: CommunityId,
    month: NaiveDate,
) -> Result<Option<panel_month::Model>> {
    Ok(
        store::hold(panel_month::Entity::find_by_id((community, month)), txn)
            .one(txn)
            .await?,
    )
}

fn check_points(criteria: &[Criterion], points: &[i32]) -> Result<i32> {
    if points.len() != criteria.len() {
        let count = criteria.len();
        return Err(Problem::field(
            "points",
            Said::new(
                format!("请把 {count} 项都打上分。"),
                format!("Please give points for all {count} criteria."),
            ),
        )
        .into());
    }
    for (one, points) in criteria.iter().zip(points) {
        let most = one.weighed.max_points;
        if !(0..=most).contains(points) {
            return Err(Problem::field(
                "points",
                Said::new(
                    format!("“{}”应为 0 到 {most} 分。", one.name_zh),
                    format!("“{}” takes 0 to {most} points.", one.name_en),
                ),
            )
            .into());
        }
    }
    let weighed: Vec<Weighed> = criteria.iter().map(|one| one.weighed).collect();
    Ok(weighted(&weighed, points))
}

type Key = (CommunityId, NaiveDate, ProviderId, AccountId);

async fn write(
    txn: &DatabaseTransaction,
    mut row: panel_sheet::ActiveModel,
    (community, month, provider, account): Key,
    version: i32,
) -> Result<PanelSheetId> {
    let before = panel_sheet::Entity::find()
        .filter(panel_sheet::Column::CommunityId.eq(community))
        .filter(panel_sheet::Column::Month.eq(month))
        .filter(panel_sheet::Column::ProviderId.eq(provider))
        .filter(panel_sheet::Column::AccountId.eq(account))
        .one(txn)
        .await?;
    // The same member on two screens: whoever looked at an older sheet looks again.
    if before.as_ref().map_or(0, |sheet| sheet.version) != version {
        return Err(Problem::stale().into());
    }
    row.version = Set(version + 1);
    Ok(match before {
        Some(before) => {
            row.id = Set(before.id);
            row.update(txn).await?.id
        }
        None => row.insert(txn).await?.id,
    })
}

async fn points<C: ConnectionTrait>(txn: &C, id: PanelSheetId, points: &[i32]) -> Result<()> {
    panel_point::Entity::delete_many()
        .filter(panel_point::Column::SheetId.eq(id))
        .exec(txn)
        .await?;
    let rows = (1..)
        .zip(points)
        .map(|(position, points)| panel_point::ActiveModel {
            sheet_id: Set(id),
            position: Set(position),
            points: Set(*points),
        });
    panel_point::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    id: PanelSheetId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (by, object) = (Some(caller.account), (Subject::Panel, id.0));
    audit::record(
        txn,
        Change::new(caller.community, now, by, object, "scored"),
    )
    .await
}
