//! Consents as people see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::consent;
use entity::ids::{AccountId, ConsentId, ResidentId};
use entity::words::{ConsentHow, Lang, Purpose};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts::{self, Text};
use super::{ConsentState, PURPOSES, effect, how_word, queries, title};
use crate::accounts::queries::names;
use crate::error::Result;
use crate::residents::access::Seen;
use crate::said::pick;

/// What a resident agreed to, purpose by purpose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Consents {
    /// Whose.
    pub resident_id: ResidentId,
    /// Whether the caller may answer for them.
    pub may_answer: bool,
    /// Each purpose.
    pub purposes: Vec<PurposeView>,
}

/// Where a resident stands with one purpose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PurposeView {
    /// For what.
    pub purpose: Purpose,
    /// The same in words.
    pub title: String,
    /// The text as it stands.
    pub text: String,
    /// Its version; sent back with an answer.
    pub version: i32,
    /// What stops while it is not allowed.
    pub effect: String,
    /// Where they stand.
    pub state: ConsentState,
    /// The same in words.
    pub state_word: String,
    /// Whether the purpose is served.
    pub allows: bool,
    /// What was said, the latest first.
    pub history: Vec<AnswerView>,
}

/// What was said once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// The answer.
    pub id: ConsentId,
    /// To which version.
    pub version: i32,
    /// The text of that version.
    pub text: String,
    /// Yes, or no.
    pub given: bool,
    /// When.
    pub given_at: DateTime<Utc>,
    /// How, in words.
    pub how: String,
    /// Who wrote it down, or said it.
    pub recorded_by: String,
    /// The paper's number, or what was heard.
    pub note: Option<String>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// How, in words.
    pub withdrawn_how: Option<String>,
    /// Who took it back, or wrote that down.
    pub withdrawn_by: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewAnswer {
    /// To what.
    pub purpose: Purpose,
    /// Which version was read.
    pub version: i32,
    /// Yes, or no.
    pub given: bool,
    /// How it was heard; the desk says it, a family member need not.
    #[serde(default)]
    pub how: Option<ConsentHow>,
    /// The paper's number, or what was heard, 200 characters at most.
    #[serde(default)]
    pub note: Option<String>,
}

/// That a yes is taken back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Withdrawal {
    /// From what.
    pub purpose: Purpose,
    /// How it was heard; the desk says it, a family member need not.
    #[serde(default)]
    pub how: Option<ConsentHow>,
    /// What was heard, 200 characters at most.
    #[serde(default)]
    pub note: Option<String>,
}

/// Whom to ask.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToAsk {
    /// How many there are, and how many for each purpose alone.
    pub count: usize,
    /// 50 of them at most.
    pub rows: Vec<ToAskRow>,
    /// What to ask for as `after` to see the next page; none on the last.
    pub next: Option<ResidentId>,
}

/// One to ask.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToAskRow {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// For what, in words.
    pub purposes: Vec<String>,
}

/// A purpose's text, for who keeps it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentText {
    /// For what.
    pub purpose: Purpose,
    /// The same in words.
    pub title: String,
    /// Its latest version.
    pub version: i32,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// When it was published; null for the program's own.
    pub published_at: Option<DateTime<Utc>>,
}

fn state_word(state: ConsentState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        ConsentState::NotAsked => ("还没有问过", "Not asked yet"),
        ConsentState::Given => ("已同意", "Agreed"),
        ConsentState::GivenEarlier => ("同意过旧版，请再确认", "Agreed to an earlier text"),
        ConsentState::Refused => ("不同意", "Refused"),
        ConsentState::Withdrawn => ("已撤回", "Withdrawn"),
    };
    pick(lang, zh, en)
}

/// What the resident agreed to.
///
/// # Errors
/// The database's.
pub async fn of<C: ConnectionTrait>(db: &C, seen: &Seen) -> Result<Consents> {
    let lang = seen.caller.lang;
    let texts = texts::all(db, seen.caller.community).await?;
    let rows = queries::of_resident(db, seen.resident.id).await?;
    let mut who: Vec<AccountId> = rows.iter().map(|row| row.recorded_by).collect();
    who.extend(rows.iter().filter_map(|row| row.withdrawn_by));
    let people = names(db, who).await?;
    let purposes = PURPOSES
        .into_iter()
        .filter_map(|purpose| {
            let versions = texts.get(&purpose)?;
            let latest = versions.last()?;
            let of_it = || rows.iter().filter(|row| row.purpose == purpose);
            let answer = of_it().find(|row| row.current == Some(true));
            let state = ConsentState::of(answer, latest.version);
            Some(PurposeView {
                purpose,
                title: title(purpose).to(lang),
                text: latest.said.to(lang),
                version: latest.version,
                effect: effect(purpose).to(lang),
                state,
                state_word: state_word(state, lang).to_owned(),
                allows: state.allows(),
                history: of_it()
                    .map(|row| answer_view(row, versions, &people, lang))
                    .collect(),
            })
        })
        .collect();
    Ok(Consents {
        resident_id: seen.resident.id,
        may_answer: seen.may_book,
        purposes,
    })
}

fn answer_view(
    row: &consent::Model,
    versions: &[Text],
    people: &HashMap<AccountId, String>,
    lang: Lang,
) -> AnswerView {
    let name = |id| people.get(&id).cloned().unwrap_or_default();
    AnswerView {
        id: row.id,
        version: row.version,
        text: versions
            .iter()
            .find(|text| text.version == row.version)
            .map_or_else(String::new, |text| text.said.to(lang)),
        given: row.given,
        given_at: row.given_at,
        how: how_word(row.how).to(lang),
        recorded_by: name(row.recorded_by),
        note: row.note.clone(),
        withdrawn_at: row.withdrawn_at,
        withdrawn_how: row.withdrawn_how.map(|how| how_word(how).to(lang)),
        withdrawn_by: row.withdrawn_by.map(name),
    }
}
