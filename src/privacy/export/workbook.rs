//! The workbook: a first sheet that says what it is, then a sheet a subject, with headings and values in words.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::words::Lang;
use entity::{account, helper, provider, service};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value};

use super::heads::{head, hidden, word};
use super::{Line, Sheet};
use crate::error::{Error, Result};
use crate::formula::guarded;
use crate::said::pick;

/// What the numbers in the rows point to, by name.
#[derive(Debug)]
pub struct Names {
    accounts: HashMap<i64, String>,
    helpers: HashMap<i64, String>,
    services: HashMap<i64, String>,
    providers: HashMap<i64, String>,
}

/// In whose zone and language.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The zone of the community's clocks.
    pub zone: Tz,
    /// The language.
    pub lang: Lang,
    /// When it is made.
    pub now: DateTime<Utc>,
}

/// Columns that point to an account.
const ACCOUNTS: [&str; 19] = [
    "account_id",
    "recorded_by",
    "booked_by",
    "cancelled_by",
    "asked_by",
    "answered_by",
    "withdrawn_by",
    "decided_by",
    "taken_by",
    "given_by",
    "promised_by",
    "done_by",
    "clerk_id",
    "by",
    "assigned_by",
    "issued_by",
    "made_by",
    "ended_by",
    "attended_by",
];

fn is_account(column: &str) -> bool {
    ACCOUNTS.contains(&column)
}

impl Names {
    /// Reads the names that these sheets need.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(db: &C, sheets: &[Sheet], lang: Lang) -> Result<Self> {
        let ids = |fits: &dyn Fn(&str) -> bool| -> Vec<i64> {
            let mut found: Vec<i64> = sheets
                .iter()
                .flat_map(|sheet| sheet.lines.iter().flatten())
                .filter(|(column, _)| fits(column))
                .filter_map(|(_, value)| match value {
                    Value::BigInt(id) => *id,
                    _ => None,
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let accounts = account::Entity::find()
            .filter(account::Column::Id.is_in(ids(&is_account)))
            .all(db)
            .await?;
        let helpers = helper::Entity::find()
            .filter(helper::Column::Id.is_in(ids(&|column| {
                matches!(column, "helper_id" | "wish_helper_id")
            })))
            .all(db)
            .await?;
        let services = service::Entity::find()
            .filter(service::Column::Id.is_in(ids(&|column| column == "service_id")))
            .all(db)
            .await?;
        let providers = provider::Entity::find()
            .filter(provider::Column::Id.is_in(ids(&|column| column == "provider_id")))
            .all(db)
            .await?;
        Ok(Self {
            accounts: accounts
                .into_iter()
                .map(|row| (row.id.0, row.name))
                .collect(),
            helpers: helpers
                .into_iter()
                .map(|row| (row.id.0, row.name))
                .collect(),
            services: services
                .into_iter()
                .map(|row| {
                    let name = pick(lang, &row.name_zh, &row.name_en).to_owned();
                    (row.id.0, name)
                })
                .collect(),
            providers: providers
                .into_iter()
                .map(|row| (row.id.0, row.name))
                .collect(),
        })
    }

    fn of(&self, column: &str, id: i64) -> Option<&str> {
        let names = match column {
            "helper_id" | "wish_helper_id" => &self.helpers,
            "service_id" => &self.services,
            "provider_id" => &self.providers,
            _ if is_account(column) => &self.accounts,
            _ => return None,
        };
        names.get(&id).map(String::as_str)
    }
}

/// The workbook's bytes.
///
/// # Errors
/// Ours, where it cannot be written.
pub fn of(sheets: &[Sheet], names: &Names, reading: Reading) -> Result<Vec<u8>> {
    write(sheets, names, reading)
        .map_err(|error| Error::Internal(format!("a workbook cannot be written: {error}")))
}

fn write(
    sheets: &[Sheet],
    names: &Names,
    reading: Reading,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    contents(book.add_worksheet(), sheets, reading)?;
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(pick(reading.lang, sheet.name.0, sheet.name.1))?;
        rows(page, &sheet.lines, names, reading)?;
    }
    book.save_to_buffer()
}

/// What the file is, and how many rows each sheet has.
fn contents(
    page: &mut Worksheet,
    sheets: &[Sheet],
    reading: Reading,
) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let lang = reading.lang;
    page.set_name(pick(lang, "说明", "Contents"))?;
    page.set_column_width(0, 28)?;
    page.set_column_width(1, 10)?;
    let title = pick(
        lang,
        "社区系统里关于这位老人的全部信息",
        "Everything the community keeps about this resident",
    );
    page.write_string_with_format(0, 0, title, &bold)?;
    let made = reading
        .now
        .with_timezone(&reading.zone)
        .format("%Y-%m-%d %H:%M");
    page.write_string(
        1,
        0,
        format!("{} {made}", pick(lang, "导出时间：", "Made on")),
    )?;
    page.write_string_with_format(3, 0, pick(lang, "工作表", "Sheet"), &bold)?;
    page.write_string_with_format(3, 1, pick(lang, "行数", "Rows"), &bold)?;
    for (at, sheet) in (4_u32..).zip(sheets) {
        page.write_string(at, 0, pick(lang, sheet.name.0, sheet.name.1))?;
        page.write_string(at, 1, sheet.lines.len().to_string())?;
    }
    Ok(())
}

fn rows(
    page: &mut Worksheet,
    lines: &[Line],
    names: &Names,
    reading: Reading,
) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let Some(first) = lines.first() else {
        page.write_string(0, 0, pick(reading.lang, "没有记录", "Nothing is kept here"))?;
        return Ok(());
    };
    let shown: Vec<usize> = (0..first.len())
        .filter(|at| !hidden(&first[*at].0))
        .collect();
    for (column, at) in (0_u16..).zip(&shown) {
        page.write_string_with_format(0, column, head(&first[*at].0, reading.lang), &bold)?;
        page.set_column_width(column, 16)?;
    }
    page.set_freeze_panes(1, 0)?;
    for (row, line) in (1_u32..).zip(lines) {
        for (column, at) in (0_u16..).zip(&shown) {
            let (name, value) = &line[*at];
            page.write_string(row, column, guarded(&cell(name, value, names, reading)))?;
        }
    }
    Ok(())
}

/// A value in words: all cells are texts, since the file is read and not reckoned with.
fn cell(column: &str, value: &Value, names: &Names, reading: Reading) -> String {
    match value {
        Value::Bool(Some(true)) => pick(reading.lang, "是", "yes").to_owned(),
        Value::Bool(Some(false)) => pick(reading.lang, "否", "no").to_owned(),
        Value::BigInt(Some(id)) if column.ends_with("_fen") => in_yuan(*id),
        Value::BigInt(Some(id)) => names
            .of(column, *id)
            .map_or_else(|| id.to_string(), str::to_owned),
        Value::Int(Some(number)) => number.to_string(),
        Value::Double(Some(number)) => number.to_string(),
        Value::String(Some(text)) => word(text, reading.lang).to_owned(),
        Value::ChronoDate(Some(date)) => date.to_string(),
        Value::ChronoDateTimeUtc(Some(at)) => at
            .with_timezone(&reading.zone)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
        Value::Json(Some(json)) => json.to_string(),
        _ => String::new(),
    }
}

fn in_yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_said_in_words() {
        let names = Names {
            accounts: HashMap::from([(7, "王敏".to_owned())]),
            helpers: HashMap::new(),
            services: HashMap::new(),
            providers: HashMap::new(),
        };
        let reading = Reading {
            zone: chrono_tz::Asia::Shanghai,
            lang: Lang::Zh,
            now: DateTime::UNIX_EPOCH,
        };
        let said = |column: &str, value: Value| cell(column, &value, &names, reading);
        assert_eq!(said("booked_by", Value::from(7_i64)), "王敏");
        assert_eq!(said("visit_id", Value::from(7_i64)), "7");
        assert_eq!(said("price_fen", Value::from(-1205_i64)), "-12.05");
        assert_eq!(said("can_book", Value::from(true)), "是");
        assert_eq!(said("state", Value::from("completed")), "已完成");
        assert_eq!(said("note", Value::from("=1+1")), "=1+1");
        assert_eq!(
            said("at", Value::from(DateTime::<Utc>::UNIX_EPOCH)),
            "1970-01-01 08:00"
        );
    }
}
