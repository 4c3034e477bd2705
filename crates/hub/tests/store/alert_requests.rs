//! No-contact alerts that are asked for on the records of barred prisoners: one for each, as the policy says, naming nobody.

use casework::{Actor, CaseId, ProposedChange, Role};
use hub::custody::RaiseAlerts::{self, Ask, Off, Raise};
use hub::custody::{AlertChange, AlertCode, CustodyEvent, Occurred};
use hub::store::AlertRequestState::{Asked, ToRaise, ToReview};
use hub::store::{AlertDecision, AlertRequest, AlertRequestState, Conflict, Outcome, Refusal, StoreError};
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, prisoner};

const HIM: &str = "A1234BC";

impl TestStore {
    /// A case that bars this number, and is about him.
    async fn barring(&self, number: &str, holder: &str) -> (CaseId, casework::BarId) {
        let receipt = self.refer(&[number]).await;
        let case = self.case_of(&receipt).await;
        self.locate(case, holder).await;
        let Outcome::Barred(bar) = receipt.targets[0].outcome else {
            panic!("barred")
        };
        (case, bar)
    }

    async fn requests(&self, policy: RaiseAlerts) -> Vec<AlertRequest> {
        self.store.note_alert_requests(policy).await.unwrap();
        self.store.alert_requests(&self.handler).await.unwrap().rows
    }

    async fn states(&self, policy: RaiseAlerts) -> Vec<(String, AlertRequestState)> {
        let requests = self.requests(policy).await;
        requests
            .iter()
            .map(|one| (one.prisoner.to_string(), one.state))
            .collect()
    }

    async fn decide(&self, decision: AlertDecision) -> Result<(), StoreError> {
        let request = self.requests(Off).await[0].id;
        self.store
            .decide_alert_request(&self.handler, request, decision)
            .await
    }

    async fn prison_service(&self) -> Actor {
        self.store
            .add_account(Some(&self.operator), "Prison service", Role::PrisonService)
            .await
            .unwrap()
    }

    async fn oncr(&self, minute: u8, change: AlertChange) {
        let event = CustodyEvent::AlertChanged {
            prisoner: prisoner(HIM),
            code: AlertCode::NoContactRequest,
            change,
        };
        let at = format!("2026-11-23T08:{minute:02}:00Z").parse().unwrap();
        let hub = self.store.itself();
        self.store
            .record_custody_event(&hub, "a.kind", &Occurred { at, event })
            .await
            .unwrap();
    }
}

fn his(state: AlertRequestState) -> Vec<(String, AlertRequestState)> {
    vec![(HIM.to_owned(), state)]
}

stories! {
    async fn one_request_stands_for_a_prisoner_from_his_first_bar_however_many_cases_bar_him(place: &TestStore) {
        let unlocated = place.refer(&["+447700900003"]).await;
        assert!(place.states(Ask).await.is_empty(), "nobody is confirmed in {}", unlocated.reference);
        let (first, _) = place.barring("+447700900001", HIM).await;
        let (second, _) = place.barring("+447700900002", HIM).await;
        assert!(place.states(Off).await.is_empty(), "the policy does not ask");
        assert_eq!(place.states(Ask).await, his(Asked));
        assert_eq!(place.store.note_alert_requests(Ask).await.unwrap(), 1);
        let [request] = &place.requests(Ask).await[..] else { panic!("one") };
        assert_eq!(request.cases.len(), 2, "{first} {second}");
    }

    async fn nothing_is_asked_for_on_the_record_of_somebody_who_was_the_wrong_man(place: &TestStore) {
        let service = place.prison_service().await;
        let (case, _) = place.barring("+447700900001", HIM).await;
        assert_eq!(place.states(Raise).await, his(ToRaise));
        place.store.reject_prisoner(&place.handler, case, prisoner(HIM)).await.unwrap();
        assert!(place.states(Raise).await.is_empty());
        assert!(place.store.alerts_to_raise(&service).await.unwrap().rows.is_empty());
        place.clock.advance(1);
        place.locate(case, HIM).await;
        assert_eq!(place.states(Raise).await, his(ToRaise), "he is confirmed again");
    }

    async fn nothing_is_given_out_until_a_handler_asks_unless_the_policy_raises_at_once(place: &TestStore) {
        let service = place.prison_service().await;
        let given_out = async || {
            let given = place.store.alerts_to_raise(&service).await.unwrap().rows;
            given.iter().map(|one| (one.prison_number.to_string(), one.alert_code.as_str())).collect::<Vec<_>>()
        };
        place.barring("+447700900001", HIM).await;
        assert_eq!(place.states(Ask).await, his(Asked));
        assert!(given_out().await.is_empty());
        place.decide(AlertDecision::Ask).await.unwrap();
        assert_eq!(given_out().await, [(HIM.to_owned(), "ONCR")]);
        place.barring("+447700900002", "A5678DE").await;
        place.store.note_alert_requests(Raise).await.unwrap();
        assert_eq!(given_out().await.len(), 2);
    }

    async fn what_was_raised_is_given_out_no_more_and_saying_it_again_changes_nothing(place: &TestStore) {
        let service = place.prison_service().await;
        place.barring("+447700900001", HIM).await;
        assert_eq!(place.states(Raise).await, his(ToRaise));
        let [alert] = place.store.alerts_to_raise(&service).await.unwrap().rows[..] else { panic!("one") };
        for _ in 0..2 {
            place.store.alert_raised(&service, alert.reference).await.unwrap();
        }
        assert!(place.store.alerts_to_raise(&service).await.unwrap().rows.is_empty());
        assert!(place.states(Raise).await.is_empty(), "and nothing new stands");
        let nobodys = place.store.alert_raised(&service, Uuid::from_u128(7)).await;
        assert_eq!(nobodys, Err(StoreError::NotFound));
    }

    async fn once_his_last_bar_is_lifted_the_alert_is_to_be_looked_at_again_and_a_new_bar_asks_anew(place: &TestStore) {
        let (_, bar) = place.barring("+447700900001", HIM).await;
        let (_, other) = place.barring("+447700900002", HIM).await;
        place.requests(Ask).await;
        place.decide(AlertDecision::Raised).await.unwrap();
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(place.states(Ask).await.is_empty(), "one bar is left");
        place.agree(ProposedChange::LiftBar { bar: other }).await;
        assert_eq!(place.states(Ask).await, his(ToReview));
        let (_, again) = place.barring("+447700900004", HIM).await;
        assert!(place.states(Ask).await.is_empty(), "the alert is right again");
        place.agree(ProposedChange::LiftBar { bar: again }).await;
        assert_eq!(place.states(Ask).await, his(ToReview));
        place.decide(AlertDecision::Reviewed).await.unwrap();
        assert!(place.states(Ask).await.is_empty());
        place.barring("+447700900005", HIM).await;
        assert_eq!(place.states(Ask).await, his(Asked));
    }

    async fn a_request_whose_bars_are_gone_or_whose_prisoner_was_somebody_else_is_withdrawn(place: &TestStore) {
        let (_, bar) = place.barring("+447700900001", HIM).await;
        let (case, _) = place.barring("+447700900002", "A5678DE").await;
        assert_eq!(place.states(Raise).await.len(), 2);
        place.agree(ProposedChange::LiftBar { bar }).await;
        place.clock.advance(1);
        place.locate(case, "A9012FG").await;
        assert_eq!(place.states(Raise).await, [("A9012FG".to_owned(), ToRaise)]);
    }

    async fn nothing_is_asked_for_where_the_alert_stands_and_what_was_asked_for_is_done_when_it_does(place: &TestStore) {
        place.oncr(1, AlertChange::Created).await;
        place.barring("+447700900001", HIM).await;
        assert!(place.states(Ask).await.is_empty());
        place.oncr(2, AlertChange::Deleted).await;
        assert_eq!(place.states(Ask).await, his(Asked));
        place.decide(AlertDecision::Ask).await.unwrap();
        place.oncr(3, AlertChange::Created).await;
        assert!(place.states(Ask).await.is_empty());
        assert!(place.store.alerts_to_raise(&place.prison_service().await).await.unwrap().rows.is_empty());
    }

    async fn what_is_not_needed_is_not_asked_for_again_and_a_decision_is_made_once(place: &TestStore) {
        place.barring("+447700900001", HIM).await;
        let request = place.requests(Ask).await[0].id;
        assert_eq!(place.decide(AlertDecision::Reviewed).await, Err(StoreError::Conflict(Conflict::Changed)));
        place.decide(AlertDecision::NotNeeded).await.unwrap();
        assert!(place.states(Ask).await.is_empty());
        for late in AlertDecision::ALL {
            let decided = place.store.decide_alert_request(&place.handler, request, late).await;
            assert_eq!(decided, Err(StoreError::Conflict(Conflict::Changed)), "{late:?}");
        }
        let nobodys = place.store.decide_alert_request(&place.handler, Uuid::from_u128(7), AlertDecision::Ask).await;
        assert_eq!(nobodys, Err(StoreError::NotFound));
    }

    async fn handlers_decide_and_the_prison_services_system_fetches_and_nobody_else_does_either(place: &TestStore) {
        let service = place.prison_service().await;
        place.barring("+447700900001", HIM).await;
        let request = place.requests(Ask).await[0].id;
        let refused = || Err(StoreError::Refused(Refusal::NotTheirs));
        for other in [&place.police, &place.operator, &place.security, &place.auditor, &service] {
            let decided = place.store.decide_alert_request(other, request, AlertDecision::Ask).await;
            assert_eq!(decided, refused(), "{}", other.name);
            assert!(place.store.alert_requests(other).await.is_err(), "{}", other.name);
        }
        for other in [&place.police, &place.operator, &place.security, &place.auditor, &place.handler] {
            assert!(place.store.alerts_to_raise(other).await.is_err(), "{}", other.name);
            assert_eq!(place.store.alert_raised(other, request).await, refused(), "{}", other.name);
        }
        assert_eq!(place.barred().await.len(), 1, "and what is barred stays");
    }
}
