//! How care is watched over: when a visit is late, after how many days somebody is rung, until when a complaint is answered.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite adds no more at a time.
        for (column, preset) in [
            ("late_after_min", 10),
            ("unseen_days", 7),
            ("complaint_days", 3),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table("community")
                        .add_column(integer(column).default(preset))
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("resident_living_last_seen_at")
                    .table("resident")
                    .col("living")
                    .col("last_seen_at")
                    .to_owned(),
            )
            .await
    }
}
