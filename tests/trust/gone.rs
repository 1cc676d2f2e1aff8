//! The database goes away and comes back, and so does the mail server: what cannot be done is refused in words, and
//! everything goes on by itself afterwards.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::outbox;
use sea_orm::EntityTrait;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::browser::Browser;
use super::place::Place;
use super::slots::{self, claim, desk};
use crate::support::On;

/// A wire to a server, which can be cut.
struct Wire {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    cutting: Arc<Notify>,
}

impl Wire {
    /// A wire to this `host:port`.
    async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap(),
            cut: Arc::default(),
            cutting: Arc::default(),
        };
        let (server, cut, cutting) = (
            server.to_owned(),
            Arc::clone(&wire.cut),
            Arc::clone(&wire.cutting),
        );
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let (server, cutting) = (server.clone(), Arc::clone(&cutting));
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        () = cutting.notified() => {}
                    }
                });
            }
        });
        wire
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.cutting.notify_waiters();
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

/// Host and port of an address like `postgres://user@host:port/name`.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").unwrap().1;
    let rest = rest.split_once('/').map_or(rest, |(host, _)| host);
    rest.rsplit_once('@').map_or(rest, |(_, host)| host)
}

/// Asks until the answer is this one, for so long.
async fn until(patience: Duration, mut asks: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !asks().await {
        assert!(began.elapsed() < patience, "not within {patience:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_goes_away_and_comes_back() {
    let mut place = Place::open(On::Postgres, 2).await;
    let wire = Wire::to(host_of(&place.url)).await;
    place.set(
        "YINLING_DATABASE_URL",
        place
            .url
            .replace(host_of(&place.url), &wire.address.to_string()),
    );
    let program = place.start().await;
    let mut clerk = Browser::enter(&program.address, "clerk").await;
    let (desk, slots) = (desk(&place), slots::all(2, 30));
    claim(&mut clerk, &desk, &slots[0], None)
        .await
        .unwrap()
        .ok();

    wire.cut();
    let began = Instant::now();
    for path in ["/api/me", "/readyz"] {
        let told = clerk.get(path).await.unwrap();
        assert_eq!(told.status, 503, "{path}: {}", told.text);
        assert_eq!(told.json()["type"], "/problems/unavailable");
        assert!(told.headers.contains_key("retry-after"));
    }
    let told = claim(&mut clerk, &desk, &slots[1], Some("a"))
        .await
        .unwrap();
    assert_eq!(told.status, 503, "{}", told.text);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "nobody waits for long: {:?}",
        began.elapsed()
    );
    // It lives, though it can do nothing: whoever watches over it need not start it again.
    assert_eq!(clerk.get("/healthz").await.unwrap().status, 200);

    wire.mend();
    let took = until(Duration::from_secs(15), async || {
        clerk.get("/readyz").await.unwrap().status.is_success()
    })
    .await;
    println!("ready again after {took:?}");
    let told = claim(&mut clerk, &desk, &slots[1], Some("a"))
        .await
        .unwrap();
    assert_eq!(told.status, 201, "{}", told.text);
    assert!(program.stop().await.success());
    place.agrees().await;
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mail_server_goes_away_and_comes_back() {
    let server =
        std::env::var("YINLING_TEST_SMTP").expect("run `make test`, which starts a mail server");
    let wire = Wire::to(host_of(&server)).await;
    let mut place = Place::open(On::Sqlite, 2).await;
    place.set("YINLING_MAIL", format!("smtp://{}", wire.address));
    wire.cut();
    let program = place.start().await;
    let mut clerk = Browser::enter(&program.address, "clerk").await;
    // Care goes on without mail: a booking does not wait for it.
    let told = claim(&mut clerk, &desk(&place), &slots::all(2, 30)[0], None)
        .await
        .unwrap();
    assert_eq!(told.status, 201);
    let waiting = async || {
        letters(&place)
            .await
            .iter()
            .any(|row| row.last_error.is_some())
    };
    until(Duration::from_secs(30), waiting).await;
    assert!(
        letters(&place)
            .await
            .iter()
            .all(|row| row.sent_at.is_none())
    );

    wire.mend();
    // The pause after a failure passes.
    place.move_clock(TimeDelta::minutes(5));
    let gone = async || {
        let due = letters(&place)
            .await
            .into_iter()
            .filter(|row| row.due_at <= place.now());
        due.into_iter().all(|row| row.sent_at.is_some())
    };
    until(Duration::from_secs(30), gone).await;
    assert!(program.stop().await.success());
    place.close().await;
}

async fn letters(place: &Place) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .all(place.store().await.read())
        .await
        .unwrap()
}
