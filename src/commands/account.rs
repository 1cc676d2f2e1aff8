//! `yinling account create`: the first account of a new community's office.

use std::io::BufRead;
use std::process::ExitCode;

use chrono::Utc;
use clap::Subcommand;
use entity::words::{Lang, Role};
use entity::{account, account_role, community};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Iterable,
    QueryFilter, QueryOrder,
};
use yinling::accounts::password;
use yinling::error::{Error, Problem};
use yinling::said::Said;
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
        /// coordinator, clerk, grid_officer, panel_member or admin; may be given more than once.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
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
        email,
    } = command;
    let roles: Vec<Role> = roles
        .iter()
        .map(|word| role(word))
        .collect::<Result<_, _>>()?;
    let mut secret = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut secret)
        .map_err(|error| error.to_string())?;
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.chars().count() < 8 {
        return Err("The password, read from standard input, needs at least 8 characters.".into());
    }
    let hash = password::hash(secret).map_err(|error| error.to_string())?;
    let now = Utc::now();
    store
        .write(move |txn| {
            let (login, name, email, hash, roles) =
                (login.clone(), name.clone(), email.clone(), hash.clone(), roles.clone());
            Box::pin(async move {
                let refused = |en: &str| Error::from(Problem::field("login", Said::new(en, en)));
                let community = community::Entity::find()
                    .order_by_asc(community::Column::Id)
                    .one(txn)
                    .await?
                    .ok_or_else(|| refused("There is no community yet: start `yinling serve --demo` on a new database."))?;
                if account::Entity::find().filter(account::Column::Login.eq(&login)).one(txn).await?.is_some() {
                    return Err(refused("This login is taken."));
                }
                let row = account::ActiveModel {
                    community_id: Set(community.id),
                    name: Set(name),
                    login: Set(Some(login)),
                    password_hash: Set(Some(hash)),
                    email: Set(email),
                    lang: Set(Lang::Zh),
                    disabled: Set(false),
                    created_at: Set(now),
                    ..Default::default()
                }
                .insert(txn)
                .await?;
                for role in roles {
                    account_role::ActiveModel {
                        account_id: Set(row.id),
                        role: Set(role),
                    }
                    .insert(txn)
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error| match error {
            Error::Refused(problem) => problem.what.en,
            other => other.to_string(),
        })?;
    println!("Done.");
    Ok(ExitCode::SUCCESS)
}

fn role(word: &str) -> Result<Role, String> {
    Role::iter()
        .find(|role| role.to_value() == word)
        .ok_or_else(|| format!("There is no role {word}: take coordinator, clerk, grid_officer, panel_member or admin."))
}
