//! What each row would do to the roll as it stands: judged for some hundred rows at a time, with a few questions to the
//! database for all of them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use chrono::NaiveDate;
use entity::ids::{CommunityId, HouseholdId, ResidentId};
use entity::words::RowOutcome;
use entity::{building, household, resident};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::compare::{alike, changes};
use super::lines::{self, cell_name};
use super::{Entry, Judged, Remark};
use crate::error::Result;
use crate::residents::ON_THE_ROLL;
use crate::residents::homes::no_such_building;
use crate::residents::workbook::columns::Column;
use crate::residents::workbook::read::{Line, Sheet};
use crate::said::Said;

/// What has been seen of one workbook so far: fingerprints, so that a hundred thousand rows are a few megabytes.
#[derive(Default)]
pub struct Seen {
    hasher: RandomState,
    people: HashMap<u64, i32>,
    files: HashMap<ResidentId, i32>,
}

impl Seen {
    /// The row before in which the same person stands.
    fn before(&mut self, entry: &Entry, matched: Option<ResidentId>, row: i32) -> Option<i32> {
        let mut first = None;
        if let Some(id) = matched {
            let known = *self.files.entry(id).or_insert(row);
            first = (known != row).then_some(known);
        }
        if let (Some(name), Some(birth)) = (&entry.name, entry.birth_date) {
            let mark = self.hasher.hash_one((name, birth));
            let known = *self.people.entry(mark).or_insert(row);
            first = first.or((known != row).then_some(known));
        }
        first
    }
}

/// The roll as far as some rows need it.
pub(super) struct Known {
    pub(super) by_id: HashMap<ResidentId, resident::Model>,
    pub(super) by_person: HashMap<(String, NaiveDate), Vec<ResidentId>>,
    pub(super) by_home: HashMap<HouseholdId, Vec<ResidentId>>,
    pub(super) homes: HashMap<HouseholdId, household::Model>,
    pub(super) doors: HashMap<String, HouseholdId>,
    pub(super) buildings: HashSet<String>,
}

/// Judges these lines.
///
/// # Errors
/// The database's.
pub async fn lines<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: NaiveDate,
    sheet: &Sheet,
    lines: &[Line],
    seen: &mut Seen,
) -> Result<Vec<Judged>> {
    let read: Vec<(i32, Entry, Vec<Remark>)> = lines
        .iter()
        .map(|line| {
            let row = i32::try_from(line.row).unwrap_or(i32::MAX);
            let (entry, faults) = lines::read(line, sheet, today);
            (row, entry, faults)
        })
        .collect();
    let known = known(db, community, read.iter().map(|(_, entry, _)| entry)).await?;
    Ok(read
        .into_iter()
        .map(|(row, entry, faults)| {
            let mut judged = judge(row, entry, faults, sheet, &known);
            if judged.outcome != RowOutcome::Refused
                && let Some(first) = seen.before(&judged.entry, judged.matched, row)
            {
                judged.outcome = RowOutcome::Refused;
                judged.remarks = vec![fault(
                    sheet,
                    Column::Name,
                    row,
                    Said::new(
                        format!("与第 {first} 行是同一个人，请只留一行。"),
                        format!("Row {first} is the same person; please keep one of the two."),
                    ),
                )];
            }
            judged
        })
        .collect())
}

/// Judges entries again that were judged before, against the roll as it stands now.
///
/// # Errors
/// The database's.
pub async fn again<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    entries: Vec<(i32, Entry)>,
) -> Result<Vec<Judged>> {
    let known = known(db, community, entries.iter().map(|(_, entry)| entry)).await?;
    let sheet = Sheet::default();
    Ok(entries
        .into_iter()
        .map(|(row, entry)| judge(row, entry, Vec::new(), &sheet, &known))
        .collect())
}

async fn known<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    entries: impl Iterator<Item = &Entry> + Clone,
) -> Result<Known> {
    let doors: HashSet<String> = entries
        .clone()
        .filter_map(|entry| Some(entry.door.as_ref()?.key()))
        .collect();
    let homes = household::Entity::find()
        .filter(household::Column::CommunityId.eq(community))
        .filter(household::Column::DoorKey.is_in(doors))
        .all(db)
        .await?;
    let names: HashSet<String> = entries
        .clone()
        .filter_map(|entry| entry.name.clone())
        .collect();
    let numbers: HashSet<i64> = entries.filter_map(|entry| entry.number).collect();
    let here = || resident::Entity::find().filter(resident::Column::CommunityId.eq(community));
    let mut people = here()
        // By name alone: with the days of birth in the question too, a database tries each name with each day.
        .filter(resident::Column::Name.is_in(names))
        .all(db)
        .await?;
    people.extend(
        here()
            .filter(resident::Column::HouseholdId.is_in(homes.iter().map(|home| home.id)))
            .filter(resident::Column::State.is_in(ON_THE_ROLL))
            .all(db)
            .await?,
    );
    people.extend(
        here()
            .filter(resident::Column::Id.is_in(numbers))
            .all(db)
            .await?,
    );
    let by_id: HashMap<ResidentId, resident::Model> =
        people.into_iter().map(|row| (row.id, row)).collect();
    let others = household::Entity::find()
        .filter(household::Column::Id.is_in(by_id.values().map(|row| row.household_id)))
        .all(db)
        .await?;
    let buildings = building::Entity::find()
        .filter(building::Column::CommunityId.eq(community))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.number)
        .collect();
    let mut by_person: HashMap<(String, NaiveDate), Vec<ResidentId>> = HashMap::new();
    let mut by_home: HashMap<HouseholdId, Vec<ResidentId>> = HashMap::new();
    let mut ids: Vec<ResidentId> = by_id.keys().copied().collect();
    ids.sort_unstable();
    for id in ids {
        let row = &by_id[&id];
        by_person
            .entry((row.name.clone(), row.birth_date))
            .or_default()
            .push(id);
        by_home.entry(row.household_id).or_default().push(id);
    }
    Ok(Known {
        by_id,
        by_person,
        by_home,
        doors: homes
            .iter()
            .map(|home| (home.door_key.clone(), home.id))
            .collect(),
        homes: others
            .into_iter()
            .chain(homes)
            .map(|home| (home.id, home))
            .collect(),
        buildings,
    })
}

fn fault(sheet: &Sheet, column: Column, row: i32, said: Said) -> Remark {
    Remark::Fault {
        column: Some(column),
        cell: cell_name(sheet, column, u32::try_from(row).unwrap_or(0)),
        said,
    }
}

fn judge(row: i32, entry: Entry, mut remarks: Vec<Remark>, sheet: &Sheet, known: &Known) -> Judged {
    let refused = |entry, remarks| Judged {
        row,
        outcome: RowOutcome::Refused,
        matched: None,
        entry,
        remarks,
    };
    if let Some(door) = &entry.door
        && !known.buildings.contains(&door.building)
    {
        remarks.push(fault(
            sheet,
            door_column(sheet),
            row,
            no_such_building(&door.building),
        ));
    }
    let home = entry
        .door
        .as_ref()
        .and_then(|door| known.doors.get(&door.key()))
        .copied();
    if let Some(level) = entry.level_alone {
        let named = entry
            .number
            .and_then(|number| known.by_id.get(&ResidentId(number)));
        let file = named.or_else(|| at_home(&entry, home, known));
        if file.and_then(|file| file.ability_level) != Some(level) {
            let said = Said::new(
                "填了能力等级，还要填评估日期和评估人。",
                "With an ability level, say when it was assessed and by whom.",
            );
            remarks.push(fault(sheet, Column::Level, row, said));
        }
    }
    if !remarks.is_empty() {
        return refused(entry, remarks);
    }
    let file = match entry.number {
        None => None,
        Some(number) => match known.by_id.get(&ResidentId(number)) {
            Some(file) if ON_THE_ROLL.contains(&file.state) => Some(file),
            Some(_) => {
                let said = Said::new(
                    "这个编号的老人已登记去世或迁出；要恢复请在档案里重新打开。",
                    "The file with this number is closed; open it again in the file itself.",
                );
                remarks.push(fault(sheet, Column::Number, row, said));
                return refused(entry, remarks);
            }
            None => {
                let said = Said::new(
                    format!("花名册里没有编号 {number}。新的老人请把编号空着。"),
                    format!(
                        "The roll has no number {number}. Leave the number empty for somebody new."
                    ),
                );
                remarks.push(fault(sheet, Column::Number, row, said));
                return refused(entry, remarks);
            }
        },
    };
    let file = file.or_else(|| at_home(&entry, home, known));
    if let Some(file) = file {
        let changes = changes(&entry, file, known);
        return Judged {
            row,
            outcome: if changes.is_empty() {
                RowOutcome::Same
            } else {
                RowOutcome::Changed
            },
            matched: Some(file.id),
            entry,
            remarks: changes,
        };
    }
    for (column, missing, zh, en) in [
        (Column::Name, entry.name.is_none(), "姓名", "the name"),
        (
            Column::BirthDate,
            entry.birth_date.is_none(),
            "出生日期",
            "the date of birth",
        ),
        (Column::Sex, entry.sex.is_none(), "性别", "the sex"),
        (
            door_column(sheet),
            entry.door.is_none(),
            "住址（楼栋、单元、室号）",
            "the door",
        ),
        (
            Column::Living,
            entry.living.is_none(),
            "居住情况（独居、空巢或与家人同住）",
            "how they live (alone, couple or with family)",
        ),
    ] {
        if missing {
            let said = Said::new(
                format!("新的老人要填{zh}。"),
                format!("For somebody new, {en} is required."),
            );
            remarks.push(fault(sheet, column, row, said));
        }
    }
    if !remarks.is_empty() {
        return refused(entry, remarks);
    }
    match alike(&entry, home, known) {
        Some((id, said)) => Judged {
            row,
            outcome: RowOutcome::Duplicate,
            matched: Some(id),
            remarks: vec![Remark::Alike { said }],
            entry,
        },
        None => Judged {
            row,
            outcome: RowOutcome::New,
            matched: None,
            entry,
            remarks,
        },
    }
}

/// The column in which a door stands in this sheet.
fn door_column(sheet: &Sheet) -> Column {
    let has = |column| sheet.columns.iter().any(|(_, known)| *known == column);
    if has(Column::Building) || !has(Column::Address) {
        Column::Building
    } else {
        Column::Address
    }
}

/// The one with this name and day of birth who lives here.
fn at_home<'a>(
    entry: &Entry,
    home: Option<HouseholdId>,
    known: &'a Known,
) -> Option<&'a resident::Model> {
    let home = home?;
    let person = (entry.name.clone()?, entry.birth_date?);
    known
        .by_person
        .get(&person)?
        .iter()
        .filter_map(|id| known.by_id.get(id))
        .find(|file| file.household_id == home && ON_THE_ROLL.contains(&file.state))
}
