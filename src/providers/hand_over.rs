//! Running visits of a provider that takes no new work, given to others where a person says so.

use axum::http::StatusCode;
use entity::ids::{ProviderId, VisitId};
use entity::words::{AssignmentSource, VisitState};
use entity::{helper, provider};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing::Admission;
use super::steps::Hand;
use super::views::ProviderFile;
use super::{LONGEST_TEXT, file, queries};
use crate::app::App;
use crate::dispatch::matching::match_now;
use crate::dispatch::place::{crew, locked};
use crate::dispatch::withdraw;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::requests::at_most;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// Visits handed over at once at most.
const MOST: usize = 100;

/// Which visits others are to be found for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct HandingOver {
    /// The visits, 1 to 100.
    pub visit_ids: Vec<VisitId>,
    /// Why, 500 characters at most.
    pub reason: Option<String>,
}

/// What was handed over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HandedOver {
    /// The visits that others are looked for; what has begun or is somebody else's by now is not among them.
    pub visits: Vec<VisitId>,
    /// The provider as it stands now.
    pub provider: ProviderFile,
}

/// Takes these visits back from the provider's helpers, tells everybody, and looks for others.
///
/// # Errors
/// `invalid`, `not-now` where the provider still takes new work, or the database's.
pub async fn hand_over(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: HandingOver,
    once: Once,
) -> Result<Answer> {
    if !(1..=MOST).contains(&body.visit_ids.len()) {
        return Err(Problem::field(
            "visit_ids",
            Said::new(
                format!("请选 1 到 {MOST} 次服务。"),
                format!("Please choose 1 to {MOST} visits."),
            ),
        )
        .into());
    }
    let reason = at_most("reason", body.reason.as_deref(), LONGEST_TEXT)?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    let (answer, done) = app
        .write_first(caller.account, once, StatusCode::OK, move |txn| {
            let (hand, reason, ids) = (hand.clone(), reason.clone(), body.visit_ids.clone());
            Box::pin(async move {
                // Not held: whoever places a crew holds the visit first and the provider after it.
                let row = queries::find(txn, &hand.caller, id).await?;
                idle(txn, &hand, &row).await?;
                let mut visits = Vec::new();
                for visit in ids {
                    if give(txn, &hand, (&row, visit), reason.clone()).await? {
                        visits.push(visit);
                    }
                }
                let note = Some(visits.len().to_string());
                hand.record(txn, id, "handed_over", note).await?;
                Ok(HandedOver {
                    visits,
                    provider: file::file(txn, &hand.caller, id, hand.now).await?,
                })
            })
        })
        .await?;
    for visit in done.map_or_else(Vec::new, |done| done.visits) {
        if let Err(error) = match_now(app, visit, AssignmentSource::Rematch).await {
            tracing::error!(%error, "a visit was not matched again");
        }
    }
    Ok(answer)
}

/// As long as a provider takes new work, its helpers would be the first to be found again.
async fn idle(txn: &DatabaseTransaction, hand: &Hand, row: &provider::Model) -> Result<()> {
    let admission = Admission::of(txn, std::slice::from_ref(row), hand.today()).await?;
    if admission.idle(row.id).is_some() {
        return Ok(());
    }
    Err(Problem::not_now(Said::new(
        "这家服务商仍在接单，请先暂停，再把服务交给别人。",
        "This provider still takes new work; suspend it first, then hand its visits over.",
    ))
    .into())
}

async fn give(
    txn: &DatabaseTransaction,
    hand: &Hand,
    (row, id): (&provider::Model, VisitId),
    reason: Option<String>,
) -> Result<bool> {
    let visit = locked(txn, id).await?;
    let open = matches!(visit.state, VisitState::Offered | VisitState::Accepted);
    if visit.community_id != row.community_id || !open || visit.starts_at <= hand.now {
        return Ok(false);
    }
    let theirs = helper::Entity::find()
        .filter(helper::Column::ProviderId.eq(row.id))
        .filter(helper::Column::Id.is_in(crew(txn, id).await?.iter().map(|part| part.helper_id)))
        .count(txn)
        .await?;
    if theirs == 0 {
        return Ok(false);
    }
    let why = Said::new(
        format!("{}暂不接单，正在另找人。", row.name),
        format!(
            "{} takes no work at present; somebody else is being looked for.",
            row.name
        ),
    );
    let visit = withdraw::withdraw(txn, hand.now, &visit, why).await?;
    let by = Some(hand.caller.account);
    let change = Change::of_visit(&visit, hand.caller.zone, hand.now, by, "withdrawn");
    audit::record(txn, change.noted(reason)).await?;
    Ok(true)
}
