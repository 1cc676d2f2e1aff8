//! What causes, parts of the day and kinds of helpers are called.

use entity::words::Band;

use super::Cause;
use crate::said::Said;

/// Why something was not served.
#[must_use]
pub fn cause_word(cause: Cause) -> Said {
    match cause {
        Cause::NobodyFound => Said::new("到时没找到人", "Nobody was found in time"),
        Cause::GaveUp => Said::new("等不到人，取消了", "Cancelled after waiting in vain"),
        Cause::DidNotCome => Said::new("约好的人没来", "Somebody was to come and did not"),
        Cause::NoSkill => Said::new("约不上：没人会做", "No time: nobody has the skill"),
        Cause::NotPermitted => Said::new(
            "约不上：会做的人都不合规定",
            "No time: the rules permit none of those who can",
        ),
        Cause::NobodyFree => Said::new(
            "约不上：会做的人那时不在班",
            "No time: those who can are off duty then",
        ),
        Cause::AllBusy => Said::new(
            "约不上：会做的人都排满了",
            "No time: those who can are all taken",
        ),
        Cause::LimitsReached => Said::new(
            "约不上：会做的人工时已满",
            "No time: those who can have reached their limits",
        ),
        Cause::NotTogether => Said::new("约不上：凑不齐两个人", "No time: no two are free at once"),
    }
}

/// A part of the day.
#[must_use]
pub fn band_word(band: Band) -> Said {
    match band {
        Band::Morning => Said::new("上午", "mornings"),
        Band::Afternoon => Said::new("下午", "afternoons"),
        Band::Evening => Said::new("晚上", "evenings"),
    }
}
