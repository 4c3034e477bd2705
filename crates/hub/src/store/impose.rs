//! Imposing a bar: one row, its announcement, and the revocation of every live entry that it forbids, in the
//! transaction of whichever verb imposes it.

use casework::{AccountId, BarId, BarScope, BarState, BarTarget, CaseId, RequestId, RuleOutcome, Ruling};
use prison::PrisonerNumber;
use uuid::Uuid;

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
    /// Everybody but these prisoners keeps an entry that he has, until a handler has looked.
    pub(super) spare_all_but: Option<&'a [PrisonerNumber]>,
}

/// What was imposed.
pub(super) struct Imposed {
    pub(super) bar: BarId,
    /// Prisoners who may still ring until a handler has looked.
    pub(super) spared: u64,
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
        let (mut revoked, mut spared) = (0_u64, 0_u64);
        for entry in self.live_entries(index).await? {
            if !applies(imposing.scope, entry.holder) {
                continue;
            }
            if imposing
                .spare_all_but
                .is_some_and(|named| !named.contains(&entry.holder))
            {
                let insert = "INSERT INTO spared (bar, entry) VALUES ($1, $2)";
                self.run(insert, values![bar.to_string(), entry.id]).await?;
                spared += u64::from(entry.rings);
            } else {
                self.revoke_under_bar(&entry.id).await?;
                revoked += 1;
            }
        }
        let detail = format!(
            "imposed scope={} revoked={revoked} spared={spared}",
            scope_kind(imposing.scope)
        );
        self.audit(("bar", &bar.to_string()), Some(imposing.case), &detail)
            .await?;
        Ok(Imposed { bar, spared })
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

    async fn live_entries(&self, index: Option<String>) -> Result<Vec<LiveEntry>, StoreError> {
        let Some(index) = index else { return Ok(Vec::new()) };
        let query = "SELECT e.id, e.holder, p.regime FROM approved_numbers e \
             LEFT JOIN prisons_on p ON p.prison = e.prison WHERE e.number_index = $1 AND e.state = 'live'";
        let rows = self.all("approved_numbers", query, values![index]).await?;
        rows.iter().map(LiveEntry::read).collect()
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

struct LiveEntry {
    id: String,
    holder: PrisonerNumber,
    /// Whether a bar that leaves the entry alone lets him ring: not under call barring, where it holds for all.
    rings: bool,
}

impl LiveEntry {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?,
            holder: row.parsed("holder")?,
            rings: row.text_if_any("regime")?.as_deref() != Some("call-barring"),
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
