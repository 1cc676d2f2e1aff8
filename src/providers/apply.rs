//! Taking down an application, and mending a provider's details.

use axum::http::StatusCode;
use entity::ids::ProviderId;
use entity::provider;
use entity::words::{ProviderKind, Standing};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::steps::{Hand, held, touched};
use super::{LONGEST_NAME, LONGEST_TEXT, file, helper_kind, offers, state_of};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::requests::{at_most, check_phone};
use crate::said::Said;

/// Somebody who would like to provide services, as the office takes it down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewProvider {
    /// Which kind of party.
    pub kind: ProviderKind,
    /// What people call it, 100 characters at most.
    pub name: String,
    /// Telephone, 3 to 20 digits.
    pub phone: String,
    /// Whom to speak with, 100 characters at most.
    pub contact: Option<String>,
    /// What it wants to offer, in its own words, 500 characters at most.
    pub wants: Option<String>,
    /// Whether it offers everything that its kind may serve.
    #[serde(default)]
    pub offers_all: bool,
    /// Codes of the services that it offers otherwise.
    #[serde(default)]
    pub services: Vec<String>,
}

/// A provider's details, mended.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ProviderDetails {
    /// What people call it, 100 characters at most.
    pub name: String,
    /// Telephone, 3 to 20 digits.
    pub phone: String,
    /// Whom to speak with, 100 characters at most.
    pub contact: Option<String>,
    /// What it wants to offer, in its own words, 500 characters at most.
    pub wants: Option<String>,
    /// The provider's version that was looked at.
    pub version: i32,
}

/// The details, as they are kept.
#[derive(Clone, Debug)]
struct Details {
    name: String,
    phone: String,
    contact: Option<String>,
    wants: Option<String>,
}

impl Details {
    fn check(name: &str, phone: &str, contact: Option<&str>, wants: Option<&str>) -> Result<Self> {
        Ok(Self {
            name: at_most("name", Some(name), LONGEST_NAME)?.ok_or_else(|| missing("name"))?,
            phone: check_phone(Some(phone))?.ok_or_else(|| missing("phone"))?,
            contact: at_most("contact", contact, LONGEST_NAME)?,
            wants: at_most("wants", wants, LONGEST_TEXT)?,
        })
    }
}

/// A field that must be filled in and is not.
pub(crate) fn missing(field: &'static str) -> Error {
    Problem::field(field, Said::new("请填写这一项。", "Please fill this in.")).into()
}

/// Takes an application down.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn apply(app: &App, caller: &Caller, body: NewProvider, once: Once) -> Result<Answer> {
    let details = Details::check(
        &body.name,
        &body.phone,
        body.contact.as_deref(),
        body.wants.as_deref(),
    )?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (hand, body, details) = (hand.clone(), body.clone(), details.clone());
        Box::pin(async move {
            nobody_else(txn, &hand.caller, &details.name, None).await?;
            let services = offers::check(
                txn,
                &hand.caller,
                helper_kind(body.kind),
                (body.offers_all, &body.services),
            )
            .await?;
            let row = provider::ActiveModel {
                community_id: Set(hand.caller.community),
                kind: Set(body.kind),
                name: Set(details.name),
                phone: Set(details.phone),
                contact: Set(details.contact),
                wants: Set(details.wants),
                state: Set(state_of(Standing::Applied)),
                standing: Set(Standing::Applied),
                standing_since: Set(Some(hand.now)),
                offers_all: Set(body.offers_all),
                round: Set(1),
                version: Set(1),
                ..Default::default()
            }
            .insert(txn)
            .await?;
            offers::write(txn, row.id, services).await?;
            hand.record(txn, row.id, "applied", None).await?;
            file::file(txn, &hand.caller, row.id, hand.now).await
        })
    })
    .await
}

/// Mends a provider's details.
///
/// # Errors
/// `invalid`, `stale`, or the database's.
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: ProviderDetails,
    once: Once,
) -> Result<Answer> {
    let details = Details::check(
        &body.name,
        &body.phone,
        body.contact.as_deref(),
        body.wants.as_deref(),
    )?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (hand, details) = (hand.clone(), details.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, Some(body.version)).await?;
            nobody_else(txn, &hand.caller, &details.name, Some(id)).await?;
            // Another name is another applicant: what was checked was checked of the one before.
            let content = details.name != row.name;
            provider::ActiveModel {
                id: Set(id),
                name: Set(details.name),
                phone: Set(details.phone),
                contact: Set(details.contact),
                wants: Set(details.wants),
                ..Default::default()
            }
            .update(txn)
            .await?;
            hand.record(txn, id, "edited", None).await?;
            touched(txn, &hand, &row, content).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

/// Two of one name would be taken for each other on every list; who was refused or has ended may apply under it again.
async fn nobody_else<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    name: &str,
    but: Option<ProviderId>,
) -> Result<()> {
    let known = provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(caller.community))
        .filter(provider::Column::Name.eq(name))
        .filter(provider::Column::Standing.is_not_in([Standing::Refused, Standing::Ended]))
        .all(txn)
        .await?;
    if known.iter().all(|row| Some(row.id) == but) {
        return Ok(());
    }
    Err(Problem::field(
        "name",
        Said::new(
            "已经有一家同名的服务商。",
            "There is a provider of this name already.",
        ),
    )
    .into())
}
