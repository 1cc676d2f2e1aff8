//! Makes the tables of payment: what each source pays of a visit's price, and the month's subsidy, of which the database refuses
//! to spend more than there is.

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
                    .table("payment_line")
                    .col(big_integer("visit_id"))
                    .col(string("source"))
                    .col(big_integer("amount_fen"))
                    .col(big_integer_null("voucher_id").unique_key())
                    .col(big_integer_null("entry_id").unique_key())
                    .col(string_null("reason"))
                    .primary_key(Index::create().col("visit_id").col("source"))
                    .check(Expr::cust("amount_fen >= 0"))
                    .check(Expr::cust(
                        "(source = 'voucher') = (voucher_id IS NOT NULL)",
                    ))
                    .check(Expr::cust("(source = 'credit') = (entry_id IS NOT NULL)"))
                    .check(Expr::cust("(source = 'waived') = (reason IS NOT NULL)"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("payment_line", "visit_id")
                            .to("visit", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("payment_line", "voucher_id")
                            .to("voucher", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("payment_line", "entry_id")
                            .to("time_entry", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("subsidy")
                    .col(big_integer("resident_id"))
                    .col(date("month"))
                    .col(big_integer("community_id"))
                    .col(big_integer("allowance_fen"))
                    .col(big_integer("used_fen"))
                    .primary_key(Index::create().col("resident_id").col("month"))
                    .check(Expr::cust("used_fen >= 0 AND used_fen <= allowance_fen"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("subsidy", "resident_id")
                            .to("resident", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("subsidy", "community_id")
                            .to("community", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
