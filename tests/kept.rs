//! What a program keeps in memory of a community is never older than its rows: whatever changes is counted by the database,
//! whoever changes it.

use axum::http::StatusCode;
use entity::ids::{CommunityId, LeaveId};
use entity::words::{DayKind, Standing};
use entity::{
    availability_exception, calendar_day, community, edition, helper, leave, provider, service,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    Statement,
};
use serde_json::{Value, json};

use crate::both;
use crate::support::client::Client;
use crate::support::{House, On};

/// Tables of which a team is read, each with a column that may be set to what it is.
const TEAM: [(&str, &str); 19] = [
    ("community", "name"),
    ("compound", "name"),
    ("building", "floors"),
    ("household", "floor"),
    ("skill", "code"),
    ("helper", "name"),
    ("helper_skill", "skill_id"),
    ("credential", "valid_until"),
    ("availability", "from_min"),
    ("availability_exception", "date"),
    ("leave", "to_date"),
    ("calendar_day", "date"),
    ("service", "name_zh"),
    ("service_offer", "price_fen"),
    ("provider", "name"),
    ("provider_paper", "valid_until"),
    ("provider_service", "service_id"),
    ("provider_price", "price_fen"),
    ("consent", "given"),
];
/// Tables that decide about times as well, counted on SQLite alone.
const TIMES: [(&str, &str); 5] = [
    ("visit", "version"),
    ("assignment", "state"),
    ("resident", "name"),
    ("wish", "kind"),
    ("absence", "id"),
];

async fn place(house: &House) -> CommunityId {
    let row = community::Entity::find().one(house.app.store.read()).await;
    row.unwrap().unwrap().id
}

async fn counted(house: &House) -> (i64, i64) {
    let row = edition::Entity::find_by_id(place(house).await)
        .one(house.app.store.read())
        .await
        .unwrap();
    row.map_or((0, 0), |row| (row.team, row.times))
}

async fn change(house: &House, sql: String) {
    house
        .app
        .store
        .write(move |txn| {
            let sql = sql.clone();
            Box::pin(async move {
                txn.execute_unprepared(&sql).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[derive(FromQueryResult)]
struct Rows {
    rows: i64,
}

async fn how_many(house: &House, sql: &str) -> i64 {
    let db = house.app.store.read();
    Rows::find_by_statement(Statement::from_string(db.get_database_backend(), sql))
        .one(db)
        .await
        .unwrap()
        .unwrap()
        .rows
}

async fn days(client: &mut Client, house: &House) -> Value {
    let path = format!(
        "/api/residents/{}/times/days?service=MEAL&days=31",
        house.at.mother
    );
    client.get(&path).await.ok()
}

/// What somebody is told who asked before, and who asks a program that has just started.
async fn both_say(house: &House, warm: &mut Client) -> Value {
    let said = days(warm, house).await;
    let another = house.another().await;
    let mut cold = Client::signed_in(&another, house.at.daughter).await;
    assert_eq!(said, days(&mut cold, house).await);
    said
}

async fn days_off(house: &House) -> LeaveId {
    let away = leave::ActiveModel {
        community_id: Set(place(house).await),
        helper_id: Set(house.at.chen),
        from_date: Set("2026-11-26".parse().unwrap()),
        to_date: Set("2026-11-27".parse().unwrap()),
        reason: Set("回老家".into()),
        recorded_by: Set(house.at.coordinator),
        created_at: Set(House::morning()),
        ..Default::default()
    };
    house.add(away).await.id
}

async fn close_a_day(house: &House) {
    let closed = calendar_day::ActiveModel {
        community_id: Set(place(house).await),
        date: Set("2026-12-05".parse().unwrap()),
        kind: Set(DayKind::Closed),
        name_zh: Set("社区检修".into()),
        name_en: Set("Repairs".into()),
        ..Default::default()
    };
    house.add(closed).await;
}

both!(
    each_change_is_seen_at_once_by_who_asked_before,
    async |house: &House| {
        let mut warm = house.enter(house.at.daughter).await;
        let community = place(house).await;
        let mut before = both_say(house, &mut warm).await;
        let open = before["days"].as_array().unwrap().iter();
        assert!(
            open.filter(|day| day["times"] != 0).count() > 20,
            "{before}"
        );
        let mut differs = async |warm: &mut Client, what: &str| {
            let now = both_say(house, warm).await;
            assert_ne!(before, now, "{what}");
            before = now;
        };

        let away = days_off(house).await;
        let alone = async |helper, active| {
            let row = helper::ActiveModel {
                id: Set(helper),
                active: Set(active),
                ..Default::default()
            };
            house.alter(row).await;
        };
        // Only whoever is on leave cooks at all, so that every change shows.
        for helper in [house.at.liu, house.at.zhou, house.at.sun] {
            alone(helper, false).await;
        }
        differs(&mut warm, "leave, and helpers who left").await;
        change(house, format!("DELETE FROM leave WHERE id = {away}")).await;
        differs(&mut warm, "leave taken back").await;
        let morning = availability_exception::ActiveModel {
            community_id: Set(community),
            helper_id: Set(house.at.chen),
            date: Set("2026-11-28".parse().unwrap()),
            from_min: Set(Some(540)),
            to_min: Set(Some(600)),
            ..Default::default()
        };
        house.add(morning).await;
        differs(&mut warm, "another day's hours").await;
        close_a_day(house).await;
        differs(&mut warm, "a closed day").await;
        let meal = service::Entity::find()
            .filter(service::Column::Code.eq("MEAL"))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        let longer = service::ActiveModel {
            id: Set(meal.id),
            duration_min: Set(meal.duration_min + 60),
            ..Default::default()
        };
        house.alter(longer).await;
        differs(&mut warm, "a longer service").await;
        let booking =
            json!({"service": "MEAL", "start": "2026-11-30T04:00:00Z", "if_unserved": "refuse"});
        let path = format!("/api/residents/{}/bookings", house.at.father_in_law);
        warm.post(&path, booking).await.created();
        differs(&mut warm, "somebody else's booking").await;
        let chen = helper::Entity::find_by_id(house.at.chen)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        let suspended = provider::ActiveModel {
            id: Set(chen.provider_id),
            standing: Set(Standing::Suspended),
            ..Default::default()
        };
        house.alter(suspended).await;
        let path = format!(
            "/api/residents/{}/times/days?service=MEAL&days=31",
            house.at.mother
        );
        warm.get(&path)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);

/// The control: without its trigger a change is not seen by who asked before.
#[tokio::test]
async fn without_its_trigger_a_change_is_not_seen() {
    let house = House::open(On::Sqlite).await;
    let mut warm = house.enter(house.at.daughter).await;
    let before = days(&mut warm, &house).await;
    change(&house, "DROP TRIGGER calendar_day_insert_counted".into()).await;
    close_a_day(&house).await;
    assert_eq!(before, days(&mut warm, &house).await);
    house.close().await;
}

both!(
    every_table_that_decides_is_counted_whatever_happens_to_it,
    async |house: &House| {
        let sqlite = house.app.store.read().get_database_backend() == sea_orm::DbBackend::Sqlite;
        let (mut team, mut times) = counted(house).await;
        assert!(team > 0);
        for (table, column) in TEAM {
            let rows = how_many(house, &format!("SELECT COUNT(*) AS rows FROM {table}")).await;
            change(house, format!("UPDATE {table} SET {column} = {column}")).await;
            let now = counted(house).await;
            assert!(now.0 > team || rows == 0, "{table}");
            (team, times) = now;
        }
        for (table, column) in TIMES {
            let rows = how_many(house, &format!("SELECT COUNT(*) AS rows FROM {table}")).await;
            change(house, format!("UPDATE {table} SET {column} = {column}")).await;
            let now = counted(house).await;
            assert!(now.1 > times || rows == 0 || !sqlite, "{table}");
            times = now.1;
        }
        let triggers = if sqlite {
            "SELECT COUNT(*) AS rows FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_counted'"
        } else {
            "SELECT COUNT(*) AS rows FROM pg_trigger WHERE tgname LIKE '%\\_counted'"
        };
        let tables = TEAM.len() + if sqlite { TIMES.len() } else { 0 };
        assert_eq!(how_many(house, triggers).await, 3 * tables as i64);
    }
);
