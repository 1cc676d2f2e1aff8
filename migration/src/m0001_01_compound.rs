//! Makes the tables for the community, its compound, grids, buildings and households.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        community(manager).await?;
        compound(manager).await?;
        grid(manager).await?;
        building(manager).await?;
        household(manager).await?;
        Ok(())
    }
}

async fn community(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("community")
                .col(big_pk_auto("id"))
                .col(string("name"))
                .col(string("street"))
                .col(string("time_zone"))
                .col(string("office_phone"))
                .col(boolean("synthetic"))
                .col(integer("horizon_days"))
                .col(integer("cutoff_hours"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn compound(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("compound")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("name"))
                .col(double("station_x_m"))
                .col(double("station_y_m"))
                .foreign_key(
                    ForeignKey::create()
                        .from("compound", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn grid(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("grid")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("compound_id"))
                .col(string("name"))
                .col(big_integer_null("officer_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("grid", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("grid", "compound_id")
                        .to("compound", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn building(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("building")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("compound_id"))
                .col(big_integer("grid_id"))
                .col(string("number"))
                .col(double("x_m"))
                .col(double("y_m"))
                .col(integer("floors"))
                .col(boolean("has_lift"))
                .foreign_key(
                    ForeignKey::create()
                        .from("building", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("building", "compound_id")
                        .to("compound", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("building", "grid_id")
                        .to("grid", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn household(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("household")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("building_id"))
                .col(integer("entrance"))
                .col(integer("floor"))
                .col(string("flat"))
                .col(string("door_key"))
                .col(string_null("phone"))
                .foreign_key(
                    ForeignKey::create()
                        .from("household", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("household", "building_id")
                        .to("building", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("household_community_id_door_key")
                .table("household")
                .col("community_id")
                .col("door_key")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("household_community_id_phone")
                .table("household")
                .col("community_id")
                .col("phone")
                .to_owned(),
        )
        .await?;
    Ok(())
}
