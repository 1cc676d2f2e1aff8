//! What was waived stands beside what the line took of it: where hours pay the whole price the line takes nothing, and the
//! decision has to be there when the hours are taken back.

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
                    .table("payment_line")
                    .add_column(big_integer_null("value_fen"))
                    .to_owned(),
            )
            .await
    }
}
