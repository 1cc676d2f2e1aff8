//! `community`: the tenant: every row of every other table belongs to one.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;

/// The tenant: every row of every other table belongs to one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CommunityId,
    /// What people call it, e.g. 滨湖社区.
    pub name: String,
    /// The street office it belongs to.
    pub street: String,
    /// IANA name of the zone its clocks show.
    pub time_zone: String,
    /// The number people call when they are stuck.
    pub office_phone: String,
    /// Whether everything in it is made up.
    pub synthetic: bool,
    /// How many days ahead can be booked.
    pub horizon_days: i32,
    /// Until how many hours before a visit it can be changed without asking.
    pub cutoff_hours: i32,
    /// Minutes after its start from which a visit without an arrival is late.
    pub late_after_min: i32,
    /// Days after which somebody who lives alone and was not seen is rung; 0 where that is not wanted.
    pub unseen_days: i32,
    /// Days in which a complaint is to be answered.
    pub complaint_days: i32,
    /// Whether coordinators and administrators need a second factor to sign in.
    pub second_factor_required: bool,
    /// When it was set up.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
