//! The tables as they are in the database, and which column points to which.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::dialect::Dialect;

/// Tables whose rows belong to the database and not to a community, and the one that triggers fill while rows are copied.
const NOT_COPIED: [&str; 3] = ["edition", "seaql_migrations", "sign_in_try"];

/// Columns that do not carry the name of the table they point to.
const POINTS: &[(&str, &str)] = &[
    ("clerk_id", "account"),
    ("officer_id", "account"),
    ("home_id", "household"),
    ("room_id", "station_room"),
    ("session_id", "station_session"),
    ("signup_id", "station_signup"),
    ("sheet_id", "panel_sheet"),
    ("entry_id", "time_entry"),
    ("reverses_id", "time_entry"),
    ("from_account_id", "time_account"),
    ("to_account_id", "time_account"),
    ("first_id", "visit"),
    ("second_id", "visit"),
    ("one_id", "resident"),
    ("other_id", "resident"),
    ("match_id", "resident"),
    ("import_id", "roll_import"),
    ("paper_id", "provider_paper"),
];

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    /// The type as the database calls it.
    pub kind: String,
}

impl Column {
    pub(super) fn is_moment(&self) -> bool {
        self.kind.contains("timestamp")
    }

    pub(super) fn is_number(&self) -> bool {
        self.kind.contains("int")
    }
}

/// All tables with their columns.
#[derive(Clone, Debug)]
pub(super) struct Tables(BTreeMap<String, Vec<Column>>);

impl Tables {
    pub(super) async fn read<C: ConnectionTrait>(db: &C, dialect: Dialect) -> Result<Self, DbErr> {
        let sql = match dialect {
            Dialect::Sqlite => {
                "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
            }
            Dialect::Postgres => {
                "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            }
        };
        let asked = Statement::from_string(db.get_database_backend(), sql);
        let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for row in db.query_all_raw(asked).await? {
            let table: String = row.try_get_by_index(0)?;
            if NOT_COPIED.contains(&table.as_str()) {
                continue;
            }
            let (name, kind) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            tables.entry(table).or_default().push(Column { name, kind });
        }
        Ok(Self(tables))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn columns(&self, table: &str) -> &[Column] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether its rows have a number of their own.
    pub(super) fn is_numbered(&self, table: &str) -> bool {
        self.columns(table)
            .iter()
            .any(|column| column.name == "id" && column.is_number())
    }

    /// The table to whose rows a column points.
    pub(super) fn pointed<'a>(&'a self, table: &'a str, column: &Column) -> Option<&'a str> {
        if !column.is_number() {
            return None;
        }
        let name = column.name.as_str();
        if name == "id" {
            return Some(table);
        }
        if name == "by" || name.ends_with("_by") {
            return Some("account");
        }
        if let Some((_, to)) = POINTS.iter().find(|(known, _)| *known == name) {
            return Some(to);
        }
        let mut rest = name.strip_suffix("_id")?;
        // `wish_helper_id` points to a helper.
        loop {
            if let Some((known, _)) = self.0.get_key_value(rest) {
                return Some(known);
            }
            rest = rest.split_once('_')?.1;
        }
    }

    /// Tells PostgreSQL from where to number on.
    pub(super) async fn count_on<C: ConnectionTrait>(&self, db: &C) -> Result<(), DbErr> {
        for table in self.names().filter(|table| self.is_numbered(table)) {
            db.execute_unprepared(&format!(
                "SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), max(id)) FROM \"{table}\" HAVING max(id) > 0"
            ))
            .await?;
        }
        Ok(())
    }
}
