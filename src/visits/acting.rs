//! Who acts for a helper: the helper, or somebody at the desk for one who telephones.

use entity::helper;
use entity::ids::{HelperId, VisitId};
use entity::words::AssignmentState;
use entity::{assignment, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter};

use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::store::claim;

/// A helper for whom this caller may act.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Acting {
    /// Who acts.
    pub caller: Caller,
    /// For whom.
    pub helper: helper::Model,
}

impl Acting {
    /// The helper with this number, for themselves or for the desk; for anybody else there is none.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn load(db: &DatabaseConnection, caller: Caller, id: HelperId) -> Result<Self> {
        let helper = helper::Entity::find_by_id(id)
            .filter(helper::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .filter(|helper| caller.at_desk() || helper.account_id == caller.account)
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        Ok(Self { caller, helper })
    }

    /// The helper named by the desk, or the caller as a helper where nobody is named.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn named(
        db: &DatabaseConnection,
        caller: Caller,
        named: Option<HelperId>,
    ) -> Result<Self> {
        if let Some(id) = named {
            return Self::load(db, caller, id).await;
        }
        let own = helper::Entity::find()
            .filter(helper::Column::AccountId.eq(caller.account))
            .filter(helper::Column::Active.eq(true))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        Ok(Self {
            caller,
            helper: own,
        })
    }

    /// The visit and this helper's part in it; a visit that was never theirs does not exist for them.
    ///
    /// # Errors
    /// `not-found`, or the database's.
    pub async fn part<C: ConnectionTrait>(
        &self,
        db: &C,
        id: VisitId,
    ) -> Result<(visit::Model, assignment::Model)> {
        let row = assignment::Entity::find()
            .filter(assignment::Column::VisitId.eq(id))
            .filter(assignment::Column::HelperId.eq(self.helper.id))
            .find_also_related(visit::Entity)
            .all(db)
            .await?
            .into_iter()
            .max_by_key(|(part, _)| (claim::LIVE.contains(&part.state), part.id));
        match row {
            Some((part, Some(visit))) if part.state != AssignmentState::Withdrawn => {
                Ok((visit, part))
            }
            _ => Err(Problem::not_found().into()),
        }
    }
}
