//! A protected person's name on an envelope.

use casework::named_on_envelope;
use offender::{People, Person};

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
