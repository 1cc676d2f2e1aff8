//! A plan may cover several days: how many, one for every plan there is.

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
                    .table("plan")
                    .add_column(integer("days").default(1))
                    .to_owned(),
            )
            .await
    }
}
