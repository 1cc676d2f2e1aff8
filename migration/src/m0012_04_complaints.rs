//! Makes the tables of complaints: how each stands, and its timeline.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        complaint(manager).await?;
        complaint_step(manager).await
    }
}

async fn complaint(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("complaint")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer_null("resident_id"))
        .col(big_integer_null("visit_id"))
        .col(big_integer_null("helper_id"))
        .col(big_integer_null("provider_id"))
        .col(string("channel"))
        .col(big_integer("taken_by"))
        .col(string("what"))
        .col(string("state"))
        .col(string_null("responsible"))
        .col(string_null("correction"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(integer("version"));
    for (column, other) in [
        ("community_id", "community"),
        ("resident_id", "resident"),
        ("visit_id", "visit"),
        ("helper_id", "helper"),
        ("provider_id", "provider"),
        ("taken_by", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("complaint", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("complaint_community_id_state")
                .table("complaint")
                .col("community_id")
                .col("state")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("complaint_provider_id_created_at")
                .table("complaint")
                .col("provider_id")
                .col("created_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("complaint_resident_id")
                .table("complaint")
                .col("resident_id")
                .to_owned(),
        )
        .await
}

async fn complaint_step(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("complaint_step")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("complaint_id"))
        .col(integer("version"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("account_id"))
        .col(boolean("on_behalf"))
        .col(string("action"))
        .col(string_null("note"));
    for (column, other) in [
        ("community_id", "community"),
        ("complaint_id", "complaint"),
        ("account_id", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("complaint_step", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("complaint_step_complaint_id_version")
                .table("complaint_step")
                .col("complaint_id")
                .col("version")
                .unique()
                .to_owned(),
        )
        .await
}
