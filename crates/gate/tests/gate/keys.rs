//! Where the state key comes from. A key in a TPM is tried by a story of its own, with a TPM in software.

use std::path::Path;

use feed::{Regime, Serial};
use gate::config::Config;
use gate::seams::Seams;
use gate::state_key::{SEALED_NAME, StateKey};
use serde_json::json;

use crate::hub::TestHub;
use crate::place::{HELPLINE, Place};
use crate::source::Source;

/// A configuration with these lines about the key.
fn configured(folder: &Path, lines: &str) -> Result<Config, String> {
    let text = format!("prison = \"LEI\"\ntrunk = \"trunk.example\"\nstate_dir = \"state\"\n{lines}\n");
    let file = folder.join("gate.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(&file).map_err(|error| error.to_string())
}

#[test]
fn exactly_one_source_is_named_and_none_lies_in_the_state_folder() {
    let folder = tempfile::tempdir().unwrap();
    for (lines, because) in [
        ("", "one of key_file, key_credential and key_sealed"),
        ("key_file = \"k\"\nkey_sealed = \"s\"", "one of key_file"),
        ("key_file = \"k\"\nkey_credential = \"c\"", "one of key_file"),
        ("key_credential = \"c\"", "mark_file"),
        ("key_credential = \"../c\"\nmark_file = \"m\"", "key_credential"),
        ("key_sealed = \"state/s\"", "the key lies inside state_dir"),
        (
            "key_credential = \"c\"\nmark_file = \"state/m\"",
            "mark_file lies inside state_dir",
        ),
    ] {
        let said = configured(folder.path(), lines).unwrap_err();
        assert!(said.contains(because), "{lines}: {said}");
    }
    for lines in [
        "key_file = \"k\"",
        "key_sealed = \"s\"",
        "key_credential = \"upcs-gate-key\"\nmark_file = \"m\"",
    ] {
        assert!(configured(folder.path(), lines).is_ok(), "{lines}");
    }
}

#[test]
fn a_credential_is_not_made_here_and_the_words_say_how_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "key_credential = \"upcs-gate-key\"\nmark_file = \"m\"";
    let config = configured(folder.path(), lines).unwrap();
    let said = StateKey::create(&config.key_source().unwrap(), &Seams::real()).unwrap_err();
    assert!(
        said.to_string()
            .contains("systemd-creds encrypt --name=upcs-gate-key"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_starts_again_with_its_key_as_a_credential_and_refuses_when_systemd_gives_none() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    gate.stop().await;
    hub.stop();
    let given = place.folder.path().join("credentials");
    std::fs::create_dir(&given).unwrap();
    let mut config = place.config.clone();
    let key = config.key_file.take().unwrap();
    std::fs::rename(&key, given.join(SEALED_NAME)).unwrap();
    config.mark_file = Some(key.with_extension("key.mark"));
    config.key_credential = Some(SEALED_NAME.to_owned());
    config.credentials = Some(given);
    let gate = place.run_as(config.clone(), Seams::real()).await;
    assert!(gate.allows("A0001BC", "07700900009").await, "its list is there");
    gate.stop().await;
    config.credentials = None;
    let gate = place.run_as(config, Seams::real()).await;
    assert!(!gate.allows("A0001BC", "07700900009").await);
    assert!(gate.allows("A0001BC", HELPLINE).await);
    assert_eq!(gate.get("/health").await.1["why"], json!("no-key"));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_tpm_opens_is_no_key() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let mut config = place.config.clone();
    // The key in the clear where a sealed one should be: whatever reads sealed keys must not take it.
    config.key_sealed = config.key_file.take();
    config.tpm_device = Some("swtpm:host=127.0.0.1,port=1".to_owned());
    let gate = place.run_as(config, Seams::real()).await;
    assert!(!gate.allows("A0001BC", "07700900009").await);
    assert!(gate.allows("A0001BC", HELPLINE).await);
    assert_eq!(gate.get("/health").await.1["why"], json!("no-key"));
    gate.stop().await;
}
