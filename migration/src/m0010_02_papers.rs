//! Makes the tables of providers' papers, and of their scans, which are read alone when somebody opens one.

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
                    .table("provider_paper")
                    .col(big_pk_auto("id"))
                    .col(big_integer("provider_id"))
                    .col(string("kind"))
                    .col(string("number"))
                    .col(string("issued_by"))
                    .col(date_null("valid_until"))
                    .col(boolean("required"))
                    .col(string_null("note"))
                    .col(big_integer_null("added_by"))
                    .col(timestamp_with_time_zone("added_at"))
                    .col(big_integer_null("checked_by"))
                    .col(timestamp_with_time_zone_null("checked_at"))
                    .check(Expr::cust("(checked_by IS NULL) = (checked_at IS NULL)"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_paper", "provider_id")
                            .to("provider", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("provider_paper_provider_id")
                    .table("provider_paper")
                    .col("provider_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("provider_scan")
                    .col(big_integer("paper_id").primary_key())
                    .col(string("kind"))
                    .col(blob("bytes"))
                    .col(timestamp_with_time_zone("added_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_scan", "paper_id")
                            .to("provider_paper", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
