//! What ties a member of the panel to a provider: what was declared, and what follows from accounts. Nobody scores where
//! there is a tie, and what was given before it was known does not count.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use entity::ids::{AccountId, CommunityId, PanelInterestId, ProviderId};
use entity::words::{InterestKind, Role, Subject};
use entity::{account, account_role, helper, panel_interest, provider, shopkeeper};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::views::{InterestView, Interests, MemberChoice, NewInterest, ProviderChoice};
use crate::accounts::queries::names;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Admin, Caller, PanelDeclarer};
use crate::http::input::{Answer, Once};
use crate::quality::words::interest_word;
use crate::requests::at_most;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// A tie, wherever it is known from.
#[derive(Clone, Debug)]
pub struct Tie {
    /// Which member.
    pub account: AccountId,
    /// Which provider.
    pub provider: ProviderId,
    /// What it is.
    pub kind: InterestKind,
    /// The row, where it was declared.
    pub row: Option<panel_interest::Model>,
}

/// Every tie of these accounts in a community.
///
/// # Errors
/// The database's.
pub async fn ties<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    of: &[AccountId],
) -> Result<Vec<Tie>> {
    let declared = panel_interest::Entity::find()
        .filter(panel_interest::Column::CommunityId.eq(community))
        .filter(panel_interest::Column::AccountId.is_in(of.iter().copied()))
        .filter(panel_interest::Column::EndedAt.is_null())
        .order_by_asc(panel_interest::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(|row| Tie {
            account: row.account_id,
            provider: row.provider_id,
            kind: row.kind,
            row: Some(row),
        });
    let works = |(account, provider)| Tie {
        account,
        provider,
        kind: InterestKind::Works,
        row: None,
    };
    let helpers: Vec<(AccountId, ProviderId)> = helper::Entity::find()
        .select_only()
        .columns([helper::Column::AccountId, helper::Column::ProviderId])
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::AccountId.is_in(of.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let keepers: Vec<(AccountId, ProviderId)> = shopkeeper::Entity::find()
        .select_only()
        .columns([
            shopkeeper::Column::AccountId,
            shopkeeper::Column::ProviderId,
        ])
        .filter(shopkeeper::Column::AccountId.is_in(of.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(declared
        .chain(helpers.into_iter().map(works))
        .chain(keepers.into_iter().map(works))
        .collect())
}

/// Refuses where an account has an interest in a provider.
///
/// # Errors
/// `invalid`, with the field `provider_id`, or the database's.
pub async fn check_none<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    account: AccountId,
    provider: ProviderId,
) -> Result<()> {
    let tied = ties(db, community, &[account])
        .await?
        .into_iter()
        .find(|tie| tie.provider == provider);
    match tied {
        None => Ok(()),
        Some(tie) => Err(Problem::field("provider_id", sentence(tie.kind)).into()),
    }
}

/// Why somebody may not score, in a sentence.
#[must_use]
pub fn sentence(kind: InterestKind) -> Said {
    use entity::words::Lang;
    Said::new(
        format!(
            "您与这家服务商有利害关系（{}），不能评它。",
            interest_word(kind, Lang::Zh)
        ),
        format!(
            "You have an interest in this provider ({}), so you do not score it.",
            interest_word(kind, Lang::En)
        ),
    )
}

/// The accounts of the panel's members, by name.
///
/// # Errors
/// The database's.
pub async fn members<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<Vec<account::Model>> {
    let ids: HashSet<AccountId> = account_role::Entity::find()
        .join(JoinType::InnerJoin, account_role::Relation::Account.def())
        .filter(account_role::Column::Role.eq(Role::PanelMember))
        .filter(account::Column::CommunityId.eq(community))
        .filter(account::Column::Disabled.eq(false))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.account_id)
        .collect();
    Ok(account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .order_by_asc(account::Column::Name)
        .order_by_asc(account::Column::Id)
        .all(db)
        .await?)
}

/// The interests of all members for who keeps accounts, of themselves for a member.
///
/// # Errors
/// The database's.
pub async fn list<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<Interests> {
    let all = caller.is(Role::Admin);
    let members: Vec<account::Model> = members(db, caller.community)
        .await?
        .into_iter()
        .filter(|row| all || row.id == caller.account)
        .collect();
    let ids: Vec<AccountId> = members.iter().map(|row| row.id).collect();
    let ties = ties(db, caller.community, &ids).await?;
    let providers = provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(caller.community))
        .order_by_asc(provider::Column::Id)
        .all(db)
        .await?;
    let by: HashMap<AccountId, String> = names(
        db,
        ties.iter()
            .filter_map(|tie| tie.row.as_ref().map(|row| row.declared_by))
            .chain(ids),
    )
    .await?;
    let called: HashMap<ProviderId, &String> =
        providers.iter().map(|row| (row.id, &row.name)).collect();
    Ok(Interests {
        interests: ties
            .into_iter()
            .map(|tie| InterestView {
                id: tie.row.as_ref().map(|row| row.id),
                account_id: tie.account,
                member: by.get(&tie.account).cloned().unwrap_or_default(),
                provider_id: tie.provider,
                provider: called
                    .get(&tie.provider)
                    .map_or_else(String::new, |name| (*name).clone()),
                kind: tie.kind,
                kind_word: interest_word(tie.kind, caller.lang).to_owned(),
                why: tie
                    .row
                    .as_ref()
                    .map_or_else(String::new, |row| row.why.clone()),
                declared_by: tie
                    .row
                    .as_ref()
                    .and_then(|row| by.get(&row.declared_by).cloned()),
                declared_at: tie.row.map(|row| row.declared_at),
            })
            .collect(),
        members: members
            .into_iter()
            .map(|row| MemberChoice {
                account_id: row.id,
                name: row.name,
            })
            .collect(),
        providers: providers
            .iter()
            .map(|row| ProviderChoice {
                provider_id: row.id,
                name: row.name.clone(),
            })
            .collect(),
    })
}

/// Declares an interest: a member for themselves, who keeps accounts for any member.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn declare(
    app: &App,
    PanelDeclarer(caller): PanelDeclarer,
    body: NewInterest,
    once: Once,
) -> Result<Answer> {
    let why = at_most("why", Some(&body.why), 200)?.ok_or_else(|| {
        refuse(
            "why",
            "请写一句是什么关系。",
            "Please say in a few words what ties them.",
        )
    })?;
    let whose = body.account_id.unwrap_or(caller.account);
    if whose != caller.account && !caller.is(Role::Admin) {
        return Err(refuse(
            "account_id",
            "只能声明自己的利害关系。",
            "You declare your own interests only.",
        ));
    }
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, why) = (caller.clone(), why.clone());
        Box::pin(async move {
            let known = members(txn, caller.community).await?;
            if !known.iter().any(|row| row.id == whose) {
                return Err(refuse(
                    "account_id",
                    "这个账号不是评议团成员。",
                    "This account is no member of the panel.",
                ));
            }
            provider_here(txn, caller.community, body.provider_id).await?;
            let twice = ties(txn, caller.community, &[whose])
                .await?
                .iter()
                .any(|tie| tie.provider == body.provider_id && tie.row.is_some());
            if twice {
                return Err(refuse(
                    "provider_id",
                    "这条利害关系已经声明过了。",
                    "This interest was declared already.",
                ));
            }
            let row = panel_interest::ActiveModel {
                community_id: Set(caller.community),
                account_id: Set(whose),
                provider_id: Set(body.provider_id),
                kind: Set(body.kind),
                why: Set(why),
                declared_by: Set(caller.account),
                declared_at: Set(now),
                ..Default::default()
            }
            .insert(txn)
            .await?;
            let (by, object) = (Some(caller.account), (Subject::Panel, row.id.0));
            let change = Change::new(caller.community, now, by, object, "interest_declared");
            audit::record(txn, change).await?;
            list(txn, &caller).await
        })
    })
    .await
}

/// Says that an interest has ended. Not for members: whoever could end their own could score the next minute.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn end(app: &App, Admin(caller): Admin, id: PanelInterestId) -> Result<()> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let (by, community) = (caller.account, caller.community);
            Box::pin(async move {
                let ended = panel_interest::Entity::update_many()
                    .set(panel_interest::ActiveModel {
                        ended_at: Set(Some(now)),
                        ended_by: Set(Some(by)),
                        ..Default::default()
                    })
                    .filter(panel_interest::Column::Id.eq(id))
                    .filter(panel_interest::Column::CommunityId.eq(community))
                    .filter(panel_interest::Column::EndedAt.is_null())
                    .exec(txn)
                    .await?;
                if ended.rows_affected == 0 {
                    return Err(Problem::not_found().into());
                }
                let object = (Subject::Panel, id.0);
                let change = Change::new(community, now, Some(by), object, "interest_ended");
                audit::record(txn, change).await
            })
        })
        .await
}

/// A provider of this community.
///
/// # Errors
/// `invalid`, with the field `provider_id`, or the database's.
pub(super) async fn provider_here<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    id: ProviderId,
) -> Result<provider::Model> {
    provider::Entity::find_by_id(id)
        .filter(provider::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(|| {
            refuse(
                "provider_id",
                "没有这家服务商。",
                "There is no such provider.",
            )
        })
}

fn refuse(field: &'static str, zh: &str, en: &str) -> Error {
    Problem::field(field, Said::new(zh, en)).into()
}
