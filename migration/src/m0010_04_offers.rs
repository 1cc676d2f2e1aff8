//! Makes the tables of what a provider offers and of its own prices.

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
                    .table("provider_service")
                    .col(big_integer("provider_id"))
                    .col(big_integer("service_id"))
                    .primary_key(Index::create().col("provider_id").col("service_id"))
                    .foreign_key(&mut to_provider("provider_service"))
                    .foreign_key(&mut to_service("provider_service"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("provider_price")
                    .col(big_integer("provider_id"))
                    .col(big_integer("service_id"))
                    .col(date("valid_from"))
                    .col(big_integer("price_fen"))
                    .col(big_integer_null("set_by"))
                    .col(timestamp_with_time_zone("set_at"))
                    .primary_key(
                        Index::create()
                            .col("provider_id")
                            .col("service_id")
                            .col("valid_from"),
                    )
                    .check(Expr::cust("price_fen >= 0"))
                    .foreign_key(&mut to_provider("provider_price"))
                    .foreign_key(&mut to_service("provider_price"))
                    .to_owned(),
            )
            .await
    }
}

fn to_provider(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "provider_id")
        .to("provider", "id")
        .to_owned()
}

fn to_service(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "service_id")
        .to("service", "id")
        .to_owned()
}
