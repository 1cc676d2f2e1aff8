//! A month of the panel as it is shown: closed months as they were kept, open ones as they stand.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, PanelSheetId, ProviderId};
use entity::words::Role;
use entity::{panel_month, panel_point, panel_result, panel_sheet, provider};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::figures::Counted;
use super::views::{Figures, PanelMonth, ProviderScore, SheetView};
use super::{
    SCORED, check_over, check_scored, closing, consequences, criteria, figures, interests,
    month_before,
};
use crate::accounts::queries::names;
use crate::clock::local_date;
use crate::error::{Error, Result};
use crate::http::caller::Caller;

/// What came of a month for one provider, kept or reckoned now.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    sheets: i32,
    score: Option<i32>,
    counted: Counted,
}

/// One provider of a month.
///
/// # Errors
/// The database's.
pub async fn one<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
    provider: ProviderId,
    now: DateTime<Utc>,
) -> Result<ProviderScore> {
    month(db, caller, at, now)
        .await?
        .providers
        .into_iter()
        .find(|row| row.provider_id == provider)
        .ok_or_else(|| Error::Internal("a provider vanished".into()))
}

/// A month with every provider.
///
/// # Errors
/// The database's.
pub async fn month<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
    now: DateTime<Utc>,
) -> Result<PanelMonth> {
    let community = caller.community;
    let row = panel_month::Entity::find_by_id((community, at))
        .one(db)
        .await?;
    let closed = row.as_ref().is_some_and(|row| row.closed_at.is_some());
    let version = match &row {
        Some(row) => row.criteria_version,
        None => criteria::newest(db, community)
            .await?
            .map_or(0, |set| set.version),
    };
    let outcomes = if closed {
        kept(db, caller, at).await?
    } else {
        reckoned(db, caller, at, now).await?
    };
    let today = local_date(caller.zone, now);
    let over = check_over(at, today).is_ok();
    let keeper = caller.is(Role::Coordinator) || caller.is(Role::Admin);
    let closed_by = row.as_ref().and_then(|row| row.closed_by);
    let people = names(db, closed_by).await?;
    Ok(PanelMonth {
        month: at,
        over,
        closed_at: row.as_ref().and_then(|row| row.closed_at),
        closed_by: closed_by.and_then(|id| people.get(&id).cloned()),
        may_score: caller.is(Role::PanelMember) && !closed && check_scored(at, today).is_ok(),
        may_close: keeper && over && !closed && outcomes.values().any(|row| row.sheets > 0),
        may_decide: keeper && closed,
        criteria: criteria::views(
            &criteria::of_version(db, community, version).await?,
            caller.lang,
        ),
        members: u64::try_from(interests::members(db, community).await?.len()).unwrap_or(0),
        providers: providers(db, caller, at, (closed, &outcomes)).await?,
    })
}

async fn providers<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
    (closed, outcomes): (bool, &HashMap<ProviderId, Outcome>),
) -> Result<Vec<ProviderScore>> {
    let community = caller.community;
    let member = caller.is(Role::PanelMember);
    let ties = if member {
        interests::ties(db, community, &[caller.account]).await?
    } else {
        Vec::new()
    };
    let mut mine = own_sheets(db, caller, at).await?;
    let mut followed = consequences::of_month(db, community, at, caller.lang).await?;
    let before = month_before(at);
    let mut last = consequences::of_month(db, community, before, caller.lang).await?;
    let last_scores = kept(db, caller, before).await?;
    // Whoever scores does not see what others gave until nobody can be led by it.
    let shown = closed || !member;
    Ok(provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .order_by_asc(provider::Column::Id)
        .all(db)
        .await?
        .into_iter()
        // Who has ended since keeps the results it had.
        .filter(|row| SCORED.contains(&row.standing) || outcomes.contains_key(&row.id))
        .map(|row| {
            let outcome = outcomes.get(&row.id).copied().unwrap_or_default();
            let tie = ties.iter().find(|tie| tie.provider == row.id);
            ProviderScore {
                provider_id: row.id,
                name: row.name,
                kind: row.kind,
                interest: tie.map(|tie| interests::sentence(tie.kind).to(caller.lang)),
                mine: mine.remove(&row.id),
                sheets: outcome.sheets,
                score_bp: outcome.score.filter(|_| shown),
                figures: figures_view(outcome.counted),
                consequences: followed.remove(&row.id).unwrap_or_default(),
                last_consequences: last.remove(&row.id).unwrap_or_default(),
                last_score_bp: last_scores.get(&row.id).and_then(|row| row.score),
            }
        })
        .collect())
}

fn figures_view(counted: Counted) -> Figures {
    let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    Figures {
        served: small(counted.served),
        late: small(counted.late),
        missed: small(counted.missed),
        rated: small(counted.rated),
        rating_tenths: (counted.rated > 0)
            .then(|| small((counted.rating_sum * 20 + counted.rated) / (counted.rated * 2))),
        complaints: small(counted.complaints),
    }
}

/// As it was kept when the month was closed.
async fn kept<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
) -> Result<HashMap<ProviderId, Outcome>> {
    Ok(panel_result::Entity::find()
        .filter(panel_result::Column::CommunityId.eq(caller.community))
        .filter(panel_result::Column::Month.eq(at))
        .all(db)
        .await?
        .into_iter()
        .map(|row| {
            let counted = Counted {
                served: row.served.into(),
                late: row.late.into(),
                missed: row.missed.into(),
                rated: row.rated.into(),
                rating_sum: row.rating_sum.into(),
                complaints: row.complaints.into(),
            };
            (
                row.provider_id,
                Outcome {
                    sheets: row.members,
                    score: row.score_bp,
                    counted,
                },
            )
        })
        .collect())
}

/// As it stands now.
async fn reckoned<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
    now: DateTime<Utc>,
) -> Result<HashMap<ProviderId, Outcome>> {
    let here = (caller.community, caller.zone);
    let sheets = closing::counting(db, caller.community, at).await?;
    let mut all: HashMap<ProviderId, Outcome> = figures::of_month(db, here, at, now)
        .await?
        .into_iter()
        .map(|(id, counted)| {
            (
                id,
                Outcome {
                    counted,
                    ..Outcome::default()
                },
            )
        })
        .collect();
    for sheet in &sheets {
        let (count, score) = closing::result_of(&sheets, sheet.provider_id);
        let outcome = all.entry(sheet.provider_id).or_default();
        (outcome.sheets, outcome.score) = (count, score);
    }
    Ok(all)
}

async fn own_sheets<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    at: NaiveDate,
) -> Result<HashMap<ProviderId, SheetView>> {
    let rows = panel_sheet::Entity::find()
        .filter(panel_sheet::Column::CommunityId.eq(caller.community))
        .filter(panel_sheet::Column::Month.eq(at))
        .filter(panel_sheet::Column::AccountId.eq::<AccountId>(caller.account))
        .all(db)
        .await?;
    let mut points: HashMap<PanelSheetId, Vec<i32>> = HashMap::new();
    for point in panel_point::Entity::find()
        .filter(panel_point::Column::SheetId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(panel_point::Column::Position)
        .all(db)
        .await?
    {
        points.entry(point.sheet_id).or_default().push(point.points);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                row.provider_id,
                SheetView {
                    points: points.remove(&row.id).unwrap_or_default(),
                    score_bp: row.score_bp,
                    note: row.note,
                    saved_at: row.saved_at,
                    version: row.version,
                },
            )
        })
        .collect())
}
