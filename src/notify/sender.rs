//! Sends what is due.

use crate::app::App;

/// Sends until the program stops.
pub async fn run(app: App) {
    app.store.written().notified().await;
}
