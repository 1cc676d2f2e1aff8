//! Settings: from the environment (`YINLING_…`) and `yinling.toml`; the environment wins.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Where mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailRoute {
    /// One `.eml` file a mail in this folder.
    Files(PathBuf),
    /// A server, as an `smtp://` or `smtps://` address.
    Server(String),
}

/// What can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// `file:DIR`, `smtp://…` or `smtps://…`.
    pub mail: String,
    /// Who mail comes from.
    pub mail_from: String,
    /// What the links in mail begin with; `http://LISTEN` when not set.
    pub public_url: Option<String>,
    /// What is logged, in the form of `RUST_LOG`.
    pub log: String,
    /// Who knows this may have the figures of `/metrics` from elsewhere than the machine itself.
    pub metrics_token: Option<String>,
    /// 32 characters or more from which the key is made that seals the secrets of second factors; the file below where it
    /// is not set.
    pub secret_key: Option<String>,
    /// Where that key is kept; made at its first use.
    pub key_file: PathBuf,
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed, separated by commas.
    pub trusted_proxies: String,
    /// Milliseconds that a request waits for its turn before more is asked than can be done; a slow machine wants more.
    pub patience_ms: u64,
    /// A file with whole seconds by which the clock is moved: for rehearsals and tests.
    pub clock_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: "sqlite:data/yinling.db".into(),
            mail: "file:data/mail".into(),
            mail_from: "Yinling <no-reply@yinling.example>".into(),
            public_url: None,
            log: "info,sqlx=warn,sea_orm_migration=warn".into(),
            metrics_token: None,
            secret_key: None,
            key_file: PathBuf::from("data/yinling.key"),
            trusted_proxies: String::new(),
            patience_ms: 1_000,
            clock_file: None,
        }
    }
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence that names the setting that cannot be read.
    pub fn read() -> Result<Self, String> {
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("yinling.toml"))
            .merge(Env::prefixed("YINLING_"))
            .extract()
            .map_err(|error| format!("A setting cannot be read: {error}"))
    }

    /// What links begin with, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url.as_ref().map_or_else(
            || format!("http://{}", self.listen),
            |url| url.trim_end_matches('/').to_owned(),
        )
    }

    /// How long a request waits for its turn before more is asked than can be done.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_millis(self.patience_ms)
    }

    /// Whether people reach the program over TLS.
    #[must_use]
    pub fn over_tls(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// The proxies that are believed.
    ///
    /// # Errors
    /// A sentence that names what cannot be read.
    pub fn proxies(&self) -> Result<Vec<IpNet>, String> {
        self.trusted_proxies
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                part.parse::<IpNet>()
                    .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                    .map_err(|_| {
                        format!("YINLING_TRUSTED_PROXIES names {part}, which is neither an address nor a network like 10.0.0.0/8.")
                    })
            })
            .collect()
    }

    /// Where mail goes.
    ///
    /// # Errors
    /// A sentence that says what the setting may be.
    pub fn mail_route(&self) -> Result<MailRoute, String> {
        if let Some(folder) = self.mail.strip_prefix("file:") {
            Ok(MailRoute::Files(PathBuf::from(folder)))
        } else if self.mail.starts_with("smtp://") || self.mail.starts_with("smtps://") {
            Ok(MailRoute::Server(self.mail.clone()))
        } else {
            Err("YINLING_MAIL must be file:DIR, smtp://… or smtps://….".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_or_networks() {
        let proxies = |text: &str| {
            Settings {
                trusted_proxies: text.into(),
                ..Settings::default()
            }
            .proxies()
        };
        assert_eq!(proxies("").unwrap(), []);
        assert_eq!(proxies("127.0.0.1, 10.0.0.0/8,::1").unwrap().len(), 3);
        assert!(
            proxies("proxy.example")
                .unwrap_err()
                .contains("proxy.example")
        );
    }

    #[test]
    fn mail_goes_to_files_unless_a_server_is_named() {
        let mut settings = Settings::default();
        assert_eq!(
            settings.mail_route(),
            Ok(MailRoute::Files(PathBuf::from("data/mail")))
        );
        settings.mail = "smtps://user:pass@mail.example:465".into();
        assert!(matches!(settings.mail_route(), Ok(MailRoute::Server(_))));
        settings.mail = "pigeon:".into();
        assert!(settings.mail_route().is_err());
    }
}
