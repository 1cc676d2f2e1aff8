//! A thread for a search alone. It steps back: what it computes takes minutes and nobody waits for it, while whoever asks for a
//! page waits; so the machine gives it what nobody else wants.

use std::thread;

use tokio::sync::oneshot::{self, Receiver};

use crate::error::{Error, Result};

/// The least urgent there is (`setpriority(2)`).
#[cfg(target_os = "linux")]
const LEAST_URGENT: i32 = 19;

/// Runs this on a thread of its own. Where it panics, whoever listens hears that the thread is gone.
///
/// # Errors
/// Where the machine gives no thread.
pub(super) fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Receiver<T>> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new()
        .name("search".into())
        .spawn(move || {
            step_back();
            // Nobody listens any more where the program ends.
            let _ = tell.send(work());
        })
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(told)
}

/// On Linux the calling thread alone; elsewhere it would be the whole program, which stays as it is.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LEAST_URGENT) {
        tracing::warn!(%error, "a search is as urgent as everything else");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_steps_back_alone() {
        let urgent = || rustix::process::getpriority_process(None).unwrap();
        let before = urgent();
        assert_eq!(run(urgent).unwrap().await, Ok(LEAST_URGENT));
        assert_eq!(urgent(), before);
    }
}
