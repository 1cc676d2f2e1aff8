//! What a day brings to imports: rows are personal and are not kept, and what a process left unfinished is said to be.

use std::time::Duration;

use chrono::TimeDelta;
use entity::words::ImportState;
use entity::{roll_import, roll_import_row};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::app::App;
use crate::error::Result;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(60);
/// Hours that the rows of a workbook are kept.
const KEPT_HOURS: i64 = 24;
/// Seconds after which a reading that nobody has heard of is over.
const SILENT_SECONDS: i64 = 60;
/// Minutes after which a writing that nobody has heard of is over: it was one transaction, and left nothing.
const WRITING_MINUTES: i64 = 30;

/// Looks until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(error) = turn(&app).await {
            tracing::error!(%error, "imports were not looked at");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look.
///
/// # Errors
/// The database's.
pub async fn turn(app: &App) -> Result<()> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            Box::pin(async move {
                roll_import::Entity::update_many()
                    .set(roll_import::ActiveModel {
                        state: sea_orm::Set(ImportState::Refused),
                        why_zh: sea_orm::Set(Some("读取中断了，请重新上传。".into())),
                        why_en: sea_orm::Set(Some(
                            "Reading was interrupted; please upload it again.".into(),
                        )),
                        ..Default::default()
                    })
                    .filter(roll_import::Column::State.eq(ImportState::Reading))
                    .filter(
                        roll_import::Column::HeardAt.lt(now - TimeDelta::seconds(SILENT_SECONDS)),
                    )
                    .exec(txn)
                    .await?;
                roll_import::Entity::update_many()
                    .set(roll_import::ActiveModel {
                        state: sea_orm::Set(ImportState::Checked),
                        ..Default::default()
                    })
                    .filter(roll_import::Column::State.eq(ImportState::Writing))
                    .filter(
                        roll_import::Column::HeardAt.lt(now - TimeDelta::minutes(WRITING_MINUTES)),
                    )
                    .exec(txn)
                    .await?;
                let old = roll_import::Entity::find()
                    .select_only()
                    .column(roll_import::Column::Id)
                    .filter(roll_import::Column::CreatedAt.lt(now - TimeDelta::hours(KEPT_HOURS)))
                    .into_query();
                roll_import_row::Entity::delete_many()
                    .filter(roll_import_row::Column::ImportId.in_subquery(old))
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
}
