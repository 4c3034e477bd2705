//! Requests come in: barred at once, kept for a handler, never twice, never over a cap.

use casework::{Priority, RuleOutcome};
use feed::ContactKind;
use hub::store::{
    Conflict, Holder, HolderStands, Outcome, ResolvedChange, ScreenedTarget, StoreError, Wanted,
};

use crate::stories;
use crate::support::{TestStore, filing, filing_as, key, prisoner, public};

fn barred(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Barred(_))
}

/// What becomes of one number asked against one prisoner, where a cap leaves room for one in an hour.
async fn asked_against_him(place: &TestStore, by: &casework::Actor, text: &str) -> Outcome {
    let mut filing = filing(&[text]);
    filing.named.numbers = vec![prisoner("A1234BC")];
    filing.caps.bars_per_prisoner_and_hour = 1;
    let receipt = place.store.file_request(by, None, filing).await.unwrap();
    receipt.targets[0].outcome.clone()
}

stories! {
    async fn a_complete_referral_bars_and_raises_the_serial_once(place: &TestStore) {
        let before = place.store.head().await.unwrap();
        let watched = place.store.serial();
        let receipt = place.refer(&["+447700900001", "+447700900002"]).await;
        assert!(receipt.targets.iter().all(|target| barred(&target.outcome)));
        let head = place.store.head().await.unwrap();
        assert_eq!(head.0, before.0 + 1, "one serial for the whole request");
        assert_eq!(*watched.borrow(), head, "whoever waits is told");
        assert_eq!(place.barred().await, ["+447700900001", "+447700900002"]);
        let history = place.store.history_since(before, 10).await.unwrap();
        let [(serial, changes)] = &history[..] else { panic!("one change") };
        assert_eq!((*serial, changes.len()), (head, 2));
        assert!(changes.iter().all(|change| matches!(change, ResolvedChange::Announce { .. })));
    }

    async fn the_same_key_and_body_gives_the_same_receipt_and_bars_once(place: &TestStore) {
        let file = async |body: &str| {
            let filing = filing(&["+447700900001"]);
            place.store.file_request(&place.police, Some(key("once", body)), filing).await
        };
        let first = file("body").await.unwrap();
        place.clock.advance(5);
        assert_eq!(file("body").await.unwrap(), first);
        assert_eq!(place.barred().await.len(), 1);
        assert_eq!(file("another body").await, Err(StoreError::Conflict(Conflict::OtherBody)));
        let found = place.store.filed_under(&place.police, "once").await.unwrap();
        assert_eq!(found, Some(first.reference));
        assert_eq!(place.store.filed_under(&place.handler, "once").await.unwrap(), None, "not his key");
    }

    async fn a_key_belongs_to_one_caller(place: &TestStore) {
        let first =
            place.store.file_request(&place.police, Some(key("k", "b")), filing(&["+447700900001"])).await.unwrap();
        let other =
            place.store.file_request(&public(), Some(key("k", "b")), filing(&["+447700900001"])).await.unwrap();
        assert_ne!(first.reference, other.reference);
    }

    async fn a_receipt_is_the_same_whether_or_not_the_number_was_barred_before(place: &TestStore) {
        let first = place.refer(&["+447700900001"]).await;
        let second = place.refer(&["+447700900001"]).await;
        let shape = |receipt: &hub::store::Receipt| -> Vec<(String, bool)> {
            receipt.targets.iter().map(|t| (t.position.clone(), barred(&t.outcome))).collect()
        };
        assert_eq!(shape(&first), shape(&second));
        assert_ne!(first.targets[0].outcome, second.targets[0].outcome, "each has a bar of its own");
    }

    async fn a_receipt_is_its_own_referrers_alone(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        assert_eq!(place.store.receipt(&place.police, &receipt.reference).await.unwrap(), receipt);
        let role = place.police.role.clone();
        let other = place.store.add_account(Some(&place.operator), "Wessex Police", role).await.unwrap();
        assert_eq!(place.store.receipt(&other, &receipt.reference).await, Err(StoreError::NotFound));
    }

    async fn what_does_not_resolve_goes_back_and_stops_nothing_else(place: &TestStore) {
        let mut filing = filing(&["+447700900001"]);
        filing.targets.push(ScreenedTarget {
            target: None,
            wanted: Wanted::AskReferrer("number-not-resolved"),
            position: "people[0].numbers[1]".to_owned(),
        });
        let receipt = place.store.file_request(&place.police, None, filing).await.unwrap();
        assert!(barred(&receipt.targets[0].outcome));
        assert_eq!(receipt.targets[1].outcome, Outcome::AskReferrer("number-not-resolved".to_owned()));
    }

    async fn where_a_handler_decides_first_nothing_is_barred_and_one_step_bars_it(place: &TestStore) {
        let filing = filing_as(RuleOutcome::HandlerFirst, &["+447700900001"]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        assert_eq!(receipt.targets[0].outcome, Outcome::Handler);
        assert!(place.barred().await.is_empty());
        let queue = place.queue().await;
        assert_eq!((queue.len(), queue[0].priority, queue[0].held), (1, Priority::HandlerFirst, 1));
        let file = place.store.open_case(&place.handler, queue[0].case).await.unwrap();
        place.store.bar_held(&place.handler, file.held[0].id).await.unwrap();
        assert_eq!(place.barred().await, ["+447700900001"]);
        let again = place.store.bar_held(&place.handler, file.held[0].id).await;
        assert_eq!(again, Err(StoreError::NotFound), "it is settled");
    }

    async fn a_life_at_risk_that_is_not_barred_raises_an_alarm(place: &TestStore) {
        let mut filing = filing_as(RuleOutcome::HandlerFirst, &["+447700900001"]);
        filing.request.risk.life_at_risk = true;
        place.store.file_request(&public(), None, filing).await.unwrap();
        place.refer(&["+447700900002"]).await;
        let queue = place.queue().await;
        let priorities: Vec<Priority> = queue.iter().map(|case| case.priority).collect();
        assert_eq!(priorities, [Priority::LifeAtRisk, Priority::Barred], "the most urgent comes first");
    }

    async fn at_a_cap_everything_is_barred_and_one_past_it_a_person_looks_first(place: &TestStore) {
        let caps = |filing: &mut hub::store::Filing| filing.caps.bars_per_referrer_and_hour = 2;
        let mut at_the_cap = filing(&["+447700900001", "+447700900002"]);
        caps(&mut at_the_cap);
        let receipt = place.store.file_request(&place.police, None, at_the_cap).await.unwrap();
        assert!(receipt.targets.iter().all(|target| barred(&target.outcome)));
        let mut past_it = filing(&["+447700900003"]);
        caps(&mut past_it);
        let receipt = place.store.file_request(&place.police, None, past_it.clone()).await.unwrap();
        assert_eq!(receipt.targets[0].outcome, Outcome::Handler, "kept, not dropped");
        let queue = place.queue().await;
        assert_eq!(queue[0].priority, Priority::OverCap);
        place.clock.advance(3_601);
        let receipt = place.store.file_request(&place.police, None, past_it).await.unwrap();
        assert!(barred(&receipt.targets[0].outcome), "an hour later there is room again");
    }

    async fn the_cap_against_one_prisoner_counts_what_every_organisation_asked(place: &TestStore) {
        let role = place.police.role.clone();
        let others = place.store.add_account(Some(&place.operator), "Wessex Police", role).await.unwrap();
        assert!(barred(&asked_against_him(place, &place.police, "+447700900001").await));
        assert_eq!(asked_against_him(place, &others, "+447700900002").await, Outcome::Handler);
    }

    async fn what_the_public_asked_never_makes_an_organisations_bar_wait(place: &TestStore) {
        assert!(barred(&asked_against_him(place, &public(), "+447700900001").await));
        assert_eq!(asked_against_him(place, &public(), "+447700900002").await, Outcome::Handler, "its room is used");
        assert!(barred(&asked_against_him(place, &place.police, "+447700900003").await));
    }

    async fn a_receipt_of_the_public_form_does_not_tell_that_an_organisation_asked(place: &TestStore) {
        assert!(barred(&asked_against_him(place, &place.police, "+447700900001").await));
        assert!(barred(&asked_against_him(place, &public(), "+447700900002").await), "as if nobody had asked");
    }

    async fn the_cap_on_all_bars_of_an_hour_is_counted_apart_too(place: &TestStore) {
        let ask = async |by: &casework::Actor, text: &str| {
            let mut filing = filing(&[text]);
            filing.caps.bars_per_hour = 1;
            place.store.file_request(by, None, filing).await.unwrap().targets.remove(0).outcome
        };
        assert!(barred(&ask(&public(), "+447700900001").await));
        assert!(barred(&ask(&place.police, "+447700900002").await));
        assert_eq!(ask(&place.police, "+447700900003").await, Outcome::Handler);
    }

    async fn a_barred_number_comes_off_every_list_in_the_same_serial(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.approve_number("A5678DE", "+447700900001", ContactKind::Official).await;
        place.approve_number("A5678DE", "+447700900002", ContactKind::Social).await;
        let before = place.store.head().await.unwrap();
        place.refer(&["+447700900001"]).await;
        assert_eq!(place.approved().await, ["A5678DE +447700900002"]);
        let history = place.store.history_since(before, 10).await.unwrap();
        let revoked = history[0].1.iter().filter(|c| matches!(c, ResolvedChange::Revoke { .. })).count();
        assert_eq!((history.len(), revoked), (1, 2));
    }

    async fn prisoners_who_were_not_named_lose_the_number_too_and_a_handler_is_asked(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.approve_number("A5678DE", "+447700900001", ContactKind::Social).await;
        let mut filing = filing_as(RuleOutcome::AtOnce, &["+447700900001"]);
        filing.named.numbers = vec![prisoner("A1234BC")];
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        assert!(matches!(receipt.targets[0].outcome, Outcome::Barred(_)), "at once");
        assert!(place.approved().await.is_empty(), "his son too");
        let case = place.case_of(&receipt).await;
        let holders = place.store.holders_of(&place.handler, case).await.unwrap();
        let undecided = |holder: &&Holder| matches!(holder.stands, HolderStands::Undecided(_));
        let suspended: Vec<_> = holders.rows.iter().filter(undecided).collect();
        assert_eq!((holders.rows.len(), suspended.len()), (2, 1));
        assert_eq!(place.queue().await[0].priority, Priority::HandlerFirst);
        place.store.leave_suspended(&place.handler, case, Some(suspended[0].entry)).await.unwrap();
        assert_eq!(place.queue().await[0].priority, Priority::Barred);
    }

    async fn locating_a_suspended_prisoner_decides_of_him(place: &TestStore) {
        place.approve_number("A5678DE", "+447700900001", ContactKind::Social).await;
        let filing = filing_as(RuleOutcome::AtOnce, &["+447700900001"]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        assert_eq!(place.queue().await[0].suspended, 1);
        let case = place.case_of(&receipt).await;
        let evidence = "{}".into();
        place.store.locate_prisoner(&place.handler, case, prisoner("A5678DE"), &evidence, "v1").await.unwrap();
        assert_eq!(place.queue().await[0].suspended, 0);
        assert!(place.approved().await.is_empty());
    }

    async fn a_linked_request_joins_the_case_of_the_same_caller_only(place: &TestStore) {
        let first = place.refer(&["+447700900001"]).await;
        let mut linked = filing(&["+447700900002"]);
        linked.linked_to = Some(first.reference.clone());
        let refused = place.store.file_request(&public(), None, linked.clone()).await;
        assert_eq!(refused, Err(StoreError::NotFound), "a stranger cannot join");
        let second = place.store.file_request(&place.police, None, linked).await.unwrap();
        assert_eq!(place.case_of(&first).await, place.case_of(&second).await);
        let file = place.store.open_case(&place.handler, second.reference).await.unwrap();
        assert_eq!((file.requests.len(), file.bars.len()), (2, 2));
    }
}
