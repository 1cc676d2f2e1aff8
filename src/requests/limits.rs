//! How long each step may take, and setting it.

use axum::http::StatusCode;
use entity::help_limit;
use entity::ids::CommunityId;
use entity::words::{HelpKind, HelpLevel, Lang, Subject};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{kind_word, level_word};
use super::{LONGEST_LIMIT_MIN, Limits};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::caller::Admin;
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// How long each step may take, for one kind and level.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelpLimit {
    /// For which kind.
    pub kind: HelpKind,
    /// The same in words.
    pub kind_word: String,
    /// For which level.
    pub level: HelpLevel,
    /// The same in words.
    pub level_word: String,
    /// Minutes to respond.
    pub respond_min: i32,
    /// Minutes to handle it after that.
    pub handle_min: i32,
    /// Minutes to report back after that.
    pub report_min: i32,
    /// Whether an administrator set it; otherwise it is the preset.
    pub set: bool,
}

/// Limits that an administrator sets; they hold for the steps that begin afterwards.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SetLimit {
    /// For which kind.
    pub kind: HelpKind,
    /// For which level.
    pub level: HelpLevel,
    /// Minutes to respond, 1 to 43,200.
    pub respond_min: i32,
    /// Minutes to handle it after that, 1 to 43,200.
    pub handle_min: i32,
    /// Minutes to report back after that, 1 to 43,200.
    pub report_min: i32,
}

/// The limits that hold.
///
/// # Errors
/// The database's.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    kind: HelpKind,
    level: HelpLevel,
) -> Result<Limits> {
    Ok(help_limit::Entity::find_by_id((community, kind, level))
        .one(db)
        .await?
        .map_or_else(|| Limits::preset(kind, level), |row| limits(&row)))
}

fn limits(row: &help_limit::Model) -> Limits {
    Limits {
        respond_min: row.respond_min,
        handle_min: row.handle_min,
        report_min: row.report_min,
    }
}

/// Every kind and level with its limits.
///
/// # Errors
/// The database's.
pub async fn all<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    lang: Lang,
) -> Result<Vec<HelpLimit>> {
    let rows = help_limit::Entity::find()
        .filter(help_limit::Column::CommunityId.eq(community))
        .all(db)
        .await?;
    let mut all = Vec::new();
    for kind in HelpKind::iter() {
        for level in HelpLevel::iter() {
            let row = rows
                .iter()
                .find(|row| (row.kind, row.level) == (kind, level));
            let held = row.map_or_else(|| Limits::preset(kind, level), limits);
            all.push(view(kind, level, held, row.is_some(), lang));
        }
    }
    Ok(all)
}

fn view(kind: HelpKind, level: HelpLevel, held: Limits, set: bool, lang: Lang) -> HelpLimit {
    HelpLimit {
        kind,
        kind_word: kind_word(kind, lang).to_owned(),
        level,
        level_word: level_word(level, lang).to_owned(),
        respond_min: held.respond_min,
        handle_min: held.handle_min,
        report_min: held.report_min,
        set,
    }
}

/// Sets the limits of one kind and level.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn set(app: &App, Admin(caller): Admin, body: SetLimit, once: Once) -> Result<Answer> {
    for (field, minutes) in [
        ("respond_min", body.respond_min),
        ("handle_min", body.handle_min),
        ("report_min", body.report_min),
    ] {
        if !(1..=LONGEST_LIMIT_MIN).contains(&minutes) {
            return Err(Problem::field(
                field,
                Said::new(
                    format!("时限应为 1 到 {LONGEST_LIMIT_MIN} 分钟（30 天）。"),
                    format!("A limit is 1 to {LONGEST_LIMIT_MIN} minutes (30 days)."),
                ),
            )
            .into());
        }
    }
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, body) = (caller.clone(), body.clone());
        Box::pin(async move {
            let row = help_limit::ActiveModel {
                community_id: Set(caller.community),
                kind: Set(body.kind),
                level: Set(body.level),
                respond_min: Set(body.respond_min),
                handle_min: Set(body.handle_min),
                report_min: Set(body.report_min),
            };
            help_limit::Entity::insert(row)
                .on_conflict(
                    OnConflict::columns([
                        help_limit::Column::CommunityId,
                        help_limit::Column::Kind,
                        help_limit::Column::Level,
                    ])
                    .update_columns([
                        help_limit::Column::RespondMin,
                        help_limit::Column::HandleMin,
                        help_limit::Column::ReportMin,
                    ])
                    .to_owned(),
                )
                .exec_without_returning(txn)
                .await?;
            let object = (Subject::HelpSetting, 0);
            let by = Some(caller.account);
            let change = Change::new(caller.community, now, by, object, "limit_set");
            let said = format!(
                "{:?} {:?}: {} {} {}",
                body.kind, body.level, body.respond_min, body.handle_min, body.report_min
            );
            audit::record(txn, change.noted(Some(said))).await?;
            let held = of(txn, caller.community, body.kind, body.level).await?;
            Ok(view(body.kind, body.level, held, true, caller.lang))
        })
    })
    .await
}
