//! `service`: a line of the catalogue.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, ServiceId, SkillId};
use crate::words::Place;

/// A line of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ServiceId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Stable code, e.g. MEA02.
    pub code: String,
    /// The category's word, e.g. 助餐.
    pub category: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What the price is for.
    pub unit: String,
    /// Minutes, a multiple of 5.
    pub duration_min: i32,
    /// What it costs elsewhere, in fen.
    pub market_price_fen: i64,
    /// What the helper must be able to do.
    pub skill_id: SkillId,
    /// 1 or 2 helpers.
    pub crew_size: i32,
    /// Hours between asking and the visit at least.
    pub lead_time_hours: i32,
    /// In the home or at the station.
    pub place: Place,
    /// Lowest ability level it is for.
    pub ability_min: i32,
    /// Highest ability level it is for.
    pub ability_max: i32,
    /// Whether the helper's sex has to suit the resident.
    pub intimate: bool,
    /// Whether a volunteer earns time-bank credit with it.
    pub credit: bool,
    /// Class of home service after GB/T 43153-2023.
    pub home_service_class: String,
    /// How much it hurts when it is not served, 1 to 9.
    pub priority: i32,
    /// Whether it can be booked.
    pub active: bool,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What the helper must be able to do.
    #[sea_orm(
        belongs_to = "super::skill::Entity",
        from = "Column::SkillId",
        to = "super::skill::Column::Id"
    )]
    Skill,
}

impl Related<super::skill::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Skill.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
