//! Accounts, keys, sessions, and which store is whose.

use std::sync::Arc;

use casework::{Actor, OrganisationKind, Role};
use hub::keys::HubKeys;
use hub::seams::{RandomSource, Seams};
use hub::store::{Refusal, SESSION_IDLE_SECONDS, Store, StoreError, StoreMark};

use crate::stories;
use crate::support::TestStore;

async fn open(place: &TestStore, keys: HubKeys, mark: StoreMark) -> Result<Store, StoreError> {
    Store::open(&place.url, Arc::new(keys), mark, place.seams.clone()).await
}

fn keys(mark: StoreMark, master: u8) -> HubKeys {
    HubKeys::from_secrets(mark, &[master; 32], &[2; 32], &[3; 32])
}

stories! {
    async fn a_demonstrations_store_is_not_opened_as_the_services(place: &TestStore) {
        let refused = open(place, keys(StoreMark::Service, 1), StoreMark::Service).await.unwrap_err();
        assert!(refused.to_string().contains("demo store"), "{refused}");
        let mixed = open(place, keys(StoreMark::Demo, 1), StoreMark::Service).await;
        assert!(matches!(mixed, Err(StoreError::Refused(Refusal::OtherMark { .. }))));
        let other_keys = open(place, keys(StoreMark::Demo, 9), StoreMark::Demo).await;
        assert!(matches!(other_keys, Err(StoreError::Refused(Refusal::OtherKeys))));
        assert!(open(place, keys(StoreMark::Demo, 1), StoreMark::Demo).await.is_ok());
    }

    async fn a_store_of_another_version_is_not_touched(place: &TestStore) {
        place.damage("UPDATE meta SET value = '0' WHERE name = 'schema'", vec![]).await;
        let refused = open(place, keys(StoreMark::Demo, 1), StoreMark::Demo).await;
        assert!(matches!(refused, Err(StoreError::Refused(Refusal::OtherSchema { .. }))));
    }

    async fn what_was_stored_is_there_when_the_store_is_opened_again(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let again = place.again().await;
        assert_eq!(again.session(), place.store.session());
        assert_eq!(again.receipt(&place.police, &receipt.reference).await.unwrap(), receipt);
        assert_eq!(*again.serial().borrow(), place.store.head().await.unwrap());
    }

    async fn a_key_finds_its_account_until_it_is_revoked(place: &TestStore) {
        let secret = place.store.add_key(&place.operator, place.police.account).await.unwrap();
        assert!(secret.expose().starts_with("upcs_") && secret.expose().len() == 57);
        assert!(!format!("{secret:?}").contains("upcs_"));
        assert_eq!(place.store.find_key(secret.expose()).await.unwrap(), Some(place.police.clone()));
        assert_eq!(place.store.find_key("upcs_WRONG").await.unwrap(), None);
        assert_eq!(place.store.revoke_keys(&place.operator, place.police.account).await.unwrap(), 1);
        assert_eq!(place.store.find_key(secret.expose()).await.unwrap(), None);
    }

    async fn a_session_ends_when_it_is_closed_or_idle(place: &TestStore) {
        let handler = Some(place.handler.clone());
        let token = place.store.open_session(place.handler.account).await.unwrap();
        place.clock.advance(SESSION_IDLE_SECONDS);
        assert_eq!(place.store.find_session(token.expose()).await.unwrap(), handler, "at the limit");
        place.clock.advance(SESSION_IDLE_SECONDS);
        assert_eq!(place.store.find_session(token.expose()).await.unwrap(), handler, "its use was noted");
        place.clock.advance(SESSION_IDLE_SECONDS + 1);
        assert_eq!(place.store.find_session(token.expose()).await.unwrap(), None, "one second past it");
        let token = place.store.open_session(place.handler.account).await.unwrap();
        place.store.close_session(token.expose()).await.unwrap();
        assert_eq!(place.store.find_session(token.expose()).await.unwrap(), None);
        place.store.close_session("unknown").await.unwrap();
    }

    async fn only_an_operator_makes_accounts_and_none_for_the_public(place: &TestStore) {
        let made = place.store.add_account(Some(&place.handler), "Friend", Role::CaseHandler).await;
        assert_eq!(made, Err(StoreError::Refused(Refusal::NotTheirs)));
        assert!(place.store.add_account(Some(&place.operator), "Form", Role::Public).await.is_err());
        assert!(place.store.add_account(Some(&place.operator), " ", Role::Auditor).await.is_err());
        let names: Vec<String> =
            place.store.accounts().await.unwrap().into_iter().map(|actor: Actor| actor.name).collect();
        assert_eq!(names.len(), 9);
        assert_eq!(place.store.account(place.clerk.account).await.unwrap(), Some(place.clerk.clone()));
    }
}

#[tokio::test]
async fn a_store_that_is_closed_has_put_its_log_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let url = format!("sqlite://{}", path.display());
    // Left to be dropped, the connections leave together, and now and then the log stays.
    for round in 0..20 {
        let keys = Arc::new(keys(StoreMark::Service, 1));
        let store = Store::open(&url, keys, StoreMark::Service, Seams::real())
            .await
            .unwrap();
        let log = path.with_extension("db-wal");
        assert!(log.exists(), "one in use has a log");
        store.accounts().await.unwrap();
        store.close().await.unwrap();
        assert!(!log.exists(), "round {round}");
    }
}

#[tokio::test]
async fn a_services_first_operator_needs_nobody_and_no_second_account_does() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("hub.db").display());
    let keys = Arc::new(keys(StoreMark::Service, 1));
    let store = Store::open(&url, keys, StoreMark::Service, Seams::real())
        .await
        .unwrap();
    let police = Role::Referrer {
        organisation: OrganisationKind::Police,
    };
    assert!(
        store.add_account(None, "Mercia Police", police).await.is_err(),
        "an operator comes first"
    );
    store
        .add_account(None, "Olwen Operator", Role::Operator)
        .await
        .unwrap();
    assert!(
        store
            .add_account(None, "Odd Operator", Role::Operator)
            .await
            .is_err()
    );
}

#[test]
fn keys_are_made_once_read_back_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("keys");
    let random = Seams::real().random;
    HubKeys::create(&place, StoreMark::Service, &*random).unwrap();
    let read = HubKeys::load(&place).unwrap();
    assert_eq!(read.mark(), StoreMark::Service);
    assert_eq!(
        read.body_hash(b"body"),
        HubKeys::load(&place).unwrap().body_hash(b"body")
    );
    assert!(HubKeys::create(&place, StoreMark::Service, &*random).is_err());
    for file in std::fs::read_dir(&place).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody but the owner reads it");
    }
    std::fs::write(place.join("master"), "00").unwrap();
    assert!(HubKeys::load(&place).is_err());
}

#[test]
fn a_sealed_value_opens_only_in_its_own_place() {
    let keys = keys(StoreMark::Demo, 1);
    let random = Seams::real().random;
    let sealed = keys.seal_field("bars", "target", "1", b"plain", &*random as &dyn RandomSource);
    assert_eq!(keys.open_field("bars", "target", "1", &sealed).unwrap(), b"plain");
    assert!(
        keys.open_field("bars", "target", "2", &sealed).is_err(),
        "another row"
    );
    assert!(
        keys.open_field("bars", "name", "1", &sealed).is_err(),
        "another column"
    );
    assert!(
        keys.open_field("cases", "target", "1", &sealed).is_err(),
        "another table"
    );
    assert!(
        keys.open_field("bars", "target", "1", &sealed[..20]).is_err(),
        "cut short"
    );
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(
        keys.open_field("bars", "target", "1", &changed).is_err(),
        "changed"
    );
}
