//! Makes the tables of visits that were late or missed, and of calls to those who live alone.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lapse(manager).await?;
        check_call(manager).await
    }
}

async fn lapse(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("lapse")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("visit_id"))
        .col(string("kind"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("noticed_at"))
        .col(big_integer_null("helper_id"))
        .col(big_integer_null("provider_id"));
    for (column, other) in [
        ("community_id", "community"),
        ("visit_id", "visit"),
        ("helper_id", "helper"),
        ("provider_id", "provider"),
    ] {
        table.foreign_key(ForeignKey::create().from("lapse", column).to(other, "id"));
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("lapse_visit_id_kind_starts_at")
                .table("lapse")
                .col("visit_id")
                .col("kind")
                .col("starts_at")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("lapse_community_id_starts_at")
                .table("lapse")
                .col("community_id")
                .col("starts_at")
                .to_owned(),
        )
        .await
}

async fn check_call(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("check_call")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("resident_id"))
        .col(string("reason"))
        .col(big_integer_null("visit_id"))
        .col(timestamp_with_time_zone_null("since"))
        .col(string("covers"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(integer("tries"))
        .col(string_null("outcome"))
        .col(string_null("note"))
        .col(timestamp_with_time_zone_null("done_at"))
        .col(big_integer_null("done_by"))
        .col(big_integer_null("help_request_id"));
    for (column, other) in [
        ("community_id", "community"),
        ("resident_id", "resident"),
        ("visit_id", "visit"),
        ("done_by", "account"),
        ("help_request_id", "help_request"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("check_call", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("check_call_community_id_covers")
                .table("check_call")
                .col("community_id")
                .col("covers")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("check_call_community_id_done_at")
                .table("check_call")
                .col("community_id")
                .col("done_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("check_call_resident_id")
                .table("check_call")
                .col("resident_id")
                .to_owned(),
        )
        .await
}
