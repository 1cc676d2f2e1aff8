//! Whatever comes from outside is read or refused in words: workbooks, repeat rules, settings. Never a panic, never an answer
//! that does not come.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::sample::Index;
use yinling::residents::workbook::read::read;
use yinling::series::rule::Rule;
use zip::ZipArchive;

use crate::support::workbook::{HEAD, roll, zipped};

/// So many cases; `PROPTEST_CASES` asks for more.
fn cases(least: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.max(least),
        failure_persistence: None,
        ..usual
    }
}

fn first() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

/// Words that rules are made of, some of which mean nothing.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        prop_oneof![
            "DAILY",
            "WEEKLY",
            "MONTHLY",
            "YEARLY",
            "HOURLY",
            "[A-Z]{1,6}"
        ]
        .prop_map(|freq| format!("FREQ={freq}")),
        (-2_i64..400).prop_map(|n| format!("INTERVAL={n}")),
        any::<u64>().prop_map(|n| format!("INTERVAL={n}")),
        (0_u64..1_200).prop_map(|n| format!("COUNT={n}")),
        "(MO|TU|WE|TH|FR|SA|SU|XX)(,(\\+|-)?[0-9]{0,2}(MO|TU|SU))?"
            .prop_map(|days| format!("BYDAY={days}")),
        (-40_i64..40).prop_map(|n| format!("BYMONTHDAY={n}")),
        (-2_i64..15).prop_map(|n| format!("BYMONTH={n}")),
        (-60_i64..60).prop_map(|n| format!("BYWEEKNO={n}")),
        (-370_i64..370).prop_map(|n| format!("BYYEARDAY={n}")),
        (-370_i64..370).prop_map(|n| format!("BYSETPOS={n}")),
        "(19|20|99)[0-9]{2}[01][0-9][0-3][0-9](T[0-9]{6}Z?)?"
            .prop_map(|until| format!("UNTIL={until}")),
        "WKST=(MO|SU|[A-Z]{2})",
        "BYHOUR=[0-9]{1,2}",
        "[A-Z=,;+0-9-]{0,12}",
    ]
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_rule_is_read_or_refused_at_once(parts in prop::collection::vec(part(), 0..6), noise in "\\PC{0,3}") {
        let text = format!("{}{noise}", parts.join(";"));
        let began = Instant::now();
        if let Ok(rule) = Rule::read(&text, first()) {
            let last = first() + TimeDelta::days(800);
            for date in rule.dates(last) {
                prop_assert!((first()..=last).contains(&date), "{text}: {date}");
                prop_assert!(date.year() < 2030);
            }
            prop_assert!(!rule.said().zh.is_empty() && !rule.said().en.is_empty());
        }
        prop_assert!(began.elapsed() < Duration::from_secs(5), "{text} took {:?}", began.elapsed());
    }
}

/// What may stand in a cell.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        "[0-9./-]{0,12}",
        Just(String::new()),
        Just("=HYPERLINK(\"http://x\")".to_owned()),
        Just("1899-12-31".to_owned()),
        Just("9".repeat(300)),
    ]
}

/// Reads bytes as a workbook: how many rows, or that it was refused in words.
fn rows_of(bytes: &[u8]) -> Option<usize> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let mut rows = 0;
    let began = Instant::now();
    let told = read(
        file.path(),
        |_| {},
        |_| {
            rows += 1;
            ControlFlow::Continue(())
        },
    );
    assert!(began.elapsed() < Duration::from_secs(10));
    match told {
        Ok(_) => Some(rows),
        Err(why) => {
            assert!(!format!("{why:?}").is_empty());
            None
        }
    }
}

/// A sheet as it lies in a workbook, its parts written by hand so that they can be damaged.
fn sheet(cells: &[(String, String, String)]) -> String {
    let head: String = (b'A'..)
        .zip(HEAD)
        .map(|(at, name)| {
            format!(
                "<c r=\"{}1\" t=\"inlineStr\"><is><t>{name}</t></is></c>",
                char::from(at)
            )
        })
        .collect();
    let rows: String = cells
        .iter()
        .map(|(place, kind, value)| {
            format!("<row r=\"2\"><c r=\"{place}\" t=\"{kind}\"><v>{value}</v></c></row>")
        })
        .collect();
    format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">{head}</row>{rows}</sheetData></worksheet>"
    )
}

/// The parts of a workbook as an office writes it.
fn parts() -> Vec<(String, Vec<u8>)> {
    let mut packed = ZipArchive::new(Cursor::new(roll(&[]))).unwrap();
    (0..packed.len())
        .map(|at| {
            let mut part = packed.by_index(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The same with one part otherwise.
fn packed(part: &str, text: &str) -> Vec<u8> {
    let mut parts = parts();
    let found = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    found.1 = text.as_bytes().to_vec();
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    zipped(&parts)
}

#[test]
fn a_workbook_packed_by_hand_is_read() {
    let cells = [("A2".to_owned(), "str".to_owned(), "王桂芳".to_owned())];
    assert_eq!(rows_of(&packed(SHEET, &sheet(&cells))), Some(1));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_cells_are_read(cells in prop::collection::vec(prop::array::uniform10(cell()), 0..8)) {
        let rows: Vec<[&str; 10]> = cells.iter().map(|row| row.each_ref().map(String::as_str)).collect();
        prop_assert!(rows_of(&roll(&rows)).is_some());
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(
        at in prop::collection::vec((any::<Index>(), any::<u8>()), 1..8),
        cut in prop::option::weighted(0.3, any::<Index>()),
    ) {
        let mut bytes = roll(&[["王桂芳", "女", "1948-03-02", "3", "2", "501", "13800000000", "独居", "2", ""]]);
        for (place, to) in at {
            let place = place.index(bytes.len());
            bytes[place] = to;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        rows_of(&bytes);
    }

    #[test]
    fn odd_cells_are_read_or_refused(
        cells in prop::collection::vec((
            prop_oneof!["[A-Z]{1,4}[0-9]{0,9}", "\\PC{0,6}"],
            prop_oneof!["s", "str", "n", "b", "d", "e", "inlineStr", "[a-z]{0,4}"],
            prop_oneof!["-?[0-9]{1,20}(\\.[0-9]{1,9})?(E[0-9]{1,3})?", "[0-9a-zA-Z&;#<>/]{0,12}"],
        ), 0..6),
        damage in prop::collection::vec((any::<Index>(), "[<>/\"'&a-z0-9=]{0,4}"), 0..3),
    ) {
        let mut text = sheet(&cells);
        for (at, with) in damage {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            text.insert_str(*at.get(&places), &with);
        }
        rows_of(&packed(SHEET, &text));
    }

    #[test]
    fn odd_parts_are_read_or_refused(
        of in any::<Index>(),
        at in prop::collection::vec((any::<Index>(), "[<>/\"'&a-zA-Z0-9=.]{0,6}"), 1..5),
    ) {
        let parts = parts();
        let (name, content) = of.get(&parts);
        let mut text = String::from_utf8(content.clone()).unwrap();
        for (place, with) in at {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            if places.is_empty() {
                break;
            }
            let from = place.index(places.len());
            let to = places.get(from + 3).copied().unwrap_or(text.len());
            text.replace_range(places[from]..to, &with);
        }
        rows_of(&packed(name, &text));
    }
}
