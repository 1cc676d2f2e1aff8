//! Texts in workbooks that an office program could take for formulas: the one place that decides it.

/// Whether an office program could take this text for a formula when somebody edits it, or saves the sheet as CSV and opens
/// that.
#[must_use]
pub fn looks_like_one(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with([
            '=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠', '\t', '\r', '\n',
        ])
}

/// A text that no program takes for a formula: one that looks like one gets an apostrophe before it. Not for workbooks that
/// come back, such as the roll: there the cell's format says the same and the text stays as it is.
#[must_use]
pub fn guarded(text: &str) -> String {
    if looks_like_one(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_a_formula_is_a_text() {
        for bad in [
            "=1+1",
            "+86",
            "-1",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r1",
            "＝1",
            "|cmd",
            "%1",
            "\u{3000}=1",
        ] {
            assert!(looks_like_one(bad), "{bad}");
            assert!(guarded(bad).starts_with('\''), "{bad}");
        }
        for good in ["王奶奶", "1=1", "O'Neil", "", "3-2-501"] {
            assert_eq!(guarded(good), good);
        }
    }
}
