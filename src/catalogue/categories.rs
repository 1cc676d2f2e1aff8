//! The catalogue's categories in both languages. They are kept in Chinese; the list is the trade's own and fixed.

use entity::words::Lang;

/// Chinese and English.
const CATEGORIES: &[(&str, &str)] = &[
    ("助餐", "Meals"),
    ("助洁", "Cleaning"),
    ("助浴", "Bathing"),
    ("助行", "Getting about"),
    ("助医", "Doctor and hospital"),
    ("助急", "Urgent help"),
    ("代办", "Errands"),
    ("日间照料", "Day care"),
    ("康复护理", "Nursing and rehabilitation"),
    ("健康体检", "Health checks"),
    ("精神慰藉", "Company and comfort"),
    ("文娱", "Classes and leisure"),
    ("理容", "Hair and grooming"),
    ("摄影", "Photography"),
    ("便民维修", "Repairs"),
    ("智能设备", "Smart devices"),
    ("适老化改造", "Adapting the home"),
];

/// A category's word; one that a community added itself stays as it was written.
#[must_use]
pub fn category_word(category: &str, lang: Lang) -> &str {
    match lang {
        Lang::Zh => category,
        Lang::En => CATEGORIES
            .iter()
            .find(|(zh, _)| *zh == category)
            .map_or(category, |(_, en)| en),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_said_in_both_languages_and_an_unknown_one_as_it_is() {
        assert_eq!(category_word("助餐", Lang::Zh), "助餐");
        assert_eq!(category_word("助餐", Lang::En), "Meals");
        assert_eq!(category_word("园艺", Lang::En), "园艺");
    }

    #[test]
    fn no_two_categories_share_a_word() {
        let distinct: std::collections::HashSet<_> = CATEGORIES.iter().map(|(_, en)| en).collect();
        assert_eq!(distinct.len(), CATEGORIES.len());
    }
}
