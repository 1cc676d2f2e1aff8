//! The panel: a closed month with what followed, the present one half scored, and a member with an interest.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AccountId, ConsequenceId, PanelInterestId, PanelSheetId, ProviderId};
use entity::words::{ConsequenceKind, InterestKind, ProviderKind, Role};
use entity::{
    consequence, criteria_set, criterion, panel_interest, panel_month, panel_point, panel_result,
    panel_sheet,
};

use super::place::COMMUNITY;
use super::rows::{Rows, next};
use super::time;
use crate::quality::panel::criteria::preset;
use crate::quality::panel::{Weighed, mean, month_before, weighted};
use crate::reports::month_of;

/// How many of the members have scored the present month: not the one-tap member.
const HAVE_SCORED: usize = 3;

/// Adds it.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    let of_role = |role| {
        let with = rows.account_roles.iter().filter(|row| row.role == role);
        with.map(|row| row.account_id).collect::<Vec<AccountId>>()
    };
    let (members, admins, coordinators) = (
        of_role(Role::PanelMember),
        of_role(Role::Admin),
        of_role(Role::Coordinator),
    );
    let (Some(one_tap), Some(admin), Some(coordinator)) =
        (members.first(), admins.first(), coordinators.first())
    else {
        return;
    };
    let (this, _) = month_of(time::date(now));
    let last = month_before(this);
    criteria(rows, now, *admin);
    let tied = merchant(rows, 1);
    interest(rows, (*one_tap, tied), now);
    for (n, member) in members.iter().enumerate() {
        for provider in providers(rows) {
            let may = *member != *one_tap || Some(provider) != tied;
            if may {
                sheet(
                    rows,
                    last,
                    provider,
                    (*member, n),
                    now - TimeDelta::days(20),
                );
            }
            let scored = n > 0 && n <= HAVE_SCORED && provider.0 <= 6;
            if may && scored {
                sheet(
                    rows,
                    this,
                    provider,
                    (*member, n),
                    now - TimeDelta::hours(5),
                );
            }
        }
    }
    months(rows, (this, last), *coordinator, now);
    results(rows, last);
    consequences(rows, last, *coordinator, now);
}

fn providers(rows: &Rows) -> Vec<ProviderId> {
    rows.providers.iter().map(|row| row.id).collect()
}

fn merchant(rows: &Rows, nth: usize) -> Option<ProviderId> {
    rows.providers
        .iter()
        .filter(|row| row.kind == ProviderKind::Merchant)
        .nth(nth)
        .map(|row| row.id)
}

fn criteria(rows: &mut Rows, now: DateTime<Utc>, by: AccountId) {
    rows.criteria_sets.push(criteria_set::Model {
        community_id: COMMUNITY,
        version: 1,
        made_by: Some(by),
        made_at: now - TimeDelta::days(70),
    });
    for (position, one) in (1..).zip(preset()) {
        rows.criteria.push(criterion::Model {
            community_id: COMMUNITY,
            version: 1,
            position,
            name_zh: one.name_zh,
            name_en: one.name_en,
            weight: one.weighed.weight,
            max_points: one.weighed.max_points,
        });
    }
}

fn interest(
    rows: &mut Rows,
    (member, provider): (AccountId, Option<ProviderId>),
    now: DateTime<Utc>,
) {
    let Some(provider_id) = provider else { return };
    rows.panel_interests.push(panel_interest::Model {
        id: PanelInterestId(next(&rows.panel_interests)),
        community_id: COMMUNITY,
        account_id: member,
        provider_id,
        kind: InterestKind::Family,
        why: "外甥在这家店里做事".into(),
        declared_by: member,
        declared_at: now - TimeDelta::days(60),
        ended_at: None,
        ended_by: None,
    });
}

/// Points that differ from member to member and provider to provider, and stay the same for the same two.
fn sheet(
    rows: &mut Rows,
    month: NaiveDate,
    provider_id: ProviderId,
    (account_id, n): (AccountId, usize),
    saved_at: DateTime<Utc>,
) {
    let weighed: Vec<Weighed> = preset().into_iter().map(|one| one.weighed).collect();
    let seed = provider_id.0 * 7 + i64::try_from(n).unwrap_or(0) * 3;
    let points: Vec<i32> = (0..)
        .zip(&weighed)
        .map(|(at, one)| {
            let lost = (seed + at * 5) % 4 + i64::from(provider_id.0 % 5 == 4) * 3;
            (one.max_points - i32::try_from(lost).unwrap_or(0)).max(0)
        })
        .collect();
    let id = PanelSheetId(next(&rows.panel_sheets));
    rows.panel_sheets.push(panel_sheet::Model {
        id,
        community_id: COMMUNITY,
        month,
        provider_id,
        account_id,
        score_bp: weighted(&weighed, &points),
        note: None,
        saved_at,
        version: 1,
    });
    for (position, points) in (1..).zip(points) {
        rows.panel_points.push(panel_point::Model {
            sheet_id: id,
            position,
            points,
        });
    }
}

fn months(
    rows: &mut Rows,
    (this, last): (NaiveDate, NaiveDate),
    by: AccountId,
    now: DateTime<Utc>,
) {
    for (month, closed) in [(this, false), (last, true)] {
        rows.panel_months.push(panel_month::Model {
            community_id: COMMUNITY,
            month,
            criteria_version: 1,
            closed_at: closed.then_some(now - TimeDelta::days(1)),
            closed_by: closed.then_some(by),
        });
    }
}

fn results(rows: &mut Rows, month: NaiveDate) {
    for provider in providers(rows) {
        let scores: Vec<i32> = rows
            .panel_sheets
            .iter()
            .filter(|row| row.month == month && row.provider_id == provider)
            .map(|row| row.score_bp)
            .collect();
        let size = match rows.providers.iter().find(|row| row.id == provider) {
            Some(row) if row.kind == ProviderKind::Merchant => 1,
            _ => 12,
        };
        let served = size * (20 + i32::try_from(provider.0 % 9).unwrap_or(0) * 4);
        let rated = served / 3;
        rows.panel_results.push(panel_result::Model {
            community_id: COMMUNITY,
            month,
            provider_id: provider,
            score_bp: mean(&scores),
            members: i32::try_from(scores.len()).unwrap_or(0),
            served,
            late: served / 25,
            missed: served / 60,
            rated,
            rating_sum: rated * 43 / 10,
            complaints: served / 90,
        });
    }
}

fn consequences(rows: &mut Rows, month: NaiveDate, by: AccountId, now: DateTime<Utc>) {
    let first = rows.providers.first().map(|row| row.id);
    for (provider, kind, reason) in [
        (first, ConsequenceKind::Reward, "服务最多、评价最好，发锦旗"),
        (
            merchant(rows, 0),
            ConsequenceKind::Warning,
            "连着两次没提前说就改时间",
        ),
        (
            merchant(rows, 2),
            ConsequenceKind::Talk,
            "价目没贴出来，约负责人谈",
        ),
    ] {
        let Some(provider_id) = provider else {
            continue;
        };
        rows.consequences.push(consequence::Model {
            id: ConsequenceId(next(&rows.consequences)),
            community_id: COMMUNITY,
            month,
            provider_id,
            kind,
            reason: reason.into(),
            decided_by: by,
            decided_at: now - TimeDelta::hours(20),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_month_has_its_results_and_nobody_scored_where_there_is_a_tie() {
        let now: DateTime<Utc> = "2026-11-25T02:07:31Z".parse().unwrap();
        let rows = super::super::make(now, 1, "hash");
        // Every partner; who only applies is not scored.
        assert_eq!(rows.panel_results.len(), 14);
        assert!(rows.panel_results.iter().all(|row| row.score_bp.is_some()));
        let interest = &rows.panel_interests[0];
        assert!(!rows.panel_sheets.iter().any(|row| {
            (row.account_id, row.provider_id) == (interest.account_id, interest.provider_id)
        }));
        assert_eq!(rows.panel_months.len(), 2);
        assert_eq!(rows.consequences.len(), 3);
        let mine = rows.panel_sheets.iter().filter(|row| {
            row.account_id == interest.account_id && row.month.to_string() == "2026-11-01"
        });
        assert_eq!(mine.count(), 0, "the one-tap member has all before her");
    }
}
