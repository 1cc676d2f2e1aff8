//! The catalogue as people see it.

use entity::words::{HelperKind, Place};
use serde::Serialize;
use utoipa::ToSchema;

/// A line of the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Service {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What the price is for.
    pub unit: String,
    /// Minutes.
    pub duration_min: i32,
    /// The lowest price, in fen.
    pub price_from_fen: i64,
    /// The highest price, in fen.
    pub price_to_fen: i64,
    /// What it costs elsewhere, in fen.
    pub market_price_fen: i64,
    /// Whether it costs nothing whoever comes.
    pub free: bool,
    /// 1 or 2 helpers.
    pub crew_size: i32,
    /// Hours between asking and the visit at least.
    pub lead_time_hours: i32,
    /// At home or at the station.
    pub place: Place,
    /// The price by kind of helper.
    pub kinds: Vec<KindPrice>,
    /// Whether this resident can book it.
    pub bookable: bool,
    /// Why not.
    pub why_not: Option<String>,
}

/// What one kind of helper costs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KindPrice {
    /// The kind.
    pub kind: HelperKind,
    /// In fen.
    pub price_fen: i64,
}

/// Services of one category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Category {
    /// The category's word: 助餐, in English Meals.
    pub category: String,
    /// Its services.
    pub services: Vec<Service>,
}
