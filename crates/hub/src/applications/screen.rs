//! What one application agrees with: people whom cases protect, and barred addresses. Numbers are matched by the store
//! itself, in the transaction that answers.
//!
//! How much is enough depends on whose prisoner applies. Of somebody whom a case of his own protects little is enough:
//! that a stranger of her name should be on his form is unlikely. Of the people whom other cases protect, a name is enough
//! by itself only if it is a rare one, or every Sarah Smith would be refused.

use std::sync::Arc;

use casework::{CaseId, Contact, OTHERS_NAME_BITS, Personal, ProtectedPerson, Relationship};
use jiff::Timestamp;
use offender::{Evidence, Field, Known as KnownPerson, People, Person, Recognised};
use phone::{Class, PhoneNumber};
use prison::PrisonerNumber;
use serde_json::json;

use super::area_of;
use crate::custody::{Custody, birth_date, birth_years};
use crate::store::{
    Application, BarredAddresses, Found, LetterVerdict, MatchKind, ProtectedCase, ProtectedPeople, Store,
    StoreError,
};

/// Bits that name and birth must weigh where the case is about the prisoner who applies.
pub(super) const OWN_BITS: f64 = 8.0;
/// Bits that they must weigh where it is about another and the birth agrees.
pub(super) const OTHERS_BITS: f64 = 24.0;
/// What it weighs that the form and the assessment say the same of what they are to each other.
const RELATIONSHIP_BITS: f64 = 2.0;

/// A protected person's place: her case, the request and the person within it.
pub(super) type Place = (CaseId, usize, usize);

/// What applications are compared with, at one mark.
pub(super) struct Known {
    pub(super) protected: Arc<ProtectedPeople>,
    pub(super) people: People<Place>,
    barred: Arc<BarredAddresses>,
}

impl Known {
    /// As it stands now: `before` itself, or what of it has not changed. People come first: a bar that comes between
    /// the two readings then shows in the mark.
    pub(super) async fn read(store: &Store, before: Option<Arc<Self>>) -> Result<Arc<Self>, StoreError> {
        let seen = before.as_ref().map(|before| Arc::clone(&before.protected));
        let protected = store.protected_people(seen).await?;
        let seen = before.as_ref().map(|before| Arc::clone(&before.barred));
        let barred = store.barred_addresses(seen).await?;
        if let Some(before) = before.filter(|before| {
            Arc::ptr_eq(&before.protected, &protected) && Arc::ptr_eq(&before.barred, &barred)
        }) {
            return Ok(before);
        }
        let lay_out = tokio::task::spawn_blocking(move || Self {
            people: laid_out(&protected),
            protected,
            barred,
        });
        let known = lay_out.await;
        let known =
            known.map_err(|_| StoreError::Unavailable("protected people were not laid out".to_owned()))?;
        Ok(Arc::new(known))
    }
}

fn laid_out(protected: &ProtectedPeople) -> People<Place> {
    let mut cases: Vec<_> = protected.cases.iter().collect();
    cases.sort_by_key(|(case, _)| **case);
    let places = cases.into_iter().flat_map(|(case, kept)| {
        let requests = kept.requests.iter().enumerate();
        requests.flat_map(move |(r, request)| {
            let people = request.people.iter().enumerate();
            people.map(move |(p, person)| ((*case, r, p), recognisable(person)))
        })
    });
    People::build(places)
}

fn recognisable(person: &ProtectedPerson) -> Person {
    let names = [&person.name].into_iter().chain(&person.other_names);
    Person {
        names: names.map(|name| name.expose().to_owned()).collect(),
        date_of_birth: person.date_of_birth.and_then(birth_date),
    }
}

/// What was found, the cases of addresses aside: these are known by their bars.
pub(super) struct Finding {
    pub(super) numbers: Option<Vec<PhoneNumber>>,
    pub(super) people: Vec<Found>,
    pub(super) address: Option<(casework::BarId, Personal)>,
}

/// Screens one application. Takes milliseconds.
pub(super) fn screen(application: &Application, known: &Known, custody: &Custody, now: Timestamp) -> Finding {
    Finding {
        numbers: numbers(application),
        people: people(application, known, custody, now),
        address: address(application, known),
    }
}

/// All numbers, if each can be read and is of a class that goes on lists.
fn numbers(application: &Application) -> Option<Vec<PhoneNumber>> {
    let area = area_of(application.prison);
    let read = |written: &Personal| {
        let resolved = phone::resolve(written.expose(), area).ok()?;
        goes_on_lists(resolved.class, &resolved.number).then_some(resolved.number)
    };
    let numbers: Option<Vec<_>> = application.contact.written_numbers().map(read).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// Personal, corporate, premium and 084 and 087 numbers pass calls on to where nobody sees.
fn goes_on_lists(class: Class, number: &PhoneNumber) -> bool {
    match class {
        Class::Mobile | Class::Geographic | Class::Freephone | Class::Short | Class::International => true,
        Class::NonGeographic => number.expose().starts_with("+443"),
        Class::Personal
        | Class::Corporate
        | Class::Premium
        | Class::Emergency
        | Class::InternationalPremium => false,
    }
}

fn people(application: &Application, known: &Known, custody: &Custody, now: Timestamp) -> Vec<Found> {
    let asked = asked(&application.contact, now);
    let mut found: Vec<Found> = Vec::new();
    for one in known.people.recognise(&asked, OWN_BITS - RELATIONSHIP_BITS) {
        let (case, request, person) = one.id;
        let Some(kept) = known.protected.cases.get(&case) else {
            continue;
        };
        // The heaviest comes first, and one of a case is enough.
        if found.iter().any(|found| found.case == case) {
            continue;
        }
        let own = is_about(kept, application.holder, custody, now);
        let related = agrees(kept.relationship, application.contact.relationship.as_ref());
        let bits = one.bits + if related { RELATIONSHIP_BITS } else { 0.0 };
        let least = match (own, born_alike(&one.evidence)) {
            (true, _) => OWN_BITS,
            (false, true) => OTHERS_BITS,
            (false, false) => OTHERS_NAME_BITS,
        };
        if bits >= least {
            let name = &kept.requests[request].people[person].name;
            found.push(Found {
                case,
                kind: MatchKind::Person,
                evidence: person_evidence(&one, name, own, related),
            });
        }
    }
    found
}

/// Whether a date or year of birth speaks for it.
fn born_alike(evidence: &[Evidence]) -> bool {
    let of_birth = |piece: &&Evidence| matches!(piece.field, Field::DateOfBirth | Field::BirthYear);
    evidence.iter().filter(of_birth).any(|piece| piece.bits > 0.0)
}

/// What the form says of a contact, in the terms in which people are compared.
fn asked(contact: &Contact, now: Timestamp) -> KnownPerson {
    let text = |name: &Personal| (!name.is_blank()).then(|| name.expose().to_owned());
    let years = contact.age_years.map(|age| birth_years(age, now));
    KnownPerson {
        first_name: text(&contact.first_name),
        last_name: text(&contact.last_name),
        date_of_birth: contact.date_of_birth.and_then(birth_date),
        birth_year_from: years.map(|(from, _)| from),
        birth_year_to: years.map(|(_, to)| to),
        ..KnownPerson::default()
    }
}

/// Whether a case is about this prisoner: he is located or named by number, or nobody is yet and he is one of those
/// whom its requests may mean.
pub(super) fn is_about(
    case: &ProtectedCase,
    holder: PrisonerNumber,
    custody: &Custody,
    now: Timestamp,
) -> bool {
    if case.prisoners.contains(&holder) {
        return true;
    }
    let may_be = |request: &Arc<crate::store::ReadRequest>| {
        let located = custody.locate(&request.prisoner, now);
        let mut candidates = located.answer.candidates.iter();
        candidates.any(|candidate| candidate.prisoner_number == holder)
    };
    !case.located && case.requests.iter().any(may_be)
}

fn person_evidence(one: &Recognised<Place>, name: &Personal, own: bool, related: bool) -> Personal {
    let pieces: Vec<_> = one.evidence.iter().map(piece).collect();
    let evidence =
        json!({ "person": name, "bits": one.bits, "own": own, "related": related, "evidence": pieces });
    Personal::new(&evidence.to_string())
}

fn piece(evidence: &Evidence) -> serde_json::Value {
    json!({ "field": evidence.field, "level": evidence.level, "recorded": evidence.recorded, "bits": evidence.bits })
}

/// Whether the form's words say what the assessment found.
fn agrees(assessed: Option<Relationship>, written: Option<&Personal>) -> bool {
    let words: &[&str] = match assessed {
        Some(Relationship::Partner | Relationship::FormerPartner) => &[
            "partner",
            "wife",
            "husband",
            "girlfriend",
            "boyfriend",
            "fianc",
            "spouse",
            "ex",
        ],
        Some(Relationship::Child) => &["son", "daughter", "child", "stepson", "stepdaughter"],
        Some(Relationship::Relative) => &[
            "mother", "father", "mum", "dad", "sister", "brother", "aunt", "uncle", "cousin", "gran", "nan",
            "niece", "nephew",
        ],
        _ => &[],
    };
    let written = written
        .map(|written| written.expose().to_lowercase())
        .unwrap_or_default();
    let mut said = written.split(|c: char| !c.is_alphabetic());
    said.any(|said| {
        words
            .iter()
            .any(|word| said == *word || (word.len() > 3 && said.starts_with(word)))
    })
}

fn address(application: &Application, known: &Known) -> Option<(casework::BarId, Personal)> {
    let written = application
        .contact
        .address
        .as_ref()
        .filter(|written| !written.lines.is_blank())?;
    let finding = known.barred.judge(Some(application.holder), written);
    let bar = finding.bar()?;
    let sure = finding.verdict() == LetterVerdict::Stop;
    let reasons = known.barred.reasons(bar, written);
    let evidence = json!({ "bar": bar, "sure": sure, "reasons": reasons });
    Some((bar, Personal::new(&evidence.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_words_agree_with_what_the_assessment_found() {
        for (assessed, written, expected) in [
            (Relationship::FormerPartner, "Ex-girlfriend", true),
            (Relationship::Partner, "wife", true),
            (Relationship::FormerPartner, "next door neighbour", false),
            (Relationship::Relative, "Grandmother", true),
            (Relationship::Child, "my daughter", true),
            (Relationship::Witness, "friend", false),
        ] {
            assert_eq!(
                agrees(Some(assessed), Some(&written.into())),
                expected,
                "{written}"
            );
        }
        assert!(!agrees(None, Some(&"wife".into())) && !agrees(Some(Relationship::Partner), None));
    }

    #[test]
    fn numbers_that_pass_calls_on_unseen_go_on_no_list() {
        for (written, goes) in [
            ("07700 900123", true),
            ("01632 960001", true),
            ("0808 157 0000", true),
            ("03069 990000", true),
            ("09098 790000", false),
            ("999", false),
        ] {
            let resolved = phone::resolve(written, None).unwrap();
            assert_eq!(goes_on_lists(resolved.class, &resolved.number), goes, "{written}");
        }
    }
}
