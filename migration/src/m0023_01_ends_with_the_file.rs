//! What ends with a resident who leaves: their series, and the callbacks promised to somebody who died. The instant at which
//! the file was closed stands in the row, so that the same comes back where the file was closed by mistake.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// For those who left before this step: a series of theirs made nothing more, but stood in the list as if it ran.
const CATCH_UP: [&str; 2] = [
    "UPDATE series SET state = 'ended', \
     left_at = (SELECT resident.left_at FROM resident WHERE resident.id = series.resident_id) \
     WHERE state = 'active' \
     AND resident_id IN (SELECT id FROM resident WHERE state IN ('moved', 'died'))",
    "UPDATE callback SET done_note = '老人去世', \
     done_at = (SELECT resident.left_at FROM resident WHERE resident.id = callback.resident_id), \
     left_at = (SELECT resident.left_at FROM resident WHERE resident.id = callback.resident_id) \
     WHERE done_at IS NULL \
     AND resident_id IN (SELECT id FROM resident WHERE state = 'died' AND left_at IS NOT NULL)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["series", "callback"] {
            manager
                .alter_table(
                    Table::alter()
                        .table(table)
                        .add_column(timestamp_with_time_zone_null("left_at"))
                        .to_owned(),
                )
                .await?;
        }
        for statement in CATCH_UP {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}
