//! Makes the table of ability assessments, all of them and not the last alone; what the roll holds is the first of them.

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
                    .table("assessment")
                    .col(big_pk_auto("id"))
                    .col(big_integer("community_id"))
                    .col(big_integer("resident_id"))
                    .col(integer("level").check(Expr::col("level").between(0, 4)))
                    .col(date("assessed_on"))
                    .col(string("assessor"))
                    .col(date_null("valid_until"))
                    .col(big_integer_null("recorded_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("assessment", "community_id")
                            .to("community", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("assessment", "resident_id")
                            .to("resident", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("assessment_resident_id_assessed_on")
                    .table("assessment")
                    .col("resident_id")
                    .col("assessed_on")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("resident_community_id_ability_valid_until")
                    .table("resident")
                    .col("community_id")
                    .col("ability_valid_until")
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO assessment (community_id, resident_id, level, assessed_on, assessor, valid_until, created_at) \
                 SELECT community_id, id, ability_level, ability_assessed_on, COALESCE(ability_assessor, ''), \
                 ability_valid_until, CURRENT_TIMESTAMP FROM resident \
                 WHERE ability_level BETWEEN 0 AND 4 AND ability_assessed_on IS NOT NULL",
            )
            .await?;
        Ok(())
    }
}
