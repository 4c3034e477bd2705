//! Identifiers of prisons and prisoners.

use prison::{ParseIdError, PrisonId, PrisonerNumber};
use proptest::prelude::*;

#[test]
fn a_prison_is_named_by_three_letters() {
    for text in ["LEI", "lei", " LEI\n"] {
        assert_eq!(text.parse::<PrisonId>().unwrap().as_str(), "LEI");
    }
    for text in ["", "LE", "LEIX", "L3I", "L I", "ŁEI", "\u{ff2c}EI"] {
        assert_eq!(text.parse::<PrisonId>(), Err(ParseIdError::Prison), "{text:?}");
    }
}

#[test]
fn out_and_transfer_are_not_places() {
    for (text, place) in [("OUT", false), ("TRN", false), ("LEI", true), ("MDI", true)] {
        assert_eq!(
            PrisonId::try_from(text).unwrap().is_establishment(),
            place,
            "{text}"
        );
    }
}

#[test]
fn a_prison_number_is_a_letter_four_digits_and_two_letters() {
    for text in ["A1234BC", " a1234bc "] {
        assert_eq!(PrisonerNumber::try_from(text).unwrap().as_str(), "A1234BC");
    }
    let wrong = [
        "",
        "A1234B",
        "A1234BCD",
        "11234BC",
        "A123BBC",
        "A12345C",
        "A1234B1",
        "A 1234BC",
        "A١٢٣٤BC",
    ];
    for text in wrong {
        assert_eq!(
            text.parse::<PrisonerNumber>(),
            Err(ParseIdError::Prisoner),
            "{text:?}"
        );
    }
}

#[test]
fn identifiers_travel_as_plain_text() {
    let both: (PrisonId, PrisonerNumber) = serde_json::from_str(r#"["LEI","A1234BC"]"#).unwrap();
    assert_eq!(serde_json::to_string(&both).unwrap(), r#"["LEI","A1234BC"]"#);
    assert!(serde_json::from_str::<PrisonId>(r#""LEEDS""#).is_err());
    assert!(serde_json::from_str::<PrisonerNumber>(r#""1234""#).is_err());
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(number in "[A-Z][0-9]{4}[A-Z]{2}", prison in "[A-Z]{3}") {
        prop_assert_eq!(number.parse::<PrisonerNumber>().unwrap().to_string(), number);
        prop_assert_eq!(prison.parse::<PrisonId>().unwrap().to_string(), prison);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = text.parse::<PrisonId>();
        if let Ok(number) = text.parse::<PrisonerNumber>() {
            prop_assert_eq!(number.as_str(), text.trim().to_ascii_uppercase());
        }
    }
}
