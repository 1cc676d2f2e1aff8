//! A table's rows once more: under other numbers, at another time.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::dialect::Dialect;
use super::tables::{Column, Tables};
use crate::clock::SLOT_SECONDS;

/// Slots of a day.
const SLOTS_A_DAY: i64 = 86_400 / SLOT_SECONDS;

/// Words that may stand in the database only once, and the names by which people tell communities apart.
const ONCE: [(&str, &str); 9] = [
    ("account", "login"),
    ("calendar_feed", "token_hash"),
    ("community", "name"),
    ("one_time_link", "token_hash"),
    ("outbox", "dedup_key"),
    ("rating_link", "token_hash"),
    ("session", "id"),
    ("time_entry", "once"),
    ("voucher", "code"),
];

/// How rows are copied.
#[derive(Clone, Debug)]
pub(super) struct Move<'a> {
    /// Numbers move on by as many times as there are in the original.
    pub times: i64,
    /// Moments move back by so many days.
    pub days: i64,
    /// The tables whose numbers move; all where none is named.
    pub moved: Option<&'a [&'a str]>,
    /// Which rows of the original; all where nothing is said.
    pub only: Option<String>,
}

/// The original: what its tables are and how far their numbers reach.
#[derive(Debug)]
pub(super) struct Copying<'a> {
    dialect: Dialect,
    tables: &'a Tables,
    reach: BTreeMap<&'a str, i64>,
}

impl<'a> Copying<'a> {
    /// Takes what is there now as the original.
    pub(super) async fn new<C: ConnectionTrait>(
        db: &C,
        dialect: Dialect,
        tables: &'a Tables,
    ) -> Result<Self, DbErr> {
        let mut reach = BTreeMap::new();
        for table in tables.names().filter(|table| tables.is_numbered(table)) {
            let most = format!("SELECT COALESCE(MAX(id), 0) FROM \"{table}\"");
            reach.insert(table, super::one(db, &most).await?);
        }
        Ok(Self {
            dialect,
            tables,
            reach,
        })
    }

    /// How far the numbers of a table reach in the original.
    pub(super) fn reach(&self, table: &str) -> i64 {
        self.reach.get(table).copied().unwrap_or(0)
    }

    /// Copies the rows of a table.
    pub(super) async fn copy<C: ConnectionTrait>(
        &self,
        db: &C,
        table: &str,
        how: &Move<'_>,
    ) -> Result<(), DbErr> {
        let columns = self.tables.columns(table);
        let names: Vec<String> = columns.iter().map(|one| quoted(&one.name)).collect();
        let values: Vec<String> = columns
            .iter()
            .map(|one| self.value(table, one, how))
            .collect();
        let mut sql = format!(
            "INSERT INTO \"{table}\" ({}) SELECT {} FROM \"{table}\" WHERE {}",
            names.join(", "),
            values.join(", "),
            self.original(table)
        );
        if let Some(only) = &how.only {
            sql += &format!(" AND {only}");
        }
        db.execute_unprepared(&sql).await?;
        Ok(())
    }

    /// What tells the rows of the original from their copies.
    fn original(&self, table: &str) -> String {
        let columns = self.tables.columns(table);
        let own = columns
            .iter()
            .find(|column| column.name == "id" && column.is_number());
        let points = |column: &&Column| self.tables.pointed(table, column).is_some();
        match own.or_else(|| columns.iter().find(points)) {
            Some(column) => {
                let to = self.tables.pointed(table, column).unwrap_or(table);
                format!("{} <= {}", quoted(&column.name), self.reach(to))
            }
            None => "1 = 1".into(),
        }
    }

    fn value(&self, table: &str, column: &Column, how: &Move<'_>) -> String {
        let name = quoted(&column.name);
        let is_moved = |to: &str| how.moved.is_none_or(|moved| moved.contains(&to));
        if let Some(to) = self.tables.pointed(table, column).filter(|to| is_moved(to)) {
            return format!("{name} + {}", how.times * self.reach(to));
        }
        if how.days > 0 && column.is_moment() {
            return self.dialect.earlier(&name, how.days);
        }
        if how.days > 0 && (table, column.name.as_str()) == ("helper_slot", "slot") {
            return format!("{name} - {}", how.days * SLOTS_A_DAY);
        }
        if ONCE.contains(&(table, column.name.as_str())) {
            return format!("{name} || '@{}'", how.times + 1);
        }
        name
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
