//! The calendar of holidays and of weekends that are worked: data of the office, which series and bookings go by.

pub mod feed;
pub mod routes;

use crate::error::{Problem, Result};
use crate::said::Said;

/// Characters of a day's name at most.
const LONGEST_NAME: usize = 40;

/// A name that says something.
///
/// # Errors
/// `invalid` with the field.
pub fn check_name(field: &'static str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Problem::field(
            field,
            Said::new(
                format!("请写出名称，最多 {LONGEST_NAME} 个字。"),
                format!("Please give a name of at most {LONGEST_NAME} characters."),
            ),
        )
        .into());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_bounded_and_not_blank() {
        assert_eq!(check_name("name_zh", " 春节 ").unwrap(), "春节");
        assert!(check_name("name_zh", "  ").is_err());
        assert!(check_name("name_en", &"x".repeat(41)).is_err());
    }
}
