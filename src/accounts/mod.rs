//! Accounts: signing in, one-time links, and who keeps them.

mod begin;
pub mod entrance;
mod keep;
pub mod links;
mod own;
pub mod password;
pub mod queries;
pub mod register;
pub mod routes;
pub mod second;
pub mod secret;
pub mod sessions;
pub mod strength;
pub mod tries;
pub mod views;

use chrono::{DateTime, TimeDelta, Utc};
use entity::words::Role;
use sha2::{Digest, Sha256};

use crate::error::{Error, Problem};
use crate::http::input::hex;
use crate::said::Said;

/// Minutes for which a link that only signs in works.
const SIGN_IN_LINK_MIN: i64 = 30;
/// Hours after a visit's end for which a link about it works.
const VISIT_LINK_HOURS: i64 = 24;
/// Characters of a password at least.
const SHORTEST_PASSWORD: usize = 10;
/// Characters of a password at most: hashing a book would be a gift to whoever wants to keep the program busy.
pub const LONGEST_PASSWORD: usize = 200;
/// What the logins of the demonstration's people begin with.
const DEMO_LOGIN: &str = "demo-";

/// The secret of a one-time link, as it stands in its address. Only its hash is stored.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    /// Never shows the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token made of these random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(hex(&bytes))
    }

    /// A token that somebody sent.
    #[must_use]
    pub fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it stands in an address.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// As it is stored.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

/// Until when a link works: half an hour, or until a day after the visit that it is about.
#[must_use]
pub fn works_until(now: DateTime<Utc>, visit_ends: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let soon = now + TimeDelta::minutes(SIGN_IN_LINK_MIN);
    visit_ends.map_or(soon, |end| {
        soon.max(end + TimeDelta::hours(VISIT_LINK_HOURS))
    })
}

/// The page that somebody with these roles begins on.
#[must_use]
pub fn home(roles: &[Role]) -> &'static str {
    match roles.iter().min() {
        Some(Role::Coordinator) => "/board",
        Some(Role::Clerk) => "/clerk",
        Some(Role::Helper) => "/helper/today",
        Some(Role::Family) => "/family",
        Some(Role::GridOfficer) => "/grid",
        Some(Role::PanelMember) => "/panel",
        Some(Role::Shopkeeper) => "/shop",
        Some(Role::Admin) => "/admin",
        None => "/",
    }
}

/// Whether a text can be a mail address: something, an at sign, a host. The mail itself is the real proof.
#[must_use]
pub fn looks_like_mail(text: &str) -> bool {
    text.len() <= 200
        && !text.contains(char::is_whitespace)
        && text
            .rsplit_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.len() > 2)
}

/// What a new account of the office must hold, whether a page or the command line makes it; `community` is the name of
/// theirs.
///
/// # Errors
/// `invalid` with the first field that does not hold.
pub fn check_new(
    name: &str,
    login: &str,
    password: &str,
    roles: &[Role],
    community: &str,
) -> std::result::Result<(), Error> {
    let letters = |text: &str| text.chars().count();
    if !(1..=50).contains(&letters(name.trim())) {
        return refuse(
            "name",
            "姓名应为 1 到 50 个字。",
            "The name must have 1 to 50 characters.",
        );
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if !(3..=50).contains(&login.len())
        || !login.chars().all(plain)
        || login.starts_with(DEMO_LOGIN)
    {
        return refuse(
            "login",
            "登录名应为 3 到 50 个小写字母、数字或 . _ -，且不以 demo- 开头。",
            "The login must have 3 to 50 small letters, digits or . _ - and not begin with demo-.",
        );
    }
    strength::check("password", password, login, community)?;
    if roles.is_empty() {
        return refuse(
            "roles",
            "请至少选一个身份。",
            "Please choose at least one role.",
        );
    }
    if roles.contains(&Role::Helper) || roles.contains(&Role::Family) {
        return refuse(
            "roles",
            "服务人员和家属的账号随花名册建立，这里只建办公室的账号。",
            "Accounts of helpers and families come with the roll; this makes those of the office.",
        );
    }
    Ok(())
}

fn refuse(field: &'static str, zh: &str, en: &str) -> std::result::Result<(), Error> {
    Err(Problem::field(field, Said::new(zh, en)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_never_shown() {
        let token = Token::new([7; 32]);
        assert_eq!(token.text().len(), 64);
        assert_ne!(token.hash(), token.text());
        assert_eq!(token.hash(), Token::sent(token.text()).hash());
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn a_link_about_a_visit_outlives_it_by_a_day() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        assert_eq!(works_until(now, None), now + TimeDelta::minutes(30));
        let end = now + TimeDelta::days(3);
        assert_eq!(works_until(now, Some(end)), end + TimeDelta::hours(24));
        // About a visit long past it still works long enough to be opened.
        let past = now - TimeDelta::days(3);
        assert_eq!(works_until(now, Some(past)), now + TimeDelta::minutes(30));
    }

    #[test]
    fn the_first_role_decides_the_first_page() {
        assert_eq!(home(&[Role::Family, Role::Helper]), "/helper/today");
        assert_eq!(home(&[Role::Admin]), "/admin");
        assert_eq!(home(&[]), "/");
    }

    #[test]
    fn a_new_account_names_the_field_that_does_not_hold() {
        let field = |name, login, password, roles: &[Role]| match check_new(
            name,
            login,
            password,
            roles,
            "滨湖社区",
        ) {
            Err(Error::Refused(problem)) => problem.fields[0].field,
            _ => "",
        };
        let roles = [Role::Clerk];
        assert_eq!(field(" ", "liu", "long enough", &roles), "name");
        assert_eq!(field("刘", "Liu!", "long enough", &roles), "login");
        assert_eq!(field("刘", "demo-liu", "long enough", &roles), "login");
        assert_eq!(field("刘", "liu", "short", &roles), "password");
        assert_eq!(field("刘", "liu", "long enough", &[]), "roles");
        assert_eq!(field("刘", "liu", "long enough", &[Role::Family]), "roles");
        assert_eq!(field("刘", "liu", "long enough", &roles), "");
    }

    #[test]
    fn a_password_is_counted_in_characters() {
        let holds = |letters| {
            let long: String = "窗前明月光疑是地上霜"
                .chars()
                .cycle()
                .take(letters)
                .collect();
            check_new("刘", "liu", &long, &[Role::Clerk], "滨湖社区").is_ok()
        };
        assert!(holds(SHORTEST_PASSWORD) && holds(LONGEST_PASSWORD));
        assert!(!holds(SHORTEST_PASSWORD - 1) && !holds(LONGEST_PASSWORD + 1));
    }

    #[test]
    fn a_mail_address_has_a_name_and_a_host() {
        assert!(looks_like_mail("wang@example.org"));
        for bad in ["wang", "@example.org", "a b@example.org", "wang@"] {
            assert!(!looks_like_mail(bad), "{bad}");
        }
    }
}
