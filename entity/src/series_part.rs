//! `series_part`: how a series repeats from a date on; the latest part that has begun holds.

use sea_orm::entity::prelude::*;

use crate::ids::{SeriesId, SeriesPartId};

/// How a series repeats from a date on; the latest part that has begun holds.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series_part")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: SeriesPartId,
    /// Of which series.
    pub series_id: SeriesId,
    /// From which local date on.
    pub from_date: Date,
    /// The rule, an RRULE as RFC 5545 has it.
    pub rule: String,
    /// Minutes after local midnight, on the 5-minute grid.
    pub start_min: i32,
    /// Minutes of service.
    pub duration_min: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which series.
    #[sea_orm(
        belongs_to = "super::series::Entity",
        from = "Column::SeriesId",
        to = "super::series::Column::Id"
    )]
    Series,
}

impl Related<super::series::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Series.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
