//! `panel_result`: what came of a closed month for one provider.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, ProviderId};

/// What came of a closed month for one provider, as it stood then.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_result")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// First day of the month.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    /// Which provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: ProviderId,
    /// Mean of the sheets, in hundredths of a percent; none where nobody scored it.
    pub score_bp: Option<i32>,
    /// How many members scored it.
    pub members: i32,
    /// Visits that were done.
    pub served: i32,
    /// Visits that began late.
    pub late: i32,
    /// Visits that did not happen.
    pub missed: i32,
    /// Ratings of the month's visits.
    pub rated: i32,
    /// Their scores added up.
    pub rating_sum: i32,
    /// Complaints of the month.
    pub complaints: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
