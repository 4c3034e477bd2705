//! What the walk does besides: accounts, keys and sessions come and go, gates enrol, acknowledge, report and are
//! revoked. An operator's second account approves what the first proposed, or tries to.

use casework::{Actor, BarTarget, Role};
use feed::{
    Attempt, BlockName, CoSigned, GateId, ListHash, Reason, SealingKey, Serial, Session, SessionCertificate,
    SigningKey, Verdict,
};
use hub::seams::Clock;
use hub::store::{CallSearch, ReleaseOffice, StoredAttestation};
use proptest::prelude::*;

use super::{Walk, pick, prison_of};

#[derive(Clone, Copy, Debug)]
pub(super) enum HouseholdStep {
    SecondAccount { role: u8 },
    ApproveBySecond { account: u8, proposal: u8 },
    Key { account: u8, revoked: bool },
    Session { account: u8 },
    Enrol { prison: u8, seed: u8 },
    Revoke { gate: u8 },
    Acknowledge { gate: u8, ahead: u8 },
    GoBack { gate: u8 },
    RenewKey { gate: u8 },
    Begin { epoch: u8 },
    Report { gate: u8 },
    SeeAlert,
    ByCall { case: u8 },
    Plant { number: u8 },
    Attest { prison: u8 },
}

pub(super) fn step() -> impl Strategy<Value = HouseholdStep> {
    use HouseholdStep as S;
    let n = any::<u8>;
    prop_oneof![
        n().prop_map(|role| S::SecondAccount { role }),
        (n(), n()).prop_map(|(account, proposal)| S::ApproveBySecond { account, proposal }),
        (n(), any::<bool>()).prop_map(|(account, revoked)| S::Key { account, revoked }),
        n().prop_map(|account| S::Session { account }),
        (n(), n()).prop_map(|(prison, seed)| S::Enrol { prison, seed }),
        n().prop_map(|gate| S::Revoke { gate }),
        (n(), n()).prop_map(|(gate, ahead)| S::Acknowledge { gate, ahead }),
        n().prop_map(|gate| S::GoBack { gate }),
        n().prop_map(|gate| S::RenewKey { gate }),
        n().prop_map(|epoch| S::Begin { epoch }),
        n().prop_map(|gate| S::Report { gate }),
        Just(S::SeeAlert),
        n().prop_map(|case| S::ByCall { case }),
        n().prop_map(|number| S::Plant { number }),
        n().prop_map(|prison| S::Attest { prison }),
    ]
}

impl Walk {
    pub(super) async fn keep_house(&mut self, step: HouseholdStep) {
        match step {
            HouseholdStep::SecondAccount { .. }
            | HouseholdStep::ApproveBySecond { .. }
            | HouseholdStep::Key { .. }
            | HouseholdStep::Session { .. } => self.account(step).await,
            HouseholdStep::Enrol { prison, seed } => self.enrol(prison, seed).await,
            HouseholdStep::SeeAlert
            | HouseholdStep::ByCall { .. }
            | HouseholdStep::Plant { .. }
            | HouseholdStep::Attest { .. } => {
                self.watch_over(step).await;
            }
            _ => self.gate(step).await,
        }
    }

    async fn account(&mut self, step: HouseholdStep) {
        let (store, operator) = (&self.place.store, &self.place.operator);
        match step {
            HouseholdStep::SecondAccount { role } => {
                let roles = [Role::Operator, Role::CaseHandler, self.place.clerk.role.clone()];
                let role = roles[usize::from(role) % roles.len()].clone();
                let made = store.add_account(Some(operator), "A second account", role).await;
                self.seconds.push(made.unwrap());
            }
            HouseholdStep::ApproveBySecond { account, proposal } => {
                // Only what its own maker proposed: two accounts of others are two people.
                let by = pick(&self.seconds, account).filter(|second| second.role == Role::Operator);
                if let (Some(by), Some(proposal)) = (by, pick(&self.proposals, proposal)) {
                    let _ = store.approve(by, *proposal).await;
                }
            }
            HouseholdStep::Key { account, revoked } => {
                let Some(account) = pick(&self.seconds, account) else {
                    return;
                };
                let _ = store.add_key(operator, account.account).await;
                if revoked {
                    let _ = store.revoke_keys(operator, account.account).await;
                }
            }
            HouseholdStep::Session { account } => {
                if let Some(account) = pick(&self.seconds, account) {
                    let token = store.open_session(account.account).await.unwrap();
                    store.find_session(token.expose()).await.unwrap();
                    store.close_session(token.expose()).await.unwrap();
                }
            }
            _ => {}
        }
    }

    async fn watch_over(&self, step: HouseholdStep) {
        let (store, handler) = (&self.place.store, &self.place.handler);
        match step {
            HouseholdStep::SeeAlert => {
                for alert in store.open_alerts(handler).await.unwrap().rows {
                    let _ = store
                        .mark_alert_seen(handler, alert.case, alert.alert, alert.signs)
                        .await;
                }
            }
            HouseholdStep::ByCall { case } => {
                if let Some(case) = pick(&self.cases, case) {
                    let _ = store.note_release(handler, *case).await;
                    for task in store.open_releases(handler).await.unwrap().rows {
                        let _ = store
                            .tell_of_release(
                                handler,
                                task.id,
                                ReleaseOffice::Police,
                                &"PC Ada Example".into(),
                            )
                            .await;
                    }
                    let _ = store.take_in_hand(handler, *case).await;
                    let _ = store.search_calls(handler, *case, &remembered()).await;
                }
            }
            HouseholdStep::Plant { number } => {
                let planted = BarTarget::Number(crate::support::number(super::number_of(number)));
                let _ = store.plant_canary(&self.place.operator, &planted, "walked").await;
            }
            HouseholdStep::Attest { prison } => {
                let attested = StoredAttestation {
                    date: "2026-11-23".parse().unwrap(),
                    prison: prison_of(prison),
                    at: self.place.clock.now(),
                    line: "signed".to_owned(),
                };
                store.record_attestation(&attested).await.unwrap();
            }
            _ => {}
        }
    }

    async fn enrol(&self, prison: u8, seed: u8) {
        let (store, prison) = (&self.place.store, prison_of(prison));
        let Ok(code) = store.issue_enrolment_code(&self.place.operator, prison).await else {
            return;
        };
        let verifying = SigningKey::from_bytes(&[seed; 32]).verifying_key();
        let sealing = SealingKey::from_secret(&[seed; 32]).public();
        let _ = store.enrol_gate(prison, code, verifying, sealing).await;
    }

    async fn gate(&self, step: HouseholdStep) {
        let store = &self.place.store;
        let gates: Vec<GateId> = store.gates().await.unwrap().iter().map(|gate| gate.id).collect();
        let (session, head) = (store.session(), store.head().await.unwrap());
        match step {
            HouseholdStep::Revoke { gate } => {
                if let Some(gate) = pick(&gates, gate) {
                    let _ = store.revoke_gate(&self.place.operator, *gate).await;
                }
            }
            HouseholdStep::Acknowledge { gate, ahead } => {
                if let Some(gate) = pick(&gates, gate) {
                    let serial = Serial(head.0 + u64::from(ahead));
                    let said = (*gate, session, serial, ListHash::EMPTY, self.place.clock.now());
                    let _ = store.record_acknowledgements(vec![said]).await;
                }
            }
            HouseholdStep::RenewKey { gate } => {
                if let Some(gate) = pick(&gates, gate) {
                    let _ = store.renew_fingerprint_key(&self.place.operator, *gate).await;
                }
            }
            HouseholdStep::Begin { epoch } => {
                let roots = [1, 2].map(|n| SigningKey::from_bytes(&[n; 32]));
                let hub = self.place.keys.feed_signing_key().verifying_key();
                let certificate =
                    SessionCertificate::new(epoch.into(), Session::from_bytes([epoch; 16]), &hub);
                let signed = CoSigned::sign(&certificate, [&roots[0], &roots[1]]).unwrap();
                let roots = roots.map(|root| root.verifying_key());
                let _ = store
                    .begin_feed_session(&self.place.operator, &signed, &roots)
                    .await;
            }
            HouseholdStep::GoBack { gate } => {
                if let Some(gate) = pick(&gates, gate) {
                    let _ = store.forget_acknowledged_after(*gate, Serial(0)).await;
                }
            }
            HouseholdStep::Report { gate } => {
                if let Some(gate) = pick(&gates, gate) {
                    let _ = store.record_attempts(*gate, &[attempt()]).await;
                    let block = BlockName { first: 2, last: 3 };
                    let _ = store.record_unopened_blocks(*gate, &[block]).await;
                }
            }
            _ => {}
        }
    }
}

fn remembered() -> CallSearch {
    let at = "2026-11-23T21:10:00Z".parse().unwrap();
    CallSearch {
        number: crate::support::number("+447700900001"),
        from: at,
        to: at,
        reason: "It rang.".into(),
    }
}

fn attempt() -> Attempt {
    Attempt {
        sequence: 1,
        at_ms: 1_800_000_000_000,
        caller: "A1234BC".to_owned(),
        dialled: "07700 900001".to_owned(),
        number: Some("+447700900001".to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

/// Accounts that the walk made.
pub(super) type Seconds = Vec<Actor>;
