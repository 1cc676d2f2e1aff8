//! Lets a voucher that was given by mistake be withdrawn. Withdrawing sets its last day to one that is over, so that the previous
//! release, which knows nothing of it, refuses it as well.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            timestamp_with_time_zone_null("withdrawn_at"),
            big_integer_null("withdrawn_by"),
            string_null("withdrawn_why"),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table("voucher")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
