//! Open proposals: one for each change, each shown with what it is about, none that outlives it.

use casework::{BarId, CaseId, ProposedChange, RuleOutcome};
use feed::ContactKind;
use hub::store::{AuditFilter, Conflict, HolderStands, Outcome, Page, Receipt, ShownProposal, StoreError};

use crate::stories;
use crate::support::{TestStore, filing_as, lei, mdi, prisoner, public};

const HERS: &str = "+447700900001";

fn bars_of(receipt: &Receipt) -> Vec<BarId> {
    let barred = |outcome: &Outcome| match outcome {
        Outcome::Barred(bar) => Some(*bar),
        _ => None,
    };
    receipt
        .targets
        .iter()
        .filter_map(|target| barred(&target.outcome))
        .collect()
}

async fn open(place: &TestStore) -> Vec<ShownProposal> {
    place
        .store
        .open_proposals(&place.second_handler)
        .await
        .unwrap()
        .rows
}

/// How often the second handler is on record as having read the proposals of a case.
async fn readings(place: &TestStore, case: CaseId) -> usize {
    let filter = AuditFilter {
        case: Some(case),
        account: Some(place.second_handler.account),
        verb: Some("read-proposals".to_owned()),
    };
    let page = Page {
        before: None,
        rows: 50,
    };
    place
        .store
        .audit(&place.auditor, &filter, page)
        .await
        .unwrap()
        .len()
}

stories! {
    async fn the_same_change_waits_for_a_second_person_once(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let (case, bar) = (place.case_of(&receipt).await, bars_of(&receipt)[0]);
        place.locate(case, "A1234BC").await;
        let narrow = ProposedChange::NarrowBar { bar, prisoner: prisoner("A1234BC") };
        let twice = Err(StoreError::Conflict(Conflict::AlreadyProposed));
        for change in [ProposedChange::LiftBar { bar }, narrow, place.decline(case).await] {
            let first = place.store.propose(&place.handler, change.clone(), "wrong").await.unwrap();
            for by in [&place.handler, &place.second_handler] {
                assert_eq!(place.store.propose(by, change.clone(), "wrong too").await, twice, "{change:?}");
            }
            place.store.withdraw_proposal(&place.handler, first).await.unwrap();
            let again = place.store.propose(&place.second_handler, change, "wrong").await.unwrap();
            place.store.withdraw_proposal(&place.second_handler, again).await.unwrap();
        }
        let elsewhere = ProposedChange::SwitchOnCallBarring { prison: lei() };
        place.store.propose(&place.operator, elsewhere.clone(), "new here").await.unwrap();
        assert_eq!(place.store.propose(&place.second_operator, elsewhere, "new").await, twice);
    }

    async fn what_closes_a_bar_closes_every_proposal_about_it(place: &TestStore) {
        for way in ["lift", "narrow", "decline"] {
            let receipt = place.refer(&[HERS, "+447700900002"]).await;
            let (case, bars) = (place.case_of(&receipt).await, bars_of(&receipt));
            place.locate(case, "A1234BC").await;
            let lift = ProposedChange::LiftBar { bar: bars[0] };
            let narrow = ProposedChange::NarrowBar { bar: bars[0], prisoner: prisoner("A1234BC") };
            let other = ProposedChange::LiftBar { bar: bars[1] };
            let mut proposed = Vec::new();
            for change in [lift, narrow, other, place.decline(case).await] {
                proposed.push(place.store.propose(&place.handler, change, "wrong").await.unwrap());
            }
            let (approved, left) = match way {
                "lift" => (proposed[0], 2),
                "narrow" => (proposed[1], 1),
                _ => (proposed[3], 0),
            };
            place.store.approve(&place.second_handler, approved).await.unwrap();
            let still_open = open(place).await;
            assert_eq!(still_open.len(), left, "{way}: the other bar, and a decline that lifts nothing unseen");
            for shown in still_open {
                place.store.withdraw_proposal(&place.handler, shown.proposal.id).await.unwrap();
            }
        }
    }

    async fn a_proposal_whose_ground_is_gone_is_closed_when_somebody_approves_it(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let filing = filing_as(RuleOutcome::AtOnce, &[HERS]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        let case = place.case_of(&receipt).await;
        let holder = place.store.holders_of(&place.handler, case).await.unwrap().rows.remove(0);
        let HolderStands::Undecided(bar) = holder.stands else { panic!("undecided") };
        let (prison, prisoner) = (holder.prison, holder.holder);
        let keep = ProposedChange::ExceptPrisoner { bar, prison, prisoner };
        let proposal = place.store.propose(&place.handler, keep, "her son").await.unwrap();
        place.store.record_transfer(prisoner, mdi()).await.unwrap();
        let late = place.store.approve(&place.second_handler, proposal).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::Overtaken)));
        assert!(open(place).await.is_empty());
    }

    async fn whoever_approves_reads_what_a_proposal_is_about_and_the_reading_stands_on_its_case(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let filing = filing_as(RuleOutcome::AtOnce, &[HERS, "+447700900002"]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        let (case, bars) = (place.case_of(&receipt).await, bars_of(&receipt));
        let unread = place.case_of(&place.refer(&["+447700900003"]).await).await;
        let holder = place.store.holders_of(&place.handler, case).await.unwrap().rows.remove(0);
        let (prison, prisoner) = (holder.prison, holder.holder);
        let keep = ProposedChange::ExceptPrisoner { bar: bars[0], prison, prisoner };
        for change in [keep, ProposedChange::LiftBar { bar: bars[1] }, place.decline(case).await] {
            place.store.propose(&place.handler, change, "so").await.unwrap();
            place.clock.advance(1);
        }
        let shown: Vec<_> = open(place).await.into_iter().map(|shown| shown.about.unwrap()).collect();
        assert!(shown.iter().all(|about| about.case == case && about.reference == receipt.reference));
        let target = |nth: usize| place.store.bar(bars[nth]);
        let (hers, other) = (target(0).await.unwrap().bar.target, target(1).await.unwrap().bar.target);
        assert_eq!((&shown[0].target, &shown[1].target), (&Some(hers), &Some(other)));
        assert_eq!((&shown[2].target, shown[2].bars), (&None, 2));
        assert_eq!((readings(place, case).await, readings(place, unread).await), (1, 0));
    }

    async fn a_lawyers_number_that_waits_for_two_people_is_shown_to_the_second(place: &TestStore) {
        place.approve_number("A1234BC", "+441632960001", ContactKind::Legal).await;
        let case = place.case_of(&place.refer(&["+441632960001"]).await).await;
        let held = place.store.open_case(&place.handler, case).await.unwrap().held.remove(0);
        let change = ProposedChange::BarLegalNumber { case, held: held.id };
        place.store.propose(&place.handler, change, "not his lawyer").await.unwrap();
        let about = open(place).await.remove(0).about.unwrap();
        assert_eq!(about.target, Some(held.target));
    }

    async fn what_is_proposed_of_cases_is_shown_to_nobody_who_may_not_read_them(place: &TestStore) {
        let bar = bars_of(&place.refer(&[HERS]).await)[0];
        place.store.propose(&place.handler, ProposedChange::LiftBar { bar }, "wrong").await.unwrap();
        for by in [&place.operator, &place.clerk, &place.security, &place.mailroom, &place.police, &place.auditor] {
            assert!(place.store.open_proposals(by).await.unwrap().rows.is_empty(), "{}", by.name);
        }
    }
}
