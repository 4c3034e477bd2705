//! Other cases about the same protected person, where her number does not tell: she is known there by her name and date of
//! birth, or by her name and address.
//!
//! In: the people of one case. Out: the cases, and by what. For the case handler who has opened the case, and nobody else:
//! it shows who the prisoner of an earlier case is, as history beside the evidence.

use std::collections::BTreeMap;

use casework::{CaseId, ContactRequest, ProtectedPerson};
use offender::{Evidence, Field, Known as KnownPerson, Level};
use postal::{LetterVerdict, PostalAddress};

use super::Applications;
use super::screen::{Known, OWN_BITS};
use crate::custody::birth_date;
use crate::store::{SameBy, Store, StoreError, read_address};

impl Applications {
    /// The cases, this one and declined ones aside.
    ///
    /// # Errors
    /// As [`Store::protected_people`].
    pub(crate) async fn about_the_same<'a>(
        &self,
        store: &Store,
        case: CaseId,
        requests: impl IntoIterator<Item = &'a ContactRequest>,
    ) -> Result<BTreeMap<CaseId, SameBy>, StoreError> {
        let known = self.known(store).await?;
        let mut found = BTreeMap::new();
        for person in requests.into_iter().flat_map(|request| &request.people) {
            known.same_as(person, case, &mut found);
        }
        Ok(found)
    }
}

impl Known {
    fn same_as(&self, person: &ProtectedPerson, own: CaseId, found: &mut BTreeMap<CaseId, SameBy>) {
        let addresses = read(person);
        for asked in asked(person) {
            for one in self.people.recognise(&asked, OWN_BITS) {
                let (case, request, place) = one.id;
                if case == own || !is_named_alike(&one.evidence) {
                    continue;
                }
                let Some(kept) = self.protected.cases.get(&case) else {
                    continue;
                };
                let other = &kept.requests[request].people[place];
                let by = if is_born_alike(&one.evidence) {
                    Some(SameBy::NameAndBirth)
                } else {
                    lives_alike(&addresses, other).then_some(SameBy::NameAndAddress)
                };
                if let Some(by) = by {
                    found.entry(case).or_insert(by);
                }
            }
        }
    }
}

/// Each of her names, with her date of birth.
fn asked(person: &ProtectedPerson) -> impl Iterator<Item = KnownPerson> {
    let names = [&person.name].into_iter().chain(&person.other_names);
    names.filter_map(|name| {
        let (first, last) = name.expose().trim().rsplit_once(char::is_whitespace)?;
        Some(KnownPerson {
            first_name: Some(first.trim().to_owned()),
            last_name: Some(last.to_owned()),
            date_of_birth: person.date_of_birth.and_then(birth_date),
            ..KnownPerson::default()
        })
    })
}

/// Given and family name both speak for it: a mother and her daughter share a door, and twins a birthday.
fn is_named_alike(evidence: &[Evidence]) -> bool {
    [Field::FirstName, Field::LastName].iter().all(|field| {
        let mut pieces = evidence.iter().filter(|piece| piece.field == *field);
        pieces.any(|piece| piece.bits > 0.0)
    })
}

fn is_born_alike(evidence: &[Evidence]) -> bool {
    evidence
        .iter()
        .any(|piece| piece.field == Field::DateOfBirth && piece.level == Level::Exact)
}

/// Whether a letter to one of these addresses would be stopped for one of the other's.
fn lives_alike(addresses: &[PostalAddress], other: &ProtectedPerson) -> bool {
    let others = read(other);
    addresses.iter().any(|one| {
        let mut others = others.iter();
        others.any(|other| postal::compare(one, other).verdict == LetterVerdict::Stop)
    })
}

/// Her addresses; one that cannot be read tells nothing.
fn read(person: &ProtectedPerson) -> Vec<PostalAddress> {
    let addresses = person.addresses.iter();
    addresses
        .filter_map(|written| read_address(written).ok())
        .collect()
}
