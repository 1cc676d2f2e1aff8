//! Makes the tables for calls, bookings, visits and what is asked of them.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        call(manager).await?;
        callback(manager).await?;
        booking(manager).await?;
        visit(manager).await?;
        change_request(manager).await?;
        Ok(())
    }
}

async fn call(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("call")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("clerk_id"))
                .col(string_null("number"))
                .col(big_integer_null("household_id"))
                .col(big_integer_null("resident_id"))
                .col(timestamp_with_time_zone("started_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(string_null("outcome"))
                .col(string_null("note"))
                .col(big_integer_null("booking_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("call", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("call", "clerk_id")
                        .to("account", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("call", "household_id")
                        .to("household", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("call", "resident_id")
                        .to("resident", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("call_household_id")
                .table("call")
                .col("household_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn callback(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("callback")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("call_id"))
                .col(big_integer_null("household_id"))
                .col(big_integer_null("resident_id"))
                .col(timestamp_with_time_zone("due_at"))
                .col(string("note"))
                .col(big_integer("promised_by"))
                .col(timestamp_with_time_zone_null("done_at"))
                .col(big_integer_null("done_by"))
                .col(string_null("done_note"))
                .foreign_key(
                    ForeignKey::create()
                        .from("callback", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("callback", "call_id")
                        .to("call", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("callback", "household_id")
                        .to("household", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("callback", "resident_id")
                        .to("resident", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("callback", "promised_by")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("callback_community_id_due_at")
                .table("callback")
                .col("community_id")
                .col("due_at")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn booking(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("booking")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("resident_id"))
                .col(big_integer("service_id"))
                .col(big_integer("booked_by"))
                .col(string("channel"))
                .col(string("state"))
                .col(timestamp_with_time_zone("asked_start"))
                .col(string_null("note"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("cancelled_at"))
                .col(big_integer_null("cancelled_by"))
                .col(string_null("cancel_why"))
                .col(boolean_null("cancelled_late"))
                .foreign_key(
                    ForeignKey::create()
                        .from("booking", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("booking", "resident_id")
                        .to("resident", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("booking", "service_id")
                        .to("service", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("booking", "booked_by")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("booking_resident_id")
                .table("booking")
                .col("resident_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn visit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("visit")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("booking_id"))
                .col(big_integer("resident_id"))
                .col(big_integer("service_id"))
                .col(string("state"))
                .col(timestamp_with_time_zone("starts_at"))
                .col(timestamp_with_time_zone("ends_at"))
                .col(timestamp_with_time_zone("window_from"))
                .col(timestamp_with_time_zone("window_to"))
                .col(timestamp_with_time_zone("asked_start"))
                .col(integer("duration_min"))
                .col(integer("priority"))
                .col(integer("crew_size"))
                .col(big_integer_null("price_fen"))
                .col(big_integer_null("wish_helper_id"))
                .col(boolean("pinned"))
                .col(integer("version"))
                .col(string_null("unfilled_zh"))
                .col(string_null("unfilled_en"))
                .col(timestamp_with_time_zone_null("unfilled_since"))
                .col(string_null("override_reason"))
                .col(timestamp_with_time_zone_null("checked_in_at"))
                .col(timestamp_with_time_zone_null("completed_at"))
                .col(string_null("finish_note"))
                .col(string_null("problem_kind"))
                .col(string_null("problem_note"))
                .col(timestamp_with_time_zone_null("problem_at"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("visit", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("visit", "booking_id")
                        .to("booking", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("visit", "resident_id")
                        .to("resident", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("visit", "service_id")
                        .to("service", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("visit", "wish_helper_id")
                        .to("helper", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("visit_community_id_starts_at")
                .table("visit")
                .col("community_id")
                .col("starts_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("visit_resident_id_starts_at")
                .table("visit")
                .col("resident_id")
                .col("starts_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("visit_booking_id")
                .table("visit")
                .col("booking_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn change_request(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("change_request")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(big_integer("booking_id"))
                .col(big_integer("visit_id"))
                .col(string("kind"))
                .col(timestamp_with_time_zone_null("wanted_start"))
                .col(string("note"))
                .col(big_integer("asked_by"))
                .col(timestamp_with_time_zone("created_at"))
                .col(string("state"))
                .col(big_integer_null("answered_by"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(string_null("answer"))
                .foreign_key(
                    ForeignKey::create()
                        .from("change_request", "community_id")
                        .to("community", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("change_request", "booking_id")
                        .to("booking", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("change_request", "visit_id")
                        .to("visit", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("change_request", "asked_by")
                        .to("account", "id"),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("change_request_community_id_state")
                .table("change_request")
                .col("community_id")
                .col("state")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("change_request_visit_id")
                .table("change_request")
                .col("visit_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}
