//! What is left of a hub's store or a gate's list, opened as its own process opens it, beside what was
//! acknowledged. What is missing comes back in words; a store or a list that does not open has lost it all.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use casework::BarId;
use feed::{Acknowledgement, GateId, Regime, Serial};
use gate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Verdict, authorise};
use gate::hold::Hold;
use gate::list::BarList;
use gate::state_key::{KeySource, StateKey};
use hub::intake::ReceiptAnswer;
use hub::keys::HubKeys;
use hub::seams::Seams;
use hub::store::{AuditCheck, ListEntry, Store, StoreMark};
use phone::PhoneNumber;
use upcs::demo::{BARRING, Folder};

use super::words::{Filed, Promised};
use crate::house::Gate;
use crate::store::{Entry, HOLDERS};

/// Everything that can be asked for again.
pub(crate) struct Known {
    pub(crate) filed: Vec<Filed>,
    /// Each barred number with the serial at which gates were told.
    pub(crate) barred: Vec<(Serial, String)>,
    /// What may be dialled throughout.
    pub(crate) permitted: Vec<Entry>,
    pub(crate) police_key: String,
    pub(crate) barring: GateId,
    pub(crate) keys: Arc<HubKeys>,
}

impl Known {
    /// Looks for all that was promised in what is left of the hub's folder; and for every serial that a gate had:
    /// a hub that tells gates what it may lose would give them another list under the same serial.
    pub(crate) async fn in_store(&self, left: &Path, promised: &Promised<'_>) -> Result<()> {
        let url = format!("sqlite://{}", left.join("store.sqlite").display());
        let store = Store::open(&url, Arc::clone(&self.keys), StoreMark::Demo, Seams::real()).await?;
        let police = store
            .find_key(&self.police_key)
            .await?
            .context("the police's key is lost")?;
        let (head, list) = store.list_of(BARRING.parse()?, Regime::CallBarring).await?;
        let told = promised.serial();
        ensure!(
            head >= told,
            "a gate was told of serial {}, the store is at {}",
            told.0,
            head.0
        );
        // A report without attempts is answered with what is stored.
        let (stored, through) = (store.record_attempts(self.barring, &[]).await?, promised.attempts);
        ensure!(
            stored >= through,
            "attempts are stored through {stored} and not {through}"
        );
        let barred: HashSet<(BarId, PhoneNumber)> = list.into_iter().filter_map(bar).collect();
        let requests = &promised.requests;
        for request in requests {
            let Filed {
                key,
                reference,
                bars,
                numbers,
                ..
            } = &self.filed[*request];
            let found = store.filed_under(&police, key).await?;
            ensure!(
                found.is_some_and(|found| found.as_str() == reference),
                "request {request} is lost"
            );
            for (bar, number) in bars.iter().zip(numbers) {
                let one = (bar.0.parse()?, resolved(number)?);
                ensure!(barred.contains(&one), "a bar of request {request} is lost");
            }
        }
        if let Some(newest) = requests.last() {
            let Filed {
                receipt, reference, ..
            } = &self.filed[*newest];
            let kept = ReceiptAnswer::from(store.receipt(&police, &reference.parse()?).await?);
            ensure!(
                serde_json::to_value(kept)? == *receipt,
                "the receipt of request {newest} is another one"
            );
        }
        let audit = store.verify_audit().await?;
        ensure!(
            matches!(audit, AuditCheck::Whole { .. }),
            "the audit is not whole: {audit:?}"
        );
        Ok(())
    }

    /// Looks whether a gate could give an attempt a number again that the hub has stored: the hub would take the
    /// new attempt for the old one.
    pub(crate) fn in_spool(&self, left: &Path, promised: &Promised<'_>) -> Result<()> {
        let reserved =
            fs::read_to_string(left.join("spool/sequence")).context("the sequence of attempts is lost")?;
        let reserved: u64 = reserved
            .trim()
            .parse()
            .context("the sequence of attempts is no number")?;
        ensure!(
            reserved > promised.attempts,
            "attempt {} may come again: {reserved} is next",
            promised.attempts
        );
        Ok(())
    }

    /// Looks for an acknowledged list in what is left of a gate's state folder, and has it rule on calls.
    pub(crate) fn in_state(
        &self,
        left: &Path,
        mark: &Path,
        folder: &Folder,
        gate: Gate,
        said: &Acknowledgement,
    ) -> Result<()> {
        let seams = gate::seams::Seams::real();
        let key = StateKey::load(&KeySource::File(folder.gate_key(gate.prison())), &seams)?;
        let (_hold, list) = Hold::open(seams, left.to_owned(), mark.to_owned(), key)?;
        let list = list.map_err(|why| anyhow!("serial {} is lost: {why}", said.serial.0))?;
        let standing = list.standing();
        ensure!(standing.session == said.session, "the list is of another session");
        ensure!(
            standing.serial >= said.serial,
            "serial {} is lost, {} is left",
            said.serial.0,
            standing.serial.0
        );
        let same = standing.serial > said.serial || standing.hash == said.hash;
        ensure!(same, "at serial {} another list is left", said.serial.0);
        for (serial, number) in self.barred.iter().filter(|(serial, _)| *serial <= said.serial) {
            for from in HOLDERS
                .iter()
                .chain(&["A1234BC", "generic", "official-chapel", "nobody we know"])
            {
                ensure!(
                    !allows(&list, from, number),
                    "a number barred at serial {} is allowed",
                    serial.0
                );
            }
        }
        let rings = self
            .permitted
            .iter()
            .all(|entry| allows(&list, entry.holder, &entry.number));
        ensure!(rings, "a permitted number is refused although a list is held");
        Ok(())
    }
}

fn bar(entry: ListEntry) -> Option<(BarId, PhoneNumber)> {
    match entry {
        ListEntry::Bar { bar, number, .. } => Some((bar, number)),
        ListEntry::Approved { .. } | ListEntry::Exception(_) => None,
    }
}

fn resolved(number: &str) -> Result<PhoneNumber> {
    Ok(phone::resolve(number, None)
        .context("a number of the story resolves")?
        .number)
}

fn allows(list: &BarList, from: &str, number: &str) -> bool {
    let (nobody, policy) = (AlwaysAllowedSet::default(), ClassPolicy::default());
    let verdict = authorise(
        Some(list),
        &nobody,
        &policy,
        &Caller::parse(from),
        &phone::resolve(number, None),
    );
    matches!(verdict, Verdict::Allow(_))
}
