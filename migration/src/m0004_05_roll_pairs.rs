//! What finds two files of one person: an index over name and birth date, and the pairs that the office has said are two.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("resident_community_id_name_birth_date")
                    .table("resident")
                    .col("community_id")
                    .col("name")
                    .col("birth_date")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("roll_pair")
                    .col(big_integer("one_id"))
                    .col(big_integer("other_id"))
                    .col(big_integer("community_id"))
                    .col(big_integer("kept_by"))
                    .col(timestamp_with_time_zone("kept_at"))
                    .primary_key(Index::create().col("one_id").col("other_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("roll_pair", "one_id")
                            .to("resident", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("roll_pair", "other_id")
                            .to("resident", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }
}
