//! Taking a complaint down.

use axum::http::StatusCode;
use entity::ids::{HelperId, ProviderId, ResidentId, VisitId};
use entity::words::{Channel, ComplaintAction, ComplaintState};
use entity::{assignment, complaint, helper, provider, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer_due;
use super::queries;
use super::step::record;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::quality::settings;
use crate::requests::check_text;
use crate::residents::access::Seen;
use crate::said::Said;
use crate::store::claim;

/// A complaint.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewComplaint {
    /// For whom; a family names its own resident, the desk may leave it out.
    #[serde(default)]
    pub resident_id: Option<ResidentId>,
    /// About which visit; its helper and provider follow from it.
    #[serde(default)]
    pub visit_id: Option<VisitId>,
    /// About which helper; the provider follows from it.
    #[serde(default)]
    pub helper_id: Option<HelperId>,
    /// About which provider.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
    /// What is wrong, 1 to 500 characters.
    pub what: String,
}

/// What a complaint is about, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct About {
    resident: Option<ResidentId>,
    visit: Option<VisitId>,
    helper: Option<HelperId>,
    provider: Option<ProviderId>,
}

/// Takes a complaint down.
///
/// # Errors
/// `not-found`, `invalid`, or the database's.
pub async fn take(app: &App, caller: Caller, body: NewComplaint, once: Once) -> Result<Answer> {
    let what = check_text("what", &body.what)?;
    let about = about(app.store.read(), &caller, &body).await?;
    let now = app.clock.now();
    let channel = if caller.at_desk() {
        Channel::Phone
    } else {
        Channel::Web
    };
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, what) = (caller.clone(), what.clone());
        Box::pin(async move {
            let days = settings::of(txn, caller.community).await?.complaint_days;
            let row = complaint::ActiveModel {
                community_id: Set(caller.community),
                resident_id: Set(about.resident),
                visit_id: Set(about.visit),
                helper_id: Set(about.helper),
                provider_id: Set(about.provider),
                channel: Set(channel),
                taken_by: Set(caller.account),
                what: Set(what),
                state: Set(ComplaintState::Taken),
                due_at: Set(Some(answer_due(now, days))),
                created_at: Set(now),
                version: Set(1),
                ..Default::default()
            }
            .insert(txn)
            .await?;
            record(txn, &caller, &row, ComplaintAction::Taken, None, now).await?;
            queries::detail(txn, &caller, row, now).await
        })
    })
    .await
}

async fn about(db: &DatabaseConnection, caller: &Caller, body: &NewComplaint) -> Result<About> {
    let mut about = About {
        resident: body.resident_id,
        ..About::default()
    };
    if let Some(id) = body.visit_id {
        let visit = visit::Entity::find_by_id(id)
            .filter(visit::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        if about
            .resident
            .is_some_and(|whose| whose != visit.resident_id)
        {
            return Err(unknown(
                "visit_id",
                "这次服务不是这位老人的。",
                "That visit was not to this resident.",
            ));
        }
        about.resident = Some(visit.resident_id);
        about.visit = Some(id);
        about.helper = first_of_crew(db, id).await?;
    }
    match about.resident {
        // Whoever may not see the resident learns nothing of them.
        Some(whose) => {
            Seen::load(db, caller.clone(), whose).await?;
        }
        None if caller.at_desk() => {}
        None if caller.is(entity::words::Role::Family) => {
            return Err(unknown(
                "resident_id",
                "请选择为哪位老人投诉。",
                "Choose for which resident you complain.",
            ));
        }
        None => return Err(Problem::not_found().into()),
    }
    if body.helper_id.is_some() {
        about.helper = body.helper_id;
    }
    if let Some(id) = about.helper {
        let helper = helper::Entity::find_by_id(id)
            .filter(helper::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| {
                unknown(
                    "helper_id",
                    "没有这位服务人员。",
                    "There is no such helper.",
                )
            })?;
        about.provider = Some(helper.provider_id);
    }
    if let Some(id) = body.provider_id {
        about.provider = Some(provider_here(db, caller, id).await?);
    }
    if about.visit.is_none() && about.helper.is_none() && about.provider.is_none() {
        return Err(unknown(
            "provider_id",
            "请说明是哪次服务、哪位服务人员，还是哪家服务商。",
            "Say about which visit, helper or provider it is.",
        ));
    }
    Ok(about)
}

async fn provider_here(
    db: &DatabaseConnection,
    caller: &Caller,
    id: ProviderId,
) -> Result<ProviderId> {
    provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .map(|row| row.id)
        .ok_or_else(|| {
            unknown(
                "provider_id",
                "没有这家服务商。",
                "There is no such provider.",
            )
        })
}

async fn first_of_crew(db: &DatabaseConnection, id: VisitId) -> Result<Option<HelperId>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::HelperId)
        .one(db)
        .await?
        .map(|row| row.helper_id))
}

fn unknown(field: &'static str, zh: &str, en: &str) -> Error {
    Problem::field(field, Said::new(zh, en)).into()
}
