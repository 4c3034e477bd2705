//! Letters: may this one leave?
//!
//! A clerk types the sender's prison number (or that it is unknown) and the address on the envelope; the
//! answer is PASS or SHELF with a code. A letter that is stopped, one that a person must look at and a decoy
//! look alike: who is behind a shelved letter is for the case handler alone. Every check is recorded before
//! it is answered, and an account may make only so many in an hour.

mod barred;
mod rate;

use std::fmt;
use std::sync::Arc;

use casework::{Actor, BarId, Verb, WrittenAddress};
use postal::{AddressError, PostalAddress};
use prison::{PrisonId, PrisonerNumber};
use tokio::sync::Mutex;

use crate::error::HubError;
use crate::seams::Seams;
use crate::service::Hub;
use crate::store::{LetterRecord, LetterVerdict};
use barred::BarredAddresses;
use rate::Rate;

pub use rate::CHECKS_PER_ACCOUNT_AND_HOUR;

/// One pass in so many goes to the shelf as a decoy, unless the hub is configured otherwise.
pub const ONE_PASS_IN: u32 = 50;

/// What the mailroom keeps in memory: the barred addresses, and how often each account has asked.
pub struct Mailroom {
    barred: Mutex<Option<Arc<BarredAddresses>>>,
    rate: Rate,
    one_pass_in: u32,
}

/// What a clerk is told.
#[derive(Clone, PartialEq, Eq)]
pub enum LetterAnswer {
    /// The letter leaves.
    Pass,
    /// The letter goes to the shelf, under this code.
    Shelf(ShelfCode),
}

/// Six letters and digits, random for each letter; they say nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ShelfCode(String);

impl ShelfCode {
    const LETTERS: &'static [u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    fn random(seams: &Seams) -> Self {
        let mut bytes = [0; 6];
        seams.random.fill(&mut bytes);
        Self(
            bytes
                .iter()
                .map(|byte| char::from(Self::LETTERS[usize::from(byte & 31)]))
                .collect(),
        )
    }

    /// The code, as `K7QM2V`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Mailroom {
    /// With a decoy in every so many passes; 0 for none.
    pub fn new(one_pass_in: u32) -> Self {
        Self {
            barred: Mutex::new(None),
            rate: Rate::default(),
            one_pass_in,
        }
    }
}

/// Checks one letter in the clerk's own prison.
///
/// # Errors
/// [`HubError::Refused`] in another prison, [`HubError::TooMany`] over the cap, [`HubError::Invalid`] for an
/// address without a word; [`HubError::Unavailable`] and [`HubError::Damaged`] mean that the letter waits.
pub async fn check_letter(
    hub: &Hub,
    by: &Actor,
    prison: PrisonId,
    sender: Option<PrisonerNumber>,
    written: &WrittenAddress,
) -> Result<LetterAnswer, HubError> {
    if !by.role.may(Verb::CheckLetter) || by.role.prison() != Some(prison) {
        return Err(HubError::Refused(
            "letters are checked in one's own prison".to_owned(),
        ));
    }
    if written.lines.is_blank() {
        let sentence = "write the address as it stands on the envelope";
        return Err(HubError::Invalid {
            field: "address".to_owned(),
            sentence,
        });
    }
    if !hub.mailroom.rate.take(by.account, hub.seams.clock.now()) {
        return Err(HubError::TooMany);
    }
    let barred = hub.mailroom.barred(hub).await?;
    let (verdict, bar) = judge(&barred, sender, written);
    let decoy = verdict == LetterVerdict::Pass && hub.mailroom.draws_decoy(&hub.seams);
    let code = (decoy || verdict != LetterVerdict::Pass).then(|| ShelfCode::random(&hub.seams));
    let shelf_code = code.as_ref().map(|code| code.as_str().to_owned());
    let written = written.clone();
    let record = LetterRecord {
        prison,
        sender,
        written,
        verdict,
        bar,
        shelf_code,
        decoy,
    };
    hub.store.record_letter(by, record).await?;
    Ok(code.map_or(LetterAnswer::Pass, LetterAnswer::Shelf))
}

/// Reads an address as postal reads it.
pub(crate) fn read_address(written: &WrittenAddress) -> Result<PostalAddress, AddressError> {
    let lines = postal::WrittenAddress::new(written.lines.expose())?;
    let postcode = written.postcode.as_ref().filter(|postcode| !postcode.is_blank());
    PostalAddress::parse(&lines, postcode.map(casework::Personal::expose))
}

/// What the letter deserves, and the bar that says so. An address that cannot be read is looked at by a
/// person; a PO box is normally refused, whoever is behind it; a claim of confidentiality keeps a letter
/// closed, it does not let it pass.
fn judge(
    barred: &BarredAddresses,
    sender: Option<PrisonerNumber>,
    written: &WrittenAddress,
) -> (LetterVerdict, Option<BarId>) {
    let Ok(address) = read_address(written) else {
        return (LetterVerdict::Hold, None);
    };
    let (verdict, bar) = barred.judge(sender, &address);
    match verdict {
        LetterVerdict::Pass if address.is_po_box() => (LetterVerdict::Hold, None),
        LetterVerdict::Pass => (LetterVerdict::Pass, None),
        _ if address.privileged_marking().is_some() => (LetterVerdict::HoldUnopened, bar),
        other => (other, bar),
    }
}

impl Mailroom {
    /// The barred addresses as they stand now, read again if anything was barred or lifted since.
    async fn barred(&self, hub: &Hub) -> Result<Arc<BarredAddresses>, HubError> {
        // The serial is taken before the read: a change in between only means reading once more.
        let serial = *hub.store.serial().borrow();
        let mut held = self.barred.lock().await;
        if let Some(barred) = held.as_ref().filter(|barred| barred.serial() >= serial) {
            return Ok(Arc::clone(barred));
        }
        let bars = hub.store.address_bars().await?;
        let before = held.clone();
        let read =
            tokio::task::spawn_blocking(move || BarredAddresses::read(serial, bars, before.as_deref()));
        let barred = Arc::new(read.await.map_err(|_| HubError::Unavailable)??);
        *held = Some(Arc::clone(&barred));
        Ok(barred)
    }

    fn draws_decoy(&self, seams: &Seams) -> bool {
        let mut bytes = [0; 4];
        seams.random.fill(&mut bytes);
        self.one_pass_in > 0 && u32::from_le_bytes(bytes) % self.one_pass_in == 0
    }
}

impl fmt::Debug for Mailroom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailroom(..)")
    }
}

impl fmt::Debug for ShelfCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShelfCode(..)")
    }
}

impl fmt::Debug for LetterAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterAnswer(..)")
    }
}
