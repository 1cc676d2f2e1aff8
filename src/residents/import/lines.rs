//! From the cells of a row to what it says, or to what is wrong in which cell.

use chrono::NaiveDate;

use super::{Assessed, Entry, Remark};
use crate::residents::fields::{self, Ruled};
use crate::residents::homes::Flat;
use crate::residents::workbook::cells::{self, Value};
use crate::residents::workbook::columns::Column;
use crate::residents::workbook::days;
use crate::residents::workbook::read::{Line, Sheet, letters};
use crate::said::Said;

/// Reads a line: what it says as far as it could be read, and all that is wrong, each with its cell.
#[must_use]
pub fn read(line: &Line, sheet: &Sheet, today: NaiveDate) -> (Entry, Vec<Remark>) {
    let mut reading = Reading {
        line,
        sheet,
        faults: Vec::new(),
        level_alone: None,
    };
    let entry = reading.entry(today);
    (entry, reading.faults)
}

/// The cell of a column in a row, such as C12; where the sheet has no such column, the row.
#[must_use]
pub fn cell_name(sheet: &Sheet, column: Column, row: u32) -> String {
    sheet
        .columns
        .iter()
        .find(|(_, known)| *known == column)
        .map_or_else(
            || row.to_string(),
            |(at, _)| format!("{}{row}", letters(*at)),
        )
}

struct Reading<'a> {
    line: &'a Line,
    sheet: &'a Sheet,
    faults: Vec<Remark>,
    level_alone: Option<i32>,
}

impl Reading<'_> {
    fn entry(&mut self, today: NaiveDate) -> Entry {
        for (column, area) in &self.line.merged {
            self.faults.push(Remark::Fault {
                column: Some(*column),
                cell: area.clone(),
                said: Said::new(
                    "这里是合并单元格，分不清每一行的内容。请取消合并，逐行填写。",
                    "These cells are merged, so it is not clear what each row holds. Unmerge them and fill in each row.",
                ),
            });
        }
        let number = self.take(Column::Number, cells::whole);
        let card = self.take(Column::IdCard, |value| cells::id_card(&value.text()));
        let mut birth = self.take(Column::BirthDate, |value| {
            fields::birth_date(days::day(value)?, today)
        });
        let mut sex = self.take(Column::Sex, cells::sex);
        if let Some((born, theirs)) = card {
            if birth.is_some_and(|birth| birth != born) {
                self.fault(Column::BirthDate, differs());
            }
            if sex.is_some_and(|sex| sex != theirs) {
                self.fault(Column::Sex, differs());
            }
            birth = birth.or(Some(born));
            sex = sex.or(Some(theirs));
        }
        Entry {
            number,
            name: self.take(Column::Name, |value| fields::name(&value.text())),
            sex,
            birth_date: birth,
            door: self.door(),
            phone: self.phone(Column::Phone),
            household_phone: self.phone(Column::HouseholdPhone),
            living: self.take(Column::Living, cells::living),
            assessed: self.assessed(today),
            level_alone: self.level_alone,
            knock_note: self.note(Column::KnockNote),
            safety_note: self.note(Column::SafetyNote),
        }
    }

    fn value(&self, column: Column) -> Option<&Value> {
        self.line
            .cells
            .iter()
            .find(|(known, _)| *known == column)
            .map(|(_, value)| value)
    }

    fn fault(&mut self, column: Column, said: Said) {
        self.faults.push(Remark::Fault {
            column: Some(column),
            cell: cell_name(self.sheet, column, self.line.row),
            said,
        });
    }

    /// What a column holds, as `rule` reads it.
    fn take<T>(&mut self, column: Column, rule: impl Fn(&Value) -> Ruled<T>) -> Option<T> {
        let ruled = match self.value(column)? {
            Value::Broken => Err(Said::new(
                "这个单元格显示错误（如 #REF!），请改正。",
                "This cell shows an error (such as #REF!); please mend it.",
            )),
            value => rule(value),
        };
        match ruled {
            Ok(value) => Some(value),
            Err(said) => {
                self.fault(column, said);
                None
            }
        }
    }

    fn phone(&mut self, column: Column) -> Option<String> {
        self.take(column, |value| fields::phone(&value.text()))
            .flatten()
    }

    fn note(&mut self, column: Column) -> Option<String> {
        self.take(column, |value| fields::note(&value.text()))
            .flatten()
    }

    /// Of building, entrance and flat, or of one cell that holds them all. What stands apart counts before what stands
    /// together.
    fn door(&mut self) -> Option<Flat> {
        let building = self.take(Column::Building, |value| fields::building(&value.text()));
        let entrance = self.take(Column::Entrance, |value| {
            fields::entrance(cells::whole(value)?)
        });
        let flat = self.take(Column::Flat, |value| fields::flat(&value.text()));
        let floor = self.take(Column::Floor, |value| fields::floor(cells::whole(value)?));
        let door = match (building, entrance, flat) {
            (Some(building), Some(entrance), Some(flat)) => Some(Flat {
                building,
                entrance,
                floor: fields::floor_of(&flat),
                flat,
            }),
            (None, None, None) => {
                let apart = [Column::Building, Column::Entrance, Column::Flat];
                if apart.iter().any(|column| self.value(*column).is_some()) {
                    return None;
                }
                self.take(Column::Address, |value| cells::door(&value.text()))
            }
            (building, entrance, flat) => {
                for (column, missing, zh, en) in [
                    (Column::Building, building.is_none(), "楼栋", "building"),
                    (Column::Entrance, entrance.is_none(), "单元", "entrance"),
                    (Column::Flat, flat.is_none(), "室号", "flat"),
                ] {
                    if missing && self.value(column).is_none() {
                        self.fault(
                            column,
                            Said::new(
                                format!("缺少{zh}；楼栋、单元、室号要一起填。"),
                                format!(
                                    "The {en} is missing; building, entrance and flat go together."
                                ),
                            ),
                        );
                    }
                }
                None
            }
        };
        door.map(|door| Flat {
            floor: floor.unwrap_or(door.floor),
            ..door
        })
    }

    fn assessed(&mut self, today: NaiveDate) -> Option<Assessed> {
        let level = self.take(Column::Level, cells::level).flatten();
        let on = self.take(Column::AssessedOn, days::day);
        let until = self.take(Column::ValidUntil, days::day);
        let by = self.value(Column::Assessor).map(Value::text);
        let level = level?;
        let Some(on) = on else {
            if self.value(Column::AssessedOn).is_none() {
                self.level_alone = Some(level);
            }
            return None;
        };
        match fields::assessment(on, by.as_deref().unwrap_or_default(), until, today) {
            Ok(by) => Some(Assessed {
                level,
                on,
                by,
                until,
            }),
            Err((field, said)) => {
                let column = match field {
                    "assessed_on" => Column::AssessedOn,
                    "valid_until" => Column::ValidUntil,
                    _ => Column::Assessor,
                };
                self.fault(column, said);
                None
            }
        }
    }
}

fn differs() -> Said {
    Said::new(
        "与身份证号不一致，请核对。",
        "It does not go with the identity number.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(columns: &[Column]) -> Sheet {
        Sheet {
            name: "表".into(),
            head: 1,
            columns: (0..).zip(columns.iter().copied()).collect(),
            unknown: Vec::new(),
        }
    }

    fn line(cells: &[(Column, &str)]) -> Line {
        Line {
            row: 12,
            cells: cells
                .iter()
                .map(|(column, text)| (*column, Value::Text((*text).to_owned())))
                .collect(),
            merged: Vec::new(),
        }
    }

    fn faults(cells: &[(Column, &str)]) -> Vec<(String, String)> {
        let columns: Vec<Column> = Column::all().collect();
        let read = read(
            &line(cells),
            &sheet(&columns),
            "2026-11-24".parse().unwrap(),
        );
        read.1
            .into_iter()
            .map(|fault| match fault {
                Remark::Fault { cell, said, .. } => (cell, said.en),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_cell() {
        use Column::{AssessedOn, Assessor, BirthDate, Building, Flat, Level, Name, Phone, Sex};
        let found = faults(&[
            (Name, "王3"),
            (Sex, "?"),
            (BirthDate, "1941-02-30"),
            (Building, "3"),
            (Flat, "501"),
            (Phone, "123"),
        ]);
        let cells: Vec<&str> = found.iter().map(|(cell, _)| cell.as_str()).collect();
        assert_eq!(cells, ["D12", "C12", "B12", "H12", "K12"]);
        assert!(
            faults(&[(Level, "2")]).is_empty(),
            "judged beside what is known"
        );
        assert_eq!(
            faults(&[(Level, "2"), (AssessedOn, "2026-01-01")])[0].0,
            "P12"
        );
        assert!(faults(&[(Level, "2"), (AssessedOn, "2026-01-01"), (Assessor, "李")]).is_empty());
    }

    #[test]
    fn an_identity_number_stands_for_birth_and_sex_and_must_agree_with_them() {
        use Column::{BirthDate, IdCard, Sex};
        let card = (IdCard, "420606194103080021");
        let columns: Vec<Column> = Column::all().collect();
        let entry = read(
            &line(&[card]),
            &sheet(&columns),
            "2026-11-24".parse().unwrap(),
        )
        .0;
        assert_eq!(entry.birth_date, Some("1941-03-08".parse().unwrap()));
        assert_eq!(entry.sex, Some(entity::words::Sex::Female));
        assert_eq!(faults(&[card, (BirthDate, "1941-03-09")])[0].0, "D12");
        assert_eq!(faults(&[card, (Sex, "男")])[0].0, "C12");
    }
}
