//! When a resident died or moved away, when that was written down, and a count of the changes of a file.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            date_null("left_on"),
            timestamp_with_time_zone_null("left_at"),
            integer("version").default(1).take(),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table("resident")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("audit_resident_id")
                    .table("audit")
                    .col("resident_id")
                    .to_owned(),
            )
            .await
    }
}
