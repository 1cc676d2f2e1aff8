//! The rules: what is kept how long, and why.

use crate::said::Said;

/// What a rule does with a row whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The row goes.
    Delete,
    /// These columns are emptied, and a dash stands in those that must hold something; the row stays for the counts.
    Empty {
        /// Columns that may be empty.
        emptied: &'static [&'static str],
        /// Columns that may not.
        struck: &'static [&'static str],
    },
    /// Everything personal about the resident goes, as on their wish.
    Erase,
}

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its word.
    pub key: &'static str,
    /// The table.
    pub table: &'static str,
    /// The columns of its primary key.
    pub keys: &'static [&'static str],
    /// The column that holds the instant from which is counted.
    pub since: &'static str,
    /// Whether that column holds a date.
    pub since_is_date: bool,
    /// Days for which it is kept from then on.
    pub days: i64,
    /// What else must hold, in SQL; nothing of a person's goes into it.
    pub also: &'static str,
    /// Whether its rows name their community.
    pub of_community: bool,
    /// What it does.
    pub act: Act,
    /// What it is about, in Chinese and in English.
    pub what: (&'static str, &'static str),
    /// Why it is kept so long and no longer.
    pub why: (&'static str, &'static str),
}

const YEAR: i64 = 365;

const PLAIN: Rule = Rule {
    key: "",
    table: "",
    keys: &["id"],
    since: "created_at",
    since_is_date: false,
    days: 0,
    also: "1 = 1",
    of_community: true,
    act: Act::Delete,
    what: ("", ""),
    why: ("", ""),
};

/// All rules, in the order in which they run.
pub const RULES: &[Rule] = &[
    Rule {
        key: "sessions",
        table: "session",
        since: "expires_at",
        days: 1,
        of_community: false,
        what: ("过期的登录", "sessions that have run out"),
        why: ("过期后没有用处", "of no use once they have run out"),
        ..PLAIN
    },
    Rule {
        key: "tries",
        table: "sign_in_try",
        since: "first_at",
        days: 1,
        of_community: false,
        what: ("登录尝试的次数", "counts of tries to sign in"),
        why: ("最长只数一小时", "the longest counting takes an hour"),
        ..PLAIN
    },
    Rule {
        key: "sources",
        table: "known_source",
        keys: &["account_id", "source"],
        since: "last_at",
        days: 31,
        of_community: false,
        what: (
            "从哪里登录过的记号",
            "marks of where somebody signed in from",
        ),
        why: (
            "三十天内登录过的地方才算认识",
            "a place counts as known for thirty days",
        ),
        ..PLAIN
    },
    Rule {
        key: "answers",
        table: "idempotency",
        keys: &["account_id", "key"],
        days: 2,
        of_community: false,
        what: (
            "为重复提交保留的回答",
            "answers kept for those who send twice",
        ),
        why: (
            "手机断网后两天内会重发",
            "a telephone without a network sends again within two days",
        ),
        ..PLAIN
    },
    Rule {
        key: "links",
        table: "one_time_link",
        since: "expires_at",
        days: 30,
        what: ("过期的登录链接", "one-time links that have run out"),
        why: (
            "一个月内还能换新链接",
            "within a month an old link still leads to a new one",
        ),
        ..PLAIN
    },
    Rule {
        key: "rating_links",
        table: "rating_link",
        keys: &["token_hash"],
        since: "expires_at",
        days: 30,
        what: ("过期的评价链接", "links to a rating that have run out"),
        why: ("过期后没有用处", "of no use once they have run out"),
        ..PLAIN
    },
    Rule {
        key: "letters",
        table: "outbox",
        since: "sent_at",
        days: 180,
        what: ("已发出的邮件记录", "records of letters sent"),
        why: (
            "网络日志至少保存六个月（网络安全法第二十一条）",
            "logs are kept for six months (Cybersecurity Law, article 21)",
        ),
        ..PLAIN
    },
    Rule {
        key: "letters_dropped",
        table: "outbox",
        since: "dropped_at",
        days: 180,
        what: ("没有发出的邮件记录", "records of letters not sent"),
        why: (
            "网络日志至少保存六个月（网络安全法第二十一条）",
            "logs are kept for six months (Cybersecurity Law, article 21)",
        ),
        ..PLAIN
    },
    Rule {
        key: "calls",
        table: "call",
        since: "started_at",
        days: YEAR,
        also: "(number IS NOT NULL OR note IS NOT NULL)",
        act: Act::Empty {
            emptied: &["number", "note"],
            struck: &[],
        },
        what: ("来电的号码和记录", "numbers and notes of calls"),
        why: (
            "一年内还会追问；次数和结果留作统计",
            "asked about within a year; how many and how they ended stays",
        ),
        ..PLAIN
    },
    Rule {
        key: "callbacks",
        table: "callback",
        since: "done_at",
        days: YEAR,
        also: "note <> '—'",
        act: Act::Empty {
            emptied: &["done_note"],
            struck: &["note"],
        },
        what: ("已回的回电事项", "what callbacks were about"),
        why: ("一年内还会追问", "asked about within a year"),
        ..PLAIN
    },
    Rule {
        key: "absences",
        table: "absence",
        since: "back_on",
        since_is_date: true,
        days: YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("住院外出的说明", "notes of stays in hospital and away"),
        why: (
            "属于健康信息，回家一年后不再需要",
            "health data, of no use a year after the return",
        ),
        ..PLAIN
    },
    Rule {
        key: "visit_notes",
        table: "visit",
        since: "ends_at",
        days: 2 * YEAR,
        also: "(finish_note IS NOT NULL OR problem_note IS NOT NULL)",
        act: Act::Empty {
            emptied: &["finish_note", "problem_note"],
            struck: &[],
        },
        what: ("服务记录里的文字", "words in the records of visits"),
        why: (
            "投诉和结算两年内可能要查",
            "a complaint or a settlement may ask for them within two years",
        ),
        ..PLAIN
    },
    Rule {
        key: "booking_notes",
        table: "booking",
        since: "created_at",
        days: 2 * YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("预约时的说明", "notes of bookings"),
        why: ("与服务记录一样", "as the records of visits"),
        ..PLAIN
    },
    Rule {
        key: "help",
        table: "help_request",
        since: "closed_at",
        days: 2 * YEAR,
        also: "what <> '—'",
        act: Act::Empty {
            emptied: &["phone", "place"],
            struck: &["what"],
        },
        what: ("办结的求助单内容", "what settled help requests were about"),
        why: (
            "两年后只留数量和用时",
            "after two years how many and how long is enough",
        ),
        ..PLAIN
    },
    Rule {
        key: "check_calls",
        table: "check_call",
        since: "done_at",
        days: YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("关怀电话的记录", "notes of check calls"),
        why: ("一年内还会追问", "asked about within a year"),
        ..PLAIN
    },
    Rule {
        key: "change_requests",
        table: "change_request",
        since: "answered_at",
        days: 2 * YEAR,
        also: "note <> '—'",
        act: Act::Empty {
            emptied: &["answer"],
            struck: &["note"],
        },
        what: ("改约申请的说明", "what requests to change said"),
        why: ("与服务记录一样", "as the records of visits"),
        ..PLAIN
    },
    Rule {
        key: "ratings",
        table: "rating",
        since: "given_at",
        days: 2 * YEAR,
        also: "words IS NOT NULL",
        act: Act::Empty {
            emptied: &["words"],
            struck: &[],
        },
        what: ("评价里的话", "words of ratings"),
        why: ("两年后只留分数", "after two years the score is enough"),
        ..PLAIN
    },
    Rule {
        key: "help_steps",
        table: "help_step",
        since: "at",
        days: 2 * YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("求助单各步的说明", "notes of the steps of help requests"),
        why: ("与求助单一样", "as the help requests"),
        ..PLAIN
    },
    Rule {
        key: "complaints",
        table: "complaint",
        since: "closed_at",
        days: 3 * YEAR,
        also: "what <> '—'",
        act: Act::Empty {
            emptied: &["responsible", "correction"],
            struck: &["what"],
        },
        what: ("办结的投诉内容", "what settled complaints were about"),
        why: (
            "三年诉讼时效（民法典第一百八十八条）",
            "three years within which a claim may be made (Civil Code, article 188)",
        ),
        ..PLAIN
    },
    Rule {
        key: "complaint_steps",
        table: "complaint_step",
        since: "at",
        days: 3 * YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("投诉各步的说明", "notes of the steps of complaints"),
        why: ("与投诉一样", "as the complaints"),
        ..PLAIN
    },
    Rule {
        key: "audit",
        table: "audit",
        since: "at",
        days: 3 * YEAR,
        also: "note IS NOT NULL",
        act: Act::Empty {
            emptied: &["note"],
            struck: &[],
        },
        what: ("操作记录里的文字", "words in the record of changes"),
        why: (
            "影响评估和处理记录至少三年（个保法第五十六条）",
            "records of processing are kept three years (PIPL, article 56)",
        ),
        ..PLAIN
    },
    Rule {
        key: "looks",
        table: "access_log",
        since: "at",
        days: 3 * YEAR,
        what: ("谁看过档案的记录", "the log of looks at files"),
        why: (
            "影响评估和处理记录至少三年（个保法第五十六条）",
            "records of processing are kept three years (PIPL, article 56)",
        ),
        ..PLAIN
    },
    Rule {
        key: "left",
        table: "resident",
        since: "left_on",
        since_is_date: true,
        days: 3 * YEAR,
        also: "erased_at IS NULL AND state IN ('moved', 'died')",
        act: Act::Erase,
        what: (
            "离开花名册的老人的全部信息",
            "everything about residents who left the roll",
        ),
        why: (
            "三年诉讼时效（民法典第一百八十八条）",
            "three years within which a claim may be made (Civil Code, article 188)",
        ),
        ..PLAIN
    },
];

impl Rule {
    /// What it is about.
    #[must_use]
    pub fn about(&self) -> Said {
        Said::new(self.what.0, self.what.1)
    }

    /// Why it is kept so long and no longer.
    #[must_use]
    pub fn reason(&self) -> Said {
        Said::new(self.why.0, self.why.1)
    }
}
