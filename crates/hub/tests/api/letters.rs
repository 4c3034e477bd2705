//! Letters checked for a mailroom.

use std::sync::OnceLock;

use casework::{Actor, Role, WrittenAddress};
use hub::error::HubError;
use hub::mailroom::{Envelope, LetterAnswer, check_letter};
use hub::store::{
    AskedLetter, Beside, CHECKS_PER_PRISON_AND_HOUR, LetterRuling, MailKind, NewBatchRow, Ruled, Told, Via,
};
use prison::{PrisonId, PrisonerNumber};
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::support::{TestHub, police_request};

const HERS: &str = "4 Invented Row\nNowhereby";

fn address(lines: &str, postcode: &str) -> WrittenAddress {
    WrittenAddress {
        lines: lines.into(),
        postcode: Some(postcode.into()),
    }
}

/// Checks a letter as the page does.
async fn check(
    hub: &TestHub,
    clerk: &Actor,
    prison: PrisonId,
    sender: Option<PrisonerNumber>,
    written: &WrittenAddress,
) -> Result<LetterAnswer, HubError> {
    let envelope = Envelope {
        sender,
        written: written.clone(),
        kind: MailKind::Letter,
        via: Via::Page,
    };
    check_letter(&hub.hub, clerk, prison, &envelope, Beside::default()).await
}

/// Prisoners come into a prison.
async fn receive(hub: &TestHub, prison: PrisonId, numbers: &[&str]) {
    let received = numbers.iter().map(|number| {
        let mut record = offender::PrisonerRecord::new(number.parse().unwrap(), "Ivan", "Invented");
        record.prison_id = Some(prison);
        record
    });
    hub.hub.store.import_prisoners(received.collect()).await.unwrap();
}

async fn mailroom(hub: &TestHub) -> (Actor, PrisonId) {
    let prison: PrisonId = "LEI".parse().unwrap();
    receive(hub, prison, &["A1234BC", "A5678DE"]).await;
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
        !is_shelved(check(&hub, &clerk, prison, sender, &hers).await),
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
        let answer = check(&hub, &clerk, prison, sender, &address(lines, postcode)).await;
        assert_eq!(is_shelved(answer), shelved, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_checked_while_bars_come_are_answered_and_none_passes_after_its_bar() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let key = hub.police_key().await;
    for door in 1..=12 {
        let lines = format!("{door} Invented Row\nNowhereby");
        let mut body = police_request(&[]);
        body["people"][0]["addresses"] = json!([{ "lines": lines, "postcode": "ZZ9 9ZZ" }]);
        let written = address(&lines, "ZZ9 9ZZ");
        let check = || check(&hub, &clerk, prison, None, &written);
        let meanwhile = async { [check().await, check().await, check().await] };
        let (filed, checked) = tokio::join!(hub.post("/v1/requests", Some(&key), &body), meanwhile);
        assert_eq!(filed.status, 201);
        assert!(checked.iter().all(Result::is_ok), "judged anew, not refused");
        assert!(is_shelved(check().await), "{door}: after its bar");
    }
}

#[tokio::test]
async fn shelf_codes_say_nothing_and_differ_from_letter_to_letter() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    bar_her_address(&hub).await;
    let mut codes = Vec::new();
    for _ in 0..5 {
        let answer = check(&hub, &clerk, prison, None, &address(HERS, "ZZ9 9ZZ")).await;
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
async fn a_share_of_addresses_goes_to_the_shelf_as_decoys() {
    let hub = TestHub::start_with(1).await;
    let (clerk, prison) = mailroom(&hub).await;
    let answer = check(&hub, &clerk, prison, None, &address("17 Other Street", "YY1 1YY")).await;
    assert!(is_shelved(answer), "every address is a decoy here");
}

/// One way of writing an address on an envelope; `how` picks it.
fn spelt(door: u8, street: &str, how: u8) -> WrittenAddress {
    let lines = match how % 6 {
        0 => format!("{door} {street} Road\nNowhereby"),
        1 => format!("{door} {street} Rd, Nowhereby").to_uppercase(),
        2 => format!("Mrs B Else\n{door}, {street} road\nNowhereby\nZZ9 9ZZ"),
        3 => format!("  {door}   {street}   Road \n\n NOWHEREBY "),
        4 => format!("{door} {street} Road\nZZ9 9ZZ").to_lowercase(),
        _ => format!("{door} {street} Road\nNear Elsewhere\nNowhereby"),
    };
    WrittenAddress {
        lines: lines.as_str().into(),
        postcode: None,
    }
}

/// One hub for all the property's cases, every third address a decoy, and clerks in two prisons.
struct Probed {
    runtime: Runtime,
    hub: TestHub,
    clerks: Vec<(Actor, PrisonId)>,
}

impl Probed {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let (hub, clerks) = runtime.block_on(async {
            let hub = TestHub::start_with(3).await;
            bar_her_address(&hub).await;
            let mut clerks = Vec::new();
            for prison in ["LEI", "MDI", "CFI"] {
                let prison: PrisonId = prison.parse().unwrap();
                let role = Role::Mailroom { prison };
                receive(&hub, prison, &senders_in(clerks.len())).await;
                clerks.push((hub.key_of("Mo Mailroom", role).await.0, prison));
            }
            (hub, clerks)
        });
        Self { runtime, hub, clerks }
    }

    /// Whether the letter of the first or the second prisoner of the clerk's prison, or of somebody unknown, is shelved.
    fn is_shelved(&self, by: u8, sender: Option<usize>, written: &WrittenAddress) -> bool {
        let at = usize::from(by) % self.clerks.len();
        let (clerk, prison) = &self.clerks[at];
        let sender = sender.map(|sender| senders_in(at)[sender].parse().unwrap());
        let check = check(&self.hub, clerk, *prison, sender, written);
        is_shelved(self.runtime.block_on(check))
    }
}

fn senders_in(prison: usize) -> [&'static str; 2] {
    [
        ["A1234BC", "A5678DE"],
        ["A2345CD", "A6789EF"],
        ["A3456DE", "A7890FG"],
    ][prison]
}

fn probed() -> &'static Probed {
    static PROBED: OnceLock<Probed> = OnceLock::new();
    PROBED.get_or_init(Probed::new)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn typing_an_address_again_tells_nothing(
        door in 1_u8..200,
        street in prop_oneof![Just("Fabled"), Just("Quillfeather"), Just("Zephyrine"), Just("Oddfellow")],
        (how, again) in (any::<u8>(), any::<u8>()),
        (by, by_again) in (any::<u8>(), any::<u8>()),
    ) {
        let probed = probed();
        let first = probed.is_shelved(by, Some(0), &spelt(door, street, how));
        for sender in [Some(0), Some(1), None] {
            let second = probed.is_shelved(by_again, sender, &spelt(door, street, again));
            prop_assert_eq!(first, second);
        }
    }
}

#[test]
fn a_barred_address_is_shelved_whoever_types_it_for_whomever() {
    let probed = probed();
    for by in 0..3 {
        for sender in [Some(0), Some(1), None] {
            assert!(probed.is_shelved(by, sender, &address(HERS, "ZZ9 9ZZ")));
        }
    }
}

#[tokio::test]
async fn letters_are_checked_in_ones_own_prison_by_its_mailroom_alone() {
    let hub = TestHub::start().await;
    let (clerk, _) = mailroom(&hub).await;
    let elsewhere: PrisonId = "MDI".parse().unwrap();
    let hers = address(HERS, "ZZ9 9ZZ");
    let refused = check(&hub, &clerk, elsewhere, None, &hers).await;
    assert!(matches!(refused, Err(HubError::Refused(_))));
    let refused = check(&hub, &hub.handler, elsewhere, None, &hers).await;
    assert!(matches!(refused, Err(HubError::Refused(_))));
}

#[tokio::test]
async fn a_letter_past_the_hours_cap_waits() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let elsewhere = address("17 Other Street", "YY1 1YY");
    for _ in 0..CHECKS_PER_PRISON_AND_HOUR {
        check(&hub, &clerk, prison, None, &elsewhere).await.unwrap();
    }
    let past = check(&hub, &clerk, prison, None, &elsewhere).await;
    assert!(matches!(past, Err(HubError::TooMany)));
}

#[tokio::test]
async fn a_vendor_checks_letters_by_json_and_reads_the_decision_by_code() {
    let hub = TestHub::start().await;
    let (_, prison) = mailroom(&hub).await;
    let (_, key) = hub.key_of("Vera Vendor", Role::Mailroom { prison }).await;
    bar_her_address(&hub).await;
    let letter = |number: &str, lines: &str, kind: &str| json!({ "prison_number": number, "address": { "lines": lines, "postcode": "ZZ9 9ZZ" }, "kind": kind });
    let passes = hub
        .post(
            "/v1/letters",
            Some(&key),
            &letter("A1234BC", "17 Other Street", "email"),
        )
        .await;
    assert_eq!(
        (passes.status.as_u16(), passes.json()),
        (200, json!({ "answer": "pass" }))
    );
    let hers = letter("unknown", HERS, "photocopy");
    let shelved = hub.post_once("/v1/letters", &key, "once", &hers).await.json();
    assert_eq!(shelved["answer"], "shelf");
    assert_eq!(
        hub.post_once("/v1/letters", &key, "once", &hers).await.json(),
        shelved,
        "sent again"
    );
    let waiting = hub.hub.store.letters_waiting(&hub.handler).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].letter.kind), (1, MailKind::Photocopy));
    let ruling = LetterRuling {
        ruled: Ruled::Evidence { told: Told::Yes },
        authority: None,
    };
    hub::mailroom::decide_letter(&hub.hub, &hub.handler, waiting[0].id, &ruling)
        .await
        .unwrap();
    let decided = hub.get("/v1/letters/decided", Some(&key)).await.json();
    assert_eq!(decided["letters"][0]["code"], shelved["code"]);
    assert_eq!(decided["letters"][0]["decision"], "evidence");
}

#[tokio::test]
async fn a_letter_by_json_that_cannot_be_checked_is_told_by_field_and_only_a_mailroom_may_send_one() {
    let hub = TestHub::start().await;
    let (_, prison) = mailroom(&hub).await;
    let (_, key) = hub.key_of("Vera Vendor", Role::Mailroom { prison }).await;
    let long = "x".repeat(501);
    for (number, lines, field) in [
        ("A9999ZZ", HERS, "prison_number"),
        ("nobody", HERS, "prison_number"),
        ("A1234BC", " ", "address"),
        ("A1234BC", &long, "address"),
    ] {
        let body = json!({ "prison_number": number, "address": { "lines": lines } });
        let answer = hub.post("/v1/letters", Some(&key), &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["field"]),
            (422, &json!(field)),
            "{number} {field}"
        );
    }
    let nobodys = json!({ "address": { "lines": HERS } });
    assert_eq!(
        hub.post("/v1/letters", Some(&key), &nobodys).await.status,
        422,
        "a sender is never left out"
    );
    let good = json!({ "prison_number": "unknown", "address": { "lines": HERS } });
    let police = hub.police_key().await;
    assert_eq!(hub.post("/v1/letters", Some(&police), &good).await.status, 404);
    let (_, clerk) = hub.key_of("Cai Clerk", Role::PinphoneClerk { prison }).await;
    assert_eq!(hub.post("/v1/letters", Some(&clerk), &good).await.status, 403);
    assert_eq!(hub.post("/v1/letters", None, &good).await.status, 401);
}

#[tokio::test]
async fn page_file_and_json_share_one_cap() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let (_, key) = hub.key_of("Vera Vendor", Role::Mailroom { prison }).await;
    let asked = AskedLetter {
        sender: "A1234BC".parse().unwrap(),
        written: address("17 Other Street", "YY1 1YY"),
    };
    let row = |n: u64| NewBatchRow {
        reference: n.to_string().as_str().into(),
        asked: Ok(asked.clone()),
    };
    let rows: Vec<_> = (1..=CHECKS_PER_PRISON_AND_HOUR).map(row).collect();
    let filed = hub
        .hub
        .store
        .file_letter_batch(&clerk, prison, MailKind::Letter, &rows)
        .await;
    check(
        &hub,
        &clerk,
        prison,
        None,
        &address("3 Elsewhere Road", "YY1 1YY"),
    )
    .await
    .unwrap();
    while hub::mailroom::tend_once(&hub.hub).await.unwrap() {}
    let answers = hub
        .hub
        .store
        .letter_batch_answers(&clerk, prison, filed.unwrap())
        .await
        .unwrap();
    let waiting = answers.iter().filter(|line| line.answer.is_none()).count();
    assert_eq!(
        waiting, 1,
        "one was typed, so the last of the file waits for the next hour"
    );
    let body = json!({ "prison_number": "unknown", "address": { "lines": "3 Elsewhere Road" } });
    assert_eq!(hub.post("/v1/letters", Some(&key), &body).await.status, 429);
    let elsewhere: PrisonId = "MDI".parse().unwrap();
    let (other, _) = hub
        .key_of("Mo Moorland", Role::Mailroom { prison: elsewhere })
        .await;
    assert!(
        check(
            &hub,
            &other,
            elsewhere,
            None,
            &address("3 Elsewhere Road", "YY1 1YY")
        )
        .await
        .is_ok()
    );
}

#[tokio::test]
async fn a_protected_persons_name_holds_the_letter_of_the_prisoner_barred_from_her_wherever_it_goes() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let key = hub.police_key().await;
    let mut body = police_request(&["07700 900123"]);
    body["people"][0]["name"] = json!("Rhian Smith");
    body["prisoner"] = json!({ "prison_number": "A1234BC" });
    assert_eq!(hub.post("/v1/requests", Some(&key), &body).await.status, 201);
    let letter = |name: &str, town: &str| address(&format!("{name}\n3 Elsewhere Road\n{town}"), "YY1 1YY");
    let (his, anothers) = (Some("A1234BC".parse().unwrap()), Some("A5678DE".parse().unwrap()));
    for (sender, name, town, shelved, what) in [
        (his, "Ms Rhian Smith", "Nowhereby", true, "his"),
        (his, "RHIAN SMITH", "Anotherton", true, "his, to another town"),
        (
            his,
            "Ms Brigid Other",
            "Nowhereby",
            false,
            "his, to somebody else",
        ),
        (
            anothers,
            "Ms Rhian Smith",
            "Nowhereby",
            false,
            "another's: the name is not rare",
        ),
        (None, "Ms Rhian Smith", "Nowhereby", false, "nobody knows whose"),
    ] {
        let answer = check(&hub, &clerk, prison, sender, &letter(name, town)).await;
        assert_eq!(is_shelved(answer), shelved, "{what}");
    }
    let waiting = hub.hub.store.letters_waiting(&hub.handler).await.unwrap();
    assert!(
        waiting
            .iter()
            .all(|one| one.letter.finding.named().is_some() && one.letter.finding.bar().is_none())
    );
    // One person posts it: no bar stops it.
    let ruling = LetterRuling {
        ruled: Ruled::Post,
        authority: None,
    };
    hub::mailroom::decide_letter(&hub.hub, &hub.handler, waiting[0].id, &ruling)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_rare_name_holds_anybodys_letter_and_the_town_makes_no_difference() {
    let hub = TestHub::start().await;
    let (clerk, prison) = mailroom(&hub).await;
    let key = hub.police_key().await;
    let mut body = police_request(&["07700 900123"]);
    body["people"][0]["name"] = json!("Zephyrine Quillfeather");
    assert_eq!(hub.post("/v1/requests", Some(&key), &body).await.status, 201);
    for town in ["Nowhereby", "Anotherton", "Exampleton"] {
        let written = address(
            &format!("Miss Zephyrine Quillfeather\n3 Elsewhere Road\n{town}"),
            "YY1 1YY",
        );
        for sender in [Some("A5678DE".parse().unwrap()), None] {
            assert!(
                is_shelved(check(&hub, &clerk, prison, sender, &written).await),
                "{town}"
            );
        }
    }
}
