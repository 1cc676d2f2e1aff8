//! Makes the table of the times in which residents are away, and a column that says which of them paused a visit. Who was
//! paused before has one such time from now on, without a return date.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        absence(manager).await?;
        manager
            .alter_table(
                Table::alter()
                    .table("visit")
                    .add_column(big_integer_null("absence_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("visit_absence_id")
                    .table("visit")
                    .col("absence_id")
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO absence (community_id, resident_id, kind, from_date, created_at) \
                 SELECT community_id, id, 'elsewhere', CURRENT_DATE, CURRENT_TIMESTAMP FROM resident WHERE state = 'paused'",
            )
            .await?;
        Ok(())
    }
}

async fn absence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("absence")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("resident_id"))
                .col(string("kind"))
                .col(date("from_date"))
                .col(date_null("back_on"))
                .col(string_null("note"))
                .col(big_integer_null("recorded_by"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("withdrawn_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("absence", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("absence", "resident_id")
                        .to("resident", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("absence_resident_id_from_date")
                .table("absence")
                .col("resident_id")
                .col("from_date")
                .to_owned(),
        )
        .await
}
