//! Letters: may this one leave?
//!
//! A clerk types the sender's prison number (or that it is unknown) and the address on the envelope; the
//! answer is PASS or SHELF with a code. A letter that is stopped, one that a person must look at and a decoy
//! look alike: who is behind a shelved letter is for the case handler alone. Every check is recorded before
//! it is answered, and a prison may make only so many in an hour, by page, file and JSON together.
//!
//! ```text
//! Envelope -> check_letter -> record_letter -> PASS | SHELF code -> letters_waiting -> decide_letter
//! rows of a file -> tend -> check_letter       letters that met a bar -> tend -> alert_of_letter
//! ```

mod batch;
mod label;
mod offered;
mod picture;
mod reader;
mod shelf;
mod tend;
mod working_day;

use std::fmt;
use std::sync::Arc;

use casework::{Actor, Personal, Verb, WrittenAddress};
use postal::PostalAddress;
use prison::{PrisonId, PrisonerNumber};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::error::HubError;
use crate::keys::HubKeys;
use crate::seams::Seams;
use crate::service::Hub;
use crate::store::{
    BarredAddresses, Beside, Conflict, LetterRecord, LetterVerdict, MailKind, Picture, Refusal, StoreError,
    Via,
};

pub(crate) use crate::store::read_address;
use picture::Pictures;
use reader::Reader;

pub(crate) use batch::ADDRESS_CHARS;
pub use batch::{FileUnread, answers_csv, read_letters_csv};
pub use label::{Label, label_pdf};
pub use offered::{Offer, OfferAnswer, OfferAnswered, offer_address, offered_answer, settle_offered_address};
pub use picture::{NoPicture, PICTURE_BYTES, read_picture};
pub use shelf::{ComparedLetter, decide_letter, letters_waiting};
pub use tend::{late_letters, tend_once};
pub use working_day::{day_in_london, due, due_before};

/// One address in so many is a decoy, unless the hub is configured otherwise.
pub const ONE_PASS_IN: u32 = 50;

/// How often a letter is judged anew because the bars changed while it was.
const TRIES: u32 = 10;

/// What the mailroom keeps in memory: the barred addresses, and pictures whose letters are not checked yet.
pub struct Mailroom {
    barred: Mutex<Option<Arc<BarredAddresses>>>,
    pictures: Pictures,
    reader: Reader,
    one_pass_in: u32,
}

/// One envelope, or whatever else is about to leave.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who sends it; `None` if that is unknown, and never a guess.
    pub sender: Option<PrisonerNumber>,
    /// The address as it is written on it.
    pub written: WrittenAddress,
    /// What kind of mail it is.
    pub kind: MailKind,
    /// Which way the check comes in.
    pub via: Via,
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
    /// With one address in so many a decoy; 0 for none.
    pub fn new(one_pass_in: u32) -> Self {
        Self {
            barred: Mutex::new(None),
            pictures: Pictures::default(),
            reader: Reader::on_path(),
            one_pass_in,
        }
    }
}

/// Checks one letter in the clerk's own prison.
///
/// # Errors
/// [`HubError::Refused`] in another prison, [`HubError::TooMany`] over the cap, [`HubError::Invalid`] for an
/// address without a word and for a sender whom the prison does not hold, by field;
/// [`HubError::Unavailable`] and [`HubError::Damaged`] mean that the letter waits.
pub async fn check_letter(
    hub: &Hub,
    by: &Actor,
    prison: PrisonId,
    envelope: &Envelope,
    beside: Beside,
) -> Result<LetterAnswer, HubError> {
    if !by.role.may(Verb::CheckLetter) || by.role.prison() != Some(prison) {
        return Err(HubError::Refused(
            "letters are checked in one's own prison".to_owned(),
        ));
    }
    if envelope.written.lines.is_blank() {
        return Err(invalid(
            "address",
            "write the address as it stands on the envelope",
        ));
    }
    let check = |barred| check_by(hub, by, prison, envelope, beside.clone(), barred);
    by_the_bars_in_force(hub, check)
        .await
        .map_err(|error| match error {
            StoreError::Refused(Refusal::NotHeldHere) => invalid(
                "prison_number",
                "no prisoner with this number is on record in your prison",
            ),
            error => error.into(),
        })
}

fn invalid(field: &str, sentence: &'static str) -> HubError {
    HubError::Invalid {
        field: field.to_owned(),
        sentence,
    }
}

async fn check_by(
    hub: &Hub,
    by: &Actor,
    prison: PrisonId,
    envelope: &Envelope,
    beside: Beside,
    barred: Arc<BarredAddresses>,
) -> Result<LetterAnswer, StoreError> {
    let Envelope {
        sender,
        written,
        kind,
        via,
    } = envelope;
    // Looked at for every letter, so that one that is stopped takes as long as one that leaves.
    let named =
        hub.applications
            .protects_by_name(&hub.store, &hub.custody, hub.seams.clock.now(), *sender, written);
    let finding = barred.judge(*sender, written).held_by_name(named.await?);
    let passes = finding.verdict() == LetterVerdict::Pass;
    let decoy = passes && !finding.is_exempt() && hub.mailroom.is_decoy(&hub.keys, written);
    let code = (decoy || !passes).then(|| ShelfCode::random(&hub.seams));
    let record = LetterRecord {
        prison,
        sender: *sender,
        written: written.clone(),
        kind: *kind,
        via: *via,
        finding,
        shelf_code: code.map(|code| code.0),
        decoy,
    };
    let code = hub.store.record_letter(by, record, beside).await?;
    Ok(code.map_or(LetterAnswer::Pass, |code| LetterAnswer::Shelf(ShelfCode(code))))
}

/// Takes a picture of an envelope in: what it is called, and the address that could be read off it, to be corrected.
pub async fn take_picture(hub: &Hub, by: &Actor, picture: Picture) -> (Uuid, Option<Personal>) {
    let id = Uuid::from_bytes(hub.seams.bytes());
    let picture = Arc::new(picture);
    let now = hub.seams.clock.now();
    hub.mailroom
        .pictures
        .put(by.account, id, now, Arc::clone(&picture));
    (id, hub.mailroom.reader.read(&picture).await)
}

impl Mailroom {
    /// The account's own picture of this name, while its letter is not checked.
    pub fn picture(&self, hub: &Hub, by: &Actor, id: Uuid) -> Option<Arc<Picture>> {
        self.pictures.get(by.account, id, hub.seams.clock.now())
    }

    /// Its letter is checked.
    pub fn drop_picture(&self, by: &Actor, id: Uuid) {
        self.pictures.drop_of(by.account, id);
    }

    /// Whether there is a program that reads pictures.
    pub fn reads_pictures(&self) -> bool {
        self.reader.is_there()
    }
}

/// Does what depends on the barred addresses by those in force, and anew if they changed in between.
async fn by_the_bars_in_force<T, Doing>(
    hub: &Hub,
    verb: impl Fn(Arc<BarredAddresses>) -> Doing,
) -> Result<T, StoreError>
where
    Doing: Future<Output = Result<T, StoreError>>,
{
    for _ in 0..TRIES {
        match verb(hub.mailroom.barred(hub).await?).await {
            Err(StoreError::Conflict(Conflict::Changed)) => {}
            done => return done,
        }
    }
    let busy = "the bars change faster than a letter can be judged";
    Err(StoreError::Unavailable(busy.to_owned()))
}

impl Mailroom {
    /// The barred addresses as they stand now.
    async fn barred(&self, hub: &Hub) -> Result<Arc<BarredAddresses>, StoreError> {
        let mut held = self.barred.lock().await;
        let barred = hub.store.barred_addresses(held.clone()).await?;
        *held = Some(Arc::clone(&barred));
        Ok(barred)
    }

    /// Whether a letter to this address goes to the shelf though it passes. The lot is the address's own and
    /// depends on nothing else, not the day, the sender or the prison: otherwise typing an address a second
    /// time, under another number or elsewhere, would tell one that is barred from a decoy.
    fn is_decoy(&self, keys: &HubKeys, written: &WrittenAddress) -> bool {
        let one_in = u64::from(self.one_pass_in);
        let drawn =
            |address: PostalAddress| keys.decoy_lot(&address.expose_identity()).is_multiple_of(one_in);
        one_in > 0 && read_address(written).is_ok_and(drawn)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreMark;

    #[test]
    fn one_address_in_so_many_is_a_decoy() {
        let keys = HubKeys::from_secrets(StoreMark::Demo, &[1; 32], &[2; 32], &[3; 32]);
        let decoys = |one_pass_in| {
            let mailroom = Mailroom::new(one_pass_in);
            let written = |door: u32| WrittenAddress {
                lines: format!("{door} Invented Row\nNowhereby").as_str().into(),
                postcode: None,
            };
            (1..=1_000)
                .filter(|&door| mailroom.is_decoy(&keys, &written(door)))
                .count()
        };
        assert_eq!((decoys(0), decoys(1)), (0, 1_000));
        assert!(
            (10..=35).contains(&decoys(ONE_PASS_IN)),
            "{}",
            decoys(ONE_PASS_IN)
        );
        assert!((200..=300).contains(&decoys(4)), "{}", decoys(4));
    }
}
