//! Exceptions: one prisoner, in one prison, whom one bar does not meet, because two people so decided. Under call
//! enabling his entry lives again by it; under call barring his prison's gates are told of it. It ends when he leaves
//! the prison or turns out to be somebody whom the case names, with its bar, and by one person's word; none comes back.

use casework::{Actor, BarId, BarScope, BarTarget, CaseId, ProposedChange, TwoApprovals, Verb};
use feed::{EntryId, Regime};
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::{ConnectionTrait, Value};

use super::Store;
use super::bounded::Bounded;
use super::error::{Conflict, Refusal, StoreError};
use super::history::{Authority, Change};
use super::sql::{self, Row, json, micros, places, texts, values};
use super::tx::{Tx, missing};

/// One exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionRecord {
    /// The exception; no other ever has its identifier.
    pub exception: EntryId,
    /// The bar that does not meet him.
    pub bar: BarId,
    /// The prison in which it does not.
    pub prison: PrisonId,
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// Since when, UTC.
    pub since: Timestamp,
    /// On whose agreement.
    pub authority: Authority,
}

/// Exceptions that a case page shows, the newest first.
pub const EXCEPTIONS_SHOWN: i64 = 200;

const COLUMNS: &str = "id, bar, prison, prisoner, excepted_at, authority";

impl Store {
    /// One person ends an exception: the bar meets him again, and a handler is asked anew of what he has on his list.
    pub async fn end_exception(
        &self,
        by: &Actor,
        case: CaseId,
        exception: EntryId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "end-exception").await?;
        let found = self.exception_if_any(&tx.db, &exception.to_string()).await?;
        let found = found.ok_or(StoreError::NotFound)?;
        if tx.case_of_bar(found.bar).await? != case {
            return Err(StoreError::NotFound);
        }
        if tx.end_exceptions(Ending::One(exception)).await? == 0 {
            return Err(Conflict::Changed.into());
        }
        tx.sweep(found.prisoner).await?;
        tx.settle_priority(case).await?;
        tx.commit().await
    }

    /// How many prisoners the bar does not meet because two people so decided.
    pub async fn kept_under(&self, bar: BarId) -> Result<u64, StoreError> {
        let query =
            "SELECT COUNT(DISTINCT prisoner) AS n FROM exceptions WHERE bar = $1 AND ended_at IS NULL";
        let row = sql::one(&self.reader, "exceptions", query, values![bar.to_string()]).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    /// An exception that must be there, ended or not.
    pub(super) async fn exception_on(
        &self,
        on: &impl ConnectionTrait,
        id: &str,
    ) -> Result<ExceptionRecord, StoreError> {
        let found = self.exception_if_any(on, id).await?;
        found.ok_or_else(|| missing("exceptions", id))
    }

    async fn exception_if_any(
        &self,
        on: &impl ConnectionTrait,
        id: &str,
    ) -> Result<Option<ExceptionRecord>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM exceptions WHERE id = $1");
        let row = sql::one(on, "exceptions", &query, values![id]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Those that stand in a prison.
    pub(super) async fn exceptions_in(
        &self,
        on: &impl ConnectionTrait,
        prison: PrisonId,
    ) -> Result<Vec<ExceptionRecord>, StoreError> {
        let query =
            format!("SELECT {COLUMNS} FROM exceptions WHERE prison = $1 AND ended_at IS NULL ORDER BY id");
        let rows = sql::all(on, "exceptions", &query, values![prison.as_str()]).await?;
        rows.iter().map(read).collect()
    }

    /// Those that stand under the bars of a case, newest first, at most [`EXCEPTIONS_SHOWN`].
    pub(super) async fn exceptions_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Bounded<ExceptionRecord>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM exceptions WHERE bar IN (SELECT id FROM bars WHERE case_id = $1) \
             AND ended_at IS NULL ORDER BY excepted_at DESC, id LIMIT $2"
        );
        let asked = values![case.to_string(), EXCEPTIONS_SHOWN + 1];
        let rows = tx.all("exceptions", &query, asked).await?;
        let found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Bounded::of(found, EXCEPTIONS_SHOWN))
    }
}

/// Which exceptions end.
pub(super) enum Ending {
    /// This one.
    One(EntryId),
    /// All of a prisoner.
    Of(PrisonerNumber),
    /// All under a bar.
    Under(BarId),
    /// A prisoner's, under any bar of a case.
    InCase(CaseId, PrisonerNumber),
    /// A prisoner's, in a prison, under any bar on a number that has one of these blind indexes.
    OnNumber(PrisonId, PrisonerNumber, Vec<String>),
}

impl Ending {
    fn condition(self) -> (String, Vec<Value>) {
        match self {
            Self::One(exception) => ("id = $1".to_owned(), values![exception.to_string()]),
            Self::Of(prisoner) => ("prisoner = $1".to_owned(), values![prisoner.as_str()]),
            Self::Under(bar) => ("bar = $1".to_owned(), values![bar.to_string()]),
            Self::InCase(case, prisoner) => (
                "prisoner = $1 AND bar IN (SELECT id FROM bars WHERE case_id = $2)".to_owned(),
                values![prisoner.as_str(), case.to_string()],
            ),
            Self::OnNumber(prison, prisoner, met_by) => {
                let bars = format!(
                    "prison = $1 AND prisoner = $2 AND bar IN (SELECT id FROM bars WHERE number_index IN ({}))",
                    places(3, met_by.len())
                );
                let mut of = values![prison.as_str(), prisoner.as_str()];
                of.extend(texts(met_by));
                (bars, of)
            }
        }
    }
}

impl Tx<'_> {
    /// Checks that this bar can leave this prisoner alone there; returns its case. A bar for one prisoner meets whom it
    /// was imposed for, and nobody is excepted whom the case names. Under call barring everyone may ring whom no bar
    /// meets, so anyone whom the prison holds can be excepted; elsewhere only who lost the number by this bar.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if he is excepted already; [`Refusal::NotHeldHere`]; [`Refusal::CannotExcept`].
    pub(super) async fn may_except(
        &self,
        bar: BarId,
        prison: PrisonId,
        prisoner: PrisonerNumber,
    ) -> Result<CaseId, StoreError> {
        let bar = self.bar_in_force(bar).await?.bar;
        if self.is_excepted(bar.id, prison, prisoner).await? {
            return Err(Conflict::Changed.into());
        }
        let meets_all = bar.scope == BarScope::Estate && matches!(bar.target, BarTarget::Number(_));
        if !meets_all || self.named_in(bar.case).await?.contains(&prisoner) {
            return Err(Refusal::CannotExcept.into());
        }
        if !self.is_held_in(prison, prisoner).await? {
            return Err(Refusal::NotHeldHere.into());
        }
        let on = self.prison_on(prison).await?;
        let is_barring = on.is_some_and(|on| on.regime == Regime::CallBarring);
        if is_barring || self.lost_it(bar.id, prison, prisoner).await? {
            Ok(bar.case)
        } else {
            Err(Refusal::CannotExcept.into())
        }
    }

    async fn is_excepted(
        &self,
        bar: BarId,
        prison: PrisonId,
        prisoner: PrisonerNumber,
    ) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM exceptions \
             WHERE bar = $1 AND prison = $2 AND prisoner = $3 AND ended_at IS NULL";
        let asked = values![bar.to_string(), prison.as_str(), prisoner.as_str()];
        Ok(self.count("exceptions", query, asked).await? > 0)
    }

    async fn lost_it(
        &self,
        bar: BarId,
        prison: PrisonId,
        prisoner: PrisonerNumber,
    ) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM suspensions WHERE bar = $1 AND prison = $2 AND holder = $3";
        let asked = values![bar.to_string(), prison.as_str(), prisoner.as_str()];
        Ok(self.count("suspended", query, asked).await? > 0)
    }

    /// Two people let a bar leave a prisoner alone. What it took off his list comes back if no other bar forbids it.
    pub(super) async fn except_prisoner(
        &mut self,
        agreed: &TwoApprovals,
        bar: BarId,
        prison: PrisonId,
        prisoner: PrisonerNumber,
    ) -> Result<(), StoreError> {
        let case = self.may_except(bar, prison, prisoner).await?;
        self.insert_exception(agreed, bar, prison, prisoner).await?;
        let (proposer, approver) = (agreed.proposed_by(), agreed.approved_by());
        let detail =
            format!("excepted prisoner={prisoner} in={prison} proposed-by={proposer} approved-by={approver}");
        self.audit(("bar", &bar.to_string()), Some(case), &detail).await?;
        let lost =
            "SELECT entry FROM suspensions WHERE bar = $1 AND prison = $2 AND holder = $3 ORDER BY entry";
        let his = values![bar.to_string(), prison.as_str(), prisoner.as_str()];
        for row in self.all("suspended", lost, his).await? {
            let entry = row.text("entry")?;
            // Asked anew should the exception end.
            let undecided = "UPDATE suspended SET decided = NULL WHERE bar = $1 AND entry = $2";
            self.run(undecided, values![bar.to_string(), entry.as_str()])
                .await?;
            self.bring_back_if_free(agreed, &entry).await?;
        }
        self.settle_priority(case).await
    }

    async fn insert_exception(
        &mut self,
        agreed: &TwoApprovals,
        bar: BarId,
        prison: PrisonId,
        prisoner: PrisonerNumber,
    ) -> Result<(), StoreError> {
        let id = EntryId::from_bytes(self.store.seams.bytes()).to_string();
        let insert = "INSERT INTO exceptions (id, bar, prison, prisoner, authority, excepted_at) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let row = values![
            id.as_str(),
            bar.to_string(),
            prison.as_str(),
            prisoner.as_str(),
            json(&Authority::of(agreed))?,
            micros(self.now),
        ];
        self.run(insert, row).await?;
        self.serial().await?;
        self.change(Change::PrisonerExcepted { exception: id });
        Ok(())
    }

    /// Ends exceptions, and says how many. It refuses more, so one person is enough, or a transfer. Whose bar still
    /// stands may have entries that it forbids now: see [`Tx::sweep`].
    pub(super) async fn end_exceptions(&mut self, which: Ending) -> Result<usize, StoreError> {
        let (condition, of) = which.condition();
        let query =
            format!("SELECT {COLUMNS} FROM exceptions WHERE {condition} AND ended_at IS NULL ORDER BY id");
        let rows = self.all("exceptions", &query, of).await?;
        for row in &rows {
            let ended = read(row)?;
            let id = ended.exception.to_string();
            let update = "UPDATE exceptions SET ended_at = $1 WHERE id = $2";
            self.run(update, values![micros(self.now), id.as_str()]).await?;
            self.serial().await?;
            self.change(Change::ExceptionEnded { exception: id });
            let case = self.case_of_bar(ended.bar).await?;
            let detail = format!("exception-ended prisoner={} in={}", ended.prisoner, ended.prison);
            self.audit(("bar", &ended.bar.to_string()), Some(case), &detail)
                .await?;
        }
        Ok(rows.len())
    }

    /// Takes off a prisoner's lists what a bar forbids him now, and lists it for the handlers.
    pub(super) async fn sweep(&mut self, holder: PrisonerNumber) -> Result<(), StoreError> {
        let of_holder = "SELECT id FROM approved_numbers WHERE holder = $1 AND state = 'live' ORDER BY id";
        let rows = self.all("approved_numbers", of_holder, values![holder.as_str()]);
        for row in rows.await? {
            let entry = row.text("id")?;
            let found = self.store.entry_on(&self.db, &entry).await?;
            if self.is_barred_for(&found).await? {
                self.revoke_under_bar(&entry).await?;
                self.list_for_handlers(&found).await?;
            }
        }
        Ok(())
    }

    /// A prisoner has left his prison, is somebody with another number as well, or his prison leaves the service: what
    /// two people excepted him from ends, and a handler is asked anew. Whatever else a bar forbids him comes off.
    pub(super) async fn rescreen(&mut self, holder: PrisonerNumber) -> Result<(), StoreError> {
        self.end_exceptions(Ending::Of(holder)).await?;
        self.sweep(holder).await
    }

    /// As [`Tx::rescreen`], for everybody who is excepted in a prison.
    pub(super) async fn rescreen_all_in(&mut self, prison: PrisonId) -> Result<(), StoreError> {
        for exception in self.store.exceptions_in(&self.db, prison).await? {
            self.rescreen(exception.prisoner).await?;
        }
        Ok(())
    }

    /// Closes what was proposed for this prisoner in a case: somebody has just decided otherwise.
    pub(super) async fn close_exceptions_proposed(
        &self,
        case: CaseId,
        of: PrisonerNumber,
    ) -> Result<(), StoreError> {
        for open in self.proposals_of(case).await? {
            if matches!(open.change, ProposedChange::ExceptPrisoner { prisoner, .. } if prisoner == of) {
                self.close_overtaken(open.id, Some(case)).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn case_of_bar(&self, bar: BarId) -> Result<CaseId, StoreError> {
        let query = "SELECT case_id FROM bars WHERE id = $1";
        let row = self.one("bars", query, values![bar.to_string()]).await?;
        row.ok_or_else(|| missing("bars", &bar.to_string()))?
            .parsed("case_id")
    }
}

fn read(row: &Row) -> Result<ExceptionRecord, StoreError> {
    Ok(ExceptionRecord {
        exception: row.parsed("id")?,
        bar: row.parsed("bar")?,
        prison: row.parsed("prison")?,
        prisoner: row.parsed("prisoner")?,
        since: row.time("excepted_at")?,
        authority: row.json("authority")?,
    })
}
