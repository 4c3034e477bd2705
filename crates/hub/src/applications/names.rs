//! The name on an envelope as evidence: from a prisoner whom a case of hers is about, little is enough and her letter is
//! held wherever it goes; from anybody else a name must be rare in both of its parts. Town and street are never looked
//! at here: whoever tried towns could otherwise learn hers.

use casework::{CaseId, Personal};
use jiff::Timestamp;
use offender::Known as KnownPerson;
use prison::PrisonerNumber;

use super::Applications;
use super::screen::{Known, OWN_BITS, is_about};
use crate::custody::Custody;
use crate::store::{Store, StoreError};

/// Bits that a name must weigh from a sender whom no case of hers is about. An envelope names no date of birth, so less
/// than on a form, and a letter is only held by it. Of names that were weighed, Zephyrine Quillfeather and Agnieszka
/// Kowalczyk came to 28.4, Carys Bevan to 25.1, Rhian Smith and Sarah Smith below 20.
const RARE_BITS: f64 = 27.0;

impl Applications {
    /// The case of the protected person whose name this is, if that is evidence enough from this sender.
    ///
    /// # Errors
    /// As [`Store::protected_people`]: letters then wait, because one that was passed over might be to her.
    pub(crate) async fn protects_by_name(
        &self,
        store: &Store,
        custody: &Custody,
        now: Timestamp,
        sender: Option<PrisonerNumber>,
        addressee: &Personal,
    ) -> Result<Option<CaseId>, StoreError> {
        let known = self.known(store).await?;
        Ok(protected(&known, custody, now, sender, addressee))
    }
}

fn protected(
    known: &Known,
    custody: &Custody,
    now: Timestamp,
    sender: Option<PrisonerNumber>,
    addressee: &Personal,
) -> Option<CaseId> {
    let asked = asked(addressee)?;
    let recognised = known.people.recognise(&asked, OWN_BITS).into_iter();
    let mut enough = recognised.filter(|one| {
        let (case, ..) = one.id;
        let own = || {
            let case = known.protected.cases.get(&case);
            sender.is_some_and(|sender| case.is_some_and(|case| is_about(case, sender, custody, now)))
        };
        one.bits >= RARE_BITS || own()
    });
    enough.next().map(|one| one.id.0)
}

/// On the first line, a first and a last name, or a last name alone; titles are none.
fn asked(addressee: &Personal) -> Option<KnownPerson> {
    const TITLES: [&str; 9] = ["mr", "mrs", "ms", "miss", "mx", "dr", "master", "sir", "lady"];
    let first_line = addressee.expose().lines().next().unwrap_or_default();
    let words = first_line.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '&'));
    let is_name = |word: &&str| !word.is_empty() && !TITLES.contains(&word.to_lowercase().as_str());
    let words: Vec<&str> = words.filter(is_name).collect();
    let (last, first) = words.split_last()?;
    Some(KnownPerson {
        first_name: first.first().map(|first| (*first).to_owned()),
        last_name: Some((*last).to_owned()),
        ..KnownPerson::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_no_names_and_a_name_alone_is_a_last_name() {
        for (written, first, last) in [
            ("MRS RHIAN INVENTED", Some("RHIAN"), Some("INVENTED")),
            ("Dr. R. Invented", Some("R"), Some("Invented")),
            ("Ms Invented", None, Some("Invented")),
            ("Mr & Mrs Invented", None, Some("Invented")),
        ] {
            let asked = asked(&written.into()).unwrap();
            assert_eq!(
                (asked.first_name.as_deref(), asked.last_name.as_deref()),
                (first, last),
                "{written}"
            );
        }
        assert!(asked(&"Mrs".into()).is_none() && asked(&"".into()).is_none());
    }
}
