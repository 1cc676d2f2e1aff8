//! Lists that grow are given page by page, by key and never by counting: whoever asks for the rows after one gets those that
//! follow it, however many are added or go meanwhile, and the thousandth page costs what the first does.
//!
//! A list that is an array goes on where its `Link` header with `rel="next"` says (RFC 8288); without one it is at its end.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Value};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Rows in a page.
pub const PAGE: usize = 100;

/// How many rows to read for a page: one more than it has, which says whether it is the last.
pub const READ: u64 = PAGE as u64 + 1;

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paged {
    /// Only the rows after this one, as the `Link` header of the page before says; the first where nothing is said.
    #[serde(default)]
    pub after: Option<i64>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    rows: Vec<T>,
    next: Option<String>,
}

/// Cuts what was read to a page; gives the key of its last row where there are more.
pub fn cut<T>(rows: &mut Vec<T>, key: impl Fn(&T) -> i64) -> Option<i64> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    rows.last().filter(|_| more).map(key)
}

/// The rows that follow the one with this key, in ascending order of the key's columns.
pub fn beyond<C: ColumnTrait, const N: usize>(columns: [C; N], key: [Value; N]) -> SimpleExpr {
    tuple(columns).gt(Expr::tuple(key.map(Expr::val)))
}

/// The same in descending order.
pub fn before<C: ColumnTrait, const N: usize>(columns: [C; N], key: [Value; N]) -> SimpleExpr {
    tuple(columns).lt(Expr::tuple(key.map(Expr::val)))
}

fn tuple<C: ColumnTrait, const N: usize>(columns: [C; N]) -> SimpleExpr {
    Expr::tuple(columns.map(|column| Expr::col(column.as_column_ref())))
}

impl<T> Page<T> {
    /// These rows; the next begin after the row with the key `after`, if there are more.
    #[must_use]
    pub fn new(rows: Vec<T>, after: Option<i64>) -> Self {
        Self::asked(rows, after, &[])
    }

    /// The same, where the list was asked for in these words too.
    #[must_use]
    pub fn asked(rows: Vec<T>, after: Option<i64>, words: &[(&str, &str)]) -> Self {
        let next = after.map(|after| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(words);
            query.append_pair("after", &after.to_string());
            format!("<?{}>; rel=\"next\"", query.finish())
        });
        Self { rows, next }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.rows).into_response();
        if let Some(next) = self.next.and_then(|next| next.parse().ok()) {
            response.headers_mut().insert(header::LINK, next);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(page: Page<i64>) -> Option<String> {
        let response = page.into_response();
        let link = response.headers().get(header::LINK)?;
        link.to_str().ok().map(str::to_owned)
    }

    #[test]
    fn a_page_says_where_the_list_goes_on_and_the_last_says_nothing() {
        let mut rows: Vec<i64> = (1..=101).collect();
        let after = cut(&mut rows, |row| *row);
        assert_eq!((rows.len(), after), (100, Some(100)));
        let page = Page::asked(rows, after, &[("state", "all")]);
        assert_eq!(
            link(page).as_deref(),
            Some("<?state=all&after=100>; rel=\"next\"")
        );

        let mut rows: Vec<i64> = (1..=100).collect();
        let after = cut(&mut rows, |row| *row);
        assert_eq!((rows.len(), after), (100, None));
        assert_eq!(link(Page::new(rows, after)), None);
    }
}
