//! `calendar_day`: a date that is not like its weekday: a closed holiday, or a weekend that is worked.

use sea_orm::entity::prelude::*;

use crate::ids::{CalendarDayId, CommunityId};
use crate::words::DayKind;

/// A date that is not like its weekday: a closed holiday, or a weekend that is worked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_day")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CalendarDayId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The local date.
    pub date: Date,
    /// Closed or worked.
    pub kind: DayKind,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
