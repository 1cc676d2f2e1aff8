//! The letters: Chinese first, English by preference. A subject says nothing personal, for it is shown on locked screens.

use entity::complaint;
use entity::words::{ChangeKind, ComplaintState, Lang, MailKind, Place, RequestState};

use super::account::is_about_account;
use super::facts::{About, Facts};
use crate::compound::door::building_name;
use crate::quality::words::complaint_word;
use crate::said::pick;
use crate::visits::short_name;
use crate::visits::views::service_name;

/// A letter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Nothing personal.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What a subject says: which kind of news, and nothing of whom.
#[must_use]
pub fn subject(kind: MailKind, lang: Lang) -> &'static str {
    match kind {
        MailKind::BookingReceived => pick(lang, "银龄：预约已收到", "Yinling: booking received"),
        MailKind::BookingMatched => pick(
            lang,
            "银龄：已安排好服务人员",
            "Yinling: somebody will come",
        ),
        MailKind::BookingChanged => pick(lang, "银龄：安排有变动", "Yinling: a change to a visit"),
        MailKind::BookingCancelled => pick(lang, "银龄：预约已取消", "Yinling: booking cancelled"),
        MailKind::Offer => pick(lang, "银龄：有一件事请您看看", "Yinling: will you come?"),
        MailKind::OfferWithdrawn => {
            pick(lang, "银龄：有一件事不用去了", "Yinling: you need not come")
        }
        MailKind::EveningBefore => pick(lang, "银龄：明天的安排", "Yinling: tomorrow"),
        MailKind::VisitDone => pick(lang, "银龄：服务已完成", "Yinling: it was done"),
        MailKind::RequestAnswered => pick(
            lang,
            "银龄：您的申请有答复了",
            "Yinling: an answer to your request",
        ),
        MailKind::SignIn => pick(lang, "银龄：您的登录链接", "Yinling: your link to sign in"),
        MailKind::HelpStep => pick(
            lang,
            "银龄：求助单有进展",
            "Yinling: news of a call for help",
        ),
        MailKind::HelpRouted => pick(
            lang,
            "银龄：有一张求助单请处理",
            "Yinling: a call for help to settle",
        ),
        MailKind::ComplaintStep => {
            pick(lang, "银龄：您的投诉有进展", "Yinling: news of a complaint")
        }
        MailKind::SessionNews => pick(
            lang,
            "银龄：服务站活动通知",
            "Yinling: news from the station",
        ),
        MailKind::VisitsPaused => pick(lang, "银龄：服务暂停", "Yinling: visits are paused"),
        MailKind::VisitsResumed => pick(lang, "银龄：服务恢复", "Yinling: visits go on"),
        MailKind::PasswordChanged => {
            pick(lang, "银龄：登录密码已修改", "Yinling: password changed")
        }
        MailKind::SecondFactorOn => pick(
            lang,
            "银龄：登录已加第二步验证",
            "Yinling: a second step to sign in",
        ),
        MailKind::SecondFactorOff => pick(
            lang,
            "银龄：登录的第二步验证已取消",
            "Yinling: no second step to sign in any more",
        ),
        MailKind::RecoveryCodeUsed => pick(
            lang,
            "银龄：用掉了一个备用码",
            "Yinling: a recovery code was used",
        ),
    }
}

/// Where the buttons of a letter lead; empty where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// To the page about it.
    pub page: String,
    /// To the faces by which a visit is rated.
    pub rate: String,
}

/// The letter for these facts.
#[must_use]
pub fn compose(facts: &Facts, links: &Links) -> Letter {
    let lang = facts.lang();
    let name = &facts.reader.name;
    let mut lines = vec![match lang {
        Lang::Zh => format!("{name}，您好："),
        Lang::En => format!("Dear {name},"),
    }];
    lines.extend(body(facts));
    let rate = pick(
        lang,
        "点一个表情，告诉我们这次怎么样",
        "Tap a face: how was it?",
    );
    let buttons = [
        (rate, links.rate.as_str()),
        (button(facts), links.page.as_str()),
    ];
    let mut end = vec![match lang {
        Lang::Zh => format!("有问题请打服务台电话 {}。", facts.community.office_phone),
        Lang::En => format!(
            "Questions? Call the office: {}.",
            facts.community.office_phone
        ),
    }];
    if facts.community.synthetic {
        end.push(
            pick(
                lang,
                "这是演示数据：人名、地址和服务都是虚构的。",
                "This is a demonstration: names, addresses and visits are made up.",
            )
            .to_owned(),
        );
    }
    Letter {
        subject: subject(facts.kind, lang).to_owned(),
        text: plain(&lines, &buttons, &end),
        html: html(lang, &lines, &buttons, &end),
    }
}

fn button(facts: &Facts) -> &'static str {
    let lang = facts.lang();
    match facts.kind {
        MailKind::Offer => pick(
            lang,
            "点这里回答：我去 / 去不了",
            "Answer here: I will come / I cannot",
        ),
        MailKind::SignIn => pick(lang, "点这里登录", "Sign in"),
        MailKind::HelpStep | MailKind::HelpRouted => {
            pick(lang, "查看求助单", "See the call for help")
        }
        MailKind::ComplaintStep => pick(lang, "查看投诉", "See the complaint"),
        MailKind::SessionNews => pick(lang, "查看服务站活动", "See what is on"),
        MailKind::VisitsPaused | MailKind::VisitsResumed => {
            pick(lang, "查看预约", "See the bookings")
        }
        kind if is_about_account(kind) => pick(lang, "打开我的账号", "Open my account"),
        _ if facts.to_helper => pick(lang, "打开我的安排", "Open my day"),
        _ => pick(lang, "查看详情", "See the booking"),
    }
}

/// What happened, a sentence a line.
fn body(facts: &Facts) -> Vec<String> {
    let lang = facts.lang();
    if facts.kind == MailKind::EveningBefore {
        return tomorrow(facts);
    }
    if is_about_account(facts.kind) {
        return super::account::lines(facts.kind, lang);
    }
    if let Some(about) = &facts.help {
        return super::help::lines(facts.kind, about, lang);
    }
    if let Some(complaint) = &facts.complaint {
        return about_complaint(complaint, lang);
    }
    if let Some(about) = &facts.away {
        return super::away::lines(facts.kind, about, |at| facts.moment(at), lang);
    }
    if let Some(about) = &facts.place {
        return super::station::lines(about, facts.zone, lang);
    }
    match &facts.visit {
        Some(about) if facts.kind != MailKind::SignIn && facts.to_helper => to_helper(facts, about),
        Some(about) if facts.kind != MailKind::SignIn => to_family(facts, about),
        _ => vec![
            pick(
                lang,
                "点下面的链接就能登录，不需要密码。链接只能用一次，请尽快打开。",
                "The link below signs you in without a password. It works once; please open it soon.",
            )
            .to_owned(),
        ],
    }
}

/// How a complaint stands. What it is about does not travel by mail.
fn about_complaint(row: &complaint::Model, lang: Lang) -> Vec<String> {
    let state = complaint_word(row.state, lang);
    let mut lines = vec![match lang {
        Lang::Zh => format!("您的投诉现在：{state}。"),
        Lang::En => format!("Your complaint is now: {state}."),
    }];
    if row.state == ComplaintState::Answered
        && let Some(who) = &row.responsible
    {
        lines.push(match lang {
            Lang::Zh => format!("负责改正的是：{who}。"),
            Lang::En => format!("Who corrects it: {who}."),
        });
    }
    if row.state == ComplaintState::Corrected {
        lines.push(match lang {
            Lang::Zh => "请看看是不是真的改好了，并告诉我们。".to_owned(),
            Lang::En => "Please look whether it really is corrected, and tell us.".to_owned(),
        });
    }
    lines
}

/// The visits of the day, a line each.
fn tomorrow(facts: &Facts) -> Vec<String> {
    let lang = facts.lang();
    let visits = facts.tomorrow.len() + facts.sessions.len();
    let mut lines = vec![match (facts.to_helper, lang) {
        (true, Lang::Zh) => format!("提醒您，明天有 {visits} 件事："),
        (false, Lang::Zh) => format!("提醒您，明天有 {visits} 项服务："),
        (_, Lang::En) if !facts.sessions.is_empty() => "A reminder of tomorrow:".into(),
        (_, Lang::En) if visits == 1 => "A reminder: tomorrow there is one visit:".into(),
        (_, Lang::En) => format!("A reminder: tomorrow there are {visits} visits:"),
    }];
    lines.extend(facts.tomorrow.iter().map(|about| {
        let when = facts.moment(about.starts_at);
        let what = service_name(&about.service, lang);
        let minutes = about.visit.duration_min;
        let who = &about.resident;
        match (facts.to_helper, lang) {
            (true, Lang::Zh) => {
                format!(
                    "{when}，{}，{what}，大约 {minutes} 分钟。",
                    place(about, lang)
                )
            }
            (true, Lang::En) => {
                format!(
                    "{when}, {}, {what}, about {minutes} minutes.",
                    place(about, lang)
                )
            }
            (false, Lang::Zh) => format!("{when}，{who}的“{what}”，由{}。", meeting(about, lang)),
            (false, Lang::En) => format!("{when}, “{what}” for {who}: {}.", meeting(about, lang)),
        }
    }));
    lines.extend(facts.sessions.iter().map(|about| {
        super::station::tomorrow(about, &facts.moment(about.session.starts_at), lang)
    }));
    lines
}

fn to_helper(facts: &Facts, about: &About) -> Vec<String> {
    let lang = facts.lang();
    let who = short_name(&about.resident, about.sex, lang);
    let what = service_name(&about.service, lang);
    let when = facts.moment(about.starts_at);
    let minutes = about.visit.duration_min;
    let place = place(about, lang);
    match (facts.kind, lang) {
        (MailKind::Offer, Lang::Zh) => vec![
            "有一件事想请您去：".into(),
            format!("时间：{when}，大约 {minutes} 分钟"),
            format!("地点：{place}"),
            format!("内容：{what}"),
            "请点下面的链接告诉我们您去不去。不需要密码；去不了也没关系，我们另找人。".into(),
        ],
        (MailKind::Offer, Lang::En) => vec![
            "We would like to ask you to come:".into(),
            format!("When: {when}, about {minutes} minutes"),
            format!("Where: {place}"),
            format!("What: {what}"),
            "Please tell us with the link below; no password is needed. If you cannot, we will ask somebody else.".into(),
        ],
        (_, Lang::Zh) => vec![format!("{when}，{who}家的“{what}”不用去了，谢谢您。")],
        (_, Lang::En) => vec![format!("You need not come to {who} for “{what}” ({when}). Thank you.")],
    }
}

/// Where a helper goes: surname and building, no door.
fn place(about: &About, lang: Lang) -> String {
    let who = short_name(&about.resident, about.sex, lang);
    let building = building_name(&about.building, lang);
    match (about.service.place, lang) {
        (Place::Home, Lang::Zh) => format!("{building}，{who}家"),
        (Place::Home, Lang::En) => format!("{who}, {building}"),
        (Place::Station, Lang::Zh) => format!("服务站，{who}会过来"),
        (Place::Station, Lang::En) => format!("the station; {who} comes there"),
    }
}

/// Who meets the resident, and where.
fn meeting(about: &About, lang: Lang) -> String {
    let crew = about.crew.join(pick(lang, "、", " and "));
    match (about.service.place, lang) {
        (Place::Home, Lang::Zh) => format!("{crew}上门"),
        (Place::Home, Lang::En) => format!("{crew} will come"),
        (Place::Station, Lang::Zh) => format!("{crew}在服务站接待"),
        (Place::Station, Lang::En) => format!("{crew} will be at the station"),
    }
}

fn to_family(facts: &Facts, about: &About) -> Vec<String> {
    let lang = facts.lang();
    let who = &about.resident;
    let what = service_name(&about.service, lang);
    let when = facts.moment(about.starts_at);
    let crew = about.crew.join(pick(lang, "、", " and "));
    let meeting = meeting(about, lang);
    match (facts.kind, lang) {
        (MailKind::BookingReceived, Lang::Zh) => {
            vec![format!(
                "我们收到了为{who}预约的“{what}”，时间是 {when}。安排好人以后会再告诉您。"
            )]
        }
        (MailKind::BookingReceived, Lang::En) => {
            vec![format!(
                "We received the booking of “{what}” for {who}, {when}. You will hear from us once somebody is found."
            )]
        }
        (MailKind::BookingMatched, Lang::Zh) => {
            vec![format!(
                "为{who}预约的“{what}”已安排好：{when}，由{meeting}。"
            )]
        }
        (MailKind::BookingMatched, Lang::En) => {
            vec![format!("“{what}” for {who}: {meeting}, {when}.")]
        }
        (MailKind::BookingChanged, Lang::Zh) => {
            vec![format!(
                "{who}的“{what}”有变动，现在是：{when}，由{meeting}。"
            )]
        }
        (MailKind::BookingChanged, Lang::En) => {
            vec![format!(
                "“{what}” for {who} has changed. It is now {when}; {meeting}."
            )]
        }
        (MailKind::BookingCancelled, Lang::Zh) => {
            vec![format!("{who}在 {when} 的“{what}”已取消。")]
        }
        (MailKind::BookingCancelled, Lang::En) => {
            vec![format!("“{what}” for {who}, {when}, was cancelled.")]
        }
        (MailKind::VisitDone, Lang::Zh) => {
            let mut lines = vec![format!("{who}的“{what}”已经完成，{crew}来过了（{when}）。")];
            lines.extend(
                about
                    .visit
                    .finish_note
                    .as_ref()
                    .map(|note| format!("服务人员留言：{note}")),
            );
            lines
        }
        (MailKind::VisitDone, Lang::En) => {
            let mut lines = vec![format!("“{what}” for {who} was done by {crew} ({when}).")];
            lines.extend(
                about
                    .visit
                    .finish_note
                    .as_ref()
                    .map(|note| format!("The helper's note: {note}")),
            );
            lines
        }
        _ => answered(facts, who, &what),
    }
}

fn answered(facts: &Facts, who: &str, what: &str) -> Vec<String> {
    let Some(request) = &facts.request else {
        return Vec::new();
    };
    let granted = request.state == RequestState::Accepted;
    let mut lines = vec![match (facts.lang(), request.kind, granted) {
        (Lang::Zh, ChangeKind::Cancel, true) => {
            format!("您申请取消{who}的“{what}”，服务台同意了。")
        }
        (Lang::Zh, ChangeKind::Cancel, false) => {
            format!("您申请取消{who}的“{what}”，服务台没能同意，服务照常进行。")
        }
        (Lang::Zh, ChangeKind::Move, true) => {
            format!("您申请改{who}的“{what}”的时间，服务台同意了。")
        }
        (Lang::Zh, ChangeKind::Move, false) => {
            format!("您申请改{who}的“{what}”的时间，服务台没能同意，时间不变。")
        }
        (Lang::En, ChangeKind::Cancel, true) => {
            format!("Your wish to cancel “{what}” for {who} was granted.")
        }
        (Lang::En, ChangeKind::Cancel, false) => format!(
            "Your wish to cancel “{what}” for {who} could not be granted; the visit stands."
        ),
        (Lang::En, ChangeKind::Move, true) => {
            format!("Your wish to move “{what}” for {who} was granted.")
        }
        (Lang::En, ChangeKind::Move, false) => {
            format!("Your wish to move “{what}” for {who} could not be granted; the time stands.")
        }
    }];
    if let Some(note) = request.answer.as_ref().filter(|note| !note.is_empty()) {
        lines.push(match facts.lang() {
            Lang::Zh => format!("服务台留言：{note}"),
            Lang::En => format!("The office's note: {note}"),
        });
    }
    lines
}

fn plain(lines: &[String], buttons: &[(&str, &str)], end: &[String]) -> String {
    let mut text = lines.join("\r\n");
    text.push_str("\r\n\r\n");
    for (button, link) in buttons.iter().filter(|(_, link)| !link.is_empty()) {
        text.push_str(&format!("{button}\r\n{link}\r\n\r\n"));
    }
    text.push_str(&end.join("\r\n"));
    text.push_str("\r\n");
    text
}

fn html(lang: Lang, lines: &[String], buttons: &[(&str, &str)], end: &[String]) -> String {
    let paragraphs = |lines: &[String]| -> String {
        lines
            .iter()
            .map(|line| format!("<p>{}</p>", escape(line)))
            .collect()
    };
    // Whoever has no page here gets no button.
    let button: String = buttons
        .iter()
        .filter(|(_, link)| !link.is_empty())
        .map(|(button, link)| {
            format!(
                "<p><a href=\"{link}\" style=\"display:inline-block;padding:14px 20px;background:#1f5f4a;color:#fff;\
                 border-radius:8px;text-decoration:none\">{}</a></p>",
                escape(button)
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font:18px/1.6 sans-serif;max-width:36em;margin:1em\">{}{button}{}</body></html>",
        pick(lang, "zh-CN", "en"),
        paragraphs(lines),
        paragraphs(end)
    )
}

/// Makes what people wrote harmless in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable;

    #[test]
    fn a_subject_is_one_fixed_sentence_a_kind_and_language() {
        let mut seen = std::collections::HashSet::new();
        for kind in MailKind::iter() {
            for lang in [Lang::Zh, Lang::En] {
                assert!(
                    seen.insert(subject(kind, lang)),
                    "{kind:?} shares its subject"
                );
            }
        }
    }

    #[test]
    fn what_people_wrote_cannot_become_markup() {
        let page = html(
            Lang::Zh,
            &["<script>alert(\"1\")</script> & 王".into()],
            &[("看", "http://x/l/1")],
            &[],
        );
        assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; 王"));
        assert!(!page.contains("<script>"));
    }
}
