//! The year before: the days that are over, copied back block by block, and what each visit leaves beside it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::super::time;
use super::copy::{Copying, Move};
use super::dialect::Dialect;
use super::{one, record};

/// Days that are filled.
const DAYS: i64 = 365;
/// Days before today that are copied: the demonstration fills the last open ones.
const WEEK: i64 = 7;
/// Visits with whoever came.
const WHO_CAME: &str = "FROM visit v JOIN assignment a ON a.visit_id = v.id AND a.state = 'accepted' \
                        JOIN helper h ON h.id = a.helper_id";
/// States in which a visit is over.
pub(super) const OVER: &str =
    "('completed', 'cancelled', 'helper_absent', 'not_home', 'substituted')";

/// How the days that are over are copied back.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    /// How often.
    pub count: i64,
    /// Days before today on which there are visits already: the first block ends where they begin.
    taken: i64,
    /// Of a thousand visits so many are copied each time, others each time.
    share: i64,
    /// The numbers of visits that were there before.
    first: i64,
    /// The visits that are copied, in SQL.
    over: String,
    now: DateTime<Utc>,
}

/// How the visits of the first community become as many as a year should have.
pub(super) async fn blocks<C: ConnectionTrait>(
    db: &C,
    dialect: Dialect,
    now: DateTime<Utc>,
    visits_a_year: i64,
) -> Result<Blocks, DbErr> {
    let today = time::at(time::date(now), 0).to_rfc3339();
    let week = time::at(time::shift(time::date(now), -WEEK), 0).to_rfc3339();
    let over = format!("starts_at < '{today}' AND starts_at >= '{week}' AND state IN {OVER}");
    let first = one(db, "SELECT MAX(id) FROM visit").await?;
    let there = one(db, "SELECT COUNT(*) FROM visit").await?;
    let to_copy = format!("SELECT COUNT(*) FROM visit WHERE {over}");
    let to_copy = one(db, &to_copy).await?.max(1);
    let earliest = dialect.local_date("MIN(starts_at)");
    let asked = format!("SELECT CAST({earliest} AS varchar) FROM visit");
    let asked = Statement::from_string(db.get_database_backend(), asked);
    let began: Option<String> = match db.query_one_raw(asked).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let began = began
        .and_then(|date| date.parse().ok())
        .unwrap_or(time::date(now));
    let taken = (time::date(now) - began).num_days().max(WEEK);
    let count = ((DAYS - taken) / WEEK).max(1);
    let wanted = (visits_a_year - there).max(0);
    // What one block cannot hold is left out: a helper has only so much time a day.
    let share = (wanted * 1000 / (count * to_copy)).min(1000);
    let count = if share == 0 { 0 } else { count };
    Ok(Blocks {
        count,
        taken,
        share,
        first,
        over,
        now,
    })
}

impl Blocks {
    /// Copies a part of the days that are over so many blocks back.
    pub(super) async fn back<C: ConnectionTrait>(
        &self,
        db: &C,
        copying: &Copying<'_>,
        block: i64,
    ) -> Result<(), DbErr> {
        let (first, over, share) = (self.first, &self.over, self.share);
        // Whichever part of a booking is chosen, the whole of it is.
        let visits = format!("{over} AND (booking_id * 7919 + {block} * 389) % 1000 < {share}");
        let chosen =
            |what: &str| format!("(SELECT {what} FROM visit WHERE id <= {first} AND {visits})");
        let assignments = format!(
            "(SELECT id FROM assignment WHERE visit_id IN {})",
            chosen("id")
        );
        for (table, only) in [
            ("booking", format!("id IN {}", chosen("booking_id"))),
            ("visit", visits.clone()),
            ("assignment", format!("visit_id IN {}", chosen("id"))),
            ("helper_slot", format!("assignment_id IN {assignments}")),
        ] {
            let how = Move {
                times: block,
                days: self.taken + (block - 1) * WEEK,
                moved: Some(&["booking", "visit", "assignment"]),
                only: Some(only),
            };
            copying.copy(db, table, &how).await?;
        }
        Ok(())
    }
}

/// Writes what visits leave beside them: who did what, letters, looks, calls, hours, money, ratings.
pub(super) async fn beside<C: ConnectionTrait>(
    db: &C,
    dialect: Dialect,
    blocks: &Blocks,
) -> Result<(), DbErr> {
    words(db).await?;
    record::changes(db, dialect).await?;
    record::letters(db, blocks.now).await?;
    doors(db, blocks).await?;
    for (table, columns, rows) in rows(dialect, blocks) {
        insert(db, table, columns, &rows).await?;
    }
    record::ratings(db, blocks.first).await?;
    hours(db, blocks.first).await
}

pub(super) async fn insert<C: ConnectionTrait>(
    db: &C,
    table: &str,
    columns: &str,
    rows: &str,
) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("INSERT INTO {table} ({columns}) {rows}"))
        .await?;
    Ok(())
}

/// What people added: to a booking in four, which is kept for two years.
async fn words<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    db.execute_unprepared(
        "UPDATE booking SET note = '请提前打电话' WHERE note IS NULL AND id % 4 = 0",
    )
    .await?;
    Ok(())
}

/// Sign-ins: one that is over and one that goes on, for everybody.
async fn doors<C: ConnectionTrait>(db: &C, blocks: &Blocks) -> Result<(), DbErr> {
    for (kept, days) in [("over", 0), ("open", 14)] {
        let now = blocks.now.to_rfc3339();
        let until = (blocks.now + chrono::TimeDelta::days(days)).to_rfc3339();
        let rows =
            format!("SELECT '{kept}-' || id, '{{}}', id, '{until}', '{now}', '{now}' FROM account");
        insert(
            db,
            "session",
            "id, data, account_id, expires_at, begun_at, seen_at",
            &rows,
        )
        .await?;
    }
    Ok(())
}

/// The other rows, for the visits that were copied: into which table, which columns, and from what.
fn rows(dialect: Dialect, blocks: &Blocks) -> [(&'static str, &'static str, String); 6] {
    let first = blocks.first;
    let date = dialect.local_date("a.starts_at");
    [
        (
            "helper_day",
            "helper_id, date",
            format!(
                "SELECT DISTINCT a.helper_id, {date} FROM assignment a WHERE a.visit_id > {first}"
            ),
        ),
        (
            "access_log",
            "community_id, at, account_id, resident_id, purpose",
            "SELECT community_id, created_at, booked_by, resident_id, 'file' FROM booking".into(),
        ),
        (
            "call",
            "community_id, clerk_id, household_id, resident_id, started_at, ended_at, outcome, booking_id",
            format!(
                "SELECT b.community_id, b.booked_by, r.household_id, r.id, b.created_at, b.created_at, 'booked', b.id \
                 FROM booking b JOIN resident r ON r.id = b.resident_id \
                 JOIN visit v ON v.booking_id = b.id AND v.id > {first} WHERE b.channel = 'phone'"
            ),
        ),
        (
            "payment_line",
            "visit_id, source, amount_fen",
            format!(
                "SELECT id, 'self_paid', price_fen FROM visit \
                 WHERE id > {first} AND price_fen IS NOT NULL AND state IN ('completed', 'substituted')"
            ),
        ),
        (
            "rating",
            "community_id, visit_id, resident_id, provider_id, score, channel, given_by, given_at",
            format!(
                "SELECT v.community_id, v.id, v.resident_id, MIN(h.provider_id), 3 + v.id % 3, 'phone', MIN(b.booked_by), v.completed_at \
                 {WHO_CAME} JOIN booking b ON b.id = v.booking_id \
                 WHERE v.id > {first} AND v.completed_at IS NOT NULL AND v.id % 5 = 0 \
                 GROUP BY v.community_id, v.id, v.resident_id, v.completed_at"
            ),
        ),
        (
            "lapse",
            "community_id, visit_id, kind, starts_at, noticed_at, helper_id, provider_id",
            format!(
                "SELECT v.community_id, v.id, 'missed', v.starts_at, v.ends_at, MIN(h.id), MIN(h.provider_id) \
                 {WHO_CAME} WHERE v.id > {first} AND v.state = 'helper_absent' \
                 GROUP BY v.community_id, v.id, v.starts_at, v.ends_at"
            ),
        ),
    ]
}

/// Hours for what volunteers did. An entry is never changed, so each is written with what its two accounts held after it.
async fn hours<C: ConnectionTrait>(db: &C, first: i64) -> Result<(), DbErr> {
    let order = "ORDER BY v.starts_at, v.id, h.id";
    let sum = format!("CAST(SUM(v.duration_min) OVER (PARTITION BY {{}} {order}) AS bigint)");
    let (earned, held) = (sum.replace("{}", "e.id"), sum.replace("{}", "t.id"));
    let rows = format!(
        "SELECT v.community_id, 'deposit', v.completed_at, e.id, t.id, v.duration_min, \
                e.balance_min - {earned}, t.balance_min + {held}, v.id, 'deposit:' || v.id || ':' || h.id \
         {WHO_CAME} JOIN time_account t ON t.helper_id = h.id AND t.holder = 'helper' \
         JOIN time_account e ON e.community_id = v.community_id AND e.holder = 'earned' \
         WHERE v.id > {first} AND h.kind = 'volunteer' AND v.completed_at IS NOT NULL {order}"
    );
    let columns = "community_id, kind, at, from_account_id, to_account_id, minutes, from_after_min, to_after_min, visit_id, once";
    insert(db, "time_entry", columns, &rows).await?;
    let deposited = format!("FROM time_entry WHERE visit_id > {first}");
    db.execute_unprepared(&format!(
        "UPDATE time_account SET balance_min = balance_min \
             + COALESCE((SELECT CAST(SUM(minutes) AS bigint) {deposited} AND to_account_id = time_account.id), 0) \
             - COALESCE((SELECT CAST(SUM(minutes) AS bigint) {deposited} AND from_account_id = time_account.id), 0)"
    ))
    .await?;
    Ok(())
}
