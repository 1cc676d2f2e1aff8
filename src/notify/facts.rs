//! What a letter tells of, read at the moment it is sent, so that what is no longer true is not sent.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::words::{AssignmentState, Lang, MailKind, Role, Sex, VisitState};
use entity::{
    account, account_role, assignment, change_request, community, helper, outbox, resident,
    service, visit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::compound;
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::store::claim;

use super::{evening_before, tell};

/// What one letter needs.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Which letter.
    pub kind: MailKind,
    /// To whom.
    pub reader: account::Model,
    /// Where it is sent.
    pub address: String,
    /// Whether the reader comes to the visit, or lets somebody come.
    pub to_helper: bool,
    /// The community.
    pub community: community::Model,
    /// The zone of its clocks.
    pub zone: Tz,
    /// The visit it tells of.
    pub visit: Option<About>,
    /// What the office decided, for `request_answered`.
    pub request: Option<change_request::Model>,
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
    /// 3栋: helpers see the flat only on their page, when the day is near.
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

/// Reads what a letter needs; nothing where it is no longer true, comes too late, or has nobody to go to any more.
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
    let Some(address) = reader.email.clone().filter(|_| !reader.disabled) else {
        return Ok(None);
    };
    let Some(community) = community::Entity::find_by_id(letter.community_id)
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let zone = zone_of(&community);
    let mut to_helper = account_role::Entity::find_by_id((reader.id, Role::Helper))
        .one(db)
        .await?
        .is_some();
    let visit = match letter.visit_id {
        None => None,
        Some(id) => match visit::Entity::find_by_id(id).one(db).await? {
            None => return Ok(None),
            Some(visit) => {
                let mine = part(db, &visit, &reader).await?;
                to_helper = goes_to_helper(letter.kind, mine, to_helper);
                let wanted = to_helper || !tells_family(letter.kind) || {
                    let family = tell::family_of(db, visit.resident_id).await?;
                    family.contains(&reader.id)
                };
                if !wanted
                    || !still_true(letter.kind, &visit, mine)
                    || !in_time(letter, &visit, zone, now)
                {
                    return Ok(None);
                }
                about(db, visit).await?
            }
        },
    };
    let request = match (letter.kind, letter.visit_id) {
        (MailKind::RequestAnswered, Some(visit)) => {
            change_request::Entity::find()
                .filter(change_request::Column::VisitId.eq(visit))
                .filter(change_request::Column::AskedBy.eq(reader.id))
                .order_by_desc(change_request::Column::Id)
                .one(db)
                .await?
        }
        _ => None,
    };
    Ok(Some(Facts {
        kind: letter.kind,
        zone,
        reader,
        address,
        to_helper,
        community,
        visit,
        request,
    }))
}

/// The reader's part in the visit, when the reader is one of its helpers.
async fn part<C: ConnectionTrait>(
    db: &C,
    visit: &visit::Model,
    reader: &account::Model,
) -> Result<Option<AssignmentState>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .find_also_related(helper::Entity)
        .filter(helper::Column::AccountId.eq(reader.id))
        .one(db)
        .await?
        .map(|(part, _)| part.state))
}

/// Whether a letter speaks to the reader as somebody who comes: one account may be a helper and of a family too.
fn goes_to_helper(kind: MailKind, mine: Option<AssignmentState>, is_helper: bool) -> bool {
    match kind {
        MailKind::Offer | MailKind::OfferWithdrawn => true,
        MailKind::EveningBefore => mine.is_some(),
        MailKind::SignIn => is_helper,
        MailKind::BookingReceived
        | MailKind::BookingMatched
        | MailKind::BookingChanged
        | MailKind::BookingCancelled
        | MailKind::VisitDone
        | MailKind::RequestAnswered => false,
    }
}

/// Whether a letter is for the family alone: whoever left it in the meantime, or wants no mail, gets none.
fn tells_family(kind: MailKind) -> bool {
    !matches!(kind, MailKind::SignIn | MailKind::RequestAnswered)
}

/// Whether a letter still says what is so.
#[must_use]
pub fn still_true(kind: MailKind, visit: &visit::Model, mine: Option<AssignmentState>) -> bool {
    let coming = matches!(visit.state, VisitState::Offered | VisitState::Accepted);
    match kind {
        MailKind::Offer => coming && mine == Some(AssignmentState::Offered),
        MailKind::OfferWithdrawn => mine.is_none(),
        MailKind::EveningBefore | MailKind::BookingMatched | MailKind::BookingChanged => coming,
        MailKind::BookingReceived => visit.state != VisitState::Cancelled,
        MailKind::BookingCancelled => visit.state == VisitState::Cancelled,
        MailKind::VisitDone => visit.state == VisitState::Completed,
        MailKind::RequestAnswered | MailKind::SignIn => true,
    }
}

/// Whether a letter comes while it is of use. A visit that was moved has a reminder of its own for its new evening.
fn in_time(letter: &outbox::Model, visit: &visit::Model, zone: Tz, now: DateTime<Utc>) -> bool {
    match letter.kind {
        MailKind::EveningBefore => {
            now < visit.starts_at && letter.due_at == evening_before(zone, visit.starts_at)
        }
        MailKind::Offer | MailKind::BookingMatched | MailKind::BookingChanged => {
            now < visit.ends_at
        }
        _ => true,
    }
}

async fn about<C: ConnectionTrait>(db: &C, visit: visit::Model) -> Result<Option<About>> {
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
    let doors = compound::queries::doors(db, [resident.household_id]).await?;
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
        building: doors
            .get(&resident.household_id)
            .map_or_else(String::new, |door| door.building_name.clone()),
        resident: resident.name,
        sex: resident.sex,
        service,
        crew,
        visit,
    }))
}
