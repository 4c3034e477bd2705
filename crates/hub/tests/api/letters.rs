//! Letters checked for a mailroom.

use casework::{Actor, Role, WrittenAddress};
use hub::error::HubError;
use hub::mailroom::{CHECKS_PER_ACCOUNT_AND_HOUR, LetterAnswer, check_letter};
use prison::PrisonId;
use serde_json::json;

use crate::support::{TestHub, police_request};

const HERS: &str = "4 Invented Row\nNowhereby";

fn address(lines: &str, postcode: &str) -> WrittenAddress {
    WrittenAddress {
        lines: lines.into(),
        postcode: Some(postcode.into()),
    }
}

async fn mailroom(hub: &TestHub) -> (Actor, PrisonId) {
    let prison: PrisonId = "LEI".parse().unwrap();
    (
        hub.key_of("Mo Mailroom", Role::Mailroom { prison }).await.0,
        prison,
    )
}

async fn bar_her_address(hub: &TestHub) {
    let key = hub.police_key().await;
    let mut body = police_request(&[]);
    body["people"][0]["addresses"] = json!([{ "lines": HERS, "postcode": "ZZ9 9ZZ" }]);
    assert_eq!(hub.post("/v1/requests", Some(&key), &body).await.status, 201);
}

fn is_shelved(answer: Result<LetterAnswer, HubError>) -> bool {
    matches!(answer.unwrap(), LetterAnswer::Shelf(_))
}

#[tokio::test]
async fn a_letter_to_a_barred_address_goes_to_the_shelf_and_any_other_leaves() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let sender = Some("A1234BC".parse().unwrap());
    let hers = address(HERS, "ZZ9 9ZZ");
    assert!(
        !is_shelved(check_letter(&hub.hub, &clerk, prison, sender, &hers).await),
        "before the bar"
    );
    bar_her_address(&hub).await;
    let table = [
        ("as it was barred", sender, HERS, "ZZ9 9ZZ", true),
        ("sender unknown", None, HERS, "ZZ9 9ZZ", true),
        (
            "to somebody else at the address",
            sender,
            "Mrs B Else\n4 Invented Row\nNowhereby",
            "ZZ9 9ZZ",
            true,
        ),
        ("in one line", sender, "4 invented row, nowhereby", "zz99zz", true),
        (
            "marked as legal mail",
            sender,
            "RULE 39\n4 Invented Row\nNowhereby",
            "ZZ9 9ZZ",
            true,
        ),
        ("a PO box", sender, "PO Box 12\nElsewhere", "YY1 1YY", true),
        (
            "the neighbour",
            sender,
            "17 Other Street\nElsewhere",
            "YY1 1YY",
            false,
        ),
    ];
    for (what, sender, lines, postcode, shelved) in table {
        let answer = check_letter(&hub.hub, &clerk, prison, sender, &address(lines, postcode)).await;
        assert_eq!(is_shelved(answer), shelved, "{what}");
    }
}

#[tokio::test]
async fn shelf_codes_say_nothing_and_differ_from_letter_to_letter() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    bar_her_address(&hub).await;
    let mut codes = Vec::new();
    for _ in 0..5 {
        let answer = check_letter(&hub.hub, &clerk, prison, None, &address(HERS, "ZZ9 9ZZ")).await;
        let LetterAnswer::Shelf(code) = answer.unwrap() else {
            panic!("not shelved")
        };
        assert_eq!(code.as_str().len(), 6);
        codes.push(code.as_str().to_owned());
    }
    codes.dedup();
    assert_eq!(codes.len(), 5);
}

#[tokio::test]
async fn a_share_of_passes_goes_to_the_shelf_as_decoys() {
    let hub = TestHub::start_with(1).await;
    let (clerk, prison) = mailroom(&hub).await;
    let answer = check_letter(
        &hub.hub,
        &clerk,
        prison,
        None,
        &address("17 Other Street", "YY1 1YY"),
    )
    .await;
    assert!(is_shelved(answer), "every pass is a decoy here");
}

#[tokio::test]
async fn letters_are_checked_in_ones_own_prison_by_its_mailroom_alone() {
    let hub = TestHub::start().await;
    let (clerk, _) = mailroom(&hub).await;
    let elsewhere: PrisonId = "MDI".parse().unwrap();
    let hers = address(HERS, "ZZ9 9ZZ");
    let refused = check_letter(&hub.hub, &clerk, elsewhere, None, &hers).await;
    assert!(matches!(refused, Err(HubError::Refused(_))));
    let refused = check_letter(&hub.hub, &hub.handler, elsewhere, None, &hers).await;
    assert!(matches!(refused, Err(HubError::Refused(_))));
}

#[tokio::test]
async fn a_letter_past_the_hours_cap_waits() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let elsewhere = address("17 Other Street", "YY1 1YY");
    for _ in 0..CHECKS_PER_ACCOUNT_AND_HOUR {
        check_letter(&hub.hub, &clerk, prison, None, &elsewhere)
            .await
            .unwrap();
    }
    let past = check_letter(&hub.hub, &clerk, prison, None, &elsewhere).await;
    assert!(matches!(past, Err(HubError::TooMany)));
}
