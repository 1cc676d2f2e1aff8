//! The catalogue: what can be booked, for whom, and what it costs.

pub mod categories;
pub mod queries;
pub mod routes;
pub mod views;

use chrono::NaiveDate;
use entity::words::{HelperKind, ResidentState};
use entity::{resident, service, service_offer};

use crate::said::Said;

/// Why a service cannot be booked for a resident; nothing where it can.
///
/// The last ability level that an assessor recorded counts, also when its term is over: somebody who needed two people
/// to be lifted still does. The sentence then says that a new assessment would help. Whoever was never assessed is not
/// turned away.
#[must_use]
pub fn why_not(
    service: &service::Model,
    offers: &[service_offer::Model],
    resident: &resident::Model,
    today: NaiveDate,
) -> Option<Said> {
    if !service.active {
        return Some(Said::new(
            "这项服务暂停预约。",
            "This service is not offered at present.",
        ));
    }
    why_nobody_comes(offers)
        .or_else(|| why_not_them(resident.state))
        .or_else(|| why_not_at_this_level(service, resident, today))
}

/// Why nobody at all can have a service: no kind of helper has a price for it.
#[must_use]
pub fn why_nobody_comes(offers: &[service_offer::Model]) -> Option<Said> {
    offers.is_empty().then(|| {
        Said::new(
            "目前没有服务商提供这项服务。",
            "No provider offers this service at present.",
        )
    })
}

/// Why nothing can be booked for somebody in this state.
fn why_not_them(state: ResidentState) -> Option<Said> {
    match state {
        // Whoever is away can be booked for from the day of their return: which days those are, `residents::absences` says.
        ResidentState::Active | ResidentState::Paused => None,
        ResidentState::Moved => Some(Said::new(
            "老人已经搬离本社区，不能再预约。",
            "They have moved away, so nothing can be booked here any more.",
        )),
        ResidentState::Died => Some(Said::new(
            "这份档案已经关闭，不能再预约。",
            "This file is closed; nothing can be booked any more.",
        )),
    }
}

fn why_not_at_this_level(
    service: &service::Model,
    resident: &resident::Model,
    today: NaiveDate,
) -> Option<Said> {
    let level = resident.ability_level?;
    let (from, to) = (service.ability_min, service.ability_max);
    if (from..=to).contains(&level) {
        return None;
    }
    let expired = resident
        .ability_valid_until
        .is_some_and(|until| until < today);
    Some(if expired {
        Said::new(
            format!(
                "老人上次评估为能力 {level} 级，这项服务适合 {from} 到 {to} 级；评估已过期，可先约一次能力评估。"
            ),
            format!(
                "The last assessment says ability level {level}, and this service is for levels {from} to {to}. That \
                 assessment is out of date: book a new one first."
            ),
        )
    } else {
        Said::new(
            format!("老人能力评估为 {level} 级，这项服务适合 {from} 到 {to} 级。"),
            format!("Their ability level is {level}; this service is for levels {from} to {to}."),
        )
    })
}

/// What a service costs from a helper of this kind, in fen; nothing where that kind does not offer it.
#[must_use]
pub fn price(offers: &[service_offer::Model], kind: HelperKind) -> Option<i64> {
    offers
        .iter()
        .find(|offer| offer.kind == kind)
        .map(|offer| offer.price_fen)
}

/// The lowest and the highest price among the kinds that offer a service, in fen; nothing where none does.
#[must_use]
pub fn price_range(offers: &[service_offer::Model]) -> Option<(i64, i64)> {
    let lowest = offers.iter().map(|offer| offer.price_fen).min()?;
    let highest = offers.iter().map(|offer| offer.price_fen).max()?;
    Some((lowest, highest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{CommunityId, HouseholdId, ResidentId, ServiceId, SkillId};
    use entity::words::{Living, Place, Sex};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn service(from: i32, to: i32) -> service::Model {
        service::Model {
            id: ServiceId(1),
            community_id: CommunityId(1),
            code: "X".into(),
            category: "助浴".into(),
            name_zh: "上门助浴".into(),
            name_en: "Bath at home".into(),
            unit: "次".into(),
            duration_min: 60,
            market_price_fen: 10_000,
            skill_id: SkillId(1),
            crew_size: 1,
            lead_time_hours: 24,
            place: Place::Home,
            ability_min: from,
            ability_max: to,
            intimate: true,
            credit: false,
            home_service_class: String::new(),
            priority: 5,
            active: true,
        }
    }

    fn resident(level: Option<i32>, until: Option<&str>) -> resident::Model {
        resident::Model {
            id: ResidentId(1),
            community_id: CommunityId(1),
            household_id: HouseholdId(1),
            name: "王秀英".into(),
            initials: "wxy".into(),
            sex: Sex::Female,
            birth_date: day("1946-02-03"),
            phone: None,
            living: Living::Alone,
            ability_level: level,
            ability_assessed_on: None,
            ability_assessor: None,
            ability_valid_until: until.map(day),
            knock_note: None,
            safety_note: None,
            state: ResidentState::Active,
            last_seen_at: None,
            left_on: None,
            left_at: None,
            erased_at: None,
            version: 1,
        }
    }

    fn offer(kind: HelperKind, price_fen: i64) -> service_offer::Model {
        service_offer::Model {
            service_id: ServiceId(1),
            kind,
            price_fen,
        }
    }

    fn offered() -> [service_offer::Model; 1] {
        [offer(HelperKind::Staff, 3_000)]
    }

    #[test]
    fn what_nobody_offers_is_for_nobody() {
        let why = why_not(
            &service(0, 4),
            &[],
            &resident(None, None),
            day("2026-11-24"),
        )
        .unwrap();
        assert!(why.en.contains("No provider"), "{}", why.en);
    }

    #[test]
    fn a_level_within_the_range_or_none_at_all_is_let_in() {
        let today = day("2026-11-24");
        for level in [None, Some(1), Some(2), Some(3)] {
            assert_eq!(
                why_not(&service(1, 3), &offered(), &resident(level, None), today),
                None,
                "{level:?}"
            );
        }
        for level in [0, 4] {
            let why = why_not(
                &service(1, 3),
                &offered(),
                &resident(Some(level), None),
                today,
            )
            .unwrap();
            assert!(why.zh.contains(&format!("{level} 级")), "{}", why.zh);
            assert!(why.en.contains("levels 1 to 3"), "{}", why.en);
        }
    }

    #[test]
    fn an_assessment_out_of_date_still_counts_and_asks_for_a_new_one() {
        let today = day("2026-11-24");
        let on_its_last_day = resident(Some(4), Some("2026-11-24"));
        let why = why_not(&service(0, 2), &offered(), &on_its_last_day, today).unwrap();
        assert!(!why.zh.contains("过期"));
        let expired = resident(Some(4), Some("2026-11-23"));
        let why = why_not(&service(0, 2), &offered(), &expired, today).unwrap();
        assert!(why.zh.contains("过期") && why.en.contains("out of date"));
        assert_eq!(why_not(&service(0, 4), &offered(), &expired, today), None);
    }

    #[test]
    fn nothing_is_booked_for_somebody_who_left_or_of_a_service_that_rests() {
        let today = day("2026-11-24");
        let paused = resident::Model {
            state: ResidentState::Paused,
            ..resident(None, None)
        };
        assert_eq!(why_not(&service(0, 4), &offered(), &paused, today), None);
        for state in [ResidentState::Moved, ResidentState::Died] {
            let away = resident::Model {
                state,
                ..resident(None, None)
            };
            assert!(
                why_not(&service(0, 4), &offered(), &away, today).is_some(),
                "{state:?}"
            );
        }
        let resting = service::Model {
            active: false,
            ..service(0, 4)
        };
        assert!(why_not(&resting, &offered(), &resident(None, None), today).is_some());
    }

    #[test]
    fn a_price_belongs_to_the_pair_of_service_and_kind() {
        let offers = [
            offer(HelperKind::Staff, 3_000),
            offer(HelperKind::Volunteer, 0),
        ];
        assert_eq!(price(&offers, HelperKind::Staff), Some(3_000));
        assert_eq!(price(&offers, HelperKind::Volunteer), Some(0));
        assert_eq!(price(&offers, HelperKind::Merchant), None);
        assert_eq!(price_range(&offers), Some((0, 3_000)));
        assert_eq!(price_range(&[]), None);
    }
}
