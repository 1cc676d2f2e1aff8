//! The document that describes every operation; the pages' client is generated from it.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::{
    accounts, bench, bookings, calendar, calls, catalogue, consent, dispatch, helpers, meals,
    money, privacy, providers, quality, reports, requests, residents, series, station, supply,
    timebank, visits, vouchers,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yinling",
        description = "Care booking for a housing compound. Instants are RFC 3339 in UTC, dates are local and of the years 1900 to 2199, money is whole \
                   fen, durations are minutes. Refusals are RFC 9457 problem documents."
    ),
    components(schemas(
        super::problem::ProblemView,
        super::events::ChangeView,
        super::events::ProgressView,
        crate::residents::roll::Part
    ))
)]
struct Document;

/// Every route of the API with its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(super::events::events))
        .merge(accounts::routes::router())
        .merge(residents::routes::router())
        .merge(helpers::routes::router())
        .merge(catalogue::routes::router())
        .merge(bookings::routes::router())
        .merge(series::routes::router())
        .merge(calendar::routes::router())
        .merge(calendar::feed::routes::router())
        .merge(meals::routes::router())
        .merge(calls::routes::router())
        .merge(dispatch::routes::router())
        .merge(visits::routes::router())
        .merge(reports::routes::router())
        .merge(requests::routes::router())
        .merge(quality::routes::router())
        .merge(timebank::routes::router())
        .merge(vouchers::routes::router())
        .merge(money::routes::router())
        .merge(providers::routes::router())
        .merge(station::routes::router())
        .merge(consent::routes::router())
        .merge(privacy::routes::router())
        .merge(supply::routes::router())
        .merge(bench::routes::router())
}

/// The description alone, with every member of an answer marked as present: what is absent is sent as `null`.
#[must_use]
pub fn described() -> utoipa::openapi::OpenApi {
    let mut document = routes().into_openapi();
    let asked = asked_for(&document);
    document.paths.paths.values_mut().for_each(name_by_room);
    super::asks::describe(&mut document);
    if let Some(components) = document.components.as_mut() {
        for (name, schema) in &mut components.schemas {
            // A problem document leaves out what does not apply to its kind.
            if !asked.contains(name) && name != "Problem" {
                require_all(schema);
            }
        }
    }
    document
}

/// Two rooms may both `create` or `show`: an operation's name begins with its room's.
fn name_by_room(path: &mut utoipa::openapi::PathItem) {
    let operations = [
        &mut path.get,
        &mut path.post,
        &mut path.put,
        &mut path.patch,
        &mut path.delete,
    ];
    for operation in operations.into_iter().flatten() {
        let room = operation.tags.iter().flatten().next().cloned();
        if let (Some(room), Some(name)) = (room, operation.operation_id.as_mut()) {
            *name = format!("{room}_{name}");
        }
    }
}

/// Names of the schemas that requests are made of, where leaving a member out is allowed.
fn asked_for(document: &utoipa::openapi::OpenApi) -> std::collections::HashSet<String> {
    let operations = document.paths.paths.values().flat_map(|path| {
        [&path.get, &path.post, &path.put, &path.patch, &path.delete]
            .into_iter()
            .flatten()
    });
    operations
        .filter_map(|operation| match operation.request_body.as_ref()? {
            RefOr::T(body) => Some(body),
            RefOr::Ref(_) => None,
        })
        .flat_map(|body| body.content.values())
        .filter_map(|content| match content {
            RefOr::T(content) => content.schema.as_ref(),
            RefOr::Ref(_) => None,
        })
        .filter_map(|schema| match schema {
            RefOr::Ref(reference) => reference.ref_location.rsplit('/').next().map(str::to_owned),
            RefOr::T(_) => None,
        })
        .collect()
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// The document as JSON text.
///
/// # Errors
/// None that can happen: the document is made of plain values.
pub fn document() -> Result<String, serde_json::Error> {
    described().to_pretty_json()
}

/// Serves the document.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(described())
}

#[cfg(test)]
mod tests {
    /// Of two types that are called the same, the description has the last and says nothing: each has a name of its own.
    #[test]
    fn no_two_types_share_a_name() {
        let mut seen = std::collections::HashMap::new();
        let mut folders = vec![
            std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/entity/src")),
        ];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ends| ends == "rs") {
                    for name in described_types(&std::fs::read_to_string(&path).unwrap()) {
                        let before = seen.insert(name.clone(), path.clone());
                        assert!(before.is_none(), "{name}: {path:?} and {before:?}");
                    }
                }
            }
        }
        assert!(seen.len() > 200, "{}", seen.len());
    }

    /// The pages' client knows an operation by its name: of two that are called the same it would take the wrong answer.
    #[test]
    fn no_two_operations_share_a_name() {
        let mut seen = std::collections::HashSet::new();
        for path in super::described().paths.paths.values() {
            let ways = [&path.get, &path.post, &path.put, &path.patch, &path.delete];
            for operation in ways.into_iter().flatten() {
                let name = operation.operation_id.clone().unwrap();
                assert!(seen.insert(name.clone()), "{name}");
            }
        }
        assert!(seen.len() > 100, "{}", seen.len());
    }

    /// The names under which a file's types stand in the description.
    fn described_types(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        for derived in text.split("#[derive(").skip(1) {
            let Some((traits, rest)) = derived.split_once(")]") else {
                continue;
            };
            if !traits.contains("ToSchema") {
                continue;
            }
            let word = |after: &str| -> Option<String> {
                let name = rest.split(after).nth(1)?.trim_start();
                Some(
                    name.split(|c: char| !c.is_alphanumeric())
                        .next()?
                        .to_owned(),
                )
            };
            let head = rest.split(['{', ';']).next().unwrap_or_default();
            let name = if head.contains("schema(as = ") {
                word("schema(as = ")
            } else if head.contains("struct ") {
                word("struct ")
            } else {
                word("enum ")
            };
            // A macro's pattern has no name of its own.
            names.extend(name.filter(|name| !name.is_empty()));
        }
        names
    }
}
