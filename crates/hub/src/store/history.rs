//! What gates must hear of, serial by serial: written as references in the transaction of the verb, resolved
//! into numbers when the feed asks.

use casework::{AccountId, BarId, BarScope, BarTarget, ProposalId, TwoApprovals};
use feed::{ContactKind, EntryId, Serial};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::Store;
use super::approved_numbers::ApprovedEntry;
use super::error::StoreError;
use super::exceptions::ExceptionRecord;
use super::sql::{self, values};
use super::tx::{as_int, missing};

/// One change as it is kept: references only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub(super) enum Change {
    /// A bar was imposed.
    BarAnnounced { bar: BarId },
    /// Two people lifted a bar.
    BarWithdrawn { bar: BarId, authority: Authority },
    /// An entry went onto a prisoner's list.
    EntryApproved { entry: String },
    /// An entry came off it.
    EntryRevoked { entry: String },
    /// Two people let a bar leave a prisoner alone.
    PrisonerExcepted { exception: String },
    /// It meets him again.
    ExceptionEnded { exception: String },
}

/// On whose agreement a bar was withdrawn, or a prisoner excepted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// The proposal that was approved.
    pub proposal: ProposalId,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// Who approved it.
    pub approved_by: AccountId,
}

impl Authority {
    /// That of two people who agreed.
    pub(super) fn of(agreed: &TwoApprovals) -> Self {
        Self {
            proposal: agreed.proposal().id,
            proposed_by: agreed.proposed_by(),
            approved_by: agreed.approved_by(),
        }
    }
}

/// One change with what a gate is told of it. Address bars have none: gates know no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedChange {
    /// A number was barred.
    Announce {
        /// The bar.
        bar: BarId,
        /// The barred number.
        number: PhoneNumber,
        /// To whom it applies.
        scope: BarScope,
    },
    /// A bar was lifted; number and scope as they were announced.
    Withdraw {
        /// The bar.
        bar: BarId,
        /// The number.
        number: PhoneNumber,
        /// To whom it applied.
        scope: BarScope,
        /// On whose agreement.
        authority: Authority,
    },
    /// An entry went onto a prisoner's list.
    Approve {
        /// The prison in which it was approved.
        prison: PrisonId,
        /// The prisoner.
        holder: PrisonerNumber,
        /// The approved number.
        number: PhoneNumber,
        /// What kind of contact it is.
        contact: ContactKind,
        /// The entry.
        entry: EntryId,
    },
    /// An entry came off a prisoner's list; everything as it was approved.
    Revoke {
        /// The prison.
        prison: PrisonId,
        /// The prisoner.
        holder: PrisonerNumber,
        /// The number.
        number: PhoneNumber,
        /// What kind of contact it was.
        contact: ContactKind,
        /// The entry.
        entry: EntryId,
    },
    /// Two people let a bar leave a prisoner alone.
    Except(ExceptionRecord),
    /// It meets him again; everything as it was excepted.
    EndException(ExceptionRecord),
}

impl Store {
    /// The serial of the last change; 0 before the first. What another process has committed is passed on to
    /// whoever waits for [`Store::serial`].
    pub async fn head(&self) -> Result<Serial, StoreError> {
        let head = head_on(&self.reader).await?;
        self.announce(head);
        Ok(head)
    }

    /// The changes after a serial, in order, resolved; at most `limit` serials.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if any of them cannot be resolved in full, or a serial is missing: between two of
    /// them, or after the last one although the counter has passed it.
    pub async fn history_since(
        &self,
        since: Serial,
        limit: usize,
    ) -> Result<Vec<(Serial, Vec<ResolvedChange>)>, StoreError> {
        // Read first, so that what is committed in between is there and not yet counted.
        let head = head_on(&self.reader).await?;
        let query = "SELECT serial, changes FROM history WHERE serial > $1 ORDER BY serial LIMIT $2";
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = sql::all(&self.reader, "history", query, values![as_int(since)?, most]).await?;
        let is_all = rows.len() < limit;
        let mut resolved = Vec::with_capacity(rows.len());
        let mut expected = since;
        for row in rows {
            let serial = Serial(row.count("serial")?);
            if expected.next() != Some(serial) {
                return Err(row.damaged());
            }
            expected = serial;
            let changes: Vec<Change> = row.json("changes")?;
            resolved.push((serial, self.resolve(changes).await?));
        }
        if is_all && expected < head {
            return Err(missing("history", &head.to_string()));
        }
        self.announce(expected);
        Ok(resolved)
    }

    async fn resolve(&self, changes: Vec<Change>) -> Result<Vec<ResolvedChange>, StoreError> {
        let mut resolved = Vec::with_capacity(changes.len());
        for change in changes {
            resolved.extend(match change {
                Change::BarAnnounced { bar } => {
                    let barred = self.barred_number(bar).await?;
                    barred.map(|(number, scope)| ResolvedChange::Announce { bar, number, scope })
                }
                Change::BarWithdrawn { bar, authority } => {
                    let barred = self.barred_number(bar).await?;
                    barred.map(|(number, scope)| ResolvedChange::Withdraw {
                        bar,
                        number,
                        scope,
                        authority,
                    })
                }
                Change::EntryApproved { entry } => Some(approved(self.entry_on(&self.reader, &entry).await?)),
                Change::EntryRevoked { entry } => Some(revoked(self.entry_on(&self.reader, &entry).await?)),
                Change::PrisonerExcepted { exception } => {
                    let excepted = self.exception_on(&self.reader, &exception).await?;
                    Some(ResolvedChange::Except(excepted))
                }
                Change::ExceptionEnded { exception } => {
                    let ended = self.exception_on(&self.reader, &exception).await?;
                    Some(ResolvedChange::EndException(ended))
                }
            });
        }
        Ok(resolved)
    }

    async fn barred_number(&self, bar: BarId) -> Result<Option<(PhoneNumber, BarScope)>, StoreError> {
        let record = self.bar_on(&self.reader, bar).await?;
        let record = record.ok_or_else(|| missing("bars", &bar.to_string()))?;
        Ok(match record.bar.target {
            BarTarget::Number(number) => Some((number, record.bar.scope)),
            BarTarget::Address(_) => None,
        })
    }
}

fn approved(e: ApprovedEntry) -> ResolvedChange {
    let ApprovedEntry {
        prison,
        holder,
        number,
        contact,
        entry,
        ..
    } = e;
    ResolvedChange::Approve {
        prison,
        holder,
        number,
        contact,
        entry,
    }
}

fn revoked(e: ApprovedEntry) -> ResolvedChange {
    let ApprovedEntry {
        prison,
        holder,
        number,
        contact,
        entry,
        ..
    } = e;
    ResolvedChange::Revoke {
        prison,
        holder,
        number,
        contact,
        entry,
    }
}

pub(super) async fn head_on(on: &impl ConnectionTrait) -> Result<Serial, StoreError> {
    let query = "SELECT value FROM counters WHERE name = 'history'";
    let row = sql::one(on, "counters", query, values![]).await?;
    Ok(Serial(
        row.ok_or_else(|| missing("counters", "history"))?
            .count("value")?,
    ))
}
