//! What the program writes down about visits and sends out.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::dialect::Dialect;
use super::year::{OVER, insert};

/// The record of changes: booked, assigned, answered, arrived, finished.
pub(super) async fn changes<C: ConnectionTrait>(db: &C, dialect: Dialect) -> Result<(), DbErr> {
    let columns = "community_id, at, account_id, what, object_id, action, visit_id, resident_id, helper_id, date";
    let date = dialect.local_date("v.starts_at");
    let booked = format!(
        "SELECT v.community_id, v.created_at, b.booked_by, 'booking', b.id, 'booked', v.id, v.resident_id, CAST(NULL AS bigint), {date} \
         FROM visit v JOIN booking b ON b.id = v.booking_id"
    );
    insert(db, "audit", columns, &booked).await?;
    for (action, at, by) in [
        ("assigned", "a.offered_at", "a.assigned_by"),
        ("accepted", "a.answered_at", "h.account_id"),
        ("arrived", "v.checked_in_at", "h.account_id"),
        ("finished", "v.completed_at", "h.account_id"),
    ] {
        let done = format!(
            "SELECT v.community_id, {at}, {by}, 'visit', v.id, '{action}', v.id, v.resident_id, h.id, {date} \
             FROM visit v JOIN assignment a ON a.visit_id = v.id JOIN helper h ON h.id = a.helper_id \
             WHERE a.state = 'accepted' AND {at} IS NOT NULL"
        );
        insert(db, "audit", columns, &done).await?;
    }
    Ok(())
}

/// The record of ratings, which says how many stars; it is kept for three years.
pub(super) async fn ratings<C: ConnectionTrait>(db: &C, first: i64) -> Result<(), DbErr> {
    let columns =
        "community_id, at, account_id, what, object_id, action, visit_id, resident_id, note";
    let rows = format!(
        "SELECT community_id, given_at, given_by, 'rating', id, 'rated', visit_id, resident_id, CAST(score AS varchar) \
         FROM rating WHERE visit_id > {first}"
    );
    insert(db, "audit", columns, &rows).await
}

/// Letters to families and helpers; those sent more than half a year ago have been let go.
pub(super) async fn letters<C: ConnectionTrait>(db: &C, now: DateTime<Utc>) -> Result<(), DbErr> {
    let columns = "community_id, dedup_key, kind, account_id, visit_id, due_at, attempts, sent_at, created_at";
    let kept = (now - chrono::TimeDelta::days(180)).to_rfc3339();
    let over = format!("{OVER} AND v.created_at > '{kept}'");
    let to_family = "JOIN family_member f ON f.resident_id = v.resident_id JOIN account c ON c.id = f.account_id";
    let to_helper = "JOIN assignment a ON a.visit_id = v.id AND a.state = 'accepted' \
                     JOIN helper h ON h.id = a.helper_id JOIN account c ON c.id = h.account_id";
    for (kind, at, whom) in [
        ("booking_received", "v.created_at", to_family),
        ("booking_matched", "v.created_at", to_family),
        ("visit_done", "v.completed_at", to_family),
        ("offer", "v.created_at", to_helper),
        ("evening_before", "v.created_at", to_helper),
    ] {
        let sent = format!(
            "SELECT v.community_id, '{kind}.' || c.id || '.' || v.id || '.0', '{kind}', c.id, v.id, {at}, 1, {at}, {at} \
             FROM visit v {whom} WHERE v.state IN {over} AND c.email IS NOT NULL AND {at} IS NOT NULL"
        );
        insert(db, "outbox", columns, &sent).await?;
    }
    Ok(())
}
