//! What dialled digits mean, row by row.

use phone::{
    AreaCode, Class, MAX_DIALLED_BYTES, PhoneNumber, Refused, dial_line, resolve, resolve_request_uri,
};
use proptest::prelude::*;

fn area(code: &str) -> Option<AreaCode> {
    (!code.is_empty()).then(|| code.parse().expect("an area code"))
}

fn says(dialled: &str, code: &str) -> String {
    match resolve(dialled, area(code)) {
        Ok(resolved) => format!("{} {}", resolved.number.expose(), resolved.class.as_str()),
        Err(refused) => serde_json::to_string(&refused)
            .expect("a reason")
            .trim_matches('"')
            .to_owned(),
    }
}

/// Dialled, area code of the place, what it is.
const TABLE: &[(&str, &str, &str)] = &[
    // Ordinary forms.
    ("07700 900123", "", "+447700900123 mobile"),
    ("07700-900-123", "", "+447700900123 mobile"),
    ("(07700) 900.123", "", "+447700900123 mobile"),
    ("+44 7700 900123", "", "+447700900123 mobile"),
    ("+44 (0) 7700 900123", "", "+447700900123 mobile"),
    ("0044 7700 900123", "", "+447700900123 mobile"),
    ("0044 (0)7700 900123", "", "+447700900123 mobile"),
    ("447700900123", "", "+447700900123 mobile"),
    ("44 (0) 7700 900123", "", "+447700900123 mobile"),
    ("01632 960123", "", "+441632960123 geographic"),
    ("020 7946 0123", "", "+442079460123 geographic"),
    ("01204 60123", "", "+44120460123 geographic"),
    // Prefixes, in any stack.
    ("141 07700 900123", "", "+447700900123 mobile"),
    ("1470 07700 900123", "", "+447700900123 mobile"),
    ("18001 07700 900123", "", "+447700900123 mobile"),
    ("18002 07700 900123", "", "+447700900123 mobile"),
    ("1280 07700 900123", "", "+447700900123 mobile"),
    ("12455 07700 900123", "", "+447700900123 mobile"),
    ("12855 07700 900123", "", "+447700900123 mobile"),
    // 1280 ends where it ends; then comes what is dialled abroad.
    ("12800 07700 900123", "", "too-short"),
    ("14401 141 07700 900123", "", "+447700900123 mobile"),
    ("18185 0044 7700 900123", "", "+447700900123 mobile"),
    ("16900 +44 7700 900123", "", "+447700900123 mobile"),
    ("18866 116 123", "", "116123 short"),
    // Codes that no source names: of three or four digits, and those of other beginnings.
    ("131 07700 900123", "", "unresolvable"),
    ("1899 07700 900123", "", "unresolvable"),
    ("17000 07700 900123", "", "unresolvable"),
    ("15100 07700 900123", "", "unresolvable"),
    // Behind an indirect-access code the whole number is dialled.
    ("18185 960123", "01632", "unresolvable"),
    ("18185 141 4960123", "0113", "local-closed"),
    ("18185", "", "service-code"),
    ("1280 141 18001 07700 900123", "", "+447700900123 mobile"),
    ("18001 0044 7700 900123", "", "+447700900123 mobile"),
    ("141 +44 7700 900123", "", "+447700900123 mobile"),
    ("141 141 141 07700900123", "", "+447700900123 mobile"),
    ("141", "", "service-code"),
    ("1470", "", "service-code"),
    // Star, hash and setting codes.
    ("*21*07700900123#", "", "service-code"),
    ("#31#07700900123", "", "service-code"),
    ("*#06#", "", "service-code"),
    ("1471", "", "service-code"),
    ("1571", "", "service-code"),
    // Onward diallers.
    ("118500", "", "onward-dialler"),
    ("118 118", "", "onward-dialler"),
    ("100", "", "onward-dialler"),
    ("155", "", "onward-dialler"),
    ("123", "", "onward-dialler"),
    ("141 118500", "", "onward-dialler"),
    // Short numbers.
    ("116 123", "", "116123 short"),
    ("116 1234", "", "too-long"),
    ("116 12", "", "too-short"),
    ("999", "", "999 emergency"),
    ("112", "", "112 emergency"),
    ("9991", "", "unresolvable"),
    ("101", "", "unresolvable"),
    // Local dialling.
    ("960123", "01632", "+441632960123 geographic"),
    ("4960123", "0113", "+441134960123 geographic"),
    ("79460123", "020", "+442079460123 geographic"),
    ("141 960123", "01632", "+441632960123 geographic"),
    ("960123", "", "local-closed"),
    ("960123", "01202", "local-closed"),
    ("960123", "01224", "local-closed"),
    ("960123", "01273", "local-closed"),
    ("960123", "01274", "local-closed"),
    ("960123", "01642", "local-closed"),
    ("960123", "01908", "local-closed"),
    ("96012", "0113", "too-short"),
    ("79460123", "01632", "too-long"),
    ("9601", "01632", "too-short"),
    ("7700900123", "", "unresolvable"),
    // Classes.
    ("0808 157 0123", "", "+448081570123 freephone"),
    ("0800 1111", "", "+448001111 freephone"),
    ("0800 555 111", "", "+44800555111 freephone"),
    ("0800 2222", "", "unresolvable"),
    ("070 1234 5678", "", "+447012345678 personal"),
    ("07640 123456", "", "+447640123456 personal"),
    ("07624 123456", "", "+447624123456 mobile"),
    ("055 1234 5678", "", "+445512345678 corporate"),
    ("056 1234 5678", "", "+445612345678 corporate"),
    ("03069 990123", "", "+443069990123 non-geographic"),
    ("0845 123 4567", "", "+448451234567 non-geographic"),
    ("0871 123 4567", "", "+448711234567 non-geographic"),
    ("0909 879 0123", "", "+449098790123 premium"),
    ("01534 123456", "", "+441534123456 geographic"),
    ("01481 123456", "", "+441481123456 geographic"),
    ("07797 123456", "", "+447797123456 mobile"),
    ("0500 123456", "", "unresolvable"),
    ("021 1234 5678", "", "unresolvable"),
    // Foreign numbers.
    ("+1 212 555 0123", "", "+12125550123 international"),
    ("001 212 555 0123", "", "+12125550123 international"),
    ("00 353 1 234 5678", "", "+35312345678 international"),
    ("+33 (0)1 99 00 12 34", "", "+33199001234 international"),
    ("+353 (0)1 234 5678", "", "+35312345678 international"),
    ("00 49 (0) 30 123456", "", "+4930123456 international"),
    ("+39 06 1234 5678", "", "+390612345678 international"),
    ("+33 (00)1 99 00 12 34", "", "too-long"),
    ("+1 (0) 212 555 0123", "", "too-long"),
    ("011 44 7700 900123", "", "too-long"),
    ("+999 123", "", "unresolvable"),
    ("+0 7700 900123", "", "unresolvable"),
    ("000 7700 900123", "", "unresolvable"),
    // Lengths.
    ("07700 9001234", "", "too-long"),
    ("07700 90012", "", "too-short"),
    ("+44 7700 9001234", "", "too-long"),
    ("+44 (0)0 7700 900123", "", "unresolvable"),
    ("+44", "", "too-short"),
    ("+", "", "too-short"),
    ("0", "", "too-short"),
    ("+1234567890123456", "", "too-long"),
    // Other signs.
    ("", "", "empty"),
    (" - () ", "", "empty"),
    ("０７７００９００１２３", "", "not-ascii"),
    ("٠٧٧٠٠٩٠٠١٢٣", "", "not-ascii"),
    ("07700\u{a0}900123", "", "not-ascii"),
    ("07700/900123", "", "unresolvable"),
    ("07700900123;ext=1", "", "unresolvable"),
    ("07700900123,,1", "", "unresolvable"),
    ("07700900123p1", "", "unresolvable"),
    ("mum", "", "unresolvable"),
    ("077+00900123", "", "unresolvable"),
    ("++447700900123", "", "unresolvable"),
    ("00+447700900123", "", "unresolvable"),
    // URIs.
    ("tel:+447700900123", "", "+447700900123 mobile"),
    ("tel:07700-900-123", "", "+447700900123 mobile"),
    ("tel:7700900123;phone-context=+44", "", "+447700900123 mobile"),
    ("tel:07700900123;phone-context=+44", "", "+447700900123 mobile"),
    ("tel:7700900123;phone-context=+1", "", "unresolvable"),
    ("tel:116123;phone-context=+44", "", "116123 short"),
    ("sip:999;phone-context=+44@example.com", "", "999 emergency"),
    ("tel:118500;phone-context=+44", "", "too-short"),
    ("tel:1632960123;phone-context=+44", "", "+441632960123 geographic"),
    ("tel:1470116123;phone-context=+44", "", "+441470116123 geographic"),
    ("tel:960123;phone-context=+44", "01632", "unresolvable"),
    ("tel:07700900123;phone-context=%2B44", "", "unresolvable"),
    ("tel:7700900123;phone-context=example.com", "", "unresolvable"),
    ("tel:+447700900123;ext=12", "", "unresolvable"),
    ("tel:+447700900123;postd=12", "", "unresolvable"),
    ("tel:+447700900123;isub=1", "", "unresolvable"),
    ("sip:07700900123@example.com", "", "+447700900123 mobile"),
    (
        "SIP:07700900123@example.com;user=phone",
        "",
        "+447700900123 mobile",
    ),
    ("sips:+447700900123@example.com", "", "+447700900123 mobile"),
    ("sip:%30%37700900123@example.com", "", "+447700900123 mobile"),
    ("sip:%2B447700900123@example.com", "", "+447700900123 mobile"),
    (
        "sip:%2B447700900123;phone-context=+44@example.com",
        "",
        "+447700900123 mobile",
    ),
    ("sip:141%2007700900123@example.com", "", "+447700900123 mobile"),
    ("sip:*21*07700900123%23@example.com", "", "service-code"),
    ("sip:07700900123:secret@example.com", "", "unresolvable"),
    ("sip:07700900123;ext=1@example.com", "", "unresolvable"),
    ("sip:07700900123@example.com?To=x", "", "unresolvable"),
    ("sip:07700900123@one@two", "", "unresolvable"),
    ("sip:07700900123", "", "unresolvable"),
    ("sip:%3@example.com", "", "unresolvable"),
    ("sip:%zz@example.com", "", "unresolvable"),
    ("sip:%C3%A9@example.com", "", "not-ascii"),
    ("sip:@example.com", "", "empty"),
];

#[test]
fn each_dialled_string_means_what_the_table_says() {
    let wrong: Vec<String> = TABLE
        .iter()
        .filter(|(dialled, code, expected)| says(dialled, code) != *expected)
        .map(|(dialled, code, expected)| {
            format!(
                "{dialled:?} from {code:?}: {} and not {expected}",
                says(dialled, code)
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn prefixes_that_a_trunk_must_ask_for_again_are_remembered() {
    let service = |dialled| resolve(dialled, None).expect("it resolves").service;
    assert!(service("141 07700 900123").withhold && !service("141 07700 900123").relay);
    assert!(service("18001 07700 900123").relay && !service("18001 07700 900123").withhold);
    assert!(!service("1470 07700 900123").withhold);
}

#[test]
fn a_string_at_the_limit_is_read_and_one_byte_longer_is_not() {
    let spaces = " ".repeat(MAX_DIALLED_BYTES - 12);
    let at_the_limit = format!("0{spaces}7700900123.");
    assert_eq!(at_the_limit.len(), MAX_DIALLED_BYTES);
    assert!(resolve(&at_the_limit, None).is_ok());
    assert_eq!(
        resolve(&format!("{at_the_limit}."), None).map(|r| r.number),
        Err(Refused::TooLong)
    );
    assert_eq!(
        resolve(&"0".repeat(1_000_000), None).map(|r| r.number),
        Err(Refused::TooLong)
    );
}

#[test]
fn a_number_cannot_be_printed_by_mistake() {
    let number = resolve("07700 900123", None).expect("it resolves").number;
    assert_eq!(format!("{number:?}"), "PhoneNumber(..)");
    assert_eq!(number.masked(), "••• 123");
}

#[test]
fn a_line_of_the_batch_form_is_one_json_object() {
    let line = |dialled| serde_json::to_string(&dial_line(dialled, None, None)).expect("it can be written");
    assert_eq!(
        line("141 07700 900123"),
        r#"{"dialled":"141 07700 900123","number":"+447700900123","class":"mobile"}"#
    );
    assert_eq!(
        line("116123"),
        r#"{"dialled":"116123","number":"116123","class":"short"}"#
    );
    assert_eq!(line(""), r#"{"dialled":"","refused":"empty"}"#);
}

/// National numbers of ranges with one length.
fn national() -> impl Strategy<Value = String> {
    prop_oneof![
        "7[1-57-9][0-9]{8}",
        "2[0389][0-9]{8}",
        "1[1-9]1[0-9]{7}",
        "808[0-9]{7}"
    ]
}

/// Every decoration that a UK network strips: stacked prefixes, then a way to write the trunk or country.
fn decoration() -> impl Strategy<Value = (Vec<&'static str>, &'static str)> {
    let prefix = prop::sample::select(vec!["141", "1470", "18001", "18002", "1280"]);
    let trunk = prop::sample::select(vec!["0", "+44", "0044", "+44(0)", "00440", "44"]);
    (prop::collection::vec(prefix, 0..4), trunk)
}

#[test]
fn the_batch_form_leaves_prices_abroad_to_the_gate() {
    let line = dial_line("+1 900 234 5678", None, None);
    let line = serde_json::to_value(&line).expect("it can be written");
    assert_eq!(line["class"], "international");
    let class = resolve("+1 900 234 5678", None).map(|resolved| resolved.class);
    assert_eq!(class, Ok(Class::InternationalPremium));
}

/// Digits as a plain number has them, at and around its length.
fn nearly_plain() -> impl Strategy<Value = String> {
    prop_oneof![
        "0[0-9]{9,11}",
        r"\+44[0-9]{9,11}",
        "[0-9+]{10,14}",
        "0[12378][0-9]{9}",
        r"\+44[12378][0-9]{9}"
    ]
}

proptest! {
    #[test]
    fn a_plain_number_means_what_it_means_with_a_hyphen(digits in nearly_plain()) {
        // With a sign to clean, it takes the long way.
        prop_assert_eq!(resolve(&digits, None), resolve(&format!("{digits}-"), None));
    }

    #[test]
    fn every_decoration_of_a_number_is_that_number(national in national(), (prefixes, trunk) in decoration()) {
        let plain = resolve(&format!("0{national}"), None);
        prop_assume!(plain.is_ok());
        let decorated = resolve(&format!("{}{trunk}{national}", prefixes.concat()), None);
        prop_assert_eq!(decorated.map(|r| r.number), plain.map(|r| r.number));
    }

    #[test]
    fn spacing_never_changes_the_number(
        national in national(), signs in prop::collection::vec("[ .()-]{0,2}", 12)
    ) {
        let digits = format!("0{national}");
        let spaced: String = digits.chars().zip(&signs).map(|(digit, signs)| format!("{digit}{signs}")).collect();
        prop_assert_eq!(resolve(&spaced, None), resolve(&digits, None));
    }

    #[test]
    fn what_a_string_resolves_to_resolves_to_itself(dialled in "[+0-9*# ]{0,20}") {
        if let Ok(resolved) = resolve(&dialled, "0113".parse().ok()) {
            let again = resolve(resolved.number.expose(), None).expect("a canonical number resolves");
            prop_assert_eq!((again.number, again.class), (resolved.number, resolved.class));
            prop_assert_eq!(PhoneNumber::parse_canonical(resolved.number.expose()), Ok(resolved.number));
        }
    }

    #[test]
    fn digits_added_to_a_mobile_number_never_pass_for_it(national in "7[1-57-9][0-9]{8}", more in "[0-9]{1,6}") {
        let longer = resolve(&format!("0{national}{more}"), None);
        prop_assert_eq!(longer.map(|r| r.class == Class::Mobile), Err(Refused::TooLong));
    }

    #[test]
    fn no_text_makes_the_resolver_panic(dialled in any::<String>()) {
        let _ = resolve(&dialled, "020".parse().ok());
    }

    #[test]
    fn no_bytes_make_the_uri_reader_panic(uri in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = resolve_request_uri(&uri, None);
        let behind_scheme = [b"sip:".as_slice(), &uri].concat();
        let _ = resolve_request_uri(&behind_scheme, None);
    }

    #[test]
    fn every_escaped_form_of_a_number_is_that_number(national in national(), escaped in any::<[bool; 11]>()) {
        let digits = format!("0{national}");
        let user: String = digits.bytes().zip(escaped).map(|(byte, escape)| {
            if escape { format!("%{byte:02X}") } else { char::from(byte).to_string() }
        }).collect();
        let uri = format!("sip:{user}@192.0.2.1;user=phone");
        prop_assert_eq!(resolve_request_uri(uri.as_bytes(), None), resolve(&digits, None));
    }
}
