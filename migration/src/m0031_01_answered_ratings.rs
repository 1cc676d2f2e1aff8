//! The last bad ratings that were answered are found by when; the index by their stars, which led to all that there ever were,
//! goes: nothing else went by it.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The new index.
pub(crate) const NAME: &str = "rating_community_id_answered_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(&format!(
            "CREATE INDEX \"{NAME}\" ON \"rating\" (community_id, answered_at) WHERE answered_at IS NOT NULL"
        ))
        .await?;
        db.execute_unprepared("DROP INDEX \"rating_community_id_score\"")
            .await?;
        Ok(())
    }
}
