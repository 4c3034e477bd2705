//! The largest text that is allowed is answered in bounded time, whatever it is made of; more is refused before it is
//! read.
#![expect(clippy::unwrap_used, reason = "tests")]

use postal::{
    AddressError, AddressList, LetterRow, MAX_ADDRESS_BYTES, MAX_LINES, PostalAddress, WrittenAddress,
    check_letters,
};
use std::time::{Duration, Instant};

/// What one text may take in a build that is not optimised, on a machine that does other things besides.
const BOUND: Duration = Duration::from_secs(10);
/// What a thousand rows of a file of the largest texts may take.
const BOUND_OF_A_THOUSAND: Duration = Duration::from_secs(60);

/// One piece, as often as it fits.
fn filled(piece: &str) -> String {
    piece.repeat(MAX_ADDRESS_BYTES / piece.len())
}

/// Texts of the largest size, each made to be slow in another way.
fn largest() -> Vec<String> {
    let pieces = [
        "A",
        "1",
        ",",
        " ",
        "-",
        "/",
        "I",
        "RN",
        "1/",
        "1-40 ",
        "30-32,",
        "A ",
        "A1 ",
        "FLAT 1",
        "FLAT ",
        "F1/2",
        "ST ",
        "THE ",
        "STREET ",
        "HEOL ",
        "ONE ",
        "TWENTYONE",
        "C/O ",
        "PO BOX ",
        "MR ",
        "ZX4 7QP ",
        "YR",
        "NORFOLK",
        "\u{fdfa}",
        "½",
        "é",
    ];
    let mut texts: Vec<String> = pieces.iter().map(|piece| filled(piece)).collect();
    texts.push(format!("{}\n", "Q".repeat(MAX_ADDRESS_BYTES / MAX_LINES - 1)).repeat(MAX_LINES));
    texts
}

/// A thousand houses whose words and numbers the texts above are made of.
fn barred() -> AddressList<String> {
    let rows = (0..1_000).map(|n| {
        let street = ["High Street", "A Street", "The Green", "Heol Yr Orsaf", "St Road"][n % 5];
        let text = format!("Flat {}, {} {street}, Norfolk", n % 40, n % 97 + 1);
        let address = PostalAddress::parse(&WrittenAddress::new(&text).unwrap(), Some("ZX4 7QP")).unwrap();
        (n.to_string(), address)
    });
    AddressList::build(rows)
}

fn row(address: String) -> LetterRow {
    LetterRow {
        id: String::new(),
        address,
        postcode: "ZX4 7QP".to_owned(),
    }
}

#[test]
fn the_largest_text_is_answered_within_a_bound_whatever_it_is_made_of() {
    let list = barred();
    for text in largest() {
        let began = Instant::now();
        let answers = check_letters(&list, [row(text.clone())]).count();
        let took = began.elapsed();
        assert_eq!(answers, 1);
        assert!(
            took < BOUND,
            "{took:?} for {}",
            &text.chars().take(12).collect::<String>()
        );
    }
}

/// Ten thousand rows in the long form (`UPCS_FULL=1`).
#[test]
fn a_file_of_the_largest_texts_is_answered_at_a_steady_pace() {
    let list = barred();
    let texts = [filled(","), filled("A"), filled("1")];
    let rows: u32 = if std::env::var_os("UPCS_FULL").is_some() {
        10_000
    } else {
        200
    };
    let file = texts.iter().cycle().take(rows as usize).cloned().map(row);
    let began = Instant::now();
    assert_eq!(check_letters(&list, file).count(), rows as usize);
    assert!(
        began.elapsed() < BOUND_OF_A_THOUSAND * rows.div_ceil(1_000),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn ten_thousand_lines_and_a_byte_too_many_are_refused_before_they_are_read() {
    let refused = |text: &str| WrittenAddress::new(text).err();
    assert_eq!(refused(&"\n".repeat(10_000)), Some(AddressError::TooLong));
    assert_eq!(refused(&"1 A\n".repeat(10_000)), Some(AddressError::TooLong));
    assert_eq!(
        refused(&"1\n".repeat(MAX_LINES + 1)),
        Some(AddressError::TooManyLines)
    );
    assert_eq!(
        refused(&format!("{}A", "A".repeat(MAX_ADDRESS_BYTES))),
        Some(AddressError::TooLong)
    );
}
