//! Makes the tables of the texts that residents agree to, and of what they said to them.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        texts(manager).await?;
        consents(manager).await
    }
}

async fn texts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("consent_text")
        .col(big_integer("community_id"))
        .col(string("purpose"))
        .col(integer("version"))
        .col(string("zh"))
        .col(string("en"))
        .col(big_integer("published_by"))
        .col(timestamp_with_time_zone("published_at"))
        .primary_key(
            Index::create()
                .col("community_id")
                .col("purpose")
                .col("version"),
        );
    for (column, other) in [("community_id", "community"), ("published_by", "account")] {
        table.foreign_key(
            ForeignKey::create()
                .from("consent_text", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await
}

async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("consent")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("resident_id"))
        .col(string("purpose"))
        .col(integer("version"))
        .col(boolean("given"))
        .col(string("how"))
        .col(string_null("note"))
        .col(big_integer("recorded_by"))
        .col(timestamp_with_time_zone("given_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .col(string_null("withdrawn_how"))
        .col(big_integer_null("withdrawn_by"))
        .col(string_null("withdrawn_note"))
        .col(boolean_null("current"));
    for (column, other) in [
        ("community_id", "community"),
        ("resident_id", "resident"),
        ("recorded_by", "account"),
        ("withdrawn_by", "account"),
    ] {
        table.foreign_key(ForeignKey::create().from("consent", column).to(other, "id"));
    }
    manager.create_table(table).await?;
    // One answer a purpose is the one that counts: the others have no value here, and none is like another.
    manager
        .create_index(
            Index::create()
                .name("consent_current")
                .table("consent")
                .col("resident_id")
                .col("purpose")
                .col("current")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("consent_community_id_purpose")
                .table("consent")
                .col("community_id")
                .col("purpose")
                .to_owned(),
        )
        .await
}
