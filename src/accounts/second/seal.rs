//! The key that seals the secrets of second factors, so that a copy of the database alone makes no codes.
//!
//! It comes from `YINLING_SECRET_KEY`, or else from a file beside the database that only the program's user may read, made at
//! its first use. A backup of the database does not hold it. Whoever loses it resets the second factors one by one.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use entity::ids::AccountId;
use sha2::{Digest, Sha256};

use crate::app::Dice;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::http::input::hex;

/// Characters of a key that is set, at least.
const SHORTEST_KEY: usize = 32;
const NONCE: usize = 24;

/// Seals and opens.
pub struct Seal {
    given: Option<String>,
    file: PathBuf,
    key: OnceLock<[u8; 32]>,
}

impl std::fmt::Debug for Seal {
    /// Never shows the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// The one that is set; its key is looked for when it is first needed.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            given: settings.secret_key.clone(),
            file: settings.key_file.clone(),
            key: OnceLock::new(),
        }
    }

    /// Says at the start what is wrong with the setting.
    ///
    /// # Errors
    /// A sentence that names it.
    pub fn check(settings: &Settings) -> std::result::Result<(), String> {
        match &settings.secret_key {
            Some(key) if key.chars().count() < SHORTEST_KEY => Err(format!(
                "YINLING_SECRET_KEY must have {SHORTEST_KEY} characters or more: take the output of `openssl rand -hex 32`."
            )),
            _ => Ok(()),
        }
    }

    fn key(&self, dice: &Dice) -> Result<[u8; 32]> {
        if let Some(key) = self.key.get() {
            return Ok(*key);
        }
        let key = match &self.given {
            Some(text) => Sha256::digest(text.as_bytes()).into(),
            None => kept(&self.file, dice).map_err(|error| {
                Error::Internal(format!(
                    "the key of second factors cannot be kept in {}: {error}",
                    self.file.display()
                ))
            })?,
        };
        Ok(*self.key.get_or_init(|| key))
    }

    /// Seals a secret to its account.
    ///
    /// # Errors
    /// Where the key cannot be had.
    pub fn seal(&self, dice: &Dice, account: AccountId, secret: &[u8]) -> Result<String> {
        let cipher = XChaCha20Poly1305::new(&self.key(dice)?.into());
        let random = dice.bytes();
        let nonce: [u8; NONCE] = random[..NONCE].try_into().map_err(|_| broken())?;
        let whose = account.to_string();
        let payload = Payload {
            msg: secret,
            aad: whose.as_bytes(),
        };
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| broken())?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// Opens what was sealed to an account.
    ///
    /// # Errors
    /// Where the key is another, or the row is another account's.
    pub fn open(&self, dice: &Dice, account: AccountId, sealed: &str) -> Result<Vec<u8>> {
        let bytes = unhex(sealed)
            .filter(|bytes| bytes.len() > NONCE)
            .ok_or_else(broken)?;
        let (nonce, sealed) = bytes.split_at(NONCE);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        let whose = account.to_string();
        let payload = Payload {
            msg: sealed,
            aad: whose.as_bytes(),
        };
        XChaCha20Poly1305::new(&self.key(dice)?.into())
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| broken())
    }
}

fn broken() -> Error {
    Error::Internal(
        "the secret of a second factor was sealed with another key: see YINLING_SECRET_KEY, or reset it with \
         `yinling account reset-second-factor`"
            .into(),
    )
}

/// The key in the file, which is made where there is none: of two processes that make it at once one does.
fn kept(file: &Path, dice: &Dice) -> std::io::Result<[u8; 32]> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let key = dice.bytes();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut made) => {
            made.write_all(hex(&key).as_bytes())?;
            made.sync_all()?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut text = String::new();
            std::fs::File::open(file)?.read_to_string(&mut text)?;
            unhex(text.trim())
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or_else(|| std::io::Error::new(ErrorKind::InvalidData, "it holds no key"))
        }
        Err(error) => Err(error),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(given: Option<&str>, file: &Path) -> Seal {
        Seal::new(&Settings {
            secret_key: given.map(str::to_owned),
            key_file: file.to_owned(),
            ..Settings::default()
        })
    }

    #[test]
    fn what_is_sealed_opens_for_its_account_and_key_alone() {
        let (dice, folder) = (Dice::seeded(1), tempfile::tempdir().unwrap());
        let file = folder.path().join("none");
        let one = seal(Some("0123456789abcdef0123456789abcdef"), &file);
        let sealed = one.seal(&dice, AccountId(7), b"secret").unwrap();
        assert_ne!(sealed, one.seal(&dice, AccountId(7), b"secret").unwrap());
        assert_eq!(one.open(&dice, AccountId(7), &sealed).unwrap(), b"secret");
        assert!(one.open(&dice, AccountId(8), &sealed).is_err());
        let other = seal(Some("another key of thirty-two letters"), &file);
        assert!(other.open(&dice, AccountId(7), &sealed).is_err());
        assert!(one.open(&dice, AccountId(7), "00").is_err());
        assert!(!file.exists(), "a key that is set is not kept");
        assert_eq!(format!("{one:?}"), "Seal(…)");
    }

    #[test]
    fn the_key_is_made_once_and_read_by_the_next() {
        let (dice, folder) = (Dice::seeded(1), tempfile::tempdir().unwrap());
        let file = folder.path().join("data/yinling.key");
        let sealed = seal(None, &file)
            .seal(&dice, AccountId(7), b"secret")
            .unwrap();
        let next = seal(None, &file);
        assert_eq!(next.open(&dice, AccountId(7), &sealed).unwrap(), b"secret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&file, "no key").unwrap();
        assert!(seal(None, &file).seal(&dice, AccountId(7), b"x").is_err());
    }

    #[test]
    fn a_short_key_stops_the_start() {
        let settings = Settings {
            secret_key: Some("short".into()),
            ..Settings::default()
        };
        assert!(
            Seal::check(&settings)
                .unwrap_err()
                .contains("YINLING_SECRET_KEY")
        );
        assert!(Seal::check(&Settings::default()).is_ok());
    }
}
