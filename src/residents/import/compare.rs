//! A row beside the roll: who may be the same person, and what the row says otherwise than the file.

use entity::ids::{HouseholdId, ResidentId};
use entity::words::Lang;
use entity::{household, resident};

use super::judge::Known;
use super::{Entry, Remark};
use crate::residents::homes::Flat;
use crate::residents::workbook::columns::Column;
use crate::residents::{ON_THE_ROLL, living_word};
use crate::said::Said;

/// Who may be the same person: the same name and day of birth elsewhere, or somebody of this very flat with the same name,
/// or with the same day of birth and sex.
pub(super) fn alike(
    entry: &Entry,
    home: Option<HouseholdId>,
    known: &Known,
) -> Option<(ResidentId, Said)> {
    let (name, birth) = (entry.name.clone()?, entry.birth_date?);
    let where_is = |file: &resident::Model| {
        known
            .homes
            .get(&file.household_id)
            .map_or_else(String::new, |home| home.door_key.clone())
    };
    if let Some(file) = known
        .by_person
        .get(&(name.clone(), birth))
        .and_then(|ids| known.by_id.get(ids.first()?))
    {
        let door = where_is(file);
        let said = if ON_THE_ROLL.contains(&file.state) {
            Said::new(
                format!("同名同生日的人登记在 {door}。是同一个人搬了家，还是另一个人？"),
                format!(
                    "Somebody with this name and birth is at {door}. The same person, who moved, or another?"
                ),
            )
        } else {
            Said::new(
                format!("同名同生日的人（{door}）已登记去世或迁出。"),
                format!("Somebody with this name and birth ({door}) has died or moved away."),
            )
        };
        return Some((file.id, said));
    }
    known
        .by_home
        .get(&home?)?
        .iter()
        .filter_map(|id| known.by_id.get(id))
        .filter(|file| ON_THE_ROLL.contains(&file.state))
        .find_map(|file| {
            let said = if file.name == name {
                Said::new(
                    format!(
                        "这一户已有同名的人，生日是 {}。是同一个人吗？",
                        file.birth_date
                    ),
                    format!(
                        "This flat has somebody of that name, born {}. The same person?",
                        file.birth_date
                    ),
                )
            } else if file.birth_date == birth && Some(file.sex) == entry.sex {
                Said::new(
                    format!("这一户已有同一天出生的{}。是名字写错了吗？", file.name),
                    format!(
                        "This flat has {}, born on that day. Is the name misspelt?",
                        file.name
                    ),
                )
            } else {
                return None;
            };
            Some((file.id, said))
        })
}

/// What the row says otherwise than the file.
pub(super) fn changes_of(
    entry: &Entry,
    file: &resident::Model,
    home: &household::Model,
) -> Vec<Remark> {
    let mut found = Vec::new();
    let mut differ = |column, before: String, after: Option<String>| {
        if let Some(after) = after
            && after != before
        {
            found.push(Remark::Change {
                column,
                before,
                after,
            });
        }
    };
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    differ(Column::Name, file.name.clone(), entry.name.clone());
    differ(Column::Sex, sex_word(file.sex), entry.sex.map(sex_word));
    differ(
        Column::BirthDate,
        file.birth_date.to_string(),
        entry.birth_date.map(|date| date.to_string()),
    );
    differ(
        Column::Address,
        home.door_key.clone(),
        entry.door.as_ref().map(Flat::key),
    );
    differ(Column::Phone, or_empty(&file.phone), entry.phone.clone());
    differ(
        Column::HouseholdPhone,
        or_empty(&home.phone),
        entry.household_phone.clone(),
    );
    differ(
        Column::Living,
        living_word(file.living, Lang::Zh).to_owned(),
        entry
            .living
            .map(|living| living_word(living, Lang::Zh).to_owned()),
    );
    if let Some(assessed) = &entry.assessed {
        let newer = file.ability_assessed_on.is_none_or(|on| assessed.on >= on);
        let before = file.ability_level.zip(file.ability_assessed_on);
        if newer
            && (before != Some((assessed.level, assessed.on))
                || file.ability_valid_until != assessed.until)
        {
            differ(
                Column::Level,
                before.map_or_else(String::new, |(level, on)| format!("{level} ({on})")),
                Some(match assessed.until {
                    Some(until) => format!("{} ({} – {until})", assessed.level, assessed.on),
                    None => format!("{} ({})", assessed.level, assessed.on),
                }),
            );
        }
    }
    differ(
        Column::KnockNote,
        or_empty(&file.knock_note),
        entry.knock_note.clone(),
    );
    differ(
        Column::SafetyNote,
        or_empty(&file.safety_note),
        entry.safety_note.clone(),
    );
    found
}

fn sex_word(sex: entity::words::Sex) -> String {
    match sex {
        entity::words::Sex::Female => "女".into(),
        entity::words::Sex::Male => "男".into(),
    }
}

/// The same against the roll as far as these rows need it.
pub(super) fn changes(entry: &Entry, file: &resident::Model, known: &Known) -> Vec<Remark> {
    known
        .homes
        .get(&file.household_id)
        .map_or_else(Vec::new, |home| changes_of(entry, file, home))
}
