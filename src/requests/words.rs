//! How the words of help requests are said.

use entity::words::{HelpAction, HelpKind, HelpLevel, HelpState, HelpTier, Lang};

use crate::said::pick;

/// What a request is about.
#[must_use]
pub fn kind_word(kind: HelpKind, lang: Lang) -> &'static str {
    match kind {
        HelpKind::Water => pick(lang, "水", "water"),
        HelpKind::Power => pick(lang, "电", "power"),
        HelpKind::Gas => pick(lang, "燃气", "gas"),
        HelpKind::Network => pick(lang, "网络电话", "network and telephone"),
        HelpKind::Property => pick(lang, "物业维修", "property"),
        HelpKind::Medical => pick(lang, "身体不适", "feeling unwell"),
        HelpKind::Other => pick(lang, "其他", "other"),
    }
}

/// How pressing it is.
#[must_use]
pub fn level_word(level: HelpLevel, lang: Lang) -> &'static str {
    match level {
        HelpLevel::Ordinary => pick(lang, "一般", "ordinary"),
        HelpLevel::Urgent => pick(lang, "紧急", "urgent"),
    }
}

/// How far it is.
#[must_use]
pub fn state_word(state: HelpState, lang: Lang) -> &'static str {
    match state {
        HelpState::Collected => pick(lang, "等响应", "waiting for a response"),
        HelpState::Responded => pick(lang, "处理中", "in hand"),
        HelpState::Handled => pick(lang, "等反馈", "dealt with, to be reported"),
        HelpState::Reported => pick(lang, "等确认", "waiting for confirmation"),
        HelpState::Settled => pick(lang, "已解决", "settled"),
        HelpState::Withdrawn => pick(lang, "已撤回", "withdrawn"),
    }
}

/// Who is answerable.
#[must_use]
pub fn tier_word(tier: HelpTier, lang: Lang) -> &'static str {
    match tier {
        HelpTier::Grid => pick(lang, "网格", "grid"),
        HelpTier::Community => pick(lang, "社区", "community"),
        HelpTier::Street => pick(lang, "街道", "street office"),
    }
}

/// What happened, a sentence without its end.
#[must_use]
pub fn step_words(action: HelpAction, tier: HelpTier, lang: Lang) -> String {
    let to = tier_word(tier, lang);
    match action {
        HelpAction::Collected => pick(lang, "已登记", "taken down").to_owned(),
        HelpAction::Responded => {
            pick(lang, "已响应，有人在跟进", "somebody has taken it up").to_owned()
        }
        HelpAction::Handled => pick(lang, "已处置", "dealt with").to_owned(),
        HelpAction::Reported => pick(
            lang,
            "已反馈，请确认是否解决",
            "reported back: please say whether it is settled",
        )
        .to_owned(),
        HelpAction::Raised => match lang {
            Lang::Zh => format!("上报到{to}"),
            Lang::En => format!("handed up to the {to}"),
        },
        HelpAction::Risen => match lang {
            Lang::Zh => format!("到时间还没办，自动升级到{to}"),
            Lang::En => format!("time was up, so it has risen to the {to}"),
        },
        HelpAction::Reopened => {
            pick(lang, "没有解决，重新办理", "not settled: it begins anew").to_owned()
        }
        HelpAction::Settled => pick(lang, "确认解决", "confirmed as settled").to_owned(),
        HelpAction::Withdrawn => pick(lang, "已撤回", "withdrawn").to_owned(),
    }
}
