//! The texts people are asked with. The first version is the program's own; an administrator publishes later ones, each
//! of which asks everybody again, while who agreed before has agreed to what they read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::consent_text;
use entity::ids::CommunityId;
use entity::words::{Purpose, Subject};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, SqlErr,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::PURPOSES;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// Characters of a text at most.
const LONGEST: usize = 1000;
/// Characters of a text at least: less says nothing.
const SHORTEST: usize = 10;

/// A text in one version.
#[derive(Clone, Debug)]
pub struct Text {
    /// From 1.
    pub version: i32,
    /// In both languages.
    pub said: Said,
    /// When it was published; none for the program's own.
    pub published_at: Option<DateTime<Utc>>,
}

/// The program's own text of a purpose: version 1 everywhere.
#[must_use]
pub fn first(purpose: Purpose) -> Said {
    match purpose {
        Purpose::Care => Said::new(
            "为了预约和上门服务，社区使用老人的姓名、门牌和电话，并告诉每次上门的服务人员。",
            "For booking and for visits the community uses name, door and telephone, and tells them to whoever comes.",
        ),
        Purpose::Health => Said::new(
            "为了安排合适的人和保证安全，社区使用能力评估等级和注意事项（例如听力、行动），上门前后 24 小时给服务人员看。",
            "To send the right person and for safety the community uses the ability level and what has to be minded, shown to helpers from 24 hours before a visit to 24 hours after.",
        ),
        Purpose::Merchants => Said::new(
            "预约商户的服务时，社区把称呼、门牌和电话提供给这家商户，只用于这次服务。",
            "When a merchant's service is booked, the community gives the merchant name, door and telephone, for that service alone.",
        ),
        Purpose::Grid => Said::new(
            "网格员走访和通知体检时，可以看到姓名、门牌、年龄和居住情况。",
            "On rounds and for health-check days the grid officer sees name, door, age and with whom the resident lives.",
        ),
        Purpose::Messages => Said::new(
            "预约、变动和服务完成时，用邮件告诉登记的家属。",
            "The registered family is written to when a visit is booked, changed or done.",
        ),
    }
}

/// The texts of a community, purpose by purpose, from the first version to the latest.
///
/// # Errors
/// The database's.
pub async fn all<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<HashMap<Purpose, Vec<Text>>> {
    let mut texts: HashMap<Purpose, Vec<Text>> = PURPOSES
        .into_iter()
        .map(|purpose| {
            let own = Text {
                version: 1,
                said: first(purpose),
                published_at: None,
            };
            (purpose, vec![own])
        })
        .collect();
    for row in consent_text::Entity::find()
        .filter(consent_text::Column::CommunityId.eq(community))
        .order_by_asc(consent_text::Column::Version)
        .all(db)
        .await?
    {
        texts.entry(row.purpose).or_default().push(Text {
            version: row.version,
            said: Said::new(row.zh, row.en),
            published_at: Some(row.published_at),
        });
    }
    Ok(texts)
}

/// The latest version of each text.
///
/// # Errors
/// The database's.
pub async fn latest<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<HashMap<Purpose, i32>> {
    let texts = all(db, community).await?;
    Ok(texts
        .into_iter()
        .filter_map(|(purpose, texts)| Some((purpose, texts.last()?.version)))
        .collect())
}

/// A new version of a text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewText {
    /// Of which purpose.
    pub purpose: Purpose,
    /// The version that the writer saw last.
    pub after: i32,
    /// In Chinese, 10 to 1,000 characters.
    pub zh: String,
    /// In English, 10 to 1,000 characters.
    pub en: String,
}

impl NewText {
    /// The same as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field `zh` or `en`.
    pub fn check(mut self) -> Result<Self> {
        for (field, text) in [("zh", &mut self.zh), ("en", &mut self.en)] {
            *text = text.trim().to_owned();
            if !(SHORTEST..=LONGEST).contains(&text.chars().count()) {
                return Err(Problem::field(
                    field,
                    Said::new(
                        format!("内容应为 {SHORTEST} 到 {LONGEST} 个字，中英文都要写。"),
                        format!(
                            "The text has {SHORTEST} to {LONGEST} characters, in both languages."
                        ),
                    ),
                )
                .into());
            }
        }
        Ok(self)
    }
}

/// Publishes a new version. Of two who publish at once, the key refuses the second.
///
/// # Errors
/// `stale` where another version came between, or the database's.
pub async fn publish(
    txn: &DatabaseTransaction,
    caller: &Caller,
    new: &NewText,
    now: DateTime<Utc>,
) -> Result<()> {
    let latest = latest(txn, caller.community).await?;
    let version = latest.get(&new.purpose).copied().unwrap_or(1);
    if version != new.after {
        return Err(stale());
    }
    let row = consent_text::ActiveModel {
        community_id: Set(caller.community),
        purpose: Set(new.purpose),
        version: Set(version + 1),
        zh: Set(new.zh.clone()),
        en: Set(new.en.clone()),
        published_by: Set(caller.account),
        published_at: Set(now),
    };
    if let Err(error) = row.insert(txn).await {
        return Err(match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => stale(),
            _ => error.into(),
        });
    }
    let object = (Subject::Consent, i64::from(version + 1));
    let change = Change::new(
        caller.community,
        now,
        Some(caller.account),
        object,
        "text-published",
    );
    audit::record(txn, change).await
}

fn stale() -> Error {
    Problem::stale().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_long_enough_in_both_languages() {
        let new = |zh: &str, en: &str| NewText {
            purpose: Purpose::Grid,
            after: 1,
            zh: zh.into(),
            en: en.into(),
        };
        assert!(
            new(
                " 网格员走访时可以看到姓名和门牌。 ",
                "On rounds the officer sees it."
            )
            .check()
            .is_ok()
        );
        assert!(new("短", "On rounds the officer sees it.").check().is_err());
        assert!(
            new("网格员走访时可以看到姓名和门牌。", " ")
                .check()
                .is_err()
        );
        assert!(
            new(&"长".repeat(1001), "On rounds the officer sees it.")
                .check()
                .is_err()
        );
        for purpose in PURPOSES {
            let Said { zh, en } = first(purpose);
            assert!(new(&zh, &en).check().is_ok(), "{purpose:?}");
        }
    }
}
