//! The way out: a folder of `.eml` files, or an SMTP server.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sha2::{Digest, Sha256};

use super::letters::Letter;
use crate::config::{MailRoute, Settings};
use crate::http::input::hex;

/// Seconds a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where mail goes.
pub enum Route {
    /// One file a mail.
    Files(PathBuf),
    /// A server.
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Files(_) => "Files",
            Self::Server(_) => "Server",
        })
    }
}

impl Route {
    /// The way that is set.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        match settings.mail_route()? {
            MailRoute::Files(folder) => Ok(Self::Files(folder)),
            MailRoute::Server(url) => AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
                .map(|builder| Self::Server(Box::new(builder.timeout(Some(PATIENCE)).build())))
                .map_err(|error| format!("YINLING_MAIL cannot be read: {error}")),
        }
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// What stopped it, without anything personal.
    pub async fn send(&self, key: &str, message: &Message) -> Result<(), String> {
        match self {
            Self::Files(folder) => {
                let name = &hash(key)[..24];
                write(folder, name, &message.formatted())
                    .await
                    .map_err(|error| {
                        format!("the mail folder cannot be written to: {}", error.kind())
                    })
            }
            Self::Server(server) => match server.send(message.clone()).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => {
                    Err("the mail server refused it for good".into())
                }
                Err(_) => Err("the mail server could not be reached or asked to wait".into()),
            },
        }
    }
}

/// Written aside and then named, so that nobody reads half a mail; the same mail again takes the same name. Only the
/// program's own user may read it: it may hold a link that signs in.
async fn write(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;
    tokio::fs::create_dir_all(folder).await?;
    let aside = folder.join(format!(".{name}.part"));
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&aside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&aside, folder.join(format!("{name}.eml"))).await
}

fn hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// The mail for a letter. Its Message-ID comes from the outbox's key, so that a mail sent twice shows as one.
///
/// # Errors
/// Where an address cannot be read.
pub fn message(
    settings: &Settings,
    key: &str,
    to: &str,
    letter: &Letter,
) -> Result<Message, String> {
    let from: Mailbox = settings
        .mail_from
        .parse()
        .map_err(|_| "YINLING_MAIL_FROM is no address".to_owned())?;
    let to: Mailbox = to
        .parse()
        .map_err(|_| "the address cannot be read".to_owned())?;
    let public = settings.public_url();
    let host = public
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split(['/', ':']).next())
        .unwrap_or("localhost");
    Message::builder()
        .from(from)
        .to(to)
        .subject(&letter.subject)
        .message_id(Some(format!("<{}@{host}>", &hash(key)[..32])))
        .multipart(MultiPart::alternative_plain_html(
            letter.text.clone(),
            letter.html.clone(),
        ))
        .map_err(|error| error.to_string())
}
