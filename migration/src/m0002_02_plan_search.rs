//! Makes the table of the searches under way. It stands apart from `plan`, which the release before this one reads, and is
//! narrow, because it is written twice a second.

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
                    .table("plan_search")
                    .col(big_integer("plan_id").primary_key())
                    .col(big_integer("community_id"))
                    .col(date("date"))
                    .col(integer("asked_ms"))
                    .col(integer("spent_ms"))
                    .col(big_integer("iterations"))
                    .col(integer_null("unfilled"))
                    .col(big_integer_null("unfilled_priority"))
                    .col(big_integer_null("walking_s"))
                    .col(boolean("stop_asked"))
                    .col(timestamp_with_time_zone("heard_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("plan_search", "plan_id")
                            .to("plan", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("plan_search", "community_id")
                            .to("community", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
