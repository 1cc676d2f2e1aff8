//! Makes `edition`: a count of the changes to what a program keeps in memory of a community, so that it knows with one short
//! read whether it still holds. Triggers count, whoever changes the rows.
//!
//! `team` counts what seldom changes of what decides who can come: helpers and what they hold, hours, providers, prices, the
//! catalogue, homes. `times` counts everything else that does, and only on SQLite, whose one writer can count every visit at
//! no cost; on PostgreSQL all bookings of a community would have to take turns at the row.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables, and the community of a row.
const TEAM: [(&str, &str); 19] = [
    ("community", "{row}.id"),
    ("compound", "{row}.community_id"),
    ("building", "{row}.community_id"),
    ("household", "{row}.community_id"),
    ("skill", "{row}.community_id"),
    ("helper", "{row}.community_id"),
    ("helper_skill", OF_HELPER),
    ("credential", "{row}.community_id"),
    ("availability", "{row}.community_id"),
    ("availability_exception", "{row}.community_id"),
    ("leave", "{row}.community_id"),
    ("calendar_day", "{row}.community_id"),
    ("service", "{row}.community_id"),
    (
        "service_offer",
        "(SELECT s.community_id FROM service s WHERE s.id = {row}.service_id)",
    ),
    ("provider", "{row}.community_id"),
    ("provider_paper", OF_PROVIDER),
    ("provider_service", OF_PROVIDER),
    ("provider_price", OF_PROVIDER),
    ("consent", "{row}.community_id"),
];

const OF_HELPER: &str = "(SELECT h.community_id FROM helper h WHERE h.id = {row}.helper_id)";
const OF_PROVIDER: &str = "(SELECT p.community_id FROM provider p WHERE p.id = {row}.provider_id)";

/// The same for what is counted on SQLite alone.
const TIMES: [(&str, &str); 5] = [
    ("visit", "{row}.community_id"),
    ("assignment", "{row}.community_id"),
    ("resident", "{row}.community_id"),
    ("wish", "{row}.community_id"),
    ("absence", "{row}.community_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("edition")
                    .col(big_integer("community_id").primary_key())
                    .col(big_integer("team").default(0))
                    .col(big_integer("times").default(0))
                    .foreign_key(
                        ForeignKey::create()
                            .from("edition", "community_id")
                            .to("community", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        let statements = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => on_postgres(),
            _ => on_sqlite(),
        };
        for statement in statements {
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }
}

/// One more, for the communities that `chosen` selects.
fn count(counter: &str, chosen: &str) -> String {
    format!(
        "INSERT INTO edition (community_id, {counter}) {chosen} \
         ON CONFLICT (community_id) DO UPDATE SET {counter} = edition.{counter} + 1"
    )
}

fn on_sqlite() -> Vec<String> {
    let counted = TEAM.map(|of| ("team", of)).into_iter();
    counted
        .chain(TIMES.map(|of| ("times", of)))
        .flat_map(|(counter, (table, community))| {
            [("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")].map(|(event, row)| {
                let community = community.replace("{row}", row);
                // Where a row goes with what it belongs to, that was counted.
                let chosen = format!("SELECT {community}, 1 WHERE {community} IS NOT NULL");
                let one_more = count(counter, &chosen);
                format!(
                    "CREATE TRIGGER {table}_{event}_counted AFTER {event} ON {table} BEGIN {one_more}; END"
                )
            })
        })
        .collect()
}

/// A statement counts once, however many rows it changes.
fn on_postgres() -> Vec<String> {
    TEAM.into_iter()
        .flat_map(|(table, community)| {
            let community = community.replace("{row}", "changed");
            // In one order everywhere, so that two statements over several communities do not wait for each other.
            let chosen = format!(
                "SELECT places.id, 1 FROM (SELECT DISTINCT {community} AS id FROM changed) AS places \
                 WHERE places.id IS NOT NULL ORDER BY places.id"
            );
            let one_more = count("team", &chosen);
            let function = format!(
                "CREATE FUNCTION {table}_counted() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN {one_more}; RETURN NULL; END $$"
            );
            let triggers =
                [("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")].map(|(event, row)| {
                    format!(
                        "CREATE TRIGGER {table}_{event}_counted AFTER {event} ON {table} \
                         REFERENCING {row} TABLE AS changed \
                         FOR EACH STATEMENT EXECUTE FUNCTION {table}_counted()"
                    )
                });
            [function].into_iter().chain(triggers)
        })
        .collect()
}
