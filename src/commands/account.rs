//! `yinling account`: the first account of a new community's office, under the same rules as every other, and the way in for
//! somebody who is locked out.

use std::io::BufRead;
use std::process::ExitCode;

use chrono::Utc;
use clap::Subcommand;
use entity::ids::ProviderId;
use entity::words::Role;
use entity::{account, community};
use sea_orm::{ActiveEnum, EntityTrait, Iterable, QueryOrder};
use yinling::accounts::queries;
use yinling::accounts::register::{self, Checked};
use yinling::accounts::secret::{self, SetBy};
use yinling::accounts::{check_new, looks_like_mail, password, second, sessions, strength};
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
    /// Take the second factor off the account of somebody whose telephone is lost; every sign-in of theirs ends.
    ResetSecondFactor {
        /// What they sign in with.
        login: String,
    },
    /// Give somebody who is locked out a new password, read from standard input; every sign-in of theirs ends.
    Password {
        /// What they sign in with.
        login: String,
    },
}

/// Does what was typed.
pub async fn run(store: &Store, command: Account) -> Result<ExitCode, String> {
    match command {
        Account::Create {
            login,
            name,
            roles,
            counter,
            email,
        } => {
            let typed = Typed {
                login,
                name,
                roles,
                counter,
                email,
            };
            create(store, typed).await?;
        }
        Account::ResetSecondFactor { login } => reset_second(store, &login).await?,
        Account::Password { login } => new_password(store, &login).await?,
    }
    println!("Done.");
    Ok(ExitCode::SUCCESS)
}

/// A new account, as it was typed.
struct Typed {
    login: String,
    name: String,
    roles: Vec<String>,
    counter: Option<i64>,
    email: Option<String>,
}

async fn create(store: &Store, typed: Typed) -> Result<(), String> {
    let Typed {
        login,
        name,
        roles,
        counter,
        email,
    } = typed;
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
    let place = community(store).await?;
    check_new(&name, &login, &secret, &roles, &place.name).map_err(in_words)?;
    let new = Checked {
        community: place.id,
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
            Box::pin(async move { register::create(txn, now, None, &new).await })
        })
        .await
        .map_err(in_words)?;
    Ok(())
}

async fn new_password(store: &Store, login: &str) -> Result<(), String> {
    let row = of_login(store, login).await?;
    let secret = typed_password()?;
    let place = queries::community(store.read(), row.community_id)
        .await
        .map_err(in_words)?;
    strength::check("password", &secret, login, &place.name).map_err(in_words)?;
    let (now, hash) = (Utc::now(), password::hash(&secret).map_err(in_words)?);
    store
        .write(move |txn| {
            let (row, hash) = (row.clone(), hash.clone());
            Box::pin(async move { secret::set(txn, now, &row, hash, SetBy::Operator).await })
        })
        .await
        .map_err(in_words)
}

async fn reset_second(store: &Store, login: &str) -> Result<(), String> {
    let (row, now) = (of_login(store, login).await?, Utc::now());
    let was = store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move {
                let was = second::queries::switch_off(txn, now, None, &row).await?;
                if was {
                    sessions::end_all(txn, row.id, None).await?;
                }
                Ok(was)
            })
        })
        .await
        .map_err(in_words)?;
    if was {
        Ok(())
    } else {
        Err(format!("{login} has no second factor."))
    }
}

async fn of_login(store: &Store, login: &str) -> Result<account::Model, String> {
    secret::of_login(store.read(), login)
        .await
        .map_err(in_words)?
        .ok_or_else(|| format!("Nobody signs in with {login}."))
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
async fn community(store: &Store) -> Result<community::Model, String> {
    community::Entity::find()
        .order_by_asc(community::Column::Id)
        .one(store.read())
        .await
        .map_err(|error| error.to_string())?
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
