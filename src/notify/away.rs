//! A time away pauses visits and lets them come back: one letter to the family says what waits and until when, one what goes on.
//! Neither is a letter a visit, and both are read from the rows when they go.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AbsenceId, ResidentId};
use entity::words::{Lang, MailKind, ResidentState, Subject, VisitState};
use entity::{absence, audit, outbox, resident, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::facts::{About, about};
use super::queries::{Letter, queue};
use super::tell::family_of;
use crate::error::Result;
use crate::said::pick;
use crate::visits::pausing::{Hand, RESUMED, paused_by};
use crate::visits::views::service_name;

/// Minutes for which the letter about what goes on waits: until then somebody was found for most of it.
const SETTLES_IN_MIN: i64 = 3;
/// Visits that a letter names; it counts the others.
const NAMED: usize = 12;

/// What a letter about a time away tells.
#[derive(Clone, Debug)]
pub struct AboutAway {
    /// Whose, for the page it leads to.
    pub resident_id: ResidentId,
    /// The resident's name.
    pub resident: String,
    /// When they are home again, where that is known.
    pub back: Option<chrono::NaiveDate>,
    /// Whether the time away was written down by mistake.
    pub mistake: bool,
    /// The visits, in order of time.
    pub visits: Vec<About>,
}

/// Some of what was booked waits for the end of a time away.
///
/// # Errors
/// The database's.
pub async fn paused(txn: &DatabaseTransaction, hand: Hand, row: &absence::Model) -> Result<()> {
    tell(txn, hand, row, (MailKind::VisitsPaused, hand.now)).await
}

/// Some of what waited goes on.
///
/// # Errors
/// The database's.
pub async fn resumed(txn: &DatabaseTransaction, hand: Hand, row: &absence::Model) -> Result<()> {
    let due = hand.now + TimeDelta::minutes(SETTLES_IN_MIN);
    tell(txn, hand, row, (MailKind::VisitsResumed, due)).await
}

async fn tell(
    txn: &DatabaseTransaction,
    hand: Hand,
    row: &absence::Model,
    (kind, due): (MailKind, DateTime<Utc>),
) -> Result<()> {
    for account in family_of(txn, row.resident_id).await? {
        let letter = Letter {
            community: row.community_id,
            kind,
            account,
            visit: None,
            help_step: None,
            help_contact: None,
            signup: None,
            once: format!("a{}t{}", row.id, hand.now.timestamp_micros()),
            due,
        };
        queue(txn, hand.now, letter).await?;
    }
    Ok(())
}

/// Of which time away a letter tells, and when it was written.
fn told(letter: &outbox::Model) -> Option<(AbsenceId, DateTime<Utc>)> {
    let once = letter.dedup_key.rsplit('.').next()?;
    let (id, at) = once.strip_prefix('a')?.split_once('t')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((AbsenceId(id.parse().ok()?), at))
}

/// What a letter about a time away needs; nothing where it is no longer so, or is not to be told any more.
///
/// # Errors
/// The database's.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    now: DateTime<Utc>,
) -> Result<Option<AboutAway>> {
    let Some((id, at)) = told(letter) else {
        return Ok(None);
    };
    let Some(row) = absence::Entity::find_by_id(id).one(db).await? else {
        return Ok(None);
    };
    let Some(person) = resident::Entity::find_by_id(row.resident_id)
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let family = family_of(db, person.id).await?;
    if person.state == ResidentState::Died || !family.contains(&letter.account_id) {
        return Ok(None);
    }
    if superseded(db, letter, id).await? {
        return Ok(None);
    }
    let visits = if letter.kind == MailKind::VisitsPaused {
        paused_by(db, id).await?
    } else {
        back_at(db, person.id, at).await?
    };
    let mut told = Vec::new();
    for visit in visits.into_iter().filter(|visit| visit.starts_at > now) {
        let starts_at = visit.starts_at;
        told.extend(about(db, visit, starts_at).await?);
    }
    Ok((!told.is_empty()).then_some(AboutAway {
        resident_id: person.id,
        resident: person.name,
        back: row.back_on,
        mistake: row.withdrawn_at.is_some(),
        visits: told,
    }))
}

/// Whether a later letter tells what is paused: it tells all of it.
async fn superseded<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    id: AbsenceId,
) -> Result<bool> {
    if letter.kind != MailKind::VisitsPaused {
        return Ok(false);
    }
    let later = outbox::Entity::find()
        .filter(outbox::Column::Id.gt(letter.id))
        .filter(outbox::Column::AccountId.eq(letter.account_id))
        .filter(outbox::Column::Kind.eq(letter.kind))
        .filter(outbox::Column::DroppedAt.is_null())
        .all(db)
        .await?;
    Ok(later
        .iter()
        .any(|other| told(other).is_some_and(|(other, _)| other == id)))
}

/// The visits of a resident that came back in the write of that instant and are still to be served.
async fn back_at<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    at: DateTime<Utc>,
) -> Result<Vec<visit::Model>> {
    let ids: Vec<_> = audit::Entity::find()
        .filter(audit::Column::What.eq(Subject::Visit))
        .filter(audit::Column::Action.eq(RESUMED))
        .filter(audit::Column::ResidentId.eq(resident))
        // The key holds whole microseconds; a database may hold more.
        .filter(audit::Column::At.gte(at))
        .filter(audit::Column::At.lt(at + TimeDelta::microseconds(1)))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| row.visit_id)
        .collect();
    let stand = [
        VisitState::Unfilled,
        VisitState::Offered,
        VisitState::Accepted,
    ];
    Ok(visit::Entity::find()
        .filter(visit::Column::Id.is_in(ids))
        .filter(visit::Column::State.is_in(stand))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
        .all(db)
        .await?)
}

/// Whether a letter that somebody was found for a visit need not go, for one that is still to go tells the same of all that
/// came back.
///
/// # Errors
/// The database's.
pub(super) async fn tells_of<C: ConnectionTrait>(
    db: &C,
    letter: &outbox::Model,
    visit: &visit::Model,
) -> Result<bool> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::AccountId.eq(letter.account_id))
        .filter(outbox::Column::Kind.eq(MailKind::VisitsResumed))
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DroppedAt.is_null())
        .all(db)
        .await?;
    for other in waiting {
        let Some((_, at)) = told(&other) else {
            continue;
        };
        if back_at(db, visit.resident_id, at)
            .await?
            .iter()
            .any(|back| back.id == visit.id)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What happened, a sentence a line.
pub(super) fn lines(
    kind: MailKind,
    about: &AboutAway,
    moment: impl Fn(DateTime<Utc>) -> String,
    lang: Lang,
) -> Vec<String> {
    let (who, n) = (&about.resident, about.visits.len());
    let mut lines = vec![match (kind, lang, about.back) {
        (MailKind::VisitsPaused, Lang::Zh, Some(back)) => format!(
            "{who}不在家期间，有 {n} 次已约的服务暂停，{}回家后照常：",
            back.format("%-m月%-d日")
        ),
        (MailKind::VisitsPaused, Lang::Zh, None) => {
            format!(
                "{who}不在家期间，有 {n} 次已约的服务暂停。回家的日子还没定，定了请告诉服务台："
            )
        }
        (MailKind::VisitsPaused, Lang::En, Some(back)) => format!(
            "While {who} is not at home, {} paused, until {}:",
            count(n, "booked visit is", "booked visits are"),
            back.format("%-d %B")
        ),
        (MailKind::VisitsPaused, Lang::En, None) => format!(
            "While {who} is not at home, {} paused. Nobody knows yet until when; please tell the office once you do:",
            count(n, "booked visit is", "booked visits are")
        ),
        (_, Lang::Zh, _) if about.mistake => {
            format!("“{who}不在家”是登记错了，已撤回，有 {n} 次服务照常：")
        }
        (_, Lang::En, _) if about.mistake => format!(
            "It was a mistake that {who} is not at home, and {}:",
            count(n, "visit goes on", "visits go on")
        ),
        (_, Lang::Zh, _) => format!("{who}回家了，有 {n} 次服务恢复："),
        (_, Lang::En, _) => format!(
            "{who} is home again, and {}:",
            count(n, "visit goes on", "visits go on")
        ),
    }];
    lines.extend(about.visits.iter().take(NAMED).map(|one| {
        let what = service_name(&one.service, lang);
        let when = moment(one.starts_at);
        if kind == MailKind::VisitsPaused {
            return format!("{when}{}{what}", pick(lang, "，", ", "));
        }
        let crew = one.crew.join(pick(lang, "、", " and "));
        match (crew.is_empty(), lang) {
            (true, Lang::Zh) => format!("{when}，{what}：正在找人"),
            (true, Lang::En) => format!("{when}, {what}: somebody is being looked for"),
            (false, Lang::Zh) => format!("{when}，{what}：{crew}"),
            (false, Lang::En) => format!("{when}, {what}: {crew}"),
        }
    }));
    if n > NAMED {
        lines.push(match lang {
            Lang::Zh => format!("还有 {} 次。", n - NAMED),
            Lang::En => format!("And {} more.", n - NAMED),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_until_when_and_nothing_of_health() {
        let about = |back: Option<&str>| AboutAway {
            resident_id: ResidentId(1),
            resident: "王桂芳".into(),
            back: back.map(|day| day.parse().unwrap()),
            mistake: false,
            visits: Vec::new(),
        };
        let said = |about: &AboutAway, lang| {
            lines(MailKind::VisitsPaused, about, |_| String::new(), lang).join(" ")
        };
        assert!(said(&about(Some("2026-11-30")), Lang::Zh).contains("11月30日回家"));
        assert!(said(&about(None), Lang::Zh).contains("还没定"));
        assert!(said(&about(Some("2026-11-30")), Lang::En).contains("until 30 November"));
        for lang in [Lang::Zh, Lang::En] {
            assert!(
                !said(&about(None), lang).contains("住院"),
                "no word of health by mail"
            );
        }
    }
}
