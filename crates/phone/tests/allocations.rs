//! Ofcom's files of number blocks: what they refuse, and what is wrong with a file.

#![expect(clippy::unwrap_used, reason = "tests")]

use phone::{Allocations, BlockCount, PhoneNumber, Refused, resolve};
use proptest::prelude::*;

const GEOGRAPHIC: &str = "\
NMS Number Block: Number Block,Block Status,CP Name,Geographic Number Length,Allocation Date,Notes
1134 96,Allocated,\"Example Telecom, Ltd\",3+7,21/05/1997,
1134 96 1,Quarantined,,3+7,,
1134 96 1 5,Allocated,Example Telecom Ltd,3+7,01/02/2020,returned
1134 97,Protected,,3+7,,
1204 65,Allocated(Closed Range),Example Telecom Ltd,4+6,01/02/2003,
1204 61,Allocated,Example Telecom Ltd,4+5,01/02/2003,
1768 88,Allocated,Example Telecom Ltd,Mixed 4+5 & 4+6,01/02/2003,
2079 4,Allocated,Example Telecom Ltd,,01/02/2003,
";
const MOBILE: &str = "\
\u{feff}NMS Number Block: Number Block,Block Status,CP Name,Non Geo Number Length,Allocation Date
7700 90,Allocated,Example Mobile Ltd,10 digit numbers,06/11/1995
7700 91,Free,,10 digit numbers,
8005 5,Allocated,Example Free Ltd,mixed 9&10,06/11/1995
";

fn read(files: &[(&str, &str)]) -> Result<Allocations, String> {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    Allocations::read(files).map_err(|error| error.to_string())
}

fn both() -> Allocations {
    read(&[("s1.csv", GEOGRAPHIC), ("s7.csv", MOBILE)]).unwrap()
}

fn number(dialled: &str) -> PhoneNumber {
    resolve(dialled, None).unwrap().number
}

#[test]
fn a_number_is_confirmed_or_refused_by_the_smallest_block_that_holds_it() {
    let allocations = both();
    for (dialled, expected) in [
        ("0113 496 0123", Ok(())),
        ("0113 496 1123", Err(Refused::Unresolvable)),
        ("0113 496 1523", Ok(())),
        ("0113 496 1623", Err(Refused::Unresolvable)),
        ("0113 496 2123", Ok(())),
        ("0113 497 0123", Err(Refused::Unresolvable)),
        ("07700 900123", Ok(())),
        ("07700 910123", Err(Refused::Unresolvable)),
        // Lengths.
        ("01204 651234", Ok(())),
        ("01204 65123", Err(Refused::TooShort)),
        ("01204 61123", Ok(())),
        ("0800 555 111", Ok(())),
        ("0800 555 1112", Ok(())),
        ("020 7946 0123", Ok(())),
        // In no block: as without the files.
        ("0113 498 0123", Ok(())),
        ("01632 960123", Ok(())),
        ("0800 1111", Ok(())),
        ("116 123", Ok(())),
        ("+1 202 555 0123", Ok(())),
    ] {
        assert_eq!(allocations.confirm(&number(dialled)), expected, "{dialled}");
    }
}

#[test]
fn the_files_never_make_a_number_resolve_that_the_plan_refuses() {
    // The file knows numbers of nine digits there; hub and other gates do not, and none of them could bar one.
    let file = GEOGRAPHIC.replace("1134 97,Protected,,3+7", "1134 98,Allocated,Example,3+6");
    let allocations = read(&[("s1.csv", &file)]).unwrap();
    assert_eq!(
        resolve("0113 498 012", None).map(|r| r.class),
        Err(Refused::TooShort)
    );
    assert_eq!(
        allocations.confirm(&number("0113 498 0123")),
        Err(Refused::TooLong)
    );
}

#[test]
fn what_was_read_is_counted_by_the_first_digit() {
    let counted = |in_use, not_in_use| BlockCount { in_use, not_in_use };
    assert_eq!(
        both().counts().collect::<Vec<_>>(),
        [
            ('1', counted(5, 2)),
            ('2', counted(1, 0)),
            ('7', counted(1, 1)),
            ('8', counted(1, 0))
        ]
    );
}

#[test]
fn a_file_that_is_not_ofcoms_is_an_error_with_its_line() {
    let first = GEOGRAPHIC.lines().next().unwrap();
    let with = |row: &str| format!("{first}\n1134 96,Allocated,Example,3+7,,\n{row}\n");
    let cut = &GEOGRAPHIC[..GEOGRAPHIC.len() - 20];
    for (text, expected) in [
        (String::new(), "s1.csv, line 1: the heading is not"),
        (
            "Code,D/DE,Status\n1134,D,Allocated\n".to_owned(),
            "s1.csv, line 1: the heading is not",
        ),
        (
            with("1134 97,Lent,Example,3+7,,"),
            "s1.csv, line 3: the block's status is not",
        ),
        (
            with("1134 97,,Example,3+7,,"),
            "s1.csv, line 3: the block's status is not",
        ),
        (
            with("0113 4,Allocated,Example,3+7,,"),
            "s1.csv, line 3: the block is not of",
        ),
        (
            with(",Allocated,Example,3+7,,"),
            "s1.csv, line 3: the block is not of",
        ),
        (
            with("1134 97 000 00,Allocated,Example,3+7,,"),
            "s1.csv, line 3: the block is not of",
        ),
        (
            with("1134 9x,Allocated,Example,3+7,,"),
            "s1.csv, line 3: the block is not of",
        ),
        (
            with("1134 97,Allocated,Example,3+9,,"),
            "s1.csv, line 3: the number length",
        ),
        (
            with("1134 97,Allocated,Example,65535+65535+9,,"),
            "s1.csv, line 3: the number length",
        ),
        (
            with("1134 97,Allocated,Example,three and seven,,"),
            "s1.csv, line 3: the number length",
        ),
        (
            with("1134 97,Allocated"),
            "s1.csv, line 3: the row has more or fewer cells",
        ),
        (cut.to_owned(), "s1.csv, line 9: the row has more or fewer cells"),
        (
            with("1134 96,Free,,3+7,,"),
            "s1.csv, line 3: this block stands in the files twice",
        ),
        (
            format!("{first}\n1134 96,Free,,3+7,,\n"),
            "s1.csv, line 0: not one block in it is in use",
        ),
        (
            format!("{first}\n"),
            "s1.csv, line 0: not one block in it is in use",
        ),
    ] {
        let error = read(&[("s1.csv", &text)]).unwrap_err();
        assert!(error.starts_with(expected), "{error:?} and not {expected:?}");
    }
    let not_text = [b"1134 97,\xff\xfe,Example,3+7,,\n".as_slice()].concat();
    let bytes = [with("1134 95,Free,,3+7,,").as_bytes(), &not_text].concat();
    let error = Allocations::read([("s1.csv", bytes.as_slice())]).unwrap_err();
    assert_eq!((error.line, error.why.as_str()), (4, "a cell that is not text"));
}

#[test]
fn the_same_rows_in_two_files_are_read_once() {
    let twice = read(&[
        ("s1.csv", GEOGRAPHIC),
        ("sabcde11_12.csv", GEOGRAPHIC),
        ("s7.csv", MOBILE),
    ]);
    assert_eq!(twice, Ok(both()));
}

proptest! {
    #[test]
    fn blocks_within_blocks_say_what_the_longest_that_fits_says(
        rows in prop::collection::btree_map("[1-9][1-3]{1,5}", any::<bool>(), 1..40), digits in "[1-9][1-3]{9}"
    ) {
        let status = |in_use: &bool| if *in_use { "Allocated" } else { "Free" };
        let rows: Vec<_> = rows.iter().chain([(&"99".to_owned(), &true)]).map(|(b, s)| (b.clone(), *s)).collect();
        let text: String = rows.iter().map(|(block, in_use)| format!("{block},{},,,,\n", status(in_use))).collect();
        let first = GEOGRAPHIC.lines().next().unwrap();
        let allocations = read(&[("s1.csv", &format!("{first}\n{text}"))]).unwrap();
        let longest = rows.iter().filter(|(block, _)| digits.starts_with(block)).max_by_key(|(block, _)| block.len());
        let number = PhoneNumber::parse_canonical(&format!("+44{digits}")).unwrap();
        prop_assert_eq!(allocations.confirm(&number).is_ok(), longest.is_none_or(|(_, in_use)| *in_use));
    }

    #[test]
    fn no_file_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let behind_heading = [GEOGRAPHIC.lines().next().unwrap().as_bytes(), b"\n", &bytes].concat();
        let _ = Allocations::read([("s1.csv", bytes.as_slice())]);
        let _ = Allocations::read([("s1.csv", behind_heading.as_slice())]);
    }
}
