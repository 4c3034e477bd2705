//! A file of the whole roster: its rows are staged in batches, become visible all at once, and are made records in
//! batches behind that.
//!
//! ```text
//! begin -> stage, stage, ... -> show (one short transaction) -> settle, settle, ...
//! ```
//! Until it is shown nobody sees a row of it; from then on the view `prisoners` has all of them. Settling changes
//! nothing of what is seen: it moves rows to where they stay, and does what follows for whoever left a prison, those
//! first. A command that was stopped goes on from the last batch; the hub settles what a command left.
//!
//! An event that comes while a file is staged marks the row of whom it is about, and what is newer of the two words is
//! found anew in the transaction that shows the file. One that comes behind that settles his row first
//! ([`Tx::known_prisoner`]).

use std::collections::BTreeMap;
use std::time::Duration;

use casework::{Actor, Verb};
use jiff::Timestamp;
use offender::PrisonerRecord;
use prison::PrisonerNumber;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::Store;
use super::accounts::service;
use super::error::{Conflict, StoreError};
use super::placed::{Kept, KnownPrisoner, Marks, Placed};
use super::prisoners::{RECORD, RosterTaken, revision_on};
use super::roster_alerts::told_by;
use super::sql::{self, Row, micros, places, texts, values};
use super::tx::{Tx, as_int};
use crate::lists::RosterLimits;

/// A file of a roster, by all that tells it from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterFile {
    /// SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// How it is written.
    pub format: &'static str,
    /// When the prisoners stood so, UTC.
    pub as_of: Timestamp,
}

/// A file that is staged, or was begun before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterStaging {
    /// The import.
    pub id: Uuid,
    /// The last line that is staged; 0 for none.
    pub staged_to: u64,
}

/// The next piece of a file.
pub struct RosterPiece {
    /// The last line that was staged before.
    pub after: u64,
    /// The last line of this piece.
    pub to: u64,
    /// The records on it; of two of one prisoner the later holds.
    pub records: Vec<PrisonerRecord>,
}

/// Rows that are moved, or cleared, in one transaction.
const SETTLED_AT_ONCE: i64 = 500;
/// Whoever left a prison is screened: fewer in one transaction, because gates may be told while a bar waits.
const FOLLOWED_AT_ONCE: i64 = 50;

impl Store {
    /// Clears some rows of a file that was staged before and is not this one; how many, or nothing if there is no such
    /// file any more.
    pub async fn discard_other_roster(
        &self,
        by: &Actor,
        file: &RosterFile,
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        if tx.staging_roster(file).await?.is_some() || tx.is_roster_visible().await? {
            return Ok(None);
        }
        let update = "UPDATE roster_files SET state = 'discarded' WHERE state = 'staging'";
        let begun = tx.run(update, values![]).await?;
        let rows = match tx.first_rows("1 = 1", SETTLED_AT_ONCE).await?.last() {
            Some(last) => {
                let delete = "DELETE FROM roster_rows WHERE number <= $1";
                tx.run(delete, values![last.as_str()]).await?
            }
            None => tx.discard_alerts(SETTLED_AT_ONCE).await?,
        };
        if begun == 0 && rows == 0 {
            return Ok(None);
        }
        let detail = format!("discarded rows={rows}");
        tx.audit(("roster", "prisoners"), None, &detail).await?;
        tx.commit().await?;
        Ok(Some(rows))
    }

    /// Begins to stage a file, or goes on with it where an earlier try was broken off.
    ///
    /// # Errors
    /// [`Conflict::Changed`] while another file is being staged or made records.
    pub async fn begin_roster(&self, by: &Actor, file: &RosterFile) -> Result<RosterStaging, StoreError> {
        let mut tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        if let Some(staging) = tx.staging_roster(file).await? {
            return Ok(staging);
        }
        let others = "SELECT COUNT(*) AS n FROM roster_files WHERE state IN ('staging', 'visible')";
        if tx.count("roster_files", others, values![]).await? > 0 || tx.has_staged().await? {
            return Err(Conflict::Changed.into());
        }
        let id = Uuid::from_bytes(self.seams.bytes());
        let insert = "INSERT INTO roster_files (id, file, format, as_of, state, staged_by, staged_at, touched_at) \
             VALUES ($1, $2, $3, $4, 'staging', $5, $6, $6)";
        let by = tx.by.account.to_string();
        let (as_of, now) = (micros(file.as_of), micros(tx.now));
        let row = values![id.to_string(), file.hash.as_str(), file.format, as_of, by, now];
        tx.run(insert, row).await?;
        let begun = format!("begun file={}", file.hash);
        tx.audit(("roster", &id.to_string()), None, &begun).await?;
        tx.commit().await?;
        Ok(RosterStaging { id, staged_to: 0 })
    }

    /// Stages the next piece, at most [`RosterLimits::batch_rows`] records, in one transaction. A record that is on
    /// file in the same words is only marked as newer.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if the piece does not follow what is staged, or the file is not staged any more.
    pub async fn stage_roster(&self, by: &Actor, id: Uuid, piece: RosterPiece) -> Result<(), StoreError> {
        if piece.records.len() > RosterLimits::DEFAULT.batch_rows {
            return Err(StoreError::Invalid("too many rows at once"));
        }
        let mut latest: BTreeMap<PrisonerNumber, PrisonerRecord> = piece
            .records
            .into_iter()
            .map(|record| (record.prisoner_number, record))
            .collect();
        let told = told_by(&mut latest);
        // Opening, comparing and sealing take most of the time: nobody else waits for them.
        let snapshot = self.snapshot().await?;
        let marks = marks_of_staging(&snapshot, id, piece.after).await?;
        let weighed = self.weigh(&snapshot, &latest, marks).await?;
        drop(snapshot);
        let tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        marks_of_staging(&tx.db, id, piece.after).await?;
        let weighed = match revision_on(&tx.db).await? == weighed.revision {
            true => weighed,
            false => self.weigh(&tx.db, &latest, marks).await?,
        };
        let taken = tx.stage_weighed(weighed, marks).await?;
        tx.stage_alerts(told).await?;
        tx.count_staging(id, piece.to, taken).await?;
        let detail = format!("staged-to={} {taken}", piece.to);
        tx.audit(("roster", &id.to_string()), None, &detail).await?;
        tx.commit().await
    }

    /// Makes a file visible that is staged to its last line: every row of it at one moment. What an event has said
    /// since its row was staged is weighed again first.
    pub async fn show_roster(&self, by: &Actor, id: Uuid, last_line: u64) -> Result<RosterTaken, StoreError> {
        let mut tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        marks_of_staging(&tx.db, id, last_line).await?;
        tx.weigh_overtaken().await?;
        let revision = tx.revision().await?;
        let state = match tx.has_staged().await? {
            true => "visible",
            false => "settled",
        };
        let update = "UPDATE roster_files SET state = $2, visible_at = $3, revision = $4, touched_at = $3 WHERE id = $1";
        tx.run(update, values![id.to_string(), state, micros(tx.now), revision])
            .await?;
        let taken = tx.roster_taken(id).await?;
        let detail = format!("visible {taken}");
        tx.audit(("roster", &id.to_string()), None, &detail).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Makes some rows of the file that is visible records; how many, or nothing if there is no such file. One that
    /// somebody else has touched within `idle` is left to him.
    pub async fn settle_roster(&self, idle: Duration) -> Result<Option<u64>, StoreError> {
        let idle = jiff::SignedDuration::try_from(idle).unwrap_or(jiff::SignedDuration::MAX);
        let before = self.seams.clock.now().saturating_sub(idle);
        let before = micros(before.unwrap_or(Timestamp::MIN));
        let query = "SELECT COUNT(*) AS n FROM roster_files WHERE state = 'visible' AND touched_at <= $1";
        let left = sql::one(&self.reader, "roster_files", query, values![before]).await?;
        if left.map_or(Ok(0), |row| row.count("n"))? == 0 {
            return Ok(None);
        }
        let _turn = self.can_wait.lock().await;
        let mut tx = self.begin_as(&service(), "import-prisoners").await?;
        if !tx.is_roster_visible().await? {
            return Ok(None);
        }
        let follow = tx.first_rows("follows = 1", FOLLOWED_AT_ONCE).await?;
        let rows = if follow.is_empty() {
            match tx.take_staged_alerts(FOLLOWED_AT_ONCE).await? {
                0 => tx.settle_many().await?,
                taken => taken,
            }
        } else {
            for number in &follow {
                let number = number
                    .parse()
                    .map_err(|_| super::tx::missing("roster_rows", number))?;
                tx.settle_prisoner(number).await?;
            }
            follow.len() as u64
        };
        let state = if rows == 0 && !tx.has_staged().await? {
            "settled"
        } else {
            "visible"
        };
        let update = "UPDATE roster_files SET state = $1, touched_at = $2 WHERE state = 'visible'";
        tx.run(update, values![state, micros(tx.now)]).await?;
        tx.audit(("roster", "prisoners"), None, &format!("{state} rows={rows}"))
            .await?;
        tx.commit().await?;
        Ok(Some(rows))
    }
}

/// How new the words of a file are that is staged to this line.
async fn marks_of_staging(on: &impl ConnectionTrait, id: Uuid, staged_to: u64) -> Result<Marks, StoreError> {
    let query = "SELECT as_of, staged_at, next_line FROM roster_files WHERE id = $1 AND state = 'staging'";
    let row = sql::one(on, "roster_files", query, values![id.to_string()]).await?;
    let row = row.ok_or(Conflict::Changed)?;
    if row.count("next_line")? != staged_to {
        return Err(Conflict::Changed.into());
    }
    Ok(Marks::of(row.time("as_of")?.min(row.time("staged_at")?)))
}

/// A piece beside what was on record at one revision of the roster.
struct Weighed {
    revision: u64,
    taken: RosterTaken,
    /// Those who are on record in the same words.
    same: Vec<PrisonerNumber>,
    /// The values of each row that is staged.
    rows: Vec<Vec<Value>>,
}

impl Store {
    async fn weigh(
        &self,
        on: &impl ConnectionTrait,
        records: &BTreeMap<PrisonerNumber, PrisonerRecord>,
        marks: Marks,
    ) -> Result<Weighed, StoreError> {
        let numbers: Vec<PrisonerNumber> = records.keys().copied().collect();
        let mut weighed = Weighed {
            revision: revision_on(on).await?,
            taken: RosterTaken::default(),
            same: Vec::new(),
            rows: Vec::new(),
        };
        let known = self.prisoners_on(on, &numbers).await?;
        for (number, record) in records {
            let row = StagedRow::of(known.get(number), record.clone(), marks);
            weighed.taken.count(row.placed.kept);
            if row.placed.kept == Kept::Unchanged {
                weighed.same.push(*number);
            } else {
                weighed.rows.push(row.sealed(self)?);
            }
        }
        Ok(weighed)
    }
}

/// A row that is staged: what the file comes to beside what is on record.
struct StagedRow {
    record: PrisonerRecord,
    marks: Marks,
    placed: Placed,
    follows: bool,
}

impl StagedRow {
    fn of(known: Option<&KnownPrisoner>, record: PrisonerRecord, marks: Marks) -> Self {
        let (record, marks) = match known {
            Some(known) => known.with_what_is_newer(record, marks),
            None => (record, marks),
        };
        let placed = Placed::of(known, &record, marks);
        let follows = known.is_some_and(|known| {
            (known.record.prison_id, &known.record.status) != (record.prison_id, &record.status)
        });
        Self {
            record,
            marks,
            placed,
            follows,
        }
    }

    /// Its values, as [`Tx::stage_rows_of`] binds them.
    fn sealed(&self, store: &Store) -> Result<Vec<Value>, StoreError> {
        let number = self.record.prisoner_number.as_str();
        Ok(values![
            number,
            self.record.prison_id.map(|prison| prison.to_string()),
            store.seal(RECORD, number, &self.record)?,
            self.marks.place,
            self.marks.status,
            self.placed.arrived_at,
            i64::from(self.placed.arrival),
            i64::from(self.follows),
        ])
    }
}

impl Tx<'_> {
    /// The numbers of the first rows that are staged or visible and for which this holds.
    async fn first_rows(&self, which: &str, most: i64) -> Result<Vec<String>, StoreError> {
        let query = format!("SELECT number FROM roster_rows WHERE {which} ORDER BY number LIMIT $1");
        let rows = self.all("roster_rows", &query, values![most]).await?;
        rows.iter().map(|row| row.text("number")).collect()
    }

    async fn has_staged(&self) -> Result<bool, StoreError> {
        Ok(!self.first_rows("1 = 1", 1).await?.is_empty() || self.has_staged_alerts().await?)
    }

    async fn is_roster_visible(&self) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM roster_files WHERE state = 'visible'";
        Ok(self.count("roster_files", query, values![]).await? > 0)
    }

    async fn staging_roster(&mut self, file: &RosterFile) -> Result<Option<RosterStaging>, StoreError> {
        let query = "SELECT id, next_line FROM roster_files WHERE state = 'staging' AND file = $1 AND format = $2 \
             AND as_of = $3";
        let same = values![file.hash.as_str(), file.format, micros(file.as_of)];
        let Some(row) = self.one("roster_files", query, same).await? else {
            return Ok(None);
        };
        Ok(Some(RosterStaging {
            id: row.parsed("id")?,
            staged_to: row.count("next_line")?,
        }))
    }

    async fn stage_weighed(&self, weighed: Weighed, marks: Marks) -> Result<RosterTaken, StoreError> {
        self.remark(&weighed.same, marks).await?;
        self.unstage(&weighed.same).await?;
        self.stage_rows_of(weighed.rows).await?;
        Ok(weighed.taken)
    }

    /// Rows of earlier lines that a later one has made void.
    async fn unstage(&self, numbers: &[PrisonerNumber]) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let delete = format!(
            "DELETE FROM roster_rows WHERE number IN ({})",
            places(1, numbers.len())
        );
        let numbers = texts(numbers.iter().map(PrisonerNumber::to_string).collect());
        self.run(&delete, numbers).await.map(drop)
    }

    async fn stage_rows_of(&self, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        const COLUMNS: usize = 8;
        if rows.is_empty() {
            return Ok(());
        }
        let lines = (0..rows.len()).map(|row| format!("({}, 0)", places(1 + row * COLUMNS, COLUMNS)));
        let lines: Vec<String> = lines.collect();
        let upsert = format!(
            "INSERT INTO roster_rows (number, prison, record, place_mark, status_mark, arrived_at, arrival, follows, \
             overtaken) VALUES {} ON CONFLICT (number) DO UPDATE SET prison = excluded.prison, \
             record = excluded.record, place_mark = excluded.place_mark, status_mark = excluded.status_mark, \
             arrived_at = excluded.arrived_at, arrival = excluded.arrival, follows = excluded.follows, overtaken = 0",
            lines.join(", ")
        );
        let bound = rows.into_iter().flatten().collect();
        self.run(&upsert, bound).await.map(drop)
    }

    async fn count_staging(&self, id: Uuid, to: u64, taken: RosterTaken) -> Result<(), StoreError> {
        let update = "UPDATE roster_files SET next_line = $2, touched_at = $3, rows_new = rows_new + $4, \
             rows_changed = rows_changed + $5, rows_moved = rows_moved + $6, rows_unchanged = rows_unchanged + $7 \
             WHERE id = $1";
        let int = |count: u64| as_int(feed::Serial(count));
        let row = values![
            id.to_string(),
            int(to)?,
            micros(self.now),
            int(taken.new)?,
            int(taken.changed)?,
            int(taken.moved)?,
            int(taken.unchanged)?,
        ];
        self.run(update, row).await.map(drop)
    }

    async fn roster_taken(&self, id: Uuid) -> Result<RosterTaken, StoreError> {
        let query =
            "SELECT rows_new, rows_changed, rows_moved, rows_unchanged FROM roster_files WHERE id = $1";
        let row = self.one("roster_files", query, values![id.to_string()]).await?;
        let row = row.ok_or(Conflict::Changed)?;
        Ok(RosterTaken {
            new: row.count("rows_new")?,
            changed: row.count("rows_changed")?,
            moved: row.count("rows_moved")?,
            unchanged: row.count("rows_unchanged")?,
        })
    }

    /// A record has changed: whatever a file has staged of him is weighed again before it is visible.
    pub(super) async fn overtake(&self, number: PrisonerNumber) -> Result<(), StoreError> {
        let update = "UPDATE roster_rows SET overtaken = 1 WHERE number = $1";
        self.run(update, values![number.as_str()]).await.map(drop)
    }

    /// Weighs staged rows again whose records have changed since.
    async fn weigh_overtaken(&self) -> Result<(), StoreError> {
        let query = "SELECT number, record, place_mark, status_mark FROM roster_rows WHERE overtaken = 1";
        for row in self.all("roster_rows", query, values![]).await? {
            let record = self.store.read_prisoner(&row)?;
            let number = record.prisoner_number;
            let known = self.on_record(&[number]).await?;
            let staged = StagedRow::of(known.get(&number), record, Marks::read(&row)?);
            if staged.placed.kept == Kept::Unchanged {
                self.remark(&[number], staged.marks).await?;
                self.unstage(&[number]).await?;
            } else {
                self.stage_rows_of(vec![staged.sealed(self.store)?]).await?;
            }
        }
        Ok(())
    }

    /// Makes one row of the file that is visible a record, with what follows from it. Nothing where there is none.
    pub(super) async fn settle_prisoner(&mut self, number: PrisonerNumber) -> Result<(), StoreError> {
        let query = "SELECT s.number, s.record, s.follows FROM roster_files f JOIN roster_rows s ON s.number = $1 \
             WHERE f.state = 'visible'";
        let row = self.one("roster_rows", query, values![number.as_str()]).await?;
        let Some(row) = row else { return Ok(()) };
        let followed = self.followed(&row).await?;
        self.move_rows("s.number = $1", values![number.as_str()]).await?;
        if let Some((before, now)) = followed {
            self.follow(&before, &now).await?;
        }
        Ok(())
    }

    /// The record before and the one that is staged, where something follows from it.
    async fn followed(&self, row: &Row) -> Result<Option<(PrisonerRecord, PrisonerRecord)>, StoreError> {
        if row.int("follows")? == 0 {
            return Ok(None);
        }
        let now = self.store.read_prisoner(row)?;
        let before = self
            .on_record(&[now.prisoner_number])
            .await?
            .remove(&now.prisoner_number);
        Ok(before.map(|before| (before.record, now)))
    }

    /// The next rows by number: from where the last ones ended, so that no database looks through what is gone.
    async fn settle_many(&self) -> Result<u64, StoreError> {
        let query = "SELECT id, put_away_to FROM roster_files WHERE state = 'visible'";
        let Some(file) = self.one("roster_files", query, values![]).await? else {
            return Ok(0);
        };
        let after = file.text("put_away_to")?;
        let query = "SELECT number FROM roster_rows WHERE number > $1 ORDER BY number LIMIT $2";
        let next = values![after.as_str(), SETTLED_AT_ONCE];
        let rows = self.all("roster_rows", query, next).await?;
        let Some(last) = rows.last() else { return Ok(0) };
        let last = last.text("number")?;
        let update = "UPDATE roster_files SET put_away_to = $1 WHERE state = 'visible'";
        self.run(update, values![last.as_str()]).await?;
        self.move_rows("s.number > $1 AND s.number <= $2", values![after, last])
            .await
    }

    /// Moves visible rows to the records, sealed as they are.
    async fn move_rows(&self, which: &str, numbers: Vec<Value>) -> Result<u64, StoreError> {
        let upsert = format!(
            "INSERT INTO prisoner_records (number, prison, record, updated_at, place_mark, status_mark, arrived_at, \
             arrival, revision) SELECT s.number, s.prison, s.record, f.visible_at, s.place_mark, s.status_mark, \
             s.arrived_at, s.arrival, f.revision FROM roster_files f JOIN roster_rows s ON f.state = 'visible' \
             WHERE {which} ON CONFLICT (number) DO UPDATE SET prison = excluded.prison, record = excluded.record, \
             updated_at = excluded.updated_at, place_mark = excluded.place_mark, \
             status_mark = excluded.status_mark, arrived_at = excluded.arrived_at, arrival = excluded.arrival, \
             revision = excluded.revision"
        );
        self.run(&upsert, numbers.clone()).await?;
        let delete = format!("DELETE FROM roster_rows WHERE {}", which.replace("s.", ""));
        self.run(&delete, numbers).await
    }
}
