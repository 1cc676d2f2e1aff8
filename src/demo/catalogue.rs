//! The catalogue: 199 services out of the list beside this file, and the skills they ask for.

use entity::ids::{ServiceId, SkillId};
use entity::words::HelperKind;
use entity::{service, service_offer, skill};

use super::place::COMMUNITY;
use super::rows::{Rows, next};
use super::skills::SKILLS;
use super::suits;

/// One service a line; made up, as everything here.
const LIST: &str = include_str!("catalogue.csv");

/// A line of the list.
#[derive(Debug, serde::Deserialize)]
struct Line {
    code: String,
    category: String,
    name_zh: String,
    name_en: String,
    unit: String,
    duration_min: i32,
    market_price_yuan: i64,
    price_yuan: i64,
    helper_kind: String,
    skill: String,
    two_helpers: i32,
    lead_time_hours: i32,
    at: String,
}

/// Adds skills, services and what each kind of helper asks for them.
pub(super) fn add(rows: &mut Rows) {
    for (code, name_zh, name_en, needs_credential) in SKILLS {
        rows.skills.push(skill::Model {
            id: SkillId(next(&rows.skills)),
            community_id: COMMUNITY,
            code: (*code).into(),
            name_zh: (*name_zh).into(),
            name_en: (*name_en).into(),
            needs_credential: *needs_credential,
        });
    }
    let mut list = csv::Reader::from_reader(LIST.as_bytes());
    // The list is part of the program: the tests count its lines, so none is passed over unseen.
    for line in list.deserialize().flatten() {
        service(rows, line);
    }
}

fn service(rows: &mut Rows, line: Line) {
    let Some(skill_id) = skill_id(rows, &line.skill) else {
        return;
    };
    let id = ServiceId(next(&rows.services));
    let kinds: Vec<HelperKind> = line.helper_kind.split('|').filter_map(kind).collect();
    for kind in &kinds {
        let listed = line.price_yuan * 100;
        let price_fen = match kind {
            HelperKind::Volunteer => suits::volunteer_price(&line.code, listed),
            HelperKind::Staff | HelperKind::Merchant => listed,
        };
        rows.offers.push(service_offer::Model {
            service_id: id,
            kind: *kind,
            price_fen,
        });
    }
    let (ability_min, ability_max) = suits::ability(&line.code);
    rows.services.push(service::Model {
        id,
        community_id: COMMUNITY,
        category: line.category,
        name_zh: line.name_zh,
        name_en: line.name_en,
        unit: line.unit,
        duration_min: line.duration_min,
        market_price_fen: line.market_price_yuan * 100,
        skill_id,
        crew_size: 1 + line.two_helpers,
        lead_time_hours: line.lead_time_hours,
        place: suits::place(&line.code, &line.at),
        ability_min,
        ability_max,
        intimate: suits::intimate(&line.code),
        credit: kinds.contains(&HelperKind::Volunteer) && line.skill != "nursing",
        home_service_class: suits::class(&line.code).into(),
        priority: suits::priority(&line.code),
        active: true,
        code: line.code,
    });
}

fn kind(word: &str) -> Option<HelperKind> {
    match word {
        "volunteer" => Some(HelperKind::Volunteer),
        "staff" => Some(HelperKind::Staff),
        "merchant" => Some(HelperKind::Merchant),
        _ => None,
    }
}

/// The skill of this word.
pub(super) fn skill_id(rows: &Rows, code: &str) -> Option<SkillId> {
    rows.skills
        .iter()
        .find(|skill| skill.code == code)
        .map(|skill| skill.id)
}

/// The service of this code.
pub(super) fn service_by_code<'a>(rows: &'a Rows, code: &str) -> Option<&'a service::Model> {
    rows.services.iter().find(|service| service.code == code)
}
