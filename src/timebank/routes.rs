//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::{HelperId, TimeAccountId, TimeEntryId};
use entity::words::{TimeEntryKind, TimeHolder};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::books::{self, Holder, Occasion};
use super::transfers::{self, check_takes_part};
use super::views::{
    CloseFamily, Donating, Giving, HelperHours, Redeeming, Reversing, TimeBank, TimeStatement,
};
use super::{CAP_MIN, check_minutes, check_reason, statement};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Caller, Coordinator, Desk};
use crate::http::input::{Answer, Asked, At, Input};
use crate::money;
use crate::residents::access::{Booked, Seen};
use crate::visits::acting::Acting;
use crate::visits::short_name;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(of_helper))
        .routes(routes!(of_resident))
        .routes(routes!(bank))
        .routes(routes!(account))
        .routes(routes!(give))
        .routes(routes!(donate))
        .routes(routes!(redeem))
        .routes(routes!(reverse))
}

/// Which page of a statement.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only lines before this entry; the newest where nothing is said.
    #[serde(default)]
    before: Option<i64>,
}

impl Page {
    fn before(&self) -> Option<TimeEntryId> {
        self.before.map(TimeEntryId)
    }
}

/// A volunteer's hours, for the volunteer and for the desk.
#[utoipa::path(get, path = "/api/helpers/{id}/hours", tag = "timebank",
    params(("id" = i64, Path, description = "The volunteer"), Page),
    responses((status = 200, description = "The hours", body = HelperHours), Reads)
)]
async fn of_helper(
    State(app): State<App>,
    caller: Caller,
    At(id): At<HelperId>,
    Asked(page): Asked<Page>,
) -> Result<Json<HelperHours>> {
    let acting = Acting::load(app.store.read(), caller, id).await?;
    check_takes_part(&acting.helper)?;
    hours(&app, app.store.read(), &acting, page.before())
        .await
        .map(Json)
}

async fn hours<C: ConnectionTrait>(
    app: &App,
    db: &C,
    acting: &Acting,
    before: Option<TimeEntryId>,
) -> Result<HelperHours> {
    let (caller, helper) = (&acting.caller, &acting.helper);
    let found = books::find(db, caller.community, Holder::Helper(helper.id)).await?;
    let statement = match found {
        Some(account) => statement::page(db, caller.lang, &account, before).await?,
        None => statement::none_yet(TimeHolder::Helper, helper.name.clone()),
    };
    let now = app.clock.now();
    Ok(HelperHours {
        helper_id: helper.id,
        this_month_min: statement::given_this_month(
            db,
            caller.community,
            helper.id,
            caller.zone,
            now,
        )
        .await?,
        cap_min: CAP_MIN,
        close_family: transfers::close_family(db, helper)
            .await?
            .into_iter()
            .map(|row| CloseFamily {
                resident_id: row.id,
                name: short_name(&row.name, row.sex, caller.lang),
            })
            .collect(),
        statement,
    })
}

/// A resident's hours, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/hours", tag = "timebank",
    params(("id" = i64, Path, description = "The resident"), Page),
    responses((status = 200, description = "The statement", body = TimeStatement), Reads)
)]
async fn of_resident(
    State(app): State<App>,
    seen: Seen,
    Asked(page): Asked<Page>,
) -> Result<Json<TimeStatement>> {
    let (caller, resident) = (&seen.caller, &seen.resident);
    let db = app.store.read();
    let found = books::find(db, caller.community, Holder::Resident(resident.id)).await?;
    Ok(Json(match found {
        Some(account) => statement::page(db, caller.lang, &account, page.before()).await?,
        None => {
            let name = short_name(&resident.name, resident.sex, caller.lang);
            statement::none_yet(TimeHolder::Resident, name)
        }
    }))
}

/// Which page of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// Only accounts after this one; the first where nothing is said.
    #[serde(default)]
    after: Option<i64>,
}

/// The time bank, for the desk.
#[utoipa::path(get, path = "/api/time-accounts", tag = "timebank", params(After), responses(
    (status = 200, description = "The accounts", body = TimeBank),
    Reads,
))]
async fn bank(
    State(app): State<App>,
    desk: Desk,
    Asked(page): Asked<After>,
) -> Result<Json<TimeBank>> {
    let after = page.after.map(TimeAccountId);
    statement::bank(app.store.read(), desk.community, desk.lang, after)
        .await
        .map(Json)
}

/// The statement of any account, for the desk.
#[utoipa::path(get, path = "/api/time-accounts/{id}", tag = "timebank",
    params(("id" = i64, Path, description = "The account"), Page),
    responses((status = 200, description = "The statement", body = TimeStatement), Reads)
)]
async fn account(
    State(app): State<App>,
    desk: Desk,
    At(id): At<TimeAccountId>,
    Asked(page): Asked<Page>,
) -> Result<Json<TimeStatement>> {
    let db = app.store.read();
    let account = statement::account(db, desk.community, id).await?;
    statement::page(db, desk.lang, &account, page.before())
        .await
        .map(Json)
}

fn occasion(app: &App, caller: &Caller) -> Occasion {
    Occasion {
        community: caller.community,
        at: app.clock.now(),
        by: Some(caller.account),
    }
}

/// Give hours to close family.
///
/// To residents of the volunteer's own household, and to those for whom the volunteer's account acts as close family.
#[utoipa::path(post, path = "/api/helpers/{id}/hours/gifts", tag = "timebank", request_body = Giving,
    params(("id" = i64, Path, description = "The volunteer who gives")),
    responses((status = 201, description = "The hours, as they are now", body = HelperHours), Writes)
)]
async fn give(
    State(app): State<App>,
    caller: Caller,
    At(id): At<HelperId>,
    input: Input<Giving>,
) -> Result<Answer> {
    let acting = Acting::load(app.store.read(), caller, id).await?;
    check_takes_part(&acting.helper)?;
    let gift = (input.body.resident_id, check_minutes(input.body.minutes)?);
    let (guard, on) = (app.store.guard(), occasion(&app, &acting.caller));
    let by = acting.caller.account;
    let shown = app.clone();
    app.write_once(by, input.once, StatusCode::CREATED, move |txn| {
        let (acting, app) = (acting.clone(), shown.clone());
        Box::pin(async move {
            transfers::give(txn, guard, on, &acting.helper, gift).await?;
            hours(&app, txn, &acting, None).await
        })
    })
    .await
}

/// Donate hours to the common pool.
#[utoipa::path(post, path = "/api/helpers/{id}/hours/donations", tag = "timebank", request_body = Donating,
    params(("id" = i64, Path, description = "The volunteer who donates")),
    responses((status = 201, description = "The hours, as they are now", body = HelperHours), Writes)
)]
async fn donate(
    State(app): State<App>,
    caller: Caller,
    At(id): At<HelperId>,
    input: Input<Donating>,
) -> Result<Answer> {
    let acting = Acting::load(app.store.read(), caller, id).await?;
    check_takes_part(&acting.helper)?;
    let minutes = check_minutes(input.body.minutes)?;
    let (guard, on) = (app.store.guard(), occasion(&app, &acting.caller));
    let by = acting.caller.account;
    let shown = app.clone();
    app.write_once(by, input.once, StatusCode::CREATED, move |txn| {
        let (acting, app) = (acting.clone(), shown.clone());
        Box::pin(async move {
            transfers::donate(txn, guard, on, &acting.helper, minutes).await?;
            hours(&app, txn, &acting, None).await
        })
    })
    .await
}

/// Pay for a visit that was done with the resident's hours.
#[utoipa::path(post, path = "/api/residents/{id}/hours/redemptions", tag = "timebank", request_body = Redeeming,
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 201, description = "The statement, as it is now", body = TimeStatement), Writes)
)]
async fn redeem(State(app): State<App>, booked: Booked, input: Input<Redeeming>) -> Result<Answer> {
    let (caller, resident) = (booked.caller.clone(), booked.resident.id);
    let (guard, on) = (app.store.guard(), occasion(&app, &caller));
    let visit = input.body.visit_id;
    app.write_once(
        caller.account,
        input.once,
        StatusCode::CREATED,
        move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                let (visit, entry) = transfers::redeem(txn, guard, on, resident, visit).await?;
                money::settle::with_credit(txn, caller.zone, &visit, entry).await?;
                let holder = Holder::Resident(resident);
                match books::find(txn, on.community, holder).await? {
                    Some(account) => statement::page(txn, caller.lang, &account, None).await,
                    None => Ok(statement::none_yet(TimeHolder::Resident, String::new())),
                }
            })
        },
    )
    .await
}

/// Take an entry back, with a reason.
#[utoipa::path(post, path = "/api/time-entries/{id}/reversal", tag = "timebank", request_body = Reversing,
    params(("id" = i64, Path, description = "The entry that was a mistake")),
    responses((status = 201, description = "The statement of the account that gets the minutes back", body = TimeStatement), Writes)
)]
async fn reverse(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<TimeEntryId>,
    input: Input<Reversing>,
) -> Result<Answer> {
    let reason = check_reason(&input.body.reason)?;
    let caller = coordinator.0;
    let (guard, on) = (app.store.guard(), occasion(&app, &caller));
    app.write_once(
        caller.account,
        input.once,
        StatusCode::CREATED,
        move |txn| {
            let (caller, reason) = (caller.clone(), reason.clone());
            Box::pin(async move {
                let (wrong, _) = transfers::reverse(txn, guard, on, id, reason).await?;
                if let (TimeEntryKind::Redeem, Some(visit)) = (wrong.kind, wrong.visit_id) {
                    money::settle::without_credit(txn, caller.zone, visit).await?;
                }
                let back = statement::account(txn, on.community, wrong.from_account_id).await?;
                statement::page(txn, caller.lang, &back, None).await
            })
        },
    )
    .await
}
