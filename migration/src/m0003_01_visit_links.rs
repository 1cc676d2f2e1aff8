//! Makes the table of visits that keep an order and a gap: the meal before the medicine.

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
                    .table("visit_link")
                    .col(big_integer("first_id"))
                    .col(big_integer("second_id"))
                    .col(big_integer("community_id"))
                    .col(integer("least_min"))
                    .col(integer("most_min"))
                    .col(big_integer("linked_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("first_id").col("second_id"))
                    .check(("visit_link_not_itself", Expr::cust("first_id <> second_id")))
                    .check((
                        "visit_link_gap",
                        Expr::cust("0 <= least_min AND least_min <= most_min"),
                    ))
                    .foreign_key(
                        ForeignKey::create()
                            .from("visit_link", "first_id")
                            .to("visit", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("visit_link", "second_id")
                            .to("visit", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("visit_link", "community_id")
                            .to("community", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("visit_link", "linked_by")
                            .to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("visit_link_second_id")
                    .table("visit_link")
                    .col("second_id")
                    .to_owned(),
            )
            .await
    }
}
