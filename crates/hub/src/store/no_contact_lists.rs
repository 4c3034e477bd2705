//! No-contact lists as they come in, and what the report says of each. Staged rows stand here, sealed, until the hub has
//! taken them over; then what they said stands on their cases, and here stays by row which case it is and what is
//! wanting.

use casework::{Actor, CaseId, Personal, Verb};
use jiff::Timestamp;
use jiff::civil::Date;
use prison::PrisonId;
use serde::Serialize;
use strum::VariantArray;
use uuid::Uuid;

use super::Store;
use super::error::StoreError;
use super::sql::{self, Row, json, micros, values};
use super::tx::{Tx, missing};
use crate::lists::{Gap, ListOrigin, NoContactLimits, NoContactRow, ReadRow, row_key};

/// A no-contact list as case handlers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoContactList {
    /// The import.
    pub id: Uuid,
    /// Where it comes from.
    pub origin: ListOrigin,
    /// When its first row was staged, UTC.
    pub staged_at: Timestamp,
    /// How far it is.
    pub state: NoContactState,
    /// Rows on record.
    pub rows: u64,
    /// Those that are not taken over yet.
    pub waiting: u64,
    /// Numbers and addresses that it barred.
    pub barred: u64,
    /// Numbers and addresses that an earlier list of this prison, or an earlier row, had brought.
    pub already: u64,
    /// Numbers and addresses that wait for case handlers.
    pub held: u64,
    /// Rows of which something is not refused today; those that wait are not counted.
    pub unprotected: u64,
    /// How many rows have each gap.
    pub counts: Vec<(Gap, u64)>,
    /// Gaps by row, those first that leave something unprotected; at most [`GAPS_SHOWN_OF_LIST`]. [`Self::counts`]
    /// counts all.
    pub gaps: Vec<(u64, Gap)>,
}

/// How far a no-contact list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoContactState {
    /// Its rows are being read; if nothing reads them any more, the same file goes on.
    Staging,
    /// All are read; some wait to be taken over.
    TakingOver,
    /// Done.
    Done,
}

/// A row of a list that brought, or named again, something of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedIn {
    /// Where the list comes from.
    pub origin: ListOrigin,
    /// The row.
    pub row: u64,
    /// When it was taken over, UTC.
    pub taken_at: Timestamp,
}

/// Lists that a page shows, the newest.
pub const NO_CONTACT_LISTS_SHOWN: i64 = 20;
/// Gaps of one list that are shown; all are counted.
pub const GAPS_SHOWN_OF_LIST: i64 = 2_000;

const KEPT_BY: (&str, &str) = ("no_contact_lists", "kept_by");
pub(super) const ROW: (&str, &str) = ("no_contact_rows", "body");
const ORIGIN: &str = "l.id, l.prison, l.kept_by, l.as_of, l.file";

impl Store {
    /// Begins to take in a list, or goes on where an earlier try was broken off; returns the import and the last row
    /// that is staged. The same file of the same prison is found again, with what was said of it first.
    pub async fn begin_no_contact_list(
        &self,
        by: &Actor,
        origin: &ListOrigin,
    ) -> Result<(Uuid, u64), StoreError> {
        let chars = origin.kept_by.expose().chars().count();
        if origin.kept_by.is_blank() || chars > NoContactLimits::DEFAULT.kept_by_chars {
            return Err(StoreError::Invalid(
                "say who keeps the list, in at most 200 characters",
            ));
        }
        let tx = self.begin(by, Verb::WorkCases, "stage-no-contact-list").await?;
        let query = "SELECT id, next_row FROM no_contact_lists WHERE prison = $1 AND file = $2";
        let same = values![origin.prison.as_str(), origin.file.as_str()];
        if let Some(row) = tx.one("no_contact_lists", query, same).await? {
            return Ok((row.parsed("id")?, row.count("next_row")?));
        }
        let import = Uuid::from_bytes(self.seams.bytes());
        let id = import.to_string();
        let insert = "INSERT INTO no_contact_lists (id, prison, file, kept_by, as_of, staged_by, staged_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row = values![
            id.as_str(),
            origin.prison.as_str(),
            origin.file.as_str(),
            self.seal(KEPT_BY, &id, &origin.kept_by)?,
            origin.as_of.to_string(),
            tx.by.account.to_string(),
            micros(tx.now),
        ];
        tx.run(insert, row).await?;
        let detail = format!(
            "begun prison={} as-of={} file={}",
            origin.prison, origin.as_of, origin.file
        );
        tx.audit(("no-contact-list", &id), None, &detail).await?;
        tx.commit().await?;
        Ok((import, 0))
    }

    /// Stages the next rows, at most [`NoContactLimits::staged_at_once`], in one transaction. Rows that were staged
    /// before are passed over. From then on the hub takes them over, whether or not the rest follows.
    pub async fn stage_no_contact_rows(
        &self,
        by: &Actor,
        import: Uuid,
        rows: &[ReadRow],
    ) -> Result<(), StoreError> {
        if rows.len() > NoContactLimits::DEFAULT.staged_at_once {
            return Err(StoreError::Invalid("too many rows at once"));
        }
        let tx = self.begin(by, Verb::WorkCases, "stage-no-contact-list").await?;
        let staged = tx.staged_of_list(import).await?;
        let mut last = staged;
        for (number, row) in rows.iter().filter(|(number, _)| *number > staged) {
            tx.stage_no_contact_row(import, *number, row).await?;
            last = last.max(*number);
        }
        let update = "UPDATE no_contact_lists SET next_row = $1 WHERE id = $2";
        tx.run(update, values![int(last)?, import.to_string()]).await?;
        let staged = format!("staged-to={last}");
        tx.audit(("no-contact-list", &import.to_string()), None, &staged)
            .await?;
        tx.commit().await
    }

    /// Every row of the file is staged.
    pub async fn finish_no_contact_staging(&self, by: &Actor, import: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "stage-no-contact-list").await?;
        let update = "UPDATE no_contact_lists SET staged = 1 WHERE id = $1 AND staged = 0";
        if tx.run(update, values![import.to_string()]).await? == 1 {
            let staged = format!("staged rows={}", tx.staged_of_list(import).await?);
            tx.audit(("no-contact-list", &import.to_string()), None, &staged)
                .await?;
        }
        tx.commit().await
    }

    /// One list and its report.
    pub async fn no_contact_list(&self, by: &Actor, import: Uuid) -> Result<NoContactList, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-no-contact-lists").await?;
        let list = tx.list_and_report(import).await?;
        tx.audit(("no-contact-list", &import.to_string()), None, "read")
            .await?;
        tx.commit().await?;
        Ok(list)
    }

    /// How many rows of a list are not taken over yet.
    pub async fn no_contact_rows_waiting(&self, import: Uuid) -> Result<u64, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM no_contact_rows WHERE import = $1 AND fate = 'waits'";
        let asked = values![import.to_string()];
        let row = sql::one(&self.reader, "no_contact_rows", query, asked).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    /// The newest lists of all prisons, or of one, at most [`NO_CONTACT_LISTS_SHOWN`].
    pub async fn no_contact_lists(
        &self,
        by: &Actor,
        prison: Option<PrisonId>,
    ) -> Result<Vec<NoContactList>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-no-contact-lists").await?;
        let query = "SELECT id FROM no_contact_lists WHERE (CAST($1 AS TEXT) IS NULL OR prison = $1) \
             ORDER BY staged_at DESC, id LIMIT $2";
        let prison = prison.map(|prison| prison.as_str().to_owned());
        let rows = tx
            .all("no_contact_lists", query, values![prison, NO_CONTACT_LISTS_SHOWN])
            .await?;
        let mut lists = Vec::with_capacity(rows.len());
        for row in rows {
            lists.push(tx.list_and_report(row.parsed("id")?).await?);
        }
        let read = format!("lists={}", lists.len());
        tx.audit(("no-contact-list", "all"), None, &read).await?;
        tx.commit().await?;
        Ok(lists)
    }

    /// The rows of lists that a case rests on, oldest first.
    pub(super) async fn listed_in(&self, tx: &Tx<'_>, case: CaseId) -> Result<Vec<ListedIn>, StoreError> {
        let query = format!(
            "SELECT {ORIGIN}, r.row_no, r.taken_at FROM no_contact_rows r JOIN no_contact_lists l ON l.id = r.import \
             WHERE r.case_id = $1 ORDER BY r.taken_at, r.import, r.row_no"
        );
        let rows = tx
            .all("no_contact_lists", &query, values![case.to_string()])
            .await?;
        let listed = rows.iter().map(|row| {
            Ok(ListedIn {
                origin: self.list_origin(row)?,
                row: row.count("row_no")?,
                taken_at: row.time("taken_at")?,
            })
        });
        listed.collect()
    }

    /// Where a list comes from, in a row with the columns of `ORIGIN`.
    pub(super) fn list_origin(&self, row: &Row) -> Result<ListOrigin, StoreError> {
        let kept_by: Personal = self.open_sealed(KEPT_BY, &row.text("id")?, row)?;
        Ok(ListOrigin {
            prison: row.parsed("prison")?,
            kept_by,
            as_of: row.parsed::<Date>("as_of")?,
            file: row.text("file")?,
        })
    }
}

impl Tx<'_> {
    /// The last row staged of a list whose rows are being staged.
    async fn staged_of_list(&self, import: Uuid) -> Result<u64, StoreError> {
        let query = "SELECT next_row FROM no_contact_lists WHERE id = $1";
        let row = self
            .one("no_contact_lists", query, values![import.to_string()])
            .await?;
        row.ok_or(StoreError::NotFound)?.count("next_row")
    }

    async fn stage_no_contact_row(
        &self,
        import: Uuid,
        number: u64,
        row: &Result<NoContactRow, Gap>,
    ) -> Result<(), StoreError> {
        let (body, about, same) = match row {
            Ok(row) => {
                let prison = self.prison_of_list(import).await?;
                let index = |text: &str| self.store.keys.body_hash(text.as_bytes());
                let body = self.store.seal(ROW, &row_key(import, number), row)?;
                (
                    Some(body),
                    Some(index(&row.about(prison))),
                    Some(index(&json(row)?)),
                )
            }
            Err(_) => (None, None, None),
        };
        let fate = if row.is_ok() { "waits" } else { "done" };
        let insert = "INSERT INTO no_contact_rows (import, row_no, body, about_index, row_index, fate) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let values = values![import.to_string(), int(number)?, body, about, same, fate];
        self.run(insert, values).await?;
        match row {
            Ok(_) => Ok(()),
            Err(gap) => self.keep_gaps(import, number, [*gap]).await,
        }
    }

    async fn prison_of_list(&self, import: Uuid) -> Result<PrisonId, StoreError> {
        let query = "SELECT prison FROM no_contact_lists WHERE id = $1";
        let row = self
            .one("no_contact_lists", query, values![import.to_string()])
            .await?;
        row.ok_or(StoreError::NotFound)?.parsed("prison")
    }

    pub(super) async fn keep_gaps(
        &self,
        import: Uuid,
        row: u64,
        gaps: impl IntoIterator<Item = Gap>,
    ) -> Result<(), StoreError> {
        let insert =
            "INSERT INTO no_contact_gaps (import, row_no, gap) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        for gap in gaps {
            self.run(insert, values![import.to_string(), int(row)?, gap.code()])
                .await?;
        }
        Ok(())
    }

    async fn list_and_report(&self, import: Uuid) -> Result<NoContactList, StoreError> {
        let query = format!(
            "SELECT {ORIGIN}, l.staged_at, l.staged, COUNT(r.row_no) AS rows, \
             COUNT(CASE WHEN r.fate = 'waits' THEN 1 END) AS waiting, \
             CAST(COALESCE(SUM(r.barred), 0) AS BIGINT) AS barred, \
             CAST(COALESCE(SUM(r.already), 0) AS BIGINT) AS already, \
             CAST(COALESCE(SUM(r.held), 0) AS BIGINT) AS held \
             FROM no_contact_lists l LEFT JOIN no_contact_rows r ON r.import = l.id WHERE l.id = $1 \
             GROUP BY l.id, l.prison, l.kept_by, l.as_of, l.file, l.staged_at, l.staged"
        );
        let row = self
            .one("no_contact_lists", &query, values![import.to_string()])
            .await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let (counts, unprotected) = self.gap_counts(import).await?;
        let waiting = row.count("waiting")?;
        Ok(NoContactList {
            id: import,
            origin: self.store.list_origin(&row)?,
            staged_at: row.time("staged_at")?,
            state: match (row.int("staged")?, waiting) {
                (0, _) => NoContactState::Staging,
                (_, 0) => NoContactState::Done,
                _ => NoContactState::TakingOver,
            },
            rows: row.count("rows")?,
            waiting,
            barred: row.count("barred")?,
            already: row.count("already")?,
            held: row.count("held")?,
            unprotected,
            counts,
            gaps: self.gaps_of(import).await?,
        })
    }

    async fn gap_counts(&self, import: Uuid) -> Result<(Vec<(Gap, u64)>, u64), StoreError> {
        let query = "SELECT gap, COUNT(*) AS n FROM no_contact_gaps WHERE import = $1 GROUP BY gap";
        let rows = self
            .all("no_contact_gaps", query, values![import.to_string()])
            .await?;
        let counts = rows.iter().map(|row| Ok((gap(row)?, row.count("n")?)));
        let mut counts = counts.collect::<Result<Vec<_>, StoreError>>()?;
        let order = |gap: &Gap| Gap::VARIANTS.iter().position(|other| other == gap);
        counts.sort_by_key(|(gap, _)| order(gap));
        let open = open_gaps();
        let query = format!(
            "SELECT COUNT(DISTINCT row_no) AS n FROM no_contact_gaps WHERE import = $1 AND gap IN ({open})"
        );
        let unprotected = self
            .one("no_contact_gaps", &query, values![import.to_string()])
            .await?;
        let unprotected = unprotected.ok_or_else(|| missing("no_contact_gaps", "count"))?;
        Ok((counts, unprotected.count("n")?))
    }

    async fn gaps_of(&self, import: Uuid) -> Result<Vec<(u64, Gap)>, StoreError> {
        let open = open_gaps();
        let query = format!(
            "SELECT row_no, gap FROM no_contact_gaps WHERE import = $1 \
             ORDER BY CASE WHEN gap IN ({open}) THEN 0 ELSE 1 END, row_no, gap LIMIT $2"
        );
        let asked = values![import.to_string(), GAPS_SHOWN_OF_LIST];
        let rows = self.all("no_contact_gaps", &query, asked).await?;
        let gaps = rows.iter().map(|row| Ok((row.count("row_no")?, gap(row)?)));
        gaps.collect()
    }
}

/// The gaps that leave something unprotected, as SQL.
fn open_gaps() -> String {
    let open = Gap::VARIANTS.iter().filter(|gap| gap.leaves_unprotected());
    open.map(|gap| format!("'{}'", gap.code()))
        .collect::<Vec<_>>()
        .join(", ")
}

fn gap(row: &Row) -> Result<Gap, StoreError> {
    Gap::of_code(&row.text("gap")?).ok_or_else(|| row.damaged())
}

pub(super) fn int(n: u64) -> Result<i64, StoreError> {
    i64::try_from(n).map_err(|_| StoreError::Invalid("too many rows"))
}
