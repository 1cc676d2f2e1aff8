//! What a letter tells of, read at the moment it is sent, so that what is no longer true is not sent.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, ChangeRequestId, ComplaintId};
use entity::words::{AssignmentState, Lang, MailKind, Purpose, ResidentState, Sex, VisitState};
use entity::{
    account, assignment, building, change_request, community, complaint, helper, household, outbox,
    resident, service, visit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::away::{self, AboutAway};
use super::help::{self, AboutHelp};
use super::station::{self, AboutPlace};
use super::{evening, tell};
use crate::consent;
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::store::claim;
use crate::visits::SET_ASIDE;

/// What one letter needs.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Which letter.
    pub kind: MailKind,
    /// To whom.
    pub reader: account::Model,
    /// Where it is sent.
    pub address: String,
    /// Whether the letter goes to somebody who comes, or to somebody who lets others come.
    pub to_helper: bool,
    /// The community.
    pub community: community::Model,
    /// The zone of its clocks.
    pub zone: Tz,
    /// The visit it tells of.
    pub visit: Option<About>,
    /// The visits of the day that an `evening_before` tells of.
    pub tomorrow: Vec<About>,
    /// The sessions of that day at the station.
    pub sessions: Vec<AboutPlace>,
    /// The place in a session it tells of.
    pub place: Option<AboutPlace>,
    /// What the office decided, for `request_answered`.
    pub request: Option<change_request::Model>,
    /// The help request it tells of.
    pub help: Option<AboutHelp>,
    /// The complaint it tells of.
    pub complaint: Option<complaint::Model>,
    /// The time away it tells of.
    pub away: Option<AboutAway>,
}

/// The visit a letter tells of.
#[derive(Clone, Debug)]
pub struct About {
    /// The visit.
    pub visit: visit::Model,
    /// The resident's name.
    pub resident: String,
    /// The resident's sex, for how they are addressed.
    pub sex: Sex,
    /// When it starts, or started when it was still the reader's.
    pub starts_at: DateTime<Utc>,
    /// The number on its wall: helpers see the flat only on their page, when the day is near.
    pub building: String,
    /// The service.
    pub service: service::Model,
    /// Who comes.
    pub crew: Vec<String>,
}

impl Facts {
    /// The language of the letter.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.reader.lang
    }

    /// A local time, as a letter says it: 11月25日（周三）10:00.
    #[must_use]
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        use chrono::Datelike;
        let local = at.with_timezone(&self.zone);
        let weekday = usize::try_from(local.weekday().num_days_from_monday()).unwrap_or(0);
        match self.lang() {
            Lang::Zh => {
                let day = ["一", "二", "三", "四", "五", "六", "日"][weekday];
                format!(
                    "{}（周{day}）{}",
                    local.format("%-m月%-d日"),
                    local.format("%-H:%M")
                )
            }
            Lang::En => local.format("%A, %-d %B at %-H:%M").to_string(),
        }
    }
}

/// Reads what a letter needs; nothing where it is no longer true, or has nobody to go to.
///
/// # Errors
/// The database's.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    now: DateTime<Utc>,
) -> Result<Option<Facts>> {
    let Some(reader) = account::Entity::find_by_id(letter.account_id)
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let contact = help::contact(db, letter).await?;
    let (reader, address) = match contact {
        Some(contact) => {
            let reader = account::Model {
                name: contact.name,
                lang: Lang::Zh,
                ..reader
            };
            (reader, contact.email)
        }
        // Taken out of the table meanwhile: whoever is responsible now is another.
        None if letter.help_contact_id.is_some() => return Ok(None),
        None => {
            let address = reader.email.clone().filter(|_| !reader.disabled);
            (reader, address)
        }
    };
    let Some(address) = address else {
        return Ok(None);
    };
    let Some(community) = community::Entity::find_by_id(letter.community_id)
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let mut facts = Facts {
        kind: letter.kind,
        zone: zone_of(&community),
        reader,
        address,
        to_helper: false,
        community,
        visit: None,
        tomorrow: Vec::new(),
        sessions: Vec::new(),
        place: None,
        request: None,
        help: None,
        complaint: None,
        away: None,
    };
    if matches!(letter.kind, MailKind::HelpStep | MailKind::HelpRouted) {
        facts.help = help::read(db, letter, facts.lang()).await?;
        return Ok(facts.help.is_some().then_some(facts));
    }
    if letter.kind == MailKind::ComplaintStep {
        facts.complaint = complaint(db, letter).await?;
        return Ok(facts.complaint.is_some().then_some(facts));
    }
    if matches!(
        letter.kind,
        MailKind::VisitsPaused | MailKind::VisitsResumed
    ) {
        facts.away = away::read(db, letter, now).await?;
        return Ok(facts.away.is_some().then_some(facts));
    }
    if letter.kind == MailKind::SessionNews {
        facts.place = station::read(db, letter).await?;
        return Ok(facts.place.is_some().then_some(facts));
    }
    if letter.kind == MailKind::EveningBefore {
        let Some(told) = evening::read(db, letter, facts.zone, now).await? else {
            return Ok(None);
        };
        facts.to_helper = told.reader == evening::As::Helper;
        facts.tomorrow = told.visits;
        facts.sessions = told.sessions;
        return Ok(Some(facts));
    }
    let Some(id) = letter.visit_id else {
        return Ok(Some(facts));
    };
    let Some(visit) = visit::Entity::find_by_id(id).one(db).await? else {
        return Ok(None);
    };
    let part = part(db, &visit, facts.reader.id).await?;
    if !still_true(letter, &visit, &part, now) || superseded(db, letter).await? {
        return Ok(None);
    }
    let found = matches!(
        letter.kind,
        MailKind::BookingMatched | MailKind::BookingChanged
    );
    if found && away::tells_of(db, letter, &visit).await? {
        return Ok(None);
    }
    facts.to_helper = part.to_helper(letter.kind);
    if !facts.to_helper && letter.kind != MailKind::SignIn {
        // Whoever counts as family here is told what the resident allows.
        let may = part.family
            || consent::queries::allows(db, visit.resident_id, Purpose::Messages).await?;
        if !may || has_died(db, &visit).await? {
            return Ok(None);
        }
    }
    facts.request = request(db, letter).await?;
    // Whoever need not come knows the visit by the time it had when it was theirs.
    let starts_at = match (letter.kind, &part.assignment) {
        (MailKind::OfferWithdrawn, Some(theirs)) => theirs.starts_at,
        _ => visit.starts_at,
    };
    facts.visit = about(db, visit, starts_at).await?;
    Ok(Some(facts))
}

/// Whether the resident of a visit has died: whatever was still on its way to the family is not sent then.
async fn has_died<C: ConnectionTrait>(db: &C, visit: &visit::Model) -> Result<bool> {
    Ok(resident::Entity::find_by_id(visit.resident_id)
        .one(db)
        .await?
        .is_some_and(|resident| resident.state == ResidentState::Died))
}

/// What the reader is to the visit; somebody may be both a helper and family.
#[derive(Clone, Debug, Default)]
struct Part {
    /// Their own assignment: the live one, else the last.
    assignment: Option<assignment::Model>,
    /// Whether they are family that wants mail.
    family: bool,
}

impl Part {
    /// Where their assignment stands, if they are still to come.
    fn coming(&self) -> Option<AssignmentState> {
        self.assignment
            .as_ref()
            .map(|assignment| assignment.state)
            .filter(|state| claim::LIVE.contains(state))
    }

    /// Whether a letter of this kind goes to them as a helper.
    fn to_helper(&self, kind: MailKind) -> bool {
        matches!(kind, MailKind::Offer | MailKind::OfferWithdrawn)
    }
}

async fn part<C: ConnectionTrait>(db: &C, visit: &visit::Model, reader: AccountId) -> Result<Part> {
    let theirs: Vec<assignment::Model> = assignment::Entity::find()
        .inner_join(helper::Entity)
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(helper::Column::AccountId.eq(reader))
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?;
    let live = theirs.iter().find(|one| claim::LIVE.contains(&one.state));
    Ok(Part {
        assignment: live.or(theirs.last()).cloned(),
        family: tell::family_of(db, visit.resident_id)
            .await?
            .contains(&reader),
    })
}

/// Whether a letter still says what is so.
fn still_true(
    letter: &outbox::Model,
    visit: &visit::Model,
    part: &Part,
    now: DateTime<Utc>,
) -> bool {
    let coming = matches!(visit.state, VisitState::Offered | VisitState::Accepted);
    let ahead = now < visit.starts_at;
    match letter.kind {
        MailKind::Offer => ahead && coming && part.coming() == Some(AssignmentState::Offered),
        MailKind::OfferWithdrawn => {
            part.coming().is_none()
                && part
                    .assignment
                    .as_ref()
                    .is_some_and(|theirs| now < theirs.ends_at)
        }
        MailKind::BookingMatched | MailKind::BookingChanged => coming && part.family,
        MailKind::BookingReceived => !SET_ASIDE.contains(&visit.state) && part.family,
        MailKind::BookingCancelled => visit.state == VisitState::Cancelled && part.family,
        MailKind::VisitDone => visit.state == VisitState::Completed && part.family,
        MailKind::RequestAnswered
        | MailKind::SignIn
        | MailKind::EveningBefore
        | MailKind::HelpStep
        | MailKind::HelpRouted
        | MailKind::ComplaintStep
        | MailKind::SessionNews
        | MailKind::VisitsPaused
        | MailKind::VisitsResumed
        | MailKind::PasswordChanged
        | MailKind::SecondFactorOn
        | MailKind::SecondFactorOff
        | MailKind::RecoveryCodeUsed => true,
    }
}

/// What makes a letter one and not another of its kind: the last part of its key.
fn once(letter: &outbox::Model) -> &str {
    letter.dedup_key.rsplit('.').next().unwrap_or_default()
}

/// Whether a later letter to the same reader tells the same more freshly: letters tell what is so when they go.
async fn superseded<C: ConnectionTrait>(db: &C, letter: &outbox::Model) -> Result<bool> {
    let same: &[MailKind] = match letter.kind {
        MailKind::Offer => &[MailKind::Offer],
        MailKind::BookingMatched | MailKind::BookingChanged => {
            &[MailKind::BookingMatched, MailKind::BookingChanged]
        }
        _ => return Ok(false),
    };
    let later = outbox::Entity::find()
        .filter(outbox::Column::Id.gt(letter.id))
        .filter(outbox::Column::AccountId.eq(letter.account_id))
        .filter(outbox::Column::VisitId.eq(letter.visit_id))
        .filter(outbox::Column::Kind.is_in(same.iter().copied()))
        .filter(outbox::Column::DroppedAt.is_null())
        .one(db)
        .await?;
    Ok(later.is_some())
}

/// The complaint that a letter tells of, where it stands as it did and its reader is family still.
async fn complaint<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
) -> Result<Option<complaint::Model>> {
    let key = once(letter).strip_prefix('c').unwrap_or_default();
    let Some((id, version)) = key
        .split_once('v')
        .and_then(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)))
    else {
        return Ok(None);
    };
    let found = complaint::Entity::find_by_id(ComplaintId(id))
        .filter(complaint::Column::Version.eq::<i32>(version))
        .one(db)
        .await?;
    let Some(resident) = found.as_ref().and_then(|row| row.resident_id) else {
        return Ok(None);
    };
    let theirs = tell::family_of(db, resident).await?;
    Ok(found.filter(|_| theirs.contains(&letter.account_id)))
}

/// The wish that an answer answers.
async fn request<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
) -> Result<Option<change_request::Model>> {
    let id = once(letter)
        .strip_prefix('r')
        .and_then(|id| id.parse().ok());
    match (letter.kind, id) {
        (MailKind::RequestAnswered, Some(id)) => {
            Ok(change_request::Entity::find_by_id(ChangeRequestId(id))
                .one(db)
                .await?)
        }
        _ => Ok(None),
    }
}

/// What a letter says of a visit.
///
/// # Errors
/// The database's.
pub(super) async fn about<C: ConnectionTrait>(
    db: &C,
    visit: visit::Model,
    starts_at: DateTime<Utc>,
) -> Result<Option<About>> {
    let (Some(resident), Some(service)) = (
        resident::Entity::find_by_id(visit.resident_id)
            .one(db)
            .await?,
        service::Entity::find_by_id(visit.service_id)
            .one(db)
            .await?,
    ) else {
        return Ok(None);
    };
    let building = household::Entity::find_by_id(resident.household_id)
        .find_also_related(building::Entity)
        .one(db)
        .await?
        .and_then(|(_, building)| building)
        .map_or_else(String::new, |building| building.number);
    let crew = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .find_also_related(helper::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(_, helper)| Some(helper?.name))
        .collect();
    Ok(Some(About {
        building,
        starts_at,
        resident: resident.name,
        sex: resident.sex,
        service,
        crew,
        visit,
    }))
}
