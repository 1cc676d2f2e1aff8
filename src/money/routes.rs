//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use entity::ids::{ProviderId, VisitId};
use entity::words::{Subject, VisitState};
use entity::{provider, resident, subsidy, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::settle::{self, Decided};
use super::views::{Deciding, MoneyStatement, NewSubsidy, PaidPlace, PaidVisit, Settlement};
use super::{
    SUBSIDY_FROM_LEVEL, check_allowance, check_waiver, first_of, places, queries, workbook,
};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::place::{crew, locked};
use crate::error::{Error, Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Caller, Coordinator, Desk};
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Asked, At, Input};
use crate::residents::access::Seen;
use crate::said::Said;
use crate::station::access::OwnPlace;
use crate::station::signup;
use crate::store::audit::{self, Change};
use crate::store::{self, Guard};
use crate::vouchers::queries::{self as vouchers, Using};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(statement))
        .routes(routes!(grant))
        .routes(routes!(decide))
        .routes(routes!(decide_place))
        .routes(routes!(settlement))
        .routes(routes!(settlement_workbook))
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Month {
    /// Any day of it; this month where nothing is said.
    #[serde(default, deserialize_with = "date_or_none")]
    month: Option<NaiveDate>,
}

impl Month {
    fn of(&self, app: &App, caller: &Caller) -> NaiveDate {
        self.month
            .unwrap_or_else(|| local_date(caller.zone, app.clock.now()))
    }
}

/// A resident's month: what visits cost and who paid, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/money", tag = "money",
    params(("id" = i64, Path, description = "The resident"), Month),
    responses((status = 200, description = "The month", body = MoneyStatement), Reads)
)]
async fn statement(
    State(app): State<App>,
    seen: Seen,
    Asked(month): Asked<Month>,
) -> Result<Json<MoneyStatement>> {
    let caller = &seen.caller;
    let (who, now) = ((caller.zone, caller.lang), app.clock.now());
    let month = month.of(&app, caller);
    queries::statement(app.store.read(), who, &seen.resident, month, now)
        .await
        .map(Json)
}

/// Set the subsidy of a resident for a month.
///
/// Visits that were done are settled as they come; what is left at the month's end lapses.
#[utoipa::path(post, path = "/api/residents/{id}/subsidies", tag = "money", request_body = NewSubsidy,
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "The month, as it is now", body = MoneyStatement), Writes)
)]
async fn grant(
    State(app): State<App>,
    coordinator: Coordinator,
    seen: Seen,
    input: Input<NewSubsidy>,
) -> Result<Answer> {
    let allowance = check_allowance(input.body.allowance_fen)?;
    let resident = seen.resident;
    if resident.ability_level.unwrap_or(0) < SUBSIDY_FROM_LEVEL {
        return Err(Problem::field(
            "allowance_fen",
            Said::new(
                "评估为中度失能及以上的老人才有补贴。",
                "The subsidy is for residents assessed as moderately dependent or more.",
            ),
        )
        .into());
    }
    let (caller, now) = (coordinator.0, app.clock.now());
    let month = first_of(input.body.month);
    app.write_once(caller.account, input.once, StatusCode::OK, move |txn| {
        let (caller, resident) = (caller.clone(), resident.clone());
        Box::pin(async move {
            set(txn, &resident, month, allowance).await?;
            let object = (Subject::Subsidy, resident.id.0);
            let by = Some(caller.account);
            let change = Change::new(caller.community, now, by, object, "granted");
            let change = Change {
                resident: Some(resident.id),
                ..change.on(month)
            };
            audit::record(txn, change.noted(Some(format!("{allowance} fen")))).await?;
            let who = (caller.zone, caller.lang);
            queries::statement(txn, who, &resident, month, now).await
        })
    })
    .await
}

async fn set(
    txn: &DatabaseTransaction,
    resident: &resident::Model,
    month: NaiveDate,
    allowance: i64,
) -> Result<()> {
    let known = store::hold(subsidy::Entity::find_by_id((resident.id, month)), txn)
        .one(txn)
        .await?;
    let Some(known) = known else {
        subsidy::ActiveModel {
            resident_id: Set(resident.id),
            month: Set(month),
            community_id: Set(resident.community_id),
            allowance_fen: Set(allowance),
            used_fen: Set(0),
        }
        .insert(txn)
        .await?;
        return Ok(());
    };
    if allowance < known.used_fen {
        return Err(Problem::field(
            "allowance_fen",
            Said::new(
                "不能少于本月已经用掉的补贴。",
                "It cannot be less than what the month's visits took already.",
            ),
        )
        .into());
    }
    subsidy::ActiveModel {
        resident_id: Set(known.resident_id),
        month: Set(known.month),
        allowance_fen: Set(allowance),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// Decide about the payment of a visit that was done: waive a part with a reason, use a voucher of the resident.
#[utoipa::path(post, path = "/api/visits/{id}/payment", tag = "money", request_body = Deciding,
    params(("id" = i64, Path, description = "The visit")),
    responses((status = 200, description = "The visit with its lines", body = PaidVisit), Writes)
)]
async fn decide(
    State(app): State<App>,
    desk: Desk,
    At(id): At<VisitId>,
    input: Input<Deciding>,
) -> Result<Answer> {
    let (caller, now, guard) = (desk.0, app.clock.now(), app.store.guard());
    let deciding = input.body;
    app.write_once(caller.account, input.once, StatusCode::OK, move |txn| {
        let (caller, deciding) = (caller.clone(), deciding.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.community_id != caller.community {
                return Err(Problem::not_found().into());
            }
            if !matches!(visit.state, VisitState::Completed | VisitState::Substituted) {
                return Err(Problem::not_now(Said::new(
                    "服务做完以后才能结算。",
                    "A visit is settled once it was done.",
                ))
                .into());
            }
            let decided = decided(txn, (&caller, guard), &visit, &deciding, now).await?;
            settle::settle(txn, caller.zone, &visit, &decided).await?;
            let object = (Subject::Payment, visit.id.0);
            let by = Some(caller.account);
            let change = Change::new(caller.community, now, by, object, "settled");
            let change = change.touching(&visit, caller.zone);
            audit::record(txn, change.noted(deciding.waived_reason)).await?;
            queries::paid(txn, caller.lang, vec![visit], now)
                .await?
                .pop()
                .ok_or_else(|| Error::Internal("a visit without a view".into()))
        })
    })
    .await
}

/// Decide about the payment of a place in a session that somebody came to: waive a part with a reason, use a voucher of theirs.
#[utoipa::path(post, path = "/api/signups/{id}/payment", tag = "money", request_body = Deciding,
    params(("id" = i64, Path, description = "The place")),
    responses((status = 200, description = "The place with its lines", body = PaidPlace), Writes)
)]
async fn decide_place(
    State(app): State<App>,
    desk: Desk,
    own: OwnPlace,
    input: Input<Deciding>,
) -> Result<Answer> {
    let (caller, now, guard) = (desk.0, app.clock.now(), app.store.guard());
    let (id, deciding) = (own.signup.id, input.body);
    app.write_once(caller.account, input.once, StatusCode::OK, move |txn| {
        let (caller, deciding) = (caller.clone(), deciding.clone());
        Box::pin(async move {
            let (session, signup) = signup::held(txn, id).await?;
            let hand = signup::hand(&caller, now);
            let by = (&caller, hand, guard);
            places::decide(txn, by, (&session, &signup), &deciding).await?;
            queries::paid_places(txn, caller.lang, vec![(signup, session)])
                .await?
                .pop()
                .ok_or_else(|| Error::Internal("a place without a view".into()))
        })
    })
    .await
}

/// What was decided before, with what is decided now.
async fn decided(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    visit: &visit::Model,
    deciding: &Deciding,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Decided> {
    let mut decided = settle::decided(txn, visit.id).await?;
    let price = visit.price_fen.unwrap_or(0);
    check_waiver(deciding, price, &mut decided.waived)?;
    if let Some(code) = &deciding.voucher_code {
        let voucher = vouchers::by_code(txn, caller.community, code).await?;
        if voucher.resident_id != visit.resident_id {
            return Err(crate::vouchers::unknown());
        }
        if decided.voucher.is_some() {
            return Err(Problem::not_now(Said::new(
                "这次服务已经用过一张券了。",
                "A voucher was used for this visit already.",
            ))
            .into());
        }
        let using = Using {
            by: caller.account,
            provider: provider_of(txn, visit).await?,
            at: now,
            today: local_date(caller.zone, now),
            visit: Some(visit.id),
            signup: None,
        };
        vouchers::take(txn, guard, &voucher, using).await?;
        decided.voucher = Some(voucher.id);
    }
    Ok(decided)
}

async fn provider_of(txn: &DatabaseTransaction, visit: &visit::Model) -> Result<ProviderId> {
    let lost = || Error::Internal("a visit that was done without a helper".into());
    let part = crew(txn, visit.id)
        .await?
        .into_iter()
        .next()
        .ok_or_else(lost)?;
    entity::helper::Entity::find_by_id(part.helper_id)
        .one(txn)
        .await?
        .map(|row| row.provider_id)
        .ok_or_else(lost)
}

async fn provider(app: &App, caller: &Caller, id: ProviderId) -> Result<provider::Model> {
    provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(caller.community))
        .one(app.store.read())
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// A provider's month, for the desk.
#[utoipa::path(get, path = "/api/providers/{id}/settlement", tag = "money",
    params(("id" = i64, Path, description = "The provider"), Month),
    responses((status = 200, description = "The month", body = Settlement), Reads)
)]
async fn settlement(
    State(app): State<App>,
    desk: Desk,
    At(id): At<ProviderId>,
    Asked(month): Asked<Month>,
) -> Result<Json<Settlement>> {
    let provider = provider(&app, &desk, id).await?;
    let who = (desk.zone, desk.lang);
    let month = month.of(&app, &desk);
    queries::settlement(app.store.read(), who, &provider, month, app.clock.now())
        .await
        .map(Json)
}

/// A provider's month as a workbook (.xlsx), for the desk.
#[utoipa::path(get, path = "/api/providers/{id}/settlement/workbook", tag = "money",
    params(("id" = i64, Path, description = "The provider"), Month),
    responses(
        (status = 200, description = "The workbook", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Reads,
    )
)]
async fn settlement_workbook(
    State(app): State<App>,
    desk: Desk,
    At(id): At<ProviderId>,
    Asked(month): Asked<Month>,
) -> Result<impl IntoResponse> {
    let provider = provider(&app, &desk, id).await?;
    let who = (desk.zone, desk.lang);
    let month = month.of(&app, &desk);
    let made =
        queries::settlement(app.store.read(), who, &provider, month, app.clock.now()).await?;
    let bytes = workbook::of(&made, desk.zone, desk.lang)?;
    let name = format!(
        "attachment; filename=\"settlement-{}-{}.xlsx\"",
        id,
        made.month.format("%Y-%m")
    );
    Ok((
        [
            (
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            ),
            (header::CONTENT_DISPOSITION, name),
        ],
        bytes,
    ))
}
