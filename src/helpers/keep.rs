//! Writing a helper's file: taking somebody on, mending what is known of them.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, HelperId, ProviderId};
use entity::words::{Lang, Role, Subject};
use entity::{
    account, account_role, availability, helper, helper_skill, household, provider, skill,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter,
};

use super::views::{HelperChange, HelperDetails, HelperFile};
use super::{checked, file, refused};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::providers::helper_kind;
use crate::residents::initials::initials;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// Takes somebody on for a provider: a file, an account that signs in by links, skills and hours, in one write.
///
/// # Errors
/// `not-found`, `invalid`, or the database's.
pub async fn take_on(
    app: &App,
    caller: Caller,
    id: ProviderId,
    details: HelperDetails,
    once: Once,
) -> Result<Answer> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    let details = checked(details, local_date(caller.zone, now))?;
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, details) = (caller.clone(), details.clone());
        Box::pin(async move {
            if guard.is_on() {
                store::one_at_a_time(txn, caller.community).await?;
            }
            insert(txn, &caller, id, details, now).await
        })
    })
    .await
}

async fn insert(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ProviderId,
    details: HelperDetails,
    now: DateTime<Utc>,
) -> Result<HelperFile> {
    let provider = provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    check_home(txn, caller, &details).await?;
    check_known(txn, caller, &details, None).await?;
    let account = account::ActiveModel {
        community_id: Set(caller.community),
        name: Set(details.name.clone()),
        email: Set(details.email.clone()),
        phone: Set(Some(details.phone.clone())),
        lang: Set(Lang::Zh),
        disabled: Set(false),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    account_role::Entity::insert(account_role::ActiveModel {
        account_id: Set(account.id),
        role: Set(Role::Helper),
    })
    .exec_without_returning(txn)
    .await?;
    let mut row = fields(&details);
    row.community_id = Set(caller.community);
    row.provider_id = Set(id);
    row.account_id = Set(account.id);
    row.kind = Set(helper_kind(provider.kind));
    row.active = Set(true);
    row.version = Set(1);
    let row = row.insert(txn).await?;
    write_skills(txn, caller, row.id, &details).await?;
    write_hours(txn, caller, row.id, &details).await?;
    record(txn, caller, row.id, ("taken_on", Some(details.name)), now).await?;
    file::file(txn, caller, row.id, now).await
}

/// Mends a helper's file. Visits they have stay theirs, whatever hours or skills they have from now on: people decide those.
///
/// # Errors
/// `not-found`, `stale`, `invalid`, `not-now` where somebody with visits ahead is taken out, or the database's.
pub async fn change(
    app: &App,
    caller: Caller,
    id: HelperId,
    change: HelperChange,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    let change = HelperChange {
        to: checked(change.to, local_date(caller.zone, now))?,
        ..change
    };
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, change) = (caller.clone(), change.clone());
        Box::pin(async move { update(txn, &caller, id, change, now).await })
    })
    .await
}

async fn update(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
    change: HelperChange,
    now: DateTime<Utc>,
) -> Result<HelperFile> {
    store::one_at_a_time(txn, caller.community).await?;
    let before = held(txn, caller, id).await?;
    if before.version != change.version {
        return Err(Problem::stale().into());
    }
    let details = change.to;
    check_home(txn, caller, &details).await?;
    check_known(txn, caller, &details, Some(id)).await?;
    check_reach(txn, before.account_id, &details).await?;
    if before.active && !change.active {
        check_free(txn, id, now).await?;
    }
    let mut row = fields(&details);
    row.id = Set(id);
    row.active = Set(change.active);
    row.version = Set(before.version + 1);
    row.update(txn).await?;
    reach(txn, before.account_id, &details).await?;
    write_skills(txn, caller, id, &details).await?;
    write_hours(txn, caller, id, &details).await?;
    let action = match (before.active, change.active) {
        (true, false) => "taken_out",
        (false, true) => "taken_back",
        _ => "changed",
    };
    record(txn, caller, id, (action, None), now).await?;
    file::file(txn, caller, id, now).await
}

/// A helper of the caller's community, held.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
) -> Result<helper::Model> {
    store::hold(helper::Entity::find_by_id(id), txn)
        .filter(helper::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

fn fields(details: &HelperDetails) -> helper::ActiveModel {
    helper::ActiveModel {
        name: Set(details.name.clone()),
        initials: Set(initials(&details.name)),
        sex: Set(details.sex),
        birth_date: Set(details.birth_date),
        phone: Set(details.phone.clone()),
        home_id: Set(details.home_id),
        daily_limit_min: Set(details.daily_limit_min),
        weekly_limit_min: Set(details.weekly_limit_min),
        ..Default::default()
    }
}

/// A mail address is a way to sign in. Where the account is more than a helper's, only who keeps accounts may change it, or a
/// coordinator could become whoever they like.
async fn check_reach(
    txn: &DatabaseTransaction,
    account: AccountId,
    details: &HelperDetails,
) -> Result<()> {
    let row = account::Entity::find_by_id(account).one(txn).await?;
    if row.is_some_and(|row| row.email == details.email) {
        return Ok(());
    }
    let more = account_role::Entity::find()
        .filter(account_role::Column::AccountId.eq(account))
        .filter(account_role::Column::Role.is_not_in([Role::Helper, Role::Family]))
        .count(txn)
        .await?;
    if more == 0 {
        return Ok(());
    }
    Err(refused(
        "email",
        "这个人还有别的身份，邮箱关系到登录，请管理员修改。",
        "They are more than a helper here, and the mail address lets them sign in; please ask the administrator.",
    ))
}

/// How their account is reached: the file and the account are one person.
async fn reach(
    txn: &DatabaseTransaction,
    account: AccountId,
    details: &HelperDetails,
) -> Result<()> {
    account::ActiveModel {
        id: Set(account),
        name: Set(details.name.clone()),
        email: Set(details.email.clone()),
        phone: Set(Some(details.phone.clone())),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

async fn check_home(
    txn: &DatabaseTransaction,
    caller: &Caller,
    details: &HelperDetails,
) -> Result<()> {
    let Some(id) = details.home_id else {
        return Ok(());
    };
    let known = household::Entity::find_by_id(id)
        .filter(household::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?;
    match known {
        Some(_) => Ok(()),
        None => Err(refused(
            "home_id",
            "没有这户人家。",
            "There is no such household.",
        )),
    }
}

/// One person has one file, or they could be sent to two places at once.
async fn check_known(
    txn: &DatabaseTransaction,
    caller: &Caller,
    details: &HelperDetails,
    own: Option<HelperId>,
) -> Result<()> {
    let mut same = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(caller.community))
        .filter(helper::Column::Phone.eq(&details.phone))
        .filter(helper::Column::Name.eq(&details.name));
    if let Some(own) = own {
        same = same.filter(helper::Column::Id.ne(own));
    }
    match same.one(txn).await? {
        None => Ok(()),
        Some(_) => Err(refused(
            "phone",
            &format!("{}（这个电话）已经登记过了，请用原来的档案。", details.name),
            &format!(
                "{} with this number has a file already; please use that one.",
                details.name
            ),
        )),
    }
}

async fn check_free(txn: &DatabaseTransaction, id: HelperId, now: DateTime<Utc>) -> Result<()> {
    match file::ahead(txn, id, now).await? {
        0 => Ok(()),
        n => Err(Problem::not_now(Said::new(
            format!("还有 {n} 张工单在这个人手里，请先在排班台改派，再停用。"),
            format!(
                "They still have {n} visits ahead; please give those to others on the board first."
            ),
        ))
        .into()),
    }
}

async fn write_skills(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
    details: &HelperDetails,
) -> Result<()> {
    let known = skill::Entity::find()
        .filter(skill::Column::CommunityId.eq(caller.community))
        .filter(skill::Column::Code.is_in(details.skills.iter().map(String::as_str)))
        .all(txn)
        .await?;
    if known.len() != details.skills.len() {
        return Err(refused(
            "skills",
            "没有这项技能。",
            "There is no such skill.",
        ));
    }
    helper_skill::Entity::delete_many()
        .filter(helper_skill::Column::HelperId.eq(id))
        .exec(txn)
        .await?;
    if known.is_empty() {
        return Ok(());
    }
    let rows = known.iter().map(|skill| helper_skill::ActiveModel {
        helper_id: Set(id),
        skill_id: Set(skill.id),
    });
    helper_skill::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

async fn write_hours(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
    details: &HelperDetails,
) -> Result<()> {
    availability::Entity::delete_many()
        .filter(availability::Column::HelperId.eq(id))
        .exec(txn)
        .await?;
    if details.hours.is_empty() {
        return Ok(());
    }
    let rows = details.hours.iter().map(|span| availability::ActiveModel {
        community_id: Set(caller.community),
        helper_id: Set(id),
        weekday: Set(span.weekday),
        from_min: Set(span.from_min),
        to_min: Set(span.to_min),
        ..Default::default()
    });
    availability::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

pub(super) async fn record(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: HelperId,
    (action, note): (&'static str, Option<String>),
    now: DateTime<Utc>,
) -> Result<()> {
    let change = Change::new(
        caller.community,
        now,
        Some(caller.account),
        (Subject::Helper, id.0),
        action,
    );
    audit::record(txn, change.with_helper(id).noted(note)).await
}
