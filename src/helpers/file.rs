//! A helper's file, and the list of those who come for a provider, as the office sees them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{CommunityId, HelperId, ProviderId, SkillId};
use entity::words::Lang;
use entity::{
    account, assignment, availability, building, credential, helper, helper_skill, household,
    provider, skill, visit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::views::{CredentialView, HelperFile, HelperLine, HelperSkill, SkillChoice, WeekHours};
use crate::clock::local_date;
use crate::compound::door::door;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::store::claim;
use crate::visits::is_live;

fn name_of(skill: &skill::Model, lang: Lang) -> String {
    match lang {
        Lang::Zh => skill.name_zh.clone(),
        Lang::En => skill.name_en.clone(),
    }
}

fn choice(skill: &skill::Model, lang: Lang) -> SkillChoice {
    SkillChoice {
        code: skill.code.clone(),
        name: name_of(skill, lang),
        needs_credential: skill.needs_credential,
    }
}

fn is_valid(paper: &credential::Model, day: NaiveDate) -> bool {
    paper.valid_from <= day && day <= paper.valid_until
}

/// The skills of a community.
///
/// # Errors
/// The database's.
pub async fn skills<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<Vec<SkillChoice>> {
    let rows = skill::Entity::find()
        .filter(skill::Column::CommunityId.eq(caller.community))
        .order_by_asc(skill::Column::Id)
        .all(db)
        .await?;
    Ok(rows.iter().map(|row| choice(row, caller.lang)).collect())
}

/// What is known of the skills and papers of some helpers.
struct Proven {
    skills: HashMap<SkillId, skill::Model>,
    held: HashMap<HelperId, Vec<SkillId>>,
    papers: HashMap<HelperId, Vec<credential::Model>>,
}

impl Proven {
    async fn read<C: ConnectionTrait>(
        db: &C,
        community: CommunityId,
        helpers: &[HelperId],
    ) -> Result<Self> {
        let mut proven = Self {
            skills: HashMap::new(),
            held: HashMap::new(),
            papers: HashMap::new(),
        };
        for row in skill::Entity::find()
            .filter(skill::Column::CommunityId.eq(community))
            .all(db)
            .await?
        {
            proven.skills.insert(row.id, row);
        }
        for row in helper_skill::Entity::find()
            .filter(helper_skill::Column::HelperId.is_in(helpers.iter().copied()))
            .order_by_asc(helper_skill::Column::SkillId)
            .all(db)
            .await?
        {
            proven
                .held
                .entry(row.helper_id)
                .or_default()
                .push(row.skill_id);
        }
        for row in credential::Entity::find()
            .filter(credential::Column::HelperId.is_in(helpers.iter().copied()))
            .order_by_asc(credential::Column::ValidUntil)
            .order_by_asc(credential::Column::Id)
            .all(db)
            .await?
        {
            proven.papers.entry(row.helper_id).or_default().push(row);
        }
        Ok(proven)
    }

    fn papers(&self, helper: HelperId) -> &[credential::Model] {
        self.papers.get(&helper).map_or(&[], Vec::as_slice)
    }

    /// The helper's skills, and whether each counts on a day.
    fn of(&self, helper: HelperId, day: NaiveDate) -> Vec<(&skill::Model, bool)> {
        let held = self.held.get(&helper).map_or(&[][..], Vec::as_slice);
        held.iter()
            .filter_map(|id| self.skills.get(id))
            .map(|skill| {
                let mut papers = self.papers(helper).iter();
                let proved = papers.any(|paper| paper.skill_id == skill.id && is_valid(paper, day));
                (skill, proved || !skill.needs_credential)
            })
            .collect()
    }
}

/// Those who come for a provider, by name.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn of_provider<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: ProviderId,
    now: DateTime<Utc>,
) -> Result<Vec<HelperLine>> {
    provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let rows = helper::Entity::find()
        .filter(helper::Column::ProviderId.eq(id))
        .order_by_desc(helper::Column::Active)
        .order_by_asc(helper::Column::Initials)
        .order_by_asc(helper::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<HelperId> = rows.iter().map(|row| row.id).collect();
    let proven = Proven::read(db, caller.community, &ids).await?;
    let today = local_date(caller.zone, now);
    Ok(rows
        .into_iter()
        .map(|row| {
            let (counting, lacking): (Vec<_>, Vec<_>) = proven
                .of(row.id, today)
                .into_iter()
                .partition(|(_, counts)| *counts);
            let names = |skills: Vec<(&skill::Model, bool)>| {
                skills
                    .iter()
                    .map(|(skill, _)| name_of(skill, caller.lang))
                    .collect()
            };
            HelperLine {
                id: row.id,
                name: row.name,
                phone: row.phone,
                active: row.active,
                skills: names(counting),
                lacking: names(lacking),
            }
        })
        .collect())
}

/// Visits still ahead of a helper.
pub(super) async fn ahead<C: ConnectionTrait>(
    db: &C,
    id: HelperId,
    now: DateTime<Utc>,
) -> Result<u64> {
    Ok(assignment::Entity::find()
        .inner_join(visit::Entity)
        .filter(assignment::Column::HelperId.eq(id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(assignment::Column::EndsAt.gt(now))
        .filter(is_live())
        .count(db)
        .await?)
}

/// A helper's file.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn file<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: HelperId,
    now: DateTime<Utc>,
) -> Result<HelperFile> {
    let gone = || Error::from(Problem::not_found());
    let (row, provider) = helper::Entity::find_by_id(id)
        .filter(helper::Column::CommunityId.eq(caller.community))
        .find_also_related(provider::Entity)
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let account = account::Entity::find_by_id(row.account_id)
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let proven = Proven::read(db, caller.community, &[id]).await?;
    let today = local_date(caller.zone, now);
    let hours = availability::Entity::find()
        .filter(availability::Column::HelperId.eq(id))
        .order_by_asc(availability::Column::Weekday)
        .order_by_asc(availability::Column::FromMin)
        .all(db)
        .await?;
    Ok(HelperFile {
        id,
        provider_id: row.provider_id,
        provider: provider.map(|provider| provider.name).unwrap_or_default(),
        kind: row.kind,
        home: home(db, &row, caller.lang).await?,
        name: row.name,
        sex: row.sex,
        birth_date: row.birth_date,
        phone: row.phone,
        email: account.email,
        home_id: row.home_id,
        daily_limit_min: row.daily_limit_min,
        weekly_limit_min: row.weekly_limit_min,
        active: row.active,
        skills: proven
            .of(id, today)
            .into_iter()
            .map(|(skill, counts)| HelperSkill {
                skill: choice(skill, caller.lang),
                counts,
            })
            .collect(),
        credentials: proven
            .papers(id)
            .iter()
            .map(|paper| credential_view(paper, &proven.skills, (caller.lang, today)))
            .collect(),
        hours: hours
            .into_iter()
            .map(|span| WeekHours {
                weekday: span.weekday,
                from_min: span.from_min,
                to_min: span.to_min,
            })
            .collect(),
        ahead: ahead(db, id, now).await?,
        version: row.version,
    })
}

fn credential_view(
    paper: &credential::Model,
    skills: &HashMap<SkillId, skill::Model>,
    (lang, today): (Lang, NaiveDate),
) -> CredentialView {
    CredentialView {
        id: paper.id,
        skill: skills
            .get(&paper.skill_id)
            .map(|skill| name_of(skill, lang))
            .unwrap_or_default(),
        name: paper.name.clone(),
        number: paper.number.clone(),
        valid_from: paper.valid_from,
        valid_until: paper.valid_until,
        valid: is_valid(paper, today),
    }
}

async fn home<C: ConnectionTrait>(
    db: &C,
    row: &helper::Model,
    lang: Lang,
) -> Result<Option<String>> {
    let Some(id) = row.home_id else {
        return Ok(None);
    };
    let found = household::Entity::find_by_id(id)
        .find_also_related(building::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(home, building)| Some(door(&home, &building?, lang))))
}
