//! Who could come to a visit, ranked, and who could not, each with every reason.

use entity::ids::VisitId;
use entity::words::Lang;

use super::detail::{detail, find, look};
use super::load::{Stated, Who, day_of, state};
use super::views::{ExcludedHelper, NamedHelper, PartView, Ranked, SuggestionsView};
use crate::app::App;
use crate::error::{Broken, Problem, Result};
use crate::http::caller::Desk as AtDesk;
use crate::http::problem::BrokenView;
use crate::matching::{Exclusion, HelperIx, VisitIx, explain, suggest};
use crate::said::Said;

/// Suggestions shown at most.
const SHOWN: usize = 8;

/// Who could come to a visit, ranked, and who could not, with every reason.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn suggestions(app: &App, desk: &AtDesk, id: VisitId) -> Result<SuggestionsView> {
    let db = app.store.read();
    let now = app.clock.now();
    let visit = find(db, desk, id).await?;
    let mut scope = day_of(desk.community, desk.zone, &visit, now);
    scope.who = Who::All;
    let stated = state(app, &scope, None).await?;
    let at = index(&stated, id)?;
    let problem = &stated.problem;
    let lang = super::lang(desk.lang);
    let found = suggest::suggest(problem, at, SHOWN);
    let named = |helper: HelperIx| {
        let row = &stated.helpers[helper.0];
        NamedHelper {
            id: row.id,
            name: row.name.clone(),
            kind: row.kind,
        }
    };
    let smallest_change = found.ranked.is_empty().then(|| {
        let held = crate::matching::PlanState::held(problem);
        explain::why_unserved(problem, held.placements(), at).way_out(problem, lang)
    });
    Ok(SuggestionsView {
        ranked: found
            .ranked
            .iter()
            .map(|suggestion| Ranked {
                helpers: suggestion
                    .helpers
                    .iter()
                    .map(|helper| named(*helper))
                    .collect(),
                start: stated.instant(suggestion.start),
                price_fen: stated.price(visit.service_id, &suggestion.helpers, suggestion.start),
                parts: suggestion
                    .parts
                    .iter()
                    .map(|part| PartView {
                        code: part.code.to_owned(),
                        sentence: part.sentence(problem, lang),
                    })
                    .collect(),
            })
            .collect(),
        excluded: excluded(&stated, found.excluded, desk.lang),
        smallest_change: smallest_change.flatten(),
        visit: detail(db, look(desk, now), &visit).await?,
    })
}

/// The excluded: those who lack nothing but time come first, those without the skill last.
fn excluded(
    stated: &Stated,
    excluded: Vec<(HelperIx, Vec<Exclusion>)>,
    lang: Lang,
) -> Vec<ExcludedHelper> {
    let mut list: Vec<_> = excluded
        .into_iter()
        .map(|(helper, reasons)| {
            let row = &stated.helpers[helper.0];
            ExcludedHelper {
                helper_id: row.id,
                helper: row.name.clone(),
                kind: row.kind,
                reasons: broken(stated, &reasons)
                    .iter()
                    .map(|broken| BrokenView::new(broken, lang))
                    .collect(),
            }
        })
        .collect();
    list.sort_by_key(|helper| {
        let lacks = helper
            .reasons
            .iter()
            .any(|reason| reason.code == "skill" || reason.code == "kind");
        (lacks, helper.reasons.len())
    });
    list
}

/// The rules that are broken, in words for a problem document.
pub(super) fn broken(stated: &Stated, reasons: &[Exclusion]) -> Vec<Broken> {
    reasons
        .iter()
        .map(|reason| Broken {
            code: reason.code(),
            sentence: Said::new(
                reason.sentence(&stated.problem, crate::matching::Lang::Zh),
                reason.sentence(&stated.problem, crate::matching::Lang::En),
            ),
            overridable: reason.overridable(),
        })
        .collect()
}

fn index(stated: &Stated, id: VisitId) -> Result<VisitIx> {
    stated
        .visit_ix
        .get(&id)
        .copied()
        .ok_or_else(|| Problem::not_found().into())
}
