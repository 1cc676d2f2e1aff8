//! The second factor: a secret in somebody's telephone, the codes for the day it is lost, and whether a community asks for it.

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
                    .table("second_factor")
                    .col(big_integer("account_id").primary_key())
                    .col(string("secret"))
                    .col(big_integer("last_step").default(0))
                    .col(timestamp_with_time_zone("made_at"))
                    .col(timestamp_with_time_zone_null("proven_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("second_factor", "account_id")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(big_integer("account_id"))
                    .col(string("hash"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .primary_key(Index::create().col("account_id").col("hash"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("recovery_code", "account_id")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("community")
                    .add_column(boolean("second_factor_required").default(false))
                    .to_owned(),
            )
            .await
    }
}
