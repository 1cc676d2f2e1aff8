//! The criteria, by version: whoever edits them writes a new one, and months that were begun keep theirs.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CommunityId};
use entity::words::{Lang, Subject};
use entity::{criteria_set, criterion};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::Weighed;
use super::views::{CriteriaView, CriterionView, NewCriteria};
use crate::accounts::queries::names;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Admin, Caller};
use crate::http::input::{Answer, Once};
use crate::requests::at_most;
use crate::said::{Said, pick};
use crate::store::audit::{self, Change};

/// Criteria at most.
const MOST: usize = 20;

/// What holds until an administrator writes something else.
const PRESET: [(&str, &str, i32, i32); 5] = [
    ("准时到、说到做到", "On time, as promised", 25, 10),
    ("活做得好不好", "Quality of the work", 30, 10),
    ("对老人的态度", "Manner towards residents", 20, 10),
    (
        "出了问题改得快不快",
        "How fast it mends what went wrong",
        15,
        10,
    ),
    ("收费清楚合理", "Clear and fair prices", 10, 10),
];

/// One criterion as it is stored, without whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// How it counts.
    pub weighed: Weighed,
}

/// The preset.
#[must_use]
pub fn preset() -> Vec<Criterion> {
    PRESET
        .into_iter()
        .map(|(zh, en, weight, max_points)| Criterion {
            name_zh: zh.to_owned(),
            name_en: en.to_owned(),
            weighed: Weighed { weight, max_points },
        })
        .collect()
}

/// The views of criteria.
#[must_use]
pub fn views(criteria: &[Criterion], lang: Lang) -> Vec<CriterionView> {
    (1..)
        .zip(criteria)
        .map(|(position, one)| CriterionView {
            position,
            name: pick(lang, &one.name_zh, &one.name_en).to_owned(),
            name_zh: one.name_zh.clone(),
            name_en: one.name_en.clone(),
            weight: one.weighed.weight,
            max_points: one.weighed.max_points,
        })
        .collect()
}

/// The newest version; none where nobody has written or scored yet.
///
/// # Errors
/// The database's.
pub async fn newest<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<Option<criteria_set::Model>> {
    Ok(criteria_set::Entity::find()
        .filter(criteria_set::Column::CommunityId.eq(community))
        .order_by_desc(criteria_set::Column::Version)
        .one(db)
        .await?)
}

/// The criteria of one version, in their order; the preset for version 0.
///
/// # Errors
/// The database's.
pub async fn of_version<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    version: i32,
) -> Result<Vec<Criterion>> {
    if version == 0 {
        return Ok(preset());
    }
    Ok(criterion::Entity::find()
        .filter(criterion::Column::CommunityId.eq(community))
        .filter(criterion::Column::Version.eq(version))
        .order_by_asc(criterion::Column::Position)
        .all(db)
        .await?
        .into_iter()
        .map(|row| Criterion {
            name_zh: row.name_zh,
            name_en: row.name_en,
            weighed: Weighed {
                weight: row.weight,
                max_points: row.max_points,
            },
        })
        .collect())
}

/// The newest version, writing the preset down where there is none: from now on it is what was scored by.
///
/// # Errors
/// The database's.
pub async fn settle(
    txn: &DatabaseTransaction,
    community: CommunityId,
    now: DateTime<Utc>,
) -> Result<i32> {
    match newest(txn, community).await? {
        Some(set) => Ok(set.version),
        None => write(txn, community, (1, None), &preset(), now).await,
    }
}

async fn write(
    txn: &DatabaseTransaction,
    community: CommunityId,
    (version, by): (i32, Option<AccountId>),
    criteria: &[Criterion],
    now: DateTime<Utc>,
) -> Result<i32> {
    criteria_set::ActiveModel {
        community_id: Set(community),
        version: Set(version),
        made_by: Set(by),
        made_at: Set(now),
    }
    .insert(txn)
    .await?;
    let rows = (1..)
        .zip(criteria)
        .map(|(position, one)| criterion::ActiveModel {
            community_id: Set(community),
            version: Set(version),
            position: Set(position),
            name_zh: Set(one.name_zh.clone()),
            name_en: Set(one.name_en.clone()),
            weight: Set(one.weighed.weight),
            max_points: Set(one.weighed.max_points),
        });
    criterion::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(version)
}

/// The criteria that hold now.
///
/// # Errors
/// The database's.
pub async fn current<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<CriteriaView> {
    let set = newest(db, caller.community).await?;
    let version = set.as_ref().map_or(0, |set| set.version);
    let by = set.as_ref().and_then(|set| set.made_by);
    let people = names(db, by).await?;
    Ok(CriteriaView {
        version,
        made_at: set.map(|set| set.made_at),
        made_by: by.and_then(|id| people.get(&id).cloned()),
        criteria: views(
            &of_version(db, caller.community, version).await?,
            caller.lang,
        ),
    })
}

/// Writes a new version.
///
/// # Errors
/// `invalid`, `stale`, or the database's.
pub async fn rewrite(
    app: &App,
    Admin(caller): Admin,
    body: NewCriteria,
    once: Once,
) -> Result<Answer> {
    let criteria = check(&body)?;
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, criteria) = (caller.clone(), criteria.clone());
        Box::pin(async move {
            let before = newest(txn, caller.community)
                .await?
                .map_or(0, |set| set.version);
            if before != body.version {
                return Err(Problem::stale().into());
            }
            let by = Some(caller.account);
            // The key refuses the same version twice.
            let version = write(txn, caller.community, (before + 1, by), &criteria, now).await?;
            let object = (Subject::Panel, i64::from(version));
            let change = Change::new(caller.community, now, by, object, "criteria_written");
            audit::record(txn, change).await?;
            current(txn, &caller).await
        })
    })
    .await
}

fn check(body: &NewCriteria) -> Result<Vec<Criterion>> {
    if body.criteria.is_empty() || body.criteria.len() > MOST {
        return Err(refuse(
            "criteria",
            "评分项应有 1 到 20 项。",
            "There are 1 to 20 criteria.",
        ));
    }
    let mut checked: Vec<Criterion> = Vec::new();
    for one in &body.criteria {
        let empty = || {
            refuse(
                "criteria",
                "每一项都要有中文和英文名称。",
                "Each criterion has a name in Chinese and in English.",
            )
        };
        let name_zh = at_most("criteria", Some(&one.name_zh), 40)?.ok_or_else(empty)?;
        let name_en = at_most("criteria", Some(&one.name_en), 80)?.ok_or_else(empty)?;
        if !(1..=100).contains(&one.weight) || !(1..=100).contains(&one.max_points) {
            return Err(refuse(
                "criteria",
                "权重和满分都应为 1 到 100。",
                "Weight and points are 1 to 100 each.",
            ));
        }
        if checked.iter().any(|known| known.name_zh == name_zh) {
            return Err(refuse(
                "criteria",
                "有两项名称相同。",
                "Two criteria have the same name.",
            ));
        }
        checked.push(Criterion {
            name_zh,
            name_en,
            weighed: Weighed {
                weight: one.weight,
                max_points: one.max_points,
            },
        });
    }
    Ok(checked)
}

fn refuse(field: &'static str, zh: &str, en: &str) -> Error {
    Problem::field(field, Said::new(zh, en)).into()
}
