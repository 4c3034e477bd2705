//! An attestation holds only as the hub signed it, and says of a gate only what the gate signed.
#![expect(clippy::unwrap_used, reason = "tests")]

use feed::{
    Acknowledgement, Attestation, AttestationError, AttestedAttempts, AttestedGate, GateId, GateWord,
    KeyFingerprint, ListHash, Regime, SealingKey, Serial, Session, Signed, SigningKey, StreamId, Turn,
    public_key_to_hex, verify_attestation,
};
use serde_json::Value;

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn gates_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

fn fingerprint() -> String {
    let sealing = SealingKey::from_secret(&[3; 32]).public();
    KeyFingerprint::of_gate(&gates_key().verifying_key(), &sealing).to_string()
}

fn word() -> GateWord {
    let said = Acknowledgement {
        gate: GateId::from_bytes([4; 16]),
        turn: Turn {
            stream: StreamId::from_bytes([5; 16]),
            line: 7,
        },
        session: Session::from_bytes([6; 16]),
        serial: Serial(40),
        hash: ListHash::EMPTY,
        held_without_record: 0,
        capacity: 1_000_000,
        always_allowed: None,
        ends_calls: false,
    };
    let signed = Signed::sign(&said, &gates_key()).unwrap().to_line();
    GateWord {
        received_at_ms: 1_795_424_400_000,
        serial: said.serial,
        hash: said.hash,
        signed: String::from_utf8(signed).unwrap(),
    }
}

fn covered() -> Attestation {
    let gate = AttestedGate {
        gate: GateId::from_bytes([4; 16]),
        verifying_key: public_key_to_hex(&gates_key().verifying_key()),
        sealing_key: SealingKey::from_secret(&[3; 32]).public(),
        state: "admitted".to_owned(),
        word: Some(word()),
        attempts: AttestedAttempts {
            highest: 9,
            missing: 2,
            gaps: vec![(3, 4)],
        },
    };
    Attestation {
        date: "2026-11-23".to_owned(),
        at_ms: 1_795_424_400_000,
        prison: "LEI".parse().unwrap(),
        regime: Regime::CallEnabling,
        session: Session::from_bytes([6; 16]),
        serial: Serial(40),
        covered: true,
        why_not: None,
        gates: vec![gate],
    }
}

fn signed(attestation: &Attestation) -> Vec<u8> {
    Signed::sign(attestation, &hub()).unwrap().to_line()
}

fn check(attestation: &Attestation) -> Result<Attestation, AttestationError> {
    verify_attestation(&signed(attestation), &hub().verifying_key(), &[fingerprint()])
}

/// Every value of a JSON text, by its pointer.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), found)),
        _ => found.push(at.to_owned()),
    }
}

fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(is) => Value::Bool(!is),
        Value::Number(n) => Value::from(n.as_i64().unwrap() + 1),
        Value::Null => Value::from("late"),
        Value::String(text) => {
            let last = if text.ends_with('1') { '2' } else { '1' };
            Value::from(format!("{}{last}", &text[..text.len() - 1]))
        }
        _ => panic!("a leaf"),
    }
}

#[test]
fn an_attestation_holds_as_it_was_signed_and_says_so_in_a_sentence() {
    let read = check(&covered()).unwrap();
    assert_eq!(read, covered());
    assert_eq!(read.to_string(), "LEI was covered on 2026-11-23, by change 40");
    let late = Attestation {
        covered: false,
        why_not: Some("gate-silent".to_owned()),
        ..covered()
    };
    assert_eq!(
        check(&late).unwrap().to_string(),
        "LEI was NOT covered on 2026-11-23, at change 40: gate-silent"
    );
}

#[test]
fn a_change_of_any_field_breaks_the_hubs_signature() {
    let line = signed(&covered());
    let space = line.iter().position(|byte| *byte == b' ').unwrap();
    let payload: Value = serde_json::from_slice(&line[space + 1..]).unwrap();
    let mut fields = Vec::new();
    leaves(&payload, "", &mut fields);
    assert!(fields.len() > 18, "{fields:?}");
    for field in fields {
        let mut other = payload.clone();
        let value = other.pointer_mut(&field).unwrap();
        *value = changed(value);
        let mut forged = line[..=space].to_vec();
        forged.extend(serde_json::to_vec(&other).unwrap());
        let read = verify_attestation(&forged, &hub().verifying_key(), &[]);
        assert!(matches!(read, Err(AttestationError::Hub(_))), "{field}: {read:?}");
    }
    assert!(
        verify_attestation(&line, &gates_key().verifying_key(), &[]).is_err(),
        "another hub"
    );
}

/// What a hub would sign that lies.
#[test]
fn a_hub_that_says_what_its_gate_did_not_say_is_found_out() {
    let gate = |change: fn(&mut AttestedGate)| {
        let mut lie = covered();
        change(&mut lie.gates[0]);
        lie
    };
    let id = GateId::from_bytes([4; 16]);
    let contradicted = Err(AttestationError::Contradicted(id));
    let of_word = |change: fn(&mut GateWord)| {
        let mut lie = covered();
        change(lie.gates[0].word.as_mut().unwrap());
        lie
    };
    let another = GateId::from_bytes([9; 16]);
    let table = [
        (
            "a later serial",
            of_word(|word| word.serial = Serial(41)),
            contradicted.clone(),
        ),
        (
            "another list",
            of_word(|word| word.hash = serde_json::from_value("1".repeat(64).into()).unwrap()),
            contradicted.clone(),
        ),
        (
            "another session",
            Attestation {
                session: Session::from_bytes([7; 16]),
                ..covered()
            },
            contradicted,
        ),
        (
            "another gate's word",
            gate(|gate| gate.gate = GateId::from_bytes([9; 16])),
            Err(AttestationError::Contradicted(another)),
        ),
        (
            "a word of nobody's",
            of_word(|word| word.signed.push(' ')),
            Err(AttestationError::Gate(id)),
        ),
        (
            "another key",
            gate(|gate| gate.verifying_key = public_key_to_hex(&hub().verifying_key())),
            Err(AttestationError::StrangeKey(id)),
        ),
        (
            "a serial that no gate has reached",
            Attestation {
                serial: Serial(41),
                ..covered()
            },
            Err(AttestationError::NotCovered("LEI".parse().unwrap())),
        ),
        (
            "a silent gate",
            gate(|gate| gate.word = None),
            Err(AttestationError::NotCovered("LEI".parse().unwrap())),
        ),
        (
            "a revoked gate",
            gate(|gate| gate.state = "revoked".to_owned()),
            Err(AttestationError::NotCovered("LEI".parse().unwrap())),
        ),
        (
            "no gate",
            Attestation {
                gates: Vec::new(),
                ..covered()
            },
            Err(AttestationError::NotCovered("LEI".parse().unwrap())),
        ),
    ];
    for (what, lie, expected) in table {
        assert_eq!(check(&lie), expected, "{what}");
    }
}

#[test]
fn without_fingerprints_the_hub_is_trusted_for_whose_keys_they_are() {
    let key = hub().verifying_key();
    let line = signed(&covered());
    assert!(verify_attestation(&line, &key, &[]).is_ok());
    let upper = fingerprint().to_uppercase().replace(' ', "");
    assert!(
        verify_attestation(&line, &key, &[upper]).is_ok(),
        "as a person types it"
    );
    let other = verify_attestation(&line, &key, &["0000 0000".to_owned()]);
    assert_eq!(
        other,
        Err(AttestationError::StrangeKey(GateId::from_bytes([4; 16])))
    );
}
