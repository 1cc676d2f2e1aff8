//! Where the program runs: a database with the compound and a crowd of helpers, and the program on it, started, killed and
//! stopped as an administrator or a power cut would.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use yinling::store::Store;

use crate::support::fixture::{Fixture, crowd};
use crate::support::{House, On, postgres};

/// How long a start may take before a test gives up, on a machine however busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database, and what the program on it is told.
pub struct Place {
    pub on: On,
    at: Option<Fixture>,
    pub url: String,
    database: Option<String>,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

/// The program, running.
pub struct Program {
    child: Child,
    pub address: String,
    /// From the start to the first `ready`.
    pub took: Duration,
}

/// The program as it is tested: the one that ships where a soak names it, else the one built for tests.
fn binary() -> PathBuf {
    std::env::var_os("YINLING_SOAK_PROGRAM")
        .map_or_else(|| env!("CARGO_BIN_EXE_yinling").into(), PathBuf::from)
}

/// Whether the test runs as root: PostgreSQL refuses to, and nginx becomes somebody else.
pub fn is_root() -> bool {
    let told = Command::new("id").arg("-u").output().unwrap();
    told.stdout == b"0\n"
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Place {
    /// A compound with so many helpers more, in which it is Tuesday the 24th of November 2026, nine in the morning.
    pub async fn open(on: On, helpers: usize) -> Self {
        let mut place = Self::new(on, true).await;
        place.fill(helpers).await;
        place
    }

    async fn fill(&mut self, helpers: usize) {
        let store = Store::open(&self.url).await.unwrap();
        self.at = Some(Fixture::build(&store, House::morning()).await);
        crowd(&store, House::morning(), helpers).await;
        self.moved_by((House::morning() - Utc::now()).num_seconds());
    }

    /// The same on a PostgreSQL server of the test's own.
    pub async fn on_server(url: String, helpers: usize) -> Self {
        let mut place = Self {
            on: On::Postgres,
            at: None,
            url,
            database: None,
            folder: TempDir::new().unwrap(),
            settings: Vec::new(),
        };
        place.fill(helpers).await;
        place
    }

    /// Where no database is yet: on PostgreSQL an empty one, without tables.
    pub async fn empty(on: On) -> Self {
        Self::new(on, false).await
    }

    async fn new(on: On, tables: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let (url, database) = match on {
            On::Sqlite => {
                let file = folder.path().join("yinling.db");
                (format!("sqlite:{}", file.display()), None)
            }
            On::Postgres => {
                let (url, name) = match tables {
                    true => postgres::fresh().await,
                    false => postgres::bare().await,
                };
                (url, Some(name))
            }
        };
        Self {
            on,
            at: None,
            url,
            database,
            folder,
            settings: Vec::new(),
        }
    }

    /// The folder that the program runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Who is in the compound.
    pub fn at(&self) -> &Fixture {
        self.at.as_ref().unwrap()
    }

    /// What the program's clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        yinling::clock::Clock::Moved(self.folder().join("clock")).now()
    }

    /// Moves the program's clock on.
    pub fn move_clock(&self, by: TimeDelta) {
        let file = std::fs::read_to_string(self.folder().join("clock")).unwrap();
        self.moved_by(file.parse::<i64>().unwrap() + by.num_seconds());
    }

    /// The file appears whole: the program reads it whenever it looks at its clock.
    fn moved_by(&self, seconds: i64) {
        let unfinished = self.folder().join("clock.part");
        std::fs::write(&unfinished, seconds.to_string()).unwrap();
        std::fs::rename(&unfinished, self.folder().join("clock")).unwrap();
    }

    /// Brings the database of a program that is not running into a folder of the place.
    pub async fn move_to(&mut self, folder: &str) {
        let file = self.folder().join(folder).join("yinling.db");
        let (content, said) = self.run(&["backup", file.to_str().unwrap()]).await;
        assert!(content, "{said}");
        self.url = format!("sqlite:{}", file.display());
    }

    /// Tells the program something from its next start on.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.into()));
    }

    /// The program with these words, and everything it has to know, ready to be started.
    pub fn command(&self, words: &[&str]) -> Command {
        self.command_of(&binary(), words)
    }

    /// The same with another program, of another release.
    pub fn command_of(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(words)
            .current_dir(self.folder())
            .env("YINLING_DATABASE_URL", &self.url)
            .env(
                "YINLING_MAIL",
                format!("file:{}", self.folder().join("mail").display()),
            )
            .env("YINLING_CLOCK_FILE", self.folder().join("clock"))
            .env("YINLING_LOG", "warn")
            // Whoever races is not to be sent away, on a machine however busy; a test of overload sets it back.
            .env("YINLING_PATIENCE_MS", "60000")
            .envs(self.settings.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Starts the program, and waits until it is ready.
    pub async fn start(&self) -> Program {
        let command = self.command(&["serve"]);
        self.start_as(command, free_port()).await
    }

    /// Starts this command as the program, at this port.
    pub async fn start_as(&self, mut command: Command, port: u16) -> Program {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder().join("log"))
            .unwrap();
        let began = Instant::now();
        let address = format!("http://127.0.0.1:{port}");
        let child = command
            .env("YINLING_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut program = Program {
            child,
            address,
            took: Duration::ZERO,
        };
        program
            .wait_until_ready(began, &self.folder().join("log"))
            .await;
        program
    }

    /// Runs the program with these words to its end; what it said, and whether it was content.
    pub async fn run(&self, words: &[&str]) -> (bool, String) {
        let mut command = self.command(words);
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned()
            + &String::from_utf8_lossy(&ended.stderr);
        (ended.status.success(), said)
    }

    /// Asks the program itself whether everything agrees.
    pub async fn agrees(&self) {
        let (content, said) = self.run(&["check"]).await;
        assert!(content, "{said}");
    }

    /// The database, opened beside the program.
    pub async fn store(&self) -> Store {
        Store::open(&self.url).await.unwrap()
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

impl Program {
    async fn wait_until_ready(&mut self, began: Instant, log: &Path) {
        let http = reqwest::Client::new();
        loop {
            let asked = http.get(format!("{}/readyz", self.address)).send().await;
            if asked.is_ok_and(|answer| answer.status().is_success()) {
                self.took = began.elapsed();
                return;
            }
            let ended = self.child.try_wait().unwrap();
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none(), "the program ended: {}", said());
            assert!(began.elapsed() < PATIENCE, "not ready: {}", said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Its number among the machine's processes.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill")
            .args([name, &self.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
    }

    /// The machine freezes: connections stay open, and nothing is heard over them any more.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// It goes on as if nothing had been.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// The power is cut: nothing is told, nothing is ended.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal("-TERM");
        tokio::task::spawn_blocking(move || self.child.wait().unwrap())
            .await
            .unwrap()
    }
}

impl Drop for Program {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
