//! Adding somebody to the roll by hand, and changing what their file says.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::ResidentId;
use entity::words::{Living, ResidentState, Sex, Subject};
use entity::{household, resident};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::date;
use crate::residents::fields::{self, Ruled};
use crate::residents::homes::{self, DoorInput, Flat};
use crate::residents::initials::initials;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// What a file says of the person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Person {
    /// Full name, 40 characters at most.
    pub name: String,
    /// As the roll has it.
    pub sex: Sex,
    /// Day of birth.
    #[serde(deserialize_with = "date")]
    pub birth_date: NaiveDate,
    /// With whom they live.
    pub living: Living,
    /// Own telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// The household's telephone.
    #[serde(default)]
    pub household_phone: Option<String>,
    /// How to get in, 200 characters at most.
    #[serde(default)]
    pub knock_note: Option<String>,
    /// What a helper has to mind, 200 characters at most.
    #[serde(default)]
    pub safety_note: Option<String>,
}

/// Somebody new.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewResident {
    /// Who.
    pub person: Person,
    /// Where they live.
    pub door: DoorInput,
    /// Whether the office has looked at the file that seems to be the same person, and says it is another.
    #[serde(default)]
    pub although_alike: bool,
}

/// What is changed in a file.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EditedResident {
    /// As it should be.
    pub person: Person,
    /// The count of changes that the one who edits has seen.
    pub version: i32,
}

/// Which file it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Filed {
    /// The resident.
    pub id: ResidentId,
    /// Counts the changes.
    pub version: i32,
}

impl Person {
    /// The same as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub fn check(&self, today: NaiveDate) -> Result<Self> {
        fn held<T>(field: &'static str, ruled: Ruled<T>) -> Result<T> {
            ruled.map_err(|said| Problem::field(field, said).into())
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Self {
            name: held("name", fields::name(&self.name))?,
            sex: self.sex,
            birth_date: held("birth_date", fields::birth_date(self.birth_date, today))?,
            living: self.living,
            phone: held("phone", fields::phone(&text(&self.phone)))?,
            household_phone: held(
                "household_phone",
                fields::phone(&text(&self.household_phone)),
            )?,
            knock_note: held("knock_note", fields::note(&text(&self.knock_note)))?,
            safety_note: held("safety_note", fields::note(&text(&self.safety_note)))?,
        })
    }
}

/// Opens a file.
///
/// # Errors
/// `invalid` where somebody with this name and day of birth is known already, or the database's.
pub async fn add(
    txn: &DatabaseTransaction,
    caller: &Caller,
    person: &Person,
    door: &Flat,
    although_alike: bool,
    now: DateTime<Utc>,
) -> Result<Filed> {
    if !although_alike {
        refuse_alike(txn, caller, person).await?;
    }
    let home = homes::behind(txn, caller.community, door).await?;
    set_household_phone(txn, home, person.household_phone.as_ref()).await?;
    let row = resident::ActiveModel {
        community_id: Set(caller.community),
        household_id: Set(home),
        name: Set(person.name.clone()),
        initials: Set(initials(&person.name)),
        sex: Set(person.sex),
        birth_date: Set(person.birth_date),
        phone: Set(person.phone.clone()),
        living: Set(person.living),
        knock_note: Set(person.knock_note.clone()),
        safety_note: Set(person.safety_note.clone()),
        state: Set(ResidentState::Active),
        version: Set(1),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    note(txn, caller, row.id, "added", None, now).await?;
    Ok(Filed {
        id: row.id,
        version: row.version,
    })
}

async fn refuse_alike(txn: &DatabaseTransaction, caller: &Caller, person: &Person) -> Result<()> {
    let known = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(caller.community))
        .filter(resident::Column::Name.eq(&person.name))
        .filter(resident::Column::BirthDate.eq(person.birth_date))
        .one(txn)
        .await?;
    match known {
        None => Ok(()),
        Some(known) => Err(Problem::field(
            "name",
            Said::new(
                format!(
                    "花名册里已有同名同生日的人（编号 {}）。请先打开那份档案看一看；确实是另一个人，再勾选“确认不是同一人”。",
                    known.id
                ),
                format!(
                    "Somebody with this name and day of birth is on the roll (number {}). Look at that file first; if this \
                     is somebody else, tick “not the same person”.",
                    known.id
                ),
            ),
        )
        .into()),
    }
}

/// Changes what a file says.
///
/// # Errors
/// `not-found`, `stale` where somebody else changed it since, or the database's.
pub async fn edit(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    person: &Person,
    version: i32,
    now: DateTime<Utc>,
) -> Result<Filed> {
    let row = held(txn, id).await?;
    if row.version != version {
        return Err(Problem::stale().into());
    }
    set_household_phone(txn, row.household_id, person.household_phone.as_ref()).await?;
    let row = resident::ActiveModel {
        id: Set(id),
        name: Set(person.name.clone()),
        initials: Set(initials(&person.name)),
        sex: Set(person.sex),
        birth_date: Set(person.birth_date),
        phone: Set(person.phone.clone()),
        living: Set(person.living),
        knock_note: Set(person.knock_note.clone()),
        safety_note: Set(person.safety_note.clone()),
        version: Set(version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    note(txn, caller, id, "edited", None, now).await?;
    Ok(Filed {
        id,
        version: row.version,
    })
}

async fn set_household_phone(
    txn: &DatabaseTransaction,
    home: entity::ids::HouseholdId,
    phone: Option<&String>,
) -> Result<()> {
    household::ActiveModel {
        id: Set(home),
        phone: Set(phone.cloned()),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// A file, held until the write ends.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn held(txn: &DatabaseTransaction, id: ResidentId) -> Result<resident::Model> {
    store::hold(resident::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Records what was done with a file.
///
/// # Errors
/// The database's.
pub async fn note(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    action: &'static str,
    said: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Resident, id.0);
    let change = Change::new(caller.community, now, Some(caller.account), object, action);
    audit::record(
        txn,
        Change {
            resident: Some(id),
            note: said,
            ..change
        },
    )
    .await
}
