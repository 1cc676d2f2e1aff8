//! What SQLite says to `EXPLAIN QUERY PLAN`: a line for each table, `SCAN` where it reads all of it. It keeps no figures
//! about how much there is, so that it says the same of a small and of a large database.

use std::collections::BTreeSet;

use sea_orm::{DatabaseConnection, Statement};

use super::{Extent, Judge, Plan, Read, is_moment, words};

pub(super) async fn judge(db: DatabaseConnection) -> Judge {
    let tables = words(&db, "SELECT name FROM sqlite_master WHERE type = 'table'").await;
    let parts = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'";
    let indexes = "SELECT name FROM sqlite_master WHERE type = 'index'";
    Judge {
        large: tables.clone(),
        tables,
        told_apart: words(&db, indexes).await,
        of_a_part: words(&db, parts).await,
        db,
    }
}

pub(super) async fn plan(judge: &Judge, asked: &Statement) -> Plan {
    if asks_for_nobody(&asked.sql) {
        return Plan::default();
    }
    let lines: Vec<String> = judge
        .explained("EXPLAIN QUERY PLAN", asked)
        .await
        .iter()
        .map(|row| row.try_get_by_index(3).unwrap())
        .collect();
    // What only writes what it has found names the tables that may point to the new rows, and does not go there.
    let words = asked
        .sql
        .split_once("SELECT ")
        .filter(|_| asked.sql.starts_with("INSERT"));
    let sql = words.map_or(asked.sql.as_str(), |(_, words)| words);
    let named: BTreeSet<&str> = tokens(sql).collect();
    let reads = lines.iter().filter_map(|line| read(judge, sql, line));
    Plan {
        reads: reads
            .filter(|read| named.contains(read.table.as_str()) || !asked.sql.starts_with("INSERT"))
            .collect(),
        sorts: lines
            .iter()
            .any(|line| line.starts_with("USE TEMP B-TREE FOR ORDER BY")),
    }
}

/// A table that this line of a plan speaks of.
fn read(judge: &Judge, sql: &str, line: &str) -> Option<Read> {
    let (verb, rest) = line.split_once(' ')?;
    if !["SCAN", "SEARCH"].contains(&verb) {
        return None;
    }
    let name = rest.split(' ').next().unwrap_or_default();
    // What the statement brought along, or has found already.
    let found_already = format!(") AS \"{name}\"");
    if sql.contains(&found_already)
        || name.starts_with('(')
        || rest.contains("CONSTANT ROW")
        || rest.contains("VALUES CLAUSE")
    {
        return None;
    }
    let table = table(&judge.tables, sql, name).unwrap_or_else(|| panic!("{name}? {line}: {sql}"));
    let index = rest
        .split_once(" INDEX ")
        .and_then(|(_, rest)| rest.split(' ').next());
    Some(Read {
        table,
        index: index.map(str::to_owned),
        how: line.to_owned(),
        extent: if verb == "SCAN" {
            Extent::All
        } else {
            extent(line)
        },
    })
}

/// By what is looked for stands at the end: `(community_id=? AND starts_at<?)`.
fn extent(line: &str) -> Extent {
    let by = line
        .rsplit_once('(')
        .map_or("", |(_, by)| by.trim_end_matches(')'));
    let mut by = by.split(" AND ");
    if by.next() == Some("community_id=?")
        && by.all(|one| one.strip_suffix("<?").is_some_and(is_moment))
    {
        return Extent::Community;
    }
    Extent::Found
}

/// Whether it asks for the rows of an empty list, which is written `? = ?` with two numbers that differ. What names no table
/// is looked at before the first row, and then nothing is read.
fn asks_for_nobody(sql: &str) -> bool {
    let (mut outside, mut depth) = (String::new(), 0);
    for letter in sql.chars() {
        depth -= i32::from(letter == ')');
        if depth == 0 {
            outside.push(letter);
        }
        depth += i32::from(letter == '(');
    }
    let outside = outside.replace("? = ? OR ? = ?", "? = ?");
    let must = outside.contains(" WHERE ? = ?") || outside.contains(" AND ? = ?");
    must && !outside.contains(" OR ")
}

/// The table behind a name that perhaps only this statement gives it.
fn table(tables: &BTreeSet<String>, sql: &str, name: &str) -> Option<String> {
    if tables.contains(name) {
        return Some(name.to_owned());
    }
    let words: Vec<&str> = tokens(sql).filter(|word| *word != "AS").collect();
    let named = words
        .windows(2)
        .find(|pair| pair[1] == name && tables.contains(pair[0]));
    named.map(|pair| pair[0].to_owned())
}

fn tokens(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}
