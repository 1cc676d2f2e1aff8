//! Answers about open days, kept as they were sent until something changes that decides about them.
//!
//! A family turns over days and months, and asks the same again; the answer costs milliseconds to find and is the same until
//! a row changes. What changed is counted by the database itself (`edition`), so that an answer is never older than the last
//! change that was acknowledged. On PostgreSQL visits are not counted, and every answer is found anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use entity::edition;
use entity::ids::{CommunityId, ResidentId};
use entity::words::Lang;
use serde::Serialize;

use crate::app::App;
use crate::clock::{SLOT_SECONDS, local_date};
use crate::dispatch::load::team::edition_of;
use crate::error::{Error, Result};
use crate::residents::access::Booked;
use crate::store::Engine;

/// Bytes of answers kept at most; beyond it all are let go.
const MOST_BYTES: usize = 8 << 20;

/// What an answer depends on beside the rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    resident: ResidentId,
    service: String,
    from: Option<NaiveDate>,
    days: usize,
    lang: Lang,
    today: NaiveDate,
    /// The grid's next instant: with it the earliest start moves on.
    slot: i64,
}

impl Question {
    /// What is asked at this instant.
    #[must_use]
    pub fn new(
        booked: &Booked,
        service: &str,
        from: Option<NaiveDate>,
        days: usize,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            resident: booked.resident.id,
            service: service.to_owned(),
            from,
            days,
            lang: booked.caller.lang,
            today: local_date(booked.caller.zone, now),
            slot: -(-now.timestamp()).div_euclid(SLOT_SECONDS),
        }
    }
}

/// JSON that was written before.
#[derive(Clone, Debug)]
pub struct Answered(Bytes);

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

/// The answers that are kept.
#[derive(Debug, Default)]
pub struct KeptDays(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    bytes: usize,
    answers: HashMap<Question, (edition::Model, Answered)>,
}

/// How often what decides has changed; nothing where that is not counted whole.
///
/// # Errors
/// The database's.
pub async fn edition(app: &App, community: CommunityId) -> Result<Option<edition::Model>> {
    match app.store.engine() {
        Engine::Sqlite => edition_of(app.store.read(), community).await,
        Engine::Postgres => Ok(None),
    }
}

impl KeptDays {
    /// The answer, where it still holds.
    #[must_use]
    pub fn answer(&self, to: &Question, now: Option<edition::Model>) -> Option<Answered> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, answer) = shelf.answers.get(to)?;
        (Some(*then) == now).then(|| answer.clone())
    }

    /// Writes an answer down; keeps it where it is known how long it holds. `edition` is of before it was found.
    ///
    /// # Errors
    /// Where the answer cannot be written as JSON.
    pub fn keep<T: Serialize>(
        &self,
        to: Question,
        edition: Option<edition::Model>,
        found: &T,
    ) -> Result<Answered> {
        let body = serde_json::to_vec(found).map_err(|error| Error::Internal(error.to_string()))?;
        let answer = Answered(body.into());
        if let Some(edition) = edition {
            let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if shelf.bytes > MOST_BYTES {
                *shelf = Shelf::default();
            }
            shelf.bytes += answer.0.len();
            if let Some((_, before)) = shelf.answers.insert(to, (edition, answer.clone())) {
                shelf.bytes -= before.0.len();
            }
        }
        Ok(answer)
    }
}
