//! Who is responsible: the table of contacts by kind and grid, the grid officer where it says nothing.

use axum::http::StatusCode;
use entity::ids::{AccountId, CommunityId, GridId, HelpContactId};
use entity::words::{HelpKind, HelpTier, Lang, Subject};
use entity::{account, community, grid, help_contact, help_request};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait,
    QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{kind_word, tier_word};
use super::{at_most, check_phone};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Admin;
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// A contact in the table.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelpContact {
    /// The contact.
    pub id: HelpContactId,
    /// At which tier.
    pub tier: HelpTier,
    /// The same in words.
    pub tier_word: String,
    /// For which kind; all where none.
    pub kind: Option<HelpKind>,
    /// The same in words.
    pub kind_word: Option<String>,
    /// In which grid; all where none.
    pub grid_id: Option<GridId>,
    /// Its name.
    pub grid: Option<String>,
    /// Who.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Where requests are mailed to.
    pub email: Option<String>,
}

/// A contact to be kept: the one for this tier, kind and grid, whether there was one or not.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct KeepContact {
    /// At which tier.
    pub tier: HelpTier,
    /// For which kind; all when left out.
    pub kind: Option<HelpKind>,
    /// In which grid; all when left out.
    pub grid_id: Option<GridId>,
    /// Who, 1 to 50 characters.
    pub name: String,
    /// Telephone, 3 to 20 digits.
    pub phone: String,
    /// Where requests are mailed to.
    pub email: Option<String>,
}

/// Whoever is responsible for a request now.
#[derive(Clone, Debug)]
pub struct Responsible {
    /// Who.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// The contact, where the table names one.
    pub contact: Option<HelpContactId>,
    /// The account, where it is the grid officer.
    pub account: Option<AccountId>,
}

/// The most fitting of these contacts: one for kind and grid before one for the kind, that before one for the grid.
#[must_use]
pub fn fitting(
    contacts: &[help_contact::Model],
    tier: HelpTier,
    kind: HelpKind,
    grid: GridId,
) -> Option<&help_contact::Model> {
    contacts
        .iter()
        .filter(|one| one.tier == tier)
        .filter(|one| one.kind.is_none_or(|only| only == kind))
        .filter(|one| one.grid_id.is_none_or(|only| only == grid))
        .max_by_key(|one| (one.kind.is_some(), one.grid_id.is_some()))
}

/// Whoever is responsible for a request as it stands.
///
/// # Errors
/// The database's.
pub async fn responsible<C: ConnectionTrait>(
    db: &C,
    row: &help_request::Model,
) -> Result<Responsible> {
    Directory::read(db, row.community_id)
        .await
        .map(|directory| directory.responsible(row))
}

/// Everything that says who is responsible in a community.
#[derive(Clone, Debug)]
pub struct Directory {
    contacts: Vec<help_contact::Model>,
    grids: Vec<grid::Model>,
    officers: Vec<account::Model>,
    community: community::Model,
}

impl Directory {
    /// Reads it.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(db: &C, id: CommunityId) -> Result<Self> {
        let contacts = help_contact::Entity::find()
            .filter(help_contact::Column::CommunityId.eq(id))
            .order_by_asc(help_contact::Column::Id)
            .all(db)
            .await?;
        let grids = grid::Entity::find()
            .filter(grid::Column::CommunityId.eq(id))
            .order_by_asc(grid::Column::Id)
            .all(db)
            .await?;
        let officers = account::Entity::find()
            .filter(account::Column::Id.is_in(grids.iter().filter_map(|row| row.officer_id)))
            .filter(account::Column::Disabled.eq(false))
            .all(db)
            .await?;
        let community = community::Entity::find_by_id(id)
            .one(db)
            .await?
            .ok_or_else(|| Error::Internal("a request without a community".into()))?;
        Ok(Self {
            contacts,
            grids,
            officers,
            community,
        })
    }

    /// The name of a grid.
    #[must_use]
    pub fn grid_name(&self, id: GridId) -> String {
        let found = self.grids.iter().find(|row| row.id == id);
        found.map_or_else(String::new, |row| row.name.clone())
    }

    /// Whoever is responsible: the table's contact, else the grid officer, the community's office, the street office.
    #[must_use]
    pub fn responsible(&self, row: &help_request::Model) -> Responsible {
        if let Some(contact) = fitting(&self.contacts, row.tier, row.kind, row.grid_id) {
            return Responsible {
                name: contact.name.clone(),
                phone: Some(contact.phone.clone()),
                contact: Some(contact.id),
                account: None,
            };
        }
        let officer = self
            .grids
            .iter()
            .find(|grid| grid.id == row.grid_id)
            .and_then(|grid| grid.officer_id)
            .and_then(|id| self.officers.iter().find(|officer| officer.id == id));
        match (row.tier, officer) {
            (HelpTier::Grid, Some(officer)) => Responsible {
                name: officer.name.clone(),
                phone: officer.phone.clone(),
                contact: None,
                account: Some(officer.id),
            },
            (HelpTier::Street, _) => Responsible {
                name: self.community.street.clone(),
                phone: None,
                contact: None,
                account: None,
            },
            (HelpTier::Grid | HelpTier::Community, _) => Responsible {
                name: self.community.name.clone(),
                phone: Some(self.community.office_phone.clone()),
                contact: None,
                account: None,
            },
        }
    }

    /// The table, as it is shown.
    #[must_use]
    pub fn table(&self, lang: Lang) -> Vec<HelpContact> {
        let mut rows: Vec<_> = self.contacts.iter().collect();
        rows.sort_by_key(|row| (row.tier, row.kind, row.grid_id));
        rows.into_iter().map(|row| self.view(row, lang)).collect()
    }

    fn view(&self, row: &help_contact::Model, lang: Lang) -> HelpContact {
        HelpContact {
            id: row.id,
            tier: row.tier,
            tier_word: tier_word(row.tier, lang).to_owned(),
            kind: row.kind,
            kind_word: row.kind.map(|kind| kind_word(kind, lang).to_owned()),
            grid_id: row.grid_id,
            grid: row.grid_id.map(|grid| self.grid_name(grid)),
            name: row.name.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
        }
    }
}

/// Tier, kind and grid in one word.
pub(crate) fn covers(tier: HelpTier, kind: Option<HelpKind>, grid: Option<GridId>) -> String {
    let kind = kind.map_or_else(|| "*".to_owned(), |kind| kind.to_value());
    let grid = grid.map_or_else(|| "*".to_owned(), |grid| grid.to_string());
    format!("{}.{kind}.{grid}", tier.to_value())
}

/// Keeps the contact for a tier, kind and grid.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn keep(
    app: &App,
    Admin(caller): Admin,
    body: KeepContact,
    once: Once,
) -> Result<Answer> {
    let name = at_most("name", Some(&body.name), 50)?.ok_or_else(|| missing("name"))?;
    let phone = check_phone(Some(&body.phone))?.ok_or_else(|| missing("phone"))?;
    let email = check_email(body.email.as_deref())?;
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, body) = (caller.clone(), body.clone());
        let (name, phone, email) = (name.clone(), phone.clone(), email.clone());
        Box::pin(async move {
            let before = Directory::read(txn, caller.community).await?;
            if body
                .grid_id
                .is_some_and(|id| !before.grids.iter().any(|grid| grid.id == id))
            {
                return Err(no_such_grid().into());
            }
            let covers = covers(body.tier, body.kind, body.grid_id);
            let known = before.contacts.iter().find(|row| row.covers == covers);
            let mut row = help_contact::ActiveModel {
                community_id: Set(caller.community),
                tier: Set(body.tier),
                kind: Set(body.kind),
                grid_id: Set(body.grid_id),
                covers: Set(covers),
                name: Set(name),
                phone: Set(phone),
                email: Set(email),
                ..Default::default()
            };
            let row = match known {
                Some(known) => {
                    row.id = Set(known.id);
                    row.update(txn).await?
                }
                None => row.insert(txn).await?,
            };
            let object = (Subject::HelpSetting, row.id.0);
            let by = Some(caller.account);
            let change = Change::new(caller.community, now, by, object, "contact_kept");
            audit::record(txn, change.noted(Some(row.covers.clone()))).await?;
            Ok(before.view(&row, caller.lang))
        })
    })
    .await
}

/// Takes a contact out of the table; whoever comes next in line is responsible from then on.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn remove(app: &App, Admin(caller): Admin, id: HelpContactId) -> Result<()> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let (by, community) = (Some(caller.account), caller.community);
            Box::pin(async move {
                let gone = help_contact::Entity::delete_many()
                    .filter(help_contact::Column::Id.eq(id))
                    .filter(help_contact::Column::CommunityId.eq(community))
                    .exec(txn)
                    .await?;
                if gone.rows_affected == 0 {
                    return Err(Problem::not_found().into());
                }
                let object = (Subject::HelpSetting, id.0);
                let change = Change::new(community, now, by, object, "contact_removed");
                audit::record(txn, change).await
            })
        })
        .await
}

fn missing(field: &'static str) -> Error {
    Problem::field(field, Said::new("请填写这一项。", "Please fill this in.")).into()
}

fn no_such_grid() -> Problem {
    Problem::field(
        "grid_id",
        Said::new("没有这个网格。", "There is no such grid."),
    )
}

fn check_email(email: Option<&str>) -> Result<Option<String>> {
    let email = at_most("email", email, 100)?;
    if email
        .as_ref()
        .is_some_and(|text| text.parse::<lettre::Address>().is_err())
    {
        return Err(Problem::field(
            "email",
            Said::new("邮箱地址不对。", "This is no e-mail address."),
        )
        .into());
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(
        id: i64,
        tier: HelpTier,
        kind: Option<HelpKind>,
        grid: Option<i64>,
    ) -> help_contact::Model {
        help_contact::Model {
            id: HelpContactId(id),
            community_id: CommunityId(1),
            tier,
            kind,
            grid_id: grid.map(GridId),
            covers: covers(tier, kind, grid.map(GridId)),
            name: format!("contact {id}"),
            phone: "07100000000".into(),
            email: None,
        }
    }

    #[test]
    fn the_most_fitting_contact_is_responsible() {
        let water = Some(HelpKind::Water);
        let all = [
            contact(1, HelpTier::Grid, None, None),
            contact(2, HelpTier::Grid, None, Some(1)),
            contact(3, HelpTier::Grid, water, None),
            contact(4, HelpTier::Grid, water, Some(1)),
            contact(5, HelpTier::Community, None, None),
        ];
        let who = |tier, kind, grid| fitting(&all, tier, kind, GridId(grid)).map(|one| one.id.0);
        assert_eq!(who(HelpTier::Grid, HelpKind::Water, 1), Some(4));
        assert_eq!(who(HelpTier::Grid, HelpKind::Water, 2), Some(3));
        assert_eq!(who(HelpTier::Grid, HelpKind::Gas, 1), Some(2));
        assert_eq!(who(HelpTier::Grid, HelpKind::Gas, 2), Some(1));
        assert_eq!(who(HelpTier::Community, HelpKind::Gas, 2), Some(5));
        assert_eq!(who(HelpTier::Street, HelpKind::Gas, 2), None);
    }

    #[test]
    fn what_two_contacts_cover_differs_where_they_do() {
        let words = [
            covers(HelpTier::Grid, None, None),
            covers(HelpTier::Grid, Some(HelpKind::Gas), None),
            covers(HelpTier::Grid, None, Some(GridId(1))),
            covers(HelpTier::Street, None, None),
        ];
        let different: std::collections::HashSet<_> = words.iter().collect();
        assert_eq!(different.len(), words.len());
    }
}
