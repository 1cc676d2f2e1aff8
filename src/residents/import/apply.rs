//! Writing the good rows of a workbook, all of them in one transaction, or none.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::ids::{
    AccountId, BuildingId, CommunityId, HouseholdId, ResidentId, RollImportId, VisitId,
};
use entity::words::{ImportState, ResidentState, RowDecision, RowOutcome, Subject};
use entity::{assessment, audit, building, household, resident, roll_import, roll_import_row};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::{AT_ONCE, Entry, Judged, Remark, compare, judge, kept};
use crate::error::{Error, Kind, Problem, Result};
use crate::residents::initials::initials;
use crate::residents::roll::assessments::keep_latest;
use crate::residents::roll::moving::put_back_at_home;
use crate::said::Said;
use crate::series::departure::run_again;
use crate::store;
use crate::store::audit::{self as record, Change};
use crate::visits::pausing::Hand;

/// What was written.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Written {
    /// New files.
    pub new: usize,
    /// Files that say something else now.
    pub changed: usize,
    /// Visits that are matched anew, for somebody moved.
    #[serde(skip)]
    pub back: Vec<VisitId>,
}

/// Who writes, and when.
#[derive(Clone, Copy, Debug)]
pub struct Writing {
    /// Which import.
    pub import: RollImportId,
    /// Whose roll.
    pub community: CommunityId,
    /// Who; nobody from the command line.
    pub by: Option<AccountId>,
    /// When.
    pub now: DateTime<Utc>,
    /// The zone of the community's clocks.
    pub zone: Tz,
}

/// New files after which PostgreSQL counts its rows anew; after four times as many it does again.
const LOOK_AGAIN: usize = 2_000;

/// The condition of rows that are written: those that are good, and those on which a person decided.
#[must_use]
pub fn good() -> Condition {
    Condition::any()
        .add(roll_import_row::Column::Outcome.is_in([RowOutcome::New, RowOutcome::Changed]))
        .add(
            Condition::all()
                .add(roll_import_row::Column::Outcome.eq(RowOutcome::Duplicate))
                .add(roll_import_row::Column::Decision.is_not_null()),
        )
}

/// Writes every good row. Where the roll has changed since the rows were judged, so that one of them would do something
/// else now, nothing is written.
///
/// # Errors
/// `stale`, or the database's.
pub async fn write(txn: &DatabaseTransaction, writing: Writing) -> Result<Written> {
    let import = store::hold(roll_import::Entity::find_by_id(writing.import), txn)
        .one(txn)
        .await?
        .filter(|row| row.state == ImportState::Writing)
        .ok_or_else(Problem::not_found)?;
    let mut buildings: HashMap<String, BuildingId> = HashMap::new();
    for row in building::Entity::find()
        .filter(building::Column::CommunityId.eq(writing.community))
        .all(txn)
        .await?
    {
        buildings.insert(row.number, row.id);
    }
    let mut written = Written::default();
    let mut after = 0;
    let mut looked_at = LOOK_AGAIN;
    loop {
        let rows = roll_import_row::Entity::find()
            .filter(roll_import_row::Column::ImportId.eq(import.id))
            .filter(roll_import_row::Column::Row.gt(after))
            .filter(good())
            .order_by_asc(roll_import_row::Column::Row)
            .limit(AT_ONCE as u64)
            .all(txn)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        Chunk {
            txn,
            writing,
            buildings: &buildings,
        }
        .write(rows, &mut written)
        .await?;
        if written.new >= looked_at {
            look_again(txn).await?;
            looked_at *= 4;
        }
    }
    roll_import::ActiveModel {
        id: Set(import.id),
        state: Set(ImportState::Written),
        written_at: Set(Some(writing.now)),
        heard_at: Set(writing.now),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let object = (Subject::RollImport, import.id.0);
    let change = Change::new(
        writing.community,
        writing.now,
        writing.by,
        object,
        "written",
    );
    record::record(txn, change).await?;
    Ok(written)
}

/// PostgreSQL plans by how many rows it believes a table has, and inside one transaction it goes on believing what was so
/// before: it would read the whole roll for every few hundred rows. Measured, 100,000 rows took minutes without this.
async fn look_again(txn: &DatabaseTransaction) -> Result<()> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("ANALYZE household; ANALYZE resident")
            .await?;
    }
    Ok(())
}

/// That the roll is not as it was when the rows were judged.
fn roll_has_changed(row: i32) -> Problem {
    Problem::new(
        Kind::Stale,
        Said::new(
            format!("检查之后花名册又有改动（第 {row} 行的结果不同了），什么都没有写入。"),
            format!(
                "The roll has changed since it was checked (row {row} would do something else); nothing was written."
            ),
        ),
        Said::new(
            "请把文件重新上传检查一遍，再写入。",
            "Please upload the file once more, look at the rows, and write it then.",
        ),
    )
}

struct Chunk<'a> {
    txn: &'a DatabaseTransaction,
    writing: Writing,
    buildings: &'a HashMap<String, BuildingId>,
}

impl Chunk<'_> {
    async fn write(&self, rows: Vec<roll_import_row::Model>, written: &mut Written) -> Result<()> {
        let entries = rows
            .iter()
            .map(|row| Ok((row.row, kept::<Entry>(row.entry.clone())?)))
            .collect::<Result<Vec<_>>>()?;
        let judged = judge::again(self.txn, self.writing.community, entries).await?;
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for (row, now) in rows.into_iter().zip(judged) {
            let same_file = row.match_id == now.matched;
            match (row.outcome, row.decision) {
                (RowOutcome::New, _) if now.outcome == RowOutcome::New => new.push(now),
                // A neighbour of the same day may have come in with an earlier row of this very file.
                (RowOutcome::New, _)
                    if now.outcome == RowOutcome::Duplicate && self.is_fresh(&now).await? =>
                {
                    new.push(now);
                }
                (RowOutcome::Changed, _) if now.outcome == RowOutcome::Changed && same_file => {
                    changed.push(now);
                }
                (RowOutcome::Duplicate, Some(RowDecision::New))
                    if now.outcome == RowOutcome::Duplicate =>
                {
                    new.push(now);
                }
                (RowOutcome::Duplicate, Some(RowDecision::Same))
                    if now.outcome == RowOutcome::Duplicate && same_file =>
                {
                    changed.push(now);
                }
                _ => return Err(roll_has_changed(row.row).into()),
            }
        }
        written.new += new.len();
        written.changed += changed.len();
        self.add(new).await?;
        for row in changed {
            written.back.extend(self.change(row).await?);
        }
        Ok(())
    }

    /// Whether whom a row may be was added by this very write.
    async fn is_fresh(&self, judged: &Judged) -> Result<bool> {
        let Some(id) = judged.matched else {
            return Ok(false);
        };
        Ok(audit::Entity::find()
            .filter(audit::Column::ResidentId.eq(id))
            .filter(audit::Column::Action.eq("imported"))
            .filter(audit::Column::At.eq(self.writing.now))
            .one(self.txn)
            .await?
            .is_some())
    }

    /// The households behind the doors of these rows; those that are missing are made.
    async fn homes(&self, rows: &[Judged]) -> Result<HashMap<String, household::Model>> {
        let doors: HashMap<String, &crate::residents::homes::Flat> = rows
            .iter()
            .filter_map(|row| row.entry.door.as_ref())
            .map(|door| (door.key(), door))
            .collect();
        let find = async || -> Result<HashMap<String, household::Model>> {
            Ok(household::Entity::find()
                .filter(household::Column::CommunityId.eq(self.writing.community))
                .filter(household::Column::DoorKey.is_in(doors.keys()))
                .all(self.txn)
                .await?
                .into_iter()
                .map(|row| (row.door_key.clone(), row))
                .collect())
        };
        let known = find().await?;
        let missing = doors
            .iter()
            .filter(|(key, _)| !known.contains_key(*key))
            .map(|(key, door)| {
                let building = self
                    .buildings
                    .get(&door.building)
                    .ok_or_else(|| Error::Internal("a building vanished".into()))?;
                Ok(household::ActiveModel {
                    community_id: Set(self.writing.community),
                    building_id: Set(*building),
                    entrance: Set(door.entrance),
                    floor: Set(door.floor),
                    flat: Set(door.flat.clone()),
                    door_key: Set(key.clone()),
                    ..Default::default()
                })
            })
            .collect::<Result<Vec<_>>>()?;
        if missing.is_empty() {
            return Ok(known);
        }
        household::Entity::insert_many(missing)
            .exec_without_returning(self.txn)
            .await?;
        find().await
    }

    async fn add(&self, rows: Vec<Judged>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let homes = self.homes(&rows).await?;
        let lost = || Error::Internal("a good row lost its fields".into());
        let mut people = Vec::with_capacity(rows.len());
        for row in &rows {
            let entry = &row.entry;
            let home = entry
                .door
                .as_ref()
                .and_then(|door| homes.get(&door.key()))
                .ok_or_else(lost)?;
            if entry.household_phone.is_some() && home.phone.is_none() {
                self.set_phone(home.id, entry.household_phone.clone())
                    .await?;
            }
            let name = entry.name.clone().ok_or_else(lost)?;
            people.push(resident::ActiveModel {
                community_id: Set(self.writing.community),
                household_id: Set(home.id),
                initials: Set(initials(&name)),
                name: Set(name),
                sex: Set(entry.sex.ok_or_else(lost)?),
                birth_date: Set(entry.birth_date.ok_or_else(lost)?),
                phone: Set(entry.phone.clone()),
                living: Set(entry.living.ok_or_else(lost)?),
                ability_level: Set(entry.assessed.as_ref().map(|one| one.level)),
                ability_assessed_on: Set(entry.assessed.as_ref().map(|one| one.on)),
                ability_assessor: Set(entry.assessed.as_ref().map(|one| one.by.clone())),
                ability_valid_until: Set(entry.assessed.as_ref().and_then(|one| one.until)),
                knock_note: Set(entry.knock_note.clone()),
                safety_note: Set(entry.safety_note.clone()),
                state: Set(ResidentState::Active),
                version: Set(1),
                ..Default::default()
            });
        }
        let ids: Vec<ResidentId> = resident::Entity::insert_many(people)
            .exec_with_returning(self.txn)
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect();
        let assessments: Vec<_> = ids
            .iter()
            .zip(&rows)
            .filter_map(|(id, row)| self.assessment(*id, &row.entry))
            .collect();
        if !assessments.is_empty() {
            assessment::Entity::insert_many(assessments)
                .exec_without_returning(self.txn)
                .await?;
        }
        let history = ids.iter().map(|id| self.line(*id, "imported", None));
        audit::Entity::insert_many(history)
            .exec_without_returning(self.txn)
            .await?;
        Ok(())
    }

    async fn set_phone(&self, home: HouseholdId, phone: Option<String>) -> Result<()> {
        household::ActiveModel {
            id: Set(home),
            phone: Set(phone),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        Ok(())
    }

    fn assessment(&self, id: ResidentId, entry: &Entry) -> Option<assessment::ActiveModel> {
        let one = entry.assessed.as_ref()?;
        Some(assessment::ActiveModel {
            community_id: Set(self.writing.community),
            resident_id: Set(id),
            level: Set(one.level),
            assessed_on: Set(one.on),
            assessor: Set(one.by.clone()),
            valid_until: Set(one.until),
            recorded_by: Set(self.writing.by),
            created_at: Set(self.writing.now),
            ..Default::default()
        })
    }

    fn line(&self, id: ResidentId, action: &str, note: Option<String>) -> audit::ActiveModel {
        audit::ActiveModel {
            community_id: Set(self.writing.community),
            at: Set(self.writing.now),
            account_id: Set(self.writing.by),
            what: Set(Subject::Resident),
            object_id: Set(id.0),
            action: Set(action.to_owned()),
            visit_id: Set(None),
            resident_id: Set(Some(id)),
            helper_id: Set(None),
            date: Set(None),
            note: Set(note),
            ..Default::default()
        }
    }

    /// Takes over what a row says otherwise than the file.
    async fn change(&self, row: Judged) -> Result<Vec<VisitId>> {
        let lost = || Error::Internal("a changed row lost its file".into());
        let id = row.matched.ok_or_else(lost)?;
        let file = store::hold(resident::Entity::find_by_id(id), self.txn)
            .one(self.txn)
            .await?
            .ok_or_else(lost)?;
        let own = household::Entity::find_by_id(file.household_id)
            .one(self.txn)
            .await?
            .ok_or_else(lost)?;
        let changes = compare::changes_of(&row.entry, &file, &own);
        let assessed = changes.iter().any(|change| {
            matches!(
                change,
                Remark::Change {
                    column: crate::residents::workbook::columns::Column::Level,
                    ..
                }
            )
        });
        let homes = self.homes(std::slice::from_ref(&row)).await?;
        let home = row
            .entry
            .door
            .as_ref()
            .and_then(|door| homes.get(&door.key()))
            .map_or(file.household_id, |home| home.id);
        let entry = row.entry;
        if let Some(phone) = entry.household_phone.clone() {
            self.set_phone(home, Some(phone)).await?;
        }
        let name = entry.name.clone().unwrap_or_else(|| file.name.clone());
        // A file that was closed opens again where a person said that this is the same one.
        let opens = !crate::residents::ON_THE_ROLL.contains(&file.state);
        resident::ActiveModel {
            id: Set(id),
            household_id: Set(home),
            initials: Set(initials(&name)),
            name: Set(name),
            sex: Set(entry.sex.unwrap_or(file.sex)),
            birth_date: Set(entry.birth_date.unwrap_or(file.birth_date)),
            phone: Set(entry.phone.clone().or(file.phone)),
            living: Set(entry.living.unwrap_or(file.living)),
            knock_note: Set(entry.knock_note.clone().or(file.knock_note)),
            safety_note: Set(entry.safety_note.clone().or(file.safety_note)),
            state: Set(if opens {
                ResidentState::Active
            } else {
                file.state
            }),
            left_on: Set(if opens { None } else { file.left_on }),
            left_at: Set(if opens { None } else { file.left_at }),
            version: Set(file.version + 1),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        let hand = Hand {
            by: self.writing.by,
            now: self.writing.now,
            zone: self.writing.zone,
        };
        if let (true, Some(left_at)) = (opens, file.left_at) {
            // Their dates are made by the clock, within a minute.
            run_again(self.txn, hand, id, left_at).await?;
        }
        if assessed && let Some(new) = self.assessment(id, &entry) {
            new.insert(self.txn).await?;
            keep_latest(self.txn, id).await?;
        }
        self.line(id, "import-changed", None)
            .insert(self.txn)
            .await?;
        if home == file.household_id {
            return Ok(Vec::new());
        }
        put_back_at_home(self.txn, hand, id).await
    }
}
