//! Makes the table of who pays what of a place in a session of the station, and lets a voucher's use say that it paid for one.
//! Whoever was ticked in before pays their place themselves. The previous release knows neither and goes on: a voucher that
//! paid for a place counts there as one taken at the counter of the same provider, to whom it is owed either way.

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
                    .table("session_payment")
                    .col(big_integer("signup_id"))
                    .col(string("source"))
                    .col(big_integer("amount_fen"))
                    .col(big_integer_null("voucher_id").unique_key())
                    .col(string_null("reason"))
                    .primary_key(Index::create().col("signup_id").col("source"))
                    .check(Expr::cust("amount_fen >= 0"))
                    .check(Expr::cust(
                        "(source = 'voucher') = (voucher_id IS NOT NULL)",
                    ))
                    .check(Expr::cust("(source = 'waived') = (reason IS NOT NULL)"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("session_payment", "signup_id")
                            .to("station_signup", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("session_payment", "voucher_id")
                            .to("voucher", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("voucher_use")
                    .add_column(big_integer_null("signup_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO session_payment (signup_id, source, amount_fen) \
                 SELECT station_signup.id, 'self_paid', station_session.price_fen \
                 FROM station_signup JOIN station_session ON station_session.id = station_signup.session_id \
                 WHERE station_signup.state = 'seated' AND station_signup.attendance = 'came' \
                 AND station_session.price_fen > 0",
            )
            .await?;
        Ok(())
    }
}
