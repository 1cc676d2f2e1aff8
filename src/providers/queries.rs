//! The rows of providers: the list, what runs, what is about to expire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{CommunityId, HelperId, ProviderId};
use entity::words::{Lang, SessionState, Standing, VisitState};
use entity::{
    assignment, helper, provider, provider_approval, provider_paper, station_session, visit,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::standing::Admission;
use super::views::{PaperWarning, ProviderLine};
use super::words::{idle_word, kind_word, paper_word, standing_word};
use super::{ADMITTED, expiring, has_expired, lapsed};
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::store::claim;
use crate::visits::is_live;

/// A provider of the caller's community.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: ProviderId,
) -> Result<provider::Model> {
    provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// The live assignments of a provider's helpers whose visits are running or to come, with their visits, in order of time.
///
/// # Errors
/// The database's.
pub async fn running_visits<C: ConnectionTrait>(
    db: &C,
    id: ProviderId,
    now: DateTime<Utc>,
) -> Result<Vec<(visit::Model, HelperId)>> {
    let helpers: Vec<HelperId> = helper::Entity::find()
        .select_only()
        .column(helper::Column::Id)
        .filter(helper::Column::ProviderId.eq(id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(assignment::Entity::find()
        .find_also_related(visit::Entity)
        .filter(assignment::Column::HelperId.is_in(helpers))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(runs(now))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(part, visit)| Some((visit?, part.helper_id)))
        .collect())
}

/// The sessions of the station that a provider holds and that are running or to come, in order of time.
///
/// # Errors
/// The database's.
pub async fn running_sessions<C: ConnectionTrait>(
    db: &C,
    id: ProviderId,
    now: DateTime<Utc>,
) -> Result<Vec<station_session::Model>> {
    Ok(station_session::Entity::find()
        .filter(station_session::Column::ProviderId.eq(id))
        .filter(station_session::Column::State.eq(SessionState::Open))
        .filter(station_session::Column::EndsAt.gt(now))
        .order_by_asc(station_session::Column::StartsAt)
        .order_by_asc(station_session::Column::Id)
        .all(db)
        .await?)
}

/// The condition that a visit is running or to come; one that was begun and not finished runs on.
fn runs(now: DateTime<Utc>) -> Condition {
    let not_over = Condition::any()
        .add(visit::Column::EndsAt.gt(now))
        .add(visit::Column::State.eq(VisitState::CheckedIn));
    Condition::all().add(is_live()).add(not_over)
}

/// Every provider of a community: first those for which something is to be done, then by name.
///
/// # Errors
/// The database's.
pub async fn register<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<ProviderLine>> {
    let today = local_date(caller.zone, now);
    let rows = all(db, caller.community).await?;
    let admission = Admission::of(db, &rows, today).await?;
    let mut papers = papers_of(db, rows.iter().map(|row| row.id).collect()).await?;
    let helpers = helpers(db, caller.community).await?;
    let running = running_counts(db, caller.community, now).await?;
    let approved = approval_counts(db, &rows).await?;
    let mut lines: Vec<ProviderLine> = rows
        .into_iter()
        .map(|row| {
            let papers = papers.remove(&row.id).unwrap_or_default();
            let why_not = admission.idle(row.id);
            ProviderLine {
                id: row.id,
                kind: row.kind,
                kind_word: kind_word(row.kind, caller.lang).to_owned(),
                standing: row.standing,
                standing_word: standing_word(row.standing, caller.lang).to_owned(),
                approvals: approved.get(&row.id).copied().unwrap_or(0),
                takes_work: why_not.is_none(),
                why_not: why_not.map(|why| idle_word(why, caller.lang).to_owned()),
                helpers: helpers.get(&row.id).copied().unwrap_or(0),
                running: running.get(&row.id).copied().unwrap_or(0),
                warnings: warnings(&row, &papers, today, caller.lang),
                name: row.name,
                phone: row.phone,
            }
        })
        .collect();
    lines.sort_by_key(|line| {
        let calm = line.warnings.is_empty();
        (order(line.standing, calm), line.name.clone())
    });
    Ok(lines)
}

/// Where a provider stands on the list: what waits for somebody comes first.
fn order(standing: Standing, calm: bool) -> u8 {
    match standing {
        Standing::Applied | Standing::Checked => 0,
        Standing::Approved | Standing::Suspended if !calm => 1,
        Standing::Suspended => 2,
        Standing::Approved => 3,
        Standing::Refused | Standing::Ended => 4,
    }
}

async fn all<C: ConnectionTrait>(db: &C, community: CommunityId) -> Result<Vec<provider::Model>> {
    Ok(provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .order_by_asc(provider::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn papers_of<C: ConnectionTrait>(
    db: &C,
    ids: Vec<ProviderId>,
) -> Result<HashMap<ProviderId, Vec<provider_paper::Model>>> {
    let mut papers: HashMap<ProviderId, Vec<_>> = HashMap::new();
    for paper in provider_paper::Entity::find()
        .filter(provider_paper::Column::ProviderId.is_in(ids))
        .order_by_desc(provider_paper::Column::Id)
        .all(db)
        .await?
    {
        papers.entry(paper.provider_id).or_default().push(paper);
    }
    Ok(papers)
}

async fn helpers<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<HashMap<ProviderId, u64>> {
    let mut counts = HashMap::new();
    for id in helper::Entity::find()
        .select_only()
        .column(helper::Column::ProviderId)
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::Active.eq(true))
        .into_tuple::<ProviderId>()
        .all(db)
        .await?
    {
        *counts.entry(id).or_insert(0) += 1;
    }
    Ok(counts)
}

async fn running_counts<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    now: DateTime<Utc>,
) -> Result<HashMap<ProviderId, usize>> {
    let whose: HashMap<HelperId, ProviderId> = helper::Entity::find()
        .select_only()
        .columns([helper::Column::Id, helper::Column::ProviderId])
        .filter(helper::Column::CommunityId.eq(community))
        .into_tuple::<(HelperId, ProviderId)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let rows: Vec<HelperId> = assignment::Entity::find()
        .inner_join(visit::Entity)
        .select_only()
        .column(assignment::Column::HelperId)
        .filter(visit::Column::CommunityId.eq(community))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(runs(now))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = HashMap::new();
    for provider in rows.iter().filter_map(|helper| whose.get(helper)) {
        *counts.entry(*provider).or_insert(0) += 1;
    }
    Ok(counts)
}

async fn approval_counts<C: ConnectionTrait>(
    db: &C,
    rows: &[provider::Model],
) -> Result<HashMap<ProviderId, usize>> {
    let waiting: HashMap<ProviderId, i32> = rows
        .iter()
        .filter(|row| row.standing == Standing::Checked)
        .map(|row| (row.id, row.round))
        .collect();
    let mut counts = HashMap::new();
    for approval in provider_approval::Entity::find()
        .filter(provider_approval::Column::ProviderId.is_in(waiting.keys().copied()))
        .all(db)
        .await?
    {
        if waiting.get(&approval.provider_id) == Some(&approval.round) {
            *counts.entry(approval.provider_id).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// What is to be said about the papers of a provider that works here.
fn warnings(
    row: &provider::Model,
    papers: &[provider_paper::Model],
    today: NaiveDate,
    lang: Lang,
) -> Vec<PaperWarning> {
    if !ADMITTED.contains(&row.standing) {
        return Vec::new();
    }
    let lapsed = lapsed(papers, today).into_iter().filter_map(|kind| {
        // Of several that are over, the one that was good longest.
        papers
            .iter()
            .filter(|paper| paper.kind == kind && has_expired(paper, today))
            .max_by_key(|paper| paper.valid_until)
    });
    lapsed
        .chain(expiring(papers, today))
        .filter_map(|paper| {
            let last = paper.valid_until?;
            Some(PaperWarning {
                provider_id: row.id,
                provider: row.name.clone(),
                paper: paper_word(paper.kind, lang).to_owned(),
                valid_until: last,
                days_left: (last - today).num_days(),
            })
        })
        .collect()
}

/// Papers of a community's providers that are out of date or will be within thirty days, the most pressing first.
///
/// # Errors
/// The database's.
pub async fn paper_warnings<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<PaperWarning>> {
    let today = local_date(caller.zone, now);
    let rows = all(db, caller.community).await?;
    let papers = papers_of(db, rows.iter().map(|row| row.id).collect()).await?;
    let mut found: Vec<PaperWarning> = rows
        .iter()
        .flat_map(|row| {
            let papers = papers.get(&row.id).map_or(&[][..], Vec::as_slice);
            warnings(row, papers, today, caller.lang)
        })
        .collect();
    found.sort_by_key(|warning| (warning.days_left, warning.provider_id));
    Ok(found)
}
