//! Taking protection away: two people, never one, and only what no other bar forbids comes back.

use casework::{BarScope, BarTarget, NotTwoPeople, ProposedChange, Role, RuleOutcome};
use feed::ContactKind;
use hub::store::{Added, Conflict, Outcome, Receipt, Refusal, ResolvedChange, StoreError};

use crate::stories;
use crate::support::{assessment, filing, filing_as, number, prisoner, public};

fn bar_of(receipt: &Receipt) -> casework::BarId {
    match receipt.targets[0].outcome {
        Outcome::Barred(bar) => bar,
        _ => panic!("barred"),
    }
}

stories! {
    async fn two_cases_may_bar_one_number_and_lifting_one_leaves_the_other(place: &TestStore) {
        let first = bar_of(&place.refer(&["+447700900001"]).await);
        let second = bar_of(&place.refer(&["+447700900001"]).await);
        place.agree(ProposedChange::LiftBar { bar: first }).await;
        assert_eq!(place.barred().await, ["+447700900001"]);
        assert!(!place.store.bar(first).await.unwrap().bar.state.in_force());
        assert!(place.store.bar(second).await.unwrap().bar.state.in_force());
        place.agree(ProposedChange::LiftBar { bar: second }).await;
        assert!(place.barred().await.is_empty());
    }

    async fn one_person_cannot_lift_a_bar(place: &TestStore) {
        let bar = bar_of(&place.refer(&["+447700900001"]).await);
        let change = ProposedChange::LiftBar { bar };
        let proposal = place.store.propose(&place.handler, change, "she asked").await.unwrap();
        let refused = |error| Err(StoreError::Refused(Refusal::NotTwoPeople(error)));
        let alone = place.store.approve(&place.handler, proposal).await;
        assert_eq!(alone, refused(NotTwoPeople::SamePerson));
        let operator = place.store.approve(&place.operator, proposal).await;
        assert_eq!(operator, refused(NotTwoPeople::OneCreatedTheOther), "he made the handler's account");
        let unconcerned = place.store.approve(&place.second_operator, proposal).await;
        assert_eq!(unconcerned, refused(NotTwoPeople::NotTheirs));
        assert_eq!(place.barred().await, ["+447700900001"], "the bar stays");
        place.store.approve(&place.second_handler, proposal).await.unwrap();
        assert!(place.barred().await.is_empty());
        let again = place.store.approve(&place.second_handler, proposal).await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
    }

    async fn a_role_claimed_but_not_on_record_counts_for_nothing(place: &TestStore) {
        let bar = bar_of(&place.refer(&["+447700900001"]).await);
        let mut forged = place.police.clone();
        forged.role = Role::CaseHandler;
        let proposed = place.store.propose(&forged, ProposedChange::LiftBar { bar }, "please").await;
        assert_eq!(proposed, Err(StoreError::Refused(Refusal::NotTheirs)));
        let proposal = place.store.propose(&place.handler, ProposedChange::LiftBar { bar }, "so").await.unwrap();
        assert!(place.store.approve(&forged, proposal).await.is_err());
        assert_eq!(place.barred().await.len(), 1);
    }

    async fn a_withdrawn_proposal_cannot_be_approved(place: &TestStore) {
        let bar = bar_of(&place.refer(&["+447700900001"]).await);
        let proposal = place.store.propose(&place.handler, ProposedChange::LiftBar { bar }, "so").await.unwrap();
        let by_another = place.store.withdraw_proposal(&place.second_handler, proposal).await;
        assert_eq!(by_another, Err(StoreError::Refused(Refusal::NotTheirs)));
        assert_eq!(place.store.open_proposals(&place.second_handler).await.unwrap().rows.len(), 1);
        place.store.withdraw_proposal(&place.handler, proposal).await.unwrap();
        let late = place.store.approve(&place.second_handler, proposal).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
        assert!(place.store.open_proposals(&place.second_handler).await.unwrap().rows.is_empty());
    }

    async fn entries_that_only_the_bar_had_taken_off_come_back_under_new_identifiers(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        let bar = bar_of(&place.refer(&["+447700900001"]).await);
        assert!(place.approved().await.is_empty());
        let before = place.store.head().await.unwrap();
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
        let all = place.store.history_since(feed::Serial(0), 100).await.unwrap();
        let approved: Vec<_> = all.iter().flat_map(|(_, changes)| changes).filter_map(|change| match change {
            ResolvedChange::Approve { entry, .. } => Some(*entry),
            _ => None,
        }).collect();
        assert_eq!(approved.len(), 2);
        assert_ne!(approved[0], approved[1], "a revoked identifier is never honoured again");
        let lift = place.store.history_since(before, 10).await.unwrap();
        let [(_, changes)] = &lift[..] else { panic!("one serial") };
        let [ResolvedChange::Withdraw { authority, .. }, ResolvedChange::Approve { .. }] = &changes[..] else {
            panic!("withdrawn and back in one serial")
        };
        assert_eq!(authority.proposed_by, place.handler.account);
        assert_eq!(authority.approved_by, place.second_handler.account);
    }

    async fn an_entry_comes_back_only_when_the_last_bar_is_gone(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        let first = bar_of(&place.refer(&["+447700900001"]).await);
        let second = bar_of(&place.refer(&["+447700900001"]).await);
        place.agree(ProposedChange::LiftBar { bar: first }).await;
        assert!(place.approved().await.is_empty());
        place.agree(ProposedChange::LiftBar { bar: second }).await;
        assert_eq!(place.approved().await.len(), 1);
    }

    async fn an_entry_that_the_prison_took_off_does_not_come_back(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        let bar = bar_of(&place.refer(&["+447700900001"]).await);
        let seen = place.store.entries_of(&place.clerk, crate::support::lei(), prisoner("A1234BC")).await.unwrap();
        place.store.revoke_number(&place.clerk, seen[0].entry).await.unwrap();
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(place.approved().await.is_empty());
    }

    async fn narrowing_makes_a_new_bar_for_one_prisoner_and_gives_the_others_their_number_back(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.approve_number("A5678DE", "+447700900001", ContactKind::Social).await;
        let receipt = place.refer(&["+447700900001"]).await;
        let old = bar_of(&receipt);
        place.locate(place.case_of(&receipt).await, "A1234BC").await;
        let before = place.store.head().await.unwrap();
        place.agree(ProposedChange::NarrowBar { bar: old, prisoner: prisoner("A1234BC") }).await;
        assert_eq!(place.barred().await, ["+447700900001 for A1234BC"]);
        assert_eq!(place.approved().await, ["A5678DE +447700900001"]);
        let history = place.store.history_since(before, 10).await.unwrap();
        let [(_, changes)] = &history[..] else { panic!("one serial") };
        let new = changes.iter().find_map(|change| match change {
            ResolvedChange::Announce { bar, scope, .. } => Some((*bar, *scope)),
            _ => None,
        });
        let (new, scope) = new.unwrap();
        assert_ne!(new, old);
        assert_eq!(scope, BarScope::Prisoner(prisoner("A1234BC")));
    }

    async fn declining_lifts_every_bar_of_the_case_and_no_other(place: &TestStore) {
        let receipt = place.refer(&["+447700900001", "+447700900002"]).await;
        place.refer(&["+447700900002"]).await;
        let case = place.case_of(&receipt).await;
        place.agree(place.decline(case).await).await;
        assert_eq!(place.barred().await, ["+447700900002"]);
        let added = place.store.add_target(&place.handler, case, &BarTarget::Number(number("+447700900003"))).await;
        assert!(matches!(added, Err(StoreError::Refused(Refusal::InvalidTransition(_)))));
    }

    async fn a_lawyers_number_waits_for_two_people(place: &TestStore) {
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let receipt = place.refer(&["+441632960001"]).await;
        assert_eq!(receipt.targets[0].outcome, Outcome::Handler);
        assert_eq!(place.approved().await.len(), 1);
        let case = place.case_of(&receipt).await;
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        let held = file.held[0].id;
        let alone = place.store.bar_held(&place.handler, held).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::TakesTwoPeople)));
        let added = place.store.add_target(&place.handler, case, &BarTarget::Number(number("+441632960001"))).await;
        assert!(matches!(added, Ok(Added::Held(_))), "nor by another door");
        place.agree(ProposedChange::BarLegalNumber { case, held }).await;
        assert!(place.approved().await.is_empty());
        assert_eq!(place.barred().await, ["+441632960001"]);
    }

    async fn a_lawyers_number_that_two_people_barred_still_waits_for_two_people(place: &TestStore) {
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let first = place.refer(&["+441632960001"]).await;
        let case = place.case_of(&first).await;
        let held = place.store.open_case(&place.handler, case).await.unwrap().held[0].id;
        place.agree(ProposedChange::BarLegalNumber { case, held }).await;
        let bar = place.store.open_case(&place.handler, case).await.unwrap().bars[0].bar.id;
        let again = place.refer(&["+441632960001"]).await;
        assert_eq!(again.targets[0].outcome, Outcome::Handler, "the receipt tells nothing of the first bar");
        let other = place.case_of(&again).await;
        let held = place.store.open_case(&place.handler, other).await.unwrap().held[0].id;
        let alone = place.store.bar_held(&place.handler, held).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::TakesTwoPeople)));
        let lawyer = BarTarget::Number(number("+441632960001"));
        let added = place.store.add_target(&place.handler, other, &lawyer).await;
        assert!(matches!(added, Ok(Added::Held(_))), "nor by another door");
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(place.barred().await.is_empty(), "no bar of one person is left");
        assert_eq!(place.approved().await, ["A1234BC +441632960001"]);
    }

    async fn a_lawyers_number_is_not_taken_off_by_one_person(place: &TestStore) {
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let seen = place.store.entries_of(&place.clerk, crate::support::lei(), prisoner("A1234BC")).await.unwrap();
        let alone = place.store.revoke_number(&place.clerk, seen[0].entry).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::TakesTwoPeople)));
        assert_eq!(place.approved().await.len(), 1);
    }

    async fn a_lawyers_number_is_taken_off_by_two_people_of_the_prison(place: &TestStore) {
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let prison = crate::support::lei();
        let seen = place.store.entries_of(&place.clerk, prison, prisoner("A1234BC")).await.unwrap();
        let entry = uuid::Uuid::from_bytes(*seen[0].entry.as_bytes());
        let change = ProposedChange::RevokeLegalEntry { entry, prison };
        let elsewhere = ProposedChange::RevokeLegalEntry { entry, prison: crate::support::mdi() };
        assert!(place.store.propose(&place.clerk, elsewhere, "no longer his lawyer").await.is_err());
        assert!(place.store.propose(&place.handler, change.clone(), "no longer his lawyer").await.is_err());
        let proposal = place.store.propose(&place.clerk, change, "no longer his lawyer").await.unwrap();
        assert_eq!(place.approved().await.len(), 1, "nothing happens yet");
        assert!(place.store.approve(&place.clerk, proposal).await.is_err(), "nor by one person");
        place.store.approve(&place.security, proposal).await.unwrap();
        assert!(place.approved().await.is_empty());
        let receipt = place.refer(&["+441632960001"]).await;
        assert!(matches!(receipt.targets[0].outcome, Outcome::Barred(_)), "it is nobody's lawyer now");
    }

    async fn taking_a_lawyers_number_off_looks_alike_whether_or_not_a_bar_took_it_off_before(place: &TestStore) {
        let prison = crate::support::lei();
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let receipt = place.refer(&["+441632960001"]).await;
        let case = place.case_of(&receipt).await;
        let held = place.store.open_case(&place.handler, case).await.unwrap().held[0].id;
        place.agree(ProposedChange::BarLegalNumber { case, held }).await;
        let bar = place.store.open_case(&place.handler, case).await.unwrap().bars[0].bar.id;
        let seen = place.store.entries_of(&place.clerk, prison, prisoner("A1234BC")).await.unwrap();
        let entry = uuid::Uuid::from_bytes(*seen[0].entry.as_bytes());
        for _ in 0..2 {
            let change = ProposedChange::RevokeLegalEntry { entry, prison };
            let proposal = place.store.propose(&place.clerk, change, "no longer his lawyer").await.unwrap();
            place.store.approve(&place.security, proposal).await.unwrap();
        }
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(place.approved().await.is_empty(), "it does not come back with the lift");
    }

    async fn a_number_on_the_list_and_a_barred_one_are_refused_alike(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.refer(&["+447700900002"]).await;
        for number in ["+447700900001", "+447700900002"] {
            let applied = place.try_apply("A1234BC", number, ContactKind::Social).await;
            assert_eq!(applied, Ok(None), "no second person is asked");
        }
        let told = place.store.applications_of(&place.clerk, crate::support::lei()).await.unwrap().rows;
        let refused = told.iter().filter(|told| told.answer == casework::ApplicationAnswer::NotApproved);
        assert_eq!(refused.count(), 2, "in the same words");
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
    }

    async fn an_application_takes_two_people_of_that_prison(place: &TestStore) {
        let application = place.apply("A1234BC", "+447700900001", ContactKind::Social).await;
        let role = Role::PrisonSecurity { prison: crate::support::mdi() };
        let elsewhere = place.store.add_account(Some(&place.operator), "Mo Moorland", role).await.unwrap();
        assert!(place.store.approve(&elsewhere, application).await.is_err());
        assert!(place.store.approve(&place.clerk, application).await.is_err());
        assert!(place.approved().await.is_empty());
        place.store.approve(&place.security, application).await.unwrap();
        assert_eq!(place.approved().await.len(), 1);
    }

    async fn a_case_goes_its_way_and_no_other(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let early = place.store.confirm_case(&place.handler, case).await;
        assert!(matches!(early, Err(StoreError::Refused(Refusal::InvalidTransition(_)))));
        place.store.record_assessment(&place.handler, case, assessment()).await.unwrap();
        place.store.confirm_case(&place.handler, case).await.unwrap();
        let bar = place.store.bar(bar_of(&receipt)).await.unwrap();
        assert_eq!(bar.bar.state, casework::BarState::Confirmed);
        assert_eq!(bar.filed_by, Some(place.police.account));
        assert!(place.queue().await.is_empty());
        let mut linked = filing(&["+447700900002"]);
        linked.linked_to = Some(receipt.reference);
        place.store.file_request(&place.police, None, linked).await.unwrap();
        assert_eq!(place.queue().await.len(), 1, "a linked request is work again");
        place.store.confirm_case(&place.handler, case).await.unwrap();
        assert!(place.queue().await.is_empty());
    }

    async fn a_decline_lifts_no_bar_that_came_after_it_was_proposed(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let change = place.decline(case).await;
        let stale = place.store.propose(&place.handler, change.clone(), "not true").await.unwrap();
        place.store.add_target(&place.handler, case, &BarTarget::Number(number("+447700900002"))).await.unwrap();
        let approved = place.store.approve(&place.second_handler, stale).await;
        assert_eq!(approved, Err(StoreError::Conflict(Conflict::Overtaken)));
        assert_eq!(place.barred().await, ["+447700900001", "+447700900002"]);
        let again = place.store.approve(&place.second_handler, stale).await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::AlreadyDecided)), "it is closed");
        let unseen = place.store.propose(&place.handler, change, "not true").await;
        assert_eq!(unseen, Err(StoreError::Conflict(Conflict::Changed)), "nor is it proposed from an old page");
        place.agree(place.decline(case).await).await;
        assert!(place.barred().await.is_empty());
    }

    async fn a_decline_settles_nothing_that_a_linked_request_brought_after_it(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let stale = place.store.propose(&place.handler, place.decline(case).await, "not true").await.unwrap();
        let mut linked = filing_as(RuleOutcome::HandlerFirst, &["+447700900002"]);
        linked.linked_to = Some(receipt.reference);
        place.store.file_request(&place.police, None, linked).await.unwrap();
        assert!(place.store.approve(&place.second_handler, stale).await.is_err());
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!((file.held.len(), file.proposals.len()), (1, 0));
        assert_eq!(place.barred().await, ["+447700900001"]);
    }

    async fn proposing_a_decline_anew_closes_the_one_that_was_overtaken(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        place.store.propose(&place.handler, place.decline(case).await, "not true").await.unwrap();
        place.store.add_target(&place.handler, case, &BarTarget::Number(number("+447700900002"))).await.unwrap();
        let anew = place.store.propose(&place.handler, place.decline(case).await, "not true").await.unwrap();
        let open = place.store.open_case(&place.handler, case).await.unwrap().proposals;
        assert_eq!(open.iter().map(|open| open.proposal.id).collect::<Vec<_>>(), [anew]);
    }

    async fn a_bar_is_narrowed_to_the_prisoner_whom_the_case_is_about_by_then_and_no_other(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let narrow = ProposedChange::NarrowBar { bar: bar_of(&receipt), prisoner: prisoner("A1234BC") };
        let early = place.store.propose(&place.handler, narrow.clone(), "only he").await;
        assert_eq!(early, Err(StoreError::Conflict(Conflict::Changed)), "nobody is located");
        place.locate(case, "A1234BC").await;
        let stale = place.store.propose(&place.handler, narrow, "only he").await.unwrap();
        place.locate(case, "A5678DE").await;
        let approved = place.store.approve(&place.second_handler, stale).await;
        assert_eq!(approved, Err(StoreError::Conflict(Conflict::Overtaken)));
        assert_eq!(place.barred().await, ["+447700900001"]);
    }

    async fn narrowing_leaves_the_number_off_the_list_of_the_one_prisoner(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        let filing = filing_as(RuleOutcome::AtOnce, &["+447700900001"]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        place.locate(place.case_of(&receipt).await, "A1234BC").await;
        place.agree(ProposedChange::NarrowBar { bar: bar_of(&receipt), prisoner: prisoner("A1234BC") }).await;
        assert!(place.approved().await.is_empty());
    }
}
