//! `help_contact`: who is responsible for which help requests.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, GridId, HelpContactId};
use crate::words::{HelpKind, HelpTier};

/// Who is responsible for help requests of a kind, in a grid, once they are at a tier.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_contact")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: HelpContactId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// At which tier.
    pub tier: HelpTier,
    /// For which kind; all where none.
    pub kind: Option<HelpKind>,
    /// In which grid; all where none.
    pub grid_id: Option<GridId>,
    /// Tier, kind and grid in one word: unique, which a key with absent parts would not be.
    pub covers: String,
    /// Who.
    pub name: String,
    /// Telephone, digits only.
    pub phone: String,
    /// Where requests are mailed to.
    pub email: Option<String>,
}

/// It points to nothing that is followed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
