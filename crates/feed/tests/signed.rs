//! What a signature on the feed is good for, and what it is not.

use feed::{
    Acknowledgement, AlwaysAllowed, AlwaysAllowedNumber, Body, CoSigned, GateId, ListHash, Message, Serial,
    Session, Signed, SignedError, SigningKey, StreamId, Turn,
};
use proptest::prelude::*;

const LIMIT_BYTES: usize = 4096;

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn somebody_else() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

fn heartbeat(serial: u64) -> Message {
    Message {
        gate: GateId::from_bytes([3; 16]),
        turn: Turn::before_first(StreamId::from_bytes([5; 16])),
        session: Session::from_bytes([4; 16]),
        serial: Serial(serial),
        answered: 0,
        body: Body::Heartbeat,
    }
}

fn line(message: &Message, key: &SigningKey) -> Vec<u8> {
    Signed::sign(message, key)
        .expect("a message can be written")
        .to_line()
}

#[test]
fn a_signed_line_is_read_back_as_it_was_written() {
    let line = line(&heartbeat(7), &hub());
    let signed = Signed::<Message>::parse_line(&line, LIMIT_BYTES).expect("the line is well formed");
    assert_eq!(signed.verify(&hub().verifying_key()), Ok(heartbeat(7)));
}

#[test]
fn a_line_signed_by_somebody_else_is_not_believed() {
    let line = line(&heartbeat(7), &somebody_else());
    let signed = Signed::<Message>::parse_line(&line, LIMIT_BYTES).expect("the line is well formed");
    assert_eq!(
        signed.verify(&hub().verifying_key()),
        Err(SignedError::BadSignature)
    );
}

#[test]
fn a_signature_made_for_one_purpose_is_void_for_another() {
    let acknowledgement = Acknowledgement {
        gate: GateId::from_bytes([3; 16]),
        turn: Turn::before_first(StreamId::from_bytes([5; 16])),
        session: Session::from_bytes([4; 16]),
        serial: Serial(7),
        hash: ListHash::EMPTY,
        held_without_record: 0,
        capacity: 10,
        always_allowed: None,
        ends_calls: false,
    };
    let line = Signed::sign(&acknowledgement, &hub())
        .expect("it can be written")
        .to_line();
    let as_message = Signed::<Message>::parse_line(&line, LIMIT_BYTES).expect("the line is well formed");
    assert_eq!(
        as_message.verify(&hub().verifying_key()),
        Err(SignedError::BadSignature)
    );
}

#[test]
fn a_line_at_the_limit_is_read_and_one_byte_longer_is_not() {
    let line = line(&heartbeat(7), &hub());
    assert!(Signed::<Message>::parse_line(&line, line.len()).is_ok());
    let refused = Signed::<Message>::parse_line(&line, line.len() - 1);
    assert_eq!(
        refused,
        Err(SignedError::TooLong {
            limit: line.len() - 1
        })
    );
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unnoticed(serial: u64, at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut line = line(&heartbeat(serial), &hub());
        let at = at.index(line.len());
        line[at] ^= flip;
        let read = Signed::<Message>::parse_line(&line, LIMIT_BYTES)
            .and_then(|signed| signed.verify(&hub().verifying_key()));
        prop_assert!(read.is_err());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let read = Signed::<Message>::parse_line(&bytes, LIMIT_BYTES)
            .and_then(|signed| signed.verify(&hub().verifying_key()));
        prop_assert!(read.is_err());
    }
}

fn always_allowed() -> AlwaysAllowed {
    let number = phone::PhoneNumber::parse_canonical("116123").expect("a canonical number");
    AlwaysAllowed {
        version: 1,
        numbers: vec![AlwaysAllowedNumber {
            number,
            name: "Samaritans".into(),
        }],
    }
}

#[test]
fn the_always_allowed_list_needs_two_different_root_keys() {
    let (first, second) = (SigningKey::from_bytes(&[5; 32]), SigningKey::from_bytes(&[6; 32]));
    let roots = [first.verifying_key(), second.verifying_key()];
    let by_two = CoSigned::sign(&always_allowed(), [&first, &second]).expect("it can be written");
    assert_eq!(by_two.verify(&roots), Ok(always_allowed()));
    let read_back = CoSigned::parse(&by_two.to_file()).expect("the file is well formed");
    assert_eq!(read_back.verify(&roots), Ok(always_allowed()));

    let by_one_twice = CoSigned::sign(&always_allowed(), [&first, &first]).expect("it can be written");
    assert_eq!(by_one_twice.verify(&roots), Err(SignedError::BadSignature));
    let with_a_stranger = CoSigned::sign(&always_allowed(), [&first, &hub()]).expect("it can be written");
    assert_eq!(with_a_stranger.verify(&roots), Err(SignedError::BadSignature));
}
