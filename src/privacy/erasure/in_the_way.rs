//! What has to be ended before somebody can be erased.

use entity::ids::ResidentId;
use entity::words::VisitState;
use entity::{complaint, help_request, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::error::Result;
use crate::said::Said;

/// What has to be ended first: somebody is there at this moment, or is owed an answer.
///
/// # Errors
/// The database's.
pub async fn in_the_way<C: ConnectionTrait>(db: &C, id: ResidentId) -> Result<Vec<Said>> {
    let mut found = Vec::new();
    let inside = visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(id))
        .filter(visit::Column::State.eq(VisitState::CheckedIn))
        .count(db)
        .await?;
    if inside > 0 {
        found.push(Said::new(
            "服务人员正在老人家里，请等这次服务结束。",
            "A helper is with the resident now; wait until the visit has ended.",
        ));
    }
    let asked = help_request::Entity::find()
        .filter(help_request::Column::ResidentId.eq(id))
        .filter(help_request::Column::ClosedAt.is_null())
        .count(db)
        .await?;
    if asked > 0 {
        found.push(Said::new(
            format!("还有 {asked} 张求助单没有办结，请先办结。"),
            format!("{asked} help requests are still open; settle them first."),
        ));
    }
    let complaints = complaint::Entity::find()
        .filter(complaint::Column::ResidentId.eq(id))
        .filter(complaint::Column::ClosedAt.is_null())
        .count(db)
        .await?;
    if complaints > 0 {
        found.push(Said::new(
            format!("还有 {complaints} 件投诉没有办结，请先办结。"),
            format!("{complaints} complaints are still open; settle them first."),
        ));
    }
    Ok(found)
}
