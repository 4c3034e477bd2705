//! Letters in the store: judged by the bars in force at the moment when they are recorded and when they are posted.

use casework::{BarId, CaseId, ProposedChange};
use hub::store::{
    Added, Conflict, LetterDecision, LetterRuling, LetterVerdict, Office, PrisonAuthority, Refusal,
    StoreError,
};
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, address, letter, mdi, prisoner, ruled, written};

const HERS: &str = "14 Invented Lane, Nowhere, ZZ1 2CD";
const NEIGHBOURS_FLAT: &str = "Flat 3, 14 Invented Lane, Nowhere, ZZ1 2CD";
const HIM: &str = "A1234BC";

/// A case, and a bar on her address.
async fn bar_hers(place: &TestStore, number: &str) -> (CaseId, BarId) {
    let case = place.case_of(&place.refer(&[number]).await).await;
    (case, bar(place, case, HERS).await)
}

async fn bar(place: &TestStore, case: CaseId, lines: &str) -> BarId {
    match place
        .store
        .add_target(&place.handler, case, &address(lines))
        .await
        .unwrap()
    {
        Added::Barred(bar) => bar,
        _ => panic!("barred"),
    }
}

/// One handler says that a letter leaves.
async fn post(place: &TestStore, letter: Uuid) -> Result<(), StoreError> {
    let barred = place.store.barred_addresses(None).await.unwrap();
    place
        .store
        .decide_letter(&place.handler, letter, &ruled(LetterDecision::Post), &barred)
        .await
}

async fn oldest(place: &TestStore) -> Uuid {
    place.store.letters_waiting(&place.handler).await.unwrap()[0].id
}

const TAKES_TWO: Result<(), StoreError> = Err(StoreError::Refused(Refusal::TakesTwoPeople));
const CHANGED: Result<(), StoreError> = Err(StoreError::Conflict(Conflict::Changed));

stories! {
    async fn a_letter_stopped_under_a_bar_is_posted_only_after_two_people_lifted_it(place: &TestStore) {
        let (_, bar) = bar_hers(place, "+447700900001").await;
        place.shelve(Some(prisoner(HIM)), HERS).await;
        let stopped = oldest(place).await;
        assert_eq!(post(place, stopped).await, TAKES_TWO);
        place.agree(ProposedChange::LiftBar { bar }).await;
        post(place, stopped).await.unwrap();
        assert_eq!(post(place, stopped).await, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
        assert!(place.store.letters_waiting(&place.handler).await.unwrap().is_empty());
    }

    async fn a_bar_narrowed_to_the_sender_still_stops_his_letter(place: &TestStore) {
        let (_, bar) = bar_hers(place, "+447700900001").await;
        place.shelve(Some(prisoner(HIM)), HERS).await;
        let stopped = oldest(place).await;
        place.narrow(bar, prisoner(HIM)).await;
        assert_eq!(post(place, stopped).await, TAKES_TWO);
    }

    async fn a_letter_stays_stopped_while_any_bar_on_its_address_stands(place: &TestStore) {
        let (_, first) = bar_hers(place, "+447700900001").await;
        let (_, second) = bar_hers(place, "+447700900002").await;
        place.shelve(Some(prisoner(HIM)), HERS).await;
        let stopped = oldest(place).await;
        place.agree(ProposedChange::LiftBar { bar: first }).await;
        assert_eq!(post(place, stopped).await, TAKES_TWO);
        place.agree(ProposedChange::LiftBar { bar: second }).await;
        post(place, stopped).await.unwrap();
    }

    async fn a_senders_own_bar_is_judged_before_anybody_elses_on_the_same_address(place: &TestStore) {
        let (_, for_him) = bar_hers(place, "+447700900001").await;
        let (_, for_another) = bar_hers(place, "+447700900002").await;
        place.narrow(for_him, prisoner(HIM)).await;
        place.narrow(for_another, prisoner("A5678DE")).await;
        let mut named = Vec::new();
        for sender in [HIM, "A5678DE"] {
            let finding = place.shelve(Some(prisoner(sender)), HERS).await;
            assert_eq!(finding.verdict(), LetterVerdict::Stop, "{sender}");
            named.push(finding.bar().unwrap());
        }
        assert_ne!(named[0], named[1], "each letter names its sender's bar");
        for sender in [Some(prisoner("A9012FG")), None] {
            let held = place.shelve(sender, HERS).await;
            assert_eq!(held.verdict(), LetterVerdict::Hold, "not barred himself, or not known");
        }
    }

    async fn a_wrong_postcode_hides_an_address_from_nobody_who_is_barred_there_himself(place: &TestStore) {
        let (_, bar) = bar_hers(place, "+447700900001").await;
        place.narrow(bar, prisoner(HIM)).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let judged = |sender, lines| barred.judge(sender, &written(lines)).verdict();
        let elsewhere = "14 Invented Lane, Nowhere, YY9 8XX";
        assert_eq!(judged(Some(prisoner(HIM)), elsewhere), LetterVerdict::Hold);
        assert_eq!(judged(Some(prisoner("A9012FG")), elsewhere), LetterVerdict::Pass, "a namesake may be meant");
        assert_eq!(judged(None, elsewhere), LetterVerdict::Hold, "it may be his");
        let neighbour = "16 Invented Lane, Nowhere, YY9 8XX";
        assert_eq!(judged(Some(prisoner(HIM)), neighbour), LetterVerdict::Pass);
    }

    async fn whom_the_case_is_about_is_held_at_another_flat_and_a_wrong_postcode_under_a_bar_of_the_estate(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        bar(place, case, "Flat 2, 14 Invented Lane, Nowhere, ZZ1 2CD").await;
        let before = place.store.barred_addresses(None).await.unwrap();
        let near = [NEIGHBOURS_FLAT, "Flat 2, 14 Invented Lane, Nowhere, YY9 8XX"];
        for lines in near {
            let judged = before.judge(Some(prisoner(HIM)), &written(lines)).verdict();
            assert_eq!(judged, LetterVerdict::Hold, "nobody knows yet whom the case is about: {lines}");
        }
        place.locate(case, HIM).await;
        let barred = place.store.barred_addresses(Some(before)).await.unwrap();
        for lines in near {
            let judged = |sender| barred.judge(sender, &written(lines)).verdict();
            assert_eq!(judged(Some(prisoner(HIM))), LetterVerdict::Hold, "{lines}");
            assert_eq!(judged(Some(prisoner("A9012FG"))), LetterVerdict::Pass, "{lines}");
            assert_eq!(judged(None), LetterVerdict::Hold, "it may be his: {lines}");
        }
    }

    async fn a_letter_judged_by_bars_that_changed_meanwhile_is_neither_recorded_nor_decided(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        place.shelve(Some(prisoner(HIM)), HERS).await;
        let before = place.store.barred_addresses(None).await.unwrap();
        let passing = letter(&before, Some(prisoner(HIM)), HERS);
        assert_eq!(passing.finding.verdict(), LetterVerdict::Pass);
        bar(place, case, HERS).await;
        assert_eq!(place.record(passing).await.map(drop), CHANGED);
        let waiting = oldest(place).await;
        let post = place.store.decide_letter(&place.handler, waiting, &ruled(LetterDecision::Post), &before).await;
        assert_eq!(post, CHANGED);
        let again = place.store.barred_addresses(Some(before)).await.unwrap();
        let stopped = letter(&again, Some(prisoner(HIM)), HERS);
        assert_eq!(stopped.finding.verdict(), LetterVerdict::Stop);
        place.record(stopped).await.unwrap();
    }

    async fn a_bar_that_another_process_imposes_stops_the_next_letter(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let before = place.store.barred_addresses(None).await.unwrap();
        let elsewhere = place.again().await;
        elsewhere.add_target(&place.handler, case, &address(HERS)).await.unwrap();
        let now = place.store.barred_addresses(Some(before)).await.unwrap();
        assert_eq!(now.judge(None, &written(HERS)).verdict(), LetterVerdict::Stop);
    }

    async fn a_confidential_marking_changes_nothing_of_how_sure_a_check_is_and_needs_the_governors_authority(place: &TestStore) {
        bar_hers(place, "+447700900001").await;
        for (lines, verdict) in [(HERS, LetterVerdict::Stop), (NEIGHBOURS_FLAT, LetterVerdict::Hold)] {
            for marking in ["", "RULE 39\n"] {
                let found = place.shelve(None, &format!("{marking}{lines}")).await;
                assert_eq!((found.verdict(), found.is_marked()), (verdict, !marking.is_empty()), "{lines}");
                let waiting = place.store.letters_waiting(&place.handler).await.unwrap();
                let kept = waiting.iter().find(|waiting| waiting.letter.finding == found);
                let id = kept.unwrap().id;
                let posted = post(place, id).await;
                let (stopped, marked) = (verdict == LetterVerdict::Stop, !marking.is_empty());
                let expected = match (stopped, marked) {
                    (true, _) => TAKES_TWO,
                    (false, true) => Err(StoreError::Refused(Refusal::NeedsAuthority)),
                    (false, false) => Ok(()),
                };
                assert_eq!(posted, expected, "{marking}{lines}");
                if marked {
                    let mut kept = ruled(LetterDecision::Evidence);
                    let decide = async |ruling: &LetterRuling| {
                        let barred = place.store.barred_addresses(None).await.unwrap();
                        place.store.decide_letter(&place.handler, id, ruling, &barred).await
                    };
                    assert_eq!(decide(&kept).await, Err(StoreError::Refused(Refusal::NeedsAuthority)));
                    kept.authority = Some(PrisonAuthority { office: Office::Governor, name: "Gwyn Governor".into() });
                    assert_eq!(decide(&kept).await, Ok(()));
                }
            }
        }
    }

    async fn a_letter_that_a_person_must_look_at_is_one_persons_to_decide(place: &TestStore) {
        let found = place.shelve(None, "1 Invented Lane").await;
        let waiting = oldest(place).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let evidence = ruled(LetterDecision::Evidence);
        place.store.decide_letter(&place.handler, waiting, &evidence, &barred).await.unwrap();
        assert!(place.store.letters_waiting(&place.mailroom).await.is_err(), "the mailroom sees no reasons");
        let mut elsewhere = letter(&barred, None, "1 Invented Lane");
        assert_eq!(elsewhere.finding, found);
        elsewhere.prison = mdi();
        assert!(place.record(elsewhere).await.is_err());
    }
}
