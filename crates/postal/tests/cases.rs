//! What happens to a letter, case by case, from tables that a case handler can read.
#![expect(clippy::unwrap_used, reason = "tests")]

use postal::{AddressList, LetterVerdict, PostalAddress, WrittenAddress, compare};

fn address(text: &str, postcode: &str) -> PostalAddress {
    let written = WrittenAddress::new(&text.replace(" / ", "\n")).unwrap();
    PostalAddress::parse(&written, (!postcode.is_empty()).then_some(postcode)).unwrap()
}

fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn each_case_of_the_table_is_answered_as_written() {
    let mut wrong = Vec::new();
    for row in rows(include_str!("data/cases.csv")) {
        let [what, written, postcode, barred, barred_postcode, verdict] = row[..] else {
            panic!("{row:?}")
        };
        let list = AddressList::build([(1, address(barred, barred_postcode))]);
        let found = list.find(&address(written, postcode));
        let said = if found.near {
            "near"
        } else {
            found.verdict.as_str()
        };
        if said != verdict {
            wrong.push(format!("{what}: {said} {:?} {:?}", found.score, found.reasons));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_right_one_of_two_barred_addresses_scores_higher() {
    let mut wrong = Vec::new();
    for row in rows(include_str!("data/floors_and_names.csv")) {
        let [written, postcode, right, right_postcode, other, other_postcode] = row[..] else {
            panic!("{row:?}")
        };
        let written_address = address(written, postcode);
        let right = compare(&written_address, &address(right, right_postcode));
        let other = compare(&written_address, &address(other, other_postcode));
        if right.score <= other.score || right.verdict == LetterVerdict::Pass {
            wrong.push(format!("{written}: right {right:?} other {other:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
