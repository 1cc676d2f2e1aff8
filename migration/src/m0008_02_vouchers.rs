//! Makes the tables of vouchers and of who stands at a merchant's counter. A use is a row of its own, keyed by the voucher, so
//! that the database refuses a second.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        vouchers(manager).await?;
        uses(manager).await?;
        shopkeepers(manager).await
    }
}

async fn vouchers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("voucher")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("code").unique_key())
                .col(big_integer("resident_id"))
                .col(big_integer("value_fen"))
                .col(string("reason"))
                .col(date("expires_on"))
                .col(timestamp_with_time_zone("issued_at"))
                .col(big_integer("issued_by"))
                .check(Expr::cust("value_fen > 0"))
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher", "resident_id")
                        .to("resident", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher", "issued_by")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    index(manager, "voucher", "resident_id").await
}

async fn uses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("voucher_use")
                .col(big_integer("voucher_id").primary_key())
                .col(big_integer("provider_id"))
                .col(big_integer("account_id"))
                .col(timestamp_with_time_zone("used_at"))
                .col(big_integer_null("visit_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher_use", "voucher_id")
                        .to("voucher", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher_use", "provider_id")
                        .to("provider", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher_use", "account_id")
                        .to("account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("voucher_use", "visit_id")
                        .to("visit", "id"),
                )
                .to_owned(),
        )
        .await?;
    index(manager, "voucher_use", "provider_id").await
}

async fn shopkeepers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("shopkeeper")
                .col(big_integer("account_id").primary_key())
                .col(big_integer("provider_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("shopkeeper", "account_id")
                        .to("account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("shopkeeper", "provider_id")
                        .to("provider", "id"),
                )
                .to_owned(),
        )
        .await
}

async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .name(format!("{table}_{column}"))
                .table(table)
                .col(column)
                .to_owned(),
        )
        .await
}
