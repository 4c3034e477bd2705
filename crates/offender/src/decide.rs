//! How far a ranking may be relied on, and which further fact would settle it.

use std::collections::HashSet;

use crate::evidence::{Answer, Candidate, Evidence, Fact, Field, Level, Outcome};
use crate::roster::Roster;
use crate::{Known, PrisonerRecord};

/// Candidates within so many bits of the first are told apart by the fact that is asked for next.
pub const RIVAL_BITS: f64 = 6.0;
const MOST_RIVALS: usize = 10;

/// The answer to give for candidates in order, each with its place on the roster.
pub(crate) fn decide(roster: &Roster, known: &Known, ranked: Vec<(u32, Candidate)>, top: usize) -> Answer {
    let bits: Vec<f64> = ranked.iter().map(|(_, candidate)| candidate.bits).collect();
    let outcome = match ranked.first() {
        None => Outcome::None,
        Some((_, first)) if is_sure(roster, first, bits.get(1).copied()) => Outcome::Sure,
        Some(_) => Outcome::Choose,
    };
    let rivals: Vec<PrisonerRecord> = ranked
        .iter()
        .take(MOST_RIVALS)
        .filter(|(_, candidate)| candidate.bits >= bits[0] - RIVAL_BITS)
        .map(|(at, _)| roster.record_at(*at as usize))
        .collect();
    let would_decide = match outcome {
        Outcome::Sure => None,
        Outcome::Choose if rivals.len() > 1 => tells_apart(known, &rivals),
        Outcome::Choose => rivals.first().and_then(|only| of_one(known, only)),
        Outcome::None => too_little(known),
    };
    let candidates = ranked
        .into_iter()
        .take(top)
        .map(|(_, candidate)| candidate)
        .collect();
    Answer {
        outcome,
        would_decide,
        candidates,
        model: roster.weights.version.clone(),
    }
}

/// The first fact that is still missing, in the order in which referrers are likely to know it.
pub(crate) fn too_little(known: &Known) -> Option<Fact> {
    let rare = |fact: &Fact| matches!(fact, Fact::MiddleName | Fact::Offence | Fact::PncNumber);
    missing(known).into_iter().find(|fact| !rare(fact))
}

/// The first missing fact that the record of the one candidate has: what it does not say would decide nothing.
fn of_one(known: &Known, only: &PrisonerRecord) -> Option<Fact> {
    missing(known)
        .into_iter()
        .find(|fact| !value(*fact, only).is_empty())
}

/// Heavy enough, clear of the next, supported by something besides a name and what he is said to have done, and
/// contradicted by nothing but the prison, which changes, and the offence, which is hearsay.
///
/// Twins have one family name and one date of birth: a different given name makes it another person.
fn is_sure(roster: &Roster, first: &Candidate, next_bits: Option<f64>) -> bool {
    let settings = &roster.weights.settings;
    let by_size = (roster.len().max(1) as f64).log2() + settings.sure_above_roster_bits;
    let heavy = first.bits >= settings.sure_bits.max(by_size);
    let clear = next_bits.is_none_or(|next| first.bits - next >= settings.sure_margin_bits);
    heavy && clear && first.evidence.iter().any(supports) && !first.evidence.iter().any(contradicts)
}

fn supports(piece: &Evidence) -> bool {
    let of_a_name = matches!(
        piece.field,
        Field::FirstName | Field::LastName | Field::NameOrder | Field::RecordedAs | Field::OtherNames
    );
    !of_a_name && piece.field != Field::Offence && piece.bits > 0.0
}

fn contradicts(piece: &Evidence) -> bool {
    !matches!(piece.field, Field::PrisonId | Field::Offence)
        && matches!(piece.level, Level::Different | Level::OutOfRange)
}

/// The missing fact in which the rivals differ most; the one easier to know where several do as well.
fn tells_apart(known: &Known, rivals: &[PrisonerRecord]) -> Option<Fact> {
    let kinds = |fact: Fact| {
        rivals
            .iter()
            .map(|record| value(fact, record))
            .collect::<HashSet<_>>()
            .len()
    };
    let best = missing(known).into_iter().rev().max_by_key(|fact| kinds(*fact))?;
    (kinds(best) > 1).then_some(best)
}

/// What a record says to one fact, coarsely: ages a few years apart are alike.
fn value(fact: Fact, record: &PrisonerRecord) -> String {
    match fact {
        Fact::FirstName => record.first_name.to_lowercase(),
        Fact::LastName => record.last_name.to_lowercase(),
        Fact::DateOfBirth => record
            .date_of_birth
            .map(|date| date.to_string())
            .unwrap_or_default(),
        Fact::Age => record
            .date_of_birth
            .map(|date| (date.year() / 5).to_string())
            .unwrap_or_default(),
        Fact::Prison => record
            .prison_id
            .map(|prison| prison.to_string())
            .unwrap_or_default(),
        Fact::PrisonerNumber => record.prisoner_number.to_string(),
        Fact::MiddleName => folded(&record.middle_names),
        Fact::Offence => folded(&record.most_serious_offence),
        Fact::PncNumber => folded(&record.pnc_number),
    }
}

fn folded(text: &Option<String>) -> String {
    text.as_deref().unwrap_or_default().trim().to_lowercase()
}

/// What was not asked yet, the likelier known first. An age is not worth asking where the date is known.
fn missing(known: &Known) -> Vec<Fact> {
    let has_age = known.date_of_birth.is_some() || known.birth_years().is_some();
    [
        (Fact::LastName, known.last_name.is_some()),
        (Fact::FirstName, known.first_name.is_some()),
        (Fact::Age, has_age),
        (Fact::Prison, known.prison_id.is_some()),
        (Fact::MiddleName, known.other_names.is_some()),
        (Fact::Offence, known.offence.is_some()),
        (Fact::DateOfBirth, known.date_of_birth.is_some()),
        (Fact::PrisonerNumber, known.prisoner_number.is_some()),
        (Fact::PncNumber, known.pnc_number.is_some()),
    ]
    .into_iter()
    .filter_map(|(fact, asked)| (!asked).then_some(fact))
    .collect()
}
