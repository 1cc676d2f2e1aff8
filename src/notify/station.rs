//! Places in sessions of the station: whom each piece of news is told to, what their letters need, and what they say.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::AccountId;
use entity::words::{Lang, MailKind, SessionNews, SessionState, SignupState};
use entity::{outbox, resident, station_room, station_session, station_signup};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::evening::{self, As};
use super::queries::{Letter, queue};
use super::tell::family_of;
use crate::clock::{local_date, midnight};
use crate::error::Result;
use crate::said::{Said, pick};
use crate::visits::pausing::Hand;

/// In the key of a letter: the place came back.
const RETURNED: char = 'r';

/// A place in a session that a letter tells of.
#[derive(Clone, Debug)]
pub struct AboutPlace {
    /// What there is to tell.
    pub news: SessionNews,
    /// Whether a time away had taken the place, and it came back.
    pub returned: bool,
    /// The session.
    pub session: station_session::Model,
    /// Its room's names.
    pub room: Said,
    /// The resident's name.
    pub resident: String,
    /// The resident, for the page it leads to.
    pub resident_id: entity::ids::ResidentId,
}

/// Tells the family by mail. Where nobody of it can be written to and the desk did not hear it on the telephone, the desk gets a
/// call to make.
///
/// # Errors
/// The database's.
pub async fn tell(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    signup: &station_signup::Model,
    news: SessionNews,
) -> Result<()> {
    let to_call = matches!(
        news,
        SessionNews::MovedUp | SessionNews::Changed | SessionNews::Cancelled
    );
    // Who is taken off twice, for they were away twice, is told twice.
    let ended = signup.ended_at.map(|at| format!("-e{}", at.timestamp()));
    let nth = ended.unwrap_or_default();
    write(txn, hand, (session, signup), (news, nth, to_call)).await
}

/// Tells the family, or lets the desk tell it, that a place which a time away had taken is theirs again.
///
/// # Errors
/// The database's.
pub async fn tell_of_return(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    signup: &station_signup::Model,
    news: SessionNews,
) -> Result<()> {
    let nth = format!("-{RETURNED}{}", hand.now.timestamp());
    write(txn, hand, (session, signup), (news, nth, true)).await
}

async fn write(
    txn: &DatabaseTransaction,
    hand: Hand,
    (session, signup): (&station_session::Model, &station_signup::Model),
    (news, nth, to_call): (SessionNews, String, bool),
) -> Result<()> {
    let mut told = false;
    for account in family_of(txn, signup.resident_id).await? {
        told = true;
        let once = format!(
            "{}-s{}-v{}{nth}",
            news.to_value(),
            signup.id,
            session.version
        );
        let letter = letter(session, MailKind::SessionNews, account, once, hand.now);
        let letter = Letter {
            signup: Some(signup.id),
            ..letter
        };
        queue(txn, hand.now, letter).await?;
        if signup.state == SignupState::Seated {
            remind(txn, hand, session, account).await?;
        }
    }
    if !told && to_call {
        station_signup::ActiveModel {
            id: Set(signup.id),
            call_what: Set(Some(news)),
            call_since: Set(Some(hand.now)),
            ..Default::default()
        }
        .update(txn)
        .await?;
    }
    Ok(())
}

/// The letter about the session's day, for the evening before it: the same as about its visits.
async fn remind(
    txn: &DatabaseTransaction,
    hand: Hand,
    session: &station_session::Model,
    account: AccountId,
) -> Result<()> {
    let due = evening::due(hand.zone, session.starts_at);
    if due <= hand.now {
        return Ok(());
    }
    let once = evening::once(As::Family, local_date(hand.zone, session.starts_at));
    let letter = letter(session, MailKind::EveningBefore, account, once, due);
    queue(txn, hand.now, letter).await
}

fn letter(
    session: &station_session::Model,
    kind: MailKind,
    account: AccountId,
    once: String,
    due: DateTime<Utc>,
) -> Letter {
    Letter {
        community: session.community_id,
        kind,
        account,
        visit: None,
        help_step: None,
        help_contact: None,
        signup: None,
        once,
        due,
    }
}

/// What a letter about a place needs; nothing where it is no longer true.
///
/// # Errors
/// The database's.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
) -> Result<Option<AboutPlace>> {
    let once = letter.dedup_key.rsplit('.').next().unwrap_or_default();
    let news = once.split('-').next().map(str::to_owned);
    let news = news.and_then(|word| SessionNews::try_from_value(&word).ok());
    let (Some(id), Some(news)) = (letter.signup_id, news) else {
        return Ok(None);
    };
    let found = station_signup::Entity::find_by_id(id)
        .find_also_related(station_session::Entity)
        .one(db)
        .await?;
    let Some((signup, Some(session))) = found else {
        return Ok(None);
    };
    let open = session.state == SessionState::Open;
    let true_still = match news {
        SessionNews::Booked | SessionNews::MovedUp => open && signup.state == SignupState::Seated,
        SessionNews::Waiting => open && signup.state == SignupState::Waiting,
        SessionNews::Changed => open && signup.state != SignupState::Ended,
        SessionNews::Cancelled => session.state == SessionState::Cancelled,
        SessionNews::TakenOff => signup.state == SignupState::Ended,
    };
    let family = family_of(db, signup.resident_id).await?;
    if !true_still || !family.contains(&letter.account_id) {
        return Ok(None);
    }
    let returned = once
        .split('-')
        .skip(3)
        .any(|part| part.starts_with(RETURNED));
    let about = about(db, news, session, &signup).await?;
    Ok(about.map(|about| AboutPlace { returned, ..about }))
}

async fn about<C: ConnectionTrait>(
    db: &C,
    news: SessionNews,
    session: station_session::Model,
    signup: &station_signup::Model,
) -> Result<Option<AboutPlace>> {
    let resident = resident::Entity::find_by_id(signup.resident_id)
        .one(db)
        .await?;
    let room = station_room::Entity::find_by_id(session.room_id)
        .one(db)
        .await?;
    let (Some(resident), Some(room)) = (resident, room) else {
        return Ok(None);
    };
    if resident.state == entity::words::ResidentState::Died {
        return Ok(None);
    }
    Ok(Some(AboutPlace {
        news,
        returned: false,
        session,
        room: Said::new(room.name_zh, room.name_en),
        resident: resident.name,
        resident_id: resident.id,
    }))
}

/// The sessions of a day in which those of this account have a seat, in order of time.
///
/// # Errors
/// The database's.
pub(super) async fn of_day<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
    zone: Tz,
    day: NaiveDate,
) -> Result<Vec<AboutPlace>> {
    let rows = station_signup::Entity::find()
        .filter(station_signup::Column::ResidentId.in_subquery(evening::family(account)))
        .filter(station_signup::Column::State.eq(SignupState::Seated))
        .find_also_related(station_session::Entity)
        .filter(station_session::Column::State.eq(SessionState::Open))
        .filter(station_session::Column::StartsAt.gte(midnight(zone, day)))
        .filter(station_session::Column::StartsAt.lt(midnight(zone, day + TimeDelta::days(1))))
        .order_by_asc(station_session::Column::StartsAt)
        .all(db)
        .await?;
    let mut told = Vec::new();
    for (signup, session) in rows {
        if let Some(session) = session {
            told.extend(about(db, SessionNews::Booked, session, &signup).await?);
        }
    }
    Ok(told)
}

/// What there is to tell, in a sentence: of a letter, and of the call that takes its place.
#[must_use]
pub fn sentence(news: SessionNews, who: &str, session: &station_session::Model, zone: Tz) -> Said {
    let local = session.starts_at.with_timezone(&zone);
    let (zh, en) = (
        local.format("%-m月%-d日 %-H:%M"),
        local.format("%A, %-d %B at %-H:%M"),
    );
    let title = &session.title;
    match news {
        SessionNews::Booked => Said::new(
            format!("已为{who}报名“{title}”，{zh}。"),
            format!("{who} has a seat in “{title}”, {en}."),
        ),
        SessionNews::Waiting => Said::new(
            format!("“{title}”（{zh}）名额已满，{who}已排候补，有位子会马上通知您。"),
            format!(
                "“{title}” ({en}) is full; {who} is on the waitlist, and you will hear at once of a free seat."
            ),
        ),
        SessionNews::MovedUp => Said::new(
            format!("好消息：{who}候补的“{title}”有位子了，{zh}。"),
            format!("Good news: {who} has moved up and has a seat in “{title}”, {en}."),
        ),
        SessionNews::Changed => Said::new(
            format!("{who}报名的“{title}”有变动，现在是 {zh}。"),
            format!("“{title}” for {who} has changed. It is now {en}."),
        ),
        SessionNews::Cancelled => {
            let why = session.cancel_why.as_deref().unwrap_or_default();
            Said::new(
                format!("{who}报名的“{title}”（{zh}）取消了：{why}"),
                format!("“{title}” for {who} ({en}) was cancelled: {why}"),
            )
        }
        SessionNews::TakenOff => Said::new(
            format!("{who}的“{title}”（{zh}）名额已退。"),
            format!("{who}'s place in “{title}” ({en}) was given back."),
        ),
    }
}

/// What happened, a sentence a line.
pub(super) fn lines(about: &AboutPlace, zone: Tz, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if about.returned {
        lines.push(match lang {
            Lang::Zh => format!("{}回来了，原来报的名恢复了。", about.resident),
            Lang::En => format!("{} is home again and back on the list.", about.resident),
        });
    }
    lines.push(sentence(about.news, &about.resident, &about.session, zone).to(lang));
    let comes = matches!(
        about.news,
        SessionNews::Booked | SessionNews::MovedUp | SessionNews::Changed
    );
    if comes {
        lines.push(place(about, lang));
    }
    lines
}

/// A line of the letter of the evening before.
pub(super) fn tomorrow(about: &AboutPlace, when: &str, lang: Lang) -> String {
    let (who, title) = (&about.resident, &about.session.title);
    match lang {
        Lang::Zh => format!("{when}，{who}到服务站{}参加“{title}”。", about.room.zh),
        Lang::En => format!(
            "{when}, “{title}” for {who} at the station ({}).",
            about.room.en
        ),
    }
}

fn place(about: &AboutPlace, lang: Lang) -> String {
    let fen = about.session.price_fen;
    let price = if fen == 0 {
        pick(lang, "免费", "free").to_owned()
    } else {
        match lang {
            Lang::Zh => format!("{}.{:02} 元", fen / 100, fen % 100),
            Lang::En => format!("{}.{:02} yuan", fen / 100, fen % 100),
        }
    };
    match lang {
        Lang::Zh => format!("地点：服务站{}。费用：{price}。", about.room.zh),
        Lang::En => format!("Where: the station, {}. Price: {price}.", about.room.en),
    }
}
