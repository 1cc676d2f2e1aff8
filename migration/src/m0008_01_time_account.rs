//! Makes the tables of the time bank. An entry names both accounts, so it cannot be unbalanced; triggers refuse to edit one or to
//! take it away, and a check refuses a balance below zero.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        accounts(manager).await?;
        entries(manager).await?;
        let grows_only = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => ON_POSTGRES,
            _ => ON_SQLITE,
        };
        for statement in grows_only {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}

/// The community's own accounts, one of each kind.
const ONE_OF_EACH: &str = "CREATE UNIQUE INDEX time_account_common ON time_account (community_id, holder) \
     WHERE helper_id IS NULL AND resident_id IS NULL";

const ON_SQLITE: &[&str] = &[
    ONE_OF_EACH,
    "CREATE TRIGGER time_entry_not_edited BEFORE UPDATE ON time_entry \
     BEGIN SELECT RAISE(ABORT, 'the time bank only grows'); END",
    "CREATE TRIGGER time_entry_not_taken_away BEFORE DELETE ON time_entry \
     BEGIN SELECT RAISE(ABORT, 'the time bank only grows'); END",
];

const ON_POSTGRES: &[&str] = &[
    ONE_OF_EACH,
    "CREATE FUNCTION time_bank_only_grows() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the time bank only grows'; END $$",
    "CREATE TRIGGER time_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON time_entry \
     FOR EACH STATEMENT EXECUTE FUNCTION time_bank_only_grows()",
];

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("time_account")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("holder"))
                .col(big_integer_null("helper_id").unique_key())
                .col(big_integer_null("resident_id").unique_key())
                .col(big_integer("balance_min"))
                .check(Expr::cust("balance_min >= 0 OR holder = 'earned'"))
                .check(Expr::cust(
                    "(holder = 'helper') = (helper_id IS NOT NULL) AND (holder = 'resident') = (resident_id IS NOT NULL)",
                ))
                .foreign_key(ForeignKey::create().from("time_account", "community_id").to("community", "id"))
                .foreign_key(ForeignKey::create().from("time_account", "helper_id").to("helper", "id"))
                .foreign_key(ForeignKey::create().from("time_account", "resident_id").to("resident", "id"))
                .to_owned(),
        )
        .await
}

async fn entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("time_entry")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("kind"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer("from_account_id"))
                .col(big_integer("to_account_id"))
                .col(big_integer("minutes"))
                .col(big_integer("from_after_min"))
                .col(big_integer("to_after_min"))
                .col(big_integer_null("visit_id"))
                .col(big_integer_null("reverses_id").unique_key())
                .col(string_null("once").unique_key())
                .col(string_null("reason"))
                .col(big_integer_null("by"))
                .check(Expr::cust("minutes > 0"))
                .check(Expr::cust("from_account_id <> to_account_id"))
                .check(Expr::cust(
                    "(kind = 'reversal') = (reverses_id IS NOT NULL)",
                ))
                .foreign_key(
                    ForeignKey::create()
                        .from("time_entry", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("time_entry", "from_account_id")
                        .to("time_account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("time_entry", "to_account_id")
                        .to("time_account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("time_entry", "visit_id")
                        .to("visit", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("time_entry", "reverses_id")
                        .to("time_entry", "id"),
                )
                .to_owned(),
        )
        .await?;
    for side in ["from_account_id", "to_account_id", "visit_id"] {
        manager
            .create_index(
                Index::create()
                    .name(format!("time_entry_{side}"))
                    .table("time_entry")
                    .col(side)
                    .col("id")
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}
