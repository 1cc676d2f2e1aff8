//! `yinling check`: what must always agree, looked at.

use std::process::ExitCode;

use yinling::store::Store;
use yinling::store::consistency;

/// Prints what disagrees; exit 1 where something does.
pub async fn check(store: &Store) -> Result<ExitCode, String> {
    let found = consistency::disagreements(store.read())
        .await
        .map_err(|error| error.to_string())?;
    for line in &found {
        println!("{line}");
    }
    if found.is_empty() {
        println!("Claims and assignments agree.");
        Ok(ExitCode::SUCCESS)
    } else {
        println!("{} disagreements.", found.len());
        Ok(ExitCode::from(1))
    }
}
