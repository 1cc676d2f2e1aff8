//! Visits as families and the office see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::{BookingId, ChangeRequestId, HelperId, VisitId};
use entity::words::{ChangeKind, HelperKind, Lang, RequestState, VisitState};
use entity::{
    account, assignment, booking, change_request, community, helper, rating, resident, service,
    visit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::{before_cutoff, cutoff, late, short_name, state_word};
use crate::error::Result;
use crate::quality;
use crate::said::pick;
use crate::store::claim;

/// A visit on a card: what, when, who, and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitCard {
    /// The visit.
    pub visit_id: VisitId,
    /// Its booking.
    pub booking_id: BookingId,
    /// The service's code.
    pub service_code: String,
    /// The service's name.
    pub service: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where it stands.
    pub state: VisitState,
    /// The same in words.
    pub state_word: String,
    /// Who comes.
    pub helpers: Vec<HelperShort>,
    /// In fen, once known.
    pub price_fen: Option<i64>,
    /// Whether it can be changed or cancelled at all.
    pub can_change: bool,
    /// Whether that needs nobody's leave.
    pub before_cutoff: bool,
    /// Until when it does not.
    pub cutoff: DateTime<Utc>,
    /// Whether it is late.
    pub late: bool,
    /// What the booker added.
    pub note: Option<String>,
    /// The latest wish to change it.
    pub request: Option<ChangeRequest>,
    /// Why nobody comes yet.
    pub unfilled_reason: Option<String>,
    /// The starts agreed to, where more than one.
    pub window: Option<Window>,
    /// When the helper arrived.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// How the resident found it, 1 very bad to 5 very good.
    pub rating: Option<i32>,
    /// Whether a rating can be given, or changed, now.
    pub can_rate: bool,
}

/// From when until when.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize, ToSchema)]
pub struct Window {
    /// Earliest.
    pub from: DateTime<Utc>,
    /// Latest.
    pub to: DateTime<Utc>,
}

/// A helper in few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperShort {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
    /// Telephone, for those who may have it.
    pub phone: Option<String>,
}

/// A wish to change or cancel that the office decides.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeRequest {
    /// The request.
    pub id: ChangeRequestId,
    /// The booking.
    pub booking_id: BookingId,
    /// The visit.
    pub visit_id: VisitId,
    /// The resident's name.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// Cancel or move.
    pub kind: ChangeKind,
    /// The start asked for instead.
    pub wanted_start: Option<DateTime<Utc>>,
    /// In the asker's words.
    pub note: String,
    /// Who asks.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Where it stands.
    pub state: RequestState,
    /// What the office said.
    pub answer: Option<String>,
}

type Crews = HashMap<VisitId, Vec<(assignment::Model, helper::Model)>>;

/// What many cards share, read in a few queries.
#[derive(Debug)]
pub struct Shelf {
    services: HashMap<entity::ids::ServiceId, service::Model>,
    bookings: HashMap<BookingId, booking::Model>,
    crews: Crews,
    requests: HashMap<VisitId, ChangeRequest>,
    ratings: HashMap<VisitId, rating::Model>,
    cutoff_hours: i32,
    late_after_min: i32,
    lang: Lang,
    now: DateTime<Utc>,
    with_phones: bool,
}

/// Who looks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The language.
    pub lang: Lang,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// Whether helpers' telephones are shown.
    pub with_phones: bool,
}

/// Cards for these visits, in their order.
///
/// # Errors
/// The database's.
pub async fn cards<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visits: &[visit::Model],
) -> Result<Vec<VisitCard>> {
    let shelf = Shelf::fill(db, look, visits).await?;
    Ok(visits
        .iter()
        .filter_map(|visit| shelf.card(visit))
        .collect())
}

/// The card of one visit.
///
/// # Errors
/// The database's.
pub async fn card<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
) -> Result<VisitCard> {
    cards(db, look, std::slice::from_ref(visit))
        .await?
        .pop()
        .ok_or_else(|| crate::error::Error::Internal("a visit without a booking".into()))
}

impl Shelf {
    /// Reads what the cards of these visits need.
    ///
    /// # Errors
    /// The database's.
    pub async fn fill<C: ConnectionTrait>(
        db: &C,
        look: Look,
        visits: &[visit::Model],
    ) -> Result<Self> {
        let ids: Vec<VisitId> = visits.iter().map(|visit| visit.id).collect();
        let services = service::Entity::find()
            .filter(service::Column::Id.is_in(visits.iter().map(|visit| visit.service_id)))
            .all(db)
            .await?;
        let bookings = booking::Entity::find()
            .filter(booking::Column::Id.is_in(visits.iter().map(|visit| visit.booking_id)))
            .all(db)
            .await?;
        let place = match visits.first() {
            Some(visit) => {
                community::Entity::find_by_id(visit.community_id)
                    .one(db)
                    .await?
            }
            None => None,
        };
        let ratings = quality::ratings::of_visits(db, &ids).await?;
        let crews = crews(db, &ids).await?;
        let rows = change_request::Entity::find()
            .filter(change_request::Column::VisitId.is_in(ids))
            .order_by_asc(change_request::Column::Id)
            .all(db)
            .await?;
        let requests = requests(db, look.lang, rows)
            .await?
            .into_iter()
            .map(|request| (request.visit_id, request))
            .collect();
        Ok(Self {
            services: services.into_iter().map(|row| (row.id, row)).collect(),
            bookings: bookings.into_iter().map(|row| (row.id, row)).collect(),
            crews,
            requests,
            ratings,
            cutoff_hours: place.as_ref().map_or(0, |place| place.cutoff_hours),
            late_after_min: place.map_or(0, |place| place.late_after_min),
            lang: look.lang,
            now: look.now,
            with_phones: look.with_phones,
        })
    }

    /// The same for a visit that was booked a moment ago: nobody rated it yet or wished to change it, and whoever booked it
    /// knows its service and its community.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_new<C: ConnectionTrait>(
        db: &C,
        look: Look,
        visit: &visit::Model,
        (service, place): (&service::Model, &community::Model),
    ) -> Result<Self> {
        let booking = booking::Entity::find_by_id(visit.booking_id)
            .one(db)
            .await?;
        Ok(Self {
            services: HashMap::from([(service.id, service.clone())]),
            bookings: booking.into_iter().map(|row| (row.id, row)).collect(),
            crews: crews(db, &[visit.id]).await?,
            requests: HashMap::new(),
            ratings: HashMap::new(),
            cutoff_hours: place.cutoff_hours,
            late_after_min: place.late_after_min,
            lang: look.lang,
            now: look.now,
            with_phones: look.with_phones,
        })
    }

    /// The booking of one of the visits the shelf was filled for, and its service.
    #[must_use]
    pub fn of(&self, visit: &visit::Model) -> Option<(&booking::Model, &service::Model)> {
        let service = self.services.get(&visit.service_id)?;
        Some((self.bookings.get(&visit.booking_id)?, service))
    }

    /// The card of one of the visits the shelf was filled for.
    #[must_use]
    pub fn card(&self, visit: &visit::Model) -> Option<VisitCard> {
        let service = self.services.get(&visit.service_id)?;
        let booking = self.bookings.get(&visit.booking_id)?;
        let open = matches!(
            visit.state,
            VisitState::Unfilled | VisitState::Offered | VisitState::Accepted
        );
        Some(VisitCard {
            visit_id: visit.id,
            booking_id: visit.booking_id,
            service_code: service.code.clone(),
            service: service_name(service, self.lang),
            start: visit.starts_at,
            end: visit.ends_at,
            state: visit.state,
            state_word: state_word(visit.state, self.lang).to_owned(),
            helpers: self.helpers(visit.id),
            price_fen: visit.price_fen,
            can_change: open && self.now < visit.starts_at,
            before_cutoff: before_cutoff(visit, self.cutoff_hours, self.now),
            cutoff: cutoff(visit, self.cutoff_hours),
            late: late(visit, self.late_after_min, self.now).is_some(),
            rating: self.ratings.get(&visit.id).map(|row| row.score),
            can_rate: quality::ratings::may_rate(visit, self.ratings.get(&visit.id), self.now)
                .is_ok(),
            note: booking.note.clone(),
            request: self.requests.get(&visit.id).cloned(),
            unfilled_reason: (visit.state == VisitState::Unfilled)
                .then(|| match self.lang {
                    Lang::Zh => visit.unfilled_zh.clone(),
                    Lang::En => visit.unfilled_en.clone(),
                })
                .flatten(),
            window: (visit.window_from != visit.window_to).then_some(Window {
                from: visit.window_from,
                to: visit.window_to,
            }),
            checked_in_at: visit.checked_in_at,
            completed_at: visit.completed_at,
        })
    }

    fn helpers(&self, visit: VisitId) -> Vec<HelperShort> {
        self.crews.get(&visit).map_or_else(Vec::new, |crew| {
            crew.iter()
                .map(|(_, helper)| HelperShort {
                    id: helper.id,
                    name: helper.name.clone(),
                    kind: helper.kind,
                    phone: self.with_phones.then(|| helper.phone.clone()),
                })
                .collect()
        })
    }
}

/// Who comes to each of these visits.
async fn crews<C: ConnectionTrait>(db: &C, visits: &[VisitId]) -> Result<Crews> {
    let mut crews = Crews::new();
    for (assignment, helper) in assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().copied()))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .find_also_related(helper::Entity)
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?
    {
        if let Some(helper) = helper {
            crews
                .entry(assignment.visit_id)
                .or_default()
                .push((assignment, helper));
        }
    }
    Ok(crews)
}

/// A service's name in one language.
#[must_use]
pub fn service_name(service: &service::Model, lang: Lang) -> String {
    pick(lang, &service.name_zh, &service.name_en).to_owned()
}

/// Views of these requests, in their order.
///
/// # Errors
/// The database's.
pub async fn requests<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    rows: Vec<change_request::Model>,
) -> Result<Vec<ChangeRequest>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(rows.iter().map(|row| row.visit_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let residents: HashMap<_, resident::Model> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(visits.values().map(|row| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let services: HashMap<_, service::Model> = service::Entity::find()
        .filter(service::Column::Id.is_in(visits.values().map(|row| row.service_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let askers: HashMap<_, account::Model> = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().map(|row| row.asked_by)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let visit = visits.get(&row.visit_id)?;
            let resident = residents.get(&visit.resident_id)?;
            let service = services.get(&visit.service_id)?;
            Some(ChangeRequest {
                id: row.id,
                booking_id: row.booking_id,
                visit_id: row.visit_id,
                resident: short_name(&resident.name, resident.sex, lang),
                service: service_name(service, lang),
                kind: row.kind,
                wanted_start: row.wanted_start,
                note: row.note,
                by: askers
                    .get(&row.asked_by)
                    .map_or_else(String::new, |by| by.name.clone()),
                at: row.created_at,
                state: row.state,
                answer: row.answer,
            })
        })
        .collect())
}
