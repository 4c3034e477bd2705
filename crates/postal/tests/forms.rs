//! What holds for all ways of writing one address, and for all that is another: the same verdict in either direction,
//! in any order of lines; and no agreement of everything else outvotes another door.
#![expect(clippy::unwrap_used, reason = "tests")]

use postal::{LetterVerdict, PostalAddress, WrittenAddress, compare};
use proptest::prelude::*;

const STREETS: &[&str] = &[
    "Larkspur Road",
    "High Street",
    "Foxglove Lane",
    "St Johns Close",
    "Heol Larkspur",
    "Old Mill Way",
];
const TOWNS: &[&str] = &["Brookford", "Marlcastle", "Upper Tarn", "Abertawe"];
const NAMES: &[&str] = &["", "Thistle House, ", "The Old Dairy, ", "Kite Nails, "];
const PEOPLE: &[&str] = &[
    "",
    "Mrs J Hartwell\n",
    "c/o Nan\n",
    "The Occupier\n",
    "c/o Mr & Mrs A Hartwell\n",
];

/// The ways to write flat `label` at a number, all meaning the same.
fn forms(label: u32, number: u32, street: &str) -> [String; 7] {
    [
        format!("Flat {label}, {number} {street}"),
        format!("Apt {label} {number} {street}"),
        format!("flat no. {label}\n{number} {street}"),
        format!("{label}/{number} {street}"),
        format!("{number} {street}, Flat {label}"),
        format!("Apartment {label}\n{number}, {street}"),
        format!("Flat{label} {number} {street}"),
    ]
}

fn read(text: &str, postcode: &str) -> PostalAddress {
    PostalAddress::parse(&WrittenAddress::new(text).unwrap(), Some(postcode)).unwrap()
}

prop_compose! {
    fn house()(
        number in 1..400_u32,
        street in prop::sample::select(STREETS),
        town in prop::sample::select(TOWNS),
        name in prop::sample::select(NAMES),
        postcode in "ZX[1-9] [0-9][A-HJLNP-UW-Z]{2}",
    ) -> (u32, String, String, String, String) {
        (number, street.to_owned(), town.to_owned(), name.to_owned(), postcode)
    }
}

proptest! {
    #[test]
    fn every_form_of_a_flat_stops_against_every_other_form(
        (number, street, town, _, postcode) in house(), label in 1..40_u32, one in 0..7_usize, other in 0..7_usize
    ) {
        // Flat 7 at 7 is the house written twice.
        prop_assume!(label != number);
        let forms = forms(label, number, &street);
        let one = read(&format!("{}, {town}", forms[one]), &postcode);
        let other = read(&format!("{}, {town}", forms[other]), &postcode);
        for (written, barred) in [(&one, &other), (&other, &one)] {
            let found = compare(written, barred);
            prop_assert_eq!(found.verdict, LetterVerdict::Stop, "{:?}", found.reasons);
        }
    }

    #[test]
    fn lines_in_another_order_stop_all_the_same(
        (number, street, town, name, postcode) in house(), order in Just([0, 1, 2]).prop_shuffle()
    ) {
        let lines = [format!("{name}{number} {street}"), town.clone(), postcode.clone()];
        let shuffled: Vec<&str> = order.iter().map(|&line| lines[line].as_str()).collect();
        let written = WrittenAddress::new(&shuffled.join("\n")).unwrap();
        let written = PostalAddress::parse(&written, None).unwrap();
        let found = compare(&written, &read(&format!("{name}{number} {street}, {town}"), &postcode));
        prop_assert_eq!(found.verdict, LetterVerdict::Stop, "{:?}", found.reasons);
    }

    #[test]
    fn another_number_passes_though_all_else_agrees(
        (number, street, town, name, postcode) in house(), other in 1..400_u32,
        person in prop::sample::select(PEOPLE)
    ) {
        prop_assume!(number != other);
        let barred = read(&format!("{name}{number} {street}, {town}"), &postcode);
        let written = read(&format!("{person}{name}{other} {street}, {town}"), &postcode);
        let found = compare(&written, &barred);
        prop_assert_eq!(found.verdict, LetterVerdict::Pass, "{:?}", found.reasons);
    }

    #[test]
    fn another_flat_never_stops_and_is_looked_at_where_the_bar_is_the_senders_own(
        (number, street, town, _, postcode) in house(), label in 1..40_u32, other in 1..40_u32, form in 0..7_usize,
        person in prop::sample::select(PEOPLE)
    ) {
        prop_assume!(label != other && label != number && other != number);
        let barred = read(&format!("Flat {label}, {number} {street}, {town}"), &postcode);
        let written = read(&format!("{person}{}, {town}", forms(other, number, &street)[form]), &postcode);
        let found = compare(&written, &barred);
        prop_assert_ne!(found.verdict, LetterVerdict::Stop, "{:?}", found.reasons);
        prop_assert!(found.near || found.verdict == LetterVerdict::Hold, "{:?}", found.reasons);
    }

    #[test]
    fn an_addressee_never_lets_a_barred_letter_pass(
        (number, street, town, name, postcode) in house(), person in prop::sample::select(PEOPLE)
    ) {
        let address = format!("{name}{number} {street}, {town}");
        let found = compare(&read(&format!("{person}{address}"), &postcode), &read(&address, &postcode));
        prop_assert_eq!(found.verdict, LetterVerdict::Stop, "{:?}", found.reasons);
    }
}
