//! One visit with everything the office needs about it, and what was done with it so far.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::VisitId;
use entity::words::Lang;
use entity::{audit as log, helper, resident, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
};

use super::links;
use super::place::crew;
use super::told;
use super::views::{Happened, VisitDetail};
use crate::accounts::queries::names;
use crate::compound;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::visits::views::{Look, card};

/// A visit of this community.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn find(db: &DatabaseConnection, caller: &Caller, id: VisitId) -> Result<visit::Model> {
    visit::Entity::find_by_id(id)
        .filter(visit::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Everything the office needs about one visit.
///
/// # Errors
/// The database's.
pub async fn detail<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
) -> Result<VisitDetail> {
    let resident = resident::Entity::find_by_id(visit.resident_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a visit without a resident".into()))?;
    let doors = compound::queries::doors(db, [resident.household_id], look.lang).await?;
    let reasons = crew(db, visit.id)
        .await?
        .iter()
        .flat_map(|row| told(&row.reasons, look.lang))
        .collect();
    Ok(VisitDetail {
        card: card(db, look, visit).await?,
        resident_id: resident.id,
        door: doors
            .get(&resident.household_id)
            .map_or_else(String::new, |door| door.door.clone()),
        resident: resident.name.clone(),
        duration_min: visit.duration_min,
        priority: visit.priority,
        crew_size: visit.crew_size,
        pinned: visit.pinned,
        version: visit.version,
        override_reason: visit.override_reason.clone(),
        reasons,
        links: links::queries::linked(db, look, visit).await?,
        linkable: links::queries::linkable(db, look, visit, &resident).await?,
        history: history(db, look.lang, visit.id).await?,
    })
}

async fn history<C: ConnectionTrait>(db: &C, lang: Lang, visit: VisitId) -> Result<Vec<Happened>> {
    let rows = log::Entity::find()
        .filter(log::Column::VisitId.eq(visit))
        .order_by_asc(log::Column::Id)
        .all(db)
        .await?;
    let people = names(db, rows.iter().filter_map(|row| row.account_id)).await?;
    let helpers: HashMap<_, _> = helper::Entity::find()
        .filter(helper::Column::Id.is_in(rows.iter().filter_map(|row| row.helper_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut what = action_word(&row.action, lang).to_owned();
            for more in [
                row.helper_id.and_then(|id| helpers.get(&id)).cloned(),
                row.note,
            ]
            .into_iter()
            .flatten()
            {
                what.push_str(match lang {
                    Lang::Zh => "：",
                    Lang::En => ": ",
                });
                what.push_str(&more);
            }
            Happened {
                at: row.at,
                who: row
                    .account_id
                    .and_then(|id| people.get(&id).cloned())
                    .unwrap_or_else(|| crate::said::pick(lang, "系统", "Yinling").to_owned()),
                what,
            }
        })
        .collect())
}

/// What was done, in words.
fn action_word(action: &str, lang: Lang) -> &str {
    let (zh, en) = match action {
        "booked" => ("预约", "Booked"),
        "assigned" => ("派单", "Assigned"),
        "withdrawn" => ("撤回派单", "Taken off"),
        "accepted" => ("接单", "Accepted"),
        "declined" => ("不能来", "Declined"),
        "arrived" => ("到达", "Arrived"),
        "finished" => ("完成", "Finished"),
        "problem" => ("有情况", "Reported a problem"),
        "leave" => ("请假", "On leave"),
        "moved" => ("改时间", "Moved"),
        "cancelled" => ("取消", "Cancelled"),
        "asked" => ("申请变更", "Asked to change"),
        "answered" => ("答复申请", "Answered the request"),
        "pinned" => ("固定", "Pinned"),
        "unpinned" => ("取消固定", "Unpinned"),
        "linked" => ("连在一起", "Linked"),
        "unlinked" => ("不再连在一起", "Unlinked"),
        "late" => ("到点没人到", "Late"),
        "missed" => ("过了时间没有消息", "Missed"),
        "helper_absent" => ("服务人员没来", "The helper did not come"),
        "nobody_came" => ("没有找到人，没有去成", "Nobody was found"),
        "rated" => ("评价", "Rated"),
        "rating_changed" => ("改了评价", "The rating was changed"),
        other => return other,
    };
    crate::said::pick(lang, zh, en)
}

/// How the office looks at a visit.
pub(super) fn look(caller: &Caller, now: DateTime<Utc>) -> Look {
    Look {
        lang: caller.lang,
        now,
        with_phones: true,
    }
}
