//! The approved list of each prisoner in each prison: applied for by one person ([`Store::file_applications`]), approved by another, taken
//! off by either, but for a lawyer's number, which takes both. Whatever the cause, a number that came off looks the same to the prison.

#[cfg(doc)]
use casework::ProposedChange;
use casework::{Actor, Personal, TwoApprovals, Verb};
use data_encoding::HEXLOWER;
use feed::{ContactKind, EntryId};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::error::{Refusal, StoreError};
use super::exceptions::Ending;
use super::history::Change;
use super::sql::{self, Row, micros, values};
use super::tx::{Tx, missing};

/// One number on one prisoner's list, or applied for, or taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedEntry {
    /// The entry.
    pub entry: EntryId,
    /// The prison on whose list it stands.
    pub prison: PrisonId,
    /// The prisoner.
    pub holder: PrisonerNumber,
    /// The number.
    pub number: PhoneNumber,
    /// What kind of contact it is.
    pub contact: ContactKind,
    /// Whose number it is, as applied for.
    pub name: Personal,
    /// Where it stands.
    pub state: EntryState,
    /// When it was applied for, UTC.
    pub applied_at: Timestamp,
    /// When it went onto the list, UTC.
    pub approved_at: Option<Timestamp>,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Waits for a second person.
    Applied,
    /// May be dialled.
    Live,
    /// May not be dialled any more, whatever the cause.
    Ended,
}

pub(super) const COLUMNS: &str =
    "id, prison, holder, number, number_index, contact, name, state, cause, applied_at, approved_at";

/// What the prison sees as on its lists: `e` is the entry.
pub(super) const ON_LIST: &str =
    "(e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar' AND e.listed = 1))";

#[derive(Serialize, Deserialize)]
struct Sealed(#[serde(with = "phone::exposed")] PhoneNumber);

impl Store {
    /// Takes a number off a prisoner's list, in one step. A lawyer's number takes two people of the prison:
    /// [`ProposedChange::RevokeLegalEntry`].
    pub async fn revoke_number(&self, by: &Actor, entry: EntryId) -> Result<(), StoreError> {
        let mut tx = self.begin(by, Verb::RevokeNumber, "revoke-number").await?;
        let found = self.entry_if_any(&tx.db, &entry.to_string()).await?;
        let own = tx.by.role.prison();
        let entry = found
            .filter(|entry| own.is_none_or(|own| own == entry.prison))
            .ok_or(StoreError::NotFound)?;
        if entry.contact == ContactKind::Legal {
            return Err(tx.refuse(Refusal::TakesTwoPeople).await);
        }
        tx.take_off(&entry).await?;
        tx.commit().await
    }

    /// What one prison's staff see of one prisoner's list there, newest first.
    pub async fn entries_of(
        &self,
        by: &Actor,
        prison: PrisonId,
        holder: PrisonerNumber,
    ) -> Result<Vec<ApprovedEntry>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::ReadPrison, "read-approved-list", prison)
            .await?;
        let query = format!(
            "SELECT {COLUMNS}, listed FROM approved_numbers WHERE prison = $1 AND holder = $2 \
             AND (cause IS NULL OR cause <> 'came-back') ORDER BY applied_at DESC, id"
        );
        let rows = tx
            .all(
                "approved_numbers",
                &query,
                values![prison.as_str(), holder.as_str()],
            )
            .await?;
        let entries = rows.iter().map(|row| self.read_entry_as_listed(row));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        tx.audit(
            ("prisoner", holder.as_str()),
            None,
            &format!("entries={}", entries.len()),
        )
        .await?;
        tx.commit().await?;
        Ok(entries)
    }

    /// One application, for those who may approve it in its prison.
    pub async fn application(&self, by: &Actor, application: Uuid) -> Result<ApprovedEntry, StoreError> {
        let tx = self.begin(by, Verb::ApplyForNumber, "read-application").await?;
        let id = HEXLOWER.encode(application.as_bytes());
        let found = self.entry_if_any(&tx.db, &id).await?;
        let entry = found.filter(|entry| tx.by.role.prison() == Some(entry.prison));
        let entry = entry.ok_or(StoreError::NotFound)?;
        tx.audit(("approved-entry", &id), None, "").await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// Begins a write by somebody confined to this very prison.
    pub(super) async fn begin_in_prison(
        &self,
        by: &Actor,
        may: Verb,
        verb: &'static str,
        prison: PrisonId,
    ) -> Result<Tx<'_>, StoreError> {
        let tx = self.begin(by, may, verb).await?;
        if tx.by.role.prison() == Some(prison) {
            Ok(tx)
        } else {
            Err(tx.refuse(Refusal::NotTheirs).await)
        }
    }

    pub(super) async fn entry_if_any(
        &self,
        on: &impl ConnectionTrait,
        id: &str,
    ) -> Result<Option<ApprovedEntry>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM approved_numbers WHERE id = $1");
        let row = sql::one(on, "approved_numbers", &query, values![id]).await?;
        row.map(|row| self.read_entry(&row)).transpose()
    }

    /// An entry that must be there.
    pub(super) async fn entry_on(
        &self,
        on: &impl ConnectionTrait,
        id: &str,
    ) -> Result<ApprovedEntry, StoreError> {
        self.entry_if_any(on, id)
            .await?
            .ok_or_else(|| missing("approved_numbers", id))
    }

    /// Reads a row as the prison sees it: what was put on the list under a bar looks like any other entry.
    fn read_entry_as_listed(&self, row: &Row) -> Result<ApprovedEntry, StoreError> {
        let mut entry = self.read_entry(row)?;
        if row.text_if_any("cause")?.as_deref() == Some("bar") && row.int("listed")? != 0 {
            entry.state = EntryState::Live;
        }
        Ok(entry)
    }

    /// Reads a row; a number that does not answer to its blind index was tampered with.
    pub(super) fn read_entry(&self, row: &Row) -> Result<ApprovedEntry, StoreError> {
        let id = row.text("id")?;
        let Sealed(number) = self.open_sealed(("approved_numbers", "number"), &id, row)?;
        if row.text("number_index")? != self.keys.blind_index(&number) {
            return Err(row.damaged());
        }
        Ok(ApprovedEntry {
            entry: row.parsed("id")?,
            prison: row.parsed("prison")?,
            holder: row.parsed("holder")?,
            number,
            contact: contact(row)?,
            name: self.open_sealed(("approved_numbers", "name"), &id, row)?,
            state: state(row)?,
            applied_at: row.time("applied_at")?,
            approved_at: row.time_if_any("approved_at")?,
        })
    }
}

/// Which entries, `e`, a bar on the number with the blind index `$1` forbids.
pub(super) const MET: &str =
    "(e.number_index = $1 OR e.id IN (SELECT entry FROM beginnings WHERE number_index = $1))";

impl Store {
    /// The blind indexes of the numbers on which a bar forbids this one: its own, and those that it begins with.
    pub(super) fn met_by(&self, number: &PhoneNumber) -> Vec<String> {
        let begins = PhoneNumber::beginnings(number).map(|shorter| self.keys.blind_index(&shorter));
        std::iter::once(self.keys.blind_index(number))
            .chain(begins)
            .collect()
    }

    /// Seals the number of a staged row.
    pub(super) fn seal_row_number(&self, key: &str, number: PhoneNumber) -> Result<Vec<u8>, StoreError> {
        self.seal(("import_rows", "number"), key, &Sealed(number))
    }

    /// The number of a staged row.
    pub(super) fn open_row_number(&self, key: &str, row: &Row) -> Result<PhoneNumber, StoreError> {
        let Sealed(number) = self.open_sealed(("import_rows", "number"), key, row)?;
        if row.text("number_index")? == self.keys.blind_index(&number) {
            Ok(number)
        } else {
            Err(row.damaged())
        }
    }
}

/// An entry to be written.
pub(super) struct NewEntry {
    pub(super) entry: EntryId,
    pub(super) prison: PrisonId,
    pub(super) holder: PrisonerNumber,
    pub(super) number: PhoneNumber,
    pub(super) contact: ContactKind,
    pub(super) name: Personal,
}

impl Tx<'_> {
    /// Writes an entry as `applied`; [`Tx::make_live`] puts it on the list.
    pub(super) async fn insert_entry(&self, new: &NewEntry) -> Result<(), StoreError> {
        let id = new.entry.to_string();
        let insert = "INSERT INTO approved_numbers (id, prison, holder, number, number_index, contact, name, \
             state, applied_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'applied', $8)";
        let row = values![
            id.as_str(),
            new.prison.as_str(),
            new.holder.as_str(),
            self.store
                .seal(("approved_numbers", "number"), &id, &Sealed(new.number))?,
            self.store.keys.blind_index(&new.number),
            contact_word(new.contact),
            self.store.seal(("approved_numbers", "name"), &id, &new.name)?,
            micros(self.now),
        ];
        self.run(insert, row).await?;
        for shorter in PhoneNumber::beginnings(&new.number) {
            let begins = "INSERT INTO beginnings (entry, number_index) VALUES ($1, $2)";
            let row = values![id.as_str(), self.store.keys.blind_index(&shorter)];
            self.run(begins, row).await?;
        }
        Ok(())
    }

    /// A lawyer's number on a list of this prison, or taken off it: that a bar took it off shows in no answer.
    pub(super) async fn legal_entry_in(
        &self,
        entry: Uuid,
        prison: PrisonId,
    ) -> Result<ApprovedEntry, StoreError> {
        let id = HEXLOWER.encode(entry.as_bytes());
        let found = self.store.entry_if_any(&self.db, &id).await?;
        let ours = |entry: &ApprovedEntry| entry.prison == prison && entry.contact == ContactKind::Legal;
        match found.filter(ours).ok_or(StoreError::NotFound)? {
            entry if entry.state == EntryState::Applied => Err(super::Conflict::Changed.into()),
            entry => Ok(entry),
        }
    }

    pub(super) async fn revoke_legal_entry(
        &mut self,
        _agreed: &TwoApprovals,
        entry: Uuid,
        prison: PrisonId,
    ) -> Result<(), StoreError> {
        let entry = self.legal_entry_in(entry, prison).await?;
        self.take_off(&entry).await
    }

    /// Takes an entry off for good. One that a bar took off already will not come back with a lift.
    async fn take_off(&mut self, entry: &ApprovedEntry) -> Result<(), StoreError> {
        let id = entry.entry.to_string();
        let update = "UPDATE approved_numbers SET state = 'ended', cause = 'prison', ended_at = $1 WHERE id = $2 \
             AND (state = 'live' OR (state = 'ended' AND cause = 'bar'))";
        self.run(update, values![micros(self.now), id.as_str()]).await?;
        if entry.state == EntryState::Live {
            self.serial().await?;
            self.change(Change::EntryRevoked { entry: id.clone() });
        }
        self.end_with_entry(entry).await?;
        self.audit(("approved-entry", &id), None, "revoked").await
    }

    /// What two people excepted him from goes with the entry that his prison takes off.
    pub(super) async fn end_with_entry(&mut self, entry: &ApprovedEntry) -> Result<(), StoreError> {
        let met_by = self.store.met_by(&entry.number);
        let his = Ending::OnNumber(entry.prison, entry.holder, met_by);
        if self.end_exceptions(his).await? > 0 {
            self.sweep(entry.holder).await?;
        }
        Ok(())
    }

    /// Whether the number stands on the prisoner's list, as far as his prison sees.
    pub(super) async fn is_on_list(
        &self,
        prison: PrisonId,
        holder: PrisonerNumber,
        index: &str,
    ) -> Result<bool, StoreError> {
        let query = format!(
            "SELECT COUNT(*) AS n FROM approved_numbers e \
             WHERE e.prison = $1 AND e.holder = $2 AND e.number_index = $3 AND {ON_LIST}"
        );
        let asked = values![prison.as_str(), holder.as_str(), index];
        Ok(self.count("approved_numbers", &query, asked).await? > 0)
    }

    /// Puts an entry on the list as the prison sees it while a bar forbids it: no gate hears of it, a handler does, and
    /// it comes to life when no bar forbids it any more. One that never lived makes no number a lawyer's, or applying
    /// for one would stop the next bar.
    pub(super) async fn hold_back(&mut self, entry: &str) -> Result<(), StoreError> {
        let update = "UPDATE approved_numbers SET state = 'ended', cause = 'bar', listed = 1, \
             approved_at = COALESCE(approved_at, $1), ended_at = $1 \
             WHERE id = $2 AND (state = 'applied' OR (state = 'ended' AND cause = 'bar'))";
        if self.run(update, values![micros(self.now), entry]).await? != 1 {
            return Err(super::Conflict::Changed.into());
        }
        let found = self.store.entry_on(&self.db, entry).await?;
        self.alert_if_planted(found.prison, found.holder, &found.number)
            .await?;
        self.list_for_handlers(&found).await
    }

    /// Puts an entry that was applied for on the list and tells the gates.
    pub(super) async fn make_live(&mut self, entry: &str) -> Result<(), StoreError> {
        let serial = super::tx::as_int(self.serial().await?)?;
        let update = "UPDATE approved_numbers SET state = 'live', approved_at = $1, serial = $2 \
             WHERE id = $3 AND state = 'applied'";
        if self.run(update, values![micros(self.now), serial, entry]).await? != 1 {
            return Err(super::Conflict::Changed.into());
        }
        self.change(Change::EntryApproved {
            entry: entry.to_owned(),
        });
        Ok(())
    }
}

pub(super) fn contact_word(contact: ContactKind) -> &'static str {
    match contact {
        ContactKind::Social => "social",
        ContactKind::Official => "official",
        ContactKind::Legal => "legal",
    }
}

pub(super) fn contact(row: &Row) -> Result<ContactKind, StoreError> {
    match row.text("contact")?.as_str() {
        "social" => Ok(ContactKind::Social),
        "official" => Ok(ContactKind::Official),
        "legal" => Ok(ContactKind::Legal),
        _ => Err(row.damaged()),
    }
}

fn state(row: &Row) -> Result<EntryState, StoreError> {
    match row.text("state")?.as_str() {
        "applied" => Ok(EntryState::Applied),
        "live" => Ok(EntryState::Live),
        "ended" => Ok(EntryState::Ended),
        _ => Err(row.damaged()),
    }
}
