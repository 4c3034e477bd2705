//! Nothing personal lies in the database's files in the clear.

use casework::{Intelligence, IntelligenceKind};
use data_encoding::{BASE64, HEXLOWER};
use feed::{Attempt, ContactKind, Reason, SealingKey, SigningKey, Verdict};
use hub::keys::HubKeys;
use hub::store::{Store, StoreMark};
use offender::PrisonerRecord;

use crate::support::{TestStore, address, assessment, filing, key, lei, prisoner};

/// What is planted, in words and digits that occur nowhere else.
const PLANTED: [&str; 9] = [
    "Quillfeather",
    "Xanthopoulou",
    "07700 900987",
    "447700900987",
    "7700900987",
    "Zephyrine Row",
    "Wolfsbane House",
    "Oddfellow Testimony",
    "Brackenthwaite",
];

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let hashes = [text.to_owned(), format!("+{text}")];
    let hashes = hashes
        .iter()
        .map(|text| blake3::hash(text.as_bytes()).as_bytes()[..16].to_vec());
    let hashes = hashes.flat_map(|hash| [HEXLOWER.encode(&hash).into_bytes(), hash]);
    let whole_groups = &text[..text.len() - text.len() % 3];
    let written = [
        text.as_bytes().to_vec(),
        text.to_lowercase().into_bytes(),
        HEXLOWER.encode(text.as_bytes()).into_bytes(),
        BASE64.encode(whole_groups.as_bytes()).into_bytes(),
        text.replace(' ', "%20").into_bytes(),
    ];
    written.into_iter().chain(hashes).collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn found(place: &TestStore, text: &str) -> bool {
    let files: Vec<Vec<u8>> = place
        .files()
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect();
    encodings(text)
        .iter()
        .any(|needle| files.iter().any(|file| holds(file, needle)))
}

async fn plant(place: &TestStore) {
    place
        .approve_number("A1234BC", "+447700900987", ContactKind::Social)
        .await;
    let mut filing = filing(&["+447700900987"]);
    filing.request.people[0].name = "Rhian Quillfeather".into();
    filing.request.people[0].numbers = vec!["07700 900987".into()];
    filing.request.why = "Oddfellow Testimony".into();
    let once = Some(key("07700 900987", "body"));
    let receipt = place
        .store
        .file_request(&place.police, once, filing)
        .await
        .unwrap();
    let case = place.case_of(&receipt).await;
    place
        .store
        .add_target(&place.handler, case, &address("4 Zephyrine Row"))
        .await
        .unwrap();
    let mut assessed = assessment();
    assessed.necessity = "Brackenthwaite".into();
    place
        .store
        .record_assessment(&place.handler, case, assessed)
        .await
        .unwrap();
    let evidence = r#"{"name":"Xanthopoulou"}"#.into();
    place
        .store
        .locate_prisoner(&place.handler, case, prisoner("A1234BC"), &evidence, "v1")
        .await
        .unwrap();
    let lift = place.store.open_case(&place.handler, case).await.unwrap().bars[0]
        .bar
        .id;
    let change = casework::ProposedChange::LiftBar { bar: lift };
    place
        .store
        .propose(&place.handler, change, "Mrs Quillfeather of Zephyrine Row")
        .await
        .unwrap();
}

async fn plant_elsewhere(place: &TestStore) {
    let record = PrisonerRecord::new(prisoner("A1234BC"), "Ivan", "Xanthopoulou");
    place.store.import_prisoners(vec![record]).await.unwrap();
    place.shelve(None, "Wolfsbane House").await;
    let rang = Intelligence {
        kind: IntelligenceKind::NumberThatRang,
        reference: None,
        number: Some("07700 900987".into()),
        account: "Oddfellow Testimony".into(),
    };
    place
        .store
        .file_intelligence(&place.police, None, rang, crate::support::caps())
        .await
        .unwrap();
    let secret = place
        .store
        .issue_enrolment_code(&place.operator, lei())
        .await
        .unwrap();
    let verifying = SigningKey::from_bytes(&[1; 32]).verifying_key();
    let sealing = SealingKey::from_secret(&[1; 32]).public();
    let gate = place
        .store
        .enrol_gate(lei(), secret, verifying, sealing)
        .await
        .unwrap();
    let attempt = Attempt {
        sequence: 1,
        at_ms: 0,
        caller: "A1234BC".to_owned(),
        dialled: "141 07700 900987".to_owned(),
        number: Some("+447700900987".to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    };
    place.store.record_attempts(gate, &[attempt]).await.unwrap();
    stage_a_no_contact_list(place).await;
}

/// One row that waits to be taken over.
async fn stage_a_no_contact_list(place: &TestStore) {
    let file = "prison_number,prisoner,person,numbers,address,reason\n\
        A1234BC,Ivan Xanthopoulou,Rhian Quillfeather,07700 900987,4 Zephyrine Row,Oddfellow Testimony\n";
    let rows = hub::lists::read_no_contact(file.as_bytes(), lei()).unwrap();
    let origin = hub::lists::ListOrigin {
        prison: lei(),
        kept_by: "Brackenthwaite".into(),
        as_of: "2026-11-01".parse().unwrap(),
        file: hub::lists::file_hash(file.as_bytes()),
    };
    let (store, by) = (&place.store, &place.handler);
    let (import, _) = store.begin_no_contact_list(by, &origin).await.unwrap();
    store.stage_no_contact_rows(by, import, &rows).await.unwrap();
}

#[tokio::test]
async fn no_file_of_the_database_holds_a_planted_name_number_or_address() {
    let place = TestStore::sqlite().await;
    plant(&place).await;
    plant_elsewhere(&place).await;
    assert!(
        found(&place, "Hazel Handler"),
        "the search finds what is there in the clear"
    );
    assert!(
        place
            .files()
            .iter()
            .any(|file| file.to_string_lossy().ends_with("-wal")),
        "the -wal is searched"
    );
    for planted in PLANTED {
        assert!(
            !found(&place, planted),
            "{planted} lies in a file of the database"
        );
    }
}

#[test]
fn nothing_of_a_store_prints_what_it_holds() {
    let filing = filing(&["+447700900987"]);
    let printed = format!("{filing:?}");
    assert!(
        !printed.contains("7700900987") && !printed.contains("Rhian"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_bad_database_address_is_told_without_its_password() {
    const PASSWORD: &str = "Quillfeather-987";
    let folder = tempfile::tempdir().unwrap();
    let (seams, _) = hub::seams::Seams::seeded(7, "2026-11-23T09:00:00Z".parse().unwrap());
    let keys = HubKeys::from_secrets(StoreMark::Demo, &[1; 32], &[2; 32], &[3; 32]);
    let keys = std::sync::Arc::new(keys);
    let missing = folder.path().join("missing/hub.db");
    let table = [
        format!("postgres//hub:{PASSWORD}@localhost/hub"),
        format!("mysql://hub:{PASSWORD}@localhost/hub"),
        format!("hub:{PASSWORD}@localhost/hub"),
        format!("postgres://hub:{PASSWORD}@localhost:99999/hub"),
        format!("postgres://hub:{PASSWORD}@local host/hub"),
        format!("postgres://hub:{PASSWORD}/1@localhost/hub"),
        format!("postgres://hub@localhost:1/hub?sslmode={PASSWORD}"),
        format!("sqlite://{}?mode={PASSWORD}", missing.display()),
        PASSWORD.to_owned(),
        String::new(),
    ];
    for url in table {
        let opened = Store::open(&url, keys.clone(), StoreMark::Demo, seams.clone()).await;
        let error = opened.unwrap_err();
        for told in [error.to_string(), format!("{error:?}")] {
            assert!(!told.contains("Quillfeather"), "{told}");
        }
    }
}
