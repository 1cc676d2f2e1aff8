//! Makes the table of the nights in which what was kept long enough was let go.

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
                    .table("retention_night")
                    .col(big_integer("community_id"))
                    .col(date("night"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .col(json_null("gone"))
                    // One row a night: whichever process writes it does the night's work.
                    .primary_key(Index::create().col("community_id").col("night"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("retention_night", "community_id")
                            .to("community", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
