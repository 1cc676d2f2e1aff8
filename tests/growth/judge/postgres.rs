//! What PostgreSQL says to `EXPLAIN`: a tree. It chooses by what it counted, and would rather read a table whole that fits
//! into a few pages; so it is asked for its plan where it may do so only if there is no other way.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;

use super::{Extent, Judge, Plan, Read, words};

/// Rows from which it tells indexes of a table apart by what they cost.
const LARGE: i64 = 2_000;

pub(super) async fn judge(db: DatabaseConnection) -> Judge {
    for way in ["seqscan", "mergejoin", "hashjoin"] {
        let off = format!("SET enable_{way} = off");
        db.execute_unprepared(&off).await.unwrap();
    }
    db.execute_unprepared("ANALYZE").await.unwrap();
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r'";
    let large = format!("{tables} AND reltuples >= {LARGE}");
    let parts = "SELECT indexname::text FROM pg_indexes WHERE indexdef LIKE '% WHERE %'";
    Judge {
        tables: words(&db, tables).await,
        large: words(&db, &large).await,
        of_a_part: words(&db, parts).await,
        db,
    }
}

pub(super) async fn plan(judge: &Judge, asked: &Statement) -> Plan {
    let rows = judge
        .explained("EXPLAIN (FORMAT JSON, COSTS OFF)", asked)
        .await;
    let tree: Value = rows[0].try_get_by_index(0).unwrap();
    let mut plan = Plan {
        reads: Vec::new(),
        sorts: false,
    };
    look(&tree[0]["Plan"], None, &mut plan);
    let known = |read: &Read| judge.tables.contains(&read.table);
    assert!(plan.reads.iter().all(known), "{plan:?}");
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

fn extent(by: &str) -> Extent {
    match by {
        "" => Extent::All,
        _ if by.starts_with("(community_id = ") && !by.contains(" AND ") => Extent::Community,
        _ => Extent::Found,
    }
}
