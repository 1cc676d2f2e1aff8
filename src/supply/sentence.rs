//! A gap and what to do about it, in a sentence with its figures.

use chrono::Month;

use super::advice::{Facts, Step};
use super::words::band_word;
use crate::said::Said;

impl Facts {
    /// The gap and what to do, in a sentence with its figures; `month` is 1 to 12.
    #[must_use]
    pub fn sentence(&self, month: u32, step: Step) -> Said {
        Said::new(self.zh(month, step), self.en(month, step))
    }

    fn zh(&self, month: u32, step: Step) -> String {
        let band = self.worst.map(|(band, count)| (band_word(band).zh, count));
        let when = match &band {
            Some((band, count)) if *count == self.unserved => format!("，都在{band}"),
            Some((band, count)) => format!("，其中 {count} 次在{band}"),
            None => String::new(),
        };
        let missed = match self.did_not_come {
            0 => String::new(),
            count => format!("，{count} 次是约好的人没来"),
        };
        let word = band.map_or_else(String::new, |(band, _)| band);
        let who = match (self.holders, self.on_duty, word.as_str()) {
            (0, ..) => "现在没有人能做".to_owned(),
            (holders, _, "") => format!("能做的有 {holders} 人"),
            (holders, 0, band) => format!("能做的有 {holders} 人，{band}都不在班"),
            (holders, on_duty, band) if holders == on_duty => {
                format!("能做的有 {holders} 人，{band}都在班")
            }
            (holders, on_duty, band) => {
                format!("能做的有 {holders} 人，{band}在班的 {on_duty} 人")
            }
        };
        let lapsed = match self.lapsed {
            0 => String::new(),
            count => format!("，另有 {count} 人证件过期"),
        };
        format!(
            "{month} 月「{}」有 {} 次没服务上，涉及 {} 位老人{when}{missed}；{who}{lapsed}。{}",
            self.service.zh,
            self.unserved,
            self.people,
            self.advice_zh(step, &word)
        )
    }

    fn advice_zh(&self, step: Step, band: &str) -> String {
        let able = if band.is_empty() {
            String::new()
        } else {
            format!("{band}能来的")
        };
        let skill = &self.skill.zh;
        match step {
            Step::TalkTo => "建议先找服务商问清缺勤原因，再考虑加人。".to_owned(),
            Step::Renew { people } => format!("建议先请 {people} 人补办「{skill}」的证件。"),
            Step::Train { people } => {
                format!("建议培训 {people} 名{able}志愿者学「{skill}」。")
            }
            Step::Extend { people } => {
                format!("建议请其中 {people} 人把{band}也排上班；排不开再招人。")
            }
            Step::RecruitVolunteer { people } => format!("建议再招 {people} 名{able}志愿者。"),
            Step::RecruitStaff { people } if self.needs_paper => {
                format!("建议再招 {people} 名{able}持证护理员。")
            }
            Step::RecruitStaff { people } => format!("建议再招 {people} 名{able}护理员。"),
            Step::Invite => format!("建议邀请一家能做「{skill}」的服务商。"),
        }
    }

    fn en(&self, month: u32, step: Step) -> String {
        let month = u8::try_from(month)
            .ok()
            .and_then(|month| Month::try_from(month).ok())
            .map_or("", |month| month.name());
        let band = self.worst.map(|(band, count)| (band_word(band).en, count));
        let when = match &band {
            Some((band, count)) if *count == self.unserved => format!(", all in the {band}"),
            Some((band, count)) => format!(", {count} of them in the {band}"),
            None => String::new(),
        };
        let missed = match self.did_not_come {
            0 => String::new(),
            count => format!("; {count} because somebody did not come"),
        };
        let word = band.map_or_else(String::new, |(band, _)| band);
        let who = match (self.holders, word.as_str()) {
            (0, _) => "Nobody can do it now".to_owned(),
            (holders, "") => format!("{holders} can do it"),
            (holders, band) => format!(
                "{holders} can do it, {} of them on duty in the {band}",
                self.on_duty
            ),
        };
        let lapsed = match self.lapsed {
            0 => String::new(),
            count => format!(", and the papers of {count} have run out"),
        };
        format!(
            "In {month}, “{}” could not be served {}, for {}{when}{missed}. {who}{lapsed}. {}",
            self.service.en,
            times(self.unserved),
            counted(self.people, "resident", "residents"),
            self.advice_en(step, &word)
        )
    }

    fn advice_en(&self, step: Step, band: &str) -> String {
        let able = if band.is_empty() {
            String::new()
        } else {
            format!(" who can come in the {band}")
        };
        let skill = &self.skill.en;
        let volunteers = |people| counted(people, "volunteer", "volunteers");
        match step {
            Step::TalkTo => {
                "Ask the provider why people stayed away before looking for more.".to_owned()
            }
            Step::Renew { people } => format!(
                "Have the papers for “{skill}” of {} renewed.",
                counted(people, "person", "people")
            ),
            Step::Train { people } => {
                format!("Train {}{able} in “{skill}”.", volunteers(people))
            }
            Step::Extend { people } => {
                format!("Ask {people} of them to come in the {band} too; else recruit.")
            }
            Step::RecruitVolunteer { people } => format!("Recruit {}{able}.", volunteers(people)),
            Step::RecruitStaff { people } => {
                let licensed = if self.needs_paper { "licensed " } else { "" };
                let one = counted(people, "carer", "carers");
                match one.split_once(' ') {
                    Some((count, carers)) => format!("Recruit {count} {licensed}{carers}{able}."),
                    None => format!("Recruit {one}{able}."),
                }
            }
            Step::Invite => format!("Invite a provider who does “{skill}”."),
        }
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
