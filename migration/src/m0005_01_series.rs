//! Makes the tables of repeat rules and of the dates that came of them. The unique keys are what keeps two processes from
//! serving a date twice: one row for each date of the rule, and one series on a day once.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        series(manager).await?;
        part(manager).await?;
        date_row(manager).await?;
        for (name, table, columns, unique) in [
            ("series_resident_id", "series", vec!["resident_id"], false),
            (
                "series_community_id_state",
                "series",
                vec!["community_id", "state"],
                false,
            ),
            (
                "series_part_series_id_from_date",
                "series_part",
                vec!["series_id", "from_date"],
                true,
            ),
            (
                "series_date_series_id_date",
                "series_date",
                vec!["series_id", "date"],
                true,
            ),
            (
                "series_date_series_id_served_on",
                "series_date",
                vec!["series_id", "served_on"],
                true,
            ),
            (
                "series_date_booking_id",
                "series_date",
                vec!["booking_id"],
                true,
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn to(table: &'static str, column: &'static str, of: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(of, "id")
        .to_owned()
}

async fn series(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("series")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("resident_id"))
                .col(big_integer("service_id"))
                .col(big_integer("made_by"))
                .col(string("channel"))
                .col(string("state"))
                .col(string("on_holiday"))
                .col(date("first_date"))
                .col(date_null("last_date"))
                .col(date_null("paused_from"))
                .col(date_null("resumes_on"))
                .col(timestamp_with_time_zone("not_before"))
                .col(big_integer_null("wish_helper_id"))
                .col(string_null("note"))
                .col(json_null("dishes"))
                .col(integer("version"))
                .col(date_null("generated_until"))
                .col(timestamp_with_time_zone_null("generated_at"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut to("series", "community_id", "community"))
                .foreign_key(&mut to("series", "resident_id", "resident"))
                .foreign_key(&mut to("series", "service_id", "service"))
                .foreign_key(&mut to("series", "made_by", "account"))
                .foreign_key(&mut to("series", "wish_helper_id", "helper"))
                .to_owned(),
        )
        .await
}

async fn part(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("series_part")
                .col(big_pk_auto("id"))
                .col(big_integer("series_id"))
                .col(date("from_date"))
                .col(string("rule"))
                .col(integer("start_min"))
                .col(integer("duration_min"))
                .foreign_key(&mut to("series_part", "series_id", "series"))
                .to_owned(),
        )
        .await
}

async fn date_row(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("series_date")
                .col(big_pk_auto("id"))
                .col(big_integer("series_id"))
                .col(date("date"))
                .col(string("outcome"))
                .col(date_null("served_on"))
                .col(timestamp_with_time_zone_null("start"))
                .col(integer_null("duration_min"))
                .col(big_integer_null("booking_id"))
                .col(boolean("by_hand"))
                .col(boolean("matched"))
                .col(string_null("dish"))
                .foreign_key(&mut to("series_date", "series_id", "series"))
                .foreign_key(&mut to("series_date", "booking_id", "booking"))
                .to_owned(),
        )
        .await
}
