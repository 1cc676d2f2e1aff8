//! Makes the table of what a bench meeting agreed to do.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("bench_action")
            .col(big_pk_auto("id"))
            .col(big_integer("community_id"))
            .col(date("month"))
            .col(string("what"))
            .col(string("who"))
            .col(date("due"))
            .col(string("measure"))
            .col(big_integer_null("service_id"))
            .col(big_integer_null("provider_id"))
            .col(big_integer_null("figure"))
            .col(timestamp_with_time_zone("created_at"))
            .col(big_integer("created_by"))
            .col(string_null("verdict"))
            .col(date_null("judged_month"))
            .col(big_integer_null("judged_figure"))
            .col(string_null("judged_note"))
            .col(timestamp_with_time_zone_null("judged_at"))
            .col(big_integer_null("judged_by"));
        for (column, other) in [
            ("community_id", "community"),
            ("service_id", "service"),
            ("provider_id", "provider"),
            ("created_by", "account"),
            ("judged_by", "account"),
        ] {
            table.foreign_key(
                ForeignKey::create()
                    .from("bench_action", column)
                    .to(other, "id"),
            );
        }
        manager.create_table(table).await?;
        manager
            .create_index(
                Index::create()
                    .name("bench_action_community_id_month")
                    .table("bench_action")
                    .col("community_id")
                    .col("month")
                    .to_owned(),
            )
            .await
    }
}
