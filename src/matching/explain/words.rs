//! Why a visit is unserved, in words.

use super::{Obstacle, Why};
use crate::problem::Problem;
use crate::rules::{self, order};
use crate::words::{Lang, moment};

impl Why {
    /// What stands in the way and, where there is one, the way out. Families read it, so it says nothing of a helper's papers.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let change = self.change_sentence(problem, lang);
        together(lang, [Some(self.obstacle_sentence(problem, lang)), change])
    }

    /// The same for the office, which is also told whose credential stands in the way.
    pub fn sentence_for_office(&self, problem: &Problem, lang: Lang) -> String {
        let obstacle = Some(self.obstacle_sentence(problem, lang));
        together(lang, [obstacle, self.way_out(problem, lang)])
    }

    /// What the office can do: renew a credential, or ask for another time; `None`: nothing that is known here.
    pub fn way_out(&self, problem: &Problem, lang: Lang) -> Option<String> {
        let barred = self.barred_sentence(problem, lang);
        let out = together(lang, [barred, self.change_sentence(problem, lang)]);
        (!out.is_empty()).then_some(out)
    }

    /// Who would be free but for her credential, in words.
    fn barred_sentence(&self, problem: &Problem, lang: Lang) -> Option<String> {
        let barred = self.barred.as_ref()?;
        let name = &problem.helper(barred.helper).name;
        let sentence = barred.sentence(problem, lang);
        Some(lang.pick(
            format!("{name}有空，但{sentence}"),
            format!("{name} is free, but: {sentence}"),
        ))
    }

    fn obstacle_sentence(&self, problem: &Problem, lang: Lang) -> String {
        let (zh, en) = match &self.obstacle {
            Obstacle::NobodyHolds { skill } => {
                let name = &problem.skills[skill.0];
                (
                    format!("还没有人登记「{}」这项技能。", name.zh),
                    format!("Nobody has the skill “{}”.", name.en),
                )
            }
            Obstacle::NobodyPermitted { holders, rule } => {
                let (zh, en) = standing_words(rule);
                (
                    format!("{holders}位有这项技能，但{zh}。"),
                    format!("{holders} have the skill, but {en}."),
                )
            }
            Obstacle::NobodyAvailable { able } => (
                format!("能做的有{able}位，这个时段都没空。"),
                format!("{able} could do it, but none is available at these hours."),
            ),
            Obstacle::AllBusy { able: 1 } => (
                "这个时段有空的只有1位，已有安排。".to_owned(),
                "The only one who is available at these hours is taken.".to_owned(),
            ),
            Obstacle::AllBusy { able } => (
                format!("这个时段有空的{able}位都已有安排。"),
                format!("All {able} who are available at these hours are taken."),
            ),
            Obstacle::LimitsReached { able: 1, .. } => (
                "这个时段有空的只有1位，已到服务时长上限。".to_owned(),
                "The only one who is available at these hours has reached their limit.".to_owned(),
            ),
            Obstacle::LimitsReached { able, full } if able == full => (
                format!("这个时段有空的{able}位都已到服务时长上限。"),
                format!("All {able} who are available at these hours have reached their limit."),
            ),
            Obstacle::LimitsReached { able, full } => (
                format!("这个时段有空的{able}位里，{full}位已到服务时长上限，其余已有安排。"),
                format!(
                    "Of {able} available at these hours, {full} have reached their limit and the rest are taken."
                ),
            ),
            Obstacle::OutOfOrder { able, other, left } => {
                let [zh, en] =
                    [Lang::Zh, Lang::En].map(|lang| order::words(problem, *other, *left, lang));
                (
                    format!("{zh}有空的{able}位那时都来不了。"),
                    format!("{en} None of the {able} who are available can come then."),
                )
            }
            Obstacle::NotTogether { able } => (
                format!("要两个人一起去，能去的{able}位凑不到同一个时间。"),
                format!(
                    "It takes two together; of the {able} who could come, no two are free at the same time."
                ),
            ),
            Obstacle::Room => (
                "约定的时段里还排得下。".to_owned(),
                "There is room within the window.".to_owned(),
            ),
        };
        lang.pick(zh, en)
    }

    /// Another time, in words.
    fn change_sentence(&self, problem: &Problem, lang: Lang) -> Option<String> {
        let change = self.change.as_ref()?;
        let (start, choice) = (moment(problem, change.start, lang), change.choice);
        let outside = !matches!(self.obstacle, Obstacle::Room);
        Some(match (outside, choice) {
            (true, 1) => lang.pick(
                format!("改到{start}，有1位可以来。"),
                format!("At {start}, 1 helper could come."),
            ),
            (true, _) => lang.pick(
                format!("改到{start}，有{choice}位可以来。"),
                format!("At {start}, {choice} helpers could come."),
            ),
            (false, _) => lang.pick(
                format!("{start}有{choice}位可以来。"),
                format!("At {start}, {choice} could come."),
            ),
        })
    }
}

/// Sentences one after the other, as the language sets them.
fn together(lang: Lang, sentences: [Option<String>; 2]) -> String {
    let sentences: Vec<_> = sentences.into_iter().flatten().collect();
    lang.pick(sentences.concat(), sentences.join(" "))
}

fn standing_words(rule: &str) -> (&'static str, &'static str) {
    match rule {
        rules::kind::CODE => (
            "不是这项服务允许的人员类别",
            "they are not of a kind this service permits",
        ),
        rules::avoid::CODE => (
            "双方有一方希望不要安排在一起",
            "one side has asked not to be matched",
        ),
        rules::sex::CODE => (
            "老人希望由另一性别的人来照护",
            "the resident wishes for the other sex",
        ),
        rules::ability::CODE => (
            "老人的能力等级不在这项服务的范围内",
            "the resident's ability level is outside the service's range",
        ),
        rules::own_household::CODE => (
            "照顾自己家人不能记入时间银行",
            "care of one's own household earns no credit",
        ),
        rules::provider::CODE => (
            "所属服务商暂不能接这项服务",
            "their provider may not take this on at present",
        ),
        _ => ("都说过这次去不了", "they have declined this visit"),
    }
}
