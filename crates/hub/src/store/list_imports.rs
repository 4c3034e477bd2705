//! A file of approved numbers before two people have agreed to it: its rows are staged in batches, what is wrong
//! with them is kept by row and code, and then it waits. Nothing here looks at a bar, and nothing goes on a list.

use casework::{Actor, ProposalId, ProposedChange, SeenOfFile, TwoApprovals, Verb};
use feed::ContactKind;
use jiff::Timestamp;
use prison::PrisonId;
use serde::Serialize;
use uuid::Uuid;

use super::Store;
use super::approved_numbers::contact_word;
use super::error::{Conflict, StoreError};
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};
use crate::lists::{FileLimits, ListRow, Numbered, RowProblem};

/// An import as those see it who keep the prison's lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListImport {
    /// The import.
    pub id: Uuid,
    /// The prison.
    pub prison: PrisonId,
    /// `csv` or `controlled-number`.
    pub format: String,
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// How far it is.
    pub state: ImportState,
    /// When its first row was staged, UTC.
    pub staged_at: Timestamp,
    /// Rows that were staged or have a problem.
    pub rows: u64,
    /// Rows that would go onto lists, or have gone through.
    pub to_take: u64,
    /// Those of them that are lawyers' numbers.
    pub legal: u64,
    /// Rows that stand on the list already.
    pub already: u64,
    /// Rows that have gone through.
    pub taken: u64,
    /// Entries on the prison's lists that the file leaves out, lawyers' numbers not counted.
    pub left_out: u64,
    /// Entries that came off because both people said so.
    pub came_off: u64,
    /// Rows that are not taken over, by number, the first [`PROBLEMS_SHOWN`].
    pub problems: Vec<(u64, RowProblem)>,
    /// How many there are.
    pub problem_count: u64,
    /// Whether a row is so bad that nobody can tell which entry it names.
    pub hides_entries: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportState {
    /// Its rows are being read.
    Staging,
    /// It can be proposed, or waits for a second person.
    Staged,
    /// Two people agreed; it is being taken over.
    Approved,
    /// It is done.
    Done,
}

impl ImportState {
    /// `staging`, `staged`, `approved`, `done`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Staged => "staged",
            Self::Approved => "approved",
            Self::Done => "done",
        }
    }
}

/// Imports that a page shows, the newest.
pub const IMPORTS_SHOWN: i64 = 20;
/// Problems of one import that are shown; all are counted.
pub const PROBLEMS_SHOWN: i64 = 1_000;

impl Store {
    /// Begins to take in a file, or goes on with it where an earlier try was broken off; returns the import and the
    /// last row that is staged. A file that waits for its second person is found again as it is.
    pub async fn begin_list_import(
        &self,
        by: &Actor,
        prison: PrisonId,
        format: &str,
        file: &str,
    ) -> Result<(Uuid, u64), StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::ApplyForNumber, "stage-list", prison)
            .await?;
        let query = "SELECT id, next_row FROM list_imports WHERE prison = $1 AND file = $2 AND format = $3 \
             AND state <> 'done' ORDER BY staged_at DESC, id LIMIT 1";
        let same = values![prison.as_str(), file, format];
        if let Some(row) = tx.one("list_imports", query, same).await? {
            return Ok((row.parsed("id")?, row.count("next_row")?));
        }
        let id = Uuid::from_bytes(self.seams.bytes());
        let insert = "INSERT INTO list_imports (id, prison, format, file, state, staged_by, staged_at) \
             VALUES ($1, $2, $3, $4, 'staging', $5, $6)";
        let by = tx.by.account.to_string();
        let row = values![id.to_string(), prison.as_str(), format, file, by, micros(tx.now)];
        tx.run(insert, row).await?;
        tx.audit(
            ("list-import", &id.to_string()),
            None,
            &format!("begun file={file}"),
        )
        .await?;
        tx.commit().await?;
        Ok((id, 0))
    }

    /// Stages the next rows, at most [`FileLimits::batch_rows`] of them, in one transaction. Rows that were staged
    /// before are passed over.
    pub async fn stage_rows(
        &self,
        by: &Actor,
        import: Uuid,
        rows: &[Numbered<ListRow>],
    ) -> Result<(), StoreError> {
        if rows.len() > FileLimits::DEFAULT.batch_rows {
            return Err(StoreError::Invalid("too many rows at once"));
        }
        let tx = self.begin(by, Verb::ApplyForNumber, "stage-list").await?;
        let (prison, staged) = tx.staging(import).await?;
        let mut last = staged;
        for (number, row) in rows.iter().filter(|(number, _)| *number > staged) {
            let problem = match row {
                Ok(row) => tx.stage_row(import, prison, *number, row).await?,
                Err(problem) => Some(*problem),
            };
            if let Some(problem) = problem {
                tx.keep_problem(import, *number, problem).await?;
            }
            last = last.max(*number);
        }
        let update = "UPDATE list_imports SET next_row = $1 WHERE id = $2";
        let last = i64::try_from(last).map_err(|_| StoreError::Invalid("too many rows"))?;
        tx.run(update, values![last, import.to_string()]).await?;
        let detail = format!("staged-to={last}");
        tx.audit(("list-import", &import.to_string()), None, &detail)
            .await?;
        tx.commit().await
    }

    /// Every row is staged: the import can be proposed from now on, or is done if the file changes nothing.
    pub async fn finish_staging(&self, by: &Actor, import: Uuid) -> Result<ListImport, StoreError> {
        let tx = self.begin(by, Verb::ApplyForNumber, "stage-list").await?;
        if tx.own_import(import).await?.state == ImportState::Staging {
            tx.count_staged(import).await?;
        }
        let staged = tx.own_import(import).await?;
        let detail = format!(
            "staged rows={} to-take={} left-out={} problems={}",
            staged.rows, staged.to_take, staged.left_out, staged.problem_count
        );
        tx.audit(("list-import", &import.to_string()), None, &detail)
            .await?;
        tx.commit().await?;
        Ok(staged)
    }

    /// Proposes to take a staged file over, as it is seen now. What the file leaves out comes off only if
    /// `take_left_out_off` says so.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if entries are to come off while a row hides which entry it names.
    pub async fn propose_list_import(
        &self,
        by: &Actor,
        import: &ListImport,
        take_left_out_off: bool,
        reason: &str,
    ) -> Result<ProposalId, StoreError> {
        if take_left_out_off && import.hides_entries {
            return Err(StoreError::Invalid(
                "entries cannot come off by a file of which a row cannot be read; put the row right first",
            ));
        }
        let change = ProposedChange::ImportList {
            import: import.id,
            prison: import.prison,
            seen: import.seen(take_left_out_off),
        };
        self.propose(by, change, reason).await
    }

    /// The newest imports of one's own prison, at most [`IMPORTS_SHOWN`].
    pub async fn list_imports(&self, by: &Actor, prison: PrisonId) -> Result<Vec<ListImport>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::ApplyForNumber, "read-imports", prison)
            .await?;
        let query = "SELECT id FROM list_imports WHERE prison = $1 ORDER BY staged_at DESC, id LIMIT $2";
        let rows = tx
            .all("list_imports", query, values![prison.as_str(), IMPORTS_SHOWN])
            .await?;
        let mut imports = Vec::with_capacity(rows.len());
        for row in rows {
            imports.push(tx.import(row.parsed("id")?).await?);
        }
        tx.audit(
            ("prison", prison.as_str()),
            None,
            &format!("imports={}", imports.len()),
        )
        .await?;
        tx.commit().await?;
        Ok(imports)
    }
}

impl ListImport {
    /// What a proposer sees of it.
    pub fn seen(&self, take_left_out_off: bool) -> SeenOfFile {
        SeenOfFile {
            file: self.file.clone(),
            to_take: self.to_take,
            legal: self.legal,
            left_out: self.left_out,
            take_left_out_off,
        }
    }
}

impl Tx<'_> {
    /// The prison of an import whose rows are being staged, in one's own prison, and the last row staged.
    async fn staging(&self, import: Uuid) -> Result<(PrisonId, u64), StoreError> {
        let query = "SELECT prison, state, next_row FROM list_imports WHERE id = $1";
        let row = self
            .one("list_imports", query, values![import.to_string()])
            .await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let prison = row.parsed("prison")?;
        if self.by.role.prison() != Some(prison) {
            return Err(StoreError::NotFound);
        }
        if row.text("state")? != "staging" {
            return Err(Conflict::Changed.into());
        }
        Ok((prison, row.count("next_row")?))
    }

    async fn own_import(&self, import: Uuid) -> Result<ListImport, StoreError> {
        let found = self.import(import).await?;
        if self.by.role.prison() == Some(found.prison) {
            Ok(found)
        } else {
            Err(StoreError::NotFound)
        }
    }

    async fn stage_row(
        &self,
        import: Uuid,
        prison: PrisonId,
        number: u64,
        row: &ListRow,
    ) -> Result<Option<RowProblem>, StoreError> {
        if !self.is_on_record(row.holder).await? {
            return Ok(Some(RowProblem::UnknownPrisoner));
        }
        if !self.is_held_in(prison, row.holder).await? {
            return Ok(Some(RowProblem::NotHeldHere));
        }
        let (holder, index) = (row.holder.as_str(), self.store.keys.blind_index(&row.number));
        let twice =
            "SELECT COUNT(*) AS n FROM import_rows WHERE import = $1 AND holder = $2 AND number_index = $3";
        let same = values![import.to_string(), holder, index.as_str()];
        if self.count("import_rows", twice, same).await? > 0 {
            return Ok(Some(RowProblem::Twice));
        }
        let on_list = self.is_on_list(prison, row.holder, &index).await?;
        let fate = if on_list { "already" } else { "waits" };
        let key = format!("{import}/{number}");
        let insert = "INSERT INTO import_rows (import, row_no, holder, number, number_index, contact, name, fate) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let number_at = i64::try_from(number).map_err(|_| StoreError::Invalid("too many rows"))?;
        let values = values![
            import.to_string(),
            number_at,
            holder,
            self.store.seal_row_number(&key, row.number)?,
            index,
            contact_word(row.contact),
            self.store.seal(("import_rows", "name"), &key, &row.name)?,
            fate,
        ];
        self.run(insert, values).await?;
        Ok(None)
    }

    pub(super) async fn keep_problem(
        &self,
        import: Uuid,
        row: u64,
        problem: RowProblem,
    ) -> Result<(), StoreError> {
        let insert = "INSERT INTO import_problems (import, row_no, why) VALUES ($1, $2, $3)";
        let row = i64::try_from(row).map_err(|_| StoreError::Invalid("too many rows"))?;
        self.run(insert, values![import.to_string(), row, problem.code()])
            .await
            .map(drop)
    }

    /// An import and its counts.
    pub(super) async fn import(&self, import: Uuid) -> Result<ListImport, StoreError> {
        let query = "SELECT id, prison, format, file, state, staged_at, next_row, to_take, legal, already, \
             left_out, taken, came_off FROM list_imports WHERE id = $1";
        let id = import.to_string();
        let row = self.one("list_imports", query, values![id.as_str()]).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let (problems, problem_count, hides_entries) = self.problems(&id).await?;
        Ok(ListImport {
            id: import,
            prison: row.parsed("prison")?,
            format: row.text("format")?,
            file: row.text("file")?,
            state: state(&row)?,
            staged_at: row.time("staged_at")?,
            rows: row.count("next_row")?,
            to_take: row.count("to_take")?,
            legal: row.count("legal")?,
            already: row.count("already")?,
            taken: row.count("taken")?,
            left_out: row.count("left_out")?,
            came_off: row.count("came_off")?,
            problems,
            problem_count,
            hides_entries,
        })
    }

    async fn problems(&self, import: &str) -> Result<(Vec<(u64, RowProblem)>, u64, bool), StoreError> {
        let query = "SELECT row_no, why FROM import_problems WHERE import = $1 ORDER BY row_no LIMIT $2";
        let rows = self
            .all("import_problems", query, values![import, PROBLEMS_SHOWN])
            .await?;
        let problems = rows.iter().map(|row| {
            let problem = RowProblem::of_code(&row.text("why")?).ok_or_else(|| row.damaged())?;
            Ok((row.count("row_no")?, problem))
        });
        let problems = problems.collect::<Result<Vec<_>, StoreError>>()?;
        let query = "SELECT COUNT(*) AS n, COUNT(CASE WHEN why IN ($2, $3, $4) THEN 1 END) AS hidden \
             FROM import_problems WHERE import = $1";
        let [first, second, third] =
            [RowProblem::Unreadable, RowProblem::Holder, RowProblem::Number].map(RowProblem::code);
        let counted = self
            .one("import_problems", query, values![import, first, second, third])
            .await?;
        let counted = counted.ok_or_else(|| missing("import_problems", "count"))?;
        Ok((problems, counted.count("n")?, counted.count("hidden")? > 0))
    }

    /// Counts once what people then see and agree to.
    async fn count_staged(&self, import: Uuid) -> Result<(), StoreError> {
        let id = import.to_string();
        let rows = "SELECT COUNT(CASE WHEN fate = 'waits' THEN 1 END) AS to_take, \
             COUNT(CASE WHEN fate = 'already' THEN 1 END) AS already, \
             COUNT(CASE WHEN fate = 'waits' AND contact = $2 THEN 1 END) AS legal \
             FROM import_rows WHERE import = $1";
        let legal = contact_word(ContactKind::Legal);
        let rows = self.one("import_rows", rows, values![id.as_str(), legal]).await?;
        let rows = rows.ok_or_else(|| missing("import_rows", "count"))?;
        let left_out = format!("SELECT COUNT(*) AS n {LEFT_OUT}");
        let left_out = self
            .count("approved_numbers", &left_out, values![id.as_str()])
            .await?;
        let to_take = rows.count("to_take")?;
        let next = if to_take == 0 && left_out == 0 {
            ImportState::Done
        } else {
            ImportState::Staged
        };
        let update = "UPDATE list_imports SET state = $1, to_take = $2, already = $3, legal = $4, left_out = $5 \
             WHERE id = $6 AND state = 'staging'";
        let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let counted = values![
            next.as_str(),
            int(to_take),
            int(rows.count("already")?),
            int(rows.count("legal")?),
            int(left_out),
            id.as_str()
        ];
        self.run(update, counted).await?;
        if next == ImportState::Done {
            self.forget_rows(&id).await?;
        }
        Ok(())
    }

    /// What was staged is nobody's to read once the import is done.
    pub(super) async fn forget_rows(&self, import: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM import_rows WHERE import = $1", values![import])
            .await
            .map(drop)
    }

    /// Checks that a staged import is what a proposer saw.
    pub(super) async fn staged_as_seen(
        &self,
        import: Uuid,
        prison: PrisonId,
        seen: &SeenOfFile,
    ) -> Result<(), StoreError> {
        let now = self.import(import).await?;
        if now.prison != prison {
            return Err(StoreError::NotFound);
        }
        let same = now.state == ImportState::Staged && now.seen(seen.take_left_out_off) == *seen;
        if same {
            Ok(())
        } else {
            Err(Conflict::Changed.into())
        }
    }

    /// Two people of the prison agreed: from now on the rows are taken over, batch by batch.
    pub(super) async fn approve_list_import(
        &mut self,
        agreed: &TwoApprovals,
        import: Uuid,
        seen: &SeenOfFile,
    ) -> Result<(), StoreError> {
        let update = "UPDATE list_imports SET state = 'approved', proposal = $1, take_left_out_off = $2 \
             WHERE id = $3 AND state = 'staged'";
        let id = import.to_string();
        let off = i64::from(seen.take_left_out_off);
        let row = values![agreed.proposal().id.to_string(), off, id.as_str()];
        if self.run(update, row).await? != 1 {
            return Err(Conflict::Changed.into());
        }
        let detail = format!(
            "approved file={} to-take={} left-out={} off={off}",
            seen.file, seen.to_take, seen.left_out
        );
        self.audit(("list-import", &id), None, &detail).await
    }
}

/// What an import leaves out; `$1` is the import. A lawyer's number is never among it.
pub(super) const LEFT_OUT: &str = "FROM approved_numbers e JOIN list_imports i ON i.id = $1 \
     WHERE e.prison = i.prison AND e.contact <> 'legal' \
     AND (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar' AND e.listed = 1)) \
     AND COALESCE(e.approved_at, e.applied_at) < i.staged_at \
     AND NOT EXISTS (SELECT 1 FROM import_rows r WHERE r.import = i.id AND r.holder = e.holder \
      AND r.number_index = e.number_index)";

fn state(row: &Row) -> Result<ImportState, StoreError> {
    match row.text("state")?.as_str() {
        "staging" => Ok(ImportState::Staging),
        "staged" => Ok(ImportState::Staged),
        "approved" => Ok(ImportState::Approved),
        "done" => Ok(ImportState::Done),
        _ => Err(row.damaged()),
    }
}
