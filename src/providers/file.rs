//! One provider with everything about it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, HelperId, ProviderId, ProviderPaperId, VisitId};
use entity::words::{Lang, PaperKind, ScanKind, Standing, VisitState};
use entity::{
    audit, helper, provider, provider_approval, provider_paper, provider_price, provider_scan,
    provider_service, resident, service, visit,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::prices::in_force;
use super::queries::{find, papers_of, running_sessions, running_visits};
use super::standing::Admission;
use super::steps::{already_approved, approvals, missing_sentence};
use super::views::{
    Approval, NeededPaper, OfferedService, OwnPrice, Paper, PaperState, PossibleStep,
    ProviderEvent, ProviderFile, RunningVisit,
};
use super::words::{action_word, idle_word, kind_word, paper_word, standing_word};
use super::{APPROVALS, Step, WARN_DAYS, after, helper_kind, missing, offers};
use crate::accounts::queries::names;
use crate::catalogue::categories::category_word;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::said::pick;
use crate::station;
use crate::visits::views::service_name;
use crate::visits::{short_name, state_word};

/// Running visits, and sessions, in a file at most.
const RUNNING: usize = 300;
/// Lines of a history at most.
const HISTORY: u64 = 100;

/// Everything about one provider.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn file<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: ProviderId,
    now: DateTime<Utc>,
) -> Result<ProviderFile> {
    let row = find(db, caller, id).await?;
    let today = local_date(caller.zone, now);
    let lang = caller.lang;
    let papers = papers_of(db, vec![id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    let needed = offers::needed_of(db, &row).await?;
    let approved = approvals(db, &row).await?;
    let lacking = missing(&needed, &papers, today);
    let history = history(db, id).await?;
    let names = names(
        db,
        papers
            .iter()
            .filter_map(|paper| paper.checked_by)
            .chain(approved.iter().map(|one| one.account_id))
            .chain(history.iter().filter_map(|one| one.account_id))
            .chain(row.checked_by)
            .collect::<Vec<_>>(),
    )
    .await?;
    let admission = Admission::of(db, std::slice::from_ref(&row), today).await?;
    let idle = admission.idle(id);
    let running = running_visits(db, id, now).await?;
    let mut sessions = running_sessions(db, id, now).await?;
    let session_count = sessions.len();
    sessions.truncate(RUNNING);
    let helpers = helper::Entity::find()
        .filter(helper::Column::ProviderId.eq(id))
        .filter(helper::Column::Active.eq(true))
        .count(db)
        .await?;
    let mine = approved.iter().any(|one| one.account_id == caller.account);
    let why_not = |step| match step {
        Step::Check | Step::Approve if !lacking.is_empty() => {
            Some(missing_sentence(&lacking).to(lang))
        }
        Step::Approve if mine => Some(already_approved().to(lang)),
        _ => None,
    };
    Ok(ProviderFile {
        id,
        kind: row.kind,
        kind_word: kind_word(row.kind, lang).to_owned(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        contact: row.contact.clone(),
        wants: row.wants.clone(),
        standing: row.standing,
        standing_word: standing_word(row.standing, lang).to_owned(),
        standing_note: row.standing_note.clone(),
        standing_since: row.standing_since,
        version: row.version,
        takes_work: idle.is_none(),
        why_not: idle.map(|why| idle_word(why, lang).to_owned()),
        steps: steps(row.standing, why_not),
        checked_by: row.checked_by.and_then(|id| names.get(&id).cloned()),
        approvals: approval_views(&approved, &names),
        needed: needed_views(&needed, &lacking, lang),
        papers: paper_views(db, papers, &names, (today, lang)).await?,
        offers_all: row.offers_all,
        services: services(db, caller, &row, today).await?,
        helpers,
        running_count: running.len(),
        running: running_views(db, running, lang, now).await?,
        session_count,
        sessions: station::queries::cards(db, caller, sessions).await?,
        history: history_views(history, &names, lang),
    })
}

fn approval_views(
    approved: &[provider_approval::Model],
    names: &HashMap<AccountId, String>,
) -> Vec<Approval> {
    approved
        .iter()
        .map(|one| Approval {
            by: names.get(&one.account_id).cloned().unwrap_or_default(),
            at: one.at,
        })
        .collect()
}

fn needed_views(
    needed: &BTreeSet<PaperKind>,
    lacking: &[PaperKind],
    lang: Lang,
) -> Vec<NeededPaper> {
    needed
        .iter()
        .map(|kind| NeededPaper {
            kind: *kind,
            kind_word: paper_word(*kind, lang).to_owned(),
            good: !lacking.contains(kind),
        })
        .collect()
}

fn history_views(
    history: Vec<audit::Model>,
    names: &HashMap<AccountId, String>,
    lang: Lang,
) -> Vec<ProviderEvent> {
    history
        .into_iter()
        .map(|one| ProviderEvent {
            at: one.at,
            by: one.account_id.and_then(|id| names.get(&id).cloned()),
            what: action_word(&one.action, lang).to_owned(),
            note: one.note,
        })
        .collect()
}

/// The steps that a standing allows.
fn steps(standing: Standing, why_not: impl Fn(Step) -> Option<String>) -> Vec<PossibleStep> {
    [
        Step::Check,
        Step::Approve,
        Step::Refuse,
        Step::Reapply,
        Step::Resume,
        Step::Suspend,
        Step::End,
    ]
    .into_iter()
    .filter(|step| after(standing, *step, APPROVALS - 1).is_ok())
    .map(|step| PossibleStep {
        step,
        why_not: why_not(step),
    })
    .collect()
}

async fn history<C: ConnectionTrait>(db: &C, id: ProviderId) -> Result<Vec<audit::Model>> {
    Ok(audit::Entity::find()
        // In these words, for they are the condition of the index that finds them.
        .filter(Expr::cust("\"audit\".\"what\" = 'provider'"))
        .filter(audit::Column::ObjectId.eq(id.0))
        .order_by_desc(audit::Column::Id)
        .limit(HISTORY)
        .all(db)
        .await?)
}

async fn paper_views<C: ConnectionTrait>(
    db: &C,
    papers: Vec<provider_paper::Model>,
    names: &HashMap<AccountId, String>,
    (today, lang): (NaiveDate, Lang),
) -> Result<Vec<Paper>> {
    // The bytes stay where they are.
    let scans: HashMap<ProviderPaperId, ScanKind> = provider_scan::Entity::find()
        .select_only()
        .columns([provider_scan::Column::PaperId, provider_scan::Column::Kind])
        .filter(provider_scan::Column::PaperId.is_in(papers.iter().map(|paper| paper.id)))
        .into_tuple::<(ProviderPaperId, ScanKind)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    Ok(papers
        .into_iter()
        .map(|paper| Paper {
            id: paper.id,
            kind: paper.kind,
            kind_word: paper_word(paper.kind, lang).to_owned(),
            valid_until: paper.valid_until,
            days_left: paper.valid_until.map(|last| (last - today).num_days()),
            state: state(&paper, today),
            required: paper.required,
            added_at: paper.added_at,
            checked_by: paper.checked_by.and_then(|id| names.get(&id).cloned()),
            checked_at: paper.checked_at,
            scan: scans.get(&paper.id).copied(),
            number: paper.number,
            issued_by: paper.issued_by,
            note: paper.note,
        })
        .collect())
}

fn state(paper: &provider_paper::Model, today: NaiveDate) -> PaperState {
    let left = paper.valid_until.map(|last| (last - today).num_days());
    match left {
        Some(left) if left < 0 => PaperState::Expired,
        _ if paper.checked_at.is_none() => PaperState::Unchecked,
        Some(left) if left <= WARN_DAYS => PaperState::Expiring,
        _ => PaperState::Good,
    }
}

async fn services<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: &provider::Model,
    today: NaiveDate,
) -> Result<Vec<OfferedService>> {
    let chosen: Vec<_> = provider_service::Entity::find()
        .filter(provider_service::Column::ProviderId.eq(row.id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.service_id)
        .collect();
    let mut own: BTreeMap<_, Vec<(NaiveDate, i64)>> = BTreeMap::new();
    for price in provider_price::Entity::find()
        .filter(provider_price::Column::ProviderId.eq(row.id))
        .order_by_desc(provider_price::Column::ValidFrom)
        .all(db)
        .await?
    {
        own.entry(price.service_id)
            .or_default()
            .push((price.valid_from, price.price_fen));
    }
    Ok(offers::of_kind(db, caller, helper_kind(row.kind))
        .await?
        .into_iter()
        .map(|(service, offer)| {
            let own = own.remove(&service.id).unwrap_or_default();
            OfferedService {
                code: service.code.clone(),
                name: service_name(&service, caller.lang),
                category: category_word(&service.category, caller.lang).to_owned(),
                offered: row.offers_all || chosen.contains(&service.id),
                catalogue_price_fen: offer.price_fen,
                market_price_fen: service.market_price_fen,
                price_fen: in_force(&own, today).unwrap_or(offer.price_fen),
                own: own
                    .into_iter()
                    .map(|(valid_from, price_fen)| OwnPrice {
                        valid_from,
                        price_fen,
                        begun: valid_from <= today,
                    })
                    .collect(),
            }
        })
        .collect())
}

async fn running_views<C: ConnectionTrait>(
    db: &C,
    mut rows: Vec<(visit::Model, HelperId)>,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Vec<RunningVisit>> {
    rows.truncate(RUNNING);
    let services: HashMap<_, String> = service::Entity::find()
        .filter(service::Column::Id.is_in(rows.iter().map(|(row, _)| row.service_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, service_name(&row, lang)))
        .collect();
    let residents: HashMap<_, String> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(rows.iter().map(|(row, _)| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, short_name(&row.name, row.sex, lang)))
        .collect();
    let helpers: HashMap<HelperId, String> = helper::Entity::find()
        .filter(helper::Column::Id.is_in(rows.iter().map(|(_, helper)| *helper)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let open = |row: &visit::Model| {
        matches!(row.state, VisitState::Offered | VisitState::Accepted) && row.starts_at > now
    };
    let mut views: Vec<RunningVisit> = Vec::with_capacity(rows.len());
    let mut at: HashMap<VisitId, usize> = HashMap::new();
    for (row, helper) in rows {
        let helper = helpers.get(&helper).cloned().unwrap_or_default();
        // A crew of two from one provider is one visit.
        if let Some(known) = at.get(&row.id) {
            let both: &mut RunningVisit = &mut views[*known];
            let between = pick(lang, "、", ", ");
            both.helper = format!("{}{between}{helper}", both.helper);
            continue;
        }
        at.insert(row.id, views.len());
        views.push(RunningVisit {
            visit_id: row.id,
            start: row.starts_at,
            service: services.get(&row.service_id).cloned().unwrap_or_default(),
            resident: residents.get(&row.resident_id).cloned().unwrap_or_default(),
            helper,
            state_word: state_word(row.state, lang).to_owned(),
            open: open(&row),
        });
    }
    Ok(views)
}
