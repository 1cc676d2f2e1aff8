//! `yinling retention`: what was kept long enough, let go now or only counted.

use std::process::ExitCode;

use entity::community;
use sea_orm::EntityTrait;
use yinling::clock::Clock;
use yinling::error::Result;
use yinling::http::caller::zone_of;
use yinling::privacy::retention::queries::{Tonight, count};
use yinling::privacy::retention::{RULES, night};
use yinling::store::Store;

/// Lets go what was kept long enough; with `dry_run` it only says what that would be.
pub async fn run(
    store: &Store,
    clock: &Clock,
    dry_run: bool,
) -> std::result::Result<ExitCode, String> {
    let lines = lines(store, clock, dry_run)
        .await
        .map_err(|error| error.to_string())?;
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn lines(store: &Store, clock: &Clock, dry_run: bool) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for place in community::Entity::find().all(store.read()).await? {
        let tonight = Tonight {
            community: place.id,
            zone: zone_of(&place),
            now: clock.now(),
        };
        let verb = if dry_run { "would go" } else { "gone" };
        lines.push(format!("{}:", place.name));
        let gone = if dry_run {
            None
        } else {
            Some(night::let_go(store, tonight).await?)
        };
        for rule in RULES {
            let number = match &gone {
                Some(gone) => gone.get(rule.key).copied().unwrap_or(0),
                None => count(store.read(), rule, tonight).await?,
            };
            lines.push(format!(
                "  {} ({} days): {number} {verb}",
                rule.what.1, rule.days
            ));
        }
    }
    Ok(lines)
}
