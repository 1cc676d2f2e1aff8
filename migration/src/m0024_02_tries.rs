//! Tries that failed, counted for all processes together, and from where accounts have been signed in to.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sign_in_try")
                    .col(string("id"))
                    .col(timestamp_with_time_zone("first_at"))
                    .col(integer("failed"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "sign_in_try", "first_at").await?;
        manager
            .create_table(
                Table::create()
                    .table("known_source")
                    .col(big_integer("account_id"))
                    .col(string("source"))
                    .col(timestamp_with_time_zone("last_at"))
                    .primary_key(Index::create().col("account_id").col("source"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("known_source", "account_id")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "known_source", "last_at").await
    }
}

async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .name(format!("{table}_{column}"))
                .table(table)
                .col(column)
                .to_owned(),
        )
        .await
}
