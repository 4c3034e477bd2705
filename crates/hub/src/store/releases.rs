//! When a prisoner with bars goes out: a task stands for case handlers to tell the victim liaison officer and the police,
//! until both have been told and by whom is on record. The person who is protected hears nothing of it from here, and
//! no date is kept. A release lifts no bar.

use casework::{Actor, CaseId, Personal, Reference, RequestLimits, Verb};
use jiff::Timestamp;
use offender::PrisonerRecord;
use prison::PrisonerNumber;
use uuid::Uuid;

use super::Store;
use super::bars::scope_word;
use super::bounded::Bounded;
use super::error::{Conflict, Refusal, StoreError};
use super::sql::{self, Row, micros, values};
use super::tx::{Tx, missing};

/// Tasks that are shown at once, the oldest.
pub const RELEASES_SHOWN: i64 = 100;

/// Who has to be told that a prisoner goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// The victim liaison officer, who decides with her what she is told.
    VictimLiaison,
    /// The police.
    Police,
}

/// A prisoner of a case who goes out, and who has been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseTask {
    /// The task.
    pub id: Uuid,
    /// The reference of its case.
    pub reference: Reference,
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// When the hub learnt of it, UTC.
    pub noticed_at: Timestamp,
    /// Who was told at the victim liaison unit.
    pub victim_liaison: Option<Personal>,
    /// Who was told of the police.
    pub police: Option<Personal>,
}

impl Office {
    /// The office of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::VictimLiaison, Self::Police]
            .into_iter()
            .find(|office| office.as_str() == word)
    }

    /// The word for it, in the store, the audit and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VictimLiaison => "victim-liaison",
            Self::Police => "police",
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::VictimLiaison => "victim_liaison",
            Self::Police => "police",
        }
    }
}

impl Store {
    /// A handler has heard that the located prisoner of a case goes out.
    pub async fn note_release(&self, by: &Actor, case: CaseId) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "note-release").await?;
        let Some(prisoner) = tx.case(case).await?.state.prisoner() else {
            return Err(tx.refuse(Refusal::NotOnRecord).await);
        };
        tx.stand_task(case, prisoner).await?;
        tx.commit().await
    }

    /// The tasks in which somebody is still to be told, oldest first.
    pub async fn open_releases(&self, by: &Actor) -> Result<Bounded<ReleaseTask>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-releases").await?;
        let query = "SELECT r.id, c.reference, r.prisoner, r.noticed_at, r.victim_liaison, r.police \
             FROM release_tasks r JOIN cases c ON c.id = r.case_id WHERE r.done_at IS NULL \
             ORDER BY r.noticed_at, r.id LIMIT $1";
        let rows = tx
            .all("release_tasks", query, values![RELEASES_SHOWN + 1])
            .await?;
        let tasks = rows.iter().map(|row| self.read_release(row));
        let tasks = Bounded::of(tasks.collect::<Result<Vec<_>, _>>()?, RELEASES_SHOWN);
        let detail = format!("releases={} more={}", tasks.rows.len(), tasks.more);
        tx.audit(("release-task", "open"), None, &detail).await?;
        tx.commit().await?;
        Ok(tasks)
    }

    /// How many tasks stand.
    pub async fn releases_waiting(&self, by: &Actor) -> Result<u64, StoreError> {
        if !by.role.may(Verb::ReadCases) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT COUNT(*) AS n FROM release_tasks WHERE done_at IS NULL";
        let row = sql::one(&self.reader, "release_tasks", query, values![]).await?;
        row.ok_or_else(|| missing("release_tasks", "count"))?.count("n")
    }

    /// Somebody at an office has been told: `who`, by name or number of their own. The task is done once both have been.
    pub async fn tell_of_release(
        &self,
        by: &Actor,
        task: Uuid,
        office: Office,
        who: &Personal,
    ) -> Result<(), StoreError> {
        if who.is_blank() || who.expose().chars().count() > RequestLimits::DEFAULT.line_chars {
            return Err(StoreError::Invalid("say who was told"));
        }
        let tx = self.begin(by, Verb::WorkCases, "tell-of-release").await?;
        let (id, column) = (task.to_string(), office.column());
        let query = "SELECT id, case_id FROM release_tasks WHERE id = $1";
        let row = tx.one("release_tasks", query, values![id.as_str()]).await?;
        let case: CaseId = row.ok_or(StoreError::NotFound)?.parsed("case_id")?;
        let update = format!("UPDATE release_tasks SET {column} = $2 WHERE id = $1 AND {column} IS NULL");
        let sealed = self.seal(("release_tasks", column), &id, who)?;
        if tx.run(&update, values![id.as_str(), sealed]).await? == 0 {
            return Err(Conflict::Changed.into());
        }
        let done = "UPDATE release_tasks SET done_at = $2 WHERE id = $1 AND victim_liaison IS NOT NULL \
             AND police IS NOT NULL";
        tx.run(done, values![id.as_str(), micros(tx.now)]).await?;
        let told = format!("told={}", office.as_str());
        tx.audit(("release-task", &id), Some(case), &told).await?;
        tx.touch_case(case).await?;
        tx.commit().await
    }

    fn read_release(&self, row: &Row) -> Result<ReleaseTask, StoreError> {
        let id = row.text("id")?;
        let told = |office: Office| -> Result<Option<Personal>, StoreError> {
            let column = office.column();
            match row.bytes_if_any(column)? {
                Some(_) => self.open_sealed(("release_tasks", column), &id, row).map(Some),
                None => Ok(None),
            }
        };
        Ok(ReleaseTask {
            id: row.parsed("id")?,
            reference: row.parsed("reference")?,
            prisoner: row.parsed("prisoner")?,
            noticed_at: row.time("noticed_at")?,
            victim_liaison: told(Office::VictimLiaison)?,
            police: told(Office::Police)?,
        })
    }
}

impl Tx<'_> {
    /// A task for each case whose bars are in force against a prisoner who goes out by this record.
    pub(super) async fn notice_release(
        &self,
        before: &PrisonerRecord,
        now: &PrisonerRecord,
    ) -> Result<(), StoreError> {
        if is_out(before) || !is_out(now) {
            return Ok(());
        }
        let query = "SELECT c.id FROM cases c WHERE c.state_name <> 'declined' \
             AND EXISTS (SELECT 1 FROM bars b WHERE b.case_id = c.id AND b.state <> 'lifted') \
             AND (EXISTS (SELECT 1 FROM locations l WHERE l.case_id = c.id AND l.prisoner = $1 AND l.rejected_at IS NULL \
               AND l.located_at = (SELECT MAX(m.located_at) FROM locations m WHERE m.case_id = c.id)) \
              OR EXISTS (SELECT 1 FROM bars b WHERE b.case_id = c.id AND b.scope = $2 AND b.state <> 'lifted') \
              OR (NOT EXISTS (SELECT 1 FROM locations l WHERE l.case_id = c.id) \
               AND EXISTS (SELECT 1 FROM named_prisoners n JOIN requests r ON r.id = n.request_id \
                WHERE r.case_id = c.id AND n.prisoner = $1))) ORDER BY c.id";
        let scope = scope_word(casework::BarScope::Prisoner(now.prisoner_number));
        let about = values![now.prisoner_number.as_str(), scope];
        for row in self.all("cases", query, about).await? {
            self.stand_task(row.parsed("id")?, now.prisoner_number).await?;
        }
        Ok(())
    }

    /// A task for a case, unless one stands for the same prisoner.
    async fn stand_task(&self, case: CaseId, prisoner: PrisonerNumber) -> Result<(), StoreError> {
        let standing = "SELECT COUNT(*) AS n FROM release_tasks \
             WHERE case_id = $1 AND prisoner = $2 AND done_at IS NULL";
        let about = values![case.to_string(), prisoner.as_str()];
        if self.count("release_tasks", standing, about).await? > 0 {
            return Ok(());
        }
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let insert = "INSERT INTO release_tasks (id, case_id, prisoner, noticed_at) VALUES ($1, $2, $3, $4)";
        let row = values![id.as_str(), case.to_string(), prisoner.as_str(), micros(self.now)];
        self.run(insert, row).await?;
        self.audit(("release-task", &id), Some(case), "stands").await?;
        self.touch_case(case).await
    }
}

/// In no prison and on the way to none: released. At court, in hospital or on leave his prison keeps him, and between
/// two prisons he is on the way.
fn is_out(record: &PrisonerRecord) -> bool {
    record.prison_id.is_some_and(|prison| prison.as_str() == "OUT")
        || record.status.as_str() == "INACTIVE OUT"
}
