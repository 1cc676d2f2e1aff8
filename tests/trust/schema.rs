//! The tables of a PostgreSQL database as a program meets them, and what in a change of them a program of the release before
//! would not survive.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, QueryResult, Statement};

/// A column, as whoever writes to it meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    kind: String,
    must_be_given: bool,
    may_be_empty: bool,
}

/// A constraint, unique index, trigger or rule of a table: what it says, and the columns it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    table: String,
    says: String,
    about: Vec<String>,
}

/// All tables.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    columns: BTreeMap<(String, String), Column>,
    rules: BTreeSet<Rule>,
}

const COLUMNS: &str = "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, \
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '' \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped";

/// Constraints, unique indexes that are none, triggers and rules, each with the names of its columns; a trigger is about all. One
/// that runs afterwards and does nothing but count what changed (`edition`) is none.
const RULES: &str = "\
    SELECT c.relname, pg_get_constraintdef(k.oid), k.conkey, c.oid FROM pg_constraint k \
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' \
    UNION ALL \
    SELECT c.relname, regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ', 'INDEX '), \
        CASE WHEN 0 = ANY (i.indkey) THEN NULL ELSE i.indkey::int2[] END, c.oid FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'public' AND i.indisunique \
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) \
    UNION ALL \
    SELECT c.relname, pg_get_triggerdef(t.oid), NULL, c.oid FROM pg_trigger t \
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'public' AND NOT t.tgisinternal \
        AND NOT EXISTS (SELECT 1 FROM pg_proc p WHERE p.oid = t.tgfoid AND t.tgtype & 2 = 0 \
            AND p.prosrc LIKE ' BEGIN INSERT INTO edition %; RETURN NULL; END ' AND p.prosrc NOT LIKE '%RAISE%') \
    UNION ALL \
    SELECT r.tablename, r.definition, NULL, NULL FROM pg_rules r WHERE r.schemaname = 'public'";

impl Schema {
    /// The tables that are there now.
    pub async fn of<C: ConnectionTrait>(db: &C) -> Self {
        let mut schema = Self::default();
        for row in rows(db, COLUMNS).await {
            let text = |at| row.try_get_by_index::<String>(at).unwrap();
            let column = Column {
                kind: text(2),
                may_be_empty: row.try_get_by_index(3).unwrap(),
                must_be_given: row.try_get_by_index(4).unwrap(),
            };
            schema.columns.insert((text(0), text(1)), column);
        }
        let named = format!(
            "SELECT r.relname, r.pg_get_constraintdef, coalesce((SELECT string_agg(a.attname, ',' ORDER BY a.attname) \
             FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum = ANY (r.conkey)), '') FROM ({RULES}) r"
        );
        for row in rows(db, &named).await {
            let text = |at| row.try_get_by_index::<String>(at).unwrap();
            schema.rules.insert(Rule {
                table: text(0),
                says: text(1),
                about: text(2)
                    .split(',')
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
            });
        }
        schema
    }

    fn has_table(&self, table: &str) -> bool {
        self.columns.keys().any(|(known, _)| known == table)
    }

    /// What a program that was made for these tables would not survive in `after`, a sentence each.
    pub fn not_survived(&self, after: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for ((table, name), before) in &self.columns {
            match after.columns.get(&(table.clone(), name.clone())) {
                None => found.push(format!("{table}.{name} is gone")),
                Some(now) => {
                    if now.kind != before.kind {
                        found.push(format!(
                            "{table}.{name} was {} and is {}",
                            before.kind, now.kind
                        ));
                    }
                    if before.may_be_empty && !now.may_be_empty {
                        found.push(format!("{table}.{name} may no longer be empty"));
                    }
                    if !before.must_be_given && now.must_be_given {
                        found.push(format!("{table}.{name} must be given now"));
                    }
                }
            }
        }
        for ((table, name), now) in &after.columns {
            let is_new = !self.columns.contains_key(&(table.clone(), name.clone()));
            if is_new && self.has_table(table) && now.must_be_given {
                found.push(format!("{table}.{name} is new and must be given"));
            }
        }
        for rule in after.rules.difference(&self.rules) {
            // A rule about nothing but new columns is none for whoever does not know them.
            let about_new = !rule.about.is_empty()
                && rule.about.iter().all(|name| {
                    !self
                        .columns
                        .contains_key(&(rule.table.clone(), name.clone()))
                });
            if self.has_table(&rule.table) && !about_new {
                found.push(format!("{} is held to more: {}", rule.table, rule.says));
            }
        }
        found
    }
}

async fn rows<C: ConnectionTrait>(db: &C, ask: &str) -> Vec<QueryResult> {
    let ask = Statement::from_string(db.get_database_backend(), ask);
    db.query_all_raw(ask).await.unwrap()
}
