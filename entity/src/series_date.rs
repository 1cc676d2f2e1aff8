//! `series_date`: one date of a series and what came of it.

use sea_orm::entity::prelude::*;

use crate::ids::{BookingId, SeriesDateId, SeriesId};
use crate::words::DateOutcome;

/// One date of a series and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series_date")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: SeriesDateId,
    /// Of which series.
    pub series_id: SeriesId,
    /// The date that the rule names, or that a person added. Once in a series.
    pub date: Date,
    /// What came of it.
    pub outcome: DateOutcome,
    /// The local date it is served on; none where it is not. Once in a series.
    pub served_on: Option<Date>,
    /// When it begins.
    pub start: Option<DateTimeUtc>,
    /// Minutes of service.
    pub duration_min: Option<i32>,
    /// The booking it became.
    pub booking_id: Option<BookingId>,
    /// Whether a person changed it: then the rule leaves it alone.
    pub by_hand: bool,
    /// Whether somebody was looked for.
    pub matched: bool,
    /// For meals: what to cook, where it is not the weekday's.
    pub dish: Option<String>,
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
    /// The booking it became.
    #[sea_orm(
        belongs_to = "super::booking::Entity",
        from = "Column::BookingId",
        to = "super::booking::Column::Id"
    )]
    Booking,
}

impl Related<super::series::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Series.def()
    }
}

impl Related<super::booking::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Booking.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
