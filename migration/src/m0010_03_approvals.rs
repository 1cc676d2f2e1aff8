//! Makes the table of approvals: the database itself refuses the same person twice, and a third.

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
                    .table("provider_approval")
                    .col(big_integer("provider_id"))
                    .col(integer("round"))
                    .col(big_integer("account_id"))
                    .col(integer("place"))
                    .col(timestamp_with_time_zone("at"))
                    .primary_key(
                        Index::create()
                            .col("provider_id")
                            .col("round")
                            .col("account_id"),
                    )
                    .check(Expr::cust("place IN (1, 2)"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_approval", "provider_id")
                            .to("provider", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_approval", "account_id")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("provider_approval_place")
                    .table("provider_approval")
                    .col("provider_id")
                    .col("round")
                    .col("place")
                    .unique()
                    .to_owned(),
            )
            .await
    }
}
