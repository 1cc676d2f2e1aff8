//! `yinling backup` and `yinling restore`: a copy of everything, and everything from a copy.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use yinling::config::Settings;
use yinling::store::backup;

/// Copies the database into a file while the program goes on.
pub async fn write(settings: &Settings, file: &Path) -> Result<ExitCode, String> {
    let began = Instant::now();
    backup::write(&settings.database_url, file).await?;
    let bytes = std::fs::metadata(file)
        .map_err(|error| error.to_string())?
        .len();
    println!(
        "{} holds the database as it was when the copy began: {:.1} MB, {:.1} s.",
        file.display(),
        bytes_to_mb(bytes),
        began.elapsed().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

/// Makes the database from such a file, where there is none yet, and looks whether everything in it agrees.
pub async fn restore(settings: &Settings, file: &Path) -> Result<ExitCode, String> {
    backup::restore(&settings.database_url, file).await?;
    println!("The database is there again. Looking whether everything in it agrees …");
    super::check::check(&super::open(settings).await?).await
}

/// Millions of bytes, for people to read.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn bytes_to_mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
