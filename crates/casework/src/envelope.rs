//! A protected person's name on an envelope: held wherever the letter is addressed.
//!
//! In: the names on the envelope, the people whom cases protect, and whose case is about the sender. Out: whom the
//! envelope names, if anybody. Where the letter is addressed is no input: could the answer depend on the town, a
//! prisoner would find hers by trying towns.
//!
//! How much of a name is enough depends on the sender. Of her whom a case against him protects, little: that he should
//! write to a stranger of her name is unlikely. Of all others, a name counts only if both of its parts are rare, or every
//! letter to a Sarah Smith would be held.

use offender::{Known, People, Recognised};

/// Bits that a name must weigh where the case is about the sender.
pub const OWN_NAME_BITS: f64 = 8.0;
/// Bits that it must weigh where it is about another: both of its parts are rare. A name that no list of names holds
/// weighs 28; Sarah Smith 20.
pub const OTHERS_NAME_BITS: f64 = 26.0;

/// Whom an envelope names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedOnEnvelope<Id> {
    /// The protected person.
    pub id: Id,
    /// Whether the case is about the sender.
    pub own: bool,
    /// What the name weighs, in bits.
    pub bits: f64,
}

/// The protected person whom the envelope names: one whom a case against the sender protects first, then the surest. A
/// letter that names one is held, never stopped.
pub fn named_on_envelope<Id: Clone>(
    names: &[String],
    people: &People<Id>,
    is_about_sender: impl Fn(&Id) -> bool,
) -> Option<NamedOnEnvelope<Id>> {
    let recognised = names
        .iter()
        .flat_map(|name| people.recognise(&known(name), OWN_NAME_BITS));
    let named = recognised.filter_map(|Recognised { id, bits, .. }| {
        let own = is_about_sender(&id);
        (own || bits >= OTHERS_NAME_BITS).then_some(NamedOnEnvelope { id, own, bits })
    });
    named.max_by(|a, b| a.own.cmp(&b.own).then(a.bits.total_cmp(&b.bits)))
}

/// The last word is the family name, or the only one.
fn known(name: &str) -> Known {
    let (first, last) = match name.rsplit_once(' ') {
        Some((first, last)) => (Some(first.to_owned()), last),
        None => (None, name),
    };
    Known {
        first_name: first,
        last_name: Some(last.to_owned()),
        ..Known::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offender::Person;

    const HERS: u8 = 1;
    const ANOTHERS: u8 = 2;

    fn people() -> People<u8> {
        let person = |names: &[&str]| Person {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            date_of_birth: None,
        };
        People::build([
            (HERS, person(&["Sarah Smith", "Sally Thornquist"])),
            (ANOTHERS, person(&["Ottoline Featherstonehaugh"])),
        ])
    }

    fn named(name: &str, own: u8) -> Option<u8> {
        named_on_envelope(&[name.to_owned()], &people(), |id| *id == own).map(|named| named.id)
    }

    #[test]
    fn her_name_is_held_from_him_and_from_others_only_if_it_is_rare() {
        for (name, from_hers, from_anothers) in [
            ("SARAH SMITH", Some(HERS), None),
            ("S SMITH", Some(HERS), None),
            ("SARA SMITH", Some(HERS), None),
            ("SALLY THORNQUIST", Some(HERS), Some(HERS)),
            ("OTTOLINE FEATHERSTONEHAUGH", Some(ANOTHERS), Some(ANOTHERS)),
            ("TOM ELSE", None, None),
            ("KITE NAILS", None, None),
        ] {
            assert_eq!(
                named(name, HERS),
                from_hers,
                "{name} from him who is barred from Sarah Smith"
            );
            assert_eq!(named(name, ANOTHERS), from_anothers, "{name} from another");
        }
    }

    #[test]
    fn of_two_names_the_one_whom_a_case_against_the_sender_protects_counts() {
        let names = ["OTTOLINE FEATHERSTONEHAUGH".to_owned(), "SARAH SMITH".to_owned()];
        let found = named_on_envelope(&names, &people(), |id| *id == HERS).unwrap();
        assert_eq!((found.id, found.own), (HERS, true));
        assert!(named_on_envelope(&[], &people(), |_| true).is_none());
    }
}
