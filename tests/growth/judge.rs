//! How the database would find what it was asked for: the judge asks it to explain, and calls what is read from one end to
//! the other.

use std::collections::BTreeSet;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult,
    Statement,
};
use serde_json::Value;

/// Tables that hold a row for each community, or for what goes on at this moment: reading them whole is reading little.
const SMALL: [&str; 2] = ["community", "plan_search"];
/// Rows from which PostgreSQL is judged: below it reads whole what fits into a page or two, and rightly.
const LARGE: i64 = 2_000;

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
    /// Tables that may be read whole.
    small: BTreeSet<String>,
    /// Indexes of a part of a table: what they hold does not grow, or is all that was asked for.
    of_a_part: Vec<String>,
}

impl Judge {
    pub async fn open(url: &str) -> Self {
        let path = url.strip_prefix("sqlite:");
        let url = path.map_or_else(|| url.to_owned(), |path| format!("sqlite://{path}"));
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.unwrap();
        let mut small: BTreeSet<String> = SMALL.map(str::to_owned).into();
        let of_a_part = match db.get_database_backend() {
            DbBackend::Postgres => {
                // As if each way were cheap but to read everything.
                for way in ["seqscan", "mergejoin", "hashjoin"] {
                    let off = format!("SET enable_{way} = off");
                    db.execute_unprepared(&off).await.unwrap();
                }
                let few = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples <";
                small.extend(words(&db, &format!("{few} {LARGE}")).await);
                words(
                    &db,
                    "SELECT indexname::text FROM pg_indexes WHERE indexdef LIKE '% WHERE %'",
                )
                .await
            }
            _ => {
                words(
                    &db,
                    "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
                )
                .await
            }
        };
        Self {
            db,
            small,
            of_a_part,
        }
    }

    /// Which of these statements read a large table whole.
    pub async fn whole(&self, asked: &[Statement]) -> Vec<Whole> {
        let mut found = Vec::new();
        for one in asked.iter().filter(|one| may_read(&one.sql)) {
            let all = match self.db.get_database_backend() {
                DbBackend::Postgres => self.by_postgres(one).await,
                _ => self.by_sqlite(one).await,
            };
            let large = |(table, _): &(String, String)| !self.small.contains(table);
            found.extend(all.into_iter().filter(large).map(|(table, how)| Whole {
                table,
                how,
                sql: one.sql.clone(),
            }));
        }
        found
    }

    /// The indexes by which these statements would be answered.
    pub async fn used(&self, asked: &[Statement]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for one in asked.iter().filter(|one| reads(&one.sql)) {
            match self.db.get_database_backend() {
                DbBackend::Postgres => of_plan(&self.plan(one).await, &mut names),
                _ => {
                    for row in self.explained("EXPLAIN QUERY PLAN", one).await {
                        let how: String = row.try_get_by_index(3).unwrap();
                        let name = how.split_once(" INDEX ").map(|(_, rest)| rest);
                        names.extend(
                            name.and_then(|rest| rest.split(' ').next())
                                .map(str::to_owned),
                        );
                    }
                }
            }
        }
        names
    }

    async fn plan(&self, asked: &Statement) -> Value {
        let rows = self
            .explained("EXPLAIN (FORMAT JSON, COSTS OFF)", asked)
            .await;
        let plan: Value = rows[0].try_get_by_index(0).unwrap();
        plan[0]["Plan"].clone()
    }

    async fn explained(&self, words: &str, asked: &Statement) -> Vec<QueryResult> {
        let mut explain = asked.clone();
        explain.sql = format!("{words} {}", asked.sql);
        match self.db.query_all_raw(explain).await {
            Ok(rows) => rows,
            Err(error) => panic!("{error}: {}", asked.sql),
        }
    }

    async fn by_sqlite(&self, asked: &Statement) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for row in self.explained("EXPLAIN QUERY PLAN", asked).await {
            let how: String = row.try_get_by_index(3).unwrap();
            let mut words = how.split_whitespace();
            let (verb, table) = (words.next(), words.next().unwrap_or_default());
            let table = named(&asked.sql, table);
            let is_table = !table.starts_with('(') && !how.contains("CONSTANT ROW");
            let all_days =
                how.ends_with("(community_id=?)") && self.grows(&table, &how, &asked.sql);
            if is_table && (verb == Some("SCAN") || (verb == Some("SEARCH") && all_days)) {
                found.push((table, how));
            }
        }
        found
    }

    async fn by_postgres(&self, asked: &Statement) -> Vec<(String, String)> {
        let mut found = Vec::new();
        self.visit(&self.plan(asked).await, &asked.sql, &mut found);
        found
    }

    fn visit(&self, node: &Value, sql: &str, found: &mut Vec<(String, String)>) {
        let word = |name: &str| node[name].as_str().unwrap_or_default();
        let (kind, table, by) = (word("Node Type"), word("Relation Name"), word("Index Cond"));
        let how = format!("{kind} {} {by}", word("Index Name"));
        let all = kind == "Seq Scan" || (kind.starts_with("Index") && by.is_empty());
        let of_all_days = by.starts_with("(community_id = ") && !by.contains(" AND ");
        if all || (kind.starts_with("Index") && of_all_days && self.grows(table, &how, sql)) {
            found.push((table.to_owned(), how));
        }
        for below in node["Plans"].as_array().into_iter().flatten() {
            self.visit(below, sql, found);
        }
    }

    /// Whether what is read of a table this way grows by the day.
    fn grows(&self, table: &str, how: &str, sql: &str) -> bool {
        let of_a_part = self
            .of_a_part
            .iter()
            .any(|index| how.contains(index.as_str()));
        GROWS_DAILY.contains(&table) && !of_a_part && !sql.contains(" LIMIT ")
    }
}

fn of_plan(node: &Value, names: &mut BTreeSet<String>) {
    names.extend(node["Index Name"].as_str().map(str::to_owned));
    for below in node["Plans"].as_array().into_iter().flatten() {
        of_plan(below, names);
    }
}

async fn words(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let asked = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(asked).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

fn reads(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    ["SELECT", "UPDATE", "DELETE", "INSERT", "WITH"].contains(&word)
}

/// Whether a statement reads, and more than the first rows in the order of their key. Where it asks for nobody of an empty
/// list (`? = ?`) it reads nothing, which SQLite does not say.
fn may_read(sql: &str) -> bool {
    let first_rows = sql.contains(" LIMIT ") && !sql.contains(" WHERE ");
    reads(sql) && !first_rows && !sql.contains("? = ?")
}

/// The table behind a name that only this statement gives it.
fn named(sql: &str, name: &str) -> String {
    for known in [format!("\" AS \"{name}\""), format!(" {name} ")] {
        let Some((before, _)) = sql.split_once(&known) else {
            continue;
        };
        let last = before
            .rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next();
        if let Some(table) =
            last.filter(|table| !["AS", "FROM", "JOIN", "UPDATE", "INTO", ""].contains(table))
        {
            return table.to_owned();
        }
    }
    name.to_owned()
}
