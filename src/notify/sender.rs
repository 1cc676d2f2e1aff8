//! Sends what is due: leased, looked at again, sent, marked. At least once, and by one sender at a time.

use std::time::Duration;

use chrono::TimeDelta;
use entity::outbox;
use entity::words::MailKind;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::account::is_about_account;
use super::facts::{self, Facts};
use super::lease::{keeping, take, waiting};
use super::letters::{Links, compose};
use super::route::{Route, file_name, message};
use crate::accounts::Token;
use crate::accounts::queries::new_link;
use crate::app::App;
use crate::error::Result;
use crate::quality;
use crate::visits::SET_ASIDE;

/// Mails taken at a time.
const BATCH: u64 = 20;
/// Seconds after the first failure; doubled each time.
const FIRST_PAUSE_S: i64 = 10;
/// Seconds between tries at most.
pub(super) const LONGEST_PAUSE_S: i64 = 1800;
/// Days after which a mail that cannot be delivered is given up.
const GIVEN_UP_AFTER_DAYS: i64 = 3;
/// How often the outbox is looked at when nobody wrote, in seconds: reminders fall due by themselves.
const LOOK_EVERY_S: u64 = 2;

/// What came of one round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Sent.
    pub sent: usize,
    /// No longer true, or nobody to send to.
    pub dropped: usize,
    /// To be tried again.
    pub failed: usize,
    /// What stopped the last that failed, and what to do about it.
    pub trouble: Option<String>,
}

/// Sends until the program stops.
pub async fn run(app: App) {
    let route = match Route::open(&app.settings) {
        Ok(route) => route,
        Err(sentence) => {
            tracing::error!("No mail is sent: {sentence}");
            return;
        }
    };
    let written = app.store.written();
    let mut trouble = None;
    loop {
        // Listening before looking: what is written meanwhile wakes too.
        let woken = written.notified();
        match send_due(&app, &route).await {
            Ok(round) => {
                say(&mut trouble, &round);
                if round.sent + round.dropped > 0 {
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "the outbox could not be read"),
        }
        // Woken by the next write, or by the clock.
        let _ = tokio::time::timeout(Duration::from_secs(LOOK_EVERY_S), woken).await;
    }
}

/// Logs a trouble once, and once that it is over.
fn say(trouble: &mut Option<String>, round: &Round) {
    if round.trouble.is_some() && *trouble != round.trouble {
        trouble.clone_from(&round.trouble);
        tracing::warn!(
            "No mail is lost, but it waits: {}. It is tried again by itself.",
            round.trouble.as_deref().unwrap_or_default()
        );
    } else if round.sent > 0 && round.failed == 0 && trouble.take().is_some() {
        tracing::info!("Mail goes out again.");
    }
}

/// Sends what is due now, one batch.
///
/// # Errors
/// The database's; what a mail server says is kept with the mail and is no error.
pub async fn send_due(app: &App, route: &Route) -> Result<Round> {
    let mut round = Round::default();
    for letter in due(app).await? {
        if !take(app, &letter).await? {
            continue;
        }
        match facts::read(app.store.read(), &letter, app.clock.now()).await? {
            None => {
                mark(app, &letter, Outcome::Dropped).await?;
                round.dropped += 1;
            }
            Some(facts) => {
                let outcome = keeping(app, &letter, send(app, route, &letter, &facts)).await?;
                match &outcome {
                    Outcome::Sent => round.sent += 1,
                    Outcome::Dropped => round.dropped += 1,
                    Outcome::Failed(sentence) => {
                        round.failed += 1;
                        round.trouble = Some(sentence.clone());
                    }
                }
                mark(app, &letter, outcome).await?;
            }
        }
    }
    Ok(round)
}

enum Outcome {
    Sent,
    Dropped,
    Failed(String),
}

async fn due(app: &App) -> Result<Vec<outbox::Model>> {
    Ok(outbox::Entity::find()
        .filter(waiting(app.store.guard(), app.clock.now()))
        .order_by_asc(outbox::Column::DueAt)
        .limit(BATCH)
        .all(app.store.read())
        .await?)
}

async fn send(app: &App, route: &Route, letter: &outbox::Model, facts: &Facts) -> Result<Outcome> {
    let links = Links {
        page: link(app, facts).await?,
        rate: rating_link(app, facts).await?,
    };
    let composed = compose(facts, &links);
    let now = app.clock.now();
    let mail = message(
        &app.settings,
        now,
        &letter.dedup_key,
        &facts.address,
        &composed,
    );
    let sent = match mail {
        Ok(mail) => route.send(&file_name(letter), &mail).await,
        Err(sentence) => Err(sentence),
    };
    Ok(match sent {
        Ok(()) => Outcome::Sent,
        Err(_) if now - letter.due_at > TimeDelta::days(GIVEN_UP_AFTER_DAYS) => Outcome::Dropped,
        Err(sentence) => Outcome::Failed(sentence),
    })
}

/// Helpers and those who asked to sign in get a one-time link; families the booking's own page.
async fn link(app: &App, facts: &Facts) -> Result<String> {
    let public = app.settings.public_url();
    if is_about_account(facts.kind) {
        return Ok(format!("{public}/me"));
    }
    if let Some(help) = &facts.help {
        // A contact of the table has no page here: the letter says what they need.
        return Ok(match help.contact {
            Some(_) => String::new(),
            None => format!("{public}/help/{}", help.request.id),
        });
    }
    if let Some(complaint) = &facts.complaint {
        return Ok(format!("{public}/complaints/{}", complaint.id));
    }
    if let Some(place) = &facts.place {
        return Ok(format!(
            "{public}/family/residents/{}/station",
            place.resident_id
        ));
    }
    if let Some(away) = &facts.away {
        return Ok(format!("{public}/family/residents/{}", away.resident_id));
    }
    // A letter about a day leads to its last visit, so that its link works all day.
    let told = facts.visit.as_ref().or(facts.tomorrow.last());
    let visit = told.map(|about| about.visit.clone());
    if !facts.to_helper && facts.kind != MailKind::SignIn {
        return Ok(match &visit {
            Some(visit) if facts.tomorrow.len() < 2 => {
                format!("{public}/family/bookings/{}", visit.booking_id)
            }
            _ => public,
        });
    }
    let visit = visit.filter(|visit| {
        !SET_ASIDE.contains(&visit.state) && facts.kind != MailKind::OfferWithdrawn
    });
    let token = Token::new(app.dice.bytes());
    let text = token.text().to_owned();
    let (now, reader) = (app.clock.now(), facts.reader.clone());
    app.store
        .write(move |txn| {
            let (token, reader, visit) = (token.clone(), reader.clone(), visit.clone());
            Box::pin(async move { new_link(txn, now, &token, &reader, visit.as_ref()).await })
        })
        .await?;
    Ok(format!("{public}/l/{text}"))
}

/// The letter after a visit that was done leads to the faces by which it is rated.
async fn rating_link(app: &App, facts: &Facts) -> Result<String> {
    let Some(about) = facts
        .visit
        .as_ref()
        .filter(|_| facts.kind == MailKind::VisitDone)
    else {
        return Ok(String::new());
    };
    let token = Token::new(app.dice.bytes());
    let address = format!("{}/rate/{}", app.settings.public_url(), token.text());
    let (now, reader, visit) = (app.clock.now(), facts.reader.clone(), about.visit.clone());
    app.store
        .write(move |txn| {
            let (token, reader, visit) = (token.clone(), reader.clone(), visit.clone());
            Box::pin(
                async move { quality::letters::new_link(txn, now, &token, &reader, &visit).await },
            )
        })
        .await?;
    Ok(address)
}

async fn mark(app: &App, letter: &outbox::Model, outcome: Outcome) -> Result<()> {
    let now = app.clock.now();
    let mut row = outbox::ActiveModel {
        id: Set(letter.id),
        ..Default::default()
    };
    match outcome {
        Outcome::Sent => {
            row.sent_at = Set(Some(now));
            row.last_error = Set(None);
        }
        Outcome::Dropped => row.dropped_at = Set(Some(now)),
        Outcome::Failed(sentence) => {
            row.lease_until = Set(Some(now + pause(letter.attempts)));
            row.last_error = Set(Some(sentence));
        }
    }
    app.store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move {
                row.update(txn).await?;
                Ok(())
            })
        })
        .await
}

/// How long to wait after this many failures.
fn pause(failures: i32) -> TimeDelta {
    let doubled = FIRST_PAUSE_S << failures.clamp(0, 10);
    TimeDelta::seconds(doubled.min(LONGEST_PAUSE_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_an_hour() {
        let pauses: Vec<_> = (0..12)
            .map(|failures| pause(failures).num_seconds())
            .collect();
        assert_eq!(pauses[..4], [10, 20, 40, 80]);
        assert_eq!(pauses[11], 1800);
        assert!(pauses.is_sorted());
    }
}
