//! Makes the table of erasures, and the column that says when a file was erased.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("resident")
                    .add_column(timestamp_with_time_zone_null("erased_at"))
                    .to_owned(),
            )
            .await?;
        erasures(manager).await
    }
}

async fn erasures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("erasure")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("resident_id"))
        .col(string("ground"))
        .col(string("state"))
        .col(boolean_null("open"))
        .col(big_integer_null("asked_by"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(big_integer_null("checked_by"))
        .col(timestamp_with_time_zone_null("checked_at"))
        .col(big_integer_null("ended_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(string_null("refused_why"))
        .col(integer_null("fields"))
        // Of two people who must both have looked, the one is never the other.
        .check(Expr::cust(
            "state <> 'done' OR checked_by IS NULL OR checked_by <> ended_by",
        ));
    for (column, other) in [
        ("community_id", "community"),
        ("resident_id", "resident"),
        ("asked_by", "account"),
        ("checked_by", "account"),
        ("ended_by", "account"),
    ] {
        table.foreign_key(ForeignKey::create().from("erasure", column).to(other, "id"));
    }
    manager.create_table(table).await?;
    // One open request a person: those that ended have no value here, and none is like another.
    manager
        .create_index(
            Index::create()
                .name("erasure_open")
                .table("erasure")
                .col("resident_id")
                .col("open")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("erasure_community_id")
                .table("erasure")
                .col("community_id")
                .col("id")
                .to_owned(),
        )
        .await
}
