//! The way out: a folder of `.eml` files, or an SMTP server.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::outbox;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

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
        sender(settings)?;
        match settings.mail_route()? {
            MailRoute::Files(folder) => Ok(Self::Files(folder)),
            MailRoute::Server(url) => AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
                .map(|builder| Self::Server(Box::new(builder.timeout(Some(PATIENCE)).build())))
                .map_err(|error| format!("YINLING_MAIL cannot be read: {error}")),
        }
    }

    /// Sends one mail; `name` is what its file is called, the same when it is sent again.
    ///
    /// # Errors
    /// What stopped it and what to do about it, without anything personal.
    pub async fn send(&self, name: &str, message: &Message) -> Result<(), String> {
        match self {
            Self::Files(folder) => write(folder, name, &message.formatted())
                .await
                .map_err(|error| unwritable(folder, &error)),
            Self::Server(server) => match server.send(message.clone()).await {
                Ok(_) => Ok(()),
                Err(error) => Err(unsent(&error)),
            },
        }
    }
}

/// What stops a file, in plain words.
fn unwritable(folder: &Path, error: &std::io::Error) -> String {
    let what = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "its disk is full: free some space",
        ErrorKind::PermissionDenied => {
            "this program may not write there: give it the right to, or choose another folder"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "there is a file where the folder should be: move it away"
        }
        _ => "look at the folder, or choose another",
    };
    format!(
        "mail cannot be written to {} ({}); {what}",
        folder.display(),
        error.kind()
    )
}

/// What stops a mail at the server, in plain words: its own may name the receiver and stay out.
fn unsent(error: &lettre::transport::smtp::Error) -> String {
    if let Some(code) = error.status() {
        return format!(
            "the mail server refused a mail with code {code}; look at its log, and at the name and password in YINLING_MAIL"
        );
    }
    let what = if error.is_tls() {
        "does not agree on encryption: try smtps:// or smtp://…?tls=required"
    } else if error.is_timeout() {
        "does not answer in time: is it up, and is its port right?"
    } else {
        "cannot be reached: is it up, and are host and port right?"
    };
    format!("the mail server of YINLING_MAIL {what}")
}

/// Written aside, brought to the disk and then named, so that nobody reads half a mail.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let aside = folder.join(format!(".{name}.part"));
    let written = write_aside(&aside, bytes).await;
    if written.is_err() {
        // Half a file on a full disk is in the way; where it cannot be removed, the next try overwrites it.
        let _ = tokio::fs::remove_file(&aside).await;
        return written;
    }
    tokio::fs::rename(&aside, folder.join(format!("{name}.eml"))).await
}

/// Only the program's own user may read it: it may hold a link that signs in.
async fn write_aside(aside: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(aside).await?;
    file.write_all(bytes).await?;
    // What the disk refused is said by the flush alone; without it a full disk would pass for a mail that was sent.
    file.flush().await?;
    file.sync_all().await
}

/// What a letter's file is called: in the order of the outbox, and no two the same.
#[must_use]
pub fn file_name(letter: &outbox::Model) -> String {
    let hash = hash(&letter.dedup_key);
    let due = letter.due_at.format("%Y%m%dT%H%M%SZ");
    format!("{due}-{:06}-{}", letter.id.0, &hash[..12])
}

fn hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// The host of an address, without its port; an IPv6 address keeps its brackets.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Says that a program wrote it, so that no other program answers (RFC 3834).
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// The mail for a letter. Its Message-ID comes from the outbox's key, so that a mail sent twice shows as one.
///
/// # Errors
/// Where an address cannot be read.
pub fn message(
    settings: &Settings,
    now: DateTime<Utc>,
    key: &str,
    to: &str,
    letter: &Letter,
) -> Result<Message, String> {
    let to: Mailbox = to
        .parse()
        .map_err(|_| "the receiver's address cannot be read".to_owned())?;
    let public = settings.public_url();
    Message::builder()
        .from(sender(settings)?)
        .to(to)
        .subject(&letter.subject)
        .date(now.into())
        .message_id(Some(format!("<{}@{}>", &hash(key)[..32], host(&public))))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            letter.text.clone(),
            letter.html.clone(),
        ))
        .map_err(|error| error.to_string())
}

fn sender(settings: &Settings) -> Result<Mailbox, String> {
    settings
        .mail_from
        .parse()
        .map_err(|_| "YINLING_MAIL_FROM cannot be read: write it as Name <name@host>.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_wrote_becomes_a_header() {
        let hostile = "好\r\nBcc: other@example.invalid\r\n\r\n.\r\n";
        let letter = Letter {
            subject: "银龄".into(),
            text: hostile.into(),
            html: hostile.into(),
        };
        let mut made = 0;
        for to in [
            "one@example.invalid",
            "one@example.invalid\r\nBcc: other@example.invalid",
            "one@example.invalid, other@example.invalid",
            "\"好\r\nBcc: other@example.invalid\" <one@example.invalid>",
            "好\nBcc: other@example.invalid <one@example.invalid>",
        ] {
            let Ok(mail) = message(&Settings::default(), Utc::now(), hostile, to, &letter) else {
                continue;
            };
            made += 1;
            let receivers = mail.envelope().to();
            assert_eq!(receivers.len(), 1, "{to:?}");
            assert_eq!(receivers[0].to_string(), "one@example.invalid");
            let whole = String::from_utf8(mail.formatted()).unwrap();
            let (head, _) = whole.split_once("\r\n\r\n").unwrap();
            assert!(!head.to_lowercase().contains("\nbcc"), "{head}");
            assert_eq!(head.matches("\nMessage-ID: <").count(), 1, "{head}");
        }
        assert!(made > 0, "the first is in order");
    }

    /// A device whose disk is always full.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_full_disk_is_noticed_and_said() {
        let full = Path::new("/dev/full");
        let error = write_aside(full, b"a mail").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert!(unwritable(full, &error).contains("its disk is full: free some space"));
    }

    #[test]
    fn the_host_is_without_scheme_port_and_path() {
        assert_eq!(host("https://yinling.example/x"), "yinling.example");
        assert_eq!(host("http://127.0.0.1:8080"), "127.0.0.1");
        assert_eq!(host("http://[::1]:8080"), "[::1]");
        assert_eq!(host("http://[::1]"), "[::1]");
    }

    #[test]
    fn a_sender_or_server_that_cannot_be_read_is_said_at_once() {
        let bad_sender = Settings {
            mail_from: "nobody".into(),
            ..Settings::default()
        };
        assert!(Route::open(&bad_sender).unwrap_err().contains("MAIL_FROM"));
        let bad_server = Settings {
            mail: "smtp://".into(),
            ..Settings::default()
        };
        assert!(
            Route::open(&bad_server)
                .unwrap_err()
                .contains("YINLING_MAIL")
        );
    }
}
