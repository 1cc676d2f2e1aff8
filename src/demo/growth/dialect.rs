//! Where the two databases say the same thing in other words.

use sea_orm::{ConnectionTrait, DbBackend};

/// Which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn of<C: ConnectionTrait>(db: &C) -> Self {
        match db.get_database_backend() {
            DbBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// A moment so many days earlier.
    pub(super) fn earlier(self, moment: &str, days: i64) -> String {
        match self {
            Self::Sqlite => {
                format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', {moment}, '-{days} days')")
            }
            Self::Postgres => format!("{moment} - interval '{days} days'"),
        }
    }

    /// The local date of a moment in the demonstration's zone.
    pub(super) fn local_date(self, moment: &str) -> String {
        match self {
            Self::Sqlite => format!("date({moment}, '+8 hours')"),
            Self::Postgres => format!("({moment} AT TIME ZONE 'Asia/Shanghai')::date"),
        }
    }
}
