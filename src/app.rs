//! The whole program put together: what every handler is handed, and the router.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use ipnet::IpNet;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

use crate::accounts::password::Hashing;
use crate::accounts::second::seal::Seal;
use crate::bookings::kept::KeptDays;
use crate::clock::Clock;
use crate::closing::Closing;
use crate::config::Settings;
use crate::dispatch::load::Teams;
use crate::error::Error;
use crate::figures::{self, Figures};
use crate::http::{busy, events::Feed, guard, input, openapi, pages, problem, session};
use crate::overload::{Line, Measure};
use crate::store::Store;

/// Where randomness comes from: the machine's, or a seed's in a test.
#[derive(Debug)]
pub struct Dice(Mutex<StdRng>);

impl Dice {
    /// Randomness of the machine.
    #[must_use]
    pub fn of_the_machine() -> Self {
        Self(Mutex::new(StdRng::from_os_rng()))
    }

    /// The same numbers again for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// 32 random bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let mut rng = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.fill_bytes(&mut bytes);
        bytes
    }
}

/// What every handler is handed.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Where randomness comes from.
    pub dice: Dice,
    /// What was set.
    pub settings: Settings,
    /// Whether this is the demonstration, with its one-tap entries.
    pub demo: bool,
    /// What changes.
    pub feed: Feed,
    /// Figures for whoever watches over the program.
    pub figures: Figures,
    /// Where passwords are hashed.
    pub hashing: Hashing,
    /// What seals the secrets of second factors.
    pub seal: Seal,
    /// Proxies whose word on where a request comes from is taken.
    pub proxies: Vec<IpNet>,
    /// Whether the program is about to end, and what must be finished before.
    pub closing: Closing,
    /// What seldom changes of who can come, kept in memory.
    pub teams: Teams,
    /// Answers about open days, kept in memory.
    pub open_days: KeptDays,
    /// Places for searches of plans, one a core: each search wants a whole one, and holds its days in memory.
    pub searches: Arc<Semaphore>,
    /// Where requests wait for their turn to compute.
    pub line: Line,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together; starts following changes.
    #[must_use]
    pub fn new(store: Store, clock: Clock, dice: Dice, settings: Settings, demo: bool) -> Self {
        let feed = Feed::start(store.clone());
        let figures = Figures::new(store.tally());
        let seal = Seal::new(&settings);
        // A wrong one stops the start (`commands::serve`); it is never half believed.
        let proxies = settings.proxies().unwrap_or_default();
        let measure = Measure::of(cores(), settings.patience());
        #[cfg(feature = "fault-injection")]
        let measure = crate::store::faults::measure(measure);
        Self(Arc::new(Parts {
            figures,
            store,
            clock,
            dice,
            settings,
            demo,
            feed,
            hashing: Hashing::default(),
            seal,
            proxies,
            closing: Closing::default(),
            teams: Teams::default(),
            open_days: KeptDays::default(),
            searches: Arc::new(Semaphore::new(cores())),
            line: Line::new(measure),
        }))
    }

    /// The router with everything in it.
    pub fn router(&self) -> Router {
        let (api, _) = openapi::routes().split_for_parts();
        api.route("/api/openapi.json", get(openapi::serve))
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(figures::routes::metrics))
            .fallback(pages::serve)
            .layer(session::layer(
                self.store.clone(),
                self.clock.clone(),
                self.settings.over_tls(),
            ))
            .layer(DefaultBodyLimit::max(input::LARGEST_BODY))
            .layer(CatchPanicLayer::custom(
                |_: Box<dyn std::any::Any + Send>| {
                    axum::response::IntoResponse::into_response(Error::Internal(
                        "a handler panicked".into(),
                    ))
                },
            ))
            .layer(from_fn_with_state(self.clone(), busy::take_turns))
            .layer(from_fn(guard::same_site))
            .layer(from_fn(problem::in_their_language))
            .layer(from_fn(guard::headers))
            .layer(from_fn_with_state(self.clone(), figures::routes::count))
            .layer(CompressionLayer::new())
            .layer(
                TraceLayer::new_for_http().make_span_with(|request: &axum::http::Request<_>| {
                    let route = loggable(request);
                    tracing::info_span!("request", method = %request.method(), route)
                }),
            )
            .with_state(self.clone())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What may stand in a log of a request: the pattern of its route. An address may hold the secret of a link or a calendar,
/// and a query a name that somebody searched for.
fn loggable<B>(request: &axum::http::Request<B>) -> &str {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or("pages", MatchedPath::as_str)
}

/// Ready when the database answers.
async fn ready(
    axum::extract::State(app): axum::extract::State<App>,
) -> Result<&'static str, Error> {
    app.store.read().ping().await?;
    Ok("ready")
}
