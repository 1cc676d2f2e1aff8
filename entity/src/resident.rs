//! `resident`: an older person on the roll.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, HouseholdId, ResidentId};
use crate::words::{Living, ResidentState, Sex};

/// An older person on the roll.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ResidentId,
    /// Whose roll.
    pub community_id: CommunityId,
    /// Where they live.
    pub household_id: HouseholdId,
    /// Full name.
    pub name: String,
    /// Pinyin initials of the name, small letters.
    pub initials: String,
    /// As the roll has it.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: Date,
    /// Own telephone, digits only.
    pub phone: Option<String>,
    /// With whom they live.
    pub living: Living,
    /// GB/T 42195-2022: 0 intact to 4 fully dependent; stored, never computed.
    pub ability_level: Option<i32>,
    /// When it was assessed.
    pub ability_assessed_on: Option<Date>,
    /// Who assessed it.
    pub ability_assessor: Option<String>,
    /// Until when the assessment holds.
    pub ability_valid_until: Option<Date>,
    /// How to get in.
    pub knock_note: Option<String>,
    /// What a helper has to mind.
    pub safety_note: Option<String>,
    /// Whether they can be booked for.
    pub state: ResidentState,
    /// When somebody of ours last saw them.
    pub last_seen_at: Option<DateTimeUtc>,
    /// The day on which they died or moved away.
    pub left_on: Option<Date>,
    /// When that was written down: what it cancelled carries the same instant.
    pub left_at: Option<DateTimeUtc>,
    /// When everything personal was erased from it; what is left stands for the counts alone.
    pub erased_at: Option<DateTimeUtc>,
    /// Counts the changes of the file, so that two people do not overwrite each other.
    pub version: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Where they live.
    #[sea_orm(
        belongs_to = "super::household::Entity",
        from = "Column::HouseholdId",
        to = "super::household::Column::Id"
    )]
    Household,
}

impl Related<super::household::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Household.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
