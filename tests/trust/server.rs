//! A PostgreSQL server of one test alone, on the disk as it is shipped: with its log of writes flushed.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::place::{free_port, is_root};

/// The server's files; it runs when it is started.
pub struct Server {
    folder: TempDir,
    pub port: u16,
}

/// The folder of PostgreSQL's own programs: the newest that Debian keeps, else where the path leads.
fn programs() -> PathBuf {
    let mut kept: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    kept.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).unwrap();
        version.to_string_lossy().parse::<u32>().unwrap_or(0)
    });
    kept.pop().unwrap_or_default()
}

fn done(command: &mut Command) {
    let told = command.output().unwrap();
    assert!(
        told.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

impl Server {
    /// A new server with these lines in its settings. It does not run yet.
    pub fn new(settings: &str) -> Self {
        let server = Self {
            folder: TempDir::new().unwrap(),
            port: free_port(),
        };
        if is_root() {
            let folder = server.folder.path();
            done(Command::new("chown").arg("postgres").arg(folder));
        }
        let data = server.data();
        done(server.program("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        let lines = format!(
            "\nport = {}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n{settings}\n",
            server.port
        );
        let file = data.join("postgresql.conf");
        let known = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, known + &lines).unwrap();
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of PostgreSQL's programs, as somebody whom it lets run it.
    fn program(&self, name: &str) -> Command {
        let words = self.words(name);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir("/");
        command
    }

    fn words(&self, name: &str) -> Vec<String> {
        let program = programs().join(name).display().to_string();
        let mut words: Vec<String> = Vec::new();
        if is_root() {
            words.extend(["runuser", "-u", "postgres", "--"].map(str::to_owned));
        }
        words.push(program);
        words
    }

    /// What starts the server and stays with it, for a shell.
    pub fn in_a_shell(&self) -> String {
        let words = self.words("postgres").join(" ");
        format!("{words} -D {}", self.data().display())
    }

    /// Starts it, and waits until it answers.
    pub fn start(&self) {
        let log = self.folder.path().join("log");
        done(
            self.program("pg_ctl")
                .args(["start", "-w", "-s", "-t", "60", "-D"])
                .arg(self.data())
                .arg("-l")
                .arg(log),
        );
    }

    /// Stops it.
    pub fn stop(&self) {
        done(
            self.program("pg_ctl")
                .args(["stop", "-w", "-s", "-m", "fast", "-D"])
                .arg(self.data()),
        );
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self
            .program("pg_ctl")
            .args(["stop", "-s", "-m", "immediate", "-D"])
            .arg(self.data())
            .output();
    }
}
