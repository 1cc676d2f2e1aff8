//! Accounts: the office, and those as whom the demonstration is entered with one tap.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use entity::words::{Lang, Role, Sex};
use entity::{account, account_role};
use rand::Rng;
use rand::rngs::StdRng;

use super::DemoPerson;
use super::names;
use super::place::COMMUNITY;
use super::rows::{Rows, next};

/// One-tap entries, in the order to show them.
pub(super) const PEOPLE: &[DemoPerson] = &[
    person(
        "coordinator",
        "demo-coordinator",
        "调度员：排今天的班，补空缺",
        "Care coordinator: plans the day, fills the gaps",
    ),
    person(
        "clerk",
        "demo-clerk",
        "客服小秘书：接电话，帮老人预约",
        "Clerk: takes calls and books for residents",
    ),
    person(
        "volunteer",
        "demo-volunteer",
        "志愿者：看今天去谁家",
        "Volunteer: sees whom to visit today",
    ),
    person(
        "staff",
        "demo-staff",
        "护理员：一整天的上门安排",
        "Care worker: a full day of visits",
    ),
    person(
        "merchant",
        "demo-merchant",
        "商户师傅：今天的订单",
        "Merchant's worker: today's orders",
    ),
    person(
        "shopkeeper",
        "demo-shopkeeper",
        "商户店员：在柜台收优惠券",
        "Shopkeeper: takes vouchers at the counter",
    ),
    person(
        "daughter",
        "demo-daughter",
        "女儿：在外地，替妈妈预约",
        "Daughter: lives elsewhere, books for her mother",
    ),
    person(
        "brother",
        "demo-brother",
        "弟弟：和姐姐看同一位妈妈",
        "Brother: sees the same mother",
    ),
    person(
        "grid_officer",
        "demo-grid_officer",
        "网格员：本网格的老人，该去看看谁",
        "Grid officer: the residents of one grid, and whom to call on",
    ),
    person(
        "panel_member",
        "demo-panel_member",
        "评议团成员：每月给服务商打分",
        "Panel member: scores the providers each month",
    ),
    person(
        "admin",
        "demo-admin",
        "管理员：谁有账号",
        "Administrator: who has an account",
    ),
];

/// The first coordinator.
pub(super) const COORDINATOR: AccountId = AccountId(2);
/// The clerks.
pub(super) const CLERKS: [AccountId; 3] = [AccountId(4), AccountId(5), AccountId(6)];

const fn person(
    kind: &'static str,
    login: &'static str,
    zh: &'static str,
    en: &'static str,
) -> DemoPerson {
    DemoPerson {
        kind,
        login,
        zh,
        en,
    }
}

/// What an account is made of; what is left out here is drawn.
pub(super) struct NewAccount<'a> {
    /// Full name.
    pub name: &'a str,
    /// What they sign in with, for those who do.
    pub login: Option<String>,
    /// With a login, its hash.
    pub password_hash: Option<&'a str>,
    /// Before the `@`.
    pub mailbox: String,
    /// Digits only; drawn when none.
    pub phone: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// Adds an account with its role; mail goes to a domain that is reserved and reaches nobody (RFC 2606).
pub(super) fn add(
    rows: &mut Rows,
    rng: &mut StdRng,
    now: DateTime<Utc>,
    new: NewAccount<'_>,
) -> AccountId {
    let id = AccountId(next(&rows.accounts));
    let drawn = names::mobile(rng);
    rows.accounts.push(account::Model {
        id,
        community_id: COMMUNITY,
        name: new.name.into(),
        password_hash: new.login.as_ref().and(new.password_hash).map(Into::into),
        login: new.login,
        email: Some(format!("{}@yinling.example.invalid", new.mailbox)),
        phone: Some(new.phone.unwrap_or(drawn)),
        lang: Lang::Zh,
        disabled: false,
        created_at: now - TimeDelta::days(rng.random_range(30..190)),
    });
    rows.account_roles.push(account_role::Model {
        account_id: id,
        role: new.role,
    });
    id
}

/// The login of the `n`th of a kind: the first is the one-tap entry.
pub(super) fn login(kind: &str, n: usize) -> String {
    if n == 0 {
        format!("demo-{kind}")
    } else {
        format!("demo-{kind}-{}", n + 1)
    }
}

/// Adds 1 administrator, 2 coordinators, 3 clerks, 4 grid officers with their grids, 5 panel members.
pub(super) fn add_office(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>, hash: &str) {
    for (kind, role, count) in [
        ("admin", Role::Admin, 1),
        ("coordinator", Role::Coordinator, 2),
        ("clerk", Role::Clerk, 3),
        ("grid_officer", Role::GridOfficer, 4),
        ("panel_member", Role::PanelMember, 5),
    ] {
        for n in 0..count {
            let surname = names::surname(rng);
            let sex = if rng.random_bool(0.6) {
                Sex::Female
            } else {
                Sex::Male
            };
            let name = names::full(rng, surname, sex, 1988);
            let new = NewAccount {
                name: &name,
                login: Some(login(kind, n)),
                password_hash: Some(hash),
                mailbox: format!("{kind}{}", n + 1),
                phone: None,
                role,
            };
            let id = add(rows, rng, now, new);
            if role == Role::GridOfficer {
                rows.grids[n].officer_id = Some(id);
            }
        }
    }
}
