//! The tables that are about a person, and how their rows are found: by `resident_id`, or through a row that has one.

use entity::ids::ResidentId;
use entity::{
    absence, access_log, assessment, assignment, audit, booking, call, callback, change_request,
    check_call, complaint, complaint_step, consent, erasure, family_member, follow_up,
    help_request, help_step, household, lapse, payment_line, rating, resident, series, series_date,
    series_part, session_payment, station_signup, subsidy, time_account, time_entry, unmet, visit,
    voucher, voucher_use, wish,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IdenStatic, Iterable, ModelTrait,
    QueryFilter, Value,
};

use super::{Line, Sheet};
use crate::error::Result;
use crate::privacy::tables;

/// The rows that fit, as columns with their values.
async fn lines<E, C>(db: &C, fits: Condition) -> Result<Vec<Line>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
    C: ConnectionTrait,
{
    let rows = E::find().filter(fits).all(db).await?;
    Ok(rows.iter().map(line::<E>).collect())
}

fn line<E>(row: &E::Model) -> Line
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    E::Column::iter()
        .map(|column| (column.as_str().to_owned(), row.get(column)))
        .collect()
}

/// The numbers in one column of these rows.
fn numbers(lines: &[Line], column: &str) -> Vec<i64> {
    lines
        .iter()
        .flatten()
        .filter(|(name, _)| name == column)
        .filter_map(|(_, value)| match value {
            Value::BigInt(number) => *number,
            _ => None,
        })
        .collect()
}

/// Reads a sheet: the entity, its column, the numbers it may have.
macro_rules! sheet {
    ($db:expr, $entity:ident, $column:ident in $numbers:expr) => {
        Sheet {
            table: stringify!($entity),
            name: tables::called(stringify!($entity)),
            lines: lines::<$entity::Entity, _>(
                $db,
                Condition::all().add($entity::Column::$column.is_in($numbers)),
            )
            .await?,
        }
    };
}

/// All sheets, in the order in which they are read.
///
/// # Errors
/// The database's.
pub async fn read<C: ConnectionTrait>(db: &C, id: ResidentId) -> Result<Vec<Sheet>> {
    let id = [id.0];
    let mut sheets = person(db, id).await?;
    sheets.extend(care(db, id).await?);
    sheets.extend(answers(db, id).await?);
    sheets.extend(thanks(db, id).await?);
    sheets.extend(record(db, id).await?);
    Ok(sheets)
}

async fn person<C: ConnectionTrait>(db: &C, id: [i64; 1]) -> Result<Vec<Sheet>> {
    let person = sheet!(db, resident, Id in id);
    let homes = numbers(&person.lines, "household_id");
    let mut wishes = sheet!(db, wish, ResidentId in id);
    // That a helper would rather not come is the helper's own word.
    wishes.lines.retain(|line| {
        !line.iter().any(|(name, value)| {
            name == "by" && matches!(value, Value::String(Some(by)) if by.as_str() == "helper")
        })
    });
    Ok(vec![
        person,
        sheet!(db, household, Id in homes),
        sheet!(db, family_member, ResidentId in id),
        sheet!(db, assessment, ResidentId in id),
        sheet!(db, absence, ResidentId in id),
        wishes,
        sheet!(db, consent, ResidentId in id),
        sheet!(db, erasure, ResidentId in id),
    ])
}

async fn care<C: ConnectionTrait>(db: &C, id: [i64; 1]) -> Result<Vec<Sheet>> {
    let visits = sheet!(db, visit, ResidentId in id);
    let series = sheet!(db, series, ResidentId in id);
    let (of_visits, of_series) = (numbers(&visits.lines, "id"), numbers(&series.lines, "id"));
    Ok(vec![
        sheet!(db, booking, ResidentId in id),
        sheet!(db, unmet, ResidentId in id),
        sheet!(db, station_signup, ResidentId in id),
        visits,
        sheet!(db, assignment, VisitId in of_visits.clone()),
        sheet!(db, change_request, VisitId in of_visits.clone()),
        sheet!(db, lapse, VisitId in of_visits),
        series,
        sheet!(db, series_part, SeriesId in of_series.clone()),
        sheet!(db, series_date, SeriesId in of_series),
    ])
}

async fn answers<C: ConnectionTrait>(db: &C, id: [i64; 1]) -> Result<Vec<Sheet>> {
    let asked = sheet!(db, help_request, ResidentId in id);
    let complaints = sheet!(db, complaint, ResidentId in id);
    let (of_asked, of_complaints) = (
        numbers(&asked.lines, "id"),
        numbers(&complaints.lines, "id"),
    );
    Ok(vec![
        sheet!(db, call, ResidentId in id),
        sheet!(db, callback, ResidentId in id),
        sheet!(db, check_call, ResidentId in id),
        sheet!(db, follow_up, ResidentId in id),
        asked,
        sheet!(db, help_step, HelpRequestId in of_asked),
        sheet!(db, rating, ResidentId in id),
        complaints,
        sheet!(db, complaint_step, ComplaintId in of_complaints),
    ])
}

async fn thanks<C: ConnectionTrait>(db: &C, id: [i64; 1]) -> Result<Vec<Sheet>> {
    let visits = numbers(
        &lines::<visit::Entity, _>(
            db,
            Condition::all().add(visit::Column::ResidentId.is_in(id)),
        )
        .await?,
        "id",
    );
    let places = numbers(
        &lines::<station_signup::Entity, _>(
            db,
            Condition::all().add(station_signup::Column::ResidentId.is_in(id)),
        )
        .await?,
        "id",
    );
    let hours = sheet!(db, time_account, ResidentId in id);
    let vouchers = sheet!(db, voucher, ResidentId in id);
    let accounts = numbers(&hours.lines, "id");
    let of_vouchers = numbers(&vouchers.lines, "id");
    let entries = Condition::any()
        .add(time_entry::Column::FromAccountId.is_in(accounts.clone()))
        .add(time_entry::Column::ToAccountId.is_in(accounts));
    Ok(vec![
        sheet!(db, payment_line, VisitId in visits),
        sheet!(db, session_payment, SignupId in places),
        sheet!(db, subsidy, ResidentId in id),
        vouchers,
        sheet!(db, voucher_use, VoucherId in of_vouchers),
        hours,
        Sheet {
            table: "time_entry",
            name: tables::called("time_entry"),
            lines: lines::<time_entry::Entity, _>(db, entries).await?,
        },
    ])
}

async fn record<C: ConnectionTrait>(db: &C, id: [i64; 1]) -> Result<Vec<Sheet>> {
    Ok(vec![
        sheet!(db, audit, ResidentId in id),
        sheet!(db, access_log, ResidentId in id),
    ])
}
