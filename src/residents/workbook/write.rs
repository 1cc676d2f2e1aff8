//! Writing workbooks row by row: the roll for other programs, and the template to fill in.
//!
//! Text is written as text whatever it begins with, and a cell that an office program could take for a formula carries
//! the mark that keeps it text when somebody edits it.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use entity::words::Lang;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::columns::Column;
use crate::formula::looks_like_one;
use crate::said::{Said, pick};

/// A cell to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(NaiveDate),
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }
}

/// How cells are to look.
struct Looks {
    head: Format,
    text: Format,
    guarded: Format,
    date: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            head: Format::new()
                .set_bold()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#DCEBE3")
                .set_num_format("@"),
            guarded: text.clone().set_quote_prefix(),
            text,
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// A workbook that is written row by row.
pub struct Writer {
    book: Workbook,
    looks: Looks,
    row: u32,
}

impl Writer {
    /// Begins a workbook with one sheet and its headings. Rows are kept on disk, in `folder`, until it is saved.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn new(folder: &Path, sheet: &str, headings: &[String]) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        let looks = Looks::new();
        let page = book.add_worksheet_with_constant_memory()?;
        page.set_name(sheet)?;
        head(page, &looks, headings)?;
        Ok(Self {
            book,
            looks,
            row: 1,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Where a cell is longer than a workbook allows, or the disk fails.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let page = self.book.worksheet_from_index(0)?;
        for (at, cell) in (0_u16..).zip(cells) {
            put(page, &self.looks, self.row, at, cell)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook to a file.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        self.book.save(path)
    }
}

fn head(page: &mut Worksheet, looks: &Looks, headings: &[String]) -> Result<(), XlsxError> {
    page.set_freeze_panes(1, 0)?;
    for (at, heading) in (0_u16..).zip(headings) {
        page.set_column_width(at, 14)?;
        page.write_string_with_format(0, at, heading, &looks.head)?;
    }
    Ok(())
}

fn put(
    page: &mut Worksheet,
    looks: &Looks,
    row: u32,
    at: u16,
    cell: &Cell,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let look = if looks_like_one(text) {
                &looks.guarded
            } else {
                &looks.text
            };
            page.write_string_with_format(row, at, text, look)?;
        }
        Cell::Number(number) => {
            #[expect(clippy::cast_precision_loss, reason = "row numbers and levels")]
            page.write_number(row, at, *number as f64)?;
        }
        Cell::Date(date) => {
            let year = u16::try_from(date.year()).unwrap_or(1900);
            let month = u8::try_from(date.month()).unwrap_or(1);
            let day = u8::try_from(date.day()).unwrap_or(1);
            match ExcelDateTime::from_ymd(year, month, day) {
                Ok(moment) => {
                    page.write_datetime_with_format(row, at, &moment, &looks.date)?;
                }
                // Excel knows no day before 1900.
                Err(_) => {
                    page.write_string_with_format(row, at, date.to_string(), &looks.text)?;
                }
            }
        }
    }
    Ok(())
}

/// The template: the headings, and a second sheet that says what each column holds.
///
/// # Errors
/// None that can happen: it is small and made of plain cells.
pub fn template(lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let looks = Looks::new();
    let page = book.add_worksheet();
    page.set_name(sheet_name(lang))?;
    let asked: Vec<Column> = Column::all()
        .filter(|column| !matches!(column, Column::Number | Column::IdCard | Column::Address))
        .collect();
    let headings: Vec<String> = asked
        .iter()
        .map(|column| column.heading().to(lang))
        .collect();
    head(page, &looks, &headings)?;
    for (at, column) in (0_u16..).zip(&asked) {
        let look = match column {
            Column::BirthDate | Column::AssessedOn | Column::ValidUntil => &looks.date,
            _ => &looks.text,
        };
        page.set_column_format(at, look)?;
    }
    let notes = book.add_worksheet();
    notes.set_name(pick(lang, "填写说明", "How to fill in"))?;
    notes.set_column_width(0, 18)?;
    notes.set_column_width(1, 80)?;
    for (row, column) in (0_u32..).zip(Column::all()) {
        notes.write_string_with_format(row, 0, column.heading().to(lang), &looks.head)?;
        notes.write_string(row, 1, meaning(column).to(lang))?;
    }
    book.save_to_buffer()
}

/// What the sheet of the roll is called.
#[must_use]
pub fn sheet_name(lang: Lang) -> &'static str {
    pick(lang, "花名册", "Roll")
}

/// What a column holds, for the one who fills it in.
fn meaning(column: Column) -> Said {
    let (zh, en) = match column {
        Column::Number => (
            "导出的表格里才有。带着编号导回来，改动会写进同一份档案。",
            "Only exports have it. A row that comes back with its number changes the same file.",
        ),
        Column::Name => ("必填。", "Required."),
        Column::Sex => ("男或女。", "Female or male."),
        Column::BirthDate => (
            "例如 1941-03-08，也可以写 1941年3月8日。",
            "Such as 1941-03-08.",
        ),
        Column::IdCard => (
            "可以代替出生日期和性别；号码本身不会保存。",
            "May stand for date of birth and sex; the number itself is not kept.",
        ),
        Column::Address => (
            "可以代替楼栋、单元、室号，例如 3栋2单元501。",
            "May stand for building, entrance and flat, such as 3-2-501.",
        ),
        Column::Building => (
            "小区里有的楼栋，例如 3。",
            "A building of the compound, such as 3.",
        ),
        Column::Entrance => ("例如 2。", "Such as 2."),
        Column::Flat => ("例如 501。", "Such as 501."),
        Column::Floor => ("不填时按室号推算。", "Left empty, the flat's number tells."),
        Column::Phone => ("本人的手机或电话。", "Their own telephone."),
        Column::HouseholdPhone => ("家里的座机。", "The telephone of the household."),
        Column::Living => (
            "独居、空巢（老两口）或与家人同住。",
            "Alone, couple, or with family.",
        ),
        Column::Level => (
            "按 GB/T 42195-2022：0 完好，1 轻度，2 中度，3 重度，4 完全失能。没有评估过就空着。",
            "After GB/T 42195-2022: 0 intact, 1 mild, 2 moderate, 3 severe, 4 total. Leave it empty where nobody assessed.",
        ),
        Column::AssessedOn => ("填了能力等级就要填。", "Required with an ability level."),
        Column::Assessor => (
            "评估的人或机构；填了能力等级就要填。",
            "The person or body; required with an ability level.",
        ),
        Column::ValidUntil => ("评估的最后有效日。", "The last day on which it holds."),
        Column::KnockNote => ("例如：敲门请重一些。", "Such as: knock loudly."),
        Column::SafetyNote => (
            "服务人员要注意的，例如：走路不稳，请搀扶。",
            "What a helper has to mind, such as: unsteady, lend an arm.",
        ),
    };
    Said::new(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_run_is_seen() {
        for text in [
            "=1+1",
            "+86 138",
            "-5",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "\n=cmd|' /C calc'!A0",
        ] {
            assert!(looks_like_one(text), "{text:?}");
        }
        for text in ["", "王桂兰", "3-2-501", "a=b"] {
            assert!(!looks_like_one(text), "{text:?}");
        }
    }

    #[test]
    fn the_template_is_read_as_a_roll() {
        for lang in [Lang::Zh, Lang::En] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("template.xlsx");
            std::fs::write(&path, template(lang).unwrap()).unwrap();
            let mut seen = None;
            let done = super::super::read::read(
                &path,
                |sheet| seen = Some(sheet.clone()),
                |line| panic!("{line:?}"),
            );
            assert_eq!(done, Ok(true));
            let sheet = seen.unwrap();
            assert_eq!(sheet.name, sheet_name(lang));
            assert_eq!(sheet.unknown, Vec::<String>::new());
            assert_eq!(sheet.columns.len(), 16);
        }
    }
}
