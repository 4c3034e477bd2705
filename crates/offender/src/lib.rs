//! What a referrer knows becomes a ranking of prisoners, with the weight of each piece of evidence.
//!
//! A referrer writes what she remembers: `Dave Smiht, about 40, in Leeds`. Of all prisoners, who is meant?
//!
//! 1. [`Roster::build`] lays out the [`PrisonerRecord`]s of the prison service: each distinct name and date once.
//! 2. [`Roster::locate`] compares what is [`Known`] with each distinct value: typing slips, sounds, short forms, parts of
//!    hyphenated names, other scripts; day and month swapped, a year off; a number with one slip.
//! 3. It adds up, for every record, `log2(m / u)` of each fact (Fellegi and Sunter's method): m, how likely somebody who
//!    means this prisoner writes this; u, how likely it is written of anyone, measured on the roster. Nobody is left
//!    out by a first filter.
//! 4. The [`Answer`] ranks [`Candidate`]s with their [`Evidence`], and says whether it is [`Outcome::Sure`], or which
//!    [`Fact`] would decide. A name alone is never sure, and a person confirms.
//!
//! [`Roster::verify`] asks less and more: whether a prison number that is given stands by itself, without a person.
//!
//! Beside it, [`Estimate`] learns m from pairs of descriptions of one person and gives [`Weights`] in the form of the
//! file that is compiled in.
//!
//! Gender is never compared. Pure: no files, clock, network or chance.

mod asked_facts;
mod asked_names;
mod birth_date;
mod decide;
mod estimate;
mod evidence;
mod known;
mod locate;
mod nicknames;
mod numbers;
mod offences;
mod other_names;
mod people;
mod postings;
mod reach;
mod record;
mod roster;
mod scale;
mod shelf;
mod spelling;
mod verified;
mod vocabulary;
mod weights;

pub use birth_date::{BirthDate, NotADate};
pub use decide::RIVAL_BITS;
pub use estimate::{Estimate, Estimated, TooFewPairs};
pub use evidence::{Answer, Candidate, Evidence, Fact, Field, Level, ModelVersion, Outcome};
pub use known::Known;
pub use locate::MOST_CANDIDATES;
pub use people::{People, Person, Recognised};
pub use record::{Alias, PrisonerRecord, RecordedAlert, Status};
pub use roster::Roster;
pub use verified::{Agreement, Doubt, Verified};
pub use weights::{Weights, WeightsError};
