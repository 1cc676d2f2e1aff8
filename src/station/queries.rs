//! Sessions and their lists, read.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ResidentId, StationSessionId};
use entity::words::{Role, SessionState, SignupState};
use entity::{provider, resident, station_room, station_seat, station_session, station_signup};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::views::{
    NameRow, OwnSignup, ResidentSession, SessionCard, SessionLists, Sheet, SheetRow, SignupView,
    StationCall,
};
use super::{LIVE, kind_word, masked};
use crate::clock::midnight;
use crate::compound::queries::doors;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::notify;
use crate::residents::Span;
use crate::residents::access::Seen;
use crate::said::pick;

/// Days ahead that a family sees what is on.
const AHEAD_DAYS: i64 = 60;
/// Calls in an answer at most.
const MOST_CALLS: u64 = 200;

/// A session of the caller's community.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn session<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: StationSessionId,
) -> Result<station_session::Model> {
    station_session::Entity::find_by_id(id)
        .filter(station_session::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Cards of these sessions, in their order.
///
/// # Errors
/// The database's.
pub async fn cards<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<station_session::Model>,
) -> Result<Vec<SessionCard>> {
    let rooms: HashMap<_, _> = station_room::Entity::find()
        .filter(station_room::Column::Id.is_in(rows.iter().map(|row| row.room_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| {
            (
                row.id,
                pick(caller.lang, &row.name_zh, &row.name_en).to_owned(),
            )
        })
        .collect();
    let providers: HashMap<_, _> = provider::Entity::find()
        .filter(provider::Column::Id.is_in(rows.iter().filter_map(|row| row.provider_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let mut counts: HashMap<(StationSessionId, SignupState), usize> = HashMap::new();
    let live: Vec<(StationSessionId, SignupState)> = station_signup::Entity::find()
        .select_only()
        .column(station_signup::Column::SessionId)
        .column(station_signup::Column::State)
        .filter(station_signup::Column::SessionId.is_in(rows.iter().map(|row| row.id)))
        .filter(station_signup::Column::State.is_in(LIVE))
        .into_tuple()
        .all(db)
        .await?;
    for one in live {
        *counts.entry(one).or_default() += 1;
    }
    let count = |id, state| counts.get(&(id, state)).copied().unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|row| SessionCard {
            id: row.id,
            kind: row.kind,
            kind_word: kind_word(row.kind, caller.lang).to_owned(),
            title: row.title,
            provider_id: row.provider_id,
            provider: row.provider_id.and_then(|id| providers.get(&id)).cloned(),
            room_id: row.room_id,
            room: rooms.get(&row.room_id).cloned().unwrap_or_default(),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            seats: row.seats,
            taken: count(row.id, SignupState::Seated),
            waiting: count(row.id, SignupState::Waiting),
            price_fen: row.price_fen,
            book_until: row.book_until,
            cancel_until: row.cancel_until,
            state: row.state,
            cancel_why: row.cancel_why,
            override_why: row.override_why,
            version: row.version,
        })
        .collect())
}

/// The sessions of these days, in order of time.
///
/// # Errors
/// The database's.
pub async fn list<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    span: Span,
) -> Result<Vec<SessionCard>> {
    let rows = station_session::Entity::find()
        .filter(station_session::Column::CommunityId.eq(caller.community))
        .filter(station_session::Column::StartsAt.gte(midnight(caller.zone, span.from)))
        .filter(
            station_session::Column::StartsAt
                .lt(midnight(caller.zone, span.to + TimeDelta::days(1))),
        )
        .order_by_asc(station_session::Column::StartsAt)
        .order_by_asc(station_session::Column::Id)
        .all(db)
        .await?;
    cards(db, caller, rows).await
}

/// A session with its lists.
///
/// # Errors
/// The database's.
pub async fn lists<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: station_session::Model,
) -> Result<SessionLists> {
    let id = row.id;
    let card = cards(db, caller, vec![row])
        .await?
        .pop()
        .ok_or_else(|| Error::Internal("a session without a card".into()))?;
    let signups = station_signup::Entity::find()
        .filter(station_signup::Column::SessionId.eq(id))
        .filter(station_signup::Column::State.is_in(LIVE))
        .order_by_asc(station_signup::Column::Id)
        .all(db)
        .await?;
    let seats: HashMap<_, _> = station_seat::Entity::find()
        .filter(station_seat::Column::SessionId.eq(id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.signup_id, row.seat))
        .collect();
    let people = People::read(db, caller, signups.iter().map(|row| row.resident_id)).await?;
    let (mut names, mut waitlist) = (Vec::new(), Vec::new());
    for signup in signups {
        let who = people.of(signup.resident_id);
        let row = NameRow {
            signup_id: signup.id,
            seat: seats.get(&signup.id).copied(),
            resident_id: signup.resident_id,
            resident: who.name,
            door: who.door,
            phone: who.phone,
            channel: signup.channel,
            asked_at: signup.asked_at,
            moved_up_at: signup.moved_up_at,
            walk_in: signup.walk_in,
            attendance: signup.attendance,
        };
        match signup.state {
            SignupState::Seated => names.push(row),
            _ => waitlist.push(row),
        }
    }
    names.sort_by_key(|row| (row.seat, row.signup_id));
    Ok(SessionLists {
        card,
        names,
        waitlist,
    })
}

/// The list that hangs at the door. Only a coordinator may have doors and numbers whole: paper lies about.
///
/// # Errors
/// The database's.
pub async fn sheet<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: station_session::Model,
    full: bool,
) -> Result<Sheet> {
    let full = full && caller.is(Role::Coordinator);
    let lists = lists(db, caller, row).await?;
    let people = People::read(db, caller, lists.names.iter().map(|row| row.resident_id)).await?;
    let rows = lists
        .names
        .into_iter()
        .map(|row| SheetRow {
            seat: row.seat.unwrap_or(0),
            door: if full {
                row.door
            } else {
                people.of(row.resident_id).building
            },
            phone: row
                .phone
                .map(|phone| if full { phone } else { masked(&phone) }),
            resident: row.resident,
            attendance: row.attendance,
        })
        .collect();
    Ok(Sheet {
        card: lists.card,
        rows,
        full,
    })
}

/// What is on for a resident: what is open and ahead, and what they have a place in.
///
/// # Errors
/// The database's.
pub async fn of_resident<C: ConnectionTrait>(
    db: &C,
    seen: &Seen,
    now: DateTime<Utc>,
) -> Result<Vec<ResidentSession>> {
    let caller = &seen.caller;
    let rows = station_session::Entity::find()
        .filter(station_session::Column::CommunityId.eq(caller.community))
        .filter(station_session::Column::State.eq(SessionState::Open))
        .filter(station_session::Column::EndsAt.gt(now))
        .filter(station_session::Column::StartsAt.lt(now + TimeDelta::days(AHEAD_DAYS)))
        .order_by_asc(station_session::Column::StartsAt)
        .order_by_asc(station_session::Column::Id)
        .all(db)
        .await?;
    let waiting_or_in = station_signup::Entity::find()
        .filter(station_signup::Column::SessionId.is_in(rows.iter().map(|row| row.id)))
        .filter(station_signup::Column::State.is_in(LIVE))
        .order_by_asc(station_signup::Column::Id)
        .all(db)
        .await?;
    let mine = |card: &SessionCard| own(seen, card, &waiting_or_in, seen.resident.id, now);
    Ok(cards(db, caller, rows)
        .await?
        .into_iter()
        .map(|card| {
            let mine = mine(&card);
            let until = if caller.at_desk() {
                card.starts_at
            } else {
                card.book_until
            };
            ResidentSession {
                may_sign_up: seen.may_book
                    && mine.is_none()
                    && now < card.starts_at
                    && now <= until,
                mine,
                card,
            }
        })
        .collect())
}

fn own(
    seen: &Seen,
    card: &SessionCard,
    live: &[station_signup::Model],
    resident: ResidentId,
    now: DateTime<Utc>,
) -> Option<OwnSignup> {
    let here = || live.iter().filter(|row| row.session_id == card.id);
    let row = here().find(|row| row.resident_id == resident)?;
    let waits = row.state == SignupState::Waiting;
    let until = if waits || seen.caller.at_desk() {
        card.starts_at
    } else {
        card.cancel_until
    };
    Some(OwnSignup {
        id: row.id,
        state: row.state,
        place: waits.then(|| {
            here()
                .filter(|other| other.state == SignupState::Waiting && other.id <= row.id)
                .count()
        }),
        may_cancel: seen.may_book && now < card.starts_at && now <= until,
    })
}

/// The calls that the desk has to make about sessions, the longest waiting first.
///
/// # Errors
/// The database's.
pub async fn calls<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<Vec<StationCall>> {
    let rows: Vec<_> = station_signup::Entity::find()
        .filter(station_signup::Column::CommunityId.eq(caller.community))
        .filter(station_signup::Column::CallWhat.is_not_null())
        .order_by_asc(station_signup::Column::CallSince)
        .order_by_asc(station_signup::Column::Id)
        .limit(MOST_CALLS)
        .find_also_related(station_session::Entity)
        .all(db)
        .await?;
    let people = People::read(db, caller, rows.iter().map(|(row, _)| row.resident_id)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, session)| {
            let (session, what, since) = (session?, row.call_what?, row.call_since?);
            let who = people.of(row.resident_id);
            Some(StationCall {
                signup_id: row.id,
                session_id: row.session_id,
                what,
                sentence: notify::station::sentence(what, &who.name, &session, caller.zone)
                    .to(caller.lang),
                since,
                resident_id: row.resident_id,
                resident: who.name,
                phone: who.phone,
            })
        })
        .collect())
}

/// A place, as it is answered.
#[must_use]
pub fn signup_view(row: &station_signup::Model) -> SignupView {
    SignupView {
        id: row.id,
        session_id: row.session_id,
        resident_id: row.resident_id,
        state: row.state,
        attendance: row.attendance,
    }
}

#[derive(Clone, Debug, Default)]
struct Person {
    name: String,
    door: String,
    building: String,
    phone: Option<String>,
}

struct People(HashMap<ResidentId, Person>);

impl People {
    async fn read<C: ConnectionTrait>(
        db: &C,
        caller: &Caller,
        ids: impl Iterator<Item = ResidentId>,
    ) -> Result<Self> {
        let rows = resident::Entity::find()
            .filter(resident::Column::Id.is_in(ids))
            .all(db)
            .await?;
        let homes: Vec<_> = rows.iter().map(|row| row.household_id).collect();
        let doors = doors(db, homes, caller.lang).await?;
        Ok(Self(
            rows.into_iter()
                .map(|row| {
                    let door = doors.get(&row.household_id);
                    let person = Person {
                        name: row.name,
                        door: door.map(|door| door.door.clone()).unwrap_or_default(),
                        building: door
                            .map(|door| door.building_name.clone())
                            .unwrap_or_default(),
                        phone: row
                            .phone
                            .or_else(|| door.and_then(|door| door.phone.clone())),
                    };
                    (row.id, person)
                })
                .collect(),
        ))
    }

    fn of(&self, id: ResidentId) -> Person {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}
