//! Whom and what some visits are about: names, doors, telephones, services, crews.

use std::collections::{HashMap, HashSet};

use entity::ids::{HouseholdId, ResidentId, ServiceId, VisitId};
use entity::words::Lang;
use entity::{assignment, helper, resident, service, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::compound::door::Door;
use crate::compound::queries::doors;
use crate::error::Result;
use crate::said::pick;
use crate::store::claim;
use crate::visits::views::service_name;

/// What views of some visits need.
#[derive(Debug)]
pub struct Scene {
    residents: HashMap<ResidentId, resident::Model>,
    doors: HashMap<HouseholdId, Door>,
    services: HashMap<ServiceId, service::Model>,
    lang: Lang,
}

impl Scene {
    /// Reads it.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<'a, C: ConnectionTrait>(
        db: &C,
        lang: Lang,
        visits: impl Iterator<Item = &'a visit::Model>,
    ) -> Result<Self> {
        let (whose, what): (HashSet<ResidentId>, HashSet<ServiceId>) = visits
            .map(|visit| (visit.resident_id, visit.service_id))
            .unzip();
        let residents = residents(db, whose).await?;
        Ok(Self {
            doors: doors(db, residents.values().map(|row| row.household_id), lang).await?,
            residents,
            services: service::Entity::find()
                .filter(service::Column::Id.is_in(what))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            lang,
        })
    }

    /// Whom a visit is to.
    #[must_use]
    pub fn resident(&self, visit: &visit::Model) -> Option<&resident::Model> {
        self.residents.get(&visit.resident_id)
    }

    fn home(&self, visit: &visit::Model) -> Option<&Door> {
        self.doors.get(&self.resident(visit)?.household_id)
    }

    /// Where they live.
    #[must_use]
    pub fn door(&self, visit: &visit::Model) -> String {
        self.home(visit)
            .map_or_else(String::new, |door| door.door.clone())
    }

    /// Their own telephone, or else the household's.
    #[must_use]
    pub fn phone(&self, visit: &visit::Model) -> Option<String> {
        let own = self.resident(visit).and_then(|row| row.phone.clone());
        own.or_else(|| self.home(visit)?.phone.clone())
    }

    /// The service's name.
    #[must_use]
    pub fn service(&self, visit: &visit::Model) -> String {
        self.services
            .get(&visit.service_id)
            .map_or_else(String::new, |row| service_name(row, self.lang))
    }
}

/// These residents by their numbers.
///
/// # Errors
/// The database's.
pub async fn residents<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = ResidentId>,
) -> Result<HashMap<ResidentId, resident::Model>> {
    Ok(resident::Entity::find()
        .filter(resident::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect())
}

/// Who came, or was to come, to each of these visits, in one sentence's words.
///
/// # Errors
/// The database's.
pub async fn crews<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    visits: impl IntoIterator<Item = VisitId>,
) -> Result<HashMap<VisitId, String>> {
    let mut crews: HashMap<VisitId, String> = HashMap::new();
    for (row, helper) in assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::HelperId)
        .find_also_related(helper::Entity)
        .all(db)
        .await?
    {
        let Some(helper) = helper else { continue };
        let crew = crews.entry(row.visit_id).or_default();
        if !crew.is_empty() {
            crew.push_str(pick(lang, "、", ", "));
        }
        crew.push_str(&helper.name);
    }
    Ok(crews)
}
