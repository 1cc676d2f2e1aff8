//! A house for each test: a database of its own, a small compound in it, and a clock that stands still.

pub mod client;
pub mod control;
pub mod fixture;
pub mod plans;
pub mod postgres;
pub mod workbook;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel};
use yinling::app::{App, Dice};
use yinling::clock::Clock;
use yinling::config::Settings;
use yinling::store::Store;

use client::Client;
use fixture::Fixture;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// The program with a small compound in it.
pub struct House {
    pub app: App,
    pub clock: Clock,
    /// Who and what is in the compound.
    pub at: Fixture,
    /// Where mail is written.
    pub mail: PathBuf,
    database: Option<String>,
    _folder: tempfile::TempDir,
}

/// The program on an empty database: for a test that fills it in its own way.
pub struct Bare {
    pub app: App,
    pub clock: Clock,
    mail: PathBuf,
    database: Option<String>,
    folder: tempfile::TempDir,
}

impl Bare {
    /// Opens the program on an empty database.
    pub async fn open(on: On, otherwise: impl Fn(Store) -> Store) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (url, database) = match on {
            On::Sqlite => (
                format!("sqlite:{}/yinling.db", folder.path().display()),
                None,
            ),
            On::Postgres => {
                let (url, name) = postgres::fresh().await;
                (url, Some(name))
            }
        };
        let store = otherwise(Store::open(&url).await.unwrap());
        let clock = Clock::standing(House::morning());
        let mail = folder.path().join("mail");
        let settings = Settings {
            database_url: url,
            mail: format!("file:{}", mail.display()),
            public_url: Some("http://yinling.test".into()),
            key_file: folder.path().join("yinling.key"),
            // Whoever races is not to be sent away, on a machine however busy.
            patience_ms: 60_000,
            ..Settings::default()
        };
        let app = App::new(store, clock.clone(), Dice::seeded(7), settings, false);
        Self {
            app,
            clock,
            mail,
            database,
            folder,
        }
    }

    /// Takes the database away again.
    pub async fn close(self) {
        let database = self.database.clone();
        drop(self);
        if let Some(name) = database {
            postgres::remove(&name).await;
        }
    }
}

impl House {
    /// Tuesday the 24th of November 2026, nine in the morning in Shanghai.
    pub fn morning() -> DateTime<Utc> {
        "2026-11-24T01:00:00Z".parse().unwrap()
    }

    /// Opens a house on this database.
    pub async fn open(on: On) -> Self {
        Self::open_with(on, |store| store).await
    }

    /// Opens a house whose store is made otherwise: for the control of a race test.
    pub async fn open_with(on: On, otherwise: impl Fn(Store) -> Store) -> Self {
        let bare = Bare::open(on, otherwise).await;
        let at = Fixture::build(&bare.app.store, bare.clock.now()).await;
        Self {
            app: bare.app,
            clock: bare.clock,
            at,
            mail: bare.mail,
            database: bare.database,
            _folder: bare.folder,
        }
    }

    /// A browser in which this account is signed in.
    pub async fn enter(&self, account: AccountId) -> Client {
        Client::signed_in(&self.app, account).await
    }

    /// A browser in which nobody is signed in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.app)
    }

    /// Changes a row as no route does: somebody moved away, a price was taken out of the catalogue.
    pub async fn alter<A>(&self, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Clone + Send + Sync + 'static,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + Send,
    {
        self.app
            .store
            .write(move |txn| {
                let row = row.clone();
                Box::pin(async move {
                    row.update(txn).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    /// Adds a row as no route does, and gives it as it was kept.
    pub async fn add<A>(&self, row: A) -> <A::Entity as EntityTrait>::Model
    where
        A: ActiveModelTrait + ActiveModelBehavior + Clone + Send + Sync + 'static,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + Send + 'static,
    {
        self.app
            .store
            .write(move |txn| {
                let row = row.clone();
                Box::pin(async move { Ok(row.insert(txn).await?) })
            })
            .await
            .unwrap()
    }

    /// The program once more on the same database, as another process would be. SQLite belongs to one process, so there
    /// the two share the one writer, and nothing else.
    pub async fn another(&self) -> App {
        let store = match self.database {
            Some(_) => Store::open(&self.app.settings.database_url).await.unwrap(),
            None => self.app.store.clone(),
        };
        let settings = self.app.settings.clone();
        App::new(store, self.clock.clone(), Dice::seeded(8), settings, false)
    }

    /// Takes the database away again.
    pub async fn close(self) {
        // A search that nobody waits for any more would go on with its minute.
        self.app.closing.ask();
        self.app.closing.finished().await;
        let database = self.database.clone();
        drop(self);
        if let Some(name) = database {
            postgres::remove(&name).await;
        }
    }
}

/// A test on both databases: `both!(name, async |house: &House| { … })`.
#[macro_export]
macro_rules! both {
    ($(#[$doc:meta])* $name:ident, $body:expr) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn run(on: $crate::support::On) {
                let house = $crate::support::House::open(on).await;
                ($body)(&house).await;
                house.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::support::On::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::support::On::Postgres).await;
            }
        }
    };
}
