//! Makes the table of calendar feeds: the secret address at which a calendar program reads an account's visits.

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
                    .table("calendar_feed")
                    .col(big_integer("account_id").primary_key())
                    .col(string("token_hash").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("calendar_feed", "account_id")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
