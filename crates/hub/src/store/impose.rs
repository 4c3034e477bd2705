//! Imposing a bar: one row, its announcement, and the revocation of every live entry that it forbids, in the
//! transaction of whichever verb imposes it.

use std::collections::BTreeSet;

use casework::{AccountId, BarId, BarScope, BarState, BarTarget, CaseId, RequestId, RuleOutcome, Ruling};
use prison::PrisonerNumber;
use uuid::Uuid;

use super::approved_numbers::MET;
use super::bars::{TARGET, scope_word, state_word};
use super::error::StoreError;
use super::history::Change;
use super::open_case::HeldWhy;
use super::sql::{Row, json, micros, values};
use super::tx::{Tx, as_int};

/// A bar to be imposed.
pub(super) struct Imposing<'a> {
    pub(super) case: CaseId,
    pub(super) request: Option<RequestId>,
    pub(super) target: &'a BarTarget,
    pub(super) scope: BarScope,
    pub(super) state: BarState,
    pub(super) ruling: &'a Ruling,
    /// Whether a rule imposed it rather than a person; the caps count these.
    pub(super) at_once: bool,
    pub(super) filed_by: Option<AccountId>,
}

/// What was imposed.
pub(super) struct Imposed {
    pub(super) bar: BarId,
    /// Live entries of prisoners whom the case names: they are off for good.
    pub(super) revoked: u64,
    /// Entries of prisoners whom nobody named: suspended until a handler has decided of each.
    pub(super) suspended: u64,
}

/// The ruling on a bar that a case handler imposes.
pub(super) fn by_hand() -> Ruling {
    Ruling {
        rule: "case-handler".to_owned(),
        version: "by-hand".to_owned(),
        outcome: RuleOutcome::HandlerFirst,
    }
}

impl Tx<'_> {
    pub(super) async fn impose(&mut self, imposing: Imposing<'_>) -> Result<Imposed, StoreError> {
        let bar = BarId(Uuid::from_bytes(self.store.seams.bytes()));
        let index = self.index_of(imposing.target);
        self.insert_bar(bar, index.clone(), &imposing).await?;
        self.change(Change::BarAnnounced { bar });
        let (revoked, suspended) = self.take_off_all(bar, index, &imposing).await?;
        let detail = format!(
            "imposed scope={} revoked={revoked} suspended={suspended}",
            scope_kind(imposing.scope)
        );
        self.audit(("bar", &bar.to_string()), Some(imposing.case), &detail)
            .await?;
        Ok(Imposed {
            bar,
            revoked,
            suspended,
        })
    }

    /// Takes the number off every list that the bar reaches, in this transaction. Who was not named is listed for
    /// a handler as well, also where another bar had taken the number off before.
    async fn take_off_all(
        &mut self,
        bar: BarId,
        index: Option<String>,
        imposing: &Imposing<'_>,
    ) -> Result<(u64, u64), StoreError> {
        let named = self.named_in(imposing.case).await?;
        let (mut revoked, mut suspended) = (0, 0);
        for entry in self.entries_with(index).await? {
            if !applies(imposing.scope, entry.holder) {
                continue;
            }
            if entry.live {
                self.revoke_under_bar(&entry.id).await?;
            }
            if imposing.scope == BarScope::Estate && !named.contains(&entry.holder) {
                self.suspend(bar, &entry.id).await?;
                suspended += 1;
            } else {
                revoked += u64::from(entry.live);
            }
        }
        Ok((revoked, suspended))
    }

    /// Lists an entry that a bar has taken off for a handler to decide of.
    pub(super) async fn suspend(&self, bar: BarId, entry: &str) -> Result<(), StoreError> {
        let insert = "INSERT INTO suspended (bar, entry) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.run(insert, values![bar.to_string(), entry]).await.map(drop)
    }

    /// The prisoners whom a case names: in its requests, or because somebody located him.
    pub(super) async fn named_in(&self, case: CaseId) -> Result<BTreeSet<PrisonerNumber>, StoreError> {
        let query = "SELECT n.prisoner FROM named_prisoners n JOIN requests r ON r.id = n.request_id \
             WHERE r.case_id = $1";
        let rows = self
            .all("named_prisoners", query, values![case.to_string()])
            .await?;
        let named = rows.iter().map(|row| row.parsed("prisoner"));
        let mut named: BTreeSet<PrisonerNumber> = named.collect::<Result<_, _>>()?;
        named.extend(self.case(case).await?.state.prisoner());
        Ok(named)
    }

    pub(super) fn index_of(&self, target: &BarTarget) -> Option<String> {
        match target {
            BarTarget::Number(number) => Some(self.store.keys.blind_index(number)),
            BarTarget::Address(_) => None,
        }
    }

    async fn insert_bar(
        &mut self,
        bar: BarId,
        index: Option<String>,
        imposing: &Imposing<'_>,
    ) -> Result<(), StoreError> {
        let id = bar.to_string();
        let serial = as_int(self.serial().await?)?;
        let insert = "INSERT INTO bars (id, case_id, request_id, kind, target, number_index, scope, state, \
             ruling, at_once, filed_by, imposed_by, imposed_at, serial) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let row = values![
            id.as_str(),
            imposing.case.to_string(),
            imposing.request.map(|request| request.to_string()),
            kind_word(imposing.target),
            self.store.seal(TARGET, &id, imposing.target)?,
            index,
            scope_word(imposing.scope),
            state_word(imposing.state),
            json(imposing.ruling)?,
            i64::from(imposing.at_once),
            imposing.filed_by.map(|account| account.to_string()),
            self.by.account.to_string(),
            micros(self.now),
            serial,
        ];
        self.run(insert, row).await.map(drop)
    }

    /// The entries that hold a number, or held it until a bar took them off.
    async fn entries_with(&self, index: Option<String>) -> Result<Vec<Held>, StoreError> {
        let Some(index) = index else { return Ok(Vec::new()) };
        let query = format!(
            "SELECT e.id, e.holder, e.state FROM approved_numbers e WHERE {MET} \
             AND (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar')) ORDER BY e.id"
        );
        let rows = self.all("approved_numbers", &query, values![index]).await?;
        rows.iter().map(Held::read).collect()
    }

    /// Revokes a live entry because a bar forbids it; it comes back if the bar is lifted.
    pub(super) async fn revoke_under_bar(&mut self, entry: &str) -> Result<(), StoreError> {
        let update = "UPDATE approved_numbers SET state = 'ended', cause = 'bar', ended_at = $1 \
             WHERE id = $2 AND state = 'live'";
        if self.run(update, values![micros(self.now), entry]).await? != 1 {
            return Err(super::Conflict::Changed.into());
        }
        self.serial().await?;
        self.change(Change::EntryRevoked {
            entry: entry.to_owned(),
        });
        Ok(())
    }

    /// Keeps a number or address for a handler.
    pub(super) async fn hold(
        &self,
        case: CaseId,
        request: Option<RequestId>,
        target: &BarTarget,
        why: HeldWhy,
        position: &str,
    ) -> Result<Uuid, StoreError> {
        let held = Uuid::from_bytes(self.store.seams.bytes());
        let id = held.to_string();
        let insert = "INSERT INTO held_targets (id, case_id, request_id, position, kind, target, \
             number_index, why, filed_by, held_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let row = values![
            id.as_str(),
            case.to_string(),
            request.map(|request| request.to_string()),
            position,
            kind_word(target),
            self.store.seal(("held_targets", "target"), &id, target)?,
            self.index_of(target),
            why.as_str(),
            request.map(|_| self.by.account.to_string()),
            micros(self.now),
        ];
        self.run(insert, row).await?;
        self.audit(("held-target", &id), Some(case), why.as_str()).await?;
        Ok(held)
    }
}

struct Held {
    id: String,
    holder: PrisonerNumber,
    live: bool,
}

impl Held {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?,
            holder: row.parsed("holder")?,
            live: row.text("state")? == "live",
        })
    }
}

/// Whether a bar of this scope applies to this prisoner.
pub(super) fn applies(scope: BarScope, holder: PrisonerNumber) -> bool {
    match scope {
        BarScope::Estate => true,
        BarScope::Prisoner(prisoner) => prisoner == holder,
    }
}

fn kind_word(target: &BarTarget) -> &'static str {
    match target {
        BarTarget::Number(_) => "number",
        BarTarget::Address(_) => "address",
    }
}

fn scope_kind(scope: BarScope) -> &'static str {
    match scope {
        BarScope::Estate => "estate",
        BarScope::Prisoner(_) => "prisoner",
    }
}
