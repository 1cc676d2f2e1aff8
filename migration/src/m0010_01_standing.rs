//! Says how far a provider's admission is. Those of the previous release count as approved, or as suspended where they were;
//! `state` stays beside it for the previous release, which knows two words only.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string("standing").default("approved").to_owned(),
            string_null("standing_note").to_owned(),
            timestamp_with_time_zone_null("standing_since").to_owned(),
            string_null("contact").to_owned(),
            string_null("wants").to_owned(),
            boolean("offers_all").default(true).to_owned(),
            integer("round").default(0).to_owned(),
            integer("version").default(0).to_owned(),
            big_integer_null("checked_by").to_owned(),
        ];
        // SQLite adds one column a statement.
        for column in columns {
            manager
                .alter_table(
                    Table::alter()
                        .table("provider")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE provider SET standing = 'suspended' WHERE state = 'suspended'",
            )
            .await?;
        Ok(())
    }
}
