//! Every column of words in the database, and what becomes of it when a person is erased: one table, and a test that reads the
//! entities finds whoever forgets a new column.

/// Whose words a column holds, and so how the person's rows are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The row names the resident.
    Resident,
    /// It belongs to a visit of theirs.
    Visit,
    /// It belongs to a series of theirs.
    Series,
    /// It belongs to a help request of theirs.
    HelpRequest,
    /// It belongs to a complaint of theirs.
    Complaint,
    /// It belongs to a place of theirs in a session.
    Signup,
    /// It is an entry of their account in the time bank.
    TimeAccount,
}

/// What becomes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing stands there afterwards.
    Emptied(Whose),
    /// A dash stands there, where something must.
    Struck(Whose),
    /// An empty list stands there.
    Unlisted(Whose),
    /// The whole row goes.
    Gone(Whose),
    /// `person` or `relatives` deal with it in a way of their own.
    Apart,
    /// Nobody's words about a resident, for this reason.
    Kept(&'static str),
    /// The same, but people type it, so it might name one: the name and the telephone are struck where they stand in it.
    Searched(&'static str),
}

/// A column and its fate.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
}

const fn col(table: &'static str, name: &'static str, fate: Fate) -> Column {
    Column { table, name, fate }
}

use Fate::{Apart, Emptied, Gone, Kept, Searched, Struck, Unlisted};
use Whose::{Complaint, HelpRequest, Resident, Series, Signup, TimeAccount, Visit};

const PLACE: &str = "a place";
const CATALOGUE: &str = "the catalogue";
const HELPERS: &str = "a helper's file";
const PROVIDERS: &str = "a provider's file";
const OFFICE: &str = "the office's own words";
const KEY: &str = "a key of the program";

/// All of them, table by table.
pub const COLUMNS: &[Column] = &[
    col("absence", "note", Emptied(Resident)),
    col("access_log", "purpose", Kept("which page")),
    col("account", "name", Apart),
    col("account", "login", Apart),
    col("account", "password_hash", Apart),
    col("account", "email", Apart),
    col("account", "phone", Apart),
    col("assessment", "assessor", Gone(Resident)),
    col("assignment", "reasons", Unlisted(Visit)),
    col("assignment", "override_reason", Emptied(Visit)),
    col("assignment", "decline_reason", Emptied(Visit)),
    col("audit", "action", Kept(KEY)),
    col("audit", "note", Emptied(Resident)),
    col("bench_action", "what", Searched(OFFICE)),
    col("bench_action", "who", Searched(OFFICE)),
    col("bench_action", "judged_note", Searched(OFFICE)),
    col("booking", "note", Emptied(Resident)),
    col("booking", "cancel_why", Emptied(Resident)),
    col("building", "number", Kept(PLACE)),
    col("calendar_day", "name_zh", Kept("a holiday")),
    col("calendar_day", "name_en", Kept("a holiday")),
    col("calendar_feed", "token_hash", Apart),
    col("call", "number", Emptied(Resident)),
    col("call", "note", Emptied(Resident)),
    col("callback", "note", Struck(Resident)),
    col("callback", "done_note", Emptied(Resident)),
    col("change_request", "note", Struck(Visit)),
    col("change_request", "answer", Emptied(Visit)),
    col("check_call", "covers", Kept(KEY)),
    col("check_call", "note", Emptied(Resident)),
    col("community", "name", Kept(PLACE)),
    col("community", "street", Kept(PLACE)),
    col("community", "time_zone", Kept(PLACE)),
    col("community", "office_phone", Kept(PLACE)),
    col("complaint", "what", Struck(Resident)),
    col("complaint", "responsible", Emptied(Resident)),
    col("complaint", "correction", Emptied(Resident)),
    col("complaint_step", "note", Emptied(Complaint)),
    col("compound", "name", Kept(PLACE)),
    col("consent", "note", Emptied(Resident)),
    col("consent", "withdrawn_note", Emptied(Resident)),
    col("consent_text", "zh", Kept(OFFICE)),
    col("consent_text", "en", Kept(OFFICE)),
    col("consequence", "reason", Searched(OFFICE)),
    col("credential", "name", Kept(HELPERS)),
    col("credential", "number", Kept(HELPERS)),
    col("criterion", "name_zh", Kept(OFFICE)),
    col("criterion", "name_en", Kept(OFFICE)),
    col("erasure", "refused_why", Emptied(Resident)),
    col("grid", "name", Kept(PLACE)),
    col("help_contact", "covers", Kept(OFFICE)),
    col("help_contact", "name", Kept(OFFICE)),
    col("help_contact", "phone", Kept(OFFICE)),
    col("help_contact", "email", Kept(OFFICE)),
    col("help_request", "place", Emptied(Resident)),
    col("help_request", "what", Struck(Resident)),
    col("help_request", "phone", Emptied(Resident)),
    col("help_step", "note", Emptied(HelpRequest)),
    col("helper", "name", Kept(HELPERS)),
    col("helper", "initials", Kept(HELPERS)),
    col("helper", "phone", Kept(HELPERS)),
    col("household", "flat", Apart),
    col("household", "door_key", Apart),
    col("household", "phone", Apart),
    col("idempotency", "key", Kept(KEY)),
    col("idempotency", "request_hash", Kept(KEY)),
    col("idempotency", "body", Apart),
    col("known_source", "source", Kept(KEY)),
    col("leave", "reason", Searched(HELPERS)),
    col("one_time_link", "token_hash", Apart),
    col("outbox", "dedup_key", Kept(KEY)),
    col("outbox", "last_error", Kept("what a mail server said")),
    col("panel_interest", "why", Searched(OFFICE)),
    col("panel_sheet", "note", Searched(OFFICE)),
    col("payment_line", "reason", Struck(Visit)),
    col("plan", "summary", Kept("counts")),
    col("plan_change", "from_helpers", Kept(KEY)),
    col("plan_change", "to_helpers", Kept(KEY)),
    col("plan_change", "reasons", Unlisted(Visit)),
    col("provider", "name", Kept(PROVIDERS)),
    col("provider", "phone", Kept(PROVIDERS)),
    col("provider", "standing_note", Searched(PROVIDERS)),
    col("provider", "contact", Kept(PROVIDERS)),
    col("provider", "wants", Kept(PROVIDERS)),
    col("provider_paper", "number", Kept(PROVIDERS)),
    col("provider_paper", "issued_by", Kept(PROVIDERS)),
    col("provider_paper", "note", Kept(PROVIDERS)),
    col("provider_scan", "bytes", Kept(PROVIDERS)),
    col("rating", "words", Emptied(Resident)),
    col("rating", "answer", Emptied(Resident)),
    col("recovery_code", "hash", Kept(KEY)),
    col("rating_link", "token_hash", Apart),
    col("resident", "name", Apart),
    col("resident", "initials", Apart),
    col("resident", "phone", Apart),
    col("resident", "ability_assessor", Apart),
    col("resident", "knock_note", Apart),
    col("resident", "safety_note", Apart),
    col("retention_night", "gone", Kept("counts")),
    col("roll_import", "file_name", Searched(OFFICE)),
    col("roll_import", "sheet", Searched(OFFICE)),
    col("roll_import", "columns", Kept("headings")),
    col("roll_import", "why_zh", Kept("the program's words")),
    col("roll_import", "why_en", Kept("the program's words")),
    col("roll_import_row", "entry", Apart),
    col("roll_import_row", "remarks", Apart),
    col("series", "note", Emptied(Resident)),
    col("series", "dishes", Emptied(Resident)),
    col("series_date", "dish", Emptied(Series)),
    col("series_part", "rule", Kept("a rule of dates")),
    col("service", "code", Kept(CATALOGUE)),
    col("service", "category", Kept(CATALOGUE)),
    col("service", "name_zh", Kept(CATALOGUE)),
    col("service", "name_en", Kept(CATALOGUE)),
    col("service", "unit", Kept(CATALOGUE)),
    col("service", "home_service_class", Kept(CATALOGUE)),
    col("session", "id", Kept(KEY)),
    col("session_payment", "reason", Struck(Signup)),
    col("session", "data", Kept(KEY)),
    col("second_factor", "secret", Kept(KEY)),
    col("sign_in_try", "id", Kept(KEY)),
    col("skill", "code", Kept(CATALOGUE)),
    col("skill", "name_zh", Kept(CATALOGUE)),
    col("skill", "name_en", Kept(CATALOGUE)),
    col("station_room", "name_zh", Kept(PLACE)),
    col("station_room", "name_en", Kept(PLACE)),
    col("station_session", "title", Searched(OFFICE)),
    col("station_session", "cancel_why", Searched(OFFICE)),
    col("station_session", "override_why", Searched(OFFICE)),
    col("time_entry", "once", Kept(KEY)),
    col("time_entry", "reason", Emptied(TimeAccount)),
    col("visit", "unfilled_zh", Emptied(Resident)),
    col("visit", "unfilled_en", Emptied(Resident)),
    col("visit", "override_reason", Emptied(Resident)),
    col("visit", "finish_note", Emptied(Resident)),
    col("visit", "problem_note", Emptied(Resident)),
    col("voucher", "code", Kept("a number on paper")),
    col("voucher", "reason", Struck(Resident)),
    col("voucher", "withdrawn_why", Emptied(Resident)),
];

/// The columns that people type into about others than the one who is erased: those in which another's words may name them.
pub fn typed() -> impl Iterator<Item = &'static Column> {
    COLUMNS
        .iter()
        .filter(|column| matches!(column.fate, Emptied(_) | Struck(_) | Searched(_)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The fields of words in the entities' sources: what a person may have typed is a `String` or `Json` there.
    fn in_the_entities() -> BTreeSet<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
        let mut found = BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let Some((_, rest)) = text.split_once("table_name = \"") else {
                continue;
            };
            let table = rest.split('"').next().unwrap().to_owned();
            for line in text.lines() {
                let Some((name, kind)) = line
                    .trim()
                    .strip_prefix("pub ")
                    .and_then(|field| field.split_once(": "))
                else {
                    continue;
                };
                let kind = kind.trim_end_matches(',');
                let kind = kind
                    .strip_prefix("Option<")
                    .map_or(kind, |kind| kind.trim_end_matches('>'));
                if matches!(kind, "String" | "Json" | "Vec<u8") || kind == "Vec<u8>" {
                    found.insert((table.clone(), name.to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn every_column_of_words_has_its_fate_and_only_one() {
        let named: Vec<_> = COLUMNS
            .iter()
            .map(|column| (column.table.to_owned(), column.name.to_owned()))
            .collect();
        let once: BTreeSet<_> = named.iter().cloned().collect();
        assert_eq!(once.len(), named.len(), "a column stands here twice");
        let real = in_the_entities();
        assert!(real.len() > 100, "the entities were not found");
        let missing: Vec<_> = real.difference(&once).collect();
        assert!(missing.is_empty(), "say what becomes of {missing:?}");
        let gone: Vec<_> = once.difference(&real).collect();
        assert!(gone.is_empty(), "there is no such column: {gone:?}");
    }
}
