//! Whether it happened and whether it was good: lapses, check calls, ratings, complaints, the panel.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word:meta])* $variant:ident = $text:tt),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize,
            Deserialize, ToSchema,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word])* #[sea_orm(string_value = $text)] $variant),+
        }
    )+};
}
pub(super) use words;

words! {
    /// What did not happen in its time.
    LapseKind {
        /// Nobody had arrived some minutes after the start.
        Late = "late",
        /// Its end passed and nothing was said.
        Missed = "missed",
    }
    /// Why somebody who lives alone is to be rung.
    CheckReason {
        /// A visit to them was missed.
        MissedVisit = "missed_visit",
        /// Nobody opened to a helper.
        NobodyOpened = "nobody_opened",
        /// Nobody has seen them for some days.
        Unseen = "unseen",
    }
    /// How a check call ended.
    CheckOutcome {
        /// They are well.
        Fine = "fine",
        /// They need help: a help request was made.
        NeedsHelp = "needs_help",
        /// Nobody answers: the grid officer goes, by a help request.
        Raised = "raised",
        /// Nobody answers: the family was reached and looks after it.
        FamilyTold = "family_told",
        /// Somebody of ours has seen them meanwhile.
        Seen = "seen",
    }
    /// How a rating came in.
    RatingChannel {
        /// By the link in a letter.
        Link = "link",
        /// On the family's page.
        Web = "web",
        /// By the clerk's follow-up call.
        Phone = "phone",
    }
    /// Why a follow-up call brought no rating.
    FollowUp {
        /// Nobody answered.
        NotReached = "not_reached",
        /// They would rather not say.
        Declined = "declined",
    }
    /// How far a complaint is.
    ComplaintState {
        /// Taken down, nobody has answered.
        Taken = "taken",
        /// Answered: who corrects what by when.
        Answered = "answered",
        /// Corrected, those who complained have yet to say that it is so.
        Corrected = "corrected",
        /// They say that it is.
        Confirmed = "confirmed",
        /// No longer kept up.
        Withdrawn = "withdrawn",
    }
    /// What was done to a complaint: one step of its timeline.
    ComplaintAction {
        /// Taken down.
        Taken = "taken",
        /// Answered.
        Answered = "answered",
        /// Corrected.
        Corrected = "corrected",
        /// Confirmed.
        Confirmed = "confirmed",
        /// Not corrected after all: it begins anew.
        Reopened = "reopened",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
    /// What ties a member of the panel to a provider.
    InterestKind {
        /// Works for it, or did within a year.
        Works = "works",
        /// Is family of one of its people.
        Family = "family",
        /// Owns a part of it, rents to it, sells to it.
        Business = "business",
        /// Anything else.
        Other = "other",
    }
    /// What follows from a month's score.
    ConsequenceKind {
        /// Reward.
        Reward = "reward",
        /// Warning.
        Warning = "warning",
        /// A talk with those in charge.
        Talk = "talk",
        /// It is suggested to suspend it.
        SuspensionSuggested = "suspension_suggested",
        /// Nothing follows.
        Nothing = "nothing",
    }
}
