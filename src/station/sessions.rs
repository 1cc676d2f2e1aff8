//! Making a session, changing it, cancelling it, closing its list.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ProviderId, StationRoomId, StationSessionId};
use entity::words::{DayKind, Role, SessionKind, SessionNews, SessionState, SignupEnd, Subject};
use entity::{calendar_day, station_hours, station_room, station_session, station_signup};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::holder::may_hold;
use super::signup::{end, hand, move_up, usual_cancel_until};
use super::{LIVE, Terms, check_open, seats, within_hours};
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::money::places;
use crate::notify;
use crate::said::Said;
use crate::store::Guard;
use crate::store::audit::{self, Change};

/// What a session is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSession {
    /// What kind of thing.
    pub kind: SessionKind,
    /// What it is called, 1 to 60 characters.
    pub title: String,
    /// Who holds it; left out, the station itself.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
    /// In which room.
    pub room_id: StationRoomId,
    /// When it begins, on a full five minutes.
    pub starts_at: DateTime<Utc>,
    /// When it ends, on the same day.
    pub ends_at: DateTime<Utc>,
    /// How many may come, 1 to 500.
    pub seats: i32,
    /// What each pays, in fen; 0 is free.
    #[serde(default)]
    pub price_fen: i64,
    /// Until when families may sign up; the start when left out.
    #[serde(default)]
    pub book_until: Option<DateTime<Utc>>,
    /// Until when families may cancel; 12 hours before the start when left out.
    #[serde(default)]
    pub cancel_until: Option<DateTime<Utc>>,
    /// Why a coordinator sets the room's hours or size, or a closed day, aside.
    #[serde(default)]
    pub override_why: Option<String>,
}

/// How a session is to be from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ChangeSession {
    /// All of it.
    #[serde(flatten)]
    pub to: NewSession,
    /// The version that was looked at.
    pub version: i32,
}

/// What was checked of a session, shared by the tries of a write.
pub type Checked = Arc<(NewSession, Terms)>;

/// What a session is to be, where it holds on its own.
///
/// # Errors
/// `invalid`, with the field.
pub fn checked(mut new: NewSession, caller: &Caller, now: DateTime<Utc>) -> Result<Checked> {
    new.override_why = crate::bookings::check_note(new.override_why.as_deref())?;
    let terms = Terms {
        title: new.title.clone(),
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        seats: new.seats,
        price_fen: new.price_fen,
        book_until: new.book_until.unwrap_or(new.starts_at),
        cancel_until: new
            .cancel_until
            .unwrap_or_else(|| usual_cancel_until(new.starts_at)),
    }
    .check(caller.zone, now)?;
    Ok(Arc::new((new, terms)))
}

/// Makes a session and claims its room.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn make(
    txn: &DatabaseTransaction,
    caller: &Caller,
    checked: &Checked,
    now: DateTime<Utc>,
) -> Result<station_session::Model> {
    let (new, _) = &**checked;
    may_hold(
        txn,
        caller.community,
        new.provider_id,
        days(caller, new.starts_at, now),
    )
    .await?;
    fits(txn, caller, new).await?;
    let mut row = fields(checked);
    row.community_id = Set(caller.community);
    row.state = Set(SessionState::Open);
    row.made_by = Set(caller.account);
    row.made_at = Set(now);
    row.version = Set(1);
    let session = row.insert(txn).await?;
    seats::take_room(
        txn,
        session.id,
        session.room_id,
        (session.starts_at, session.ends_at),
    )
    .await?;
    record(txn, caller, &session, "made", new.override_why.clone(), now).await?;
    Ok(session)
}

/// Today, and the day of a session.
fn days(caller: &Caller, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    (
        local_date(caller.zone, now),
        local_date(caller.zone, starts_at),
    )
}

fn fields(checked: &Checked) -> station_session::ActiveModel {
    let (new, terms) = &**checked;
    station_session::ActiveModel {
        room_id: Set(new.room_id),
        provider_id: Set(new.provider_id),
        kind: Set(new.kind),
        title: Set(terms.title.clone()),
        starts_at: Set(terms.starts_at),
        ends_at: Set(terms.ends_at),
        seats: Set(terms.seats),
        price_fen: Set(terms.price_fen),
        book_until: Set(terms.book_until),
        cancel_until: Set(terms.cancel_until),
        override_why: Set(new.override_why.clone()),
        ..Default::default()
    }
}

/// Whether the room is there, open and large enough; a coordinator may set the latter two aside.
async fn fits(txn: &DatabaseTransaction, caller: &Caller, new: &NewSession) -> Result<()> {
    let room = station_room::Entity::find_by_id(new.room_id)
        .filter(station_room::Column::CommunityId.eq(caller.community))
        .filter(station_room::Column::Active.eq(true))
        .one(txn)
        .await?
        .ok_or_else(|| {
            refused(
                "room_id",
                Said::new("没有这个房间。", "There is no such room."),
            )
        })?;
    let Some(why) = against(txn, caller, &room, new).await? else {
        return Ok(());
    };
    if caller.is(Role::Coordinator) && new.override_why.is_some() {
        return Ok(());
    }
    Err(refused(
        "override_why",
        Said::new(
            format!("{}确要这样安排，请调度员写明原因。", why.zh),
            format!(
                "{} A coordinator may arrange it all the same, with a reason.",
                why.en
            ),
        ),
    ))
}

/// What speaks against this room at this time, as far as a coordinator may set it aside.
async fn against(
    txn: &DatabaseTransaction,
    caller: &Caller,
    room: &station_room::Model,
    new: &NewSession,
) -> Result<Option<Said>> {
    if new.seats > room.holds {
        return Ok(Some(Said::new(
            format!("{}最多容纳 {} 人。", room.name_zh, room.holds),
            format!("{} holds {} people.", room.name_en, room.holds),
        )));
    }
    let closed = calendar_day::Entity::find()
        .filter(calendar_day::Column::CommunityId.eq(caller.community))
        .filter(calendar_day::Column::Date.eq(local_date(caller.zone, new.starts_at)))
        .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
        .one(txn)
        .await?;
    if let Some(day) = closed {
        return Ok(Some(Said::new(
            format!("这一天是{}，服务站不开门。", day.name_zh),
            format!("The station is closed on {}.", day.name_en),
        )));
    }
    let hours = station_hours::Entity::find()
        .filter(station_hours::Column::RoomId.eq(room.id))
        .all(txn)
        .await?;
    let open = within_hours(&hours, caller.zone, new.starts_at, new.ends_at);
    Ok((!open).then(|| {
        Said::new(
            format!("{}那段时间不开放。", room.name_zh),
            format!("{} is not open then.", room.name_en),
        )
    }))
}

fn refused(field: &'static str, said: Said) -> Error {
    Problem::field(field, said).into()
}

/// Changes a session. Whoever has a place or waits hears of another time or room; more seats go to those who wait.
///
/// # Errors
/// `stale`, `not-now`, `invalid`, or the database's.
pub async fn change(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    (id, version): (StationSessionId, i32),
    checked: &Checked,
    now: DateTime<Utc>,
) -> Result<station_session::Model> {
    let before = of_caller(txn, caller, id).await?;
    if before.version != version {
        return Err(Problem::stale().into());
    }
    check_open(&before)?;
    let (new, _) = &**checked;
    check_seats(txn, caller, &before, new.seats).await?;
    let moved = (before.starts_at, before.ends_at, before.room_id)
        != (new.starts_at, new.ends_at, new.room_id);
    if new.provider_id != before.provider_id {
        let days = days(caller, new.starts_at, now);
        may_hold(txn, caller.community, new.provider_id, days).await?;
    }
    // What was set aside for this place and size before is not asked again.
    if moved || new.seats > before.seats {
        fits(txn, caller, new).await?;
    }
    let mut row = fields(checked);
    row.id = Set(id);
    row.version = Set(version + 1);
    let after = row.update(txn).await?;
    if moved {
        seats::leave_room(txn, id).await?;
        seats::take_room(txn, id, after.room_id, (after.starts_at, after.ends_at)).await?;
        for signup in live(txn, id).await? {
            notify::station::tell(
                txn,
                hand(caller, now),
                &after,
                &signup,
                SessionNews::Changed,
            )
            .await?;
        }
    }
    for signup in live(txn, id).await? {
        places::follow_change(txn, hand(caller, now), (&before, &after), &signup).await?;
    }
    seats::move_down(txn, id, after.seats).await?;
    move_up(txn, hand(caller, now), guard, &after).await?;
    record(
        txn,
        caller,
        &after,
        "changed",
        new.override_why.clone(),
        now,
    )
    .await?;
    Ok(after)
}

async fn check_seats(
    txn: &DatabaseTransaction,
    caller: &Caller,
    before: &station_session::Model,
    wanted: i32,
) -> Result<()> {
    if wanted > before.seats && !caller.is(Role::Coordinator) {
        return Err(refused(
            "seats",
            Said::new(
                "加座位请找调度员。",
                "More seats are the coordinator's to give.",
            ),
        ));
    }
    let taken = seats::taken(txn, before.id).await?.len();
    if usize::try_from(wanted).unwrap_or(0) < taken {
        return Err(refused(
            "seats",
            Said::new(
                format!("已有 {taken} 人有座位，名额不能更少。"),
                format!("{taken} people have seats, so there cannot be fewer."),
            ),
        ));
    }
    Ok(())
}

/// Cancels a session: its room and seats are free, and everybody on its lists is told.
///
/// # Errors
/// `not-now`, or the database's.
pub async fn cancel(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: StationSessionId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<station_session::Model> {
    let before = of_caller(txn, caller, id).await?;
    check_open(&before)?;
    let after = station_session::ActiveModel {
        id: Set(id),
        state: Set(SessionState::Cancelled),
        cancel_why: Set(Some(why.to_owned())),
        version: Set(before.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    seats::leave_room(txn, id).await?;
    let hand = hand(caller, now);
    for signup in live(txn, id).await? {
        let ended = end(txn, hand, &after, &signup, SignupEnd::SessionCancelled).await?;
        notify::station::tell(txn, hand, &after, &ended, SessionNews::Cancelled).await?;
    }
    record(txn, caller, &after, "cancelled", Some(why.to_owned()), now).await?;
    Ok(after)
}

/// Closes the list of a session that was held. Whoever was not ticked stays without a record: nothing is guessed.
///
/// # Errors
/// `not-now`, or the database's.
pub async fn close(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: StationSessionId,
    now: DateTime<Utc>,
) -> Result<station_session::Model> {
    let before = of_caller(txn, caller, id).await?;
    check_open(&before)?;
    if now < before.starts_at {
        return Err(Problem::not_now(Said::new("还没有开始。", "It has not begun.")).into());
    }
    let after = station_session::ActiveModel {
        id: Set(id),
        state: Set(SessionState::Held),
        version: Set(before.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    record(txn, caller, &after, "held", None, now).await?;
    Ok(after)
}

async fn of_caller(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: StationSessionId,
) -> Result<station_session::Model> {
    let row = seats::held(txn, id).await?;
    if row.community_id == caller.community {
        Ok(row)
    } else {
        Err(Problem::not_found().into())
    }
}

async fn live(
    txn: &DatabaseTransaction,
    id: StationSessionId,
) -> Result<Vec<station_signup::Model>> {
    Ok(station_signup::Entity::find()
        .filter(station_signup::Column::SessionId.eq(id))
        .filter(station_signup::Column::State.is_in(LIVE))
        .order_by_asc(station_signup::Column::Id)
        .all(txn)
        .await?)
}

async fn record(
    txn: &DatabaseTransaction,
    caller: &Caller,
    session: &station_session::Model,
    action: &'static str,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::StationSession, session.id.0);
    let change = Change::new(
        session.community_id,
        now,
        Some(caller.account),
        object,
        action,
    );
    let day = local_date(caller.zone, session.starts_at);
    audit::record(txn, change.on(day).noted(note)).await
}
