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
