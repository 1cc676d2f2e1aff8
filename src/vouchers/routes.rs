//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::VoucherId;
use entity::words::Subject;
use entity::{resident, voucher};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::{self, Using};
use super::shop::Shop;
use super::views::{
    Coded, CounterVoucher, Merchant, NewVoucher, ShopView, VoucherPage, VoucherTotals, VoucherView,
    Withdrawing,
};
use super::{check_new, code, totals, withdraw};
use crate::accounts::tries::{self, Count};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Admin, Desk};
use crate::http::input::{Answer, Asked, At, Input};
use crate::residents::access::Seen;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::timebank::check_reason;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, issue))
        .routes(routes!(take_back))
        .routes(routes!(all_together))
        .routes(routes!(of_resident))
        .routes(routes!(merchants))
        .routes(routes!(counter))
        .routes(routes!(look))
        .routes(routes!(take))
}

/// Which page of vouchers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only vouchers given before this one; the newest where nothing is said.
    #[serde(default)]
    before: Option<i64>,
}

/// Vouchers, the newest first, for the desk.
#[utoipa::path(get, path = "/api/vouchers", tag = "vouchers", params(Page), responses(
    (status = 200, description = "The vouchers", body = VoucherPage),
    Reads,
))]
async fn list(
    State(app): State<App>,
    desk: Desk,
    Asked(page): Asked<Page>,
) -> Result<Json<VoucherPage>> {
    let today = local_date(desk.zone, app.clock.now());
    let who = (desk.community, desk.lang);
    let before = page.before.map(VoucherId);
    queries::page(app.store.read(), who, None, before, today)
        .await
        .map(Json)
}

/// What all vouchers are worth, for the desk.
#[utoipa::path(get, path = "/api/vouchers/totals", tag = "vouchers", responses(
    (status = 200, description = "Issued, used, expired, open, and shop by shop", body = VoucherTotals),
    Reads,
))]
async fn all_together(State(app): State<App>, desk: Desk) -> Result<Json<VoucherTotals>> {
    let today = local_date(desk.zone, app.clock.now());
    totals::totals(app.store.read(), desk.community, today)
        .await
        .map(Json)
}

/// A resident's vouchers with their codes, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/vouchers", tag = "vouchers",
    params(("id" = i64, Path, description = "The resident"), Page),
    responses((status = 200, description = "The vouchers", body = VoucherPage), Reads)
)]
async fn of_resident(
    State(app): State<App>,
    seen: Seen,
    Asked(page): Asked<Page>,
) -> Result<Json<VoucherPage>> {
    let caller = &seen.caller;
    let today = local_date(caller.zone, app.clock.now());
    let who = (caller.community, caller.lang);
    let before = page.before.map(VoucherId);
    queries::page(app.store.read(), who, Some(seen.resident.id), before, today)
        .await
        .map(Json)
}

/// Give a resident a voucher for taking part.
#[utoipa::path(post, path = "/api/vouchers", tag = "vouchers", request_body = NewVoucher, responses(
    (status = 201, description = "The voucher with its code", body = VoucherView),
    Writes,
))]
async fn issue(State(app): State<App>, desk: Desk, input: Input<NewVoucher>) -> Result<Answer> {
    let now = app.clock.now();
    let today = local_date(desk.zone, now);
    let reason = check_reason(&input.body.reason)?;
    check_new(input.body.value_fen, input.body.expires_on, today)?;
    let code = code::new(app.dice.bytes());
    let (caller, new) = (desk.0, input.body);
    app.write_once(
        caller.account,
        input.once,
        StatusCode::CREATED,
        move |txn| {
            let (caller, new) = (caller.clone(), new.clone());
            let (reason, code) = (reason.clone(), code.clone());
            Box::pin(async move {
                let resident = resident::Entity::find_by_id(new.resident_id)
                    .filter(resident::Column::CommunityId.eq(caller.community))
                    .one(txn)
                    .await?
                    .ok_or_else(nobody)?;
                let row = voucher::ActiveModel {
                    community_id: Set(caller.community),
                    code: Set(code),
                    resident_id: Set(resident.id),
                    value_fen: Set(new.value_fen),
                    reason: Set(reason),
                    expires_on: Set(new.expires_on),
                    issued_at: Set(now),
                    issued_by: Set(caller.account),
                    ..Default::default()
                }
                .insert(txn)
                .await?;
                let object = (Subject::Voucher, row.id.0);
                let by = Some(caller.account);
                let change = Change::new(caller.community, now, by, object, "issued");
                let change = Change {
                    resident: Some(resident.id),
                    ..change
                };
                audit::record(txn, change).await?;
                queries::views(txn, caller.lang, vec![row], today)
                    .await?
                    .pop()
                    .ok_or_else(|| Error::Internal("a voucher without a view".into()))
            })
        },
    )
    .await
}

/// Withdraw a voucher that was given by mistake and that nobody used.
#[utoipa::path(post, path = "/api/vouchers/{id}/withdraw", tag = "vouchers", request_body = Withdrawing,
    params(("id" = i64, Path, description = "The voucher")),
    responses((status = 200, description = "The voucher, withdrawn", body = VoucherView), Writes)
)]
async fn take_back(
    State(app): State<App>,
    desk: Desk,
    At(id): At<VoucherId>,
    input: Input<Withdrawing>,
) -> Result<Answer> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    let reason = check_reason(&input.body.reason)?;
    let caller = desk.0;
    app.write_once(caller.account, input.once, StatusCode::OK, move |txn| {
        let (caller, reason) = (caller.clone(), reason.clone());
        Box::pin(async move {
            let row = withdraw::withdraw(txn, (&caller, guard), (id, &reason), now).await?;
            let today = local_date(caller.zone, now);
            queries::views(txn, caller.lang, vec![row], today)
                .await?
                .pop()
                .ok_or_else(|| Error::Internal("a voucher without a view".into()))
        })
    })
    .await
}

fn nobody() -> Error {
    Problem::field(
        "resident_id",
        Said::new(
            "花名册上没有这位老人，请先查找再选。",
            "There is no such resident on the roll; please find and choose one.",
        ),
    )
    .into()
}

/// The merchants at whose counters shopkeepers may stand, for who keeps accounts.
#[utoipa::path(get, path = "/api/merchants", tag = "vouchers", responses(
    (status = 200, description = "The merchants", body = Vec<Merchant>),
    Reads,
))]
async fn merchants(State(app): State<App>, admin: Admin) -> Result<Json<Vec<Merchant>>> {
    queries::merchants(app.store.read(), admin.community)
        .await
        .map(Json)
}

/// A merchant's counter: what it took, this month and in all.
#[utoipa::path(get, path = "/api/shop", tag = "vouchers", responses(
    (status = 200, description = "The counter", body = ShopView),
    Reads,
))]
async fn counter(State(app): State<App>, shop: Shop) -> Result<Json<ShopView>> {
    let zone = shop.caller.zone;
    totals::counter(app.store.read(), &shop.provider, zone, app.clock.now())
        .await
        .map(Json)
}

/// Counts a try at a code: whoever tries many wrong ones has to wait, as with passwords.
async fn begin(app: &App, shop: &Shop) -> Result<Vec<Count>> {
    let counts = tries::of_secret("voucher", &shop.caller.account.to_string(), None, true);
    match tries::begin(&app.store, app.clock.now(), counts.clone()).await {
        Err(Error::Refused(mut problem)) if problem.kind == Kind::TooMany => {
            problem.action = Said::new(
                "请等 5 分钟再试；券码不清楚，可打电话给服务台核对。",
                "Please wait five minutes; the office can check an unclear code by telephone.",
            );
            Err(Error::Refused(problem))
        }
        other => other.map(|()| counts),
    }
}

/// What a code is worth, before it is taken.
#[utoipa::path(post, path = "/api/shop/look", tag = "vouchers", request_body = Coded, responses(
    (status = 200, description = "The voucher", body = CounterVoucher),
    Writes,
))]
async fn look(
    State(app): State<App>,
    shop: Shop,
    input: Input<Coded>,
) -> Result<Json<CounterVoucher>> {
    let counts = begin(&app, &shop).await?;
    let db = app.store.read();
    let found = queries::by_code(db, shop.caller.community, &input.body.code).await?;
    tries::forget(&app.store, counts).await?;
    let today = local_date(shop.caller.zone, app.clock.now());
    Ok(Json(CounterVoucher {
        code: code::spoken(&found.code),
        value_fen: found.value_fen,
        expires_on: found.expires_on,
        state: queries::state(db, &found, today).await?,
    }))
}

/// Take a voucher at the counter. It can be taken once.
#[utoipa::path(post, path = "/api/shop/take", tag = "vouchers", request_body = Coded, responses(
    (status = 200, description = "The counter, as it is now", body = ShopView),
    Writes,
))]
async fn take(State(app): State<App>, shop: Shop, input: Input<Coded>) -> Result<Answer> {
    let counts = begin(&app, &shop).await?;
    let found = queries::by_code(app.store.read(), shop.caller.community, &input.body.code).await?;
    tries::forget(&app.store, counts).await?;
    let (now, zone) = (app.clock.now(), shop.caller.zone);
    let guard = app.store.guard();
    let using = Using {
        by: shop.caller.account,
        provider: shop.provider.id,
        at: now,
        today: local_date(zone, now),
        visit: None,
        signup: None,
    };
    app.write_once(using.by, input.once, StatusCode::OK, move |txn| {
        let (found, shop) = (found.clone(), shop.clone());
        Box::pin(async move {
            queries::take(txn, guard, &found, using).await?;
            totals::counter(txn, &shop.provider, zone, now).await
        })
    })
    .await
}
