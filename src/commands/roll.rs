//! `yinling import roll` and `yinling export roll`: the roll from a workbook and into one, without the pages.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use entity::community;
use entity::ids::RollImportId;
use entity::words::{ImportState, Lang, RowOutcome};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use yinling::clock::{Clock, local_date};
use yinling::error::Error;
use yinling::http::caller::zone_of;
use yinling::residents::import::apply::{self, Writing};
use yinling::residents::import::export::export;
use yinling::residents::import::stage::Reader;
use yinling::residents::import::views::{counts, rows};
use yinling::store::Store;

/// Rows that are told of one by one.
const TOLD: u64 = 50;

/// What can be read in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Read the roll from an .xlsx workbook.
    ///
    /// Every row is looked at first. Where all rows are good they are written, all at once. Where some are not, they are
    /// told of with their cells and nothing is written, unless --good-rows says that the good ones are wanted.
    Roll(Rolled),
}

/// Which workbook, and how.
#[derive(Debug, Args)]
pub struct Rolled {
    /// The .xlsx workbook.
    file: PathBuf,
    /// Look at the rows alone and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the good rows where others are not.
    #[arg(long, conflicts_with = "dry_run")]
    good_rows: bool,
}

/// What can be written out.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Write the roll into a new .xlsx workbook: everybody who lives here.
    Roll {
        /// The workbook to make; it must not be there yet.
        file: PathBuf,
        /// The language of the headings: zh or en.
        #[arg(long, default_value = "zh", value_parser = language)]
        lang: Lang,
    },
}

fn language(word: &str) -> Result<Lang, String> {
    match word {
        "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err("take zh or en".to_owned()),
    }
}

/// A bar on a terminal, a line now and then elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
}

impl Progress {
    fn new(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} {pos}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            ProgressBar::new_spinner()
                .with_style(style)
                .with_message(what)
        });
        Self { bar, what }
    }

    fn at(&self, rows: usize) {
        match &self.bar {
            Some(bar) => bar.set_position(rows as u64),
            None if rows.is_multiple_of(10_000) => eprintln!("{} {rows}", self.what),
            None => {}
        }
    }

    fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

async fn place(store: &Store) -> Result<community::Model, String> {
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
        Error::Refused(problem) => format!("{} {}", problem.what.en, problem.action.en),
        other => other.to_string(),
    }
}

/// Reads a workbook into the roll.
pub async fn import(store: &Store, clock: Clock, command: Import) -> Result<ExitCode, String> {
    let Import::Roll(rolled) = command;
    if !rolled.file.is_file() {
        return Err(format!("There is no file {}.", rolled.file.display()));
    }
    let place = place(store).await?;
    let now = clock.now();
    let zone = zone_of(&place);
    let reader = Reader {
        store: store.clone(),
        clock,
        community: place.id,
        today: local_date(zone, now),
        by: None,
    };
    let row = reader.new_row(&name_of(&rolled.file), now);
    let id = store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move { Ok(row.insert(txn).await?.id) })
        })
        .await
        .map_err(in_words)?;
    let progress = Progress::new("rows read:");
    let read = reader
        .run(id, rolled.file.clone(), |rows| progress.at(rows))
        .await;
    progress.done();
    read.map_err(in_words)?;
    let code = judge(store, id, &rolled).await;
    if let Ok(true) = code {
        write(
            store,
            Writing {
                import: id,
                community: place.id,
                by: None,
                now: reader.clock.now(),
                zone,
            },
        )
        .await?;
    }
    forget(store, id).await?;
    code.map(|_| ExitCode::SUCCESS)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Tells what the rows would do; says whether they are to be written.
async fn judge(store: &Store, id: RollImportId, rolled: &Rolled) -> Result<bool, String> {
    let row = entity::roll_import::Entity::find_by_id(id)
        .one(store.read())
        .await
        .map_err(|error| error.to_string())?
        .ok_or("The import vanished.")?;
    if row.state != ImportState::Checked {
        return Err(row
            .why_en
            .unwrap_or_else(|| "It cannot be read.".to_owned()));
    }
    let counts = counts(store.read(), id).await.map_err(in_words)?;
    println!(
        "{} rows: {} new, {} changed, {} the same, {} perhaps known, {} refused.",
        row.rows_read, counts.new, counts.changed, counts.same, counts.duplicate, counts.refused
    );
    for outcome in [RowOutcome::Refused, RowOutcome::Duplicate] {
        let page = rows(store.read(), id, Some(outcome), 0, TOLD, Lang::En)
            .await
            .map_err(in_words)?;
        for row in page.rows {
            for remark in row.remarks {
                println!(
                    "  row {}{}: {}",
                    row.row,
                    remark
                        .cell
                        .map(|cell| format!(", {cell}"))
                        .unwrap_or_default(),
                    remark.sentence.unwrap_or_default()
                );
            }
        }
        if page.next.is_some() {
            println!("  … and more.");
        }
    }
    let bad = counts.refused + counts.duplicate;
    if rolled.dry_run {
        println!("Nothing was written.");
        return if bad == 0 {
            Ok(false)
        } else {
            Err(format!("{bad} rows are not good."))
        };
    }
    if bad > 0 && !rolled.good_rows {
        return Err(format!(
            "{bad} rows are not good, so nothing was written. Mend them, or add --good-rows to write the others."
        ));
    }
    if counts.good() == 0 {
        println!("There is nothing to write.");
    }
    Ok(counts.good() > 0)
}

async fn write(store: &Store, writing: Writing) -> Result<(), String> {
    let done = store
        .write(move |txn| {
            Box::pin(async move {
                entity::roll_import::ActiveModel {
                    id: Set(writing.import),
                    state: Set(ImportState::Writing),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                apply::write(txn, writing).await
            })
        })
        .await
        .map_err(in_words)?;
    println!("Written: {} new, {} changed.", done.new, done.changed);
    if !done.back.is_empty() {
        println!(
            "{} visits of people who moved wait for a helper: they are on the coordinator's list.",
            done.back.len()
        );
    }
    Ok(())
}

/// The rows of a workbook are personal: they go when they are not needed.
async fn forget(store: &Store, id: RollImportId) -> Result<(), String> {
    store
        .write(move |txn| {
            Box::pin(async move {
                entity::roll_import::Entity::delete_by_id(id)
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
        .map_err(in_words)
}

/// Writes the roll into a workbook.
pub async fn write_out(store: &Store, command: Export) -> Result<ExitCode, String> {
    let Export::Roll { file, lang } = command;
    if file.exists() {
        return Err(format!(
            "{} is there already: name another file.",
            file.display()
        ));
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(format!("There is no folder for {}.", file.display()));
    }
    let file = std::path::absolute(&file).map_err(|error| error.to_string())?;
    let place = place(store).await?;
    let progress = Progress::new("files written:");
    let mut count = 0;
    let done = export(store.read(), place.id, lang, file.clone(), |ids| {
        count += ids.len();
        progress.at(count);
    })
    .await;
    progress.done();
    let count = done.map_err(in_words)?;
    println!("{count} files are in {}.", file.display());
    Ok(ExitCode::SUCCESS)
}
