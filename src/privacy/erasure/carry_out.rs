//! The erasure itself, in one write: words go, links to the person go, numbers stay, so that every count is as true as before.

use chrono::Datelike;
use entity::ids::{CommunityId, ResidentId};
use entity::resident;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;

use super::columns::{COLUMNS, Column, Fate, Whose, typed};
use super::{STRUCK, person, relatives};
use crate::error::{Error, Result};
use crate::visits::pausing::Hand;

/// Erases everything personal about a resident who is no longer on the roll. Says how many fields were emptied and rows
/// taken away.
///
/// # Errors
/// The database's.
pub async fn erase(txn: &DatabaseTransaction, hand: Hand, file: &resident::Model) -> Result<u64> {
    let mut count = 0;
    // First what others typed, for afterwards nobody knows the name.
    count += strike_elsewhere(txn, file).await?;
    count += strike_in_reasons(txn, file).await?;
    count += person::forget_answers(txn, file).await?;
    person::ring_no_more(txn, hand, file).await?;
    for column in COLUMNS {
        count += of_column(txn, column, file.id).await?;
    }
    count += relatives::forget(txn, hand, file.id).await?;
    count += person::forget(txn, hand, file).await?;
    Ok(count)
}

/// How many fields and rows would go.
///
/// # Errors
/// The database's.
pub async fn preview<C: ConnectionTrait>(
    db: &C,
    id: ResidentId,
) -> Result<Vec<(&'static str, u64)>> {
    // The file itself always goes.
    let mut counts: Vec<(&'static str, u64)> = vec![("resident", 1)];
    for table in ["family_member", "wish"] {
        counts.push((
            table,
            rows(db, table, Whose::Resident, id, Expr::cust("1 = 1")).await?,
        ));
    }
    for column in COLUMNS {
        let (whose, filled) = match column.fate {
            Fate::Emptied(whose) | Fate::Struck(whose) => (whose, filled(column)),
            Fate::Gone(whose) => (whose, Expr::cust("1 = 1")),
            _ => continue,
        };
        let found = rows(db, column.table, whose, id, filled).await?;
        match counts.iter_mut().find(|(table, _)| *table == column.table) {
            Some((_, sum)) => *sum += found,
            None => counts.push((column.table, found)),
        }
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(counts)
}

async fn rows<C: ConnectionTrait>(
    db: &C,
    table: &'static str,
    whose: Whose,
    id: ResidentId,
    also: SimpleExpr,
) -> Result<u64> {
    let query = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new(table))
        .and_where(belongs(whose, id))
        .and_where(also)
        .to_owned();
    let found: i64 = match db.query_one(&query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(u64::try_from(found).unwrap_or(0))
}

fn filled(column: &Column) -> SimpleExpr {
    Expr::col(Alias::new(column.name)).is_not_null()
}

/// The condition that a row of the column's table is the person's.
fn belongs(whose: Whose, id: ResidentId) -> SimpleExpr {
    let through =
        |link: &str, table: &str| Expr::col(Alias::new(link)).in_subquery(theirs(table, id));
    match whose {
        Whose::Resident => Expr::col(Alias::new("resident_id")).eq(id.0),
        Whose::Visit => through("visit_id", "visit"),
        Whose::Series => through("series_id", "series"),
        Whose::HelpRequest => through("help_request_id", "help_request"),
        Whose::Complaint => through("complaint_id", "complaint"),
        Whose::Signup => through("signup_id", "station_signup"),
        Whose::TimeAccount => Expr::col(Alias::new("id")).in_subquery(entries(id)),
    }
}

/// The numbers of the entries of the person's account. Each side is found by its own index; where a condition has both,
/// PostgreSQL goes through the whole ledger.
fn entries(id: ResidentId) -> SelectStatement {
    let of = |side: &str| {
        Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("time_entry"))
            .and_where(Expr::col(Alias::new(side)).in_subquery(theirs("time_account", id)))
            .to_owned()
    };
    of("from_account_id")
        .union(UnionType::All, of("to_account_id"))
        .to_owned()
}

/// The condition that a row of the column's table is the community's.
fn of_community(fate: Fate, community: CommunityId) -> SimpleExpr {
    let here = || Expr::col(Alias::new("community_id")).eq(community.0);
    let through = |link: &str, table: &str| {
        let rows = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new(table))
            .and_where(here())
            .to_owned();
        Expr::col(Alias::new(link)).in_subquery(rows)
    };
    match fate {
        Fate::Emptied(whose) | Fate::Struck(whose) | Fate::Unlisted(whose) | Fate::Gone(whose) => {
            match whose {
                Whose::Visit => through("visit_id", "visit"),
                Whose::Series => through("series_id", "series"),
                Whose::Signup => through("signup_id", "station_signup"),
                Whose::Resident | Whose::HelpRequest | Whose::Complaint | Whose::TimeAccount => {
                    here()
                }
            }
        }
        Fate::Apart | Fate::Kept(_) | Fate::Searched(_) => here(),
    }
}

/// The numbers of the person's rows in a table that names the resident.
pub(super) fn theirs(table: &str, id: ResidentId) -> SelectStatement {
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(table))
        .and_where(Expr::col(Alias::new("resident_id")).eq(id.0))
        .to_owned()
}

async fn of_column(txn: &DatabaseTransaction, column: &Column, id: ResidentId) -> Result<u64> {
    let table = Alias::new(column.table);
    let name = Alias::new(column.name);
    let (whose, value): (Whose, SimpleExpr) = match column.fate {
        Fate::Emptied(whose) => (whose, Expr::cust("NULL")),
        Fate::Struck(whose) => (whose, Expr::val(STRUCK)),
        Fate::Unlisted(whose) => (whose, Expr::val(json!([]))),
        Fate::Gone(whose) => {
            let delete = Query::delete()
                .from_table(table)
                .and_where(belongs(whose, id))
                .to_owned();
            return Ok(txn.execute(&delete).await?.rows_affected());
        }
        Fate::Apart | Fate::Kept(_) | Fate::Searched(_) => return Ok(0),
    };
    let update = Query::update()
        .table(table)
        .value(name, value)
        .and_where(belongs(whose, id))
        .and_where(filled(column))
        .to_owned();
    Ok(txn.execute(&update).await?.rows_affected())
}

/// Strikes the name and the telephone where somebody typed them into words about something else. A name that others bear
/// too says nothing of this person and is left.
async fn strike_elsewhere(txn: &DatabaseTransaction, file: &resident::Model) -> Result<u64> {
    let mut words: Vec<&str> = Vec::new();
    if file.name.chars().count() > 1 && is_only_theirs(txn, file).await? {
        words.push(&file.name);
    }
    words.extend(file.phone.as_deref());
    let mut count = 0;
    for word in words {
        for column in typed() {
            let name = || Expr::col(Alias::new(column.name));
            let update = Query::update()
                .table(Alias::new(column.table))
                .value(
                    Alias::new(column.name),
                    Func::cust(Alias::new("REPLACE")).args([
                        name(),
                        Expr::val(word),
                        Expr::val(STRUCK),
                    ]),
                )
                .and_where(name().like(containing(word)))
                .and_where(of_community(column.fate, file.community_id))
                .to_owned();
            // The time bank lets a reason go as a whole, not in part: those about others stay.
            if column.table != "time_entry" && column.name != "dishes" {
                count += txn.execute(&update).await?.rows_affected();
            }
        }
    }
    Ok(count)
}

/// Strikes the name in the reasons for other people's visits: “on the way from 王桂芳 at ten”.
async fn strike_in_reasons(txn: &DatabaseTransaction, file: &resident::Model) -> Result<u64> {
    let mut count = 0;
    for column in COLUMNS {
        if !matches!(column.fate, Fate::Unlisted(_)) {
            continue;
        }
        let text = || Expr::col(Alias::new(column.name)).cast_as(Alias::new("TEXT"));
        let struck = Func::cust(Alias::new("REPLACE")).args([
            text(),
            Expr::val(file.name.as_str()),
            Expr::val(STRUCK),
        ]);
        let struck = match txn.get_database_backend() {
            DbBackend::Postgres => SimpleExpr::from(struck).cast_as(Alias::new("JSONB")),
            _ => struck.into(),
        };
        let update = Query::update()
            .table(Alias::new(column.table))
            .value(Alias::new(column.name), struck)
            .and_where(text().like(containing(&file.name)))
            .and_where(of_community(column.fate, file.community_id))
            .to_owned();
        count += txn.execute(&update).await?.rows_affected();
    }
    Ok(count)
}

/// A pattern for texts that contain the word, whatever letters it has.
pub(super) fn containing(word: &str) -> LikeExpr {
    let literal = word
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("%{literal}%")).escape('\\')
}

/// Whether nobody else in the community bears the name: no other resident, helper or account.
pub(super) async fn is_only_theirs(
    txn: &DatabaseTransaction,
    file: &resident::Model,
) -> Result<bool> {
    let others = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(file.community_id))
        .filter(resident::Column::Name.eq(&file.name))
        .filter(resident::Column::Id.ne(file.id))
        .count(txn)
        .await?;
    let helpers = entity::helper::Entity::find()
        .filter(entity::helper::Column::CommunityId.eq(file.community_id))
        .filter(entity::helper::Column::Name.eq(&file.name))
        .count(txn)
        .await?;
    let accounts = entity::account::Entity::find()
        .filter(entity::account::Column::CommunityId.eq(file.community_id))
        .filter(entity::account::Column::Name.eq(&file.name))
        .count(txn)
        .await?;
    Ok(others + helpers + accounts == 0)
}

/// The first of the year in which somebody was born: ages stay true to the year.
pub(super) fn birth_year(born: chrono::NaiveDate) -> Result<chrono::NaiveDate> {
    born.with_ordinal(1)
        .ok_or_else(|| Error::Internal("a year without a first day".into()))
}
