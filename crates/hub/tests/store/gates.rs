//! Gates and prisons: joining takes one step and a comparison by two, leaving takes two.

use casework::ProposedChange;
use feed::{CoSigned, ListHash, Regime, SealingKey, Serial, Session, SessionCertificate, SigningKey};
use hub::store::{AuditFilter, CODE_LIFETIME_SECONDS, Conflict, GateState, Page, Refusal, StoreError};

use crate::stories;
use crate::support::{TestStore, lei, mdi};

async fn enrol(place: &TestStore, secret: [u8; 16], seed: u8) -> Result<feed::GateId, StoreError> {
    let verifying = SigningKey::from_bytes(&[seed; 32]).verifying_key();
    let sealing = SealingKey::from_secret(&[seed; 32]).public();
    place.store.enrol_gate(lei(), secret, verifying, sealing).await
}

async fn new_gate(place: &TestStore, seed: u8) -> feed::GateId {
    let secret = place
        .store
        .issue_enrolment_code(&place.operator, lei())
        .await
        .unwrap();
    enrol(place, secret, seed).await.unwrap()
}

async fn state(place: &TestStore, gate: feed::GateId) -> GateState {
    place
        .store
        .gates()
        .await
        .unwrap()
        .iter()
        .find(|record| record.id == gate)
        .unwrap()
        .state
}

stories! {
    async fn a_code_is_good_once_for_its_prison_and_for_an_hour(place: &TestStore) {
        let secret = place.store.issue_enrolment_code(&place.operator, lei()).await.unwrap();
        assert_eq!(enrol(place, [9; 16], 1).await, Err(StoreError::NotFound), "unknown");
        let verifying = SigningKey::from_bytes(&[1; 32]).verifying_key();
        let sealing = SealingKey::from_secret(&[1; 32]).public();
        let elsewhere = place.store.enrol_gate(mdi(), secret, verifying, sealing).await;
        assert_eq!(elsewhere, Err(StoreError::NotFound), "another prison's");
        let gate = enrol(place, secret, 1).await.unwrap();
        assert_eq!(enrol(place, secret, 1).await.unwrap(), gate, "the same gate asks again");
        assert_eq!(enrol(place, secret, 2).await, Err(StoreError::NotFound), "used");
        let at_the_limit = place.store.issue_enrolment_code(&place.operator, lei()).await.unwrap();
        let too_old = place.store.issue_enrolment_code(&place.operator, lei()).await.unwrap();
        place.clock.advance(CODE_LIFETIME_SECONDS);
        assert!(enrol(place, at_the_limit, 3).await.is_ok());
        place.clock.advance(1);
        assert_eq!(enrol(place, too_old, 4).await, Err(StoreError::NotFound));
    }

    async fn a_new_session_and_a_new_key_are_on_record_and_in_the_audit(place: &TestStore) {
        let gate = new_gate(place, 1).await;
        let first = place.store.feed_session().await.unwrap();
        assert_eq!((first.session, first.epoch), (place.store.session(), 0));
        for generation in [1, 2] {
            let renewed = place.store.renew_fingerprint_key(&place.operator, gate).await;
            assert_eq!(renewed, Ok(generation));
        }
        let hub_key = place.keys.feed_signing_key().verifying_key();
        let certificate = SessionCertificate::new(5, Session::from_bytes([7; 16]), &hub_key);
        let roots = [1, 2].map(|n| SigningKey::from_bytes(&[n; 32]));
        let signed = CoSigned::sign(&certificate, [&roots[0], &roots[1]]).unwrap();
        let roots = roots.map(|root| root.verifying_key());
        let by_a_handler = place.store.begin_feed_session(&place.handler, &signed, &roots).await;
        assert_eq!(by_a_handler, Err(Refusal::NotTheirs.into()));
        place.store.begin_feed_session(&place.operator, &signed, &roots).await.unwrap();
        let again = place.again().await;
        assert_eq!(again.session(), certificate.session);
        let record = again.gates().await.unwrap().remove(0);
        assert_eq!(record.key_generation, 2);
        assert!(record.key_since.is_some());
        assert_ne!(place.keys.fingerprint_key(gate, 2), place.keys.fingerprint_key(gate, 1));
        let rows = again.audit(&place.auditor, &AuditFilter::default(), Page::NEWEST).await.unwrap();
        for verb in ["renew-fingerprint-key", "begin-feed-session"] {
            assert!(rows.iter().any(|row| row.verb == verb), "{verb}");
        }
    }

    async fn of_two_gates_that_enrol_at_once_with_one_code_exactly_one_is_enrolled(place: &TestStore) {
        for round in 0..8u8 {
            let secret = place.store.issue_enrolment_code(&place.operator, lei()).await.unwrap();
            let (one, other) = tokio::join!(
                enrol(place, secret, 2 * round + 1),
                enrol(place, secret, 2 * round + 2),
            );
            let refused = [&one, &other].into_iter().filter(|result| **result == Err(StoreError::NotFound));
            assert_eq!(refused.count(), 1, "{one:?} {other:?}");
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            assert_eq!(place.store.gates().await.unwrap().len(), usize::from(round) + 1);
        }
    }

    async fn a_second_gate_of_a_prison_is_told_in_the_audit_until_the_first_is_retired(place: &TestStore) {
        let told = async || {
            let filter = AuditFilter { verb: Some("enrol-gate".into()), ..AuditFilter::default() };
            let rows = place.store.audit(&place.auditor, &filter, Page::NEWEST).await.unwrap();
            rows[0].detail.clone()
        };
        let first = new_gate(place, 1).await;
        assert_eq!(told().await, "LEI");
        let second = new_gate(place, 2).await;
        assert_eq!(told().await, "LEI second-gate others=1");
        for gate in [first, second] {
            let change = ProposedChange::RetireGate { gate: gate.to_string(), prison: lei() };
            place.operators_agree(change).await;
        }
        new_gate(place, 3).await;
        assert_eq!(told().await, "LEI");
    }

    async fn a_gate_is_admitted_and_retired_by_two_people_and_revoked_by_one(place: &TestStore) {
        let gate = new_gate(place, 1).await;
        assert_eq!(state(place, gate).await, GateState::Awaiting);
        let admit = ProposedChange::AdmitGate { gate: gate.to_string(), prison: lei() };
        let proposal = place.store.propose(&place.operator, admit, "compared").await.unwrap();
        assert!(place.store.approve(&place.operator, proposal).await.is_err());
        assert_eq!(state(place, gate).await, GateState::Awaiting);
        place.store.approve(&place.second_operator, proposal).await.unwrap();
        assert_eq!(state(place, gate).await, GateState::Admitted);
        place.store.revoke_gate(&place.operator, gate).await.unwrap();
        assert_eq!(state(place, gate).await, GateState::Revoked, "it stays counted");
        place.operators_agree(ProposedChange::RetireGate { gate: gate.to_string(), prison: lei() }).await;
        assert_eq!(state(place, gate).await, GateState::Retired);
    }

    async fn an_acknowledgement_counts_from_the_first_serial_at_or_after_the_bars(place: &TestStore) {
        let gate = new_gate(place, 1).await;
        let session = place.store.session();
        let at = |text: &str| -> jiff::Timestamp { text.parse().unwrap() };
        let acks = vec![
            (gate, session, Serial(3), ListHash::EMPTY, at("2026-11-23T09:00:01Z")),
            (gate, session, Serial(5), ListHash::EMPTY, at("2026-11-23T09:00:02Z")),
            (gate, session, Serial(5), ListHash::EMPTY, at("2026-11-23T10:00:00Z")),
            (gate, feed::Session::from_bytes([0; 16]), Serial(9), ListHash::EMPTY, at("2026-11-23T08:00:00Z")),
        ];
        place.store.record_acknowledgements(acks).await.unwrap();
        let first = async |serial| place.store.first_acknowledged(Serial(serial)).await.unwrap().get(&gate).copied();
        assert_eq!(first(3).await, Some(at("2026-11-23T09:00:01Z")));
        assert_eq!(first(4).await, Some(at("2026-11-23T09:00:02Z")), "the first time counts");
        assert_eq!(first(6).await, None, "another session's does not");
    }

    async fn a_gate_that_went_back_has_acknowledged_nothing_after_where_it_stands(place: &TestStore) {
        let (gate, other) = (new_gate(place, 1).await, new_gate(place, 2).await);
        let session = place.store.session();
        let at = |text: &str| -> jiff::Timestamp { text.parse().unwrap() };
        let (early, late) = (at("2026-11-23T09:00:01Z"), at("2026-11-23T10:00:00Z"));
        let ack = |gate, serial, at| (gate, session, Serial(serial), ListHash::EMPTY, at);
        let said = vec![ack(gate, 3, early), ack(gate, 5, early), ack(gate, 7, early), ack(other, 7, early)];
        place.store.record_acknowledgements(said).await.unwrap();
        let first = async |gate, serial| place.store.first_acknowledged(Serial(serial)).await.unwrap().get(&gate).copied();
        let goes_back = async |to| place.store.forget_acknowledged_after(gate, Serial(to)).await.unwrap();
        assert_eq!(goes_back(7).await, None, "it stands where it stood");
        assert_eq!(first(gate, 7).await, Some(early));
        assert_eq!(goes_back(4).await, Some(Serial(7)));
        assert_eq!((first(gate, 3).await, first(gate, 5).await), (Some(early), None));
        assert_eq!(first(other, 7).await, Some(early), "nobody else went back");
        place.store.record_acknowledgements(vec![ack(gate, 5, late)]).await.unwrap();
        assert_eq!(first(gate, 5).await, Some(late), "it counts from when it was said again");
        let filter = AuditFilter { verb: Some("gate-went-back".into()), ..AuditFilter::default() };
        let audit = place.store.audit(&place.auditor, &filter, Page::NEWEST).await.unwrap();
        assert_eq!(audit.len(), 1);
        assert!(audit[0].detail.contains("stood-at=7 stands-at=4"), "{}", audit[0].detail);
    }

    async fn a_prison_leaves_by_two_people_and_its_regime_does_not_change_under_it(place: &TestStore) {
        let on = async |regime| place.store.switch_prison_on(&place.operator, lei(), regime).await;
        on(Regime::CallEnabling).await.unwrap();
        on(Regime::CallEnabling).await.unwrap();
        assert_eq!(on(Regime::CallBarring).await, Err(StoreError::Conflict(Conflict::OtherRegime)));
        assert_eq!(place.store.prisons_on().await.unwrap().len(), 1);
        place.operators_agree(ProposedChange::SwitchPrisonOff { prison: lei() }).await;
        assert!(place.store.prisons_on().await.unwrap().is_empty());
        on(Regime::CallEnabling).await.unwrap();
    }

    async fn a_prison_in_which_unlisted_numbers_ring_is_switched_on_by_two_people(place: &TestStore) {
        let on = async |regime| place.store.switch_prison_on(&place.operator, lei(), regime).await;
        assert_eq!(on(Regime::CallBarring).await, Err(StoreError::Refused(Refusal::TakesTwoPeople)));
        let change = ProposedChange::SwitchOnCallBarring { prison: lei() };
        let proposal = place.store.propose(&place.operator, change.clone(), "new here").await.unwrap();
        assert!(place.store.prisons_on().await.unwrap().is_empty(), "nothing happens yet");
        assert!(place.store.approve(&place.operator, proposal).await.is_err(), "nor by one person");
        place.store.approve(&place.second_operator, proposal).await.unwrap();
        assert_eq!(place.store.prisons_on().await.unwrap()[0].regime, Regime::CallBarring);
        let on_already = Err(StoreError::Conflict(Conflict::OtherRegime));
        assert_eq!(on(Regime::CallEnabling).await, on_already);
        assert_eq!(place.store.propose(&place.operator, change, "again").await.map(drop), on_already);
        place.operators_agree(ProposedChange::SwitchPrisonOff { prison: lei() }).await;
        let alone = on(Regime::CallBarring).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::TakesTwoPeople)), "nor after it was off");
    }

    async fn two_proposals_for_one_prison_do_not_change_its_regime_under_it(place: &TestStore) {
        let change = ProposedChange::SwitchOnCallBarring { prison: lei() };
        let proposal = place.store.propose(&place.operator, change, "new here").await.unwrap();
        place.store.switch_prison_on(&place.operator, lei(), Regime::CallEnabling).await.unwrap();
        let late = place.store.approve(&place.second_operator, proposal).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::OtherRegime)));
        assert_eq!(place.store.prisons_on().await.unwrap()[0].regime, Regime::CallEnabling);
    }

    async fn only_operators_touch_gates(place: &TestStore) {
        let gate = new_gate(place, 1).await;
        let refused = Err(StoreError::Refused(Refusal::NotTheirs));
        assert_eq!(place.store.revoke_gate(&place.handler, gate).await, refused);
        assert_eq!(place.store.switch_prison_on(&place.clerk, lei(), Regime::CallBarring).await, refused);
        assert!(place.store.issue_enrolment_code(&place.police, lei()).await.is_err());
    }
}
