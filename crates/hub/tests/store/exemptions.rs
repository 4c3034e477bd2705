//! Exemptions of letters: two people agree before anything leaves that was stopped, and one ends it.

use casework::{CaseId, ProposalId};
use hub::store::{Added, Conflict, Exemption, ExemptionState, LetterVerdict, PrivilegedOffice, StoreError};

use crate::stories;
use crate::support::{TestStore, address, letter, prisoner, written};

const HERS: &str = "14 Invented Lane, Nowhere, ZZ1 2CD";
const FIRM: &str = "Suite 2, 9 Fabled Row, Nowhere, ZZ1 4EF";
const HIM: &str = "A1234BC";

async fn bar(place: &TestStore, lines: &str) -> CaseId {
    let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
    let added = place
        .store
        .add_target(&place.handler, case, &address(lines))
        .await;
    assert!(matches!(added.unwrap(), Added::Barred(_)));
    case
}

async fn verdict(place: &TestStore, sender: Option<&str>, lines: &str) -> LetterVerdict {
    let barred = place.store.barred_addresses(None).await.unwrap();
    barred.judge(sender.map(prisoner), &written(lines)).verdict()
}

fn firm() -> Exemption {
    Exemption::Registered {
        office: PrivilegedOffice::Lawyer,
        name: "Fable and Partners".into(),
        written: written(FIRM),
    }
}

fn son(case: CaseId) -> Exemption {
    Exemption::Relative {
        case,
        prisoner: prisoner(HIM),
        name: "Ivor Invented".into(),
        relationship: "his son".into(),
    }
}

async fn propose(place: &TestStore, exemption: &Exemption) -> ProposalId {
    let proposed = place
        .store
        .propose_exemption(&place.handler, exemption, "looked up")
        .await;
    proposed.unwrap()
}

async fn agree(place: &TestStore, exemption: &Exemption) {
    let proposal = propose(place, exemption).await;
    place
        .store
        .approve(&place.second_handler, proposal)
        .await
        .unwrap();
}

stories! {
    async fn only_marked_mail_to_an_address_on_the_register_leaves_a_bar_alone(place: &TestStore) {
        bar(place, FIRM).await;
        bar(place, HERS).await;
        agree(place, &firm()).await;
        for (lines, expected, what) in [
            (format!("RULE 39\n{FIRM}"), LetterVerdict::Pass, "marked, on the register"),
            (FIRM.to_owned(), LetterVerdict::Stop, "on the register, not marked"),
            (format!("RULE 39\n{HERS}"), LetterVerdict::Stop, "marked, not on the register"),
            (format!("RULE 39\nSuite 3, {}", &FIRM[9..]), LetterVerdict::Hold, "marked, next door to the register"),
        ] {
            assert_eq!(verdict(place, Some(HIM), &lines).await, expected, "{what}");
        }
        let barred = place.store.barred_addresses(None).await.unwrap();
        let found = barred.judge(None, &written(&format!("RULE 39\n{FIRM}")));
        assert!(found.is_exempt() && found.is_marked());
    }

    async fn nothing_is_exempt_before_a_second_person_agrees_and_one_ends_it(place: &TestStore) {
        bar(place, FIRM).await;
        let marked = format!("RULE 39\n{FIRM}");
        let proposal = propose(place, &firm()).await;
        assert_eq!(verdict(place, None, &marked).await, LetterVerdict::Stop);
        assert!(place.store.approve(&place.handler, proposal).await.is_err());
        assert_eq!(verdict(place, None, &marked).await, LetterVerdict::Stop);
        let open = place.store.open_proposals(&place.second_handler).await.unwrap().rows;
        assert_eq!(open[0].exemption, Some(firm()), "who agrees sees what he agrees to");
        place.store.approve(&place.second_handler, proposal).await.unwrap();
        assert_eq!(verdict(place, None, &marked).await, LetterVerdict::Pass);
        let shown = &place.store.letter_exemptions(&place.handler).await.unwrap()[0];
        assert_eq!((&shown.exemption, shown.state), (&firm(), ExemptionState::Standing));
        assert!(place.store.end_exemption(&place.mailroom, shown.id).await.is_err());
        place.store.end_exemption(&place.handler, shown.id).await.unwrap();
        assert_eq!(verdict(place, None, &marked).await, LetterVerdict::Stop);
        assert_eq!(place.store.end_exemption(&place.handler, shown.id).await, Err(StoreError::Conflict(Conflict::Changed)));
    }

    async fn what_its_proposer_withdrew_or_another_ended_is_agreed_to_by_nobody(place: &TestStore) {
        let [withdrawn, ended] = [propose(place, &firm()).await, propose(place, &firm()).await];
        place.store.withdraw_proposal(&place.handler, withdrawn).await.unwrap();
        let left = place.store.letter_exemptions(&place.handler).await.unwrap();
        assert_eq!(left.len(), 1);
        place.store.end_exemption(&place.handler, left[0].id).await.unwrap();
        assert_eq!(place.store.approve(&place.second_handler, ended).await, Err(StoreError::Conflict(Conflict::Overtaken)));
    }

    async fn the_prevented_prisoners_letter_to_a_relative_whom_the_case_names_leaves_and_to_anyone_else_there_not(place: &TestStore) {
        let case = bar(place, HERS).await;
        let to = |name: &str| format!("{name}\n{HERS}");
        assert_eq!(verdict(place, Some(HIM), &to("Master Ivor Invented")).await, LetterVerdict::Stop);
        agree(place, &son(case)).await;
        for (sender, lines, expected, what) in [
            (Some(HIM), to("Master Ivor Invented"), LetterVerdict::Pass, "to his son"),
            (Some(HIM), to("INVENTED IVOR"), LetterVerdict::Pass, "to his son, last name first"),
            (Some(HIM), to("Mrs Rhian Invented"), LetterVerdict::Stop, "to her"),
            (Some(HIM), to("Mr I Invented"), LetterVerdict::Stop, "an initial may be anybody's"),
            (Some(HIM), to("Ivor and Rhian Invented"), LetterVerdict::Stop, "to both"),
            (Some(HIM), to("Ms Brigid Other"), LetterVerdict::Stop, "to a lodger"),
            (Some(HIM), HERS.to_owned(), LetterVerdict::Stop, "to nobody by name"),
            (Some("A5678DE"), to("Ivor Invented"), LetterVerdict::Stop, "another prisoner's: the bar is the estate's"),
            (None, to("Ivor Invented"), LetterVerdict::Stop, "a sender who is unknown"),
        ] {
            assert_eq!(verdict(place, sender, &lines).await, expected, "{what}");
        }
    }

    async fn another_cases_bar_on_the_address_is_not_left_alone(place: &TestStore) {
        let case = bar(place, HERS).await;
        agree(place, &son(case)).await;
        let to_his_son = format!("Ivor Invented\n{HERS}");
        assert_eq!(verdict(place, Some(HIM), &to_his_son).await, LetterVerdict::Pass);
        bar(place, HERS).await;
        assert_eq!(verdict(place, Some(HIM), &to_his_son).await, LetterVerdict::Stop);
    }

    async fn another_prisoners_letter_to_the_household_is_held_unless_his_own_or_an_estate_bar_says_stop(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let Added::Barred(bar) = place.store.add_target(&place.handler, case, &address(HERS)).await.unwrap() else {
            panic!("barred")
        };
        let to_a_lodger = format!("Ms Brigid Other\n{HERS}");
        assert_eq!(verdict(place, Some("A5678DE"), &to_a_lodger).await, LetterVerdict::Stop, "the estate's");
        place.narrow(bar, prisoner(HIM)).await;
        assert_eq!(verdict(place, Some(HIM), &to_a_lodger).await, LetterVerdict::Stop, "his own");
        assert_eq!(verdict(place, Some("A5678DE"), &to_a_lodger).await, LetterVerdict::Hold, "another's");
    }

    async fn a_letter_judged_under_an_exemption_that_ended_meanwhile_is_judged_again(place: &TestStore) {
        bar(place, FIRM).await;
        agree(place, &firm()).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let mut passing = letter(&barred, None, &format!("RULE 39\n{FIRM}"));
        passing.shelf_code = None;
        assert_eq!(passing.finding.verdict(), LetterVerdict::Pass);
        let standing = place.store.letter_exemptions(&place.handler).await.unwrap();
        place.store.end_exemption(&place.handler, standing[0].id).await.unwrap();
        assert_eq!(place.record(passing).await, Err(StoreError::Conflict(Conflict::Changed)));
        let now = place.store.barred_addresses(Some(barred)).await.unwrap();
        assert_eq!(now.judge(None, &written(&format!("RULE 39\n{FIRM}"))).verdict(), LetterVerdict::Stop);
    }

    async fn an_exemption_that_cannot_be_matched_or_would_match_too_much_is_not_written_down(place: &TestStore) {
        let case = bar(place, HERS).await;
        let named = |name: &str| Exemption::Relative {
            case,
            prisoner: prisoner(HIM),
            name: name.into(),
            relationship: "his son".into(),
        };
        let nowhere = Exemption::Registered {
            office: PrivilegedOffice::Embassy,
            name: "Nowhere".into(),
            written: written(","),
        };
        for exemption in [named("Ivor"), named("Mr Invented"), named(" "), nowhere] {
            let refused = place.store.propose_exemption(&place.handler, &exemption, "why").await;
            assert!(matches!(refused, Err(StoreError::Invalid(_))), "{exemption:?}");
        }
        let by_the_mailroom = place.store.propose_exemption(&place.mailroom, &firm(), "why").await;
        assert!(by_the_mailroom.is_err());
    }
}
