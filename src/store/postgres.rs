//! What every connection to PostgreSQL is told: nothing is acknowledged before it is on the disk, and nobody waits for long
//! on a process that died or froze in the middle of a write.

use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, Statement, sqlx,
};

use crate::error::Result;

/// An answer means that the log of writes is on the disk, whatever the server, the role or the database is set to. What waits
/// for more than this machine's disk (`remote_apply`, say) is left as it is.
const ON_THE_DISK: &str = "SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off'";

/// A machine that fell off the network says nothing; by itself the server would keep its locks for two hours. It is asked
/// after 3 s whether it is there, then three times a second apart, and a write in whose middle nothing was heard for 8 s is
/// taken back.
const LET_GO_OF_THE_DEAD: &str = "SELECT set_config(wanted.name, wanted.value, false) \
    FROM (VALUES ('tcp_keepalives_idle', '3'), ('tcp_keepalives_interval', '1'), ('tcp_keepalives_count', '3'), \
        ('tcp_user_timeout', '6000'), ('idle_in_transaction_session_timeout', '8000')) AS wanted(name, value) \
    JOIN pg_settings known ON known.name = wanted.name";

/// Settings of the server without which a cut of its power loses or spoils what was acknowledged.
const UNSAFE: &str =
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'";

/// Has every connection told, when it is made.
pub(super) fn tell(options: &mut ConnectOptions) {
    options.map_sqlx_postgres_pool_opts(told);
}

fn told(pool: PgPoolOptions) -> PgPoolOptions {
    pool.after_connect(|connection, _| {
        Box::pin(async move {
            for sentence in sentences() {
                sqlx::query(sentence).execute(&mut *connection).await?;
            }
            Ok(())
        })
    })
}

fn sentences() -> impl Iterator<Item = &'static str> {
    let sentences = [ON_THE_DISK, LET_GO_OF_THE_DEAD].into_iter();
    #[cfg(feature = "fault-injection")]
    let sentences = sentences.filter(|sentence| match *sentence {
        ON_THE_DISK => !super::faults::flushes_later(),
        _ => !super::faults::waits_for_the_dead(),
    });
    sentences
}

/// Whether PostgreSQL refused with one of these codes (SQLSTATE).
pub(super) fn refused_with(error: &DbErr, codes: &[&str]) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return false;
    };
    inner
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&&*code))
}

/// Says loudly where the server itself is set so that acknowledged writes can be lost, which no connection can mend.
///
/// # Errors
/// The database's.
pub(super) async fn say_unsafe(db: &DatabaseConnection) -> Result<()> {
    let statement = Statement::from_string(db.get_database_backend(), UNSAFE);
    for row in db.query_all_raw(statement).await? {
        let name: String = row.try_get_by_index(0)?;
        tracing::warn!(
            "PostgreSQL runs with {name} = off: what was acknowledged is lost when its power is cut. Switch it on."
        );
    }
    Ok(())
}
