//! Who is in custody, in memory, and who could be meant by what a referrer knows.
//!
//! What the prison service says comes in as messages ([`take_message`]): read by one pure function, taken once by the
//! store, or set aside. Whoever comes into custody is compared with the cases that wait for him ([`arrivals`]).
//!
//! ```text
//! message -> read_message -> CustodyEvent -> store -> roster -> arrivals -> alerts
//! ```
//! The roster is read from the store at start. [`Custody::refresh`] follows it from there: a few who have changed are
//! changed in it, and behind a file of many it is laid out anew beside the old one and exchanged whole.
//! What comes back is a ranking with its evidence; a person confirms, unless an agency's number stands by itself.

mod alert_code;
pub mod arrivals;
mod event;
pub mod queue;
mod take;
mod to_raise;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use casework::{KnownOfPrisoner, Personal};
use jiff::Timestamp;
use jiff::tz::Offset;
use offender::{
    Answer, BirthDate, Candidate, Known, MOST_CANDIDATES, Outcome, PrisonerRecord, RIVAL_BITS, Roster,
    Verified,
};
use prison::{PrisonId, PrisonerNumber, Register};

pub use alert_code::{AlertCode, FiledAlert, standing};
pub use event::{
    AlertChange, CustodyEvent, MESSAGE_BYTES, Message, Occurred, Reception, Release, TYPE_CHARS, Unreadable,
    read_message,
};
pub use take::{MessageTaken, take_message, try_again};
pub use to_raise::{AlertToRaise, RaiseAlerts};

use crate::store::{ProtectedPeople, Store, StoreError};

/// Candidates that a handler is shown.
pub const CANDIDATES_SHOWN: usize = 5;

/// Of so many changes at once a roster is changed; behind more it is laid out anew. Answers wait while it is changed,
/// about as long as for another answer.
pub const CHANGES_AT_ONCE: usize = 500;
/// What people were before they changed stays in memory: of one in so many, and of [`CHANGES_BEHIND`] more, before the
/// roster is laid out anew.
const CHANGED_ONE_IN: usize = 20;
const CHANGES_BEHIND: usize = 1_000;
/// Pages of records that wait to be laid out.
const PAGES_AHEAD: usize = 4;

/// The roster in memory.
pub struct Custody {
    laid_out: RwLock<LaidOut>,
    /// One at a time follows the store.
    following: tokio::sync::Mutex<()>,
    /// What the cases know that wait for somebody.
    armed: Mutex<Option<Arc<ProtectedPeople>>>,
}

/// A roster as the store had it at one revision.
struct LaidOut {
    roster: Roster,
    revision: u64,
}

impl Custody {
    /// Reads the roster.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            laid_out: RwLock::new(LaidOut::read(store).await?),
            following: tokio::sync::Mutex::default(),
            armed: Mutex::new(None),
        })
    }

    /// Follows what the store has of the roster by now. Whoever asks meanwhile is answered from what was there before.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let _alone = self.following.lock().await;
        let known = self.laid_out().revision;
        if store.roster_revision().await? == known {
            return Ok(());
        }
        match store.prisoners_since(known, CHANGES_AT_ONCE).await? {
            (revision, Some(changed)) if !self.is_worn() => {
                let mut laid_out = self.laid_out.write().unwrap_or_else(PoisonError::into_inner);
                laid_out.roster.update(changed);
                laid_out.revision = revision;
            }
            _ => {
                let anew = LaidOut::read(store).await?;
                let mut laid_out = self.laid_out.write().unwrap_or_else(PoisonError::into_inner);
                let before = std::mem::replace(&mut *laid_out, anew);
                drop(laid_out);
                // Answers do not wait until the memory of a million people is given back.
                tokio::task::spawn_blocking(move || drop(before));
            }
        }
        Ok(())
    }

    fn is_worn(&self) -> bool {
        let roster = &self.laid_out().roster;
        roster.superseded() > CHANGES_BEHIND + roster.len() / CHANGED_ONE_IN
    }

    /// Ranks the prisoners who may be meant. `today` turns an age into years of birth.
    ///
    /// Takes milliseconds for a whole prison population: on an async thread call it through
    /// [`tokio::task::spawn_blocking`] if more than one may run at a time.
    pub fn locate(&self, known: &KnownOfPrisoner, today: Timestamp) -> Located {
        let answer = self
            .laid_out()
            .roster
            .locate(&asked(known, today), CANDIDATES_SHOWN);
        Located {
            answer,
            near: Vec::new(),
        }
    }

    /// The same, with those behind them who are about as likely as the first.
    pub fn locate_near(&self, known: &KnownOfPrisoner, today: Timestamp) -> Located {
        let mut answer = self
            .laid_out()
            .roster
            .locate(&asked(known, today), MOST_CANDIDATES);
        let shown = CANDIDATES_SHOWN.min(answer.candidates.len());
        let mut near = answer.candidates.split_off(shown);
        let first = answer.candidates.first().map_or(0.0, |first| first.bits);
        near.retain(|candidate| candidate.bits >= first - RIVAL_BITS);
        Located { answer, near }
    }

    /// What these prisoners weigh, however little, in the order in which they are given; whoever is not on the roster is
    /// left out.
    pub fn weigh(
        &self,
        known: &KnownOfPrisoner,
        prisoners: &[PrisonerNumber],
        today: Timestamp,
    ) -> Vec<Candidate> {
        self.laid_out()
            .roster
            .among(&asked(known, today), prisoners, f64::NEG_INFINITY)
    }

    /// The version of the model that weighs.
    pub fn model(&self) -> String {
        self.laid_out().roster.model().to_string()
    }

    /// What is known with a prison number that stands by itself, if it does.
    pub fn verify(&self, known: &KnownOfPrisoner, today: Timestamp) -> Option<Verified> {
        self.laid_out().roster.verify(&asked(known, today)).ok()
    }

    /// The record of one prisoner.
    pub fn prisoner(&self, number: PrisonerNumber) -> Option<PrisonerRecord> {
        self.laid_out().roster.record(&number)
    }

    /// How many prisoners are on the roster.
    pub fn prisoners(&self) -> usize {
        self.laid_out().roster.len()
    }

    /// The cases that wait for somebody, as they stand now.
    async fn armed(&self, store: &Store) -> Result<Arc<ProtectedPeople>, StoreError> {
        let before = self.armed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let armed = store.protected_people(before).await?;
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&armed));
        Ok(armed)
    }

    /// As it is now; what has changed waits until this is let go.
    fn laid_out(&self) -> RwLockReadGuard<'_, LaidOut> {
        self.laid_out.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who may be meant, the likeliest first.
#[derive(Clone, Debug)]
pub struct Located {
    /// The ranking, its evidence and the model's version, to be kept with the handler's confirmation.
    pub answer: Answer,
    /// Those behind them who are about as likely as the first, where they were asked for.
    pub near: Vec<Candidate>,
}

impl Located {
    /// The one prisoner about whom there is no doubt.
    pub fn sure(&self) -> Option<PrisonerNumber> {
        let first = self.answer.candidates.first()?;
        (self.answer.outcome == Outcome::Sure).then_some(first.prisoner_number)
    }
}

impl LaidOut {
    /// Lays the roster out page by page: a million prisoners are never in memory as values.
    async fn read(store: &Store) -> Result<Self, StoreError> {
        let (pages, mut read) = tokio::sync::mpsc::channel(PAGES_AHEAD);
        let build = tokio::task::spawn_blocking(move || {
            Roster::build(std::iter::from_fn(|| read.blocking_recv()).flatten())
        });
        let revision = store.send_prisoners(pages).await;
        let roster = build
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        Ok(Self {
            roster,
            revision: revision?,
        })
    }
}

/// What a referrer knows, in locating's terms.
fn asked(known: &KnownOfPrisoner, today: Timestamp) -> Known {
    let text = |value: &Option<Personal>| {
        value
            .as_ref()
            .filter(|value| !value.is_blank())
            .map(|value| value.expose().to_owned())
    };
    let others: Vec<&str> = known.other_names.iter().map(Personal::expose).collect();
    let years = known.age_years.map(|age| birth_years(age, today));
    Known {
        first_name: text(&known.first_name),
        last_name: text(&known.last_name),
        other_names: (!others.is_empty()).then(|| others.join(", ")),
        date_of_birth: known.date_of_birth.and_then(birth_date),
        birth_year_from: years.map(|(from, _)| from),
        birth_year_to: years.map(|(_, to)| to),
        prison_id: known.prison.as_ref().and_then(prison_named),
        // Police write the one number or the other; only a PNC number has a stroke.
        prisoner_number: text(&known.prison_number).filter(|number| !number.contains('/')),
        pnc_number: text(&known.prison_number).filter(|number| number.contains('/')),
        offence: text(&known.offence),
    }
}

/// An age that a referrer gives may be a year or two off.
pub(crate) fn birth_years(age: u8, today: Timestamp) -> (u16, u16) {
    let year = u16::try_from(Offset::UTC.to_datetime(today).year()).unwrap_or(u16::MAX);
    let born = year.saturating_sub(u16::from(age));
    (born.saturating_sub(2), born.saturating_add(1))
}

pub(crate) fn birth_date(date: jiff::civil::Date) -> Option<BirthDate> {
    let part = |value: i8| u8::try_from(value).ok();
    BirthDate::new(
        u16::try_from(date.year()).ok()?,
        part(date.month())?,
        part(date.day())?,
    )
    .ok()
}

/// A prison by its three letters or by a name of which only one prison's begins so.
pub(crate) fn prison_named(written: &Personal) -> Option<PrisonId> {
    let register = Register::built_in();
    if let Ok(id) = written.expose().parse::<PrisonId>()
        && register.get(id).is_some()
    {
        return Some(id);
    }
    let name = written.expose().trim().to_lowercase();
    let name = name.strip_prefix("hmp ").unwrap_or(&name);
    let mut found = register.active().filter(|prison| {
        let known = prison.name.to_lowercase();
        !name.is_empty() && known.split(" (").next() == Some(name)
    });
    let only = found.next()?;
    found.next().is_none().then_some(only.id)
}

impl fmt::Debug for Custody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Custody({} prisoners)", self.prisoners())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_referrer_writes_becomes_what_locating_asks() {
        let today = "2026-11-23T12:00:00Z".parse().unwrap();
        let known = KnownOfPrisoner {
            first_name: Some("Dai".into()),
            age_years: Some(40),
            prison: Some("HMP Leeds".into()),
            last_name: Some("  ".into()),
            ..KnownOfPrisoner::default()
        };
        let asked = asked(&known, today);
        assert_eq!(asked.first_name.as_deref(), Some("Dai"));
        assert_eq!(asked.last_name, None);
        assert_eq!(
            (asked.birth_year_from, asked.birth_year_to),
            (Some(1984), Some(1987))
        );
        assert_eq!(asked.prison_id, Some("LEI".parse().unwrap()));
    }

    #[test]
    fn a_number_is_a_prison_number_or_with_a_stroke_a_pnc_number() {
        let today = "2026-11-23T12:00:00Z".parse().unwrap();
        let asked = |number: &str| {
            let known = KnownOfPrisoner {
                prison_number: Some(number.into()),
                offence: Some("Stalking".into()),
                ..KnownOfPrisoner::default()
            };
            let asked = super::asked(&known, today);
            assert_eq!(asked.offence.as_deref(), Some("Stalking"));
            (asked.prisoner_number, asked.pnc_number)
        };
        assert_eq!(asked("A1234BC"), (Some("A1234BC".to_owned()), None));
        assert_eq!(asked("2012/394773H"), (None, Some("2012/394773H".to_owned())));
    }

    #[test]
    fn a_prison_is_known_by_its_letters_or_by_its_whole_name() {
        for (written, id) in [
            ("lei", Some("LEI")),
            ("Leeds", Some("LEI")),
            ("Lee", None),
            ("", None),
        ] {
            assert_eq!(
                prison_named(&written.into()),
                id.map(|id| id.parse().unwrap()),
                "{written}"
            );
        }
    }
}
