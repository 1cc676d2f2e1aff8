//! The community's day with its visits for two helpers, as the product states a problem.

use serde::Deserialize;
use std::time::{Duration, Instant};
use yinling_matching::{
    Goal, HeldSkill, Helper, HelperKind, Interval, PlaceIx, Problem, Progress, Sex, SkillIx,
    SkillName, Stop, Visit, Walking,
};

/// Whatever keeps an example from ending well.
pub type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Day {
    bookings: Vec<Booking>,
    helpers: Vec<Person>,
    travel_seconds: Vec<Vec<u32>>,
}

#[derive(Deserialize)]
struct Booking {
    id: i64,
    service: String,
    helpers: u8,
    location: usize,
    sex: String,
    duration: i64,
    time_window: (i64, i64),
    priority: u32,
    kind: String,
    same_sex: bool,
}

#[derive(Deserialize)]
struct Person {
    id: i64,
    kind: String,
    location: usize,
    time_window: (i64, i64),
    max_care: i64,
    sex: String,
    skills: Vec<String>,
}

/// By the clock, from a beginning before the problem was flattened.
pub struct Until(pub Instant, pub Duration);

impl Stop for Until {
    fn done(&mut self, _: &Progress) -> bool {
        self.0.elapsed() >= self.1
    }

    fn spent(&mut self, _: &Progress) -> Option<f64> {
        Some((self.0.elapsed().as_secs_f64() / self.1.as_secs_f64()).min(1.0))
    }
}

/// The day in a file.
///
/// # Errors
/// Where it cannot be read.
pub fn read(file: &str) -> Result<Problem, Failure> {
    let day: Day = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    Ok(stated(&day))
}

fn stated(day: &Day) -> Problem {
    let mut names: Vec<&String> = day.helpers.iter().flat_map(|one| &one.skills).collect();
    names.extend(day.bookings.iter().map(|one| &one.service));
    names.sort();
    names.dedup();
    let skill = |name: &String| SkillIx(names.binary_search(&name).unwrap_or(0));
    Problem {
        first_day: (2026, 11, 24),
        days: 1,
        week_of_day: vec![0],
        grid: Problem::GRID,
        skills: names
            .iter()
            .map(|name| SkillName {
                zh: (*name).clone(),
                en: (*name).clone(),
            })
            .collect(),
        helpers: day.helpers.iter().map(|one| helper(one, &skill)).collect(),
        visits: day.bookings.iter().map(|one| visit(one, &skill)).collect(),
        walking: Walking::from_fn(day.travel_seconds.len(), |from, to| {
            day.travel_seconds[from][to]
        }),
        links: Vec::new(),
        goal: Goal::Care,
    }
}

fn sex(word: &str) -> Sex {
    if word == "f" { Sex::Female } else { Sex::Male }
}

fn helper(one: &Person, skill: &impl Fn(&String) -> SkillIx) -> Helper {
    Helper {
        key: one.id,
        name: format!("{}", one.id),
        kind: kind(&one.kind),
        sex: sex(&one.sex),
        skills: one
            .skills
            .iter()
            .map(|name| HeldSkill {
                skill: skill(name),
                needs_credential: false,
                valid: None,
            })
            .collect(),
        available: vec![Interval::new(one.time_window.0, one.time_window.1)],
        leave: Vec::new(),
        start: Some(PlaceIx(one.location)),
        end: Some(PlaceIx(one.location)),
        daily_limit: one.max_care,
        weekly_limit: 6 * one.max_care,
        care_before: Vec::new(),
        household: None,
        recent_load: 0,
    }
}

fn kind(word: &str) -> HelperKind {
    if word == "staff" {
        HelperKind::Staff
    } else {
        HelperKind::Volunteer
    }
}

fn visit(one: &Booking, skill: &impl Fn(&String) -> SkillIx) -> Visit {
    let (from, to) = one.time_window;
    let middle = (from + to) / 2;
    Visit {
        key: one.id,
        label: format!("{} {}", one.id, one.service),
        skill: skill(&one.service),
        duration: one.duration,
        window: Interval::new(from, to),
        asked: Some(middle - middle % Problem::GRID),
        place: PlaceIx(one.location),
        priority: one.priority,
        crew: one.helpers,
        kinds: match one.kind.as_str() {
            "any" => vec![HelperKind::Staff, HelperKind::Volunteer],
            word => vec![kind(word)],
        },
        sex: one.same_sex.then(|| sex(&one.sex)),
        avoid: Vec::new(),
        prefer: Vec::new(),
        continuity: Vec::new(),
        household: 10_000 + one.id,
        ability_level: None,
        ability_allowed: (0, 4),
        credit: false,
        declined: Vec::new(),
        barred: Vec::new(),
        held: None,
    }
}
