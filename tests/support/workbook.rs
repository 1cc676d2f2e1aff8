//! Workbooks for tests: good ones, and such as no office writes.

use std::io::Write;

use rust_xlsxwriter::{Workbook, Worksheet};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The headings of a roll in the order of [`workbook`]'s usual rows.
pub const HEAD: [&str; 10] = [
    "姓名",
    "性别",
    "出生日期",
    "楼栋",
    "单元",
    "室号",
    "联系电话",
    "居住情况",
    "能力等级",
    "备注",
];

/// A workbook with one sheet, its cells text.
pub fn workbook(rows: &[Vec<&str>]) -> Vec<u8> {
    made(|page| {
        for (row, cells) in (0..).zip(rows) {
            for (at, cell) in (0..).zip(cells) {
                if !cell.is_empty() {
                    page.write_string(row, at, *cell).unwrap();
                }
            }
        }
    })
}

/// A roll with the usual headings above these rows.
pub fn roll(rows: &[[&str; 10]]) -> Vec<u8> {
    let mut all = vec![HEAD.to_vec()];
    all.extend(rows.iter().map(|row| row.to_vec()));
    workbook(&all)
}

/// A workbook whose sheet is filled by hand.
pub fn made(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// A packed folder with these parts.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = ZipWriter::new(std::io::Cursor::new(&mut bytes));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    bytes
}

/// A workbook whose parts are given: its sheet, and its table of words.
pub fn raw(sheet: &[u8], words: &[u8]) -> Vec<u8> {
    const TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    const RELATIONS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &[u8] = br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const BOOK_RELATIONS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    zipped(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/sharedStrings.xml", words),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A sheet's text around these rows.
pub fn sheet(rows: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
    .into_bytes()
}

/// No words at all.
pub const NO_WORDS: &[u8] =
    br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0" uniqueCount="0"></sst>"#;

/// A row of cells that hold their text themselves.
pub fn inline_row(row: u32, cells: &[&str]) -> String {
    let cells: String = ('A'..)
        .zip(cells)
        .map(|(letter, text)| {
            format!(r#"<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        })
        .collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

/// A workbook of some hundred kilobytes that becomes six hundred megabytes.
pub fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = ZipWriter::new(std::io::Cursor::new(&mut bytes));
    let options = SimpleFileOptions::default();
    zip.start_file("xl/workbook.xml", options).unwrap();
    zip.write_all(b"<workbook/>").unwrap();
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let piece = b"<row/>".repeat(170_000);
    for _ in 0..600 {
        zip.write_all(&piece).unwrap();
    }
    zip.finish().unwrap();
    bytes
}
