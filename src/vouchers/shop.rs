//! The right to a merchant's counter: the account has the role, and its provider is a merchant that is not suspended.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::words::{ProviderKind, ProviderState, Role};
use entity::{provider, shopkeeper};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;

/// Somebody at a merchant's counter.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Who.
    pub caller: Caller,
    /// Whose counter.
    pub provider: provider::Model,
}

impl FromRequestParts<App> for Shop {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let none = || Error::from(Problem::not_found());
        if !caller.is(Role::Shopkeeper) {
            return Err(none());
        }
        let db = app.store.read();
        let counter = shopkeeper::Entity::find_by_id(caller.account)
            .one(db)
            .await?
            .ok_or_else(none)?;
        let provider = provider::Entity::find_by_id(counter.provider_id)
            .filter(provider::Column::CommunityId.eq(caller.community))
            .filter(provider::Column::Kind.eq(ProviderKind::Merchant))
            .filter(provider::Column::State.eq(ProviderState::Active))
            .one(db)
            .await?
            .ok_or_else(none)?;
        Ok(Self { caller, provider })
    }
}
