//! Days on which a series is otherwise: those in hospital, and weekends that are worked.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::ResidentId;
use entity::visit;
use entity::words::VisitState;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use yinling::series::generate;

use crate::both;
use crate::support::House;
use crate::support::client::Client;

fn lunches(rule: &str) -> Value {
    json!({"service": "MEAL", "rule": rule, "first_date": "2026-11-24", "start_min": 600, "on_holiday": "skip"})
}

async fn made(client: &mut Client, who: ResidentId, rule: &str) -> String {
    let path = format!("/api/residents/{who}/series");
    let made = client.post(&path, lunches(rule)).await.created();
    format!("/api/series/{}", made["id"])
}

const TWICE_A_WEEK: &str = "FREQ=WEEKLY;BYDAY=TU,FR";
const WORKDAYS: &str = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";

/// Somebody's visits that were not cancelled, by local day, with where they stand.
async fn visits(house: &House, who: ResidentId) -> Vec<(String, VisitState)> {
    visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(who))
        .filter(visit::Column::State.ne(VisitState::Cancelled))
        .order_by_asc(visit::Column::StartsAt)
        .all(house.app.store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| {
            let local = row.starts_at + TimeDelta::hours(8);
            (local.format("%m-%d").to_string(), row.state)
        })
        .collect()
}

async fn days(house: &House, who: ResidentId) -> Vec<String> {
    let all = visits(house, who).await;
    all.into_iter().map(|(day, _)| day).collect()
}

/// What became of a date, as the page shows it.
fn became<'a>(series: &'a Value, date: &str) -> &'a Value {
    let mut dates = series["dates"].as_array().unwrap().iter();
    &dates
        .find(|row| row["date"] == date)
        .unwrap_or_else(|| panic!("no {date} in {series}"))["became"]
}

async fn hospital(clerk: &mut Client, who: ResidentId, from: &str, back: Option<&str>) -> Value {
    clerk
        .post(
            &format!("/api/roll/{who}/absences"),
            json!({"kind": "hospital", "from": from, "back": back}),
        )
        .await
        .created()
}

fn local_nine(day: &str) -> DateTime<Utc> {
    format!("{day}T01:00:00Z").parse().unwrap()
}

/// Whoever runs it, however often: nothing more is written.
async fn nothing_more(house: &House) {
    let another = house.another().await;
    for app in [&another, &house.app] {
        assert_eq!(generate::pass(app).await.unwrap(), 0);
    }
}

both!(
    dates_that_fall_due_in_hospital_wait_and_come_with_the_return,
    async |house: &House| {
        use VisitState::{Offered, Paused};
        let who = house.at.mother;
        let mut clerk = house.enter(house.at.clerk).await;
        let path = made(&mut clerk, who, TWICE_A_WEEK).await;
        let told = hospital(&mut clerk, who, "2026-12-03", None).await;
        assert_eq!(told["paused"], 6);
        nothing_more(house).await;
        let standing = |state| move |day: &str| (day.to_owned(), state);
        let mut expected: Vec<_> = ["11-27"].map(standing(Offered)).into();
        expected
            .extend(["12-04", "12-08", "12-11", "12-15", "12-18", "12-22"].map(standing(Paused)));
        assert_eq!(visits(house, who).await, expected);
        // A week and a half goes by: four weeks ahead is further on, and she is away on all of it.
        house.clock.set(local_nine("2026-12-05"));
        assert_eq!(
            generate::pass(&house.app).await.unwrap(),
            3,
            "three dates are written down"
        );
        nothing_more(house).await;
        assert_eq!(
            visits(house, who).await,
            expected,
            "and no visit is made for anybody"
        );
        let shown = clerk.get(&path).await.ok();
        for date in ["2026-12-25", "2026-12-29", "2027-01-01"] {
            assert_eq!(became(&shown, date), "away", "{date}");
        }
        assert_eq!(shown["unfilled"], 0);
        assert_eq!(shown["behind"], false, "waiting is not lagging");
        // She is to come home on the 12th: what was made before comes back at once, what fell due with the next run.
        let stay = format!("/api/roll/absences/{}", told["absence"]["id"]);
        let home = json!({"kind": "hospital", "from": "2026-12-03", "back": "2026-12-12"});
        let told = clerk.post(&stay, home).await.ok();
        assert_eq!(told["resumed"], 3);
        assert_eq!(generate::pass(&house.app).await.unwrap(), 3);
        nothing_more(house).await;
        let mut expected: Vec<_> = ["11-27"].map(standing(Offered)).into();
        expected.extend(["12-04", "12-08", "12-11"].map(standing(Paused)));
        let later = ["12-15", "12-18", "12-22", "12-25", "12-29", "01-01"];
        expected.extend(later.map(standing(Offered)));
        assert_eq!(
            visits(house, who).await,
            expected,
            "each once, and somebody comes"
        );
        let shown = clerk.get(&path).await.ok();
        assert_eq!(became(&shown, "2026-12-25"), "booked");
        // Home earlier still.
        let home = json!({"kind": "hospital", "from": "2026-12-03", "back": "2026-12-07"});
        assert_eq!(clerk.post(&stay, home).await.ok()["resumed"], 2);
        nothing_more(house).await;
        assert_eq!(days(house, who).await.len(), 10);
        assert_eq!(visits(house, who).await[2], ("12-08".to_owned(), Offered));
    }
);

both!(
    a_stay_that_is_known_before_shows_in_the_preview_and_in_what_is_made,
    async |house: &House| {
        let who = house.at.mother;
        let mut clerk = house.enter(house.at.clerk).await;
        let told = hospital(&mut clerk, who, "2026-12-03", Some("2026-12-12")).await;
        let path = format!("/api/residents/{who}/series/preview");
        let seen = clerk.post(&path, lunches(TWICE_A_WEEK)).await.ok();
        let mut results = Vec::new();
        for row in seen["dates"].as_array().unwrap() {
            results.push((
                row["date"].as_str().unwrap().to_owned(),
                row["result"].as_str().unwrap().to_owned(),
            ));
            let sentence = row["sentence"].as_str().unwrap();
            assert_eq!(row["result"] == "away", sentence.contains("住院"), "{row}");
        }
        let away: Vec<_> = results
            .iter()
            .filter(|(_, result)| result == "away")
            .map(|(date, _)| date.as_str())
            .collect();
        assert_eq!(away, ["2026-12-04", "2026-12-08", "2026-12-11"]);
        let served = results.iter().filter(|(_, result)| result == "served");
        assert_eq!(served.count(), 4);
        // What is made is what was shown.
        let path = made(&mut clerk, who, TWICE_A_WEEK).await;
        assert_eq!(days(house, who).await, ["11-27", "12-15", "12-18", "12-22"]);
        assert_eq!(became(&clerk.get(&path).await.ok(), "2026-12-08"), "away");
        nothing_more(house).await;
        // The stay was written down by mistake: its dates are made like any other.
        clerk
            .delete(&format!("/api/roll/absences/{}", told["absence"]["id"]))
            .await
            .ok();
        assert_eq!(generate::pass(&house.app).await.unwrap(), 3);
        nothing_more(house).await;
        assert_eq!(days(house, who).await.len(), 7);
    }
);

both!(
    a_weekend_that_is_worked_comes_with_every_working_day_and_goes_again,
    async |house: &House| {
        let (who, other) = (house.at.mother, house.at.neighbour);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = made(&mut coordinator, who, WORKDAYS).await;
        made(&mut coordinator, other, TWICE_A_WEEK).await;
        let (before, others) = (days(house, who).await, days(house, other).await);
        let sat = "12-12".to_owned();
        assert!(before.len() > 15 && !before.contains(&sat));
        let worked = json!({"from": "2026-12-12", "to": "2026-12-12", "kind": "working",
            "name_zh": "调休上班", "name_en": "Worked Saturday"});
        coordinator.post("/api/calendar", worked).await.ok();
        let mut with = before.clone();
        with.push(sat.clone());
        with.sort();
        assert_eq!(days(house, who).await, with);
        assert_eq!(
            days(house, other).await,
            others,
            "who comes on Tuesdays and Fridays does not come"
        );
        let shown = coordinator.get(&path).await.ok();
        assert_eq!(became(&shown, "2026-12-12"), "booked");
        let made_for = visits(house, who).await;
        assert!(
            made_for.contains(&(sat.clone(), VisitState::Offered)),
            "and somebody comes"
        );
        nothing_more(house).await;
        // A new one sees it before it is made.
        let preview = format!("/api/residents/{other}/series/preview");
        let seen = coordinator.post(&preview, lunches(WORKDAYS)).await.ok();
        let mut dates = seen["dates"].as_array().unwrap().iter();
        assert!(dates.any(|row| row["date"] == "2026-12-12" && row["result"] == "served"));
        // A working day in its stead that is closed falls away, and both come back.
        let closed = json!({"from": "2026-12-14", "to": "2026-12-14", "kind": "closed",
            "name_zh": "放假", "name_en": "Holiday"});
        coordinator.post("/api/calendar", closed).await.ok();
        with.retain(|day| day != "12-14");
        assert_eq!(days(house, who).await, with);
        coordinator
            .post(
                "/api/calendar/clear",
                json!({"from": "2026-12-12", "to": "2026-12-14"}),
            )
            .await
            .ok();
        assert_eq!(days(house, who).await, before, "as if it had never been");
        assert_eq!(days(house, other).await, others);
        nothing_more(house).await;
    }
);
