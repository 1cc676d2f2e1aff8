//! Makes the tables for providers, helpers, and when they can come.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        provider(manager).await?;
        skill(manager).await?;
        helper(manager).await?;
        helper_skill(manager).await?;
        credential(manager).await?;
        availability(manager).await?;
        availability_exception(manager).await?;
        leave(manager).await?;
        wish(manager).await?;
        Ok(())
    }
}

async fn provider(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("provider")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("kind"))
                .col(string("name"))
                .col(string("phone"))
                .col(string("state"))
                .foreign_key(
                    ForeignKey::create()
                        .from("provider", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn skill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("skill")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("code"))
                .col(string("name_zh"))
                .col(string("name_en"))
                .col(boolean("needs_credential"))
                .foreign_key(
                    ForeignKey::create()
                        .from("skill", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("skill_community_id_code")
                .table("skill")
                .col("community_id")
                .col("code")
                .unique()
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn helper(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("helper")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("provider_id"))
                .col(big_integer("account_id"))
                .col(string("kind"))
                .col(string("name"))
                .col(string("initials"))
                .col(string("sex"))
                .col(date("birth_date"))
                .col(string("phone"))
                .col(big_integer_null("home_id"))
                .col(integer("daily_limit_min"))
                .col(integer("weekly_limit_min"))
                .col(boolean("active"))
                .foreign_key(
                    ForeignKey::create()
                        .from("helper", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("helper", "provider_id")
                        .to("provider", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("helper", "account_id")
                        .to("account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("helper", "home_id")
                        .to("household", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("helper_community_id_kind")
                .table("helper")
                .col("community_id")
                .col("kind")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("helper_account_id")
                .table("helper")
                .col("account_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn helper_skill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("helper_skill")
                .col(big_integer("helper_id"))
                .col(big_integer("skill_id"))
                .primary_key(Index::create().col("helper_id").col("skill_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("helper_skill", "helper_id")
                        .to("helper", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("helper_skill", "skill_id")
                        .to("skill", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn credential(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("credential")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("helper_id"))
                .col(big_integer("skill_id"))
                .col(string("name"))
                .col(string("number"))
                .col(date("valid_from"))
                .col(date("valid_until"))
                .foreign_key(
                    ForeignKey::create()
                        .from("credential", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("credential", "helper_id")
                        .to("helper", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("credential", "skill_id")
                        .to("skill", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("credential_helper_id")
                .table("credential")
                .col("helper_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn availability(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("availability")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("helper_id"))
                .col(integer("weekday"))
                .col(integer("from_min"))
                .col(integer("to_min"))
                .foreign_key(
                    ForeignKey::create()
                        .from("availability", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("availability", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("availability_helper_id")
                .table("availability")
                .col("helper_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn availability_exception(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("availability_exception")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("helper_id"))
                .col(date("date"))
                .col(integer_null("from_min"))
                .col(integer_null("to_min"))
                .foreign_key(
                    ForeignKey::create()
                        .from("availability_exception", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("availability_exception", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("availability_exception_helper_id_date")
                .table("availability_exception")
                .col("helper_id")
                .col("date")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn leave(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("leave")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("helper_id"))
                .col(date("from_date"))
                .col(date("to_date"))
                .col(string("reason"))
                .col(big_integer("recorded_by"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("leave", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("leave", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("leave_helper_id_to_date")
                .table("leave")
                .col("helper_id")
                .col("to_date")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn wish(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("wish")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("resident_id"))
                .col(big_integer("helper_id"))
                .col(string("kind"))
                .col(string("by"))
                .foreign_key(
                    ForeignKey::create()
                        .from("wish", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("wish", "resident_id")
                        .to("resident", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("wish", "helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("wish_resident_id_helper_id_kind_by")
                .table("wish")
                .col("resident_id")
                .col("helper_id")
                .col("kind")
                .col("by")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("wish_helper_id")
                .table("wish")
                .col("helper_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}
