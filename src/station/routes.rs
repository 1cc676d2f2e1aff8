//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::ids::{ResidentId, StationSessionId, StationSignupId};
use entity::station_signup;
use entity::words::Attendance;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::OwnPlace;
use super::door;
use super::queries;
use super::rooms::{self, KeepRoom, Room};
use super::sessions::{self, ChangeSession, NewSession, checked};
use super::signup::{self, Asking, IfFull};
use super::views::{
    NewSignup, ResidentSession, SessionCard, SessionLists, Sheet, SignupView, StationCall,
};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Caller, Coordinator, Desk};
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Asked, At, Input};
use crate::residents::Span;
use crate::residents::access::{Booked, Seen, looked};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms_list, keep_room))
        .routes(routes!(list, make))
        .routes(routes!(show, change))
        .routes(routes!(cancel))
        .routes(routes!(close))
        .routes(routes!(sheet))
        .routes(routes!(walk_in))
        .routes(routes!(of_resident))
        .routes(routes!(sign_up))
        .routes(routes!(give_back))
        .routes(routes!(attend))
        .routes(routes!(calls))
        .routes(routes!(called))
}

/// The rooms of the station with their hours, for everybody who is signed in.
#[utoipa::path(get, path = "/api/station/rooms", tag = "station",
    responses((status = 200, body = Vec<Room>), Reads))]
async fn rooms_list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Room>>> {
    rooms::list(app.store.read(), &caller).await.map(Json)
}

/// Keep a room and its hours.
#[utoipa::path(post, path = "/api/station/rooms", tag = "station", request_body = KeepRoom,
    responses((status = 200, body = Vec<Room>), Writes))]
async fn keep_room(
    State(app): State<App>,
    coordinator: Coordinator,
    Input { body, once }: Input<KeepRoom>,
) -> Result<Answer> {
    let (caller, room, now) = (coordinator.0, body.check()?, app.clock.now());
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, room) = (caller.clone(), room.clone());
        Box::pin(async move { rooms::keep(txn, &caller, &room, now).await })
    })
    .await
}

/// Between which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// First local day; 30 days back where nothing is said.
    #[serde(default, deserialize_with = "date_or_none")]
    from: Option<NaiveDate>,
    /// Last local day; 14 days ahead where nothing is said. At most 400 days after the first.
    #[serde(default, deserialize_with = "date_or_none")]
    to: Option<NaiveDate>,
}

/// The sessions of these days, in order of time.
#[utoipa::path(get, path = "/api/station/sessions", tag = "station", params(Days),
    responses((status = 200, body = Vec<SessionCard>), Reads))]
async fn list(
    State(app): State<App>,
    desk: Desk,
    Asked(days): Asked<Days>,
) -> Result<Json<Vec<SessionCard>>> {
    let span = Span::of(days.from, days.to, local_date(desk.zone, app.clock.now()))?;
    queries::list(app.store.read(), &desk, span).await.map(Json)
}

/// Make a session.
#[utoipa::path(post, path = "/api/station/sessions", tag = "station", request_body = NewSession,
    responses((status = 201, body = SessionLists), Writes))]
async fn make(
    State(app): State<App>,
    desk: Desk,
    Input { body, once }: Input<NewSession>,
) -> Result<Answer> {
    let (caller, now) = (desk.0, app.clock.now());
    let new = checked(body, &caller, now)?;
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, new) = (caller.clone(), new.clone());
        Box::pin(async move {
            let row = sessions::make(txn, &caller, &new, now).await?;
            queries::lists(txn, &caller, row).await
        })
    })
    .await
}

/// A session with its list of names and its waitlist.
#[utoipa::path(get, path = "/api/station/sessions/{id}", tag = "station",
    params(("id" = i64, Path, description = "The session")),
    responses((status = 200, body = SessionLists), Reads))]
async fn show(State(app): State<App>, desk: Desk, At(id): At<i64>) -> Result<Json<SessionLists>> {
    let db = app.store.read();
    let row = queries::session(db, &desk, StationSessionId(id)).await?;
    let lists = queries::lists(db, &desk, row).await?;
    let people = lists.names.iter().chain(&lists.waitlist);
    looked(
        &app,
        &desk,
        people.map(|row| row.resident_id).collect(),
        "station_list",
    );
    Ok(Json(lists))
}

/// Change a session. Everybody on its lists hears of another time or room.
#[utoipa::path(post, path = "/api/station/sessions/{id}", tag = "station",
    params(("id" = i64, Path, description = "The session")), request_body = ChangeSession,
    responses((status = 200, body = SessionLists), Writes))]
async fn change(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<ChangeSession>,
) -> Result<Answer> {
    let (caller, now, guard) = (desk.0, app.clock.now(), app.store.guard());
    let which = (StationSessionId(id), body.version);
    let to = checked(body.to, &caller, now)?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, to) = (caller.clone(), to.clone());
        Box::pin(async move {
            let row = sessions::change(txn, (&caller, guard), which, &to, now).await?;
            queries::lists(txn, &caller, row).await
        })
    })
    .await
}

/// Why a session is cancelled.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CancelSession {
    /// In words, 1 to 500 characters; everybody reads it.
    why: String,
}

/// Cancel a session. Everybody on its lists is told.
#[utoipa::path(post, path = "/api/station/sessions/{id}/cancel", tag = "station",
    params(("id" = i64, Path, description = "The session")), request_body = CancelSession,
    responses((status = 200, body = SessionLists), Writes))]
async fn cancel(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<CancelSession>,
) -> Result<Answer> {
    let (caller, now) = (desk.0, app.clock.now());
    let why = crate::calls::check_said("why", &body.why)?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, why) = (caller.clone(), why.clone());
        Box::pin(async move {
            let row = sessions::cancel(txn, &caller, StationSessionId(id), &why, now).await?;
            queries::lists(txn, &caller, row).await
        })
    })
    .await
}

/// Nothing more to say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Nothing {}

/// Close the list of a session that was held.
#[utoipa::path(post, path = "/api/station/sessions/{id}/held", tag = "station",
    params(("id" = i64, Path, description = "The session")), request_body = Nothing,
    responses((status = 200, body = SessionLists), Writes))]
async fn close(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { once, .. }: Input<Nothing>,
) -> Result<Answer> {
    let (caller, now) = (desk.0, app.clock.now());
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = sessions::close(txn, &caller, StationSessionId(id), now).await?;
            queries::lists(txn, &caller, row).await
        })
    })
    .await
}

/// How a list is printed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Printing {
    /// Whether doors and numbers are whole; only for a coordinator.
    #[serde(default)]
    #[param(required = false)]
    full: bool,
}

/// The list of names for the door, doors and numbers half hidden.
#[utoipa::path(get, path = "/api/station/sessions/{id}/sheet", tag = "station",
    params(("id" = i64, Path, description = "The session"), Printing),
    responses((status = 200, body = Sheet), Reads))]
async fn sheet(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Asked(printing): Asked<Printing>,
) -> Result<Json<Sheet>> {
    let db = app.store.read();
    let row = queries::session(db, &desk, StationSessionId(id)).await?;
    queries::sheet(db, &desk, row, printing.full)
        .await
        .map(Json)
}

/// Who stands at the door.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct WalkIn {
    /// Who.
    resident_id: ResidentId,
}

/// Somebody came without a seat: they take one and are ticked in.
#[utoipa::path(post, path = "/api/station/sessions/{id}/walk-ins", tag = "station",
    params(("id" = i64, Path, description = "The session")), request_body = WalkIn,
    responses((status = 201, body = SignupView), Writes))]
async fn walk_in(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<WalkIn>,
) -> Result<Answer> {
    let asking = Asking {
        resident: body.resident_id,
        session: StationSessionId(id),
        if_full: IfFull::Refuse,
        over_visit: true,
        walk_in: true,
    };
    take(app, desk.0, asking, once).await
}

async fn take(
    app: App,
    caller: Caller,
    asking: Asking,
    once: crate::http::input::Once,
) -> Result<Answer> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = signup::sign_up(txn, (&caller, guard), asking, now).await?;
            Ok(queries::signup_view(&row))
        })
    })
    .await
}

/// What is on at the station for a resident, with their own places.
#[utoipa::path(get, path = "/api/residents/{id}/sessions", tag = "station",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, body = Vec<ResidentSession>), Reads))]
async fn of_resident(State(app): State<App>, seen: Seen) -> Result<Json<Vec<ResidentSession>>> {
    queries::of_resident(app.store.read(), &seen, app.clock.now())
        .await
        .map(Json)
}

/// Sign a resident up for a session.
#[utoipa::path(post, path = "/api/residents/{id}/signups", tag = "station",
    params(("id" = i64, Path, description = "The resident")), request_body = NewSignup,
    responses((status = 201, body = SignupView), Writes))]
async fn sign_up(
    State(app): State<App>,
    booked: Booked,
    Input { body, once }: Input<NewSignup>,
) -> Result<Answer> {
    let asking = Asking {
        resident: booked.resident.id,
        session: body.session_id,
        if_full: body.if_full,
        over_visit: body.over_visit,
        walk_in: false,
    };
    take(app, booked.caller.clone(), asking, once).await
}

/// Give a place back. Whoever waits longest moves up.
#[utoipa::path(post, path = "/api/signups/{id}/cancel", tag = "station",
    params(("id" = i64, Path, description = "The place")), request_body = Nothing,
    responses((status = 200, body = SignupView), Writes))]
async fn give_back(
    State(app): State<App>,
    own: OwnPlace,
    Input { once, .. }: Input<Nothing>,
) -> Result<Answer> {
    let (caller, id) = (own.booked.caller.clone(), own.signup.id);
    let (now, guard) = (app.clock.now(), app.store.guard());
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = signup::give_back(txn, (&caller, guard), id, now).await?;
            Ok(queries::signup_view(&row))
        })
    })
    .await
}

/// Whether somebody came.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct Attended {
    /// Whether; null takes a tick back.
    attendance: Option<Attendance>,
}

/// Tick somebody in, or record that they did not come.
#[utoipa::path(post, path = "/api/signups/{id}/attendance", tag = "station",
    params(("id" = i64, Path, description = "The place")), request_body = Attended,
    responses((status = 200, body = SignupView), Writes))]
async fn attend(
    State(app): State<App>,
    desk: Desk,
    own: OwnPlace,
    Input { body, once }: Input<Attended>,
) -> Result<Answer> {
    let (caller, id, now) = (desk.0, own.signup.id, app.clock.now());
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = door::attend(txn, &caller, id, body.attendance, now).await?;
            Ok(queries::signup_view(&row))
        })
    })
    .await
}

/// The calls to make about sessions, for nobody of these families can be written to.
#[utoipa::path(get, path = "/api/station/calls", tag = "station",
    responses((status = 200, body = Vec<StationCall>), Reads))]
async fn calls(State(app): State<App>, desk: Desk) -> Result<Json<Vec<StationCall>>> {
    queries::calls(app.store.read(), &desk).await.map(Json)
}

/// A call about a session was made.
#[utoipa::path(post, path = "/api/station/calls/{id}/done", tag = "station",
    params(("id" = i64, Path, description = "The place it is about")), request_body = Nothing,
    responses((status = 200, body = Vec<StationCall>), Writes))]
async fn called(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { once, .. }: Input<Nothing>,
) -> Result<Answer> {
    let (caller, now) = (desk.0, app.clock.now());
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = signup::found(txn, StationSignupId(id)).await?;
            if row.community_id != caller.community || row.call_what.is_none() {
                return Err(Problem::not_found().into());
            }
            let session = super::seats::held(txn, row.session_id).await?;
            station_signup::ActiveModel {
                id: Set(row.id),
                call_what: Set(None),
                call_since: Set(None),
                ..Default::default()
            }
            .update(txn)
            .await?;
            signup::record(txn, signup::hand(&caller, now), &session, &row, "called").await?;
            queries::calls(txn, &caller).await
        })
    })
    .await
}
