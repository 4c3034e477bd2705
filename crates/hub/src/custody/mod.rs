//! Who is in custody, in memory, and who could be meant by what a referrer knows.
//!
//! What the prison service says comes in as messages ([`take_message`]): read by one pure function, taken once by the
//! store, or set aside. Whoever comes into custody is compared with the cases that wait for him ([`arrivals`]).
//!
//! ```text
//! message -> read_message -> CustodyEvent -> store -> roster -> arrivals -> alerts
//! ```
//! The roster is read from the store at start and exchanged whole by [`Custody::refresh`] after an import.
//! What comes back is a ranking with its evidence; a person confirms.

mod alert_code;
pub mod arrivals;
mod event;
pub mod queue;
mod take;
mod to_raise;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use casework::{KnownOfPrisoner, Personal};
use jiff::Timestamp;
use jiff::tz::Offset;
use offender::{
    Answer, BirthDate, Candidate, Known, MOST_CANDIDATES, Outcome, PrisonerRecord, RIVAL_BITS, Roster,
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

/// The roster in memory.
pub struct Custody {
    roster: RwLock<Arc<Roster>>,
    /// What the cases know that wait for somebody.
    armed: Mutex<Option<Arc<ProtectedPeople>>>,
}

impl Custody {
    /// Reads the roster.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let roster = laid_out(store).await?;
        Ok(Self {
            roster: RwLock::new(roster),
            armed: Mutex::new(None),
        })
    }

    /// Reads the roster again, after prisoners were imported or moved.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let roster = laid_out(store).await?;
        *self.roster.write().unwrap_or_else(PoisonError::into_inner) = roster;
        Ok(())
    }

    /// Ranks the prisoners who may be meant. `today` turns an age into years of birth.
    ///
    /// Takes milliseconds for a whole prison population: on an async thread call it through
    /// [`tokio::task::spawn_blocking`] if more than one may run at a time.
    pub fn locate(&self, known: &KnownOfPrisoner, today: Timestamp) -> Located {
        let answer = self.roster().locate(&asked(known, today), CANDIDATES_SHOWN);
        Located {
            answer,
            near: Vec::new(),
        }
    }

    /// The same, with those behind them who are about as likely as the first.
    pub fn locate_near(&self, known: &KnownOfPrisoner, today: Timestamp) -> Located {
        let mut answer = self.roster().locate(&asked(known, today), MOST_CANDIDATES);
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
        self.roster()
            .among(&asked(known, today), prisoners, f64::NEG_INFINITY)
    }

    /// The version of the model that weighs.
    pub fn model(&self) -> String {
        self.roster().model().to_string()
    }

    /// The record of one prisoner.
    pub fn prisoner(&self, number: PrisonerNumber) -> Option<PrisonerRecord> {
        self.roster().record(&number)
    }

    /// How many prisoners are on the roster.
    pub fn prisoners(&self) -> usize {
        self.roster().len()
    }

    /// The cases that wait for somebody, as they stand now.
    async fn armed(&self, store: &Store) -> Result<Arc<ProtectedPeople>, StoreError> {
        let before = self.armed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let armed = store.protected_people(before).await?;
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&armed));
        Ok(armed)
    }

    fn roster(&self) -> Arc<Roster> {
        Arc::clone(&self.roster.read().unwrap_or_else(PoisonError::into_inner))
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

async fn laid_out(store: &Store) -> Result<Arc<Roster>, StoreError> {
    let records = store.prisoners().await?;
    let build = tokio::task::spawn_blocking(move || Roster::build(records)).await;
    Ok(Arc::new(build.unwrap_or_else(|panic| {
        std::panic::resume_unwind(panic.into_panic())
    })))
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
