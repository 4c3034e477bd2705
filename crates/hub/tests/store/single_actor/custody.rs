//! What the prison service says of who is where, and what an operator does with messages that cannot be read.

use std::collections::BTreeMap;

use casework::{Actor, Role};
use hub::custody::queue::QueueStanding;
use hub::custody::{
    AlertChange, AlertCode, CustodyEvent, Occurred, RaiseAlerts, Reception, Release, Unreadable,
};
use hub::store::{AlertDecision, CameBy};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::{Walk, prison_of, prisoner_of};

/// An event, when it happened in minutes before now, and of whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct CustodyStep {
    kind: u8,
    minutes_ago: u8,
    prisoner: u8,
    other: u8,
}

pub(super) fn step() -> impl Strategy<Value = CustodyStep> {
    let n = any::<u8>;
    (n(), n(), n(), n()).prop_map(|(kind, minutes_ago, prisoner, other)| CustodyStep {
        kind,
        minutes_ago,
        prisoner,
        other,
    })
}

fn event(step: CustodyStep) -> Option<CustodyEvent> {
    let (prisoner, other) = (prisoner_of(step.prisoner), prisoner_of(step.other));
    let left = |reason| CustodyEvent::Released { prisoner, reason };
    Some(match step.kind % 10 {
        0 | 1 => CustodyEvent::Received {
            prisoner,
            prison: prison_of(step.other),
            reason: Reception::Readmission,
        },
        2 => left(Release::Released),
        3 => left(Release::Transferred),
        4 => left(Release::SentToCourt),
        5 if prisoner != other => CustodyEvent::Merged {
            gone: prisoner,
            survives: other,
        },
        6 if prisoner != other => CustodyEvent::BookingMoved {
            from: prisoner,
            to: other,
        },
        7 => CustodyEvent::RestrictedPatientAdded { prisoner },
        8 => CustodyEvent::AlertChanged {
            prisoner,
            code: AlertCode::NoContactRequest,
            change: [AlertChange::Created, AlertChange::Deleted][usize::from(step.other % 2)],
        },
        _ => return None,
    })
}

impl Walk {
    pub(super) async fn hear(&mut self, step: CustodyStep) {
        let store = &self.place.store;
        let hub: Actor = store.itself();
        let ago = SignedDuration::from_mins(i64::from(step.minutes_ago));
        let at = self.place.seams.clock.now().checked_sub(ago).unwrap();
        if let Some(event) = event(step) {
            let occurred = Occurred { at, event };
            store
                .record_custody_event(&hub, "a.kind", &occurred)
                .await
                .unwrap();
        } else {
            self.set_aside(&hub, step).await;
            self.raise_alerts(step).await;
        }
        self.compare_arrivals().await;
        self.stand_or_reject(step).await;
    }

    /// A number stands by itself in a case, or a handler says that it is not he.
    async fn stand_or_reject(&self, step: CustodyStep) {
        let (store, by) = (&self.place.store, &self.place.handler);
        let Some(case) = super::pick(&self.cases, step.other).copied() else {
            return;
        };
        let file = store.open_case(by, case).await.unwrap();
        let prisoner = prisoner_of(step.prisoner);
        if step.kind.is_multiple_of(2) {
            let record = store.prisoner(prisoner).await.unwrap().unwrap();
            let verified = crate::verified::agreeing(&record);
            store.confirm_by_number(&file.reference, &verified).await.unwrap();
        } else {
            let _ = store.reject_prisoner(by, case, prisoner).await;
        }
    }

    async fn set_aside(&self, hub: &Actor, step: CustodyStep) {
        let (store, operator) = (&self.place.store, &self.place.operator);
        let body = [step.kind, step.prisoner, step.other];
        let why = Unreadable::Envelope;
        store
            .set_message_aside(hub, CameBy::Queue, why, &body)
            .await
            .unwrap();
        let standing = QueueStanding {
            waiting: 1,
            oldest: None,
        };
        store.note_custody_queue(hub, standing).await.unwrap();
        store.forget_custody_queue(operator).await.unwrap();
        store.pass_custody_message(hub, "of-no-concern").await.unwrap();
        for (n, kept) in store
            .custody_messages(operator)
            .await
            .unwrap()
            .set_aside
            .rows
            .iter()
            .enumerate()
        {
            let settled = match n % 2 {
                0 => store.dismiss_message(operator, kept.id).await,
                _ => store
                    .take_message_again(operator, kept.id, ("a.kind", None))
                    .await
                    .map(drop),
            };
            settled.unwrap();
        }
    }

    /// Alerts are asked for, decided of and raised.
    async fn raise_alerts(&self, step: CustodyStep) {
        let (store, handler, operator) = (&self.place.store, &self.place.handler, &self.place.operator);
        let policy = [RaiseAlerts::Off, RaiseAlerts::Ask, RaiseAlerts::Raise][usize::from(step.other % 3)];
        store.note_alert_requests(policy).await.unwrap();
        let decision = AlertDecision::ALL[usize::from(step.prisoner % 4)];
        for request in store.alert_requests(handler).await.unwrap().rows {
            let _ = store.decide_alert_request(handler, request.id, decision).await;
        }
        let role = Role::PrisonService;
        let service = store
            .add_account(Some(operator), "Prison service", role)
            .await
            .unwrap();
        for alert in store.alerts_to_raise(&service).await.unwrap().rows {
            store.alert_raised(&service, alert.reference).await.unwrap();
        }
    }

    async fn compare_arrivals(&self) {
        let store = &self.place.store;
        let all: BTreeMap<_, _> = self.cases.iter().map(|case| (*case, true)).collect();
        for arrival in store.arrivals_waiting().await.unwrap() {
            store.raise_arrival(&arrival, &all).await.unwrap();
        }
    }
}
