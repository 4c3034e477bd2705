//! Prisoners whom a request did not name and who have the number on their lists: they lose it at once, nobody forgets
//! them, one person leaves it off, two let one keep it, and him alone.

use casework::{
    BarId, CaseId, Intelligence, IntelligenceKind, NotTwoPeople, Priority, ProposedChange, RuleOutcome,
};
use feed::{ContactKind, Regime};
use hub::store::{
    Conflict, HOLDERS_SHOWN, Holder, HolderStands, INTELLIGENCE_SHOWN, ListEntry, Outcome, PROPOSALS_SHOWN,
    Receipt, Refusal, StoreError,
};
use prison::PrisonId;

use crate::stories;
use crate::support::{TestStore, assessment, caps, filing_as, lei, mdi, prisoner, public};

const HERS: &str = "+447700900001";

/// Her request, in which she names nobody, while two prisoners have her number; assessed.
async fn two_others_suspended(place: &TestStore) -> (CaseId, BarId) {
    place.approve_number("A1234BC", HERS, ContactKind::Social).await;
    place.approve_number("A5678DE", HERS, ContactKind::Social).await;
    let (case, bar, _) = asked(place).await;
    (case, bar)
}

async fn asked(place: &TestStore) -> (CaseId, BarId, Receipt) {
    let filing = filing_as(RuleOutcome::AtOnce, &[HERS]);
    let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
    let Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("barred")
    };
    let case = place.case_of(&receipt).await;
    place
        .store
        .record_assessment(&place.handler, case, assessment())
        .await
        .unwrap();
    (case, bar, receipt)
}

async fn holders(place: &TestStore, case: CaseId) -> Vec<Holder> {
    place.store.holders_of(&place.handler, case).await.unwrap().rows
}

async fn stands(place: &TestStore, case: CaseId) -> Vec<HolderStands> {
    holders(place, case)
        .await
        .iter()
        .map(|holder| holder.stands)
        .collect()
}

async fn leave_off(place: &TestStore, case: CaseId, holder: &Holder) {
    let left = place
        .store
        .leave_suspended(&place.handler, case, Some(holder.entry));
    assert_eq!(left.await, Ok(1));
}

fn keep(bar: BarId, holder: &Holder) -> ProposedChange {
    ProposedChange::ExceptPrisoner {
        bar,
        prison: holder.prison,
        prisoner: holder.holder,
    }
}

/// A bar whose case names nobody, and a prisoner at Leeds, under call barring, who has nothing on any list.
async fn barred_under_call_barring(place: &TestStore) -> (BarId, CaseId) {
    two_operators_switch_on_call_barring(place).await;
    place.receive("A9012FG", lei()).await;
    let (case, bar, _) = asked(place).await;
    (bar, case)
}

fn except(bar: BarId, who: &str) -> ProposedChange {
    let (prison, prisoner) = (lei(), prisoner(who));
    ProposedChange::ExceptPrisoner {
        bar,
        prison,
        prisoner,
    }
}

const NOBODY: [&str; 0] = [];

/// Whom the gates of a prison would be told to except under call barring.
async fn excepted(place: &TestStore, prison: PrisonId) -> Vec<String> {
    let (_, list) = place.store.list_of(prison, Regime::CallBarring).await.unwrap();
    let prisoner = |line: &ListEntry| match line {
        ListEntry::Exception(record) => Some(record.prisoner.to_string()),
        _ => None,
    };
    list.iter().filter_map(prisoner).collect()
}

async fn two_operators_switch_off(place: &TestStore) {
    place
        .operators_agree(ProposedChange::SwitchPrisonOff { prison: lei() })
        .await;
}

async fn two_operators_switch_on_call_barring(place: &TestStore) {
    place
        .operators_agree(ProposedChange::SwitchOnCallBarring { prison: lei() })
        .await;
}

stories! {
    async fn a_case_is_not_confirmed_and_stays_in_the_queue_until_each_other_prisoner_is_decided(place: &TestStore) {
        let (case, _) = two_others_suspended(place).await;
        assert!(place.approved().await.is_empty(), "nobody rings her meanwhile");
        let early = place.store.confirm_case(&place.handler, case).await;
        assert_eq!(early, Err(StoreError::Refused(Refusal::HoldersUndecided)));
        let both = holders(place, case).await;
        leave_off(place, case, &both[0]).await;
        assert!(place.store.confirm_case(&place.handler, case).await.is_err(), "one is left");
        let queue = place.queue().await;
        assert_eq!((queue[0].priority, queue[0].suspended), (Priority::HandlerFirst, 1));
        leave_off(place, case, &both[1]).await;
        assert_eq!(place.queue().await[0].priority, Priority::Barred, "nobody waits any more");
        place.store.confirm_case(&place.handler, case).await.unwrap();
        assert!(place.queue().await.is_empty());
    }

    async fn two_people_let_a_prisoner_keep_the_number_and_the_case_can_be_confirmed(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        let both = holders(place, case).await;
        let proposal = place.store.propose(&place.handler, keep(bar, &both[0]), "her son").await.unwrap();
        let alone = place.store.approve(&place.handler, proposal).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::NotTwoPeople(NotTwoPeople::SamePerson))));
        place.store.approve(&place.second_handler, proposal).await.unwrap();
        leave_off(place, case, &both[1]).await;
        place.store.confirm_case(&place.handler, case).await.unwrap();
        assert!(place.queue().await.is_empty());
        assert_eq!(stands(place, case).await, [HolderStands::Kept, HolderStands::Revoked]);
        assert_eq!(place.approved().await, ["A1234BC +447700900001"], "he alone");
        assert_eq!(place.store.kept_under(bar).await.unwrap(), 1);
        let twice = place.store.propose(&place.handler, keep(bar, &both[0]), "her son").await;
        assert_eq!(twice, Err(StoreError::Conflict(Conflict::Changed)), "it is decided");
        let kept = holders(place, case).await.remove(0);
        leave_off(place, case, &kept).await;
        assert!(place.approved().await.is_empty(), "one person still takes it off");
    }

    async fn what_two_people_let_him_keep_is_decided_anew_when_it_is_asked_again(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let (case, bar, first) = asked(place).await;
        let holder = holders(place, case).await.remove(0);
        place.agree(keep(bar, &holder)).await;
        place.store.confirm_case(&place.handler, case).await.unwrap();
        let mut linked = filing_as(RuleOutcome::AtOnce, &[HERS]);
        linked.linked_to = Some(first.reference);
        place.store.file_request(&public(), None, linked).await.unwrap();
        assert_eq!(place.queue().await[0].suspended, 1);
        assert!(place.approved().await.is_empty(), "the new bar holds for him too");
        assert!(place.store.confirm_case(&place.handler, case).await.is_err());
    }

    async fn a_prisoner_of_whom_nobody_decided_is_never_let_keep_the_number_after_it_was_taken_off(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        let holder = holders(place, case).await.remove(0);
        let proposal = place.store.propose(&place.handler, keep(bar, &holder), "her son").await.unwrap();
        leave_off(place, case, &holder).await;
        let late = place.store.approve(&place.second_handler, proposal).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::AlreadyDecided)), "it is closed");
        assert!(place.store.open_proposals(&place.second_handler).await.unwrap().rows.is_empty());
        assert!(place.approved().await.is_empty());
    }

    async fn an_alarm_is_not_settled_while_nobody_has_decided_of_another_prisoner(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let (case, _, first) = asked(place).await;
        let mut linked = filing_as(RuleOutcome::HandlerFirst, &["+447700900002"]);
        linked.linked_to = Some(first.reference);
        linked.request.risk.life_at_risk = true;
        place.store.file_request(&public(), None, linked).await.unwrap();
        let alarm = place.queue().await[0].priority;
        let held = place.store.open_case(&place.handler, case).await.unwrap().held[0].id;
        place.store.bar_held(&place.handler, held).await.unwrap();
        assert_eq!(place.queue().await[0].priority, alarm);
        place.locate(case, "A1234BC").await;
        assert_eq!(place.queue().await[0].priority, Priority::Barred);
    }

    async fn under_call_barring_whoever_lost_the_number_is_decided_as_anywhere(place: &TestStore) {
        two_operators_switch_on_call_barring(place).await;
        let (case, bar) = two_others_suspended(place).await;
        assert_eq!(stands(place, case).await, [HolderStands::Undecided(bar); 2]);
        assert!(place.store.confirm_case(&place.handler, case).await.is_err());
        let both = holders(place, case).await;
        place.agree(keep(bar, &both[0])).await;
        leave_off(place, case, &both[1]).await;
        place.store.confirm_case(&place.handler, case).await.unwrap();
        assert!(place.queue().await.is_empty());
        assert_eq!(stands(place, case).await, [HolderStands::Kept, HolderStands::Revoked]);
        assert_eq!(excepted(place, lei()).await, ["A1234BC"], "his prison's gates are told");
        assert_eq!(place.approved().await, ["A1234BC +447700900001"], "and he has his entry back");
        assert_eq!(excepted(place, mdi()).await, NOBODY, "no other prison's");
    }

    async fn an_exception_ends_when_its_prison_leaves_the_service_or_changes_its_regime(place: &TestStore) {
        two_operators_switch_on_call_barring(place).await;
        let (case, bar) = two_others_suspended(place).await;
        place.agree(keep(bar, &holders(place, case).await[0])).await;
        two_operators_switch_off(place).await;
        place.store.switch_prison_on(&place.operator, lei(), Regime::CallEnabling).await.unwrap();
        assert_eq!(stands(place, case).await, [HolderStands::Undecided(bar); 2]);
        assert_eq!(place.queue().await[0].suspended, 2);
        assert!(place.approved().await.is_empty(), "and nobody rings her there meanwhile");
    }

    async fn under_call_barring_two_people_except_whom_the_prison_holds_from_one_bar_and_there_alone(place: &TestStore) {
        let (bar, case) = barred_under_call_barring(place).await;
        let change = except(bar, "A9012FG");
        let proposal = place.store.propose(&place.handler, change.clone(), "her son").await.unwrap();
        let alone = place.store.approve(&place.handler, proposal).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::NotTwoPeople(NotTwoPeople::SamePerson))));
        assert_eq!(excepted(place, lei()).await, NOBODY);
        place.store.approve(&place.second_handler, proposal).await.unwrap();
        assert_eq!(excepted(place, lei()).await, ["A9012FG"], "he has no entry on any list and needs none");
        assert_eq!(place.store.kept_under(bar).await, Ok(1));
        let again = place.store.propose(&place.handler, change, "her son").await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::Changed)));
        let shown = place.store.open_case(&place.handler, case).await.unwrap().exceptions.rows;
        let end = |exception| place.store.end_exception(&place.handler, case, exception);
        assert_eq!(end(shown[0].exception).await, Ok(()), "one person ends it");
        assert_eq!(excepted(place, lei()).await, NOBODY);
        assert_eq!(end(shown[0].exception).await, Err(StoreError::Conflict(Conflict::Changed)));
        place.agree(except(bar, "A9012FG")).await;
        let anew = place.store.open_case(&place.handler, case).await.unwrap().exceptions.rows;
        assert_ne!(anew[0].exception, shown[0].exception, "what a gate was told to forget never counts again");
    }

    async fn nobody_is_excepted_whom_the_case_names_or_another_prison_holds(place: &TestStore) {
        let (bar, case) = barred_under_call_barring(place).await;
        let propose = async |who: &str| place.store.propose(&place.handler, except(bar, who), "her son").await;
        place.receive("A5678DE", mdi()).await;
        assert_eq!(propose("A5678DE").await, Err(StoreError::Refused(Refusal::NotHeldHere)));
        let waits = propose("A9012FG").await.unwrap();
        place.locate(case, "A9012FG").await;
        let late = place.store.approve(&place.second_handler, waits).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::Overtaken)), "he turned out to be the one");
        assert_eq!(propose("A9012FG").await, Err(StoreError::Refused(Refusal::CannotExcept)));
    }

    async fn where_only_approved_numbers_ring_nobody_is_excepted_who_never_had_the_number(place: &TestStore) {
        place.receive("A9012FG", lei()).await;
        let (_, bar) = two_others_suspended(place).await;
        let never = place.store.propose(&place.handler, except(bar, "A9012FG"), "her son").await;
        assert_eq!(never, Err(StoreError::Refused(Refusal::CannotExcept)));
    }

    async fn an_exception_ends_by_a_move_a_merge_a_lift_and_by_whoever_names_him(place: &TestStore) {
        let moves = async || place.store.record_transfer(prisoner("A9012FG"), mdi()).await.unwrap();
        let merged = async || {
            let (gone, survives) = (prisoner("A5678DE"), prisoner("A9012FG"));
            place.store.record_merge(&place.operator, gone, survives).await.map(drop).unwrap();
        };
        two_operators_switch_on_call_barring(place).await;
        for way in ["move", "merge", "lift", "locate", "name"] {
            place.receive("A9012FG", lei()).await;
            let (case, bar, first) = asked(place).await;
            place.agree(except(bar, "A9012FG")).await;
            assert_eq!(excepted(place, lei()).await, ["A9012FG"], "{way}");
            match way {
                "move" => moves().await,
                "merge" => merged().await,
                "lift" => place.agree(ProposedChange::LiftBar { bar }).await,
                "locate" => place.locate(case, "A9012FG").await,
                _ => {
                    let mut linked = filing_as(RuleOutcome::AtOnce, &["+447700900002"]);
                    linked.linked_to = Some(first.reference);
                    linked.named.numbers = vec![prisoner("A9012FG")];
                    place.store.file_request(&public(), None, linked).await.unwrap();
                }
            }
            assert_eq!(excepted(place, lei()).await, NOBODY, "{way}");
            place.receive("A9012FG", lei()).await;
            assert_eq!(excepted(place, lei()).await, NOBODY, "{way}: coming back brings nothing back");
        }
    }

    async fn an_exception_goes_with_the_entry_and_who_was_left_off_is_excepted_by_two_who_think_again(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        let both = holders(place, case).await;
        place.agree(keep(bar, &both[0])).await;
        let kept = holders(place, case).await.into_iter().find(|holder| holder.stands == HolderStands::Kept);
        place.store.revoke_number(&place.clerk, kept.unwrap().entry).await.unwrap();
        assert_eq!(place.store.kept_under(bar).await, Ok(0), "the exception goes with the entry that his prison takes off");
        leave_off(place, case, &both[1]).await;
        place.agree(keep(bar, &both[1])).await;
        assert_eq!(place.approved().await, ["A5678DE +447700900001"]);
    }

    async fn an_exception_is_one_prisoners_and_holds_against_no_other_bar_on_the_number(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        let both = holders(place, case).await;
        place.agree(keep(bar, &both[0])).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
        assert_eq!(place.try_apply("A9012FG", HERS, ContactKind::Social).await, Ok(None), "barred for everyone else");
        let third = place.apply("A9012FG", HERS, ContactKind::Official).await;
        place.store.approve(&place.security, third).await.unwrap();
        assert_eq!(place.approved().await, ["A1234BC +447700900001"], "also where two people put it on his list");
        let other = place.case_of(&place.refer(&[HERS]).await).await;
        assert!(place.approved().await.is_empty(), "another case's handlers decide for themselves");
        let undecided = HolderStands::Undecided(bar);
        assert_eq!(stands(place, case).await, [undecided, undecided, HolderStands::Revoked]);
        let undecided = place.store.open_case(&place.handler, other).await.unwrap().undecided_holders;
        assert_eq!(undecided, 3);
    }

    async fn what_two_people_let_him_keep_comes_back_when_the_other_bar_is_lifted(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        place.agree(keep(bar, &holders(place, case).await[0])).await;
        let other = place.refer(&[HERS]).await;
        let Outcome::Barred(second) = other.targets[0].outcome else { panic!("barred") };
        assert!(place.approved().await.is_empty());
        place.agree(ProposedChange::LiftBar { bar: second }).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
        assert_eq!(stands(place, case).await, [HolderStands::Undecided(bar), HolderStands::Kept]);
    }

    async fn an_exception_ends_when_he_leaves_the_prison_and_a_handler_is_asked_anew(place: &TestStore) {
        let (case, bar) = two_others_suspended(place).await;
        let both = holders(place, case).await;
        place.agree(keep(bar, &both[0])).await;
        leave_off(place, case, &both[1]).await;
        place.store.confirm_case(&place.handler, case).await.unwrap();
        assert!(place.queue().await.is_empty());
        place.store.record_transfer(prisoner("A1234BC"), mdi()).await.unwrap();
        assert!(place.approved().await.is_empty());
        assert_eq!(place.queue().await[0].priority, Priority::HandlerFirst);
        place.receive("A1234BC", lei()).await;
        assert!(place.approved().await.is_empty(), "coming back brings nothing back");
        place.agree(keep(bar, &holders(place, case).await[0])).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
    }

    async fn one_press_leaves_off_everybody_of_whom_nobody_has_decided(place: &TestStore) {
        let (case, _) = two_others_suspended(place).await;
        assert_eq!(place.store.leave_suspended(&place.handler, case, None).await, Ok(2));
        assert_eq!(place.queue().await[0].suspended, 0);
        let again = place.store.leave_suspended(&place.handler, case, None).await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::Changed)));
    }

    async fn the_prisoner_whom_the_request_names_is_nobody_to_decide_about(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let mut named = filing_as(RuleOutcome::AtOnce, &[HERS]);
        named.named.numbers = vec![prisoner("A1234BC")];
        let case = place.case_of(&place.store.file_request(&public(), None, named).await.unwrap()).await;
        assert_eq!(stands(place, case).await, [HolderStands::Revoked]);
        assert_eq!(place.queue().await[0].suspended, 0);
    }

    async fn what_is_dialled_behind_a_number_abroad_is_barred_with_it_on_every_list(place: &TestStore) {
        let (hers, behind, beside) = ("+4930123456", "+49301234567", "+4930123457");
        place.approve_number("A1234BC", behind, ContactKind::Social).await;
        place.approve_number("A5678DE", beside, ContactKind::Social).await;
        let filing = filing_as(RuleOutcome::AtOnce, &[hers]);
        let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        let case = place.case_of(&receipt).await;
        let others = ["A5678DE +4930123457"];
        assert_eq!(place.approved().await, others, "it would ring the same telephone");
        assert_eq!(stands(place, case).await, [HolderStands::Undecided(bar)], "a handler hears of him");
        assert_eq!(place.try_apply("A5678DE", behind, ContactKind::Social).await, Ok(None), "nor is it approved anew");
        let official = place.apply("A9012FG", behind, ContactKind::Official).await;
        place.store.approve(&place.security, official).await.unwrap();
        assert_eq!(place.approved().await, others, "also by two people");
        place.agree(keep(bar, &holders(place, case).await[0])).await;
        assert_eq!(place.approved().await, ["A1234BC +49301234567", others[0]], "an exception holds for it too");
        place.agree(ProposedChange::LiftBar { bar }).await;
        let all = ["A1234BC +49301234567", others[0], "A9012FG +49301234567"];
        assert_eq!(place.approved().await, all, "what the bar took off comes back with the lift");
    }

    async fn a_lawyers_number_behind_a_number_abroad_holds_it_for_two_people(place: &TestStore) {
        place.approve_number("A1234BC", "+49301234567", ContactKind::Legal).await;
        let receipt = place.refer(&["+4930123456"]).await;
        assert!(!matches!(receipt.targets[0].outcome, Outcome::Barred(_)), "{receipt:?}");
    }

    async fn lists_without_end_are_cut_and_say_so(place: &TestStore) {
        let apply = async |n: i64| {
            let holder = format!("A{n:04}BC");
            place.receive(&holder, lei()).await;
            place.apply(&holder, HERS, ContactKind::Social).await;
        };
        let open = async || place.store.open_proposals(&place.security).await.unwrap();
        for n in 0..PROPOSALS_SHOWN {
            apply(n).await;
        }
        let at_the_limit = open().await;
        assert_eq!((at_the_limit.rows.len() as i64, at_the_limit.more), (PROPOSALS_SHOWN, false));
        apply(PROPOSALS_SHOWN).await;
        let past_it = open().await;
        assert_eq!((past_it.rows.len() as i64, past_it.more), (PROPOSALS_SHOWN, true));
        for shown in past_it.rows {
            place.store.approve(&place.security, shown.proposal.id).await.unwrap();
        }
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        let cut = async || place.store.holders_of(&place.handler, case).await.unwrap();
        assert_eq!((cut().await.rows.len() as i64, cut().await.more), (HOLDERS_SHOWN, false));
        let told = |n: i64| Intelligence {
            kind: IntelligenceKind::Proxy,
            reference: None,
            number: Some(HERS.into()),
            account: format!("told {n}").as_str().into(),
        };
        for n in 0..=INTELLIGENCE_SHOWN {
            place.clock.advance(1);
            place.store.file_intelligence(&place.police, None, told(n), caps()).await.unwrap();
        }
        let told = place.store.open_case(&place.handler, case).await.unwrap().intelligence;
        assert_eq!((told.rows.len() as i64, told.more), (INTELLIGENCE_SHOWN, true));
        assert_eq!(told.rows[0].intelligence.account.expose(), "told 1", "the newest are kept");
    }

    async fn the_undecided_come_first_among_more_holders_than_a_page_shows(place: &TestStore) {
        let hold = async |holder: &str| {
            place.receive(holder, lei()).await;
            place.approve_number(holder, HERS, ContactKind::Social).await;
        };
        for n in 0..HOLDERS_SHOWN {
            hold(&format!("A{n:04}BC")).await;
        }
        let mut named = filing_as(RuleOutcome::AtOnce, &[HERS]);
        named.named.numbers = (0..HOLDERS_SHOWN).map(|n| prisoner(&format!("A{n:04}BC"))).collect();
        hold("Z9999BC").await;
        let receipt = place.store.file_request(&public(), None, named).await.unwrap();
        let shown = place.store.holders_of(&place.handler, place.case_of(&receipt).await).await.unwrap();
        assert_eq!((shown.rows.len() as i64, shown.more), (HOLDERS_SHOWN, true));
        assert_eq!(shown.rows[0].holder, prisoner("Z9999BC"));
        assert!(matches!(shown.rows[0].stands, HolderStands::Undecided(_)));
    }
}
