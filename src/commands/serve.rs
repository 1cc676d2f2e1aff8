//! `yinling serve`: the whole program, until it is told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use entity::community;
use sea_orm::EntityTrait;
use tokio::net::TcpListener;
use yinling::accounts::password;
use yinling::accounts::second::seal::Seal;
use yinling::app::{App, Dice};
use yinling::clock::Clock;
use yinling::config::{MailRoute, Settings};
use yinling::error::Error;
use yinling::notify::route::Route;
use yinling::store::Store;
use yinling::{demo, dispatch, notify, privacy, quality, requests, residents, series, timebank};

/// What the demonstration's people are made from.
const DEMO_SEED: u64 = 20_261_123;
/// The password of the demonstration's people, for those who would rather type than tap.
const DEMO_PASSWORD: &str = "yinling-demo";

/// How long searches for plans may take to end and keep their best when the program is asked to stop.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until a signal asks to stop.
pub async fn serve(settings: Settings, demo: bool) -> Result<ExitCode, String> {
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        format!(
            "Cannot listen on {}: {error}\nStop what uses the port, or choose another with YINLING_LISTEN=127.0.0.1:8081.",
            settings.listen
        )
    })?;
    let store = super::open(&settings).await?;
    let clock = settings
        .clock_file
        .clone()
        .map_or(Clock::Machine, Clock::Moved);
    let is_demo = if demo {
        fill(&store, &clock).await?
    } else {
        false
    };
    say_hours(&store).await?;
    store
        .say_unsafe()
        .await
        .map_err(|error| error.to_string())?;
    say_mail(&settings)?;
    settings.proxies()?;
    Seal::check(&settings)?;
    let address = settings.public_url();
    let app = App::new(store, clock, Dice::of_the_machine(), settings, is_demo);
    tokio::spawn(notify::sender::run(app.clone()));
    tokio::spawn(dispatch::plan::watch(app.clone()));
    tokio::spawn(residents::absences::watch::run(app.clone()));
    tokio::spawn(residents::import::watch::run(app.clone()));
    tokio::spawn(series::generate::run(app.clone()));
    tokio::spawn(requests::rise::watch(app.clone()));
    tokio::spawn(quality::watch::run(app.clone()));
    tokio::spawn(privacy::retention::night::run(app.clone()));
    println!("Yinling is ready at {address}");
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown({
            let app = app.clone();
            async move {
                asked_to_stop().await;
                app.closing.ask();
            }
        })
        .await
        .map_err(|error| error.to_string())?;
    if tokio::time::timeout(GRACE, app.closing.finished())
        .await
        .is_err()
    {
        eprintln!("A search for a plan did not end in time; it will be shown as interrupted.");
    }
    println!("Stopped.");
    Ok(ExitCode::SUCCESS)
}

/// Fills a new database; says whether what is there is made up, for only then may people enter with one tap.
async fn fill(store: &Store, clock: &Clock) -> Result<bool, String> {
    let present = community::Entity::find()
        .one(store.read())
        .await
        .map_err(|error| error.to_string())?;
    if let Some(community) = present {
        if !community.synthetic {
            eprintln!("This database holds a real community: --demo is ignored.");
        }
        return Ok(community.synthetic);
    }
    println!("Filling the new database with the demonstration compound …");
    let began = Instant::now();
    let hash = password::hash(DEMO_PASSWORD).map_err(|error| error.to_string())?;
    let now = clock.now();
    let seeded = store
        .write(move |txn| {
            let hash = hash.clone();
            Box::pin(async move {
                demo::seed(txn, now, DEMO_SEED, &hash)
                    .await
                    .map_err(Error::from)
            })
        })
        .await
        .map_err(|error| error.to_string())?;
    println!(
        "{} residents, {} helpers, {} services, {} visits, all made up, in {:.1} s.",
        seeded.residents,
        seeded.helpers,
        seeded.services,
        seeded.visits,
        began.elapsed().as_secs_f64()
    );
    Ok(true)
}

/// Looks at each start whether the time bank adds up; says loudly where it does not, and serves all the same: care goes on.
async fn say_hours(store: &Store) -> Result<(), String> {
    let found = timebank::check::disagreements(store.read())
        .await
        .map_err(|error| error.to_string())?;
    for line in &found {
        tracing::error!(%line, "the time bank does not add up");
        eprintln!("The time bank does not add up: {line}");
    }
    Ok(())
}

fn say_mail(settings: &Settings) -> Result<(), String> {
    // Read once before the doors open: a wrong setting stops the start instead of every mail.
    Route::open(settings)?;
    match settings.mail_route()? {
        MailRoute::Files(folder) => println!("Mail is written to {}/*.eml.", folder.display()),
        MailRoute::Server(_) => println!("Mail goes to the SMTP server of YINLING_MAIL."),
    }
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        if let Ok(mut signal) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        {
            signal.recv().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
