//! `series`: a booking's repeat rule.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, HelperId, ResidentId, SeriesId, ServiceId};
use crate::words::{Channel, OnHoliday, SeriesState};

/// A booking's repeat rule.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: SeriesId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For whom.
    pub resident_id: ResidentId,
    /// What.
    pub service_id: ServiceId,
    /// Who asked.
    pub made_by: AccountId,
    /// How they asked.
    pub channel: Channel,
    /// Where it stands.
    pub state: SeriesState,
    /// What happens on a closed day.
    pub on_holiday: OnHoliday,
    /// The first local date.
    pub first_date: Date,
    /// The last one, once it is known.
    pub last_date: Option<Date>,
    /// The first local date of a pause.
    pub paused_from: Option<Date>,
    /// The first local date after the pause; open where nothing is said.
    pub resumes_on: Option<Date>,
    /// No visit begins before this: when it was asked for, and the lead time after it.
    pub not_before: DateTimeUtc,
    /// Whom they would like.
    pub wish_helper_id: Option<HelperId>,
    /// What they added.
    pub note: Option<String>,
    /// For meals: what to cook, by weekday from "1", Monday, to "7".
    pub dishes: Option<Json>,
    /// Counts the changes, so that two people do not overwrite each other.
    pub version: i32,
    /// The last local date up to which visits were made.
    pub generated_until: Option<Date>,
    /// When that was.
    pub generated_at: Option<DateTimeUtc>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When its resident's file was closed, where it ended with that.
    pub left_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
    /// What.
    #[sea_orm(
        belongs_to = "super::service::Entity",
        from = "Column::ServiceId",
        to = "super::service::Column::Id"
    )]
    Service,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl Related<super::service::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Service.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
