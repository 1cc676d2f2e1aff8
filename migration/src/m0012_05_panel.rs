//! Makes the tables of the panel: criteria by version, months, sheets, interests, results, consequences.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        criteria_set(manager).await?;
        criterion(manager).await?;
        panel_month(manager).await?;
        panel_sheet(manager).await?;
        panel_point(manager).await?;
        panel_interest(manager).await?;
        panel_result(manager).await?;
        consequence(manager).await
    }
}

async fn criteria_set(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("criteria_set")
        .col(big_integer("community_id"))
        .col(integer("version"))
        .col(big_integer_null("made_by"))
        .col(timestamp_with_time_zone("made_at"))
        .primary_key(Index::create().col("community_id").col("version"));
    for (column, other) in [("community_id", "community"), ("made_by", "account")] {
        table.foreign_key(
            ForeignKey::create()
                .from("criteria_set", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await
}

async fn criterion(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("criterion")
        .col(big_integer("community_id"))
        .col(integer("version"))
        .col(integer("position"))
        .col(string("name_zh"))
        .col(string("name_en"))
        .col(integer("weight"))
        .col(integer("max_points"))
        .check(Expr::cust("weight > 0"))
        .check(Expr::cust("max_points > 0"))
        .primary_key(
            Index::create()
                .col("community_id")
                .col("version")
                .col("position"),
        );
    table.foreign_key(
        ForeignKey::create()
            .from("criterion", "community_id")
            .to("community", "id"),
    );
    manager.create_table(table).await
}

async fn panel_month(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("panel_month")
        .col(big_integer("community_id"))
        .col(date("month"))
        .col(integer("criteria_version"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(big_integer_null("closed_by"))
        .primary_key(Index::create().col("community_id").col("month"));
    for (column, other) in [("community_id", "community"), ("closed_by", "account")] {
        table.foreign_key(
            ForeignKey::create()
                .from("panel_month", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await
}

async fn panel_sheet(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("panel_sheet")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(date("month"))
        .col(big_integer("provider_id"))
        .col(big_integer("account_id"))
        .col(integer("score_bp"))
        .col(string_null("note"))
        .col(timestamp_with_time_zone("saved_at"))
        .col(integer("version"));
    for (column, other) in [
        ("community_id", "community"),
        ("provider_id", "provider"),
        ("account_id", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("panel_sheet", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("panel_sheet_community_id_month_provider_id_account_id")
                .table("panel_sheet")
                .col("community_id")
                .col("month")
                .col("provider_id")
                .col("account_id")
                .unique()
                .to_owned(),
        )
        .await
}

async fn panel_point(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("panel_point")
        .col(big_integer("sheet_id"))
        .col(integer("position"))
        .col(integer("points"))
        .check(Expr::cust("points >= 0"))
        .primary_key(Index::create().col("sheet_id").col("position"));
    table.foreign_key(
        ForeignKey::create()
            .from("panel_point", "sheet_id")
            .to("panel_sheet", "id"),
    );
    manager.create_table(table).await
}

async fn panel_interest(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("panel_interest")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("account_id"))
        .col(big_integer("provider_id"))
        .col(string("kind"))
        .col(string("why"))
        .col(big_integer("declared_by"))
        .col(timestamp_with_time_zone("declared_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(big_integer_null("ended_by"));
    for (column, other) in [
        ("community_id", "community"),
        ("account_id", "account"),
        ("provider_id", "provider"),
        ("declared_by", "account"),
        ("ended_by", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("panel_interest", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("panel_interest_community_id_account_id")
                .table("panel_interest")
                .col("community_id")
                .col("account_id")
                .to_owned(),
        )
        .await
}

async fn panel_result(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("panel_result")
        .col(big_integer("community_id"))
        .col(date("month"))
        .col(big_integer("provider_id"))
        .col(integer_null("score_bp"))
        .col(integer("members"))
        .col(integer("served"))
        .col(integer("late"))
        .col(integer("missed"))
        .col(integer("rated"))
        .col(integer("rating_sum"))
        .col(integer("complaints"))
        .primary_key(
            Index::create()
                .col("community_id")
                .col("month")
                .col("provider_id"),
        );
    for (column, other) in [("community_id", "community"), ("provider_id", "provider")] {
        table.foreign_key(
            ForeignKey::create()
                .from("panel_result", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await
}

async fn consequence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("consequence")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(date("month"))
        .col(big_integer("provider_id"))
        .col(string("kind"))
        .col(string("reason"))
        .col(big_integer("decided_by"))
        .col(timestamp_with_time_zone("decided_at"));
    for (column, other) in [
        ("community_id", "community"),
        ("provider_id", "provider"),
        ("decided_by", "account"),
    ] {
        table.foreign_key(
            ForeignKey::create()
                .from("consequence", column)
                .to(other, "id"),
        );
    }
    manager.create_table(table).await?;
    manager
        .create_index(
            Index::create()
                .name("consequence_community_id_month")
                .table("consequence")
                .col("community_id")
                .col("month")
                .to_owned(),
        )
        .await
}
