//! How the database would find what it was asked for: the judge asks it to explain, and calls what is read from one end to
//! the other.

mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult,
    Statement,
};

/// Tables that hold a row for each community, or for what goes on at this moment: reading them whole is reading little.
const SMALL: [&str; 2] = ["community", "plan_search"];

/// Tables to which every day adds rows: whoever asks for all of a community's reads more from year to year.
const GROWS_DAILY: [&str; 16] = [
    "access_log",
    "assignment",
    "audit",
    "booking",
    "call",
    "callback",
    "change_request",
    "check_call",
    "lapse",
    "outbox",
    "payment_line",
    "rating",
    "station_signup",
    "time_entry",
    "visit",
    "unmet",
];

/// Indexes of what waits at this moment, in all communities together. A row leaves them when it is sent or matched, so that
/// they never hold much, and whoever reads one whole reads what was asked for.
const WAITING: [&str; 3] = [
    "outbox_account_id_kind",
    "outbox_due_at",
    "series_date_waiting",
];

/// How one table is read for a statement.
#[derive(Debug)]
struct Read {
    table: String,
    index: Option<String>,
    /// In the database's words.
    how: String,
    extent: Extent,
}

/// How much of a table, or of an index, is gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    All,
    /// What belongs to a community, all of it or from the first day on.
    Community,
    /// No more than was asked for.
    Found,
}

/// What a database says that it would do for a statement.
#[derive(Debug, Default)]
struct Plan {
    reads: Vec<Read>,
    /// Everything found is put in order before the first is given.
    sorts: bool,
}

/// A statement that reads a table from one end to the other.
#[derive(Debug)]
pub struct Whole {
    pub table: String,
    /// What the database says that it would do.
    pub how: String,
    pub sql: String,
}

/// A grown database, asked how it would find things.
pub struct Judge {
    pub db: DatabaseConnection,
    tables: BTreeSet<String>,
    /// Tables that hold enough for the database to tell one way to their rows from another.
    large: BTreeSet<String>,
    /// The indexes of these.
    told_apart: BTreeSet<String>,
    /// Indexes of a part of a table: what they hold of a community does not grow, or is what was asked for.
    of_a_part: BTreeSet<String>,
}

impl Judge {
    /// Opens the grown database at this address.
    pub async fn open(url: &str) -> Self {
        let path = url.strip_prefix("sqlite:");
        let url = path.map_or_else(|| url.to_owned(), |path| format!("sqlite://{path}"));
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.unwrap();
        if db.get_database_backend() == DbBackend::Postgres {
            return postgres::judge(db).await;
        }
        sqlite::judge(db).await
    }

    /// Which of these statements read a large table whole.
    pub async fn whole(&self, asked: &[Statement]) -> Vec<Whole> {
        let mut found = Vec::new();
        for one in asked.iter().filter(|one| reads(&one.sql)) {
            let plan = self.plan(one).await;
            let called = plan.reads.iter().filter(|read| {
                let few = is_first_rows(&one.sql) && !plan.sorts;
                self.is_too_much(read, few, &one.sql)
            });
            found.extend(called.map(|read| Whole {
                table: read.table.clone(),
                how: read.how.clone(),
                sql: one.sql.clone(),
            }));
        }
        found
    }

    /// Those of these indexes by which none of these statements would be answered.
    pub async fn unused(
        &self,
        indexes: impl Iterator<Item = String>,
        asked: &[Statement],
    ) -> Vec<String> {
        let mut used = BTreeSet::new();
        for one in asked.iter().filter(|one| reads(&one.sql)) {
            let plan = self.plan(one).await;
            used.extend(plan.reads.into_iter().filter_map(|read| read.index));
        }
        let unused = indexes.filter(|index| self.told_apart.contains(index));
        unused.filter(|index| !used.contains(index)).collect()
    }

    /// What would be read whole without this index of the table.
    pub async fn without(&self, table: &str, index: &str, asked: &[Statement]) -> Vec<Whole> {
        let named = format!("\"{table}\"");
        let about: Vec<Statement> = asked
            .iter()
            .filter(|one| one.sql.contains(&named))
            .cloned()
            .collect();
        let drop = format!("BEGIN; DROP INDEX \"{index}\"");
        self.db.execute_unprepared(&drop).await.unwrap();
        let mut found = self.whole(&about).await;
        self.db.execute_unprepared("ROLLBACK").await.unwrap();
        found.retain(|one| one.table == table);
        found
    }

    /// Whether this reads more than was asked for. `few`: the first rows as they come are enough.
    fn is_too_much(&self, read: &Read, few: bool, sql: &str) -> bool {
        let index = read.index.as_deref().unwrap_or_default();
        if SMALL.contains(&read.table.as_str()) || WAITING.contains(&index) {
            return false;
        }
        match read.extent {
            // Where there is a condition, whatever does not meet it is passed over.
            Extent::All => !few || sql.contains(" WHERE "),
            Extent::Community => {
                let grows = GROWS_DAILY.contains(&read.table.as_str());
                grows && self.large.contains(&read.table) && !few && !self.of_a_part.contains(index)
            }
            Extent::Found => false,
        }
    }

    async fn plan(&self, asked: &Statement) -> Plan {
        match self.db.get_database_backend() {
            DbBackend::Postgres => postgres::plan(self, asked).await,
            _ => sqlite::plan(self, asked).await,
        }
    }

    async fn explained(&self, words: &str, asked: &Statement) -> Vec<QueryResult> {
        let mut explain = asked.clone();
        explain.sql = format!("{words} {}", asked.sql);
        match self.db.query_all_raw(explain).await {
            Ok(rows) => rows,
            Err(error) => panic!("{error}: {}", asked.sql),
        }
    }
}

/// Whether a statement reads. What only writes rows that it brings along names tables nevertheless: SQLite looks whether
/// rows wait for the new one, and goes to no table unless some do.
fn reads(sql: &str) -> bool {
    match sql.split_whitespace().next().unwrap_or_default() {
        "SELECT" | "UPDATE" | "DELETE" | "WITH" => true,
        "INSERT" => sql.contains("SELECT "),
        _ => false,
    }
}

/// Whether this column says when: of what lies before a moment there is more from day to day.
fn is_moment(column: &str) -> bool {
    column == "at"
        || ["_at", "_on", "date"]
            .iter()
            .any(|end| column.ends_with(end))
}

/// Whether it asks for a few rows and no more.
fn is_first_rows(sql: &str) -> bool {
    sql.contains(" LIMIT ")
}

/// The first column of what is found.
async fn words(db: &DatabaseConnection, sql: &str) -> BTreeSet<String> {
    let asked = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(asked).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}
