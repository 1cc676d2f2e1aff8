//! Supply and demand: askings in vain, a small month counted by hand, and who may read it.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AccountId, HelperId, ResidentId, ServiceId, VisitId};
use entity::words::{
    AssignmentSource, AssignmentState, BookingState, Channel, Subject, UnmetReason, VisitState,
};
use entity::{assignment, audit, booking, resident, service, unmet, visit};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

/// An instant of the compound's clocks: `2026-10-05 10:00`.
pub fn local(text: &str) -> DateTime<Utc> {
    let (date, time) = text.split_once(' ').unwrap();
    format!("{date}T{time}:00+08:00").parse().unwrap()
}

pub async fn service_of(house: &House, code: &str) -> service::Model {
    service::Entity::find()
        .filter(service::Column::Code.eq(code))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
}

/// A visit of the past, as its rows stand.
pub struct Past<'a> {
    pub service: &'a str,
    pub resident: ResidentId,
    pub start: &'a str,
    pub state: VisitState,
    pub crew: &'a [HelperId],
    /// Minutes from the asking, three days before, until somebody was asked; their yes came five minutes later.
    pub asked_after: i64,
}

impl Past<'_> {
    pub async fn add(&self, house: &House) -> visit::Model {
        let service = service_of(house, self.service).await;
        let (start, community) = (local(self.start), service.community_id);
        let asked = start - TimeDelta::days(3);
        let minutes = TimeDelta::minutes(i64::from(service.duration_min));
        let booking = house
            .add(booking::ActiveModel {
                community_id: Set(community),
                resident_id: Set(self.resident),
                service_id: Set(service.id),
                booked_by: Set(house.at.clerk),
                channel: Set(Channel::Phone),
                state: Set(BookingState::Closed),
                asked_start: Set(start),
                created_at: Set(asked),
                ..Default::default()
            })
            .await;
        let unfilled = self.crew.is_empty();
        let visit = house
            .add(visit::ActiveModel {
                community_id: Set(community),
                booking_id: Set(booking.id),
                resident_id: Set(self.resident),
                service_id: Set(service.id),
                state: Set(self.state),
                starts_at: Set(start),
                ends_at: Set(start + minutes),
                window_from: Set(start),
                window_to: Set(start),
                asked_start: Set(start),
                duration_min: Set(service.duration_min),
                priority: Set(3),
                crew_size: Set(service.crew_size),
                pinned: Set(false),
                version: Set(1),
                unfilled_since: Set(unfilled.then_some(asked)),
                created_at: Set(asked),
                ..Default::default()
            })
            .await;
        let offered = asked + TimeDelta::minutes(self.asked_after);
        for helper in self.crew {
            house
                .add(assignment::ActiveModel {
                    community_id: Set(community),
                    visit_id: Set(visit.id),
                    helper_id: Set(*helper),
                    state: Set(AssignmentState::Accepted),
                    starts_at: Set(start),
                    ends_at: Set(start + minutes),
                    source: Set(AssignmentSource::Booking),
                    reasons: Set(json!([])),
                    offered_at: Set(offered),
                    answered_at: Set(Some(offered + TimeDelta::minutes(5))),
                    ..Default::default()
                })
                .await;
        }
        visit
    }
}

/// Cancels a visit's booking so many hours after it was asked for.
async fn cancelled(house: &House, visit: &visit::Model, hours: i64, late: bool) {
    house
        .alter(booking::ActiveModel {
            id: Set(visit.booking_id),
            state: Set(BookingState::Cancelled),
            cancelled_at: Set(Some(visit.created_at + TimeDelta::hours(hours))),
            cancelled_by: Set(Some(house.at.clerk)),
            cancelled_late: Set(Some(late)),
            ..Default::default()
        })
        .await;
}

/// October as it is counted by hand: six games of chess asked for, three of them in vain, a bath given up, a meal where
/// nobody was at home, furniture moved by two; and what begins a minute outside it. Gives the games that were served.
pub async fn october(house: &House) -> Vec<VisitId> {
    use VisitState::{Cancelled, Completed, HelperAbsent, NotHome, Unfilled};
    let at = &house.at;
    let (chen, liu) = (&[at.chen][..], &[at.liu][..]);
    let both = &[at.chen, at.liu][..];
    let mut served = Vec::new();
    for (service, resident, start, state, crew, asked_after) in [
        ("CHESS", at.mother, "2026-09-30 23:55", Completed, chen, 0),
        ("CHESS", at.mother, "2026-10-01 00:00", Completed, chen, 0),
        ("CHESS", at.mother, "2026-10-05 10:00", Completed, chen, 10),
        (
            "CHESS",
            at.mother,
            "2026-10-06 14:00",
            HelperAbsent,
            chen,
            30,
        ),
        ("CHESS", at.mother, "2026-10-07 14:00", Unfilled, &[], 0),
        ("CHESS", at.neighbour, "2026-10-08 15:00", Unfilled, &[], 0),
        (
            "LIFT",
            at.neighbour,
            "2026-10-10 09:00",
            Completed,
            both,
            20,
        ),
        (
            "MEAL",
            at.father_in_law,
            "2026-10-12 11:30",
            NotHome,
            liu,
            60,
        ),
        ("CHESS", at.mother, "2026-10-31 23:55", Completed, chen, 40),
        ("CHESS", at.mother, "2026-11-01 00:00", Completed, chen, 50),
    ] {
        let past = Past {
            service,
            resident,
            start,
            state,
            crew,
            asked_after,
        };
        let visit = past.add(house).await;
        if state == Completed {
            served.push(visit.id);
        }
    }
    for (start, hours) in [("2026-10-14 10:00", 30), ("2026-10-15 10:00", 2)] {
        let bath = Past {
            service: "BATH",
            resident: at.mother,
            start,
            state: Cancelled,
            crew: &[],
            asked_after: 0,
        };
        let visit = bath.add(house).await;
        cancelled(house, &visit, hours, false).await;
    }
    served
}

async fn unmets(house: &House) -> Vec<unmet::Model> {
    unmet::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
}

async fn month(house: &House, text: &str) -> Value {
    let mut coordinator = house.enter(house.at.coordinator).await;
    let path = format!("/api/supply/months/{text}");
    coordinator.get(&path).await.ok()
}

fn line<'a>(lines: &'a Value, name: &str) -> &'a Value {
    let all = lines.as_array().unwrap();
    all.iter().find(|line| line["name"] == name).unwrap()
}

both!(
    a_month_is_what_was_counted_by_hand,
    async |house: &House| {
        house.clock.set(local("2026-11-02 10:00"));
        october(house).await;
        let page = month(house, "2026-10").await;
        for (what, count) in [
            ("asked", 9),
            ("served", 4),
            ("unserved", 4),
            ("people", 2),
            ("ahead", 0),
            // Six games, a bath, a meal, and forty minutes of two.
            ("asked_min", 6 * 60 + 60 + 15 + 80),
            // Four people, 31 days, four hours a day at most.
            ("offered_min", 4 * 31 * 240),
        ] {
            assert_eq!(page[what], count, "{what}");
        }
        assert_eq!(page["over"], true);
        let gaps = page["gaps"].as_array().unwrap();
        assert_eq!(gaps.len(), 2);
        let chess = &gaps[0];
        assert_eq!(
            (&chess["service_code"], &chess["unserved"], &chess["people"]),
            (&json!("CHESS"), &json!(3), &json!(2))
        );
        assert_eq!(chess["unserved_before"], 0);
        assert_eq!(
            chess["sentence"],
            "10 月「陪下象棋」有 3 次没服务上，涉及 2 位老人，都在下午，1 次是约好的人没来；能做的有 1 人，下午都在班。建议培训 1 名下午能来的志愿者学「下棋」。"
        );
        assert_eq!(chess["step"], json!({"step": "train", "people": 1}));
        let causes: Vec<_> = chess["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["cause"].as_str().unwrap(),
                    one["count"].as_i64().unwrap(),
                )
            })
            .collect();
        assert_eq!(causes, [("nobody_found", 2), ("did_not_come", 1)]);
        let bath = &gaps[1];
        assert_eq!(bath["causes"][0]["cause"], "gave_up");
        assert_eq!((&bath["unserved"], &bath["asked"]), (&json!(1), &json!(1)));
        // Ten hours a day of four people, by the hour.
        let ten = line(&page["by_hour"], "10:00");
        assert_eq!(
            (&ten["asked"], &ten["offered_min"]),
            (&json!(2), &json!(4 * 31 * 60))
        );
        assert_eq!(line(&page["by_hour"], "0:00")["asked"], 1);
        assert_eq!(line(&page["by_hour"], "23:00")["asked"], 1);
        assert_eq!(line(&page["by_skill"], "下棋")["unserved"], 3);
        assert_eq!(line(&page["by_skill"], "下棋")["offered_min"], 31 * 240);
        assert_eq!(line(&page["by_service"], "搬抬家具")["served"], 1);
        let grids: i64 = page["by_grid"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["unserved"].as_i64().unwrap())
            .sum();
        assert_eq!(grids, 4);
        let text = page.to_string();
        for name in ["王桂芳", "赵敏", "李建国", "陈志强"] {
            assert!(!text.contains(name), "{name} stands in the figures");
        }
        let mut panel = house.enter(house.at.panel).await.english();
        let english = panel.get("/api/supply/months/2026-10").await.ok();
        assert_eq!(
            english["gaps"][0]["sentence"],
            "In October, “A game of chess” could not be served 3 times, for 2 residents, all in the afternoons; 1 because somebody did not come. 1 can do it, 1 of them on duty in the afternoons. Train 1 volunteer who can come in the afternoons in “chess”."
        );
        let empty = month(house, "2026-03").await;
        assert_eq!((&empty["asked"], &empty["gaps"]), (&json!(0), &json!([])));
        panel
            .get("/api/supply/months/2026-13")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    leave_is_not_offered_and_a_paper_that_ran_out_is_named,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        coordinator
            .post(
                &format!("/api/helpers/{}/leave", house.at.chen),
                json!({"from": "2026-12-02", "to": "2026-12-11", "reason": "探亲"}),
            )
            .await
            .created();
        house.clock.set(local("2026-12-20 10:00"));
        Past {
            service: "BATH",
            resident: house.at.mother,
            start: "2026-12-10 10:00",
            state: VisitState::Unfilled,
            crew: &[],
            asked_after: 0,
        }
        .add(house)
        .await;
        let page = month(house, "2026-12").await;
        // The first of December is closed; 陈志强 is away on ten days more.
        assert_eq!(page["offered_min"], 4 * 30 * 240 - 10 * 240);
        let bath = &page["gaps"][0];
        assert_eq!((&bath["holders"], &bath["lapsed"]), (&json!(0), &json!(1)));
        assert_eq!(
            bath["sentence"],
            "12 月「上门助浴」有 1 次没服务上，涉及 1 位老人，都在上午；现在没有人能做，另有 1 人证件过期。建议先请 1 人补办「助浴」的证件。"
        );
    }
);

both!(
    an_asking_in_vain_is_kept_once_and_goes_when_it_was_booked_after_all,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let times = |from: &str, days: u8| {
            format!(
                "/api/residents/{}/times?service=BATH&from={from}&days={days}",
                house.at.mother
            )
        };
        // The paper of the one who bathes ends with November; on the first nothing is served.
        daughter.get(&times("2026-11-27", 2)).await.ok();
        assert_eq!(unmets(house).await, [], "there were times");
        daughter.get(&times("2026-12-01", 1)).await.ok();
        assert_eq!(unmets(house).await, [], "the community is closed that day");
        for _ in 0..3 {
            daughter.get(&times("2026-12-01", 3)).await.ok();
        }
        let rows = unmets(house).await;
        assert_eq!(rows.len(), 1);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            (rows[0].day, rows[0].last_day, rows[0].band),
            (day("2026-12-02"), day("2026-12-03"), None)
        );
        assert_eq!(
            (rows[0].reason, rows[0].channel),
            (UnmetReason::NobodyFree, Channel::Web)
        );
        let page = month(house, "2026-12").await;
        assert_eq!((&page["unserved"], &page["people"]), (&json!(1), &json!(1)));
        assert_eq!(page["gaps"][0]["causes"][0]["cause"], "nobody_free");

        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let body = |hour| json!({"service": "BATH", "start": local(&format!("2026-12-0{hour}")), "if_unserved": "tray"});
        clerk.post(&path, body("4 10:00")).await.created();
        assert_eq!(month(house, "2026-12").await["unserved"], 1, "another day");
        clerk.post(&path, body("3 10:00")).await.created();
        let page = month(house, "2026-12").await;
        assert_eq!((&page["unserved"], &page["ahead"]), (&json!(0), &json!(2)));
    }
);

both!(
    a_refused_booking_is_kept_with_its_time_and_its_reason,
    async |house: &House| {
        crate::quality_visits::chess(house).await;
        let mut family = house.enter(house.at.stranger).await;
        let path = format!("/api/residents/{}/bookings", house.at.neighbour);
        let body = json!({"service": "CHESS", "start": local("2026-11-25 10:00"), "if_unserved": "refuse"});
        for _ in 0..2 {
            family
                .post(&path, body.clone())
                .await
                .refused(StatusCode::CONFLICT, "slot-taken");
        }
        let rows = unmets(house).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].resident_id, house.at.neighbour);
        assert_eq!(rows[0].band, Some(entity::words::Band::Morning));
        assert_eq!(rows[0].reason, UnmetReason::AllBusy);
        assert_eq!(month(house, "2026-11").await["unserved"], 1);
        // One of the other times is taken after all.
        let body = json!({"service": "CHESS", "start": local("2026-11-25 14:00"), "if_unserved": "refuse"});
        family.post(&path, body).await.created();
        assert_eq!(month(house, "2026-11").await["unserved"], 0);
        // Somebody else's resident cannot be asked for at all.
        let path = format!(
            "/api/residents/{}/times?service=BATH&from=2026-12-02",
            house.at.mother
        );
        family
            .get(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        assert_eq!(unmets(house).await.len(), 1);
    }
);

async fn told_of(house: &House) -> Vec<audit::Model> {
    audit::Entity::find()
        .filter(audit::Column::What.eq(Subject::Unmet))
        .all(house.app.store.read())
        .await
        .unwrap()
}

both!(
    many_who_ask_at_once_are_one_row_and_one_piece_of_news,
    async |house: &House| {
        // Beside the key there is no guard that could be turned off: the look before the write spares the write alone. So the
        // control is the key itself: a second row is refused, whoever writes it.
        let path = format!(
            "/api/residents/{}/times?service=BATH&from=2026-12-02&days=2",
            house.at.mother
        );
        let clients = [
            house.enter(house.at.daughter).await,
            house.enter(house.at.clerk).await,
        ];
        let tries = (0..16).map(|n| {
            let (mut client, path) = (clients[n % 2].clone(), path.clone());
            tokio::spawn(async move { client.get(&path).await })
        });
        for reply in futures::future::join_all(tries).await {
            reply.unwrap().ok();
        }
        let rows = unmets(house).await;
        assert_eq!(rows.len(), 1);
        let told = told_of(house).await;
        assert_eq!(told.len(), 1, "the feed hears of it once");
        assert_eq!((told[0].resident_id, told[0].account_id), (None, None));
        let mut again: unmet::ActiveModel = rows[0].clone().into();
        again.id = sea_orm::ActiveValue::NotSet;
        let refused = house
            .app
            .store
            .write(move |txn| {
                let again = again.clone();
                Box::pin(async move {
                    unmet::Entity::insert(again)
                        .exec_without_returning(txn)
                        .await?;
                    Ok(())
                })
            })
            .await;
        assert!(refused.is_err(), "the key refuses a second");
        assert_eq!(unmets(house).await.len(), 1);
    }
);

both!(
    an_asking_in_vain_is_told_to_whoever_shows_the_figures,
    async |house: &House| {
        // At another process, which is asked to end so that its streams do.
        let other = house.another().await;
        let mut followers = Vec::new();
        for (account, hears) in [
            (house.at.coordinator, true),
            (house.at.panel, true),
            (house.at.admin, true),
            (house.at.chen_account, false),
        ] {
            let mut client = Client::signed_in(&other, account).await;
            let stream = tokio::spawn(async move { client.get("/api/events").await.text });
            followers.push((account, stream, hears));
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!(
            "/api/residents/{}/times?service=BATH&from=2026-12-02&days=2",
            house.at.mother
        );
        daughter.get(&path).await.ok();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        other.closing.ask();
        for (account, stream, hears) in followers {
            let heard = stream.await.unwrap();
            assert_eq!(
                heard.contains(r#""what":"unmet""#),
                hears,
                "{account}: {heard}"
            );
        }
    }
);

both!(two_files_of_one_person_asked_once, async |house: &House| {
    let (mother, other) = (house.at.mother, house.at.neighbour);
    let bath = service_of(house, "BATH").await;
    let row = |resident, day: &str| unmet::ActiveModel {
        community_id: Set(bath.community_id),
        resident_id: Set(resident),
        service_id: Set(bath.id),
        day: Set(day.parse().unwrap()),
        last_day: Set(day.parse().unwrap()),
        reason: Set(UnmetReason::NobodyFree),
        channel: Set(Channel::Phone),
        created_at: Set(House::morning()),
        ..Default::default()
    };
    for (resident, day) in [
        (mother, "2026-12-02"),
        (other, "2026-12-02"),
        (other, "2026-12-03"),
    ] {
        house.add(row(resident, day)).await;
    }
    let store = house.app.store.clone();
    store
        .write(move |txn| {
            Box::pin(async move { yinling::supply::unmet::follow(txn, mother, other).await })
        })
        .await
        .unwrap();
    let rows = unmets(house).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.resident_id == mother));
});

both!(
    a_start_that_was_missed_and_put_off_was_not_served_then,
    async |house: &House| {
        let visit = crate::quality_visits::chess(house).await;
        crate::quality_visits::at(house, 61);
        yinling::quality::watch::sweep(&house.app).await.unwrap();
        assert_eq!(month(house, "2026-11").await["unserved"], 1);
        // He comes a week later instead.
        let later = local("2026-12-02 10:00");
        house
            .alter(visit::ActiveModel {
                id: Set(VisitId(visit)),
                starts_at: Set(later),
                ends_at: Set(later + TimeDelta::minutes(60)),
                state: Set(VisitState::Completed),
                ..Default::default()
            })
            .await;
        house.clock.set(local("2026-12-03 10:00"));
        let november = month(house, "2026-11").await;
        assert_eq!(
            (
                &november["asked"],
                &november["unserved"],
                &november["served"]
            ),
            (&json!(1), &json!(1), &json!(0))
        );
        assert_eq!(november["gaps"][0]["causes"][0]["cause"], "did_not_come");
        assert_eq!(month(house, "2026-12").await["served"], 1);
        // Whoever moved away did not give up.
        let bath = Past {
            service: "BATH",
            resident: house.at.mother,
            start: "2026-11-28 10:00",
            state: VisitState::Cancelled,
            crew: &[],
            asked_after: 0,
        }
        .add(house)
        .await;
        cancelled(house, &bath, 30, true).await;
        assert_eq!(month(house, "2026-11").await["unserved"], 2);
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.mother),
                left_at: Set(Some(bath.created_at + TimeDelta::hours(30))),
                ..Default::default()
            })
            .await;
        assert_eq!(month(house, "2026-11").await["unserved"], 1);
    }
);

/// Everybody who may not.
pub fn others(house: &House) -> [AccountId; 5] {
    let at = &house.at;
    [
        at.chen_account,
        at.daughter,
        at.stranger,
        at.officer,
        at.sun_account,
    ]
}

/// A service's number, for bodies.
pub async fn id_of(house: &House, code: &str) -> ServiceId {
    service_of(house, code).await.id
}
