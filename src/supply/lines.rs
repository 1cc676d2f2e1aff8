//! A month's demand against its supply: by service, skill, hour and grid.

use entity::ids::ServiceId;
use entity::words::Lang;

use super::Fate;
use super::asked::Asked;
use super::gaps::people;
use super::offered::HOURS;
use super::queries::Picture;
use super::views::SupplyLine;
use crate::said::pick;

/// A line over these askings; nothing where nothing was asked for and nothing is offered.
fn line<'a>(
    name: String,
    asked: impl Iterator<Item = &'a Asked>,
    offered_min: Option<i64>,
) -> Option<SupplyLine> {
    let asked: Vec<&Asked> = asked.filter(|one| one.fate != Fate::CalledOff).collect();
    let missing = || {
        asked
            .iter()
            .filter(|one| matches!(one.fate, Fate::Unserved(_)))
    };
    if asked.is_empty() && offered_min.unwrap_or(0) == 0 {
        return None;
    }
    Some(SupplyLine {
        name,
        asked: asked.len(),
        served: asked.iter().filter(|one| one.fate == Fate::Served).count(),
        unserved: missing().count(),
        people: people(missing().map(|one| one.resident)),
        asked_min: asked.iter().map(|one| one.minutes).sum(),
        offered_min,
    })
}

/// By service, of those that were asked for.
#[must_use]
pub fn by_service(picture: &Picture, lang: Lang) -> Vec<SupplyLine> {
    let mut ids: Vec<ServiceId> = picture.asked.iter().map(|one| one.service).collect();
    ids.sort_unstable();
    ids.dedup();
    sorted(ids.into_iter().filter_map(|id| {
        let service = picture.services.get(&id)?;
        line(
            pick(lang, &service.name_zh, &service.name_en).to_owned(),
            picture.asked.iter().filter(|one| one.service == id),
            Some(picture.holders(service).map(|hand| hand.minutes).sum()),
        )
        .filter(|line| line.asked > 0)
    }))
}

/// By skill, of those that were asked for. Whoever has two skills offers their hours to both.
#[must_use]
pub fn by_skill(picture: &Picture, lang: Lang) -> Vec<SupplyLine> {
    let mut skills: Vec<_> = picture.skills.values().collect();
    skills.sort_by_key(|skill| skill.id);
    let of = |one: &Asked| {
        picture
            .services
            .get(&one.service)
            .map(|service| service.skill_id)
    };
    sorted(skills.into_iter().filter_map(|skill| {
        let able = picture.hands.iter().filter(|hand| {
            hand.skills.contains(&skill.id) && picture.admission.idle(hand.provider).is_none()
        });
        line(
            pick(lang, &skill.name_zh, &skill.name_en).to_owned(),
            picture.asked.iter().filter(|one| of(one) == Some(skill.id)),
            Some(able.map(|hand| hand.minutes).sum()),
        )
        .filter(|line| line.asked > 0)
    }))
}

/// By hour of the day; what was asked for without a time comes last.
#[must_use]
pub fn by_hour(picture: &Picture, lang: Lang) -> Vec<SupplyLine> {
    let mut lines: Vec<SupplyLine> = (0..HOURS)
        .filter_map(|hour| {
            let number = u32::try_from(hour).ok();
            line(
                format!("{hour}:00"),
                picture
                    .asked
                    .iter()
                    .filter(|one| one.hour.is_some() && one.hour == number),
                Some(picture.hands.iter().map(|hand| hand.by_hour[hour]).sum()),
            )
        })
        .collect();
    lines.extend(line(
        pick(lang, "约不上的（没有开始时间）", "No time was found").to_owned(),
        picture.asked.iter().filter(|one| one.hour.is_none()),
        None,
    ));
    lines
}

/// By grid; who comes from the station comes last.
#[must_use]
pub fn by_grid(picture: &Picture, lang: Lang) -> Vec<SupplyLine> {
    let offered = |grid| {
        picture
            .hands
            .iter()
            .filter(|hand| hand.grid == grid)
            .map(|hand| hand.minutes)
            .sum()
    };
    let mut lines: Vec<SupplyLine> = picture
        .grids
        .iter()
        .filter_map(|(id, name)| {
            line(
                name.clone(),
                picture.asked.iter().filter(|one| one.grid == Some(*id)),
                Some(offered(Some(*id))),
            )
        })
        .collect();
    lines.extend(line(
        pick(lang, "从站点出发的", "From the station").to_owned(),
        picture.asked.iter().filter(|one| one.grid.is_none()),
        Some(offered(None)),
    ));
    lines
}

/// Most unserved first.
fn sorted(lines: impl Iterator<Item = SupplyLine>) -> Vec<SupplyLine> {
    let mut lines: Vec<SupplyLine> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.unserved, line.asked)));
    lines
}
