//! What meetings agreed on, as a month's page shows it.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::ids::{ProviderId, ServiceId};
use entity::{bench_action, provider, service};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::figures::Figures;
use super::views::BenchAction;
use super::words::{figure, measure_word};
use super::{Aim, finding};
use crate::accounts::queries::names;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::said::Said;

/// What the page of a month has of actions.
#[derive(Clone, Debug, Default)]
pub struct OfMonth {
    /// What earlier meetings agreed on and nobody has judged yet, or this month's meeting has.
    pub earlier: Vec<bench_action::Model>,
    /// What this month's meeting agreed on.
    pub own: Vec<bench_action::Model>,
}

/// The actions on a month's page.
///
/// # Errors
/// The database's.
pub async fn of_month<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    month: NaiveDate,
) -> Result<OfMonth> {
    let looked_at = Condition::any()
        .add(bench_action::Column::Verdict.is_null())
        .add(bench_action::Column::JudgedMonth.eq(month));
    let rows = bench_action::Entity::find()
        .filter(bench_action::Column::CommunityId.eq(caller.community))
        .filter(
            Condition::any()
                .add(bench_action::Column::Month.eq(month))
                .add(looked_at),
        )
        .filter(bench_action::Column::Month.lte(month))
        .order_by_asc(bench_action::Column::Month)
        .order_by_asc(bench_action::Column::Id)
        .all(db)
        .await?;
    let (own, earlier) = rows.into_iter().partition(|row| row.month == month);
    Ok(OfMonth { earlier, own })
}

/// The actions as they are shown on the page of a month with these figures, which is over or not.
///
/// # Errors
/// The database's.
pub async fn views<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<bench_action::Model>,
    (now, over): (&Figures, bool),
) -> Result<Vec<BenchAction>> {
    let accounts = rows
        .iter()
        .flat_map(|row| std::iter::once(row.created_by).chain(row.judged_by));
    let people = names(db, accounts).await?;
    let called = Called::read(db, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let counted = aim_of(&row).and_then(|aim| now.of(aim));
            let seen = if row.verdict.is_some() {
                row.judged_figure
            } else {
                counted
            };
            let told = |value: Option<i64>| {
                value
                    .map(|value| figure(row.measure, value, caller.lang))
                    .filter(|text| !text.is_empty())
            };
            BenchAction {
                id: row.id,
                month: row.month,
                measure: row.measure,
                measure_word: measure_word(row.measure, &called.of(&row)).to(caller.lang),
                figure: told(row.figure),
                figure_now: told(seen),
                finding: finding(row.measure, row.figure, seen, over),
                verdict: row.verdict,
                created_by: people.get(&row.created_by).cloned().unwrap_or_default(),
                judged_by: row.judged_by.and_then(|by| people.get(&by).cloned()),
                created_at: row.created_at,
                what: row.what,
                who: row.who,
                due: row.due,
                note: row.judged_note,
            }
        })
        .collect())
}

/// What services and providers are called.
struct Called {
    services: HashMap<ServiceId, Said>,
    providers: HashMap<ProviderId, String>,
}

impl Called {
    async fn read<C: ConnectionTrait>(db: &C, rows: &[bench_action::Model]) -> Result<Self> {
        let services = rows.iter().filter_map(|row| row.service_id);
        let providers = rows.iter().filter_map(|row| row.provider_id);
        Ok(Self {
            services: service::Entity::find()
                .filter(service::Column::Id.is_in(services))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, Said::new(row.name_zh, row.name_en)))
                .collect(),
            providers: provider::Entity::find()
                .filter(provider::Column::Id.is_in(providers))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
        })
    }

    fn of(&self, row: &bench_action::Model) -> Said {
        let service = row.service_id.and_then(|id| self.services.get(&id));
        let provider = row.provider_id.and_then(|id| self.providers.get(&id));
        match (service, provider) {
            (Some(said), _) => said.clone(),
            (_, Some(name)) => Said::new(name, name),
            _ => Said::new("", ""),
        }
    }
}

/// What a row is meant to move.
pub(super) fn aim_of(row: &bench_action::Model) -> Option<Aim> {
    Aim::of(row.measure, row.service_id, row.provider_id)
}
