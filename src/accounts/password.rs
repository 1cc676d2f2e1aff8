//! Passwords: Argon2id, at the strength OWASP names as its minimum (19 MiB, two passes, one lane).

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use tokio::sync::Semaphore;

use crate::error::{Error, Problem, Result};
use crate::said::Said;

/// Memory in KiB, passes and lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes made for requests at the same time at most, so that a flood of sign-ins takes neither all memory nor every
/// processor.
const LANES: usize = 4;
/// What an unknown login is checked against: a hash like any other, of words that nobody will ever hear.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$fY/zjDeiWnOwL9nnsqmF7w$uAbgfqCRazYDt+5U1JTPQ2+TJ/Ml4xIQU506ZQDz0aw";

/// Where passwords are hashed for requests.
#[derive(Debug)]
pub struct Hashing {
    lanes: Semaphore,
    done: AtomicU64,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            lanes: Semaphore::new(LANES),
            done: AtomicU64::new(0),
        }
    }
}

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

/// The refusal of a password that is not the one the account has.
#[must_use]
pub fn wrong(field: &'static str) -> Error {
    Problem::field(
        field,
        Said::new(
            "密码不对，请填现在登录用的密码。",
            "This is not the password you have now.",
        ),
    )
    .into()
}

impl Hashing {
    /// [`hash`] away from the threads that answer requests.
    ///
    /// # Errors
    /// As there.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.aside(move || hash(&password)).await?
    }

    /// Whether a password is the one behind the stored hash. Without a hash the same work is done, so that the time an
    /// answer takes does not tell which logins exist.
    ///
    /// # Errors
    /// Where the work cannot be done at all.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        self.aside(move || {
            let known = stored.is_some();
            fits(&password, stored.as_deref().unwrap_or(NOBODY)) && known
        })
        .await
    }

    /// Which of these hashes a secret belongs to.
    ///
    /// # Errors
    /// Where the work cannot be done at all.
    pub async fn which(&self, secret: String, hashes: Vec<String>) -> Result<Option<String>> {
        self.aside(move || hashes.into_iter().find(|hash| fits(&secret, hash)))
            .await
    }

    /// How often the work of one password was done: what a caller could measure, counted.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let failed = |error: &dyn std::fmt::Display| Error::Internal(format!("password: {error}"));
        let _lane = self.lanes.acquire().await.map_err(|error| failed(&error))?;
        self.done.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| failed(&error))
    }
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
    async fn nobody_has_no_password_and_costs_as_much_as_anybody() {
        let hashing = Hashing::default();
        let stored = hashing.hash("银龄-互助".into()).await.unwrap();
        let costs = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(costs(NOBODY), costs(&stored));
        assert_eq!(NOBODY.len(), stored.len());
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(
            hashing
                .verify("银龄-互助".into(), Some(stored))
                .await
                .unwrap()
        );
        assert!(!hashing.verify("anything".into(), None).await.unwrap());
        assert_eq!(hashing.done(), 3);
    }
}
