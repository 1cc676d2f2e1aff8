//! Reading a workbook: its rows are judged some hundred at a time and kept beside the roll, so that a person can look at
//! them page by page. Nothing of the roll is touched.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, CommunityId, RollImportId};
use entity::words::{ImportState, Subject};
use entity::{roll_import, roll_import_row};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::judge::{self, Seen};
use super::{AT_ONCE, Judged, stored};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::residents::workbook::Unreadable;
use crate::residents::workbook::columns::Column;
use crate::residents::workbook::read::{GoOn, Line, Sheet, read};
use crate::said::Said;
use crate::store::Store;
use crate::store::audit::{self, Change};

/// Which columns were recognised, as it is kept with an import.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Columns {
    /// Those that were.
    pub known: Vec<Column>,
    /// Headings that were not.
    pub unknown: Vec<String>,
}

/// Who reads a workbook into which roll.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Whose roll.
    pub community: CommunityId,
    /// The present local day.
    pub today: NaiveDate,
    /// Who reads; nobody from the command line.
    pub by: Option<AccountId>,
}

/// What the reading of the file sends on.
enum Piece {
    Sheet(Sheet),
    Lines(Vec<Line>),
    End(std::result::Result<(), Unreadable>),
}

impl Reader {
    /// The row under which the reading is known.
    #[must_use]
    pub fn new_row(&self, file_name: &str, now: DateTime<Utc>) -> roll_import::ActiveModel {
        let name: String = file_name
            .chars()
            .filter(|letter| !letter.is_control())
            .take(120)
            .collect();
        roll_import::ActiveModel {
            community_id: Set(self.community),
            file_name: Set(name),
            state: Set(ImportState::Reading),
            rows_read: Set(0),
            started_by: Set(self.by),
            created_at: Set(now),
            heard_at: Set(now),
            ..Default::default()
        }
    }

    /// Reads the file to its end, or until the import is stopped. `tell` hears how many rows have been read.
    ///
    /// # Errors
    /// The database's. A file that cannot be read is no error here: the import says so.
    pub async fn run(
        &self,
        id: RollImportId,
        path: PathBuf,
        tell: impl Fn(usize) + Send,
    ) -> Result<()> {
        let (send, mut pieces) = mpsc::channel::<Piece>(2);
        let reading = tokio::task::spawn_blocking(move || {
            let mut lines = Vec::with_capacity(AT_ONCE);
            let done = read(
                &path,
                |sheet| {
                    // Nobody listens any more: the rows that follow find out.
                    let _ = send.blocking_send(Piece::Sheet(sheet.clone()));
                },
                |line| {
                    lines.push(line);
                    if lines.len() < AT_ONCE {
                        return GoOn::Continue(());
                    }
                    let full = std::mem::replace(&mut lines, Vec::with_capacity(AT_ONCE));
                    match send.blocking_send(Piece::Lines(full)) {
                        Ok(()) => GoOn::Continue(()),
                        Err(_) => GoOn::Break(()),
                    }
                },
            );
            let _ = send.blocking_send(Piece::Lines(lines));
            let _ = send.blocking_send(Piece::End(done.map(|_| ())));
        });
        let mut sheet = Sheet::default();
        let mut seen = Seen::default();
        let mut rows = 0;
        let mut end = None;
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Sheet(found) => {
                    sheet = found;
                    self.keep_sheet(id, &sheet).await?;
                }
                Piece::Lines(lines) => {
                    rows += lines.len();
                    let judged = judge::lines(
                        self.store.read(),
                        self.community,
                        self.today,
                        &sheet,
                        &lines,
                        &mut seen,
                    )
                    .await?;
                    if !self.keep(id, judged).await? {
                        return Ok(());
                    }
                    tell(rows);
                }
                Piece::End(done) => end = Some(done),
            }
        }
        // A parser that fell over was fed something no office program writes.
        let done = match (reading.await, end) {
            (Ok(()), Some(done)) => done,
            _ => Err(Unreadable::new(
                ("这份表格读不下去。", "This workbook cannot be read on."),
                (
                    "请在 Excel 或 WPS 里打开，另存为新的 .xlsx，再上传。",
                    "Open it in Excel or WPS, save it as a new .xlsx and upload that.",
                ),
            )),
        };
        self.close(id, rows, done).await
    }

    async fn keep_sheet(&self, id: RollImportId, sheet: &Sheet) -> Result<()> {
        let columns = stored(&Columns {
            known: sheet.columns.iter().map(|(_, column)| *column).collect(),
            unknown: sheet.unknown.clone(),
        })?;
        let name = sheet.name.clone();
        self.store
            .write(move |txn| {
                let (name, columns) = (name.clone(), columns.clone());
                Box::pin(async move {
                    roll_import::Entity::update_many()
                        .set(roll_import::ActiveModel {
                            sheet: Set(Some(name)),
                            columns: Set(Some(columns)),
                            ..Default::default()
                        })
                        .filter(roll_import::Column::Id.eq(id))
                        .exec(txn)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Keeps judged rows; says whether the import is still wanted.
    async fn keep(&self, id: RollImportId, judged: Vec<Judged>) -> Result<bool> {
        let now = self.clock.now();
        let count = i32::try_from(judged.len()).unwrap_or(i32::MAX);
        let rows = judged
            .into_iter()
            .map(|row| {
                Ok(roll_import_row::ActiveModel {
                    import_id: Set(id),
                    row: Set(row.row),
                    outcome: Set(row.outcome),
                    match_id: Set(row.matched),
                    decision: Set(None),
                    entry: Set(stored(&row.entry)?),
                    remarks: Set(stored(&row.remarks)?),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        self.store
            .write(move |txn| {
                let rows = rows.clone();
                Box::pin(async move {
                    let wanted = roll_import::Entity::update_many()
                        .col_expr(
                            roll_import::Column::RowsRead,
                            Expr::col(roll_import::Column::RowsRead).add(count),
                        )
                        .col_expr(roll_import::Column::HeardAt, Expr::value(now))
                        .filter(roll_import::Column::Id.eq(id))
                        .filter(roll_import::Column::State.eq(ImportState::Reading))
                        .exec(txn)
                        .await?;
                    if wanted.rows_affected == 0 {
                        return Ok(false);
                    }
                    if !rows.is_empty() {
                        roll_import_row::Entity::insert_many(rows)
                            .exec_without_returning(txn)
                            .await?;
                    }
                    Ok(true)
                })
            })
            .await
    }

    async fn close(
        &self,
        id: RollImportId,
        rows: usize,
        done: std::result::Result<(), Unreadable>,
    ) -> Result<()> {
        let done = done.and_then(|()| if rows == 0 { Err(empty()) } else { Ok(()) });
        let (state, why) = match done {
            Ok(()) => (ImportState::Checked, None),
            Err(file) => (ImportState::Refused, Some(whole(&file))),
        };
        let (now, community, by) = (self.clock.now(), self.community, self.by);
        self.store
            .write(move |txn| {
                let why = why.clone();
                Box::pin(async move {
                    if state == ImportState::Refused {
                        roll_import_row::Entity::delete_many()
                            .filter(roll_import_row::Column::ImportId.eq(id))
                            .exec(txn)
                            .await?;
                    }
                    roll_import::ActiveModel {
                        id: Set(id),
                        state: Set(state),
                        why_zh: Set(why.as_ref().map(|why| why.zh.clone())),
                        why_en: Set(why.map(|why| why.en)),
                        heard_at: Set(now),
                        ..Default::default()
                    }
                    .update(txn)
                    .await
                    .map_err(Error::from)?;
                    let object = (Subject::RollImport, id.0);
                    audit::record(txn, Change::new(community, now, by, object, "read")).await
                })
            })
            .await
    }
}

fn whole(file: &Unreadable) -> Said {
    Said::new(
        format!("{}{}", file.what.zh, file.action.zh),
        format!("{} {}", file.what.en, file.action.en),
    )
}

fn empty() -> Unreadable {
    Unreadable::new(
        ("表头下面没有内容。", "There is nothing below the headings."),
        (
            "请确认花名册在这个工作表里，填好后再上传。",
            "Make sure the roll is on this sheet, then upload it again.",
        ),
    )
}
