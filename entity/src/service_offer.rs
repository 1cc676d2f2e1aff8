//! `service_offer`: what a service costs from one kind of helper.

use sea_orm::entity::prelude::*;

use crate::ids::ServiceId;
use crate::words::HelperKind;

/// What a service costs from one kind of helper.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_offer")]
pub struct Model {
    /// Which service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceId,
    /// From which kind of helper.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: HelperKind,
    /// In fen; 0 is free.
    pub price_fen: i64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which service.
    #[sea_orm(
        belongs_to = "super::service::Entity",
        from = "Column::ServiceId",
        to = "super::service::Column::Id"
    )]
    Service,
}

impl Related<super::service::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Service.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
