//! nginx in front of several processes, set as `docs/OPERATIONS.md` tells an administrator: what is tested is what is printed
//! there.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::place::{free_port, is_root};

/// nginx, running, and nobody's but this test's.
pub struct Proxy {
    child: Child,
    folder: TempDir,
    settings: String,
    pub address: String,
}

/// The words between the fences of the page's nginx for several machines.
fn printed() -> String {
    let page = include_str!("../../docs/OPERATIONS.md");
    page.split("```nginx\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains("upstream yinling"))
        .expect("the page shows an upstream")
        .to_owned()
}

/// What is printed, for these servers at this port: without TLS, which is the proxy's own affair.
fn settings(servers: &[&str], port: u16, folder: &Path) -> String {
    let mut lines = Vec::new();
    for line in printed().lines() {
        let words = line.trim();
        if let Some(rest) = words
            .strip_prefix("server ")
            .filter(|_| words.contains("max_fails"))
        {
            // One line of the page stands for each server.
            if !lines.iter().any(|line: &String| line.contains("max_fails")) {
                let (_, options) = rest.split_once(' ').expect("options after the address");
                lines.extend(servers.iter().map(|server| {
                    format!("server {} {options}", server.trim_start_matches("http://"))
                }));
            }
        } else if words.starts_with("listen ") {
            lines.push(format!("listen 127.0.0.1:{port};"));
        } else if !words.starts_with("ssl_") && !words.starts_with("server_name") {
            lines.push(words.to_owned());
        }
    }
    // Its master opens the files, its workers use them.
    let user = if is_root() { "user root;" } else { "" };
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {folder}/{what};\n"))
        .concat();
    format!(
        "daemon off;\n{user}\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n\
         events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{temporary}{}\n}}\n",
        lines.join("\n")
    )
}

impl Proxy {
    /// In front of these servers, as printed.
    pub async fn before(servers: &[&str]) -> Self {
        Self::otherwise(servers, |settings| settings).await
    }

    /// In front of these servers, with something in the settings changed.
    pub async fn otherwise(servers: &[&str], change: impl Fn(String) -> String) -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let file = folder.path().join("nginx.conf");
        let settings = change(settings(servers, port, folder.path()));
        std::fs::write(&file, &settings).unwrap();
        // Debian keeps it where only root's path leads.
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin";
        let child = Command::new("nginx")
            .env("PATH", path)
            .arg("-c")
            .arg(&file)
            .arg("-p")
            .arg(folder.path())
            .arg("-e")
            .arg(folder.path().join("error.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("run `make test`, which installs nginx");
        let mut proxy = Self {
            child,
            folder,
            settings,
            address: format!("http://127.0.0.1:{port}"),
        };
        proxy.wait_until_it_answers(port).await;
        proxy
    }

    /// Leaves this server out from now on, or takes it in again, as an administrator does for an upgrade.
    pub fn mark(&self, server: &str, out: bool) {
        let line = format!("server {} ", server.trim_start_matches("http://"));
        let settings = match out {
            true => self.settings.replace(&line, &format!("{line}down ")),
            false => self.settings.clone(),
        };
        std::fs::write(self.folder.path().join("nginx.conf"), settings).unwrap();
        self.signal("-HUP");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args([name, &id]).status();
    }

    async fn wait_until_it_answers(&mut self, port: u16) {
        let began = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && began.elapsed() < Duration::from_secs(20),
                "nginx does not answer: {}",
                std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Killed outright it would leave its workers behind.
        self.signal("-TERM");
        let _ = self.child.wait();
    }
}
