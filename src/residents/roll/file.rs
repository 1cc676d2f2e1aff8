//! A file, as the office reads it.

use chrono::{DateTime, Utc};
use entity::ids::ResidentId;
use entity::words::{Lang, VisitState};
use entity::{absence, audit, resident, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::assessments;
use super::list::{away_today, state_said};
use super::views::{Done, RollFile};
use crate::accounts::queries::names;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::residents::absences::views::absence_view;
use crate::residents::{ON_THE_ROLL, queries, search};
use crate::said::pick;

/// Lines of history at most.
const LINES: u64 = 50;

/// The file of a resident.
///
/// # Errors
/// The database's.
pub async fn file<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: resident::Model,
    now: DateTime<Utc>,
) -> Result<RollFile> {
    let today = local_date(caller.zone, now);
    let (home, building, _) = queries::home(db, caller.community, row.household_id).await?;
    let away = away_today(db, [row.id], today).await?;
    let mut absences = Vec::new();
    for absence in absence::Entity::find()
        .filter(absence::Column::ResidentId.eq(row.id))
        .filter(absence::Column::WithdrawnAt.is_null())
        .order_by_desc(absence::Column::FromDate)
        .all(db)
        .await?
    {
        absences.push(absence_view(db, &absence, caller.lang, today).await?);
    }
    let with = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(row.household_id))
        .filter(resident::Column::Id.ne(row.id))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .order_by_asc(resident::Column::BirthDate)
        .all(db)
        .await?;
    let paused = visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(row.id))
        .filter(visit::Column::State.eq(VisitState::Paused))
        .filter(visit::Column::StartsAt.gt(now))
        .count(db)
        .await?;
    let known = queries::file(db, caller, row.clone(), now).await?;
    Ok(RollFile {
        id: row.id,
        version: row.version,
        name: known.name,
        short_name: known.short_name,
        sex: row.sex,
        birth_date: row.birth_date,
        age: known.age,
        living: row.living,
        living_word: known.living_word,
        phone: row.phone.clone(),
        household_id: home.id,
        door: known.door,
        building: building.number,
        entrance: home.entrance,
        floor: home.floor,
        flat: home.flat,
        household_phone: home.phone,
        grid: known.grid,
        knock_note: row.knock_note.clone(),
        safety_note: row.safety_note.clone(),
        state: row.state,
        state_sentence: state_said(&row, away.get(&row.id)).to(caller.lang),
        left_on: row.left_on,
        ability_level: row.ability_level,
        ability_valid_until: row.ability_valid_until,
        ability_notice: assessments::notice(&row, today).map(|said| said.to(caller.lang)),
        assessments: assessments::all(db, row.id)
            .await?
            .into_iter()
            .map(|one| assessments::view(one, today))
            .collect(),
        absences,
        household: with
            .into_iter()
            .map(|other| search::in_few_words(other, today, caller.lang))
            .collect(),
        family: known.family,
        wishes: known.wishes,
        upcoming: queries::upcoming(db, row.id, now).await?,
        paused,
        history: history(db, row.id, caller.lang).await?,
    })
}

/// What was done with a file and what is booked, the latest first.
async fn history<C: ConnectionTrait>(db: &C, id: ResidentId, lang: Lang) -> Result<Vec<Done>> {
    let rows = audit::Entity::find()
        .filter(audit::Column::ResidentId.eq(id))
        .order_by_desc(audit::Column::Id)
        .limit(LINES)
        .all(db)
        .await?;
    let people = names(db, rows.iter().filter_map(|row| row.account_id)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Done {
                at: row.at,
                by: row.account_id.and_then(|id| people.get(&id).cloned()),
                what: done_word(&row.action, lang)?.to_owned(),
                note: row.note,
            })
        })
        .collect())
}

/// What an action is called; those that say nothing of the resident have no word here.
fn done_word(action: &str, lang: Lang) -> Option<&'static str> {
    let (zh, en) = match action {
        "added" => ("加入花名册", "Added to the roll"),
        "imported" => ("由表格加入花名册", "Added from a workbook"),
        "edited" => ("修改档案", "File changed"),
        "import-changed" => ("由表格更新档案", "File changed from a workbook"),
        "moved-house" => ("小区内搬家", "Moved within the compound"),
        "assessed" => ("登记能力评估", "Assessment recorded"),
        "assessment-removed" => ("删除一条评估", "Assessment removed"),
        "away" => ("登记住院或外出", "Time away recorded"),
        "away-changed" => ("修改住院或外出", "Time away changed"),
        "away-withdrawn" => ("撤回住院或外出", "Time away withdrawn"),
        "left-home" => ("离家，服务暂停", "Left home; visits paused"),
        "came-home" => ("回家，服务恢复", "Came home; visits resumed"),
        "died" => ("登记去世", "Death recorded"),
        "moved-away" => ("登记迁出", "Moving away recorded"),
        "came-back" => ("重新打开档案", "File opened again"),
        "merged" => ("合并档案", "Files merged"),
        "kept-apart" => ("确认不是同一人", "Said to be somebody else"),
        "booked" => ("预约服务", "Booked"),
        "assigned" => ("安排服务人员", "Helper assigned"),
        "withdrawn" => ("撤下服务人员", "Helper taken off"),
        "paused" => ("服务暂停", "Visit paused"),
        "resumed" => ("服务恢复", "Visit resumed"),
        "put-back" => ("重新找人", "Matched anew"),
        "moved" => ("改时间", "Moved to another time"),
        "cancelled" => ("取消服务", "Cancelled"),
        "accepted" | "accept" => ("服务人员答应", "Helper accepted"),
        "declined" | "decline" => ("服务人员去不了", "Helper declined"),
        "arrived" | "arrive" => ("服务人员到达", "Helper arrived"),
        "finished" | "finish" | "completed" => ("服务完成", "Done"),
        _ => return None,
    };
    Some(pick(lang, zh, en))
}
