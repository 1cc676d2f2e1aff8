//! `yinling account create`: the first account of a new community's office, under the same rules as every other.

use std::io::BufRead;
use std::process::ExitCode;

use chrono::Utc;
use clap::Subcommand;
use entity::community;
use entity::ids::{CommunityId, ProviderId};
use entity::words::Role;
use sea_orm::{ActiveEnum, EntityTrait, Iterable, QueryOrder};
use yinling::accounts::queries::{self, Checked};
use yinling::accounts::{check_new, looks_like_mail, password};
use yinling::error::Error;
use yinling::store::Store;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account; its password is read from standard input.
    Create {
        /// What they sign in with.
        #[arg(long)]
        login: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// coordinator, clerk, grid_officer, panel_member, shopkeeper or admin; may be given more than once.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// The number of the merchant at whose counter a shopkeeper stands.
        #[arg(long = "merchant")]
        counter: Option<i64>,
        /// Where their mail goes.
        #[arg(long)]
        email: Option<String>,
    },
}

/// Does what was typed.
pub async fn run(store: &Store, command: Account) -> Result<ExitCode, String> {
    let Account::Create {
        login,
        name,
        roles,
        counter,
        email,
    } = command;
    let counter = counter.map(ProviderId);
    let roles: Vec<Role> = roles
        .iter()
        .map(|word| role(word))
        .collect::<Result<_, _>>()?;
    if let Some(email) = &email
        && !looks_like_mail(email)
    {
        return Err(format!(
            "{email} does not look like a mail address, such as wang@example.org."
        ));
    }
    let secret = typed_password()?;
    check_new(&name, &login, &secret, &roles).map_err(in_words)?;
    let new = Checked {
        community: community(store).await?,
        name: name.trim().to_owned(),
        login,
        password_hash: password::hash(&secret).map_err(in_words)?,
        email,
        roles,
        counter,
    };
    let now = Utc::now();
    store
        .write(move |txn| {
            let new = new.clone();
            Box::pin(async move { queries::create(txn, now, None, &new).await })
        })
        .await
        .map_err(in_words)?;
    println!("Done.");
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input, which no list of processes shows.
fn typed_password() -> Result<String, String> {
    let mut secret = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut secret)
        .map_err(|error| format!("The password cannot be read from standard input: {error}"))?;
    Ok(secret.trim_end_matches(['\r', '\n']).to_owned())
}

/// The community of this database; the first, should there be several.
async fn community(store: &Store) -> Result<CommunityId, String> {
    community::Entity::find()
        .order_by_asc(community::Column::Id)
        .one(store.read())
        .await
        .map_err(|error| error.to_string())?
        .map(|row| row.id)
        .ok_or_else(|| {
            "There is no community yet: start `yinling serve --demo` on a new database.".to_owned()
        })
}

fn in_words(error: Error) -> String {
    match error {
        Error::Refused(problem) => problem.what.en,
        other => other.to_string(),
    }
}

fn role(word: &str) -> Result<Role, String> {
    Role::iter()
        .find(|role| role.to_value() == word)
        .ok_or_else(|| format!("There is no role {word}: take coordinator, clerk, grid_officer, panel_member, shopkeeper or admin."))
}
