//! Makes the tables for residents, their families, and who looked at whom.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        resident(manager).await?;
        family_member(manager).await?;
        access_log(manager).await?;
        Ok(())
    }
}

async fn resident(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("resident")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("household_id"))
                .col(string("name"))
                .col(string("initials"))
                .col(string("sex"))
                .col(date("birth_date"))
                .col(string_null("phone"))
                .col(string("living"))
                .col(integer_null("ability_level"))
                .col(date_null("ability_assessed_on"))
                .col(string_null("ability_assessor"))
                .col(date_null("ability_valid_until"))
                .col(string_null("knock_note"))
                .col(string_null("safety_note"))
                .col(string("state"))
                .col(timestamp_with_time_zone_null("last_seen_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("resident", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("resident", "household_id")
                        .to("household", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("resident_community_id_initials")
                .table("resident")
                .col("community_id")
                .col("initials")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("resident_community_id_phone")
                .table("resident")
                .col("community_id")
                .col("phone")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("resident_household_id")
                .table("resident")
                .col("household_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn family_member(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("family_member")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("account_id"))
                .col(big_integer("resident_id"))
                .col(string("relation"))
                .col(boolean("can_book"))
                .col(boolean("wants_mail"))
                .foreign_key(
                    ForeignKey::create()
                        .from("family_member", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("family_member", "account_id")
                        .to("account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("family_member", "resident_id")
                        .to("resident", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("family_member_account_id_resident_id")
                .table("family_member")
                .col("account_id")
                .col("resident_id")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("family_member_resident_id")
                .table("family_member")
                .col("resident_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn access_log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("access_log")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer("account_id"))
                .col(big_integer("resident_id"))
                .col(string("purpose"))
                .foreign_key(
                    ForeignKey::create()
                        .from("access_log", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("access_log_resident_id_at")
                .table("access_log")
                .col("resident_id")
                .col("at")
                .to_owned(),
        )
        .await?;
    Ok(())
}
