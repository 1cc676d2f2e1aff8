//! Makes the tables for accounts, roles, sessions and one-time links.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        account(manager).await?;
        account_role(manager).await?;
        session(manager).await?;
        one_time_link(manager).await?;
        Ok(())
    }
}

async fn account(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("account")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("name"))
                .col(string_null("login"))
                .col(string_null("password_hash"))
                .col(string_null("email"))
                .col(string_null("phone"))
                .col(string("lang"))
                .col(boolean("disabled"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("account", "community_id")
                        .to("community", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("account_login")
                .table("account")
                .col("login")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("account_community_id_email")
                .table("account")
                .col("community_id")
                .col("email")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn account_role(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("account_role")
                .col(big_integer("account_id"))
                .col(string("role"))
                .primary_key(Index::create().col("account_id").col("role"))
                .foreign_key(
                    ForeignKey::create()
                        .from("account_role", "account_id")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("session")
                .col(string("id"))
                .col(json_binary("data"))
                .col(big_integer_null("account_id"))
                .col(timestamp_with_time_zone("expires_at"))
                .primary_key(Index::create().col("id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("session_account_id")
                .table("session")
                .col("account_id")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("session_expires_at")
                .table("session")
                .col("expires_at")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn one_time_link(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("one_time_link")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("token_hash"))
                .col(big_integer("account_id"))
                .col(big_integer_null("visit_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("used_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("one_time_link", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("one_time_link", "account_id")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("one_time_link_token_hash")
                .table("one_time_link")
                .col("token_hash")
                .unique()
                .to_owned(),
        )
        .await?;
    Ok(())
}
