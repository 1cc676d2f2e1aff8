//! What measures, waits and figures are called.

use entity::words::{BenchMeasure, BenchVerdict, Lang};

use super::Finding;
use super::times::Response;
use crate::said::{Said, pick};

/// From what to what.
#[must_use]
pub fn response_word(response: Response, lang: Lang) -> &'static str {
    match response {
        Response::Assigned => pick(lang, "预约到派出", "Booking to somebody asked"),
        Response::Answered => pick(lang, "派出到答应", "Asked to their yes"),
        Response::HelpRespond => pick(lang, "求助到响应", "Help request to response"),
        Response::HelpHandle => pick(lang, "求助到处置", "Help request to handled"),
    }
}

/// A measure with what it is of; `of` is a service's or a provider's name.
#[must_use]
pub fn measure_word(measure: BenchMeasure, of: &Said) -> Said {
    match measure {
        BenchMeasure::UnservedService => Said::new(
            format!("「{}」没服务上的次数", of.zh),
            format!("“{}” not served", of.en),
        ),
        BenchMeasure::UnservedAll => Said::new("没服务上的总次数", "Everything not served"),
        BenchMeasure::RatingProvider => Said::new(
            format!("{}的平均评价", of.zh),
            format!("Mean rating of {}", of.en),
        ),
        BenchMeasure::HelpRespond => Said::new(
            "求助到响应的时间（中位数）",
            "Help request to response (median)",
        ),
        BenchMeasure::VolunteerTime => Said::new("志愿服务时长", "Hours of volunteers"),
        BenchMeasure::Unmeasured => Said::new("不看数字，会上自己说", "No figure: people say"),
    }
}

/// A measure's figure.
#[must_use]
pub fn figure(measure: BenchMeasure, figure: i64, lang: Lang) -> String {
    match measure {
        BenchMeasure::UnservedService | BenchMeasure::UnservedAll => match lang {
            Lang::Zh => format!("{figure} 次"),
            Lang::En => format!("{figure}"),
        },
        BenchMeasure::RatingProvider => hundredths(figure),
        BenchMeasure::HelpRespond => match lang {
            Lang::Zh => format!("{figure} 分钟"),
            Lang::En => format!("{figure} min"),
        },
        BenchMeasure::VolunteerTime => {
            // Tenths of an hour, rounded.
            let tenths = (figure * 20 + 60).div_euclid(120);
            let hours = format!("{}.{}", tenths / 10, tenths % 10);
            match lang {
                Lang::Zh => format!("{hours} 小时"),
                Lang::En => format!("{hours} h"),
            }
        }
        BenchMeasure::Unmeasured => String::new(),
    }
}

/// A rating's mean.
#[must_use]
pub fn hundredths(figure: i64) -> String {
    format!("{}.{:02}", figure / 100, figure % 100)
}

/// What the figures say, or the meeting found.
#[must_use]
pub fn verdict_word(verdict: Option<BenchVerdict>, finding: Finding, lang: Lang) -> &'static str {
    match (verdict, finding) {
        (Some(BenchVerdict::Worked), _) => pick(lang, "见效", "Worked"),
        (Some(BenchVerdict::DidNot), _) => pick(lang, "没见效", "Did not work"),
        (None, Finding::Open) => pick(lang, "还早", "Too early"),
        (None, Finding::Worked) => pick(lang, "看数字见效了，待定", "Figures: worked; to decide"),
        (None, Finding::DidNot) => pick(lang, "看数字没见效，待定", "Figures: did not; to decide"),
        (None, Finding::Unknown) => pick(lang, "待定", "To decide"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_say_them() {
        let told = |measure, value| figure(measure, value, Lang::Zh);
        assert_eq!(told(BenchMeasure::UnservedAll, 14), "14 次");
        assert_eq!(told(BenchMeasure::RatingProvider, 405), "4.05");
        assert_eq!(told(BenchMeasure::HelpRespond, 35), "35 分钟");
        assert_eq!(told(BenchMeasure::VolunteerTime, 93), "1.6 小时");
        assert_eq!(told(BenchMeasure::VolunteerTime, 60), "1.0 小时");
        assert_eq!(figure(BenchMeasure::VolunteerTime, 90, Lang::En), "1.5 h");
    }
}
