//! Who sees what of a resident: one table, field by field and role by role. The pages make it so in many places, each with the
//! view of its own that the role needs; a test asks every page of the API as everybody and holds the answers against this
//! table, so that a view which shows more than stands here does not pass.

use entity::words::{Lang, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::said::pick;

/// How much of a field a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// All of it.
    Full,
    /// A part that is enough for the work: the surname with a title, the age without the day.
    Part,
    /// All of it from a day before a visit of their own to a day after.
    AroundVisit,
    /// All of it for the residents of their own grid.
    OwnGrid,
    /// All of it for those they act for.
    OwnFamily,
    /// Nothing.
    Never,
}

/// What is known of a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Full name.
    Name,
    /// Building, entrance, flat.
    Door,
    /// Their own telephone and their household's.
    Phone,
    /// Day of birth.
    BirthDate,
    /// Ability level, with its assessor.
    Ability,
    /// How to get in.
    KnockNote,
    /// What a helper has to mind.
    SafetyNote,
    /// Their relatives' telephones.
    RelativePhone,
    /// What was said on the telephone, and from which number.
    Calls,
    /// What they complained of.
    Complaints,
    /// What they asked help for.
    Help,
}

/// The roles, in the order of the table's columns.
pub const ROLES: [Role; 8] = [
    Role::Coordinator,
    Role::Clerk,
    Role::Admin,
    Role::GridOfficer,
    Role::PanelMember,
    Role::Helper,
    Role::Family,
    Role::Shopkeeper,
];

/// A field with how much of it each role sees, in the order of [`ROLES`].
pub type Row = (Field, [Shown; 8]);

use Shown::{AroundVisit, Full, Never, OwnFamily, OwnGrid, Part};

/// The table. A helper is told the telephone with the door, for the moment when nobody opens.
#[rustfmt::skip]
pub const TABLE: [Row; 11] = [
    (Field::Name,          [Full, Full, Full,  OwnGrid, Never, Part,        OwnFamily, Never]),
    (Field::Door,          [Full, Full, Full,  OwnGrid, Never, AroundVisit, OwnFamily, Never]),
    (Field::Phone,         [Full, Full, Never, OwnGrid, Never, AroundVisit, OwnFamily, Never]),
    (Field::BirthDate,     [Full, Full, Never, Never,   Never, Never,       Never,     Never]),
    (Field::Ability,       [Full, Full, Never, Never,   Never, Never,       OwnFamily, Never]),
    (Field::KnockNote,     [Full, Full, Never, Never,   Never, AroundVisit, OwnFamily, Never]),
    (Field::SafetyNote,    [Full, Full, Never, Never,   Never, AroundVisit, OwnFamily, Never]),
    (Field::RelativePhone, [Full, Full, Never, Never,   Never, Never,       Never,     Never]),
    (Field::Calls,         [Full, Full, Never, Never,   Never, Never,       Never,     Never]),
    (Field::Complaints,    [Full, Full, Never, Never,   Never, Never,       OwnFamily, Never]),
    (Field::Help,          [Full, Full, Never, OwnGrid, Never, Never,       OwnFamily, Never]),
];

/// What a field is called.
#[must_use]
pub fn field_word(field: Field, lang: Lang) -> &'static str {
    let (zh, en) = match field {
        Field::Name => ("姓名", "Name"),
        Field::Door => ("门牌", "Door"),
        Field::Phone => ("本人和家里电话", "Own and home telephone"),
        Field::BirthDate => ("出生日期", "Day of birth"),
        Field::Ability => ("能力评估", "Ability"),
        Field::KnockNote => ("怎么敲门", "How to get in"),
        Field::SafetyNote => ("注意事项", "What to mind"),
        Field::RelativePhone => ("家属电话", "Relatives’ telephones"),
        Field::Calls => ("来电记录", "Calls"),
        Field::Complaints => ("投诉内容", "Complaints"),
        Field::Help => ("求助内容", "Help asked for"),
    };
    pick(lang, zh, en)
}

/// How much is shown, in words.
#[must_use]
pub fn shown_word(shown: Shown, lang: Lang) -> &'static str {
    let (zh, en) = match shown {
        Shown::Full => ("全部", "all"),
        Shown::Part => ("只有姓和称呼", "surname and title"),
        Shown::AroundVisit => ("自己上门的前后一天", "a day around their own visit"),
        Shown::OwnGrid => ("本网格的", "in their own grid"),
        Shown::OwnFamily => ("自己家人的", "of those they act for"),
        Shown::Never => ("看不到", "nothing"),
    };
    pick(lang, zh, en)
}
