//! What the words of quality are called.

use entity::words::{
    CheckOutcome, CheckReason, ComplaintAction, ComplaintState, ConsequenceKind, InterestKind, Lang,
};

use crate::said::pick;

/// What a reason for a check call is called.
#[must_use]
pub fn reason_word(reason: CheckReason, lang: Lang) -> &'static str {
    match reason {
        CheckReason::MissedVisit => pick(
            lang,
            "独居，服务没有去成",
            "lives alone, a visit was missed",
        ),
        CheckReason::NobodyOpened => pick(lang, "独居，上门没人开门", "lives alone, nobody opened"),
        CheckReason::Unseen => pick(
            lang,
            "独居，好些天没见到人",
            "lives alone, not seen for days",
        ),
    }
}

/// What the outcome of a check call is called.
#[must_use]
pub fn outcome_word(outcome: CheckOutcome, lang: Lang) -> &'static str {
    match outcome {
        CheckOutcome::Fine => pick(lang, "平安", "well"),
        CheckOutcome::NeedsHelp => pick(
            lang,
            "需要帮忙，已开求助单",
            "needs help; a request was made",
        ),
        CheckOutcome::Raised => pick(
            lang,
            "没人接，已请网格员上门",
            "no answer; the grid officer goes",
        ),
        CheckOutcome::FamilyTold => {
            pick(lang, "没人接，已告诉家属", "no answer; the family was told")
        }
        CheckOutcome::Seen => pick(lang, "后来见到人了", "seen meanwhile"),
    }
}

/// What a state of a complaint is called.
#[must_use]
pub fn complaint_word(state: ComplaintState, lang: Lang) -> &'static str {
    match state {
        ComplaintState::Taken => pick(lang, "已记下", "taken down"),
        ComplaintState::Answered => pick(lang, "已答复，在改", "answered, being corrected"),
        ComplaintState::Corrected => pick(lang, "已改正，等确认", "corrected, to be confirmed"),
        ComplaintState::Confirmed => pick(lang, "已确认", "confirmed"),
        ComplaintState::Withdrawn => pick(lang, "已撤回", "withdrawn"),
    }
}

/// What a step of a complaint is called.
#[must_use]
pub fn action_word(action: ComplaintAction, lang: Lang) -> &'static str {
    match action {
        ComplaintAction::Taken => pick(lang, "记下投诉", "taken down"),
        ComplaintAction::Answered => pick(lang, "答复", "answered"),
        ComplaintAction::Corrected => pick(lang, "改正", "corrected"),
        ComplaintAction::Confirmed => pick(lang, "确认改好了", "confirmed"),
        ComplaintAction::Reopened => pick(lang, "没改好，重新处理", "not corrected, begun anew"),
        ComplaintAction::Withdrawn => pick(lang, "撤回", "withdrawn"),
    }
}

/// What an interest is called.
#[must_use]
pub fn interest_word(kind: InterestKind, lang: Lang) -> &'static str {
    match kind {
        InterestKind::Works => pick(lang, "在这家工作", "works for it"),
        InterestKind::Family => pick(lang, "有亲属在这家", "has family there"),
        InterestKind::Business => pick(lang, "有生意往来", "does business with it"),
        InterestKind::Other => pick(lang, "其他关系", "another tie"),
    }
}

/// What a consequence is called.
#[must_use]
pub fn consequence_word(kind: ConsequenceKind, lang: Lang) -> &'static str {
    match kind {
        ConsequenceKind::Reward => pick(lang, "奖励", "reward"),
        ConsequenceKind::Warning => pick(lang, "提醒警告", "warning"),
        ConsequenceKind::Talk => pick(lang, "约谈负责人", "talk with those in charge"),
        ConsequenceKind::SuspensionSuggested => pick(lang, "建议暂停接单", "suspension suggested"),
        ConsequenceKind::Nothing => pick(lang, "不作处理", "nothing"),
    }
}
