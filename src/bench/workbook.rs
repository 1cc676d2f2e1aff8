//! A month's page as a workbook: a sheet a part, the same figures as the page.

use entity::words::Lang;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::views::{BenchAction, BenchFigures, BenchMonth};
use super::words::verdict_word;
use crate::error::{Error, Result};
use crate::formula::guarded;
use crate::said::pick;

/// A cell.
enum Cell {
    /// What somebody wrote, or we did.
    Text(String),
    /// A count or minutes.
    Number(i64),
    /// Hundredths, shown as units.
    Hundredths(i64),
    /// Nothing.
    Empty,
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Cell {
    fn from(count: i64) -> Self {
        Self::Number(count)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<i64>> for Cell {
    fn from(count: Option<i64>) -> Self {
        count.map_or(Self::Empty, Self::Number)
    }
}

fn hundredths(value: Option<i64>) -> Cell {
    value.map_or(Cell::Empty, Cell::Hundredths)
}

/// The workbook's bytes.
///
/// # Errors
/// Ours, where it cannot be written.
pub fn of(page: &BenchMonth, lang: Lang) -> Result<Vec<u8>> {
    write(page, lang)
        .map_err(|error| Error::Internal(format!("a workbook cannot be written: {error}")))
}

fn write(page: &BenchMonth, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let say = |zh, en| pick(lang, zh, en);
    let (now, before) = (
        page.month.format("%Y-%m").to_string(),
        page.before.format("%Y-%m").to_string(),
    );
    let months = ["", &now, &before];
    sheet(
        &mut book,
        say("总表", "Figures"),
        &months,
        figures(page, lang),
    )?;
    let causes = page
        .causes
        .iter()
        .map(|one| vec![(&*one.word).into(), one.count.into(), one.before.into()]);
    sheet(
        &mut book,
        say("没服务上的原因", "Why not served"),
        &months,
        causes.collect(),
    )?;
    let days = page.days.iter().map(|day| {
        vec![
            Cell::Text(day.date.to_string()),
            day.served.into(),
            day.unserved.into(),
        ]
    });
    let heads = [
        say("日期", "Date"),
        say("服务了", "Served"),
        say("没服务上", "Not served"),
    ];
    sheet(&mut book, say("每天", "Days"), &heads, days.collect())?;
    let waits = page.responses.iter().map(|one| {
        vec![
            (&*one.word).into(),
            one.count.into(),
            one.median_min.into(),
            one.p90_min.into(),
            one.median_before_min.into(),
        ]
    });
    let heads = [
        say("响应（分钟）", "Waits (minutes)"),
        say("件数", "Count"),
        say("中位数", "Median"),
        say("九成以内", "Nine of ten"),
        say("上月中位数", "Median before"),
    ];
    sheet(
        &mut book,
        say("响应时间", "Response times"),
        &heads,
        waits.collect(),
    )?;
    providers(&mut book, page, lang)?;
    gaps(&mut book, page, lang)?;
    actions(
        &mut book,
        (say("以前定的事", "Agreed earlier"), &page.earlier),
        lang,
    )?;
    actions(
        &mut book,
        (say("这次定的事", "Agreed now"), &page.actions),
        lang,
    )?;
    book.save_to_buffer()
}

fn figures(page: &BenchMonth, lang: Lang) -> Vec<Vec<Cell>> {
    type Take = fn(&BenchFigures) -> Cell;
    let lines: [(&str, &str, Take); 13] = [
        ("需求", "Asked for", |of| of.asked.into()),
        ("服务了", "Served", |of| of.served.into()),
        ("没服务上", "Not served", |of| of.unserved.into()),
        ("涉及老人", "Residents without", |of| of.people.into()),
        ("家里没人", "Nobody at home", |of| of.not_home.into()),
        ("还没到时间", "Still ahead", |of| of.ahead.into()),
        ("自己取消或外出", "Called off", |of| {
            of.called_off.into()
        }),
        ("志愿者人数", "Volunteers", |of| of.volunteers.into()),
        ("志愿服务次数", "Visits by volunteers", |of| {
            of.volunteer_visits.into()
        }),
        ("志愿服务（分钟）", "Volunteers' minutes", |of| {
            of.volunteer_min.into()
        }),
        ("时间银行入账（分钟）", "Credited minutes", |of| {
            of.credited_min.into()
        }),
        ("平均评价", "Mean rating", |of| {
            hundredths(of.rating_hundredths)
        }),
        ("投诉", "Complaints", |of| of.complaints.into()),
    ];
    lines
        .into_iter()
        .map(|(zh, en, take)| {
            vec![
                pick(lang, zh, en).into(),
                take(&page.figures),
                take(&page.figures_before),
            ]
        })
        .collect()
}

fn providers(
    book: &mut Workbook,
    page: &BenchMonth,
    lang: Lang,
) -> std::result::Result<(), XlsxError> {
    let say = |zh, en| pick(lang, zh, en);
    let heads = [
        say("服务商", "Provider"),
        say("服务了", "Served"),
        say("迟到", "Late"),
        say("没来", "Missed"),
        say("评价数", "Ratings"),
        say("平均评价", "Mean rating"),
        say("上月平均", "Mean before"),
        say("投诉", "Complaints"),
    ];
    let rows = page.providers.iter().map(|one| {
        vec![
            (&*one.name).into(),
            one.served.into(),
            one.late.into(),
            one.missed.into(),
            one.rated.into(),
            hundredths(one.rating_hundredths),
            hundredths(one.rating_before_hundredths),
            one.complaints.into(),
        ]
    });
    sheet(book, say("服务商", "Providers"), &heads, rows.collect())
}

fn gaps(book: &mut Workbook, page: &BenchMonth, lang: Lang) -> std::result::Result<(), XlsxError> {
    let say = |zh, en| pick(lang, zh, en);
    let heads = [
        say("服务", "Service"),
        say("需求", "Asked for"),
        say("没服务上", "Not served"),
        say("涉及老人", "Residents without"),
        say("上月没服务上", "Not served before"),
        say("说明和建议", "What to do"),
    ];
    let rows = page.gaps.iter().map(|one| {
        vec![
            (&*one.service).into(),
            one.asked.into(),
            one.unserved.into(),
            one.people.into(),
            one.unserved_before.into(),
            (&*one.sentence).into(),
        ]
    });
    sheet(book, say("缺口", "Gaps"), &heads, rows.collect())
}

fn actions(
    book: &mut Workbook,
    (name, all): (&str, &[BenchAction]),
    lang: Lang,
) -> std::result::Result<(), XlsxError> {
    let say = |zh, en| pick(lang, zh, en);
    let heads = [
        say("事项", "What"),
        say("谁来做", "Who"),
        say("完成日期", "Due"),
        say("看什么数字", "Figure"),
        say("定的时候", "When agreed"),
        say("这个月", "This month"),
        say("结论", "Finding"),
        say("备注", "Note"),
    ];
    let text = |text: &Option<String>| text.as_deref().map_or(Cell::Empty, Cell::from);
    let rows = all.iter().map(|one| {
        vec![
            (&*one.what).into(),
            (&*one.who).into(),
            Cell::Text(one.due.to_string()),
            (&*one.measure_word).into(),
            text(&one.figure),
            text(&one.figure_now),
            verdict_word(one.verdict, one.finding, lang).into(),
            text(&one.note),
        ]
    });
    sheet(book, name, &heads, rows.collect())
}

fn sheet(
    book: &mut Workbook,
    name: &str,
    heads: &[&str],
    rows: Vec<Vec<Cell>>,
) -> std::result::Result<(), XlsxError> {
    let head = Format::new().set_bold().set_align(FormatAlign::Center);
    let units = Format::new().set_num_format("0.00");
    let page: &mut Worksheet = book.add_worksheet();
    page.set_name(name)?;
    page.set_column_width(0, 30)?;
    page.set_freeze_panes(1, 0)?;
    for (at, text) in (0_u16..).zip(heads) {
        page.write_string_with_format(0, at, *text, &head)?;
        if at > 0 {
            page.set_column_width(at, 16)?;
        }
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (at, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    page.write_string(row, at, guarded(&text))?;
                }
                Cell::Number(count) => {
                    page.write_number(row, at, as_float(count))?;
                }
                Cell::Hundredths(value) => {
                    page.write_number_with_format(row, at, as_float(value) / 100.0, &units)?;
                }
            }
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a month's counts and minutes are far below 2^53"
)]
fn as_float(count: i64) -> f64 {
    count as f64
}
