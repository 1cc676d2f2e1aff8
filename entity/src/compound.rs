//! `compound`: a housing compound with its station, the place helpers start from and sessions are held.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, CompoundId};

/// A housing compound with its station, the place helpers start from and sessions are held.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "compound")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CompoundId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// What people call it.
    pub name: String,
    /// Metres east of the compound's corner.
    pub station_x_m: f64,
    /// Metres north of the compound's corner.
    pub station_y_m: f64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
