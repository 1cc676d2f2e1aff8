//! The gaps of a month: each service that could not always be served, with its figures, those without it first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::ids::{GridId, ResidentId, ServiceId};
use entity::service;
use entity::words::{Band, HelperKind, Lang};

use super::advice::Facts;
use super::asked::Asked;
use super::queries::Picture;
use super::views::{BandCount, CauseCount, Gap, GridCount};
use super::words::{band_word, cause_word};
use super::{Cause, Fate};
use crate::said::{Said, pick};

/// The gaps of a month in their order: by people left without, then by how often, then as the catalogue has them.
#[must_use]
pub fn of(picture: &Picture, month: u32, lang: Lang) -> Vec<Gap> {
    let mut by_service: BTreeMap<ServiceId, Vec<(&Asked, Cause)>> = BTreeMap::new();
    for (asked, cause) in unserved(&picture.asked) {
        by_service
            .entry(asked.service)
            .or_default()
            .push((asked, cause));
    }
    let mut before: HashMap<ServiceId, usize> = HashMap::new();
    for (asked, _) in unserved(&picture.before) {
        *before.entry(asked.service).or_default() += 1;
    }
    let mut gaps: Vec<Gap> = by_service
        .into_iter()
        .filter_map(|(id, missing)| {
            let service = picture.services.get(&id)?;
            let before = before.get(&id).copied().unwrap_or(0);
            Some(gap(picture, service, &missing, before, (month, lang)))
        })
        .collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse((gap.people, gap.unserved)));
    gaps
}

/// What could not be served, with why.
pub fn unserved(asked: &[Asked]) -> impl Iterator<Item = (&Asked, Cause)> {
    asked.iter().filter_map(|one| match one.fate {
        Fate::Unserved(cause) => Some((one, cause)),
        _ => None,
    })
}

fn gap(
    picture: &Picture,
    service: &service::Model,
    missing: &[(&Asked, Cause)],
    before: usize,
    (month, lang): (u32, Lang),
) -> Gap {
    let facts = facts(picture, service, missing);
    let step = facts.step();
    let asked: Vec<&Asked> = picture
        .asked
        .iter()
        .filter(|one| one.service == service.id && one.fate != Fate::CalledOff)
        .collect();
    Gap {
        service_id: service.id,
        service_code: service.code.clone(),
        service: facts.service.to(lang),
        skill: facts.skill.to(lang),
        asked: asked.len(),
        served: asked.iter().filter(|one| one.fate == Fate::Served).count(),
        unserved: facts.unserved,
        unserved_before: before,
        people: facts.people,
        causes: causes(missing.iter().map(|(_, cause)| *cause), lang),
        bands: bands(missing, lang),
        grids: grids(picture, missing),
        holders: facts.holders,
        lapsed: facts.lapsed,
        asked_min: asked.iter().map(|one| one.minutes).sum(),
        offered_min: facts.offered_min,
        step,
        sentence: facts.sentence(month, step).to(lang),
    }
}

fn facts(picture: &Picture, service: &service::Model, missing: &[(&Asked, Cause)]) -> Facts {
    let worst = worst(missing);
    let lacking = missing
        .iter()
        .filter(|(one, _)| worst.is_none_or(|(band, _)| one.band == Some(band)));
    let holders: Vec<_> = picture.holders(service).collect();
    let there =
        |hand: &super::offered::Hand| worst.map_or(hand.minutes, |(band, _)| hand.in_band(band));
    let kinds = picture
        .kinds
        .get(&service.id)
        .map_or(&[][..], Vec::as_slice);
    let skill = picture.skills.get(&service.skill_id);
    let permitted = || {
        picture
            .hands
            .iter()
            .filter(|hand| picture.permits(hand, service))
    };
    let skill_id = service.skill_id;
    let of_skill = |one: &&Asked| {
        one.fate != Fate::CalledOff
            && picture
                .services
                .get(&one.service)
                .is_some_and(|other| other.skill_id == skill_id)
    };
    Facts {
        service: Said::new(&service.name_zh, &service.name_en),
        skill: skill.map_or_else(
            || Said::new("", ""),
            |skill| Said::new(&skill.name_zh, &skill.name_en),
        ),
        needs_paper: skill.is_some_and(|skill| skill.needs_credential),
        volunteers: kinds.contains(&HelperKind::Volunteer),
        staff: kinds.contains(&HelperKind::Staff),
        crew: usize::try_from(service.crew_size).unwrap_or(1),
        unserved: missing.len(),
        people: people(missing.iter().map(|(one, _)| one.resident)),
        did_not_come: missing
            .iter()
            .filter(|(_, cause)| *cause == Cause::DidNotCome)
            .count(),
        worst,
        lacking_min: lacking.map(|(one, _)| one.minutes).sum(),
        on_duty: holders.iter().filter(|hand| there(hand) > 0).count(),
        offered_min: holders.iter().map(|hand| hand.minutes).sum(),
        asked_min: picture
            .asked
            .iter()
            .filter(of_skill)
            .map(|one| one.minutes)
            .sum(),
        on_duty_min: holders.iter().map(|hand| there(hand)).sum(),
        holders: holders.len(),
        lapsed: permitted()
            .filter(|hand| hand.lapsed.contains(&skill_id))
            .count(),
        trainable: permitted()
            .filter(|hand| hand.kind == HelperKind::Volunteer && there(hand) > 0)
            .filter(|hand| !hand.skills.contains(&skill_id) && !hand.lapsed.contains(&skill_id))
            .count(),
    }
}

/// The part of the day in which most was not served, where times were asked for: the earlier of two alike.
fn worst(missing: &[(&Asked, Cause)]) -> Option<(Band, usize)> {
    let mut counts: BTreeMap<Band, usize> = BTreeMap::new();
    for band in missing.iter().filter_map(|(one, _)| one.band) {
        *counts.entry(band).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(band, count)| (*count, std::cmp::Reverse(*band)))
}

/// How many residents these are.
pub fn people(residents: impl Iterator<Item = ResidentId>) -> usize {
    residents.collect::<BTreeSet<_>>().len()
}

/// Counts causes, the commonest first.
pub fn causes(all: impl Iterator<Item = Cause>, lang: Lang) -> Vec<CauseCount> {
    let mut counts: BTreeMap<Cause, usize> = BTreeMap::new();
    for cause in all {
        *counts.entry(cause).or_default() += 1;
    }
    let mut told: Vec<CauseCount> = counts
        .into_iter()
        .map(|(cause, count)| CauseCount {
            cause,
            word: cause_word(cause).to(lang),
            count,
            before: 0,
        })
        .collect();
    told.sort_by_key(|one| std::cmp::Reverse(one.count));
    told
}

fn bands(missing: &[(&Asked, Cause)], lang: Lang) -> Vec<BandCount> {
    [
        Some(Band::Morning),
        Some(Band::Afternoon),
        Some(Band::Evening),
        None,
    ]
    .into_iter()
    .map(|band| BandCount {
        band,
        word: band.map_or_else(
            || pick(lang, "没说时间", "no time said").to_owned(),
            |band| band_word(band).to(lang),
        ),
        unserved: missing.iter().filter(|(one, _)| one.band == band).count(),
    })
    .filter(|one| one.unserved > 0)
    .collect()
}

fn grids(picture: &Picture, missing: &[(&Asked, Cause)]) -> Vec<GridCount> {
    let count = |id: GridId| {
        missing
            .iter()
            .filter(|(one, _)| one.grid == Some(id))
            .count()
    };
    picture
        .grids
        .iter()
        .map(|(id, name)| GridCount {
            grid_id: *id,
            grid: name.clone(),
            unserved: count(*id),
        })
        .filter(|one| one.unserved > 0)
        .collect()
}
