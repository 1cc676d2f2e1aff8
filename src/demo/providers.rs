//! Providers' admissions: papers of those that work here, one of each trouble, and applicants at every step.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, ProviderId, ProviderPaperId, ServiceId};
use entity::words::{
    HelperKind, PaperKind, ProviderKind, ProviderState, Role, SessionKind, Standing,
};
use entity::{provider, provider_approval, provider_paper, provider_price, provider_service};

use super::admitted as past;
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::time;
use crate::providers::{needed, state_of};

/// Days that most papers are good for yet.
const LONG: i64 = 400;
/// Services for which the care company asks its own price.
const OWN_PRICES: usize = 6;

/// Adds them; `visits` must be there, so that what is suspended has something running.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    let keepers = keepers(rows);
    let Some((coordinator, admin)) = keepers.first().copied().zip(keepers.last().copied()) else {
        return;
    };
    let desk = Desk {
        now,
        coordinator,
        admin,
    };
    let partners: Vec<ProviderId> = rows.providers.iter().map(|row| row.id).collect();
    let busy = busy_merchant(rows, now);
    for (n, id) in partners.iter().copied().enumerate() {
        let days = match n {
            // One is soon over, one is over.
            4 => 12,
            6 => -3,
            _ => LONG,
        };
        desk.papers(rows, id, days, true);
    }
    if let Some(id) = busy {
        let row = &mut rows.providers[index(id.0)];
        row.standing = Standing::Suspended;
        row.state = state_of(Standing::Suspended);
        row.standing_note = Some("两位老人反映收费和说好的不一样，核实期间先停新单。".into());
        row.standing_since = Some(time::at(time::shift(time::date(now), -1), 15 * 60));
        // It takes pictures at the station too: that was arranged before, and waits for somebody to decide.
        for session in &mut rows.station_sessions {
            if session.kind == SessionKind::Photography {
                session.provider_id = Some(id);
            }
        }
    }
    desk.own_prices(rows);
    desk.applicants(rows);
    past::add(rows, &desk, &partners, busy);
}

/// A coordinator and who keeps accounts: the two who approve.
fn keepers(rows: &Rows) -> Vec<AccountId> {
    let first = |role| {
        rows.account_roles
            .iter()
            .find(|row| row.role == role)
            .map(|row| row.account_id)
    };
    first(Role::Coordinator)
        .into_iter()
        .chain(first(Role::Admin))
        .collect()
}

/// The merchant with most to come, the first one aside, whose counter is open to everybody who tries the demonstration.
fn busy_merchant(rows: &Rows, now: DateTime<Utc>) -> Option<ProviderId> {
    let first = rows
        .providers
        .iter()
        .find(|row| row.kind == ProviderKind::Merchant)?
        .id;
    let to_come = |id: ProviderId| {
        rows.assignments
            .iter()
            .filter(|part| part.starts_at > now)
            .filter(|part| {
                let helper = &rows.helpers[index(part.helper_id.0)];
                helper.provider_id == id
            })
            .count()
    };
    rows.providers
        .iter()
        .filter(|row| row.kind == ProviderKind::Merchant && row.id != first)
        .max_by_key(|row| to_come(row.id))
        .map(|row| row.id)
}

/// Who keeps the providers, and when.
pub(super) struct Desk {
    pub now: DateTime<Utc>,
    pub coordinator: AccountId,
    pub admin: AccountId,
}

/// An applicant of the demonstration.
struct Applicant {
    name: &'static str,
    contact: &'static str,
    wants: &'static str,
    /// Words that the names of its services hold.
    words: &'static [&'static str],
    standing: Standing,
    note: Option<&'static str>,
    /// How many days ago it came to stand so.
    days_ago: i64,
}

impl Desk {
    pub fn today(&self) -> NaiveDate {
        time::date(self.now)
    }

    /// The papers that a provider must have; the first of them is good for so many days yet.
    fn papers(&self, rows: &mut Rows, id: ProviderId, days: i64, checked: bool) {
        let kind = rows.providers[index(id.0)].kind;
        let categories: Vec<String> = rows
            .provider_services
            .iter()
            .filter(|row| row.provider_id == id)
            .map(|row| rows.services[index(row.service_id.0)].category.clone())
            .collect();
        let needed = needed(kind, categories.iter().map(String::as_str));
        for (n, kind) in needed.into_iter().enumerate() {
            let left = if n == 0 { days } else { LONG + 30 };
            let added = time::at(time::shift(self.today(), -200), 10 * 60);
            rows.provider_papers.push(provider_paper::Model {
                id: ProviderPaperId(next(&rows.provider_papers)),
                provider_id: id,
                kind,
                number: format!("演示{:03}-{:02}", id.0, n + 1),
                issued_by: issuer(kind).into(),
                valid_until: Some(time::shift(self.today(), left)),
                required: true,
                note: checked.then(|| "核对过原件".into()),
                added_by: Some(self.coordinator),
                added_at: added,
                checked_by: checked.then_some(self.coordinator),
                checked_at: checked.then_some(added),
            });
        }
    }

    /// The care company asks a little less for some services than the catalogue says, and will ask a little more from next
    /// month on for the first.
    fn own_prices(&self, rows: &mut Rows) {
        let Some(company) = rows
            .providers
            .iter()
            .find(|row| row.kind == ProviderKind::CareCompany)
            .map(|row| row.id)
        else {
            return;
        };
        let paid: Vec<(ServiceId, i64)> = rows
            .offers
            .iter()
            .filter(|row| row.kind == HelperKind::Staff && row.price_fen >= 2_000)
            .take(OWN_PRICES)
            .map(|row| (row.service_id, row.price_fen))
            .collect();
        let mut price = |service_id, days, price_fen| {
            rows.provider_prices.push(provider_price::Model {
                provider_id: company,
                service_id,
                valid_from: time::shift(self.today(), days),
                price_fen,
                set_by: Some(self.admin),
                set_at: time::at(time::shift(self.today(), -60), 9 * 60),
            });
        };
        for (service, fen) in &paid {
            price(*service, -60, fen - 200);
        }
        if let Some((service, fen)) = paid.first() {
            price(*service, 30, fen - 100);
        }
    }

    fn applicants(&self, rows: &mut Rows) {
        for applicant in APPLICANTS {
            let id = self.applicant(rows, applicant);
            let with_papers = applicant.standing != Standing::Applied;
            if with_papers {
                self.papers(rows, id, LONG, true);
            }
            if applicant.standing == Standing::Checked {
                rows.provider_approvals.push(provider_approval::Model {
                    provider_id: id,
                    round: 1,
                    account_id: self.coordinator,
                    place: 1,
                    at: time::at(time::shift(self.today(), -1), 16 * 60),
                });
            }
        }
    }

    fn applicant(&self, rows: &mut Rows, new: &Applicant) -> ProviderId {
        let id = ProviderId(next(&rows.providers));
        let since = time::at(time::shift(self.today(), -new.days_ago), 10 * 60);
        rows.providers.push(provider::Model {
            id,
            community_id: COMMUNITY,
            kind: ProviderKind::Merchant,
            name: new.name.into(),
            phone: format!("0710355{:04}", 2_000 + id.0),
            state: ProviderState::Suspended,
            standing: new.standing,
            standing_note: new.note.map(str::to_owned),
            standing_since: Some(since),
            contact: Some(new.contact.into()),
            wants: Some(new.wants.into()),
            offers_all: false,
            round: 1,
            version: 1,
            checked_by: (new.standing == Standing::Checked).then_some(self.coordinator),
        });
        let offered: Vec<ServiceId> = rows
            .offers
            .iter()
            .filter(|row| row.kind == HelperKind::Merchant)
            .map(|row| row.service_id)
            .filter(|service| {
                let name = &rows.services[index(service.0)].name_zh;
                new.words.iter().any(|word| name.contains(word))
            })
            .collect();
        for service_id in offered {
            rows.provider_services.push(provider_service::Model {
                provider_id: id,
                service_id,
            });
        }
        id
    }
}

fn issuer(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::BusinessLicence | PaperKind::FoodLicence => "市场监督管理局",
        PaperKind::MedicalPractice => "卫生健康委员会",
        PaperKind::Insurance => "财产保险公司",
        PaperKind::RecordCheck | PaperKind::Other => "滨湖社区",
    }
}

const APPLICANTS: &[Applicant] = &[
    Applicant {
        name: "汉江老味餐馆",
        contact: "邓老板",
        wants: "想给小区老人做软烂少盐的午餐，可以送上门。",
        words: &["午餐", "晚餐"],
        standing: Standing::Applied,
        note: None,
        days_ago: 2,
    },
    Applicant {
        name: "樊城修脚堂",
        contact: "肖师傅",
        wants: "上门修脚、剪指甲，自带消毒工具。",
        words: &["修脚", "理发"],
        standing: Standing::Checked,
        note: None,
        days_ago: 1,
    },
    Applicant {
        name: "康健保健品体验店",
        contact: "吴经理",
        wants: "免费讲座，现场体验理疗床。",
        words: &["讲座", "理疗"],
        standing: Standing::Refused,
        note: Some("有向老人高价推销的投诉记录，不予入驻。"),
        days_ago: 20,
    },
    Applicant {
        name: "临江旧照翻新",
        contact: "冯师傅",
        wants: "老照片翻新和装裱。",
        words: &["照"],
        standing: Standing::Ended,
        note: Some("店铺搬走，合同到期后不再续约。"),
        days_ago: 45,
    },
];
