//! `time_account`: an account of the time bank, in whole minutes.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, HelperId, ResidentId, TimeAccountId};
use crate::words::TimeHolder;

/// An account of the time bank, in whole minutes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_account")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: TimeAccountId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Who holds it.
    pub holder: TimeHolder,
    /// The volunteer, of a volunteer's account.
    pub helper_id: Option<HelperId>,
    /// The resident, of a resident's account.
    pub resident_id: Option<ResidentId>,
    /// Minutes in it now. The database refuses less than none, except of `earned`, which holds what all others have, with a minus.
    pub balance_min: i64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
