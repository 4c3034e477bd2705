//! What holds for any text: no panic, an address always stops against itself, case and blanks never matter.
#![expect(clippy::unwrap_used, reason = "tests")]

use postal::{
    AddressError, AddressList, LetterRow, LetterVerdict, MAX_ADDRESS_BYTES, MAX_LINES, PostalAddress, Reason,
    WrittenAddress, check_letters, compare,
};
use proptest::prelude::*;
use strum::VariantArray;

const STREETS: &[&str] = &[
    "Larkspur",
    "High",
    "Foxglove",
    "St Johns",
    "Old Mill",
    "Station",
    "Wren Hill",
];
const KINDS: &[&str] = &["Road", "Street", "Lane", "Close", "Avenue", "Crescent"];
const TOWNS: &[&str] = &["Brookford", "Marlcastle", "Upper Tarn", "Abertawe"];
const PARTS: &[&str] = &["", "Flat 2, ", "Flat B, ", "Unit 7, ", "2F1, ", "Basement flat, "];

prop_compose! {
    /// An address complete enough to stop a letter: part, number, street, town, postcode.
    fn whole_address()(
        part in prop::sample::select(PARTS),
        number in 1..400_u32,
        street in prop::sample::select(STREETS),
        kind in prop::sample::select(KINDS),
        town in prop::sample::select(TOWNS),
        postcode in "ZX[1-9] [0-9][A-HJLNP-UW-Z]{2}",
    ) -> (String, String) {
        (format!("{part}{number} {street} {kind}, {town}"), postcode)
    }
}

fn read(text: &str, postcode: &str) -> PostalAddress {
    PostalAddress::parse(&WrittenAddress::new(text).unwrap(), Some(postcode)).unwrap()
}

proptest! {
    #[test]
    fn any_text_within_the_limit_is_read_or_refused_without_a_panic(
        text in "\\PC{0,160}", postcode in prop::option::of("\\PC{0,16}")
    ) {
        if let Ok(written) = WrittenAddress::new(&text)
            && let Ok(address) = PostalAddress::parse(&written, postcode.as_deref())
        {
            let list = AddressList::build([(1, address.clone())]);
            prop_assert!(list.find(&address).score.is_some() || list.find(&address).best.is_none());
        }
    }

    #[test]
    fn any_address_like_text_is_read_or_refused_without_a_panic(
        text in "([A-Z0-9]{1,6}[ ,/\\-\n]|FLAT |ST |ROAD |HEOL |ONE |C/O |UNIT |- |/ ){0,40}"
    ) {
        if let Ok(written) = WrittenAddress::new(&text)
            && let Ok(address) = PostalAddress::parse(&written, None)
        {
            let _ = compare(&address, &address).score;
        }
    }

    #[test]
    fn a_whole_address_always_stops_against_itself((text, postcode) in whole_address()) {
        let address = read(&text, &postcode);
        let list = AddressList::build([("it", address.clone())]);
        let found = list.find(&address);
        prop_assert_eq!(found.verdict, LetterVerdict::Stop, "{:?}", found.reasons);
        prop_assert_eq!(found.best, Some("it"));
    }

    #[test]
    fn case_and_blanks_never_change_the_answer((text, postcode) in whole_address(), (other, far) in whole_address()) {
        let list = AddressList::build([(1, read(&text, &postcode)), (2, read(&other, &far))]);
        let plain = list.find(&read(&text, &postcode));
        let shouted = read(&text.to_uppercase().replace(' ', "   "), &postcode.to_lowercase().replace(' ', ""));
        prop_assert_eq!(plain, list.find(&shouted));
    }

    #[test]
    fn the_neighbour_always_passes((text, postcode) in whole_address(), number in 1..400_u32) {
        let address = read(&text, &postcode);
        let other = format!("{} Larkspur Road, Brookford", number + 400);
        prop_assert_eq!(compare(&read(&other, &postcode), &address).verdict, LetterVerdict::Pass);
    }

    #[test]
    fn the_index_finds_whatever_a_full_scan_would_stop(
        (text, postcode) in whole_address(), position in 0..60_usize, letter in "[A-Z]"
    ) {
        let mut changed = text.to_uppercase();
        let position = position % changed.len();
        changed.replace_range(position..=position, &letter);
        let barred = read(&text, &postcode);
        let Ok(written) = PostalAddress::parse(&WrittenAddress::new(&changed).unwrap(), Some(&postcode)) else {
            return Ok(());
        };
        let scanned = compare(&written, &barred).verdict;
        let found = AddressList::build([(1, barred)]).find(&written).verdict;
        prop_assert_eq!(scanned, found);
    }
}

#[test]
fn the_limits_hold_at_the_limit_and_one_past_it() {
    assert!(WrittenAddress::new(&"a".repeat(MAX_ADDRESS_BYTES)).is_ok());
    assert_eq!(
        WrittenAddress::new(&"a".repeat(MAX_ADDRESS_BYTES + 1)),
        Err(AddressError::TooLong)
    );
    assert!(WrittenAddress::new(&"a\n".repeat(MAX_LINES)).is_ok());
    assert_eq!(
        WrittenAddress::new(&"a\n".repeat(MAX_LINES + 1)),
        Err(AddressError::TooManyLines)
    );
    assert_eq!(WrittenAddress::new(" \n \n"), Err(AddressError::Empty));
    let written = WrittenAddress::new("14 Larkspur Road").unwrap();
    assert_eq!(
        PostalAddress::parse(&written, Some(&"Z".repeat(17))),
        Err(AddressError::PostcodeTooLong)
    );
}

#[test]
fn too_little_to_tell_one_house_from_another_is_refused_with_advice() {
    for text in ["Larkspur Road, Brookford", "High Street"] {
        let written = WrittenAddress::new(text).unwrap();
        assert_eq!(
            PostalAddress::parse(&written, None),
            Err(AddressError::NoHouseAndNoPostcode),
            "{text}"
        );
    }
    for (text, postcode) in [("ZX4 7QP", None), ("14", None), ("ZX4 7QP", Some("ZX4 7QP"))] {
        let written = WrittenAddress::new(text).unwrap();
        assert_eq!(
            PostalAddress::parse(&written, postcode),
            Err(AddressError::TooLittle),
            "{text}"
        );
    }
}

#[test]
fn no_debug_and_no_reason_shows_an_address() {
    let address = read("Mrs Hartwell, Flat 2, 14 Larkspur Road, Brookford", "ZX4 7QP");
    let written = WrittenAddress::new("14 Larkspur Road").unwrap();
    assert_eq!(
        format!("{address:?} {written:?}"),
        "PostalAddress(..) WrittenAddress(..)"
    );
    assert_eq!(format!("{:?}", address.postcode().unwrap()), "Postcode(..)");
    let row = LetterRow {
        id: "1".into(),
        address: "14 Larkspur Road".into(),
        postcode: "ZX4 7QP".into(),
    };
    assert_eq!(format!("{row:?}"), "LetterRow(..)");
    let list = AddressList::build([("case-1".to_owned(), address)]);
    assert_eq!(format!("{list:?}"), "AddressList(1 addresses)");
    for reason in Reason::VARIANTS {
        let text = reason.to_string();
        assert!(
            !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_digit()),
            "{text}"
        );
    }
}

#[test]
fn markings_boxes_and_lands_abroad_are_told_apart() {
    use postal::PrivilegedMarking::{ConfidentialAccess, Rule39, YoiRule14};
    let marked = |text: &str| read(text, "ZX4 7QP").privileged_marking();
    assert_eq!(marked("RULE 39\n14 Larkspur Road"), Some(Rule39));
    assert_eq!(marked("Prison Rule 39, 14 Larkspur Road"), Some(Rule39));
    assert_eq!(marked("YOI Rule 14, 39 Larkspur Road"), Some(YoiRule14));
    assert_eq!(
        marked("Confidential access\n14 Larkspur Road"),
        Some(ConfidentialAccess)
    );
    assert_eq!(marked("39 Rule Road"), None);
    assert!(read("PO Box 12, Brookford", "ZX4 7QP").is_po_box());
    assert!(read("BFPO 999", "ZX4 7QP").is_bfpo());
    assert!(read("c/o Nan, 14 Larkspur Road", "ZX4 7QP").is_care_of());
    let abroad = |text: &str| {
        PostalAddress::parse(&WrittenAddress::new(text).unwrap(), None)
            .unwrap()
            .is_abroad()
    };
    assert!(abroad("14 Rue des Lilas\n75000 Ville\nFrance"));
    assert!(!abroad("14 Larkspur Road\nNewry\nNorthern Ireland"));
    let addressee = read("Mrs J Hartwell, 14 Larkspur Road", "ZX4 7QP").expose_addressee();
    assert_eq!(addressee, "MRS J HARTWELL");
}

#[test]
fn a_marking_does_not_change_the_match() {
    let barred = read("14 Larkspur Road, Brookford", "ZX4 7QP");
    let marked = read("Rule 39\n14 Larkspur Road, Brookford", "ZX4 7QP");
    assert_eq!(compare(&marked, &barred).verdict, LetterVerdict::Stop);
}

#[test]
fn every_row_of_a_file_gets_an_answer_in_order() {
    let row = |id: &str, address: &str, postcode: &str| LetterRow {
        id: id.into(),
        address: address.into(),
        postcode: postcode.into(),
    };
    let list = AddressList::build([("b1".to_owned(), read("14 Larkspur Road, Brookford", "ZX4 7QP"))]);
    let rows = [
        row("1", "14 Larkspur Rd", "ZX4 7QP"),
        row("2", "", ""),
        row("3", &"x".repeat(600), ""),
        row("4", "99 Foxglove Lane, Marlcastle", "YX1 1AA"),
    ];
    let answers: Vec<_> = check_letters(&list, rows).collect();
    let verdicts: Vec<_> = answers
        .iter()
        .map(|answer| (answer.id.as_str(), answer.found.verdict.as_str()))
        .collect();
    assert_eq!(
        verdicts,
        [("1", "stop"), ("2", "hold"), ("3", "hold"), ("4", "pass")]
    );
    assert_eq!(answers[0].found.best.as_deref(), Some("b1"));
    assert_eq!(answers[1].unread, Some(AddressError::Empty));
}

#[test]
fn of_two_equal_addresses_the_smaller_id_is_named() {
    let address = read("14 Larkspur Road, Brookford", "ZX4 7QP");
    let list = AddressList::build([(9, address.clone()), (3, address.clone())]);
    assert_eq!(list.find(&address).best, Some(3));
    let ids: Vec<_> = list
        .find_all(&address)
        .into_iter()
        .map(|found| found.best)
        .collect();
    assert_eq!(ids, [Some(3), Some(9)], "both bars of one address are named");
    assert!(AddressList::<u32>::build([]).find(&address).best.is_none());
}
