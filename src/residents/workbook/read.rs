//! Reading a workbook row by row: only the table of words and one row are in memory.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};

use super::cells::Value;
use super::columns::Column;
use super::{Unreadable, guard};

/// Rows of a roll at most.
pub const MOST_ROWS: usize = 200_000;
/// Rows in which the headings are looked for: a title and a date may stand above.
const HEAD_ROWS: u32 = 30;
/// Columns that are looked at.
const MOST_COLUMNS: u32 = 200;

/// The sheet that is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The row of the headings, from 1.
    pub head: u32,
    /// Which column is what, by its place from 0.
    pub columns: Vec<(u32, Column)>,
    /// Headings that mean nothing to the roll.
    pub unknown: Vec<String>,
}

/// A row with what its known columns hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number in the sheet, from 1.
    pub row: u32,
    /// The cells that hold something.
    pub cells: Vec<(Column, Value)>,
    /// Cells that are merged with others, as C5:C8.
    pub merged: Vec<(Column, String)>,
}

/// Whether reading goes on.
pub type GoOn = std::ops::ControlFlow<()>;

/// Reads a workbook: first the sheet is told, then each row that holds something. `false` where the listener ended it.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn read(
    path: &Path,
    mut sheet: impl FnMut(&Sheet),
    mut line: impl FnMut(Line) -> GoOn,
) -> Result<bool, Unreadable> {
    let found = guard::look(path)?;
    let file = File::open(path).map_err(|_| damaged())?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| why(&error))?;
    let chosen = choose(&mut book)?;
    let mut merged = if found.merged {
        let mut areas = book
            .merge_cells_by_sheet_name(&chosen.name)
            .map_err(|error| why(&error))?;
        areas.sort_unstable_by_key(|area| area.start);
        Merged::new(areas)
    } else {
        Merged::default()
    };
    sheet(&chosen);
    let first_day_is_1904 = book.has_1904_epoch();
    let mut cells = book
        .worksheet_cells_reader(&chosen.name)
        .map_err(|error| why(&error))?;
    let mut rows = 0;
    let mut current: Option<Line> = None;
    let mut last_row = 0;
    loop {
        let cell = cells.next_cell().map_err(|error| why(&error))?;
        let place = cell.as_ref().map(calamine::Cell::get_position);
        let row = place.map(|(row, _)| row + 1);
        if let Some(done) = current.take_if(|line| Some(line.row) != row) {
            rows += 1;
            if rows > MOST_ROWS {
                return Err(too_many());
            }
            if line(done).is_break() {
                return Ok(false);
            }
        }
        let (Some(cell), Some(row)) = (cell, row) else {
            return Ok(true);
        };
        if row <= chosen.head {
            continue;
        }
        if row < last_row {
            return Err(damaged());
        }
        let at = cell.get_position().1;
        let Some((_, column)) = chosen.columns.iter().find(|(place, _)| *place == at) else {
            continue;
        };
        let Some(value) = value(cell.get_value(), first_day_is_1904) else {
            continue;
        };
        last_row = row;
        let line = current.get_or_insert_with(|| Line {
            row,
            cells: Vec::with_capacity(chosen.columns.len()),
            merged: merged.of(row - 1, &chosen.columns),
        });
        // A cell that stands twice in its row is a damaged file; the first counts.
        if !line.cells.iter().any(|(known, _)| known == column) {
            line.cells.push((*column, value));
        }
    }
}

/// The first sheet whose headings name at least a name and one thing more.
fn choose(book: &mut Xlsx<BufReader<File>>) -> Result<Sheet, Unreadable> {
    let names = book.sheet_names();
    let mut seen = Vec::new();
    for name in &names {
        let mut cells = match book.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // A chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(why(&error)),
        };
        let mut rows: Vec<(u32, Vec<(u32, String)>)> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(|error| why(&error))? {
            let (row, at) = cell.get_position();
            if row >= HEAD_ROWS {
                break;
            }
            if at >= MOST_COLUMNS {
                continue;
            }
            let Some(Value::Text(text)) = value(cell.get_value(), false) else {
                continue;
            };
            match rows.last_mut() {
                Some((known, heads)) if *known == row => heads.push((at, text)),
                _ => rows.push((row, vec![(at, text)])),
            }
        }
        if let Some(sheet) = headings(name, &rows) {
            return Ok(sheet);
        }
        seen.extend(
            rows.into_iter()
                .flat_map(|(_, heads)| heads)
                .map(|(_, text)| text)
                .take(6),
        );
    }
    Err(no_headings(&names, &seen))
}

/// The headings: the row that names most, with what the row above it names, where a heading spans two rows.
fn headings(name: &str, rows: &[(u32, Vec<(u32, String)>)]) -> Option<Sheet> {
    let known = |heads: &[(u32, String)]| -> Vec<(u32, Column)> {
        heads
            .iter()
            .filter_map(|(at, text)| Some((*at, Column::recognise(text)?)))
            .collect()
    };
    let (best, (row, heads)) = rows
        .iter()
        .enumerate()
        .max_by_key(|(at, (_, heads))| (known(heads).len(), std::cmp::Reverse(*at)))?;
    let mut columns = known(heads);
    if let Some((above, over)) = best.checked_sub(1).and_then(|above| rows.get(above))
        && above + 1 == *row
    {
        for (at, column) in known(over) {
            let taken = columns
                .iter()
                .any(|(place, known)| *place == at || *known == column);
            if !taken {
                columns.push((at, column));
            }
        }
    }
    let mut once = Vec::new();
    columns.retain(|(_, column)| {
        let first = !once.contains(column);
        once.push(*column);
        first
    });
    let names_somebody = columns.len() >= 2
        && columns
            .iter()
            .any(|(_, column)| matches!(column, Column::Name | Column::Number));
    names_somebody.then(|| Sheet {
        name: name.to_owned(),
        head: row + 1,
        unknown: heads
            .iter()
            .filter(|(at, text)| {
                !columns.iter().any(|(place, _)| place == at) && !Column::is_for_people(text)
            })
            .map(|(_, text)| text.chars().take(20).collect())
            .take(20)
            .collect(),
        columns,
    })
}

/// What a cell holds; nothing where it is empty.
fn value(data: &DataRef<'_>, first_day_is_1904: bool) -> Option<Value> {
    let text = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| Value::Text(text.to_owned()))
    };
    #[expect(clippy::cast_precision_loss, reason = "cells hold fewer digits")]
    match data {
        DataRef::Empty => None,
        DataRef::String(said) => text(said),
        DataRef::SharedString(said) => text(said),
        DataRef::DateTimeIso(said) | DataRef::DurationIso(said) => text(said),
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::Bool(truth) => Some(Value::Truth(*truth)),
        DataRef::Error(_) => Some(Value::Broken),
        DataRef::DateTime(moment) => {
            // 1,462 days lie between Excel's two first days.
            let since = if first_day_is_1904 { 1_462.0 } else { 0.0 };
            Some(Value::Number(moment.as_f64() + since))
        }
    }
}

/// Merged areas in the order of their rows, those that touch the present row at hand.
#[derive(Default)]
struct Merged {
    coming: std::collections::VecDeque<Dimensions>,
    here: Vec<Dimensions>,
}

impl Merged {
    fn new(areas: Vec<Dimensions>) -> Self {
        Self {
            coming: areas.into(),
            here: Vec::new(),
        }
    }

    /// The known columns of a row, from 0, that lie in merged areas. Rows are asked for in their order.
    fn of(&mut self, row: u32, columns: &[(u32, Column)]) -> Vec<(Column, String)> {
        while let Some(area) = self.coming.pop_front_if(|area| area.start.0 <= row) {
            self.here.push(area);
        }
        self.here.retain(|area| area.end.0 >= row);
        self.here
            .iter()
            .flat_map(|area| {
                columns
                    .iter()
                    .filter(|(at, _)| (area.start.1..=area.end.1).contains(at))
                    .map(|(_, column)| (*column, area_name(area)))
            })
            .collect()
    }
}

fn area_name(area: &Dimensions) -> String {
    format!(
        "{}{}:{}{}",
        letters(area.start.1),
        area.start.0 + 1,
        letters(area.end.1),
        area.end.0 + 1
    )
}

/// The letters of a column, from 0: A, B … Z, AA.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

fn damaged() -> Unreadable {
    Unreadable::new(
        (
            "这份表格内部有错，读不下去。",
            "Something inside this workbook is wrong; it cannot be read on.",
        ),
        (
            "请在 Excel 或 WPS 里打开，另存为新的 .xlsx，再上传。",
            "Open it in Excel or WPS, save it as a new .xlsx and upload that.",
        ),
    )
}

fn why(error: &XlsxError) -> Unreadable {
    tracing::info!(%error, "a workbook cannot be read");
    damaged()
}

fn too_many() -> Unreadable {
    Unreadable::new(
        (
            "这份表格超过 20 万行，一次读不下。",
            "This workbook has more than 200,000 rows, too many to read at a time.",
        ),
        (
            "请按网格或楼栋分成几份，分别上传。",
            "Split it by grid or building and upload the parts one by one.",
        ),
    )
}

fn no_headings(sheets: &[String], seen: &[String]) -> Unreadable {
    let join = |list: &[String], between: &str| {
        list.iter()
            .take(6)
            .map(|text| text.chars().take(12).collect::<String>())
            .collect::<Vec<_>>()
            .join(between)
    };
    Unreadable::new(
        (
            &format!(
                "没有找到花名册的表头（看了工作表：{}；看到：{}）。",
                join(sheets, "、"),
                join(seen, "、")
            ),
            &format!(
                "No headings of a roll were found (sheets: {}; seen: {}).",
                join(sheets, ", "),
                join(seen, ", ")
            ),
        ),
        (
            "请在前 30 行内写上表头，至少要有“姓名”和另一列；也可以下载模板，把内容贴进去。",
            "There must be a heading “Name” and one more within the first 30 rows. The template has them: paste the roll into it.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (at, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(at), name);
        }
    }

    #[test]
    fn a_heading_may_span_two_rows_and_a_title_stand_above() {
        let rows = |rows: &[&[(u32, &str)]]| -> Vec<(u32, Vec<(u32, String)>)> {
            (0..)
                .zip(rows)
                .map(|(row, heads)| {
                    (
                        row,
                        heads
                            .iter()
                            .map(|(at, text)| (*at, (*text).to_owned()))
                            .collect(),
                    )
                })
                .collect()
        };
        let sheet = headings(
            "表",
            &rows(&[
                &[(0, "东方小区老年人花名册")],
                &[(0, "姓名"), (1, "出生日期"), (2, "住处")],
                &[(2, "楼栋"), (3, "单元"), (4, "室号"), (5, "爱好")],
                &[(0, "王桂兰"), (2, "3栋")],
            ]),
        )
        .unwrap();
        assert_eq!(sheet.head, 3);
        assert_eq!(sheet.unknown, ["爱好"]);
        let known: Vec<Column> = sheet.columns.iter().map(|(_, column)| *column).collect();
        assert_eq!(
            known,
            [
                Column::Building,
                Column::Entrance,
                Column::Flat,
                Column::Name,
                Column::BirthDate
            ]
        );
        assert_eq!(headings("表", &rows(&[&[(0, "菜名"), (1, "价格")]])), None);
        assert_eq!(
            headings("表", &rows(&[&[(0, "姓名")]])),
            None,
            "a name alone is no roll"
        );
    }
}
