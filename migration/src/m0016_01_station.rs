//! Makes the tables of the station: its rooms with their hours, the sessions held in them, and who signed up. A room's time and
//! a session's seats are rows with a key, so that the database refuses to give either twice; so is one resident's place in one
//! session.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        room(manager).await?;
        session(manager).await?;
        signup(manager).await?;
        claims(manager).await?;
        for (table, columns) in [
            ("station_room", vec!["community_id"]),
            ("station_session", vec!["community_id", "starts_at"]),
            ("station_signup", vec!["session_id", "state"]),
            ("station_signup", vec!["resident_id", "state"]),
            ("station_signup", vec!["community_id", "call_what"]),
            ("station_room_slot", vec!["session_id"]),
        ] {
            let mut index = Index::create();
            index
                .name(format!("{table}_{}", columns.join("_")))
                .table(table);
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        // A resident has one place in a session, or one on its waitlist. Both databases know an index of some rows alone.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX station_signup_once ON station_signup (session_id, resident_id) \
                 WHERE state IN ('seated', 'waiting')",
            )
            .await?;
        Ok(())
    }
}

fn to(table: &'static str, column: &'static str, of: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(of, "id")
        .to_owned()
}

async fn room(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("station_room")
                .col(big_pk_auto("id"))
                .col(big_integer("community_id"))
                .col(string("name_zh"))
                .col(string("name_en"))
                .col(integer("holds"))
                .col(boolean("active"))
                .foreign_key(&mut to("station_room", "community_id", "community"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("station_hours")
                .col(big_integer("room_id"))
                .col(integer("weekday"))
                .col(integer("opens_min"))
                .col(integer("closes_min"))
                .primary_key(
                    Index::create()
                        .col("room_id")
                        .col("weekday")
                        .col("opens_min"),
                )
                .foreign_key(&mut to("station_hours", "room_id", "station_room"))
                .to_owned(),
        )
        .await
}

async fn session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("station_session")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("room_id"))
        .col(big_integer_null("provider_id"))
        .col(string("kind"))
        .col(string("title"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(integer("seats"))
        .col(big_integer("price_fen"))
        .col(timestamp_with_time_zone("book_until"))
        .col(timestamp_with_time_zone("cancel_until"))
        .col(string("state"))
        .col(string_null("cancel_why"))
        .col(string_null("override_why"))
        .col(big_integer("made_by"))
        .col(timestamp_with_time_zone("made_at"))
        .col(integer("version"));
    for (column, other) in [
        ("community_id", "community"),
        ("room_id", "station_room"),
        ("provider_id", "provider"),
        ("made_by", "account"),
    ] {
        table.foreign_key(&mut to("station_session", column, other));
    }
    manager.create_table(table).await
}

async fn signup(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("station_signup")
        .col(big_pk_auto("id"))
        .col(big_integer("community_id"))
        .col(big_integer("session_id"))
        .col(big_integer("resident_id"))
        .col(string("state"))
        .col(string("channel"))
        .col(boolean("walk_in"))
        .col(big_integer("booked_by"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(timestamp_with_time_zone_null("moved_up_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(big_integer_null("ended_by"))
        .col(string_null("end_why"))
        .col(string_null("attendance"))
        .col(timestamp_with_time_zone_null("attended_at"))
        .col(big_integer_null("attended_by"))
        .col(string_null("call_what"))
        .col(timestamp_with_time_zone_null("call_since"));
    for (column, other) in [
        ("community_id", "community"),
        ("session_id", "station_session"),
        ("resident_id", "resident"),
        ("booked_by", "account"),
        ("ended_by", "account"),
        ("attended_by", "account"),
    ] {
        table.foreign_key(&mut to("station_signup", column, other));
    }
    manager.create_table(table).await
}

async fn claims(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("station_seat")
                .col(big_integer("session_id"))
                .col(integer("seat"))
                .col(big_integer("signup_id").unique_key())
                .primary_key(Index::create().col("session_id").col("seat"))
                .check(Expr::cust("seat > 0"))
                .foreign_key(&mut to("station_seat", "session_id", "station_session"))
                .foreign_key(&mut to("station_seat", "signup_id", "station_signup"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("station_room_slot")
                .col(big_integer("room_id"))
                .col(big_integer("slot"))
                .col(big_integer("session_id"))
                .primary_key(Index::create().col("room_id").col("slot"))
                .foreign_key(&mut to("station_room_slot", "room_id", "station_room"))
                .foreign_key(&mut to(
                    "station_room_slot",
                    "session_id",
                    "station_session",
                ))
                .to_owned(),
        )
        .await
}
