//! Makes the tables for services, prices and special days.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        service(manager).await?;
        service_offer(manager).await?;
        calendar_day(manager).await?;
        Ok(())
    }
}

async fn service(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("service")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("code"))
                .col(string("category"))
                .col(string("name_zh"))
                .col(string("name_en"))
                .col(string("unit"))
                .col(integer("duration_min"))
                .col(big_integer("market_price_fen"))
                .col(big_integer("skill_id"))
                .col(integer("crew_size"))
                .col(integer("lead_time_hours"))
                .col(string("place"))
                .col(integer("ability_min"))
                .col(integer("ability_max"))
                .col(boolean("intimate"))
                .col(boolean("credit"))
                .col(string("home_service_class"))
                .col(integer("priority"))
                .col(boolean("active"))
                .foreign_key(
                    ForeignKey::create()
                        .from("service", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("service", "skill_id")
                        .to("skill", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("service_community_id_code")
                .table("service")
                .col("community_id")
                .col("code")
                .unique()
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn service_offer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("service_offer")
                .col(big_integer("service_id"))
                .col(string("kind"))
                .col(big_integer("price_fen"))
                .primary_key(Index::create().col("service_id").col("kind"))
                .foreign_key(
                    ForeignKey::create()
                        .from("service_offer", "service_id")
                        .to("service", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn calendar_day(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("calendar_day")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(date("date"))
                .col(string("kind"))
                .col(string("name_zh"))
                .col(string("name_en"))
                .foreign_key(
                    ForeignKey::create()
                        .from("calendar_day", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("calendar_day_community_id_date")
                .table("calendar_day")
                .col("community_id")
                .col("date")
                .unique()
                .to_owned(),
        )
        .await?;
    Ok(())
}
