//! Supply and demand, and the bench meeting.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::quality::words;

words! {
    /// A part of the day, by the community's clocks.
    Band {
        /// Before noon.
        Morning = "morning",
        /// From noon to six.
        Afternoon = "afternoon",
        /// From six on.
        Evening = "evening",
    }
    /// Why no time was found for what somebody asked for.
    UnmetReason {
        /// Nobody holds the skill.
        NoSkill = "no_skill",
        /// Some hold it, but a rule that no time can mend stands against each of them.
        NotPermitted = "not_permitted",
        /// Nobody who could do it is on duty then.
        NobodyFree = "nobody_free",
        /// All who could do it are elsewhere.
        AllBusy = "all_busy",
        /// All who could do it have worked as long as they may.
        LimitsReached = "limits_reached",
        /// It needs two, and no two are free at once.
        NotTogether = "not_together",
    }
    /// The figure that something agreed at a bench meeting is to move.
    BenchMeasure {
        /// How often one service could not be served; fewer is better.
        UnservedService = "unserved_service",
        /// How often anything could not be served; fewer is better.
        UnservedAll = "unserved_all",
        /// The mean rating of one provider, in hundredths; more is better.
        RatingProvider = "rating_provider",
        /// Median minutes until a help request is responded to; fewer is better.
        HelpRespond = "help_respond",
        /// Minutes that volunteers served; more is better.
        VolunteerTime = "volunteer_time",
        /// Nothing that is counted: people judge it themselves.
        Unmeasured = "unmeasured",
    }
    /// What became of something that a bench meeting agreed to do.
    BenchVerdict {
        /// It did what it was meant to.
        Worked = "worked",
        /// It did not.
        DidNot = "did_not",
    }
}
