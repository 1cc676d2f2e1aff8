//! The roll as a workbook: read in pages, written row by row, so that a long roll needs no more memory than a short one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use entity::ids::{CommunityId, HouseholdId, ResidentId};
use entity::words::{Lang, Sex};
use entity::{building, household, resident};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::mpsc;

use super::AT_ONCE;
use crate::error::{Error, Result};
use crate::residents::workbook::columns::Column;
use crate::residents::workbook::write::{Cell, Writer, sheet_name};
use crate::residents::{ON_THE_ROLL, living_word};
use crate::said::pick;

/// The columns of an export, in their order.
const COLUMNS: [Column; 17] = [
    Column::Number,
    Column::Name,
    Column::Sex,
    Column::BirthDate,
    Column::Building,
    Column::Entrance,
    Column::Flat,
    Column::Floor,
    Column::Phone,
    Column::HouseholdPhone,
    Column::Living,
    Column::Level,
    Column::AssessedOn,
    Column::Assessor,
    Column::ValidUntil,
    Column::KnockNote,
    Column::SafetyNote,
];

/// Writes the roll to a workbook; gives how many files it holds. `tell` hears of each page whose files are in it.
///
/// # Errors
/// The database's, or the disk's.
pub async fn export<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    lang: Lang,
    path: PathBuf,
    mut tell: impl FnMut(&[ResidentId]),
) -> Result<usize> {
    let (send, mut pages) = mpsc::channel::<Vec<Vec<Cell>>>(2);
    let writing = tokio::task::spawn_blocking(move || {
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        let headings: Vec<String> = COLUMNS
            .iter()
            .map(|column| column.heading().to(lang))
            .collect();
        let mut writer = Writer::new(&folder, sheet_name(lang), &headings)?;
        while let Some(page) = pages.blocking_recv() {
            for row in page {
                writer.row(&row)?;
            }
        }
        writer.save(&path)
    });
    let mut count = 0;
    let mut after = ResidentId(0);
    loop {
        let rows = resident::Entity::find()
            .filter(resident::Column::CommunityId.eq(community))
            .filter(resident::Column::State.is_in(ON_THE_ROLL))
            .filter(resident::Column::Id.gt(after))
            .order_by_asc(resident::Column::Id)
            .limit(AT_ONCE as u64)
            .all(db)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        count += rows.len();
        let ids: Vec<ResidentId> = rows.iter().map(|row| row.id).collect();
        let page = cells(db, rows, lang).await?;
        if send.send(page).await.is_err() {
            break;
        }
        tell(&ids);
    }
    drop(send);
    writing
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(count)
}

async fn cells<C: ConnectionTrait>(
    db: &C,
    rows: Vec<resident::Model>,
    lang: Lang,
) -> Result<Vec<Vec<Cell>>> {
    let homes: HashMap<HouseholdId, (household::Model, Option<building::Model>)> =
        household::Entity::find()
            .filter(household::Column::Id.is_in(rows.iter().map(|row| row.household_id)))
            .find_also_related(building::Entity)
            .all(db)
            .await?
            .into_iter()
            .map(|(home, building)| (home.id, (home, building)))
            .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (home, building) = homes.get(&row.household_id)?;
            let sex = match row.sex {
                Sex::Female => pick(lang, "女", "female"),
                Sex::Male => pick(lang, "男", "male"),
            };
            Some(vec![
                Cell::Number(row.id.0),
                Cell::Text(row.name),
                Cell::Text(sex.to_owned()),
                Cell::Date(row.birth_date),
                Cell::Text(building.as_ref()?.number.clone()),
                Cell::Number(home.entrance.into()),
                Cell::Text(home.flat.clone()),
                Cell::Number(home.floor.into()),
                row.phone.into(),
                home.phone.clone().into(),
                Cell::Text(living_word(row.living, lang).to_owned()),
                row.ability_level
                    .map_or(Cell::Empty, |level| Cell::Number(level.into())),
                row.ability_assessed_on.into(),
                row.ability_assessor.into(),
                row.ability_valid_until.into(),
                row.knock_note.into(),
                row.safety_note.into(),
            ])
        })
        .collect())
}
