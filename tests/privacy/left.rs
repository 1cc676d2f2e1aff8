//! Somebody of the demonstration is erased: afterwards nothing of them is anywhere in the database, and every count is as before.

use entity::ids::{AccountId, ResidentId};
use entity::words::{Departure, Lang, ResidentState, Role};
use entity::{account, account_role, family_member, resident, visit};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};
use yinling::app::App;
use yinling::privacy::erasure::columns::{COLUMNS, Fate, Whose};

use super::erasing::{ask, changed};
use crate::support::client::Client;
use crate::support::{Bare, On};

/// A name that nobody else has.
const NAME: &str = "独孤静漪";

fn of(id: ResidentId) -> String {
    format!("/api/residents/{id}/erasure")
}

async fn alter<A>(app: &App, row: A)
where
    A: ActiveModelTrait + ActiveModelBehavior + Clone + Send + Sync + 'static,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + Send,
{
    app.store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move {
                row.update(txn).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn add<A>(app: &App, row: A) -> <A::Entity as EntityTrait>::Model
where
    A: ActiveModelTrait + ActiveModelBehavior + Clone + Send + Sync + 'static,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + Send + 'static,
{
    app.store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move { Ok(row.insert(txn).await?) })
        })
        .await
        .unwrap()
}

/// The demonstration compound in the house's database.
async fn compound(app: &App) {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            Box::pin(async move {
                yinling::demo::seed(txn, now, 20_261_123, "hash").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// Every table with all that stands in it as text, a row a line.
async fn dump(app: &App) -> Vec<(String, String)> {
    let postgres = app.store.read().get_database_backend() == DbBackend::Postgres;
    let tables = if postgres {
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let mut lines = Vec::new();
    for table in ask(app, tables).await {
        let table: String = table.try_get("", "name").unwrap();
        let sql = if postgres {
            format!("SELECT row_to_json(t)::text AS line FROM \"{table}\" t")
        } else {
            let columns: Vec<String> = ask(
                app,
                &format!("SELECT name FROM pragma_table_info('{table}')"),
            )
            .await
            .iter()
            .map(|row| format!("quote(\"{}\")", row.try_get::<String>("", "name").unwrap()))
            .collect();
            format!(
                "SELECT {} AS line FROM \"{table}\"",
                columns.join(" || ' ' || ")
            )
        };
        for row in ask(app, &sql).await {
            lines.push((table.clone(), row.try_get::<String>("", "line").unwrap()));
        }
    }
    lines
}

/// How the column's table is tied to the person, in SQL.
fn belongs(whose: Whose, id: ResidentId) -> String {
    let through = |link: &str, table: &str| {
        format!("{link} IN (SELECT id FROM {table} WHERE resident_id = {id})")
    };
    match whose {
        Whose::Resident => format!("resident_id = {id}"),
        Whose::Visit => through("visit_id", "visit"),
        Whose::Series => through("series_id", "series"),
        Whose::HelpRequest => through("help_request_id", "help_request"),
        Whose::Complaint => through("complaint_id", "complaint"),
        Whose::Signup => through("signup_id", "station_signup"),
        Whose::TimeAccount => through("to_account_id", "time_account"),
    }
}

/// Where two answers differ.
fn differences(one: &Value, other: &Value, at: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            for (key, value) in one {
                differences(
                    value,
                    other.get(key).unwrap_or(&Value::Null),
                    &format!("{at}/{key}"),
                    found,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (number, (value, beside)) in one.iter().zip(other).enumerate() {
                differences(value, beside, &format!("{at}/{number}"), found);
            }
        }
        // That is what is wanted.
        (Value::String(words), _) if words.contains(NAME) => {}
        _ if one != other => found.push(format!("{at}: {one} became {other}")),
        _ => {}
    }
}

/// Reports of the office in which the person counts, as they are shown.
async fn counts(app: &App, coordinator: &mut Client) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/api/bench/months/2026-11",
        "/api/bench/months/2026-10",
        "/api/supply/months/2026-11",
        "/api/vouchers/totals",
        "/api/quality/first-screen",
        "/api/providers",
    ] {
        let mut said = coordinator.get(path).await.ok();
        if let Some(object) = said.as_object_mut() {
            object.remove("made_at");
            // That one fewer waits to be forgotten is what happened.
            object.remove("erasures");
        }
        all.push(said);
    }
    let money = ask(
        app,
        "SELECT COUNT(*) AS n, CAST(SUM(amount_fen) AS BIGINT) AS s FROM payment_line",
    )
    .await;
    let (n, s): (i64, i64) = (
        money[0].try_get("", "n").unwrap(),
        money[0].try_get("", "s").unwrap(),
    );
    all.push(json!([n, s]));
    let hours = ask(
        app,
        "SELECT CAST(SUM(balance_min) AS BIGINT) AS s FROM time_account",
    )
    .await;
    all.push(json!(hours[0].try_get::<i64>("", "s").unwrap()));
    all
}

/// Somebody of the demonstration whose file is tied to as much as possible, and to whom a row of every kind is given that they
/// did not have.
async fn well_known(app: &App) -> resident::Model {
    let tied = ask(app,
        "SELECT v.resident_id AS id FROM visit v JOIN rating r ON r.visit_id = v.id \
         JOIN series s ON s.resident_id = v.resident_id GROUP BY v.resident_id ORDER BY COUNT(*) DESC, 1 LIMIT 1",
    )
    .await;
    let id = ResidentId(tied[0].try_get("", "id").unwrap());
    for table in [
        "absence",
        "consent",
        "assessment",
        "booking",
        "call",
        "callback",
        "check_call",
        "complaint",
        "help_request",
        "rating",
        "series",
        "voucher",
    ] {
        let has = ask(
            app,
            &format!("SELECT id FROM {table} WHERE resident_id = {id} LIMIT 1"),
        )
        .await;
        if has.is_empty() {
            let moved = changed(
                app,
                format!("UPDATE {table} SET resident_id = {id} WHERE id = (SELECT MIN(id) FROM {table} WHERE resident_id IS NOT NULL)"),
            )
            .await;
            assert_eq!(moved, 1, "the demonstration has no row in {table}");
        }
    }
    for (table, link, other, number) in [
        ("change_request", "visit_id", "visit", "id"),
        ("series_date", "series_id", "series", "id"),
    ] {
        changed(
            app,
            format!(
                "UPDATE {table} SET {link} = (SELECT MIN(id) FROM {other} WHERE resident_id = {id}) \
                 WHERE {number} = (SELECT MIN({number}) FROM {table})"
            ),
        )
        .await;
    }
    // A waiver always has its reason.
    changed(
        app,
        format!(
            "INSERT INTO payment_line (visit_id, source, amount_fen, reason) \
             SELECT MAX(id), 'waived', 0, 'x' FROM visit WHERE resident_id = {id}"
        ),
    )
    .await;
    changed(
        app,
        format!(
            "UPDATE station_signup SET resident_id = {id} WHERE id = (SELECT MIN(id) FROM station_signup \
             WHERE NOT EXISTS (SELECT 1 FROM station_signup s WHERE s.resident_id = {id}))"
        ),
    )
    .await;
    changed(
        app,
        format!(
            "INSERT INTO session_payment (signup_id, source, amount_fen, reason) \
             SELECT MAX(id), 'waived', 0, 'x' FROM station_signup WHERE resident_id = {id}"
        ),
    )
    .await;
    changed(
        app,
        format!("UPDATE callback SET done_at = NULL WHERE resident_id = {id}"),
    )
    .await;
    // What is open would stand in the way.
    for table in ["complaint", "help_request"] {
        changed(
            app,
            format!("UPDATE {table} SET closed_at = created_at WHERE resident_id = {id}"),
        )
        .await;
    }
    changed(
        app,
        format!(
            "UPDATE visit SET state = 'completed' WHERE resident_id = {id} AND state = 'checked_in'"
        ),
    )
    .await;
    resident::Entity::find_by_id(id)
        .one(app.store.read())
        .await
        .unwrap()
        .unwrap()
}

/// On this database.
async fn afterwards_nothing_of_the_person_is_in_the_database_and_the_counts_are_the_same(on: On) {
    let bare = Bare::open(on, |store| store).await;
    nothing_is_left(&bare.app).await;
    bare.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn afterwards_nothing_of_the_person_is_in_the_database_and_the_counts_are_the_same_on_sqlite()
{
    afterwards_nothing_of_the_person_is_in_the_database_and_the_counts_are_the_same(On::Sqlite)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn afterwards_nothing_of_the_person_is_in_the_database_and_the_counts_are_the_same_on_postgres()
 {
    afterwards_nothing_of_the_person_is_in_the_database_and_the_counts_are_the_same(On::Postgres)
        .await;
}

async fn nothing_is_left(app: &App) {
    compound(app).await;
    let community: i64 = ask(app, "SELECT MAX(id) AS id FROM community").await[0]
        .try_get("", "id")
        .unwrap();
    let file = well_known(app).await;
    let id = file.id;
    let office = async |role: Role| -> AccountId {
        account_role::Entity::find()
            .inner_join(account::Entity)
            .filter(account::Column::CommunityId.eq(community))
            .filter(account_role::Column::Role.eq(role))
            .one(app.store.read())
            .await
            .unwrap()
            .unwrap()
            .account_id
    };
    let mut first = Client::signed_in(app, office(Role::Coordinator).await).await;
    let mut second = Client::signed_in(app, office(Role::Admin).await).await;
    // A name and numbers that nobody else has, and a word of hers in every column of words.
    let (name, phone, home_phone, mail) = (NAME, "19912345678", "19987654321", "dugu@example.test");
    alter(
        app,
        resident::ActiveModel {
            id: Set(id),
            name: Set(name.into()),
            initials: Set("dgjy".into()),
            phone: Set(Some(phone.into())),
            birth_date: Set("1938-02-17".parse().unwrap()),
            knock_note: Set(Some("HERWORD knock".into())),
            safety_note: Set(Some("HERWORD safety".into())),
            ability_assessor: Set(Some("HERWORD assessor".into())),
            ..Default::default()
        },
    )
    .await;
    changed(
        app,
        format!(
            "UPDATE household SET phone = '{home_phone}' WHERE id = {}",
            file.household_id
        ),
    )
    .await;
    changed(app, format!("UPDATE resident SET household_id = (SELECT MIN(id) FROM household WHERE id <> {0}) WHERE household_id = {0} AND id <> {id}", file.household_id)).await;
    let relative = add(
        app,
        account::ActiveModel {
            community_id: Set(file.community_id),
            name: Set("独孤小妹".into()),
            email: Set(Some(mail.into())),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(app.clock.now()),
            ..Default::default()
        },
    )
    .await;
    add(
        app,
        account_role::ActiveModel {
            account_id: Set(relative.id),
            role: Set(Role::Family),
        },
    )
    .await;
    add(
        app,
        family_member::ActiveModel {
            community_id: Set(file.community_id),
            account_id: Set(relative.id),
            resident_id: Set(id),
            relation: Set(entity::words::Kinship::Sibling),
            can_book: Set(true),
            wants_mail: Set(true),
            ..Default::default()
        },
    )
    .await;
    // She has left, so that nothing ahead changes what is counted.
    if matches!(file.state, ResidentState::Active | ResidentState::Paused) {
        first
            .post(
                &format!("/api/roll/{id}/leave"),
                json!({"how": Departure::Moved, "on": "2026-11-20"}),
            )
            .await
            .ok();
    }
    let mut without_a_row = Vec::new();
    for column in COLUMNS {
        let (Fate::Emptied(whose) | Fate::Struck(whose) | Fate::Gone(whose)) = column.fate else {
            continue;
        };
        // Entries of the time bank cannot be edited, and dishes are no text.
        if column.table == "time_entry" || column.name == "dishes" || column.table == "erasure" {
            continue;
        }
        let filled = changed(
            app,
            format!(
                "UPDATE {} SET {} = 'HERWORD {} {name} {phone}' WHERE {}",
                column.table,
                column.name,
                column.name,
                belongs(whose, id)
            ),
        )
        .await;
        if filled == 0 {
            without_a_row.push(format!("{}.{}", column.table, column.name));
        }
    }
    assert!(
        without_a_row.len() <= 4,
        "too little of her to be erased: {without_a_row:?}"
    );
    // Why a helper came to somebody else names her who was before.
    let named = changed(
        app,
        format!(
            "UPDATE assignment SET reasons = '[\"从「{NAME} 10:00」步行\"]' WHERE id = \
             (SELECT MIN(a.id) FROM assignment a JOIN visit v ON v.id = a.visit_id WHERE v.resident_id <> {id})"
        ),
    )
    .await;
    assert_eq!(named, 1);
    // Another community's words name somebody of the same name, who is not her.
    changed(
        app,
        "INSERT INTO community (id, name, street, time_zone, office_phone, synthetic, horizon_days, cutoff_hours, created_at) \
         SELECT id + 100, '别处', street, time_zone, office_phone, synthetic, horizon_days, cutoff_hours, created_at FROM community"
            .into(),
    )
    .await;
    let elsewhere = changed(
        app,
        format!(
            "UPDATE bench_action SET what = '{NAME}说很好', community_id = community_id + 100 \
             WHERE id = (SELECT MAX(id) FROM bench_action)"
        ),
    )
    .await;
    assert_eq!(elsewhere, 1);
    // Somebody else's words that name her.
    changed(app, format!("UPDATE bench_action SET what = '给{name}家装扶手，电话 {phone}' WHERE id = (SELECT MIN(id) FROM bench_action)")).await;
    first
        .post(&of(id), json!({"ground": "own_wish"}))
        .await
        .created();
    let before = counts(app, &mut first).await;
    let request = first.get(&of(id)).await.ok()["request"]["id"].clone();
    let done = second
        .post(&format!("/api/erasures/{request}/confirm"), json!({}))
        .await
        .ok();
    assert!(done["ended"][0]["fields"].as_i64().unwrap() > 20);
    let after = counts(app, &mut first).await;
    let mut changed_counts = Vec::new();
    for (one, other) in before.iter().zip(&after) {
        differences(one, other, "", &mut changed_counts);
    }
    assert!(changed_counts.is_empty(), "{changed_counts:#?}");
    let secrets = [
        name,
        phone,
        home_phone,
        mail,
        "独孤小妹",
        "HERWORD",
        "1938-02-17",
        "dgjy",
    ];
    let mut left = Vec::new();
    for (table, line) in dump(app).await {
        let elsewhere = table == "bench_action" && line.contains("说很好");
        for secret in secrets {
            if line.contains(secret) && !elsewhere {
                left.push(format!("{table}: {secret} in {line}"));
            }
        }
    }
    let kept = ask(
        app,
        &format!("SELECT id FROM bench_action WHERE what = '{NAME}说很好'"),
    )
    .await;
    assert_eq!(kept.len(), 1, "another community's words are its own");
    assert!(left.is_empty(), "{left:#?}");
    let promised = ask(
        app,
        &format!("SELECT id FROM callback WHERE resident_id = {id} AND done_at IS NULL"),
    )
    .await;
    assert!(promised.is_empty(), "nobody is to ring any more");
    // The door says no more than the building.
    let now = resident::Entity::find_by_id(id)
        .one(app.store.read())
        .await
        .unwrap()
        .unwrap();
    assert_ne!(now.household_id, file.household_id);
    assert!(now.erased_at.is_some());
    let visits = visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(id))
        .count(app.store.read())
        .await
        .unwrap();
    assert!(visits > 0, "her visits are still counted");
    assert!(
        yinling::timebank::check::disagreements(app.store.read())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        yinling::money::check::disagreements(app.store.read())
            .await
            .unwrap()
            .is_empty()
    );
}
