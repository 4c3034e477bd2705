//! Who can open what was sealed.

use feed::{SealError, SealingKey, seal};

const PURPOSE: &str = "a test";

fn sealed() -> (SealingKey, Vec<u8>) {
    let hub = SealingKey::from_secret(&[9; 32]);
    let sealed = seal(&hub.public(), PURPOSE, b"07700 900123", &mut rand::rng()).expect("it can be sealed");
    (hub, sealed)
}

#[test]
fn the_owner_of_the_key_reads_what_was_sealed() {
    let (hub, sealed) = sealed();
    assert_eq!(hub.open(PURPOSE, &sealed), Ok(b"07700 900123".to_vec()));
}

#[test]
fn nobody_else_does_and_not_for_another_purpose() {
    let (hub, sealed) = sealed();
    let stranger = SealingKey::from_secret(&[8; 32]);
    assert_eq!(stranger.open(PURPOSE, &sealed), Err(SealError::CannotOpen));
    assert_eq!(hub.open("another purpose", &sealed), Err(SealError::CannotOpen));
}

#[test]
fn sealed_bytes_cut_short_are_refused_at_every_length() {
    let (hub, sealed) = sealed();
    for length in 0..sealed.len() {
        assert_eq!(
            hub.open(PURPOSE, &sealed[..length]),
            Err(SealError::CannotOpen),
            "{length} bytes"
        );
    }
}

#[test]
fn sealing_the_same_words_twice_looks_different() {
    let (hub, first) = sealed();
    let second = seal(&hub.public(), PURPOSE, b"07700 900123", &mut rand::rng()).expect("it can be sealed");
    assert_ne!(first, second);
}
