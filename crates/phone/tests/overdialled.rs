//! Digits dialled after a number that is already complete. A network may ignore them and ring the same telephone, so
//! they never make another number of it.

use phone::{Refused, resolve};
use proptest::prelude::*;

/// The blocks of nine-digit numbers, first and last, by six digits.
fn blocks() -> Vec<(u32, u32)> {
    let rows = include_str!("../data/nine_digits.csv").lines();
    let rows = rows.filter(|row| !row.starts_with('#') && *row != "from,to");
    rows.map(|row| {
        let (from, to) = row.split_once(',').expect("two columns");
        (from.parse().expect("digits"), to.parse().expect("digits"))
    })
    .collect()
}

#[test]
fn a_digit_after_a_nine_digit_number_is_one_too_many() {
    let number = |dialled| resolve(dialled, None).map(|resolved| resolved.number.expose().to_owned());
    assert_eq!(number("01204 61123").as_deref(), Ok("+44120461123"));
    for dialled in [
        "01204 611234",
        "141 01204 611234",
        "+44 1204 611234",
        "44 1204 611234",
        "01697 721234",
    ] {
        assert_eq!(number(dialled), Err(Refused::TooLong), "{dialled}");
    }
    // Beside the block, numbers have ten digits.
    assert_eq!(number("01204 651234").as_deref(), Ok("+441204651234"));
}

#[test]
fn nothing_can_be_dialled_after_the_short_freephone_number() {
    assert!(resolve("0800 1111", None).is_ok());
    for more in ["1", "12", "123", "1234"] {
        let dialled = format!("0800 1111 {more}");
        assert_eq!(
            resolve(&dialled, None).map(|resolved| resolved.class),
            Err(Refused::TooLong),
            "{dialled}"
        );
    }
}

#[test]
fn a_digit_after_a_complete_number_abroad_is_one_too_many() {
    for complete in [
        "+48 501 234 567",
        "+353 87 123 4567",
        "+33 6 12 34 56 78",
        "+1 202 555 0123",
        "+91 98765 43210",
    ] {
        assert!(resolve(complete, None).is_ok(), "{complete}");
        for more in ["0", "9", "55"] {
            let dialled = format!("{complete}{more}");
            assert_eq!(
                resolve(&dialled, None).map(|resolved| resolved.class),
                Err(Refused::TooLong),
                "{dialled}"
            );
        }
    }
}

#[test]
fn a_number_abroad_begins_with_each_shorter_one_and_a_uk_number_with_none() {
    let beginnings = |dialled| {
        let number = resolve(dialled, None).unwrap().number;
        number
            .beginnings()
            .map(|shorter| shorter.expose().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        beginnings("+49 30 123456"),
        ["+493012345", "+49301234", "+4930123"]
    );
    assert!(beginnings("07700 900123").is_empty());
    assert!(beginnings("116 123").is_empty());
}

#[test]
fn where_nine_and_ten_digits_stand_side_by_side_a_longer_number_begins_with_the_shorter() {
    let number = |dialled| resolve(dialled, None).unwrap().number;
    for (longer, shorter) in [("01204 651234", "01204 65123"), ("0800 555 1112", "0800 555 111")] {
        let beginnings: Vec<_> = number(longer).beginnings().collect();
        assert_eq!(beginnings, [number(shorter)], "{longer}");
    }
    for plain in ["01632 960123", "0113 496 0123", "020 7946 0123", "01204 65123"] {
        assert_eq!(number(plain).beginnings().count(), 0, "{plain}");
    }
}

#[test]
fn every_block_stands_once_and_in_order() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 78);
    assert!(
        blocks
            .iter()
            .all(|(from, to)| from <= to && (100_000..200_000).contains(from))
    );
    assert!(blocks.windows(2).all(|pair| pair[0].1 < pair[1].0));
}

#[test]
fn the_blocks_are_those_in_which_the_metadata_knows_nine_digit_numbers() {
    let mut known = Vec::new();
    for block in 110_000..200_000_u32 {
        let text = format!("+44{block}500");
        let number = rlibphonenumber::PhoneNumber::parse(&text, None).expect("digits");
        if number.is_valid() {
            known.push(block);
        }
    }
    let ours: Vec<u32> = blocks().into_iter().flat_map(|(from, to)| from..=to).collect();
    assert_eq!(ours, known);
}

proptest! {
    #[test]
    fn in_no_block_does_a_longer_string_resolve(at in 0_usize..78, last in "[0-9]{3}", more in "[0-9]{1,4}") {
        let (block, _) = blocks()[at];
        let whole = resolve(&format!("0{block}{last}"), None);
        prop_assert!(whole.is_ok());
        let longer = resolve(&format!("0{block}{last}{more}"), None);
        prop_assert_eq!(longer.map(|resolved| resolved.class), Err(Refused::TooLong));
    }
}
