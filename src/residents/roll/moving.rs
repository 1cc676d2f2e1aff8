//! Moving within the compound: another door, and other ways to walk, so that what is booked at home is matched anew.

use chrono::{DateTime, Utc};
use entity::ids::{ResidentId, VisitId};
use entity::words::Place;
use entity::{resident, service};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{held, note};
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::residents::ON_THE_ROLL;
use crate::residents::homes::{self, DoorInput, Flat};
use crate::said::Said;
use crate::visits::pausing::{self, Hand, NOT_BEGUN};

/// Where somebody moves to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MovingHouse {
    /// The new door.
    pub door: DoorInput,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Moved {
    /// The resident.
    pub id: ResidentId,
    /// How many visits at home are matched anew.
    pub rematched: usize,
    /// Which.
    #[serde(skip)]
    pub back: Vec<VisitId>,
}

/// Moves somebody to another door. What is booked at the station stays as it is.
///
/// # Errors
/// `not-now` where they are not on the roll, `invalid` where the door is theirs already, or the database's.
pub async fn move_house(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    door: &Flat,
    now: DateTime<Utc>,
) -> Result<Moved> {
    let row = held(txn, id).await?;
    if !ON_THE_ROLL.contains(&row.state) {
        return Err(Problem::not_now(Said::new(
            "这位老人已经不在花名册上。",
            "This resident is no longer on the roll.",
        ))
        .into());
    }
    let home = homes::behind(txn, caller.community, door).await?;
    if home == row.household_id {
        return Err(Problem::field(
            "flat",
            Said::new("老人现在就住在这里。", "This is where they live already."),
        )
        .into());
    }
    resident::ActiveModel {
        id: Set(id),
        household_id: Set(home),
        version: Set(row.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let hand = Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    };
    let back = put_back_at_home(txn, hand, id).await?;
    note(txn, caller, id, "moved-house", Some(door.key()), now).await?;
    Ok(Moved {
        id,
        rematched: back.len(),
        back,
    })
}

/// Takes what is booked at the resident's home off its helpers, for the way there is another now. Whoever is asked again
/// gets the question and no word that they need not come.
///
/// # Errors
/// The database's.
pub(in crate::residents) async fn put_back_at_home(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: ResidentId,
) -> Result<Vec<VisitId>> {
    let ahead = pausing::ahead(txn, id, hand.now, &NOT_BEGUN).await?;
    let at_home: Vec<_> = service::Entity::find()
        .filter(service::Column::Id.is_in(ahead.iter().map(|visit| visit.service_id)))
        .filter(service::Column::Place.eq(Place::Home))
        .all(txn)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let mut back = Vec::new();
    for visit in ahead {
        let why = Said::new(
            "老人搬了家，正在按新住址找人。",
            "They moved; somebody is being looked for who can walk there.",
        );
        if at_home.contains(&visit.service_id)
            && pausing::put_back(txn, hand, visit.id, why).await?
        {
            back.push(visit.id);
        }
    }
    Ok(back)
}
