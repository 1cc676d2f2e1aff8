//! `yinling check`: what must always agree, looked at.

use std::process::ExitCode;

use yinling::store::Store;
use yinling::store::consistency;
use yinling::{money, station, timebank};

/// Prints what disagrees; exit 1 where something does.
pub async fn check(store: &Store) -> Result<ExitCode, String> {
    let found = everything(store).await.map_err(|error| error.to_string())?;
    for line in &found {
        println!("{line}");
    }
    if found.is_empty() {
        println!(
            "Claims and assignments agree. The time bank adds up to zero. Every price is paid."
        );
        Ok(ExitCode::SUCCESS)
    } else {
        println!("{} disagreements.", found.len());
        Ok(ExitCode::from(1))
    }
}

async fn everything(store: &Store) -> yinling::error::Result<Vec<String>> {
    let db = store.read();
    let mut found = consistency::disagreements(db).await?;
    found.extend(timebank::check::disagreements(db).await?);
    found.extend(station::check::disagreements(db).await?);
    found.extend(money::check::disagreements(db).await?);
    Ok(found)
}
