//! Makes the indexes that a hundred communities and many years need: each is there for statements that would otherwise read
//! a table from one end to the other.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, columns, and which rows where not all.
const INDEXES: &[(&str, &str, &str)] = &[
    // Who and what belongs to a community.
    ("account", "community_id, name, id", ""),
    ("compound", "community_id", ""),
    ("grid", "community_id", ""),
    ("helper", "provider_id", ""),
    ("household", "building_id", ""),
    ("provider", "community_id", ""),
    ("voucher", "community_id, id", ""),
    // What the office has before it.
    ("visit", "community_id, state, starts_at", ""),
    (
        "visit",
        "community_id, problem_at",
        "problem_at IS NOT NULL",
    ),
    ("callback", "community_id, due_at, id", "done_at IS NULL"),
    (
        "rating",
        "community_id, score, given_at",
        "answered_at IS NULL",
    ),
    ("absence", "community_id, from_date", "withdrawn_at IS NULL"),
    ("availability", "community_id", ""),
    ("availability_exception", "community_id, date", ""),
    ("credential", "community_id, valid_until", ""),
    ("leave", "community_id, to_date", ""),
    ("time_account", "community_id, id", ""),
    ("visit", "community_id, created_at", ""),
    // What the nights let go: only rows that still hold something.
    ("absence", "community_id, back_on", "note IS NOT NULL"),
    ("access_log", "community_id, at", ""),
    ("audit", "community_id, at, id", "note IS NOT NULL"),
    ("booking", "community_id, created_at", "note IS NOT NULL"),
    (
        "call",
        "community_id, started_at",
        "(number IS NOT NULL OR note IS NOT NULL)",
    ),
    ("callback", "community_id, done_at", "note <> '—'"),
    ("change_request", "community_id, answered_at", "note <> '—'"),
    (
        "check_call",
        "community_id, done_at, id",
        "note IS NOT NULL",
    ),
    ("complaint", "community_id, closed_at", ""),
    ("complaint_step", "community_id, at", "note IS NOT NULL"),
    ("help_request", "community_id, closed_at", ""),
    ("help_step", "community_id, at", "note IS NOT NULL"),
    ("one_time_link", "community_id, expires_at", ""),
    (
        "outbox",
        "community_id, dropped_at",
        "dropped_at IS NOT NULL",
    ),
    ("outbox", "community_id, sent_at", "sent_at IS NOT NULL"),
    ("rating", "community_id, given_at", "words IS NOT NULL"),
    ("rating_link", "community_id, expires_at", ""),
    ("resident", "community_id, left_on", "left_on IS NOT NULL"),
    (
        "visit",
        "community_id, ends_at",
        "(finish_note IS NOT NULL OR problem_note IS NOT NULL)",
    ),
    // What is asked of one person or one thing.
    ("audit", "object_id, id", "what = 'provider'"),
    (
        "callback",
        "household_id, due_at",
        "household_id IS NOT NULL",
    ),
    ("grid", "officer_id", ""),
    (
        "outbox",
        "account_id, kind",
        "sent_at IS NULL AND dropped_at IS NULL",
    ),
    ("provider_price", "service_id", ""),
    ("station_session", "provider_id, starts_at", ""),
    // What the program looks for by itself, in all communities together.
    ("roll_import", "created_at", ""),
    ("roll_import", "state, heard_at", ""),
    ("series", "state, id", ""),
    ("call", "resident_id", "resident_id IS NOT NULL"),
    ("callback", "resident_id", "resident_id IS NOT NULL"),
    // Letters that wait: few, beside all those that are gone.
    ("outbox", "due_at", "sent_at IS NULL AND dropped_at IS NULL"),
];

/// The names of the indexes.
pub(crate) fn names() -> impl Iterator<Item = String> {
    INDEXES
        .iter()
        .map(|(table, columns, _)| format!("{table}_{}", columns.replace(", ", "_")))
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for ((table, columns, only), name) in INDEXES.iter().zip(names()) {
            let mut sql = format!("CREATE INDEX \"{name}\" ON \"{table}\" ({columns})");
            if !only.is_empty() {
                sql += &format!(" WHERE {only}");
            }
            db.execute_unprepared(&sql).await?;
        }
        // The letters that wait are found by the last of these.
        db.execute_unprepared("DROP INDEX \"outbox_sent_at_due_at\"")
            .await?;
        Ok(())
    }
}
