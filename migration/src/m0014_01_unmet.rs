//! Makes the table of askings for which no time was found.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("unmet")
            .col(big_pk_auto("id"))
            .col(big_integer("community_id"))
            .col(big_integer("resident_id"))
            .col(big_integer("service_id"))
            .col(date("day"))
            .col(date("last_day"))
            .col(string_null("band"))
            .col(string("reason"))
            .col(string("channel"))
            .col(timestamp_with_time_zone("created_at"));
        for (column, other) in [
            ("community_id", "community"),
            ("resident_id", "resident"),
            ("service_id", "service"),
        ] {
            table.foreign_key(ForeignKey::create().from("unmet", column).to(other, "id"));
        }
        manager.create_table(table).await?;
        manager
            .create_index(
                Index::create()
                    .name("unmet_once")
                    .table("unmet")
                    .col("resident_id")
                    .col("service_id")
                    .col("day")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("unmet_community_id_day")
                    .table("unmet")
                    .col("community_id")
                    .col("day")
                    .to_owned(),
            )
            .await
    }
}
