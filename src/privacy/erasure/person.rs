//! The resident's own row, their home, and the answers in which their name still stands.

use chrono::Datelike;
use entity::ids::HouseholdId;
use entity::words::TimeEntryKind;
use entity::{household, idempotency, resident, station_signup};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter,
};

use super::carry_out::{birth_year, containing, is_only_theirs};
use super::{ERASED_NAME, STRUCK};
use crate::calls;
use crate::error::Result;
use crate::residents::ON_THE_ROLL;
use crate::store::Guard;
use crate::timebank::books::{Books, Holder, Occasion, Posting, find};
use crate::visits::pausing::Hand;

/// Answers kept for those who ask twice, in which the name or the telephone stands, and rows of workbooks about the person:
/// those that were found to be them, and those of their name where nobody else bears it.
pub(super) async fn forget_answers(
    txn: &DatabaseTransaction,
    file: &resident::Model,
) -> Result<u64> {
    let mut count = 0;
    let here = |table: &str| {
        Query::select()
            .column(Alias::new("id"))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new("community_id")).eq(file.community_id.0))
            .to_owned()
    };
    for word in std::iter::once(file.name.as_str()).chain(file.phone.as_deref()) {
        count += idempotency::Entity::delete_many()
            .filter(idempotency::Column::Body.like(containing(word)))
            .filter(idempotency::Column::AccountId.in_subquery(here("account")))
            .exec(txn)
            .await?
            .rows_affected;
    }
    let mut theirs = Expr::col(Alias::new("match_id")).eq(file.id.0);
    if is_only_theirs(txn, file).await? {
        for column in ["entry", "remarks"] {
            theirs = theirs.or(Expr::col(Alias::new(column))
                .cast_as(Alias::new("TEXT"))
                .like(containing(&file.name)));
        }
    }
    let rows = Query::delete()
        .from_table(Alias::new("roll_import_row"))
        .and_where(Expr::col(Alias::new("import_id")).in_subquery(here("roll_import")))
        .and_where(theirs)
        .to_owned();
    Ok(count + txn.execute(&rows).await?.rows_affected())
}

/// Nobody rings about the person any more: what was promised is closed, and what the station was to tell is not told.
pub(super) async fn ring_no_more(
    txn: &DatabaseTransaction,
    hand: Hand,
    file: &resident::Model,
) -> Result<()> {
    calls::leaving::close(txn, hand, file, "信息已删除").await?;
    station_signup::Entity::update_many()
        .set(station_signup::ActiveModel {
            call_what: Set(None),
            call_since: Set(None),
            ..Default::default()
        })
        .filter(station_signup::Column::ResidentId.eq(file.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Empties the row and moves it out of the flat into its building, which the counts by grid need and which says of nobody
/// where they lived.
pub(super) async fn forget(
    txn: &DatabaseTransaction,
    hand: Hand,
    file: &resident::Model,
) -> Result<u64> {
    give_hours_back(txn, hand, file).await?;
    let somewhere = somewhere_in_the_building(txn, file.household_id).await?;
    resident::ActiveModel {
        id: Set(file.id),
        household_id: Set(somewhere),
        name: Set(ERASED_NAME.to_owned()),
        initials: Set(String::new()),
        birth_date: Set(birth_year(file.birth_date)?),
        phone: Set(None),
        ability_level: Set(None),
        ability_assessed_on: Set(None),
        ability_assessor: Set(None),
        ability_valid_until: Set(None),
        knock_note: Set(None),
        safety_note: Set(None),
        last_seen_at: Set(None),
        // The month is enough for how many left in it.
        left_on: Set(file.left_on.and_then(|day| day.with_day(1))),
        left_at: Set(None),
        erased_at: Set(Some(hand.now)),
        version: Set(file.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    empty_home(txn, file).await?;
    let wishes = Query::delete()
        .from_table(Alias::new("wish"))
        .and_where(Expr::col(Alias::new("resident_id")).eq(file.id.0))
        .to_owned();
    Ok(1 + txn.execute(&wishes).await?.rows_affected())
}

/// Hours that nobody can spend any more belong to all.
async fn give_hours_back(
    txn: &DatabaseTransaction,
    hand: Hand,
    file: &resident::Model,
) -> Result<()> {
    let own = Holder::Resident(file.id);
    if find(txn, file.community_id, own).await?.is_none() {
        return Ok(());
    }
    let occasion = Occasion {
        community: file.community_id,
        at: hand.now,
        by: hand.by,
    };
    let mut books = Books::open(txn, Guard::On, occasion, &[own, Holder::Pool]).await?;
    let (from, holds) = {
        let account = books.account(own)?;
        (account.id, account.balance_min)
    };
    let pool = books.account(Holder::Pool)?.id;
    if holds > 0 {
        books
            .post(Posting::new(TimeEntryKind::Donation, from, pool, holds))
            .await?;
    }
    Ok(())
}

/// The row that stands for nobody's flat in a building, made where it is missing.
async fn somewhere_in_the_building(
    txn: &DatabaseTransaction,
    home: HouseholdId,
) -> Result<HouseholdId> {
    let Some(home) = household::Entity::find_by_id(home).one(txn).await? else {
        return Ok(home);
    };
    let key = format!("{}-0-0", home.building_id);
    let find = || {
        household::Entity::find()
            .filter(household::Column::CommunityId.eq(home.community_id))
            .filter(household::Column::DoorKey.eq(&key))
    };
    if let Some(known) = find().one(txn).await? {
        return Ok(known.id);
    }
    let made = household::ActiveModel {
        community_id: Set(home.community_id),
        building_id: Set(home.building_id),
        entrance: Set(0),
        floor: Set(1),
        flat: Set(String::new()),
        door_key: Set(key.clone()),
        phone: Set(None),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    Ok(made.id)
}

/// The household's telephone, and calls from it that name nobody, go with the last who lived there.
async fn empty_home(txn: &DatabaseTransaction, file: &resident::Model) -> Result<()> {
    let left = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(file.household_id))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .count(txn)
        .await?;
    if left > 0 {
        return Ok(());
    }
    household::ActiveModel {
        id: Set(file.household_id),
        phone: Set(None),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let unnamed = |table: &str| {
        Query::update()
            .table(Alias::new(table))
            .and_where(Expr::col(Alias::new("household_id")).eq(file.household_id.0))
            .and_where(Expr::col(Alias::new("resident_id")).is_null())
            .to_owned()
    };
    let calls = unnamed("call")
        .value(Alias::new("number"), Expr::cust("NULL"))
        .value(Alias::new("note"), Expr::cust("NULL"))
        .to_owned();
    txn.execute(&calls).await?;
    let callbacks = unnamed("callback")
        .value(Alias::new("note"), STRUCK)
        .value(Alias::new("done_note"), Expr::cust("NULL"))
        .to_owned();
    txn.execute(&callbacks).await?;
    Ok(())
}
