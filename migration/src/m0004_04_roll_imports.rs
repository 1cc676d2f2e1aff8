//! Makes the tables of workbooks read into the roll: each with its rows as they would be written, until somebody says so.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        import(manager).await?;
        row(manager).await
    }
}

async fn import(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("roll_import")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("file_name"))
                .col(string("state"))
                .col(string_null("sheet"))
                .col(json_binary_null("columns"))
                .col(integer("rows_read").default(0))
                .col(string_null("why_zh"))
                .col(string_null("why_en"))
                .col(big_integer_null("started_by"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("heard_at"))
                .col(timestamp_with_time_zone_null("written_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("roll_import", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("roll_import_community_id_created_at")
                .table("roll_import")
                .col("community_id")
                .col("created_at")
                .to_owned(),
        )
        .await
}

async fn row(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("roll_import_row")
                .col(big_integer("import_id"))
                .col(integer("row"))
                .col(string("outcome"))
                .col(big_integer_null("match_id"))
                .col(string_null("decision"))
                .col(json_binary("entry"))
                .col(json_binary("remarks"))
                .primary_key(Index::create().col("import_id").col("row"))
                .foreign_key(
                    ForeignKey::create()
                        .from("roll_import_row", "import_id")
                        .to("roll_import", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("roll_import_row_import_id_outcome_row")
                .table("roll_import_row")
                .col("import_id")
                .col("outcome")
                .col("row")
                .to_owned(),
        )
        .await
}
