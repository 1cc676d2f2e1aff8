//! Help requests in every state: some in time, some late and risen, some waiting to be confirmed.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, GridId, HelpContactId, HelpRequestId, HelpStepId, ResidentId};
use entity::words::{HelpAction, HelpChannel, HelpKind, HelpLevel, HelpState, HelpTier};
use entity::{help_contact, help_request, help_step};

use super::accounts::CLERKS;
use super::place::COMMUNITY;
use super::roll::MOTHER;
use super::rows::{Rows, index, next};
use crate::requests::{
    Limits, Next, OPEN, Reply, Work, after_reply, after_time, after_work, late_since,
};

/// Somebody responsible besides the grid officers; without a kind, for all kinds.
struct Responsible {
    tier: HelpTier,
    kind: Option<HelpKind>,
    name: &'static str,
    phone: &'static str,
    mailbox: &'static str,
}

const fn responsible(
    (tier, kind): (HelpTier, Option<HelpKind>),
    name: &'static str,
    phone: &'static str,
    mailbox: &'static str,
) -> Responsible {
    Responsible {
        tier,
        kind,
        name,
        phone,
        mailbox,
    }
}

const CONTACTS: &[Responsible] = &[
    responsible(
        (HelpTier::Grid, Some(HelpKind::Water)),
        "水务抢修队",
        "07103550201",
        "water",
    ),
    responsible(
        (HelpTier::Grid, Some(HelpKind::Power)),
        "供电服务站",
        "07103550202",
        "power",
    ),
    responsible(
        (HelpTier::Grid, Some(HelpKind::Gas)),
        "燃气抢险班",
        "07103550203",
        "gas",
    ),
    responsible(
        (HelpTier::Grid, Some(HelpKind::Property)),
        "小区物业值班室",
        "07103550204",
        "property",
    ),
    responsible(
        (HelpTier::Community, None),
        "社区网格中心",
        "07103550210",
        "community",
    ),
    responsible(
        (HelpTier::Street, None),
        "街道综合服务科",
        "07103550220",
        "street",
    ),
];

/// What somebody did, so many minutes ago.
enum Did {
    Work(Work, i64, &'static str),
    Reply(Reply, i64, &'static str),
}
use Did::{Reply as Said, Work as Done};

/// A request: grid, which of its residents (nobody: a place), kind, level, what is wrong, minutes ago, what was done.
struct Story {
    grid: i64,
    who: Option<usize>,
    kind: HelpKind,
    level: HelpLevel,
    what: &'static str,
    ago: i64,
    then: &'static [Did],
}

const fn story(
    (grid, who): (i64, Option<usize>),
    (kind, level): (HelpKind, HelpLevel),
    what: &'static str,
    ago: i64,
    then: &'static [Did],
) -> Story {
    Story {
        grid,
        who,
        kind,
        level,
        what,
        ago,
        then,
    }
}

use HelpKind::{Gas, Medical, Network, Other, Power, Property, Water};
use HelpLevel::{Ordinary, Urgent};

/// In grid 1 the resident 0 is the mother of the one-tap entries.
const STORIES: &[Story] = &[
    story(
        (1, Some(0)),
        (Water, Ordinary),
        "厨房水龙头关不紧，一直滴水",
        1500,
        &[
            Done(Work::Respond, 1460, "已联系水工"),
            Done(Work::Handle, 1100, "换了新龙头"),
            Done(Work::Report, 1050, "水工已修好，请看看还漏不漏"),
        ],
    ),
    story(
        (1, Some(4)),
        (Property, Ordinary),
        "楼道灯不亮，晚上看不见台阶",
        205,
        &[],
    ),
    story(
        (1, Some(7)),
        (Network, Ordinary),
        "电视看不了，机顶盒红灯",
        430,
        &[],
    ),
    story((1, Some(9)), (Power, Urgent), "家里跳闸，合不上", 9, &[]),
    story(
        (1, Some(12)),
        (Other, Ordinary),
        "想换老花镜，不知道去哪里配",
        35,
        &[],
    ),
    story(
        (1, Some(15)),
        (Gas, Ordinary),
        "灶台有点煤气味，已关阀开窗",
        40,
        &[Done(Work::Respond, 36, "已到门口，抢险班一刻钟到")],
    ),
    story(
        (1, Some(18)),
        (Water, Urgent),
        "厕所下水堵了，水漫出来",
        150,
        &[
            Done(Work::Respond, 140, "疏通师傅在路上"),
            Done(Work::Handle, 60, "已疏通，地面也拖干了"),
        ],
    ),
    story(
        (1, None),
        (Property, Ordinary),
        "单元门关不上",
        2900,
        &[
            Done(Work::Respond, 2860, "已报物业"),
            Done(Work::Handle, 1500, "换了闭门器"),
            Done(Work::Report, 1400, "门已能关上"),
            Said(Reply::Settled, 1300, "好了"),
        ],
    ),
    story(
        (2, Some(3)),
        (Medical, Urgent),
        "头晕站不稳，女儿在外地",
        50,
        &[
            Done(Work::Respond, 47, "已到家里，陪着量血压"),
            Done(Work::Handle, 20, "社区医生看过，已平稳"),
            Done(Work::Report, 15, "已电话告诉女儿"),
        ],
    ),
    story(
        (2, Some(6)),
        (Property, Ordinary),
        "电梯一顿一顿的，不敢坐",
        1700,
        &[
            Done(Work::Respond, 1650, "已通知维保"),
            Done(Work::Raise, 1500, "要动用维修资金，网格定不了"),
        ],
    ),
    story((3, Some(2)), (Power, Ordinary), "插座冒过火花", 30, &[]),
    story(
        (4, Some(5)),
        (Network, Ordinary),
        "座机打不出去",
        3200,
        &[
            Done(Work::Respond, 3150, "已报修"),
            Done(Work::Handle, 2000, "换了线路"),
            Done(Work::Report, 1990, "已能打通"),
            Said(Reply::Unsettled, 90, "又不通了"),
        ],
    ),
];

/// Adds them.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    for contact in CONTACTS {
        let id = HelpContactId(next(&rows.help_contacts));
        rows.help_contacts.push(help_contact::Model {
            id,
            community_id: COMMUNITY,
            tier: contact.tier,
            kind: contact.kind,
            grid_id: None,
            covers: crate::requests::contacts::covers(contact.tier, contact.kind, None),
            name: contact.name.into(),
            phone: contact.phone.into(),
            email: Some(format!("{}@help.example.invalid", contact.mailbox)),
        });
    }
    for story in STORIES {
        tell(rows, story, now);
    }
}

fn tell(rows: &mut Rows, story: &Story, now: DateTime<Utc>) {
    let officer = rows.grids[index(story.grid)]
        .officer_id
        .unwrap_or(CLERKS[0]);
    let resident = story.who.and_then(|nth| of_grid(rows, story.grid, nth));
    let family = resident.and_then(|id| {
        let mut members = rows.family_members.iter();
        members
            .find(|row| row.resident_id == id)
            .map(|row| row.account_id)
    });
    let (asked_by, channel) = match (resident, family) {
        (None, _) => (officer, HelpChannel::GridOfficer),
        (Some(_), Some(family)) => (family, HelpChannel::Web),
        (Some(_), None) => (CLERKS[0], HelpChannel::Phone),
    };
    let limits = Limits::preset(story.kind, story.level);
    let created_at = now - TimeDelta::minutes(story.ago);
    let mut row = help_request::Model {
        id: HelpRequestId(next(&rows.help_requests)),
        community_id: COMMUNITY,
        grid_id: GridId(story.grid),
        resident_id: resident,
        place: resident.is_none().then(|| "6栋2单元门口".into()),
        kind: story.kind,
        level: story.level,
        channel,
        asked_by,
        what: story.what.into(),
        phone: None,
        state: HelpState::Collected,
        tier: HelpTier::Grid,
        due_at: limits.due(HelpState::Collected, created_at),
        late_since: None,
        created_at,
        closed_at: None,
        version: 1,
    };
    step(
        rows,
        &row,
        HelpAction::Collected,
        created_at,
        (Some(asked_by), None),
    );
    for did in story.then {
        let (next, ago, by, note) = match did {
            Done(work, ago, note) => (after_work(row.state, row.tier, *work), ago, officer, note),
            Said(reply, ago, note) => {
                let by = family.unwrap_or(CLERKS[0]);
                (after_reply(row.state, row.tier, *reply), ago, by, note)
            }
        };
        // A story that the rules refuse ends where they do; the tests see that none does.
        let Ok(next) = next else { break };
        let at = now - TimeDelta::minutes(*ago);
        let due = limits.due(next.state, at);
        go(&mut row, next, due, at);
        step(rows, &row, next.action, at, (Some(by), Some(*note)));
    }
    // What is late by now has risen, as it would have.
    while let Some((next, due)) = after_time((row.state, row.tier, row.due_at), limits, now) {
        let at = row.due_at.unwrap_or(now);
        go(&mut row, next, Some(due), at);
        step(rows, &row, next.action, at, (None, None));
    }
    rows.help_requests.push(row);
}

fn go(row: &mut help_request::Model, next: Next, due: Option<DateTime<Utc>>, at: DateTime<Utc>) {
    row.late_since = late_since((row.state, row.late_since, row.due_at), next);
    row.state = next.state;
    row.tier = next.tier;
    row.due_at = due;
    row.closed_at = (!OPEN.contains(&next.state)).then_some(at);
    row.version += 1;
}

fn step(
    rows: &mut Rows,
    row: &help_request::Model,
    action: HelpAction,
    at: DateTime<Utc>,
    (by, note): (Option<AccountId>, Option<&str>),
) {
    rows.help_steps.push(help_step::Model {
        id: HelpStepId(next(&rows.help_steps)),
        community_id: COMMUNITY,
        help_request_id: row.id,
        version: row.version,
        at,
        account_id: by,
        on_behalf: by.is_some_and(|by| CLERKS.contains(&by)) && row.resident_id.is_some(),
        action,
        tier: row.tier,
        note: note.map(str::to_owned),
    });
}

/// The `nth` resident of a grid; of grid 1 the first is the mother.
fn of_grid(rows: &Rows, grid: i64, nth: usize) -> Option<ResidentId> {
    if (grid, nth) == (1, 0) {
        return Some(MOTHER);
    }
    rows.residents
        .iter()
        .filter(|row| row.id.0 > 3)
        .filter(|row| {
            let home = &rows.households[index(row.household_id.0)];
            rows.buildings[index(home.building_id.0)].grid_id == GridId(grid)
        })
        .nth(nth)
        .map(|row| row.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::overdue;

    #[test]
    fn every_story_is_told_to_its_end_and_the_officer_of_the_first_grid_has_each_list() {
        let now: DateTime<Utc> = "2026-11-24T02:10:00Z".parse().unwrap();
        let rows = super::super::make(now, 7, "hash");
        let before = super::super::bench::SETTLED;
        let all = STORIES.len() + before.0 + before.1;
        assert_eq!(rows.help_requests.len(), all);
        for (row, story) in rows.help_requests.iter().zip(STORIES) {
            let steps = rows
                .help_steps
                .iter()
                .filter(|step| step.help_request_id == row.id && step.account_id.is_some());
            assert_eq!(steps.count(), 1 + story.then.len(), "{}", story.what);
        }
        let mine = |of: &dyn Fn(&help_request::Model) -> bool| {
            rows.help_requests
                .iter()
                .filter(|row| row.grid_id == GridId(1) && of(row))
                .count()
        };
        assert!(mine(&|row| overdue(row, now)) >= 2);
        assert!(mine(&|row| overdue(row, now) && row.tier == HelpTier::Street) >= 1);
        assert!(mine(&|row| row.state == HelpState::Collected && !overdue(row, now)) >= 2);
        assert!(mine(&|row| row.state == HelpState::Responded && !overdue(row, now)) >= 1);
        assert!(mine(&|row| row.state == HelpState::Reported) >= 1);
        assert!(mine(&|row| row.closed_at.is_some()) >= 1);
        let mothers = rows
            .help_requests
            .iter()
            .find(|row| row.resident_id == Some(MOTHER));
        assert_eq!(mothers.map(|row| row.state), Some(HelpState::Reported));
    }
}
