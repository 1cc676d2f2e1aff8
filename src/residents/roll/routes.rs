//! Routes of the roll.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::AssessmentId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assessments::{self, NewAssessment};
use super::edit::{self, EditedResident, Filed, NewResident};
use super::leaving::{self, Leaving, LeftOrBack};
use super::list::{self, Wanted};
use super::merge::{self, Merged, Merging};
use super::moving::{self, Moved, MovingHouse};
use super::pairs::{self, Pair, PairOf};
use super::views::{RollFile, RollPage};
use super::{After, Part, file};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::Desk;
use crate::http::input::{Answer, Asked, At, Input};
use crate::residents::absences;
use crate::residents::access::{OnFile, looked};
use crate::residents::asked::Query;
use crate::said::Said;
use crate::series::generate;
use crate::visits::pausing;

/// Rows of a page.
const PAGE: u64 = 50;

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_roll, add))
        .routes(routes!(search_roll))
        .routes(routes!(duplicates))
        .routes(routes!(keep_both))
        .routes(routes!(ask_again))
        .routes(routes!(merge_files))
        .routes(routes!(show))
        .routes(routes!(change_file))
        .routes(routes!(move_house))
        .routes(routes!(leave))
        .routes(routes!(come_back))
        .routes(routes!(assess))
        .routes(routes!(remove_assessment))
        .merge(absences::routes::router())
}

/// Which part of the roll, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// Which part; those who live here where it is left out.
    #[serde(default)]
    part: Option<Part>,
    /// Where the page begins: `next` of the one before.
    #[serde(default)]
    after: Option<String>,
}

/// What is looked for on the roll, and which page of what is found.
#[derive(Debug, Deserialize, ToSchema)]
struct RollSearch {
    /// A telephone number or its last digits, a door in any spelling, pinyin initials, or a part of a name; nothing finds all.
    #[serde(default)]
    #[schema(required = false)]
    q: String,
    /// In which part; those who live here where it is left out.
    #[serde(default)]
    part: Option<Part>,
    /// Where the page begins: `next` of the one before.
    #[serde(default)]
    after: Option<String>,
}

/// The roll, 50 at a time.
#[utoipa::path(get, path = "/api/roll", tag = "roll", params(ListAsked),
    responses((status = 200, description = "A page of the roll", body = RollPage), Reads))]
async fn list_roll(
    State(app): State<App>,
    desk: Desk,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<RollPage>> {
    page(&app, &desk, asked.part, None, asked.after.as_deref()).await
}

/// Look for somebody on the roll, 50 at a time.
///
/// Changes nothing; the words come in the body, so that they stand in no address.
#[utoipa::path(post, path = "/api/roll/search", tag = "roll", request_body = RollSearch,
    responses((status = 200, description = "A page of those who fit", body = RollPage), Writes))]
async fn search_roll(
    State(app): State<App>,
    desk: Desk,
    Input { body, .. }: Input<RollSearch>,
) -> Result<Json<RollPage>> {
    let query = (!body.q.trim().is_empty()).then(|| Query::parse(&body.q));
    page(&app, &desk, body.part, query, body.after.as_deref()).await
}

async fn page(
    app: &App,
    desk: &Desk,
    part: Option<Part>,
    query: Option<Query>,
    after: Option<&str>,
) -> Result<Json<RollPage>> {
    let after = match after {
        None => None,
        Some(key) => Some(After::read(key).ok_or_else(|| {
            Problem::field(
                "after",
                Said::new(
                    "看不懂从哪里接着列。",
                    "It is not clear where the page begins.",
                ),
            )
        })?),
    };
    let wanted = Wanted {
        community: desk.community,
        part: part.unwrap_or_default(),
        query,
        after,
        limit: PAGE,
        today: local_date(desk.zone, app.clock.now()),
        lang: desk.lang,
    };
    list::page(app.store.read(), &wanted).await.map(Json)
}

/// Add somebody to the roll.
#[utoipa::path(post, path = "/api/roll", tag = "roll", request_body = NewResident,
    responses((status = 201, description = "The file is open", body = Filed), Writes))]
async fn add(
    State(app): State<App>,
    desk: Desk,
    Input { body, once }: Input<NewResident>,
) -> Result<Answer> {
    let now = app.clock.now();
    let person = body.person.check(local_date(desk.zone, now))?;
    let door = body.door.check()?;
    let caller = desk.0;
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, person, door) = (caller.clone(), person.clone(), door.clone());
        Box::pin(
            async move { edit::add(txn, &caller, &person, &door, body.although_alike, now).await },
        )
    })
    .await
}

/// The file of one of the roll, as the office keeps it.
///
/// Every look is written down.
#[utoipa::path(get, path = "/api/roll/{id}", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "The file", body = RollFile), Reads))]
async fn show(State(app): State<App>, seen: OnFile) -> Result<Json<RollFile>> {
    file::file(
        app.store.read(),
        &seen.caller,
        seen.resident.clone(),
        app.clock.now(),
    )
    .await
    .map(Json)
}

/// Change what a file says.
#[utoipa::path(post, path = "/api/roll/{id}", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = EditedResident,
    responses((status = 200, description = "The file is changed", body = Filed), Writes))]
async fn change_file(
    State(app): State<App>,
    seen: OnFile,
    Input { body, once }: Input<EditedResident>,
) -> Result<Answer> {
    let now = app.clock.now();
    let person = body.person.check(local_date(seen.caller.zone, now))?;
    app.write_once(seen.caller.account, once, StatusCode::OK, move |txn| {
        let (seen, person) = (seen.clone(), person.clone());
        Box::pin(async move {
            edit::edit(
                txn,
                &seen.caller,
                seen.resident.id,
                &person,
                body.version,
                now,
            )
            .await
        })
    })
    .await
}

/// Move somebody to another door of the compound.
///
/// What is booked at home is matched anew, for the way there is another.
#[utoipa::path(post, path = "/api/roll/{id}/move", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = MovingHouse,
    responses((status = 200, description = "They live there now", body = Moved), Writes))]
async fn move_house(
    State(app): State<App>,
    seen: OnFile,
    Input { body, once }: Input<MovingHouse>,
) -> Result<Answer> {
    let now = app.clock.now();
    let door = body.door.check()?;
    let (answer, first) = app
        .write_first(seen.caller.account, once, StatusCode::OK, move |txn| {
            let (seen, door) = (seen.clone(), door.clone());
            Box::pin(async move {
                moving::move_house(txn, &seen.caller, seen.resident.id, &door, now).await
            })
        })
        .await?;
    if let Some(moved) = first {
        pausing::match_all(&app, &moved.back).await;
    }
    Ok(answer)
}

/// Write down that somebody died, or moved away for good.
///
/// Every visit ahead is cancelled with the reason and its helpers are told. Of a death nothing is written to the family.
#[utoipa::path(post, path = "/api/roll/{id}/leave", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = Leaving,
    responses((status = 200, description = "The file is closed", body = LeftOrBack), Writes))]
async fn leave(
    State(app): State<App>,
    seen: OnFile,
    Input { body, once }: Input<Leaving>,
) -> Result<Answer> {
    let now = app.clock.now();
    let leaving = body.check(local_date(seen.caller.zone, now))?;
    app.write_once(seen.caller.account, once, StatusCode::OK, move |txn| {
        let (seen, leaving) = (seen.clone(), leaving.clone());
        Box::pin(
            async move { leaving::leave(txn, &seen.caller, seen.resident.id, &leaving, now).await },
        )
    })
    .await
}

/// Nothing to be said.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct Reopening {}

/// Open a file again that was closed by mistake, or of somebody who came back.
///
/// What the closing cancelled and is still ahead is matched again.
#[utoipa::path(post, path = "/api/roll/{id}/come-back", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = Reopening,
    responses((status = 200, description = "The file is open", body = LeftOrBack), Writes))]
async fn come_back(
    State(app): State<App>,
    seen: OnFile,
    Input {
        body: Reopening {},
        once,
    }: Input<Reopening>,
) -> Result<Answer> {
    let now = app.clock.now();
    let (answer, first) = app
        .write_first(seen.caller.account, once, StatusCode::OK, move |txn| {
            let seen = seen.clone();
            Box::pin(
                async move { leaving::come_back(txn, &seen.caller, seen.resident.id, now).await },
            )
        })
        .await?;
    if let Some(back) = first {
        pausing::match_all(&app, &back.back).await;
        for series in back.series {
            generate::match_waiting(&app, Some(series)).await?;
        }
    }
    Ok(answer)
}

/// Write down an assessment of ability.
#[utoipa::path(post, path = "/api/roll/{id}/assessments", tag = "roll",
    params(("id" = i64, Path, description = "The resident")),
    request_body = NewAssessment,
    responses((status = 201, description = "It is written down", body = Assessed), Writes))]
async fn assess(
    State(app): State<App>,
    seen: OnFile,
    Input { body, once }: Input<NewAssessment>,
) -> Result<Answer> {
    let now = app.clock.now();
    let new = body.check(local_date(seen.caller.zone, now))?;
    app.write_once(seen.caller.account, once, StatusCode::CREATED, move |txn| {
        let (seen, new) = (seen.clone(), new.clone());
        Box::pin(async move {
            let id = assessments::add(txn, &seen.caller, seen.resident.id, &new, now).await?;
            Ok(Assessed { id })
        })
    })
    .await
}

/// Which assessment.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Assessed {
    /// The assessment.
    id: AssessmentId,
}

/// Take an assessment away that was written down by mistake.
#[utoipa::path(delete, path = "/api/roll/assessments/{id}", tag = "roll",
    params(("id" = i64, Path, description = "The assessment")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn remove_assessment(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let caller = desk.0.clone();
            Box::pin(async move { assessments::remove(txn, &caller, AssessmentId(id), now).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Files that look like one person, side by side, 50 pairs at most.
#[utoipa::path(get, path = "/api/roll/duplicates", tag = "roll",
    responses((status = 200, description = "The pairs", body = Vec<Pair>), Reads))]
async fn duplicates(State(app): State<App>, desk: Desk) -> Result<Json<Vec<Pair>>> {
    let today = local_date(desk.zone, app.clock.now());
    let found = pairs::pairs(app.store.read(), desk.community, today, desk.lang).await?;
    let shown = found
        .iter()
        .flat_map(|pair| [pair.one.row.id, pair.other.row.id])
        .collect();
    looked(&app, &desk, shown, "duplicates");
    Ok(Json(found))
}

/// Which two files were said to be two people.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Apart {
    /// Whether nobody is asked about them any more.
    kept_apart: bool,
}

/// Say that two files are two people.
#[utoipa::path(post, path = "/api/roll/duplicates/keep", tag = "roll", request_body = PairOf,
    responses((status = 200, description = "Nobody is asked again", body = Apart), Writes))]
async fn keep_both(
    State(app): State<App>,
    desk: Desk,
    Input { body, once }: Input<PairOf>,
) -> Result<Answer> {
    let now = app.clock.now();
    let caller = desk.0;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            pairs::keep_both(txn, &caller, body, now).await?;
            Ok(Apart { kept_apart: true })
        })
    })
    .await
}

/// Ask again about two files that were said to be two people.
#[utoipa::path(post, path = "/api/roll/duplicates/ask-again", tag = "roll", request_body = PairOf,
    responses((status = 200, description = "They are shown again", body = Apart), Writes))]
async fn ask_again(
    State(app): State<App>,
    desk: Desk,
    Input { body, once }: Input<PairOf>,
) -> Result<Answer> {
    let caller = desk.0;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            pairs::ask_again(txn, &caller, body).await?;
            Ok(Apart { kept_apart: false })
        })
    })
    .await
}

/// Make one file of two.
///
/// What hangs on the one that goes is moved to the one that stays: bookings and visits, family, wishes, calls, times away,
/// assessments and the log of looks. This cannot be undone.
#[utoipa::path(post, path = "/api/roll/duplicates/merge", tag = "roll", request_body = Merging,
    responses((status = 200, description = "There is one file", body = Merged), Writes))]
async fn merge_files(
    State(app): State<App>,
    desk: Desk,
    Input { body, once }: Input<Merging>,
) -> Result<Answer> {
    let now = app.clock.now();
    let caller = desk.0;
    let (answer, first) = app
        .write_first(caller.account, once, StatusCode::OK, move |txn| {
            let caller = caller.clone();
            Box::pin(async move { merge::merge(txn, &caller, body, now).await })
        })
        .await?;
    if let Some(merged) = first {
        pausing::match_all(&app, &merged.back).await;
    }
    Ok(answer)
}
