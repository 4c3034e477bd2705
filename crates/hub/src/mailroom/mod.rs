//! Letters: may this one leave?
//!
//! A clerk types the sender's prison number (or that it is unknown) and the address on the envelope; the
//! answer is PASS or SHELF with a code. A letter that is stopped, one that a person must look at and a decoy
//! look alike: who is behind a shelved letter is for the case handler alone. Every check is recorded before
//! it is answered, and an account may make only so many in an hour.

mod rate;

use std::fmt;
use std::sync::Arc;

use casework::{Actor, Verb, WrittenAddress};
use postal::{PostalAddress, Reason};
use prison::{PrisonId, PrisonerNumber};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::error::HubError;
use crate::keys::HubKeys;
use crate::seams::Seams;
use crate::service::Hub;
use crate::store::{
    BarBehind, BarredAddresses, Conflict, LetterDecision, LetterFinding, LetterRecord, LetterVerdict,
    StoreError, WaitingLetter,
};
use rate::Rate;

pub(crate) use crate::store::read_address;
pub use rate::CHECKS_PER_ACCOUNT_AND_HOUR;

/// One address in so many is a decoy, unless the hub is configured otherwise.
pub const ONE_PASS_IN: u32 = 50;

/// How often a letter is judged anew because the bars changed while it was.
const TRIES: u32 = 10;

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
    /// With one address in so many a decoy; 0 for none.
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
    let check = |barred| check_by(hub, by, prison, sender, written, barred);
    Ok(by_the_bars_in_force(hub, check).await?)
}

async fn check_by(
    hub: &Hub,
    by: &Actor,
    prison: PrisonId,
    sender: Option<PrisonerNumber>,
    written: &WrittenAddress,
    barred: Arc<BarredAddresses>,
) -> Result<LetterAnswer, StoreError> {
    let finding = barred.judge(sender, written);
    let passes = finding.verdict() == LetterVerdict::Pass;
    let decoy = passes && hub.mailroom.is_decoy(&hub.keys, written);
    let code = (decoy || !passes).then(|| ShelfCode::random(&hub.seams));
    let record = LetterRecord {
        prison,
        sender,
        written: written.clone(),
        finding,
        shelf_code: code.as_ref().map(|code| code.as_str().to_owned()),
        decoy,
    };
    hub.store.record_letter(by, record).await?;
    Ok(code.map_or(LetterAnswer::Pass, LetterAnswer::Shelf))
}

/// A letter on the shelf beside the bar that keeps it there.
pub struct ComparedLetter {
    /// The letter.
    pub waiting: WaitingLetter,
    /// What it deserves now: a bar may have come, gone or been narrowed since it was checked.
    pub now: LetterFinding,
    /// The bar that it agrees with now; if none does, the one that it agreed with when it was checked.
    pub behind: Option<BarBehind>,
    /// How its address agrees with that of the bar now in force, and what speaks against it.
    pub reasons: Vec<Reason>,
}

/// The letters on the shelves of all prisons, oldest first.
pub async fn letters_waiting(hub: &Hub, by: &Actor) -> Result<Vec<ComparedLetter>, StoreError> {
    let barred = hub.mailroom.barred(hub).await?;
    let waiting = hub.store.letters_waiting(by).await?.into_iter();
    let judged = waiting.map(|waiting| {
        let now = barred.judge(waiting.letter.sender, &waiting.letter.written);
        let bar = now.bar().or(waiting.letter.finding.bar());
        (waiting, now, bar)
    });
    let judged: Vec<_> = judged.collect();
    let bars = judged.iter().filter_map(|(.., bar)| *bar).collect();
    let behind = hub.store.bars_behind(by, bars).await?;
    let compared = judged.into_iter().map(|(waiting, now, bar)| ComparedLetter {
        behind: bar.and_then(|bar| behind.get(&bar)).cloned(),
        reasons: now
            .bar()
            .map_or_else(Vec::new, |bar| barred.reasons(bar, &waiting.letter.written)),
        waiting,
        now,
    });
    Ok(compared.collect())
}

/// Says what becomes of a letter on the shelf, as [`Store::decide_letter`](crate::store::Store::decide_letter).
pub async fn decide_letter(
    hub: &Hub,
    by: &Actor,
    letter: Uuid,
    decision: LetterDecision,
) -> Result<(), StoreError> {
    let decide = |barred: Arc<BarredAddresses>| async move {
        hub.store.decide_letter(by, letter, decision, &barred).await
    };
    by_the_bars_in_force(hub, decide).await
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
