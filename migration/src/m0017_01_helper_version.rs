//! Counts the changes of a helper's file, so that two who mend it at once do not undo each other unseen.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("helper")
                    .add_column(integer("version").default(0))
                    .to_owned(),
            )
            .await
    }
}
