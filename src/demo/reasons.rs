//! Sentences: why this helper comes, why nobody comes yet.

use std::collections::BTreeMap;

use entity::ids::HelperId;
use serde_json::{Value, json};

use super::fit::{Bar, Task};
use super::roster::Roster;
use super::rows::{Rows, index};

/// Why this helper: a list of {zh, en}.
pub(super) fn why_this(rows: &Rows, roster: &Roster, task: &Task, helper: HelperId) -> Value {
    let skill = &rows.skills[index(task.skill.0)];
    let mut list = vec![
        json!({"zh": format!("会{}", skill.name_zh), "en": format!("Has the skill: {}", skill.name_en)}),
        json!({"zh": "这个时间有空，走得过来", "en": "Free at this time, the walk included"}),
    ];
    let met = roster.met(helper, task.resident);
    if met > 0 {
        let times = if met == 1 {
            "once".into()
        } else {
            format!("{met} times")
        };
        list.push(json!({"zh": format!("最近去过 {met} 次，老人认识"), "en": format!("Has been here {times} lately: a known face")}));
    }
    if roster.preferred(helper, task.resident) {
        list.push(json!({"zh": "双方有一方点名希望", "en": "One of the two asked for the other"}));
    }
    Value::Array(list)
}

/// Why nobody comes at this minute, in Chinese and English: true of everybody who has the skill.
pub(super) fn why_nobody(
    rows: &Rows,
    roster: &Roster,
    task: &Task,
    start: i32,
) -> (String, String) {
    let mut counts: BTreeMap<Bar, usize> = BTreeMap::new();
    let mut free = 0;
    for hand in roster.holders(task) {
        match roster.bar(hand, task, start) {
            Some(bar) => *counts.entry(bar).or_default() += 1,
            None => free += 1,
        }
    }
    // Who may never do this service is no part of the answer.
    counts.remove(&Bar::Kind);
    let skill = &rows.skills[index(task.skill.0)];
    let total: usize = counts.values().sum();
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|(bar, count)| (std::cmp::Reverse(*count), *bar));
    let zh: Vec<_> = ranked
        .iter()
        .map(|(bar, count)| format!("{count} 位{}", words(*bar).0))
        .collect();
    let en: Vec<_> = ranked
        .iter()
        .map(|(bar, count)| format!("{count} {}", words(*bar).1))
        .collect();
    let (zh, en) = (zh.join("，"), en.join(", "));
    let what = (&skill.name_zh, &skill.name_en);
    if free > 0 {
        return (
            format!(
                "这项服务要两人同去，会{}的这时只有 {free} 位能来，另外 {total} 位：{zh}。换个时间，或请调度员调整。",
                what.0
            ),
            format!(
                "This service needs two together; with the skill “{}” only {free} can come then, of the others {en}. Try another time, or let a coordinator rearrange.",
                what.1
            ),
        );
    }
    if total == 1 {
        return (
            format!(
                "会{}的只有 1 位，这时来不了：{zh}。换个时间，或请调度员调整。",
                what.0
            ),
            format!(
                "The only one with the skill “{}” cannot come then: {en}. Try another time, or let a coordinator rearrange.",
                what.1
            ),
        );
    }
    (
        format!(
            "会{}的 {total} 位这时都来不了：{zh}。换个时间，或请调度员调整。",
            what.0
        ),
        format!(
            "None of the {total} with the skill “{}” can come then: {en}. Try another time, or let a coordinator rearrange.",
            what.1
        ),
    )
}

fn words(bar: Bar) -> (&'static str, &'static str) {
    match bar {
        Bar::Kind => ("不提供这项服务", "may not do this service"),
        Bar::OwnHousehold => ("是自家人", "of the same household"),
        Bar::Avoided => ("有一方不愿意", "unwanted by one side"),
        Bar::Sex => ("性别不合适", "of the other sex"),
        Bar::Credential => ("资质已过期", "with an expired credential"),
        Bar::Leave => ("请假", "on leave"),
        Bar::Unavailable => ("不在服务时间", "not free at that hour"),
        Bar::Busy => ("已有别的安排", "busy with another visit"),
        Bar::DailyLimit => ("当天时间已满", "at the day's limit"),
        Bar::WeeklyLimit => ("本周时间已满", "at the week's limit"),
    }
}
