//! Who lives where: 876 residents over 60, in their households.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::{AbsenceId, AssessmentId, BuildingId, HouseholdId, ResidentId};
use entity::words::{AbsenceKind, Living, ResidentState, Sex};
use entity::{absence, assessment, building, household, resident};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::{names, time};
use crate::compound::Location;

/// How many are on the roll.
pub(super) const RESIDENTS: usize = 876;
/// The mother of the demonstration's daughter; she has a cat.
pub(super) const MOTHER: ResidentId = ResidentId(1);
/// The daughter's father-in-law.
pub(super) const FATHER_IN_LAW: ResidentId = ResidentId(2);
/// The neighbour with a dog, whose visit stands where the mother's would like to be.
pub(super) const DOG_OWNER: ResidentId = ResidentId(3);

/// Where the one stands who was written down twice.
const TWICE: usize = 400;

const KNOCK: &[&str] = &[
    "敲门请重一些，听力不好",
    "门铃坏了，请敲门",
    "腿脚慢，请多等两分钟",
    "先打电话再上楼",
    "钥匙在对门邻居家",
    "家里有小狗，不咬人",
    "请从北边单元门进",
    "上午在楼下晒太阳，可到花坛找",
];
const SAFETY: &[&str] = &[
    "有高血压，起身要慢",
    "糖尿病，随身带糖",
    "走路不稳，请搀扶",
    "吸氧，室内不要用明火",
    "记性不好，请说明来意并出示工作证",
    "青霉素过敏",
    "装有心脏起搏器",
    "视力弱，物品请放回原处",
];

/// What the roll needs to know of somebody before writing them down.
struct Person {
    sex: Sex,
    age: i32,
    living: Living,
}

/// Adds the households and residents; the three of the prepared story come first.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let today = time::date(now);
    let mut flats = flats(rows);
    flats.shuffle(rng);
    for (flat, name, sex, age) in [
        (("3", 2, 5, 1), "王桂兰", Sex::Female, 79),
        (("12", 1, 2, 2), "李国富", Sex::Male, 81),
        (("5", 1, 3, 1), "赵春香", Sex::Female, 74),
    ] {
        take_flat(rows, rng, &mut flats, flat);
        let person = Person {
            sex,
            age,
            living: Living::Alone,
        };
        resident(rows, rng, today, &person, name.into());
    }
    for (id, level, knock, safety) in [
        (
            MOTHER,
            1,
            Some("听力不好，敲门请重一些；家里养猫，请随手关门"),
            Some("膝盖不好，走路请搀一把"),
        ),
        (
            FATHER_IN_LAW,
            2,
            Some("门铃在右手边"),
            Some("中风后左手无力，起身要扶"),
        ),
        (DOG_OWNER, 0, Some("家里有小狗，不咬人"), None),
    ] {
        let row = &mut rows.residents[index(id.0)];
        assess(row, rng, today, level);
        row.living = Living::Alone;
        row.state = ResidentState::Active;
        row.knock_note = knock.map(Into::into);
        row.safety_note = safety.map(Into::into);
    }
    while rows.residents.len() < RESIDENTS {
        if let Some((building, entrance, floor, flat)) = flats.pop() {
            let phone = rng.random_bool(0.6).then(|| names::landline(rng));
            household(rows, building, (entrance, floor, flat), phone);
            let room = RESIDENTS - rows.residents.len();
            for person in people(rng).into_iter().take(room) {
                let year = today.year() - person.age;
                let surname = names::surname(rng);
                let name = names::full(rng, surname, person.sex, year);
                resident(rows, rng, today, &person, name);
            }
        }
    }
}

/// What the roll knows beside the rows of the residents: who is away and since when, all assessments, and one person who
/// was written down twice. Nothing is drawn for it, so that the rest of the compound is the same with it and without.
pub(super) fn add_history(rows: &mut Rows, now: DateTime<Utc>) {
    let today = time::date(now);
    let office = Some(rows.accounts[0].id);
    for at in 0..rows.residents.len() {
        let row = &rows.residents[at];
        if row.state == ResidentState::Paused {
            let days = row.id.0 % 9 + 1;
            // One of three is not known to come home.
            let back = (row.id.0 % 3 > 0).then(|| today + TimeDelta::days(days + 2));
            rows.absences.push(absence::Model {
                id: AbsenceId(next(&rows.absences)),
                community_id: COMMUNITY,
                resident_id: row.id,
                kind: if row.id.0 % 2 == 0 {
                    AbsenceKind::Hospital
                } else {
                    AbsenceKind::Elsewhere
                },
                from_date: today - TimeDelta::days(days),
                back_on: back,
                note: Some(
                    if row.id.0 % 2 == 0 {
                        "住院检查"
                    } else {
                        "去女儿家"
                    }
                    .into(),
                ),
                recorded_by: office,
                created_at: now - TimeDelta::days(days),
                withdrawn_at: None,
            });
        }
        let (Some(level), Some(on)) = (row.ability_level, row.ability_assessed_on) else {
            continue;
        };
        let assessment = |on: NaiveDate, level, valid_until| assessment::Model {
            id: AssessmentId(0),
            community_id: COMMUNITY,
            resident_id: row.id,
            level,
            assessed_on: on,
            assessor: row.ability_assessor.clone().unwrap_or_default(),
            valid_until,
            recorded_by: office,
            created_at: now,
        };
        let mut all = vec![assessment(on, level, row.ability_valid_until)];
        if level > 1 {
            let before = on - TimeDelta::days(725);
            all.insert(0, assessment(before, level - 1, Some(on)));
        }
        for mut one in all {
            one.id = AssessmentId(next(&rows.assessments));
            rows.assessments.push(one);
        }
    }
    // The last of the roll stands there under another door too.
    let known = rows.residents[TWICE].clone();
    if let Some(last) = rows.residents.last_mut() {
        last.name = known.name;
        last.initials = known.initials;
        last.sex = known.sex;
        last.birth_date = known.birth_date;
    }
}

/// The front door of a household.
pub(super) fn door(rows: &Rows, household: HouseholdId) -> Location {
    let home: &household::Model = &rows.households[index(household.0)];
    let building: &building::Model = &rows.buildings[index(home.building_id.0)];
    Location {
        x_m: building.x_m,
        y_m: building.y_m,
        floor: home.floor,
        has_lift: building.has_lift,
    }
}

/// Every flat: building, entrance, floor, number on the floor.
fn flats(rows: &Rows) -> Vec<(BuildingId, i32, i32, i32)> {
    let mut all = Vec::new();
    for building in &rows.buildings {
        let entrances = if building.floors > 6 { 1..=2 } else { 1..=3 };
        for entrance in entrances {
            for floor in 1..=building.floors {
                all.extend([1, 2].map(|flat| (building.id, entrance, floor, flat)));
            }
        }
    }
    all
}

/// Makes the household of this very flat, and takes the flat off the list.
fn take_flat(
    rows: &mut Rows,
    rng: &mut StdRng,
    flats: &mut Vec<(BuildingId, i32, i32, i32)>,
    (building, entrance, floor, flat): (&str, i32, i32, i32),
) {
    let building = rows
        .buildings
        .iter()
        .find(|row| row.number == building)
        .map(|row| row.id);
    if let Some(building) = building {
        flats.retain(|free| *free != (building, entrance, floor, flat));
        let phone = Some(names::landline(rng));
        household(rows, building, (entrance, floor, flat), phone);
    }
}

fn household(
    rows: &mut Rows,
    building: BuildingId,
    (entrance, floor, flat): (i32, i32, i32),
    phone: Option<String>,
) {
    let flat = format!("{floor}{flat:02}");
    let number = &rows.buildings[index(building.0)].number;
    rows.households.push(household::Model {
        id: HouseholdId(next(&rows.households)),
        community_id: COMMUNITY,
        building_id: building,
        entrance,
        floor,
        door_key: format!("{number}-{entrance}-{flat}"),
        flat,
        phone,
    });
}

/// Who of the roll lives in one flat.
fn people(rng: &mut StdRng) -> Vec<Person> {
    let draw = rng.random_range(0..100);
    let (couple, living) = match draw {
        0..33 => (true, Living::Couple),
        33..61 => (false, Living::Alone),
        61..73 => (true, Living::WithFamily),
        _ => (false, Living::WithFamily),
    };
    let age = age(rng);
    if couple {
        let other = (age + rng.random_range(-5..=2)).max(60);
        return vec![
            Person {
                sex: Sex::Male,
                age,
                living,
            },
            Person {
                sex: Sex::Female,
                age: other,
                living,
            },
        ];
    }
    let women = if age >= 75 { 0.72 } else { 0.6 };
    let sex = if rng.random_bool(women) {
        Sex::Female
    } else {
        Sex::Male
    };
    vec![Person { sex, age, living }]
}

/// 60 to 69 some 45 in a hundred, 70 to 79 35, 80 to 89 17, 90 and over 3.
fn age(rng: &mut StdRng) -> i32 {
    match rng.random_range(0..100) {
        0..43 => rng.random_range(60..70),
        43..79 => rng.random_range(70..80),
        79..97 => rng.random_range(80..90),
        _ => rng.random_range(90..99),
    }
}

/// Writes one person of the household added last.
fn resident(rows: &mut Rows, rng: &mut StdRng, today: NaiveDate, person: &Person, name: String) {
    let level = level(rng, person.age);
    // Who needs help all day is not left alone.
    let heavy = level >= 3 && person.living == Living::Alone;
    let living = if heavy {
        Living::WithFamily
    } else {
        person.living
    };
    let quiet = rng.random_bool(0.02);
    let mut row = resident::Model {
        id: ResidentId(next(&rows.residents)),
        community_id: COMMUNITY,
        household_id: HouseholdId(next(&rows.households) - 1),
        initials: crate::residents::initials::initials(&name),
        name,
        sex: person.sex,
        birth_date: birth_date(rng, today, person.age),
        phone: rng.random_bool(0.8).then(|| names::mobile(rng)),
        living,
        ability_level: None,
        ability_assessed_on: None,
        ability_assessor: None,
        ability_valid_until: None,
        knock_note: rng.random_bool(0.16).then(|| pick(rng, KNOCK)),
        safety_note: rng
            .random_bool(if level > 0 { 0.7 } else { 0.1 })
            .then(|| pick(rng, SAFETY)),
        state: if quiet {
            ResidentState::Paused
        } else {
            ResidentState::Active
        },
        last_seen_at: None,
        left_on: None,
        left_at: None,
        erased_at: None,
        version: 1,
    };
    // Most of those who manage everything have never been assessed.
    if level > 0 || rng.random_bool(0.35) {
        assess(&mut row, rng, today, level);
    }
    rows.residents.push(row);
}

fn pick(rng: &mut StdRng, list: &[&str]) -> String {
    list.choose(rng).copied().unwrap_or_default().into()
}

/// A day on which somebody was born who is `age` years old today.
pub(super) fn birth_date(rng: &mut StdRng, today: NaiveDate, age: i32) -> NaiveDate {
    let base = NaiveDate::from_ymd_opt(today.year() - age, today.month(), 1).unwrap_or(today);
    base - TimeDelta::days(rng.random_range(1..365))
}

/// Shares of the levels after GB/T 42195-2022, which grow with age.
fn level(rng: &mut StdRng, age: i32) -> i32 {
    let upper: [u32; 4] = match age {
        ..70 => [965, 988, 996, 999],
        70..80 => [890, 960, 984, 995],
        80..90 => [640, 840, 930, 975],
        _ => [300, 600, 790, 920],
    };
    let draw = rng.random_range(0..1000);
    upper.iter().take_while(|bound| draw >= **bound).count() as i32
}

/// Writes an assessment that holds two years; a few are over, or soon will be.
fn assess(row: &mut resident::Model, rng: &mut StdRng, today: NaiveDate, level: i32) {
    let on = today - TimeDelta::days(rng.random_range(20..760));
    row.ability_level = Some(level);
    row.ability_assessed_on = Some(on);
    row.ability_assessor =
        Some(["李评估师", "周评估师", "街道评估站"][rng.random_range(0..3)].into());
    row.ability_valid_until = Some(on + TimeDelta::days(730));
}
