//! Passwords: Argon2id, at the strength OWASP names as its minimum (19 MiB, two passes, one lane).

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Memory in KiB, passes and lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes made for requests at the same time at most, so that a flood of sign-ins takes neither all memory nor every
/// processor.
static LANES: Semaphore = Semaphore::const_new(4);
/// What an unknown login is checked against.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody signs in with this").ok());

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password with a fresh salt, in PHC form. Takes tens of milliseconds of a processor.
///
/// # Errors
/// Where the machine gives no randomness.
pub fn hash(password: &str) -> Result<String> {
    argon2()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(error.to_string()))
}

/// Whether a password belongs to a hash. A hash that cannot be read belongs to none.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok())
}

/// [`hash`] away from the threads that answer requests.
///
/// # Errors
/// As there.
pub async fn hash_aside(password: String) -> Result<String> {
    aside(move || hash(&password)).await?
}

/// Whether a password is the one behind the stored hash. Without a hash the same work is done, so that the time an
/// answer takes does not tell which logins exist.
///
/// # Errors
/// Where the work cannot be done at all.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool> {
    aside(move || match stored {
        Some(hash) => fits(&password, &hash),
        None => {
            // The outcome is thrown away: only the work counts.
            let _ = NOBODY.as_ref().map(|hash| fits(&password, hash));
            false
        }
    })
    .await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let failed = |error: &dyn std::fmt::Display| Error::Internal(format!("password: {error}"));
    let _lane = LANES.acquire().await.map_err(|error| failed(&error))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let first = hash("银龄-互助").unwrap();
        let second = hash("银龄-互助").unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(first, second, "the salt is fresh each time");
        assert!(fits("银龄-互助", &first));
        assert!(!fits("别的", &first));
        assert!(!fits("银龄-互助", "no hash"));
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let stored = hash_aside("银龄-互助".into()).await.unwrap();
        assert!(verify("银龄-互助".into(), Some(stored)).await.unwrap());
        let nobody = "nobody signs in with this";
        assert!(!verify(nobody.into(), None).await.unwrap());
    }
}
