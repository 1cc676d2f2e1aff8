//! Every few seconds it is looked which dates of series still wait for somebody: an index of those alone.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                r#"CREATE INDEX "series_date_waiting" ON "series_date" ("start") WHERE NOT "matched""#,
            )
            .await?;
        Ok(())
    }
}
