//! Trust: the program as it is started, loaded, killed, cut off and started again. What it acknowledged is there
//! afterwards, once; what it refused is not; and whoever does not belong somewhere learns nothing.
//!
//! `make test` runs short forms; `make soak` the long ones, on the program as it is shipped.

/// Runs a test, a function of the database, on both.
macro_rules! on_both {
    ($name:ident, $test:ident) => {
        mod $name {
            use crate::support::On;

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$test(On::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$test(On::Postgres).await;
            }
        }
    };
}

mod browser;
mod canary;
mod claims;
mod copies;
mod described;
mod disk;
mod disk_of_postgres;
mod elsewhere;
mod ending;
mod figures;
mod front;
mod frozen;
mod full;
mod gone;
mod history;
mod hours;
mod interrupted;
mod judge;
mod jumps;
mod kills;
mod load;
mod matrix;
mod once;
mod outbox;
mod overload;
mod place;
mod proxy;
mod record;
mod repeated;
mod rolling;
mod rush;
mod schema;
mod server;
mod size;
mod slots;
mod takeover;
pub mod town;
mod upgrade;
