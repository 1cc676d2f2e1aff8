//! Makes the tables for who did what, and answers given before.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        audit(manager).await?;
        idempotency(manager).await?;
        Ok(())
    }
}

async fn audit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("audit")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer_null("account_id"))
                .col(string("what"))
                .col(big_integer("object_id"))
                .col(string("action"))
                .col(big_integer_null("visit_id"))
                .col(big_integer_null("resident_id"))
                .col(big_integer_null("helper_id"))
                .col(date_null("date"))
                .col(string_null("note"))
                .foreign_key(
                    ForeignKey::create()
                        .from("audit", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("audit_visit_id")
                .table("audit")
                .col("visit_id")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("audit_community_id_at")
                .table("audit")
                .col("community_id")
                .col("at")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn idempotency(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("idempotency")
                .col(big_integer("account_id"))
                .col(string("key"))
                .col(string("request_hash"))
                .col(integer("status"))
                .col(string("body"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("account_id").col("key"))
                .foreign_key(
                    ForeignKey::create()
                        .from("idempotency", "account_id")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idempotency_created_at")
                .table("idempotency")
                .col("created_at")
                .to_owned(),
        )
        .await?;
    Ok(())
}
