//! What follows from a month's score: a record of who decided what, when and why. Nothing else changes by it; whether a
//! provider is suspended is decided where providers are kept.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::consequence;
use entity::ids::{CommunityId, ProviderId};
use entity::words::{Lang, Subject};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::interests::{check_none, provider_here};
use super::views::{ConsequenceView, NewConsequence};
use super::{months, sheets, still_open};
use crate::accounts::queries::names;
use crate::app::App;
use crate::error::Result;
use crate::http::caller::PanelKeeper;
use crate::http::input::{Answer, Once};
use crate::quality::words::consequence_word;
use crate::requests::check_text;
use crate::store::audit::{self, Change};

/// What followed from a month, for each provider.
///
/// # Errors
/// The database's.
pub async fn of_month<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    month: NaiveDate,
    lang: Lang,
) -> Result<HashMap<ProviderId, Vec<ConsequenceView>>> {
    let rows = consequence::Entity::find()
        .filter(consequence::Column::CommunityId.eq(community))
        .filter(consequence::Column::Month.eq(month))
        .order_by_asc(consequence::Column::Id)
        .all(db)
        .await?;
    let people = names(db, rows.iter().map(|row| row.decided_by)).await?;
    let mut all: HashMap<ProviderId, Vec<ConsequenceView>> = HashMap::new();
    for row in rows {
        all.entry(row.provider_id)
            .or_default()
            .push(ConsequenceView {
                id: row.id,
                kind: row.kind,
                kind_word: consequence_word(row.kind, lang).to_owned(),
                reason: row.reason,
                decided_by: people.get(&row.decided_by).cloned().unwrap_or_default(),
                decided_at: row.decided_at,
            });
    }
    Ok(all)
}

/// Writes down what follows for one provider from a closed month.
///
/// # Errors
/// `invalid` where the caller has an interest in it, `not-now` while the month is open, or the database's.
pub async fn decide(
    app: &App,
    PanelKeeper(caller): PanelKeeper,
    month: NaiveDate,
    body: NewConsequence,
    once: Once,
) -> Result<Answer> {
    let reason = check_text("reason", &body.reason)?;
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, body, reason) = (caller.clone(), body.clone(), reason.clone());
        Box::pin(async move {
            provider_here(txn, caller.community, body.provider_id).await?;
            check_none(txn, caller.community, caller.account, body.provider_id).await?;
            let closed = sheets::held(txn, caller.community, month)
                .await?
                .is_some_and(|row| row.closed_at.is_some());
            if !closed {
                return Err(still_open().into());
            }
            let row = consequence::ActiveModel {
                community_id: Set(caller.community),
                month: Set(month),
                provider_id: Set(body.provider_id),
                kind: Set(body.kind),
                reason: Set(reason),
                decided_by: Set(caller.account),
                decided_at: Set(now),
                ..Default::default()
            }
            .insert(txn)
            .await?;
            let (by, object) = (Some(caller.account), (Subject::Panel, row.id.0));
            let change = Change::new(caller.community, now, by, object, "decided");
            audit::record(txn, change.on(month)).await?;
            months::one(txn, &caller, month, body.provider_id, now).await
        })
    })
    .await
}
