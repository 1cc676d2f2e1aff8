//! A provider's month as a workbook.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::words::{Lang, PaySource};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::views::{PaidPlace, PaidVisit, PaymentLine, Settlement};
use crate::error::{Error, Result};
use crate::formula::guarded;
use crate::said::pick;

/// The sources, in the order of their columns.
const SOURCES: [(PaySource, &str, &str); 5] = [
    (PaySource::SelfPaid, "自付", "Self"),
    (PaySource::Subsidy, "补贴", "Subsidy"),
    (PaySource::Voucher, "优惠券", "Voucher"),
    (PaySource::Credit, "时间银行", "Hours"),
    (PaySource::Waived, "减免", "Waived"),
];
/// The column of the price; those of the sources follow.
const PRICE: u16 = 5;

/// The workbook's bytes.
///
/// # Errors
/// Ours, where it cannot be written.
pub fn of(settlement: &Settlement, zone: Tz, lang: Lang) -> Result<Vec<u8>> {
    write(settlement, zone, lang)
        .map_err(|error| Error::Internal(format!("a workbook cannot be written: {error}")))
}

fn write(settlement: &Settlement, zone: Tz, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(pick(lang, "结算单", "Settlement"))?;
    let bold = Format::new().set_bold();
    let yuan = Format::new().set_num_format("0.00");
    let sum = Format::new().set_num_format("0.00").set_bold();
    let month = settlement.month.format("%Y-%m").to_string();
    sheet.write_string_with_format(0, 0, guarded(&settlement.provider), &bold)?;
    sheet.write_string(0, 1, month)?;
    heads(sheet, lang)?;
    let mut row = 3;
    for visit in &settlement.visits {
        line(sheet, row, &Line::of_visit(visit), zone, &yuan)?;
        row += 1;
    }
    for place in &settlement.sessions {
        line(sheet, row, &Line::of_place(place, lang), zone, &yuan)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, pick(lang, "合计", "Total"), &bold)?;
    sheet.write_number_with_format(row, PRICE, in_yuan(settlement.price_fen), &sum)?;
    for (at, (source, ..)) in (PRICE + 1..).zip(SOURCES) {
        let paid = settlement
            .totals
            .iter()
            .find(|total| total.source == source)
            .map_or(0, |total| total.amount_fen);
        sheet.write_number_with_format(row, at, in_yuan(paid), &sum)?;
    }
    for (name, fen) in [
        (
            pick(lang, "柜台收券", "Vouchers at the counter"),
            settlement.counter_vouchers_fen,
        ),
        (
            pick(lang, "社区应付", "Owed by the community"),
            settlement.owed_fen,
        ),
    ] {
        row += 1;
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_number_with_format(row, PRICE, in_yuan(fen), &sum)?;
    }
    book.save_to_buffer()
}

fn heads(sheet: &mut Worksheet, lang: Lang) -> std::result::Result<(), XlsxError> {
    let head = Format::new().set_bold().set_align(FormatAlign::Center);
    let names = [
        ("日期", "Date"),
        ("时间", "Time"),
        ("工单/名额", "Visit or place"),
        ("老人", "Resident"),
        ("服务/活动", "Service or session"),
        ("价格（元）", "Price (yuan)"),
    ];
    let sources = SOURCES.iter().map(|(_, zh, en)| (*zh, *en));
    for (at, (zh, en)) in (0_u16..).zip(names.into_iter().chain(sources)) {
        sheet.write_string_with_format(2, at, pick(lang, zh, en), &head)?;
    }
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(3, 14)?;
    sheet.set_column_width(4, 32)?;
    sheet.set_freeze_panes(3, 0)?;
    Ok(())
}

/// What stands in a row, of a visit or of a place in a session.
struct Line<'a> {
    start: DateTime<Utc>,
    number: String,
    resident: &'a str,
    what: &'a str,
    price_fen: i64,
    lines: &'a [PaymentLine],
}

impl<'a> Line<'a> {
    fn of_visit(visit: &'a PaidVisit) -> Self {
        Self {
            start: visit.start,
            number: visit.visit_id.to_string(),
            resident: &visit.resident,
            what: &visit.service,
            price_fen: visit.price_fen,
            lines: &visit.lines,
        }
    }

    /// A place has numbers of its own, so they are told from those of visits.
    fn of_place(place: &'a PaidPlace, lang: Lang) -> Self {
        Self {
            start: place.start,
            number: format!("{} {}", pick(lang, "名额", "Place"), place.signup_id),
            resident: &place.resident,
            what: &place.title,
            price_fen: place.price_fen,
            lines: &place.lines,
        }
    }
}

fn line(
    sheet: &mut Worksheet,
    row: u32,
    of: &Line<'_>,
    zone: Tz,
    yuan: &Format,
) -> std::result::Result<(), XlsxError> {
    let local = of.start.with_timezone(&zone);
    sheet.write_string(row, 0, local.format("%Y-%m-%d").to_string())?;
    sheet.write_string(row, 1, local.format("%H:%M").to_string())?;
    sheet.write_string(row, 2, &of.number)?;
    sheet.write_string(row, 3, guarded(of.resident))?;
    sheet.write_string(row, 4, guarded(of.what))?;
    sheet.write_number_with_format(row, PRICE, in_yuan(of.price_fen), yuan)?;
    for (at, (source, ..)) in (PRICE + 1..).zip(SOURCES) {
        if let Some(paid) = of.lines.iter().find(|paid| paid.source == source) {
            sheet.write_number_with_format(row, at, in_yuan(paid.amount_fen), yuan)?;
        }
    }
    Ok(())
}

/// Yuan, for a cell that people reckon with; two places hold every whole fen exactly enough.
fn in_yuan(fen: i64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a month's money is far below 2^53 fen"
    )]
    let fen = fen as f64;
    fen / 100.0
}
