//! The program as people reach it: one address. Behind it is one process on SQLite, and on PostgreSQL two with nginx before
//! them, each of which can be killed and started again while the other goes on.

use std::time::Duration;

use super::place::{Place, Program, free_port};
use super::proxy::Proxy;
use crate::support::On;

/// One address, and what is behind it.
pub struct Front {
    processes: Vec<(u16, Option<Program>)>,
    proxy: Option<Proxy>,
    pub address: String,
    /// The longest that a start took until it was ready.
    pub slowest: Duration,
}

impl Front {
    /// Starts everything.
    pub async fn open(place: &mut Place) -> Self {
        let count = match place.on {
            On::Sqlite => 1,
            On::Postgres => 2,
        };
        place.set("YINLING_TRUSTED_PROXIES", "127.0.0.1");
        let mut front = Self {
            processes: (0..count).map(|_| (free_port(), None)).collect(),
            proxy: None,
            address: String::new(),
            slowest: Duration::ZERO,
        };
        for at in 0..count {
            front.start(place, at).await;
        }
        front.address = front.direct(0);
        if count > 1 {
            let servers: Vec<String> = (0..count).map(|at| front.direct(at)).collect();
            let servers: Vec<&str> = servers.iter().map(String::as_str).collect();
            let proxy = Proxy::before(&servers).await;
            front.address.clone_from(&proxy.address);
            front.proxy = Some(proxy);
        }
        front
    }

    /// How many processes there are.
    pub fn count(&self) -> usize {
        self.processes.len()
    }

    /// Where this process listens itself.
    pub fn direct(&self, at: usize) -> String {
        format!("http://127.0.0.1:{}", self.processes[at].0)
    }

    /// Starts this process, and waits until it is ready.
    pub async fn start(&mut self, place: &Place, at: usize) {
        let (port, program) = &mut self.processes[at];
        let started = place.start_as(place.command(&["serve"]), *port).await;
        self.slowest = self.slowest.max(started.took);
        *program = Some(started);
    }

    /// Cuts the power of this process.
    pub fn kill(&mut self, at: usize) {
        self.processes[at].1.take().unwrap().kill();
    }

    /// Ends everything as an administrator would.
    pub async fn stop(self) {
        drop(self.proxy);
        for (_, program) in self.processes {
            if let Some(program) = program {
                assert!(program.stop().await.success());
            }
        }
    }
}
