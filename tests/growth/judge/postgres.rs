//! What PostgreSQL says to `EXPLAIN`: a tree. It chooses by what it counted, and would rather read a table whole that fits
//! into a few pages; so it is asked for its plan where it may do so only if there is no other way. Which index of a small
//! table it would take is no news either, and not looked at.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;

use super::{Extent, Judge, Plan, Read, is_moment, words};

/// Rows from which it tells indexes of a table apart by what they cost.
const LARGE: i64 = 1_000;

pub(super) async fn judge(db: DatabaseConnection) -> Judge {
    for way in ["seqscan", "mergejoin", "hashjoin"] {
        let off = format!("SET enable_{way} = off");
        db.execute_unprepared(&off).await.unwrap();
    }
    db.execute_unprepared("ANALYZE").await.unwrap();
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r'";
    let large = format!("{tables} AND reltuples >= {LARGE}");
    let parts = "SELECT indexname::text FROM pg_indexes WHERE indexdef LIKE '% WHERE %'";
    let indexes = format!("SELECT indexname::text FROM pg_indexes WHERE tablename IN ({large})");
    Judge {
        tables: words(&db, tables).await,
        large: words(&db, &large).await,
        told_apart: words(&db, &indexes).await,
        of_a_part: words(&db, parts).await,
        db,
    }
}

pub(super) async fn plan(judge: &Judge, asked: &Statement) -> Plan {
    let rows = judge
        .explained("EXPLAIN (FORMAT JSON, COSTS OFF)", asked)
        .await;
    let tree: Value = rows[0].try_get_by_index(0).unwrap();
    let mut plan = Plan::default();
    look(&tree[0]["Plan"], None, &mut plan);
    // Of a table in which next to nothing stands, one index is as good as another, wanted or not: that it has one which is
    // wanted is what SQLite tells.
    plan.reads
        .retain(|read| read.index.is_none() || judge.large.contains(&read.table));
    plan
}

/// Looks at a node and at all below it. `of`: the table for which the indexes below are read.
fn look(node: &Value, of: Option<&str>, plan: &mut Plan) {
    let word = |name: &str| node[name].as_str();
    let kind = word("Node Type").unwrap_or_default();
    let by = word("Index Cond").unwrap_or_default();
    let table = word("Relation Name").or(of);
    plan.sorts |= kind == "Sort";
    let extent = match kind {
        "Seq Scan" => Some(Extent::All),
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => Some(extent(by)),
        _ => None,
    };
    if let (Some(extent), Some(table)) = (extent, table) {
        let index = word("Index Name");
        plan.reads.push(Read {
            table: table.to_owned(),
            index: index.map(str::to_owned),
            how: format!("{kind} {} {by}", index.unwrap_or_default()),
            extent,
        });
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        look(below, table.filter(|_| kind.starts_with("Bitmap")), plan);
    }
}

/// By what is looked for: `((community_id = 1) AND (starts_at < '…'))`.
fn extent(by: &str) -> Extent {
    if by.is_empty() {
        return Extent::All;
    }
    let mut by = by.split(" AND ").map(|one| one.trim_matches(['(', ')']));
    let of_community = by
        .next()
        .is_some_and(|one| one.starts_with("community_id = "));
    if of_community && by.all(is_before) {
        return Extent::Community;
    }
    Extent::Found
}

fn is_before(condition: &str) -> bool {
    let mut words = condition.split(' ');
    words.next().is_some_and(is_moment) && words.next().is_some_and(|sign| sign.starts_with('<'))
}
