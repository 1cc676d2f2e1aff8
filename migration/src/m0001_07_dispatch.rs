//! Makes the tables for assignments, the claims on time, and plans.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        assignment(manager).await?;
        helper_slot(manager).await?;
        helper_day(manager).await?;
        plan(manager).await?;
        plan_change(manager).await?;
        Ok(())
    }
}

async fn assignment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("assignment")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("visit_id"))
                .col(big_integer("helper_id"))
                .col(string("state"))
                .col(timestamp_with_time_zone("starts_at"))
                .col(timestamp_with_time_zone("ends_at"))
                .col(string("source"))
                .col(json_binary("reasons"))
                .col(string_null("override_reason"))
                .col(big_integer_null("assigned_by"))
                .col(timestamp_with_time_zone("offered_at"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(string_null("decline_reason"))
                .foreign_key(
                    ForeignKey::create()
                        .from("assignment", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("assignment", "visit_id")
                        .to("visit", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("assignment", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("assignment_helper_id_starts_at")
                .table("assignment")
                .col("helper_id")
                .col("starts_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("assignment_visit_id")
                .table("assignment")
                .col("visit_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn helper_slot(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("helper_slot")
                .col(big_integer("helper_id"))
                .col(big_integer("slot"))
                .col(big_integer("assignment_id"))
                .primary_key(Index::create().col("helper_id").col("slot"))
                .foreign_key(
                    ForeignKey::create()
                        .from("helper_slot", "helper_id")
                        .to("helper", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("helper_slot", "assignment_id")
                        .to("assignment", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("helper_slot_assignment_id")
                .table("helper_slot")
                .col("assignment_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn helper_day(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("helper_day")
                .col(big_integer("helper_id"))
                .col(date("date"))
                .primary_key(Index::create().col("helper_id").col("date"))
                .foreign_key(
                    ForeignKey::create()
                        .from("helper_day", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn plan(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("plan")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(date("date"))
                .col(string("state"))
                .col(big_integer("created_by"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("published_at"))
                .col(big_integer("seed"))
                .col(big_integer("iterations"))
                .col(json_binary("summary"))
                .foreign_key(
                    ForeignKey::create()
                        .from("plan", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("plan", "created_by")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("plan_community_id_date")
                .table("plan")
                .col("community_id")
                .col("date")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn plan_change(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("plan_change")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("plan_id"))
                .col(big_integer("visit_id"))
                .col(string("kind"))
                .col(json_binary("from_helpers"))
                .col(timestamp_with_time_zone_null("from_start"))
                .col(json_binary("to_helpers"))
                .col(timestamp_with_time_zone("to_start"))
                .col(json_binary("reasons"))
                .col(integer("visit_version"))
                .col(boolean_null("applied"))
                .foreign_key(
                    ForeignKey::create()
                        .from("plan_change", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("plan_change", "plan_id")
                        .to("plan", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("plan_change", "visit_id")
                        .to("visit", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("plan_change_plan_id")
                .table("plan_change")
                .col("plan_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}
