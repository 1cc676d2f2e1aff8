//! What a proxy that asks the next process does to a booking whose answer was lost on the way: with a key and without, set as
//! `docs/OPERATIONS.md` tells, and set as it warns of.

use entity::booking;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::browser::{Browser, Told};
use super::place::{Place, Program};
use super::proxy::Proxy;
use super::slots::{self, desk};
use crate::support::On;

/// A wire over which requests reach a process and no answer comes back.
async fn deaf_wire(server: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = server.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let far = TcpStream::connect(server).await.unwrap();
                let (mut from, mut to) = far.into_split();
                let mut first = [0; 1];
                let (mut asks, _near) = near.split();
                tokio::select! {
                    _ = tokio::io::copy(&mut asks, &mut to) => {}
                    // The answer has begun, so what was asked is done.
                    _ = from.read(&mut first) => {}
                }
                let _ = to.shutdown().await;
            });
        }
    });
    address
}

/// Two processes, the first of which is heard and never understood.
struct Scene {
    place: Place,
    programs: Vec<Program>,
    proxy: Proxy,
    clerk: Browser,
}

impl Scene {
    /// Behind nginx as it is printed, or with its line on the next process changed to this one.
    async fn open(next: Option<&str>) -> Self {
        let place = Place::open(On::Postgres, 1).await;
        let programs = vec![place.start().await, place.start().await];
        let clerk = Browser::enter(&programs[1].address, "clerk").await;
        let wire = deaf_wire(&programs[0].address).await;
        let servers = [wire.as_str(), programs[1].address.as_str()];
        let proxy = Proxy::otherwise(&servers, |settings| {
            let other = programs[1].address.trim_start_matches("http://");
            let settings = settings.replace(
                &format!("server {other} "),
                &format!("server {other} backup "),
            );
            next.map_or(settings.clone(), |line| {
                settings.replace("proxy_next_upstream error timeout;", line)
            })
        })
        .await;
        let clerk = clerk.at(&proxy.address);
        Self {
            place,
            programs,
            proxy,
            clerk,
        }
    }

    /// Asks for the one time there is; where it is taken, to be put on the list.
    async fn book(&mut self, key: Option<&str>) -> Told {
        let mut wanted = slots::all(1, 30)[0].wanted();
        wanted["if_unserved"] = json!("tray");
        let desk = desk(&self.place);
        self.clerk.post(&desk, wanted, key).await.unwrap()
    }

    async fn bookings(&self) -> Vec<Value> {
        let store = self.place.store().await;
        let count = booking::Entity::find().count(store.read()).await.unwrap();
        let rows = booking::Entity::find().all(store.read()).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), rows.len());
        rows.iter().map(|row| json!(row.id)).collect()
    }

    async fn close(self) {
        drop(self.proxy);
        for program in self.programs {
            assert!(program.stop().await.success());
        }
        self.place.agrees().await;
        self.place.close().await;
    }
}

const ALWAYS: &str = "proxy_next_upstream error timeout non_idempotent;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_key_a_booking_is_one_whoever_asks_again() {
    // The page asks again: the proxy does not.
    let mut scene = Scene::open(None).await;
    let mut told = scene.book(Some("a")).await;
    assert_eq!(told.status, 502, "{}", told.text);
    // The proxy leaves out for two seconds who failed; on a slow machine it may meet the same again.
    for _ in 0..10 {
        if told.status == 502 {
            told = scene.book(Some("a")).await;
        }
    }
    assert_eq!(told.status, 201, "{}", told.text);
    assert_eq!(scene.bookings().await, [told.json()["booking_id"].clone()]);
    scene.close().await;
    // The proxy asks again, against the advice: no harm where there is a key.
    let mut scene = Scene::open(Some(ALWAYS)).await;
    let told = scene.book(Some("a")).await;
    assert_eq!(told.status, 201, "{}", told.text);
    assert_eq!(scene.bookings().await, [told.json()["booking_id"].clone()]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_the_proxy_leaves_it_at_one() {
    let mut scene = Scene::open(None).await;
    let told = scene.book(None).await;
    assert_eq!(told.status, 502, "{}", told.text);
    assert_eq!(scene.bookings().await.len(), 1, "it stands, unheard");
    scene.close().await;
}

/// The control, and the reason for the advice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_a_proxy_that_repeats_everything_books_twice() {
    let mut scene = Scene::open(Some(ALWAYS)).await;
    let told = scene.book(None).await;
    assert_eq!(told.status, 201, "{}", told.text);
    assert_eq!(scene.bookings().await.len(), 2, "one asking, two bookings");
    scene.close().await;
}
