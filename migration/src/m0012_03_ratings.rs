//! Makes the tables of ratings, of the links by which they are given, and of follow-up calls that brought none.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rating(manager).await?;
        rating_link(manager).await?;
        follow_up(manager).await
    }
}

async fn rating(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("rating")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("visit_id"))
        .col(big_integer("resident_id"))
        .col(big_integer_null("provider_id"))
        .col(integer("score"))
        .col(string_null("words"))
        .col(string("channel"))
        .col(big_integer("given_by"))
        .col(timestamp_with_time_zone("given_at"))
        .col(timestamp_with_time_zone_null("changed_at"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(big_integer_null("answered_by"))
        .col(string_null("answer"))
        .check(Expr::cust("score BETWEEN 1 AND 5"));
    for (column, other) in [
        ("community_id", "community"),
        ("visit_id", "visit"),
        ("resident_id", "resident"),
        ("provider_id", "provider"),
        ("given_by", "account"),
        ("answered_by", "account"),
    ] {
        table.foreign_key(ForeignKey::create().from("rating", column).to(other, "id"));
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("rating_visit_id")
                .table("rating")
                .col("visit_id")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("rating_community_id_score")
                .table("rating")
                .col("community_id")
                .col("score")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("rating_resident_id")
                .table("rating")
                .col("resident_id")
                .to_owned(),
        )
        .await
}

async fn rating_link(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("rating_link")
        .col(string("token_hash").primary_key())
        .col(big_integer("community_id"))
        .col(big_integer("visit_id"))
        .col(big_integer("account_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"));
    for (column, other) in [
        ("community_id", "community"),
        ("visit_id", "visit"),
        ("account_id", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("rating_link", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await
}

async fn follow_up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("follow_up")
        .col(big_integer("visit_id").primary_key())
        .col(big_integer("community_id"))
        .col(big_integer("resident_id"))
        .col(string("outcome"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("by"));
    for (column, other) in [
        ("community_id", "community"),
        ("visit_id", "visit"),
        ("resident_id", "resident"),
        ("by", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("follow_up", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("follow_up_resident_id_at")
                .table("follow_up")
                .col("resident_id")
                .col("at")
                .to_owned(),
        )
        .await
}
