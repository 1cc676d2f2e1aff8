//! Times away as people see them.

use chrono::NaiveDate;
use entity::absence;
use entity::ids::{AbsenceId, ResidentId};
use entity::words::{AbsenceKind, Lang, VisitState};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{away_sentence, is_away};
use crate::error::Result;

/// A time away.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Absence {
    /// The time away.
    pub id: AbsenceId,
    /// Who is away.
    pub resident_id: ResidentId,
    /// Where they are.
    pub kind: AbsenceKind,
    /// The first local day away.
    pub from: NaiveDate,
    /// The first local day at home again; null where nobody knows yet.
    pub back: Option<NaiveDate>,
    /// In the office's words.
    pub note: Option<String>,
    /// Whether they are away today.
    pub now: bool,
    /// The same in a sentence.
    pub sentence: String,
    /// How many visits it has paused.
    pub paused_visits: u64,
    /// Whether it was taken back as a mistake.
    pub withdrawn: bool,
}

/// A time away in one language.
///
/// # Errors
/// The database's.
pub async fn absence_view<C: ConnectionTrait>(
    db: &C,
    row: &absence::Model,
    lang: Lang,
    today: NaiveDate,
) -> Result<Absence> {
    let paused_visits = entity::visit::Entity::find()
        .filter(entity::visit::Column::AbsenceId.eq(row.id))
        .filter(entity::visit::Column::State.eq(VisitState::Paused))
        .count(db)
        .await?;
    Ok(Absence {
        id: row.id,
        resident_id: row.resident_id,
        kind: row.kind,
        from: row.from_date,
        back: row.back_on,
        note: row.note.clone(),
        now: is_away(row, today),
        sentence: away_sentence(row).to(lang),
        paused_visits,
        withdrawn: row.withdrawn_at.is_some(),
    })
}
