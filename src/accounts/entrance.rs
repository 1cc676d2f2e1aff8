//! What the entrance shows before anybody is signed in.

use std::collections::HashMap;

use entity::ids::CommunityId;
use entity::words::Lang;
use entity::{account, community, compound};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::views::{DemoPerson, Entrance};
use crate::demo;
use crate::error::{Error, Result};
use crate::said::pick;

/// What the entrance shows.
///
/// # Errors
/// The database's, or where there is no community yet.
pub async fn entrance(db: &DatabaseConnection, demo: bool, lang: Lang) -> Result<Entrance> {
    let place = community::Entity::find()
        .order_by_asc(community::Column::Id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("the database holds no community".into()))?;
    let compound = compound::Entity::find()
        .filter(compound::Column::CommunityId.eq(place.id))
        .one(db)
        .await?;
    let demo_people = if demo {
        demo_people(db, place.id, lang).await?
    } else {
        Vec::new()
    };
    Ok(Entrance {
        community: place.name,
        compound: compound.map_or_else(String::new, |row| row.name),
        synthetic: place.synthetic,
        phone: place.office_phone,
        demo_people,
    })
}

/// Those of the demonstration's people who are in the database, in the order to show them.
async fn demo_people(
    db: &DatabaseConnection,
    community: CommunityId,
    lang: Lang,
) -> Result<Vec<DemoPerson>> {
    let people = demo::people();
    let names: HashMap<String, String> = account::Entity::find()
        .filter(account::Column::CommunityId.eq(community))
        .filter(account::Column::Login.is_in(people.iter().map(|person| person.login)))
        .filter(account::Column::Disabled.eq(false))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.login?, row.name)))
        .collect();
    Ok(people
        .iter()
        .filter_map(|person| {
            Some(DemoPerson {
                kind: person.kind.to_owned(),
                name: names.get(person.login)?.clone(),
                what: pick(lang, person.zh, person.en).to_owned(),
            })
        })
        .collect())
}
