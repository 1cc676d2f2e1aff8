//! Makes the tables of help requests: how each stands, its timeline, who is responsible, and how long it may take.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        help_request(manager).await?;
        help_step(manager).await?;
        help_contact(manager).await?;
        help_limit(manager).await
    }
}

async fn help_request(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("help_request")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("grid_id"))
        .col(big_integer_null("resident_id"))
        .col(string_null("place"))
        .col(string("kind"))
        .col(string("level"))
        .col(string("channel"))
        .col(big_integer("asked_by"))
        .col(string("what"))
        .col(string_null("phone"))
        .col(string("state"))
        .col(string("tier"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(timestamp_with_time_zone_null("late_since"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(integer("version"));
    for (column, other) in [
        ("community_id", "community"),
        ("grid_id", "grid"),
        ("resident_id", "resident"),
        ("asked_by", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("help_request", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    for columns in [
        ["community_id", "state"],
        ["resident_id", "created_at"],
        ["due_at", "state"],
    ] {
        manager
            .create_index(
                Index::create()
                    .name(format!("help_request_{}_{}", columns[0], columns[1]))
                    .table("help_request")
                    .col(columns[0])
                    .col(columns[1])
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}

async fn help_step(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("help_step")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("help_request_id"))
        .col(integer("version"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer_null("account_id"))
        .col(boolean("on_behalf"))
        .col(string("action"))
        .col(string("tier"))
        .col(string_null("note"));
    for (column, other) in [
        ("community_id", "community"),
        ("help_request_id", "help_request"),
        ("account_id", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("help_step", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("help_step_help_request_id_version")
                .table("help_step")
                .col("help_request_id")
                .col("version")
                .unique()
                .to_owned(),
        )
        .await
}

async fn help_contact(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("help_contact")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(string("tier"))
        .col(string_null("kind"))
        .col(big_integer_null("grid_id"))
        .col(string("covers"))
        .col(string("name"))
        .col(string("phone"))
        .col(string_null("email"));
    for (column, other) in [("community_id", "community"), ("grid_id", "grid")] {
        table.foreign_key(
            ForeignKey::create()
                .from("help_contact", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("help_contact_community_id_covers")
                .table("help_contact")
                .col("community_id")
                .col("covers")
                .unique()
                .to_owned(),
        )
        .await
}

async fn help_limit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("help_limit")
                .col(big_integer("community_id"))
                .col(string("kind"))
                .col(string("level"))
                .col(integer("respond_min"))
                .col(integer("handle_min"))
                .col(integer("report_min"))
                .primary_key(Index::create().col("community_id").col("kind").col("level"))
                .foreign_key(
                    ForeignKey::create()
                        .from("help_limit", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await
}
