//! Addresses that prisoners offer for release or leave.

use casework::{Actor, BarTarget, CaseId, OfferedFor, ProposedChange, Role};
use hub::alerts::Sign;
use hub::store::{
    Conflict, LetterVerdict, NewOffer, OFFERED_PER_ACCOUNT_AND_HOUR, OfferReceipt, OfferedDone, OfferedTask,
    Outcome, Refusal, StoreError,
};

use crate::stories;
use crate::support::{TestStore, address, filing, key, prisoner, written};

const HERS: &str = "4 Invented Row, Nowhereby, ZZ9 9ZZ";
const HIM: &str = "A1234BC";
const OTHER: &str = "A5678DE";

async fn service(place: &TestStore) -> Actor {
    let by = Some(&place.operator);
    place
        .store
        .add_account(by, "Prison Service", Role::PrisonService)
        .await
        .unwrap()
}

/// A case about him with her address barred for everybody.
async fn her_case(place: &TestStore) -> CaseId {
    let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
    place.locate(case, HIM).await;
    place
        .store
        .add_target(&place.handler, case, &address(HERS))
        .await
        .unwrap();
    case
}

async fn offer(place: &TestStore, by: &Actor, holder: &str, lines: &str) -> Result<OfferReceipt, StoreError> {
    let barred = place.store.barred_addresses(None).await.unwrap();
    let new = NewOffer {
        prisoner: prisoner(holder),
        offered_for: OfferedFor::Release,
        written: written(lines),
        finding: barred.judge_offered(prisoner(holder), &written(lines)),
        decoy: false,
    };
    place.store.offer_address(by, None, &new).await
}

async fn tasks(place: &TestStore) -> Vec<OfferedTask> {
    place
        .store
        .open_offered_addresses(&place.handler)
        .await
        .unwrap()
        .rows
}

async fn settle(place: &TestStore, task: &OfferedTask, done: OfferedDone) -> Result<(), StoreError> {
    let barred = place.store.barred_addresses(None).await.unwrap();
    let deed = (done, &"Spoke to the offender manager.".into());
    place
        .store
        .settle_offered_address(&place.handler, task.offered.id, deed, &barred)
        .await
}

/// Whether whoever asked is told to speak to the service.
async fn is_kept(place: &TestStore, by: &Actor, receipt: &OfferReceipt) -> bool {
    let asked = place.store.offered_address(by, &receipt.reference).await.unwrap();
    let barred = place.store.barred_addresses(None).await.unwrap();
    let finding = barred.judge_offered(asked.prisoner, &asked.written);
    place
        .store
        .answer_offered_address(by, &receipt.reference, finding)
        .await
        .unwrap()
        .is_kept()
}

async fn raise(place: &TestStore) {
    let barred = place.store.barred_addresses(None).await.unwrap();
    for offered in place.store.offered_to_alert().await.unwrap() {
        let met = barred.met(&offered.written);
        place
            .store
            .alert_of_offered_address(&offered, &met)
            .await
            .unwrap();
    }
}

stories! {
    async fn an_offered_barred_address_stands_as_a_task_of_its_case_until_a_handler_says_what_was_done(place: &TestStore) {
        let (by, case) = (service(place).await, her_case(place).await);
        let receipt = offer(place, &by, HIM, HERS).await.unwrap();
        let open = tasks(place).await;
        assert_eq!(place.store.offered_addresses_waiting(&place.handler).await.unwrap(), 1);
        let task = &open[0];
        let reference = place.store.open_case(&place.handler, case).await.unwrap().reference;
        assert_eq!((task.case.as_ref(), task.asked_by.as_str()), (Some(&reference), "Prison Service"));
        assert_eq!((&task.offered.receipt, task.offered.prisoner), (&receipt, prisoner(HIM)));
        assert_eq!((task.offered.offered_for, &task.offered.written), (OfferedFor::Release, &written(HERS)));
        assert_eq!(task.offered.finding.verdict(), LetterVerdict::Stop);
        let silent = (OfferedDone::Told, &" ".into());
        let barred = place.store.barred_addresses(None).await.unwrap();
        let silent = place.store.settle_offered_address(&place.handler, task.offered.id, silent, &barred).await;
        assert!(matches!(silent, Err(StoreError::Invalid(_))));
        settle(place, task, OfferedDone::Told).await.unwrap();
        assert!(tasks(place).await.is_empty());
        assert_eq!(settle(place, task, OfferedDone::Told).await, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
        assert!(is_kept(place, &by, &receipt).await, "whoever asked still has to speak to the service");
    }

    async fn an_alert_of_it_stands_on_the_case_at_once_and_of_a_planted_address_too(place: &TestStore) {
        let (by, case) = (service(place).await, her_case(place).await);
        let planted = "9 Fabled Row, Nowhere, ZZ1 4EF";
        place.store.plant_canary(&place.operator, &address(planted), "the release desk").await.unwrap();
        offer(place, &by, HIM, HERS).await.unwrap();
        offer(place, &by, OTHER, planted).await.unwrap();
        raise(place).await;
        raise(place).await;
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!(open.len(), 2);
        assert_eq!(open[0].signs.each().next(), Some(Sign::Canary));
        let hers = open.iter().find(|alert| alert.case == case).unwrap();
        assert_eq!(hers.signs.each().collect::<Vec<_>>(), [Sign::Offered, Sign::Named]);
        let letter = hers.letter.as_ref().unwrap();
        assert_eq!((letter.offered_for, &letter.written), (Some(OfferedFor::Release), &written(HERS)));
        assert_eq!((hers.caller.expose(), letter.checked_by.as_str()), (HIM, "Prison Service"));
    }

    async fn what_comes_near_is_a_task_for_whom_the_bar_is_about_and_for_another_not(place: &TestStore) {
        let (by, case) = (service(place).await, her_case(place).await);
        let hers = address("Flat 1, 9 Fabled Row, Nowhere, ZZ1 4EF");
        place.store.add_target(&place.handler, case, &hers).await.unwrap();
        let found = async |holder: &str, lines: &str| {
            let receipt = offer(place, &by, holder, lines).await.unwrap();
            let open = tasks(place).await;
            let task = open.iter().find(|task| task.offered.receipt == receipt);
            task.map(|task| task.offered.finding.verdict())
        };
        let flat = "Flat 3, 9 Fabled Row, Nowhere, ZZ1 4EF";
        assert_eq!(found(HIM, flat).await, Some(LetterVerdict::Hold), "another flat of her building");
        assert_eq!(found(OTHER, flat).await, None);
        assert_eq!(found(OTHER, HERS).await, Some(LetterVerdict::Stop), "his cellmate may offer it for him");
        assert_eq!(found(HIM, &format!("Gwen Nobody, {HERS}")).await, Some(LetterVerdict::Stop), "whoever else lives there");
        assert_eq!(found(HIM, &format!("RULE 39, {HERS}")).await, Some(LetterVerdict::Stop), "no marking exempts it");
        assert_eq!(found(HIM, "17 Other Street, Elsewhere, YY1 1YY").await, None);
        assert_eq!(found(HIM, "6 Invented Row, Nowhereby, ZZ9 9ZZ").await, None, "next door");
        assert_eq!(found(HIM, "PO Box 12, Elsewhere, YY1 1YY").await, Some(LetterVerdict::Hold));
    }

    async fn a_bar_for_another_prisoner_makes_a_person_look(place: &TestStore) {
        let (by, case) = (service(place).await, her_case(place).await);
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        let bar = file.bars.iter().find(|record| matches!(record.bar.target, BarTarget::Address(_))).unwrap().bar.id;
        place.narrow(bar, prisoner(HIM)).await;
        offer(place, &by, OTHER, HERS).await.unwrap();
        assert_eq!(tasks(place).await[0].offered.finding.verdict(), LetterVerdict::Hold);
    }

    async fn no_single_person_clears_an_address_that_a_bar_in_force_stops(place: &TestStore) {
        let (by, case) = (service(place).await, her_case(place).await);
        let receipt = offer(place, &by, HIM, HERS).await.unwrap();
        let doubtful = offer(place, &by, HIM, &format!("Flat 3, {HERS}")).await.unwrap();
        let open = tasks(place).await;
        let of = |receipt: &OfferReceipt| open.iter().find(|task| task.offered.receipt == *receipt).unwrap();
        let cleared = settle(place, of(&receipt), OfferedDone::Cleared).await;
        assert_eq!(cleared, Err(StoreError::Refused(Refusal::TakesTwoPeople)));
        settle(place, of(&doubtful), OfferedDone::Cleared).await.unwrap();
        assert!(!is_kept(place, &by, &doubtful).await, "a person looked");
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        let bar = file.bars.iter().find(|record| matches!(record.bar.target, BarTarget::Address(_))).unwrap().bar.id;
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(is_kept(place, &by, &receipt).await, "until somebody has looked");
        settle(place, of(&receipt), OfferedDone::Cleared).await.unwrap();
        assert!(!is_kept(place, &by, &receipt).await);
    }

    async fn what_is_barred_after_it_was_asked_counts_when_it_is_answered(place: &TestStore) {
        let by = service(place).await;
        let receipt = offer(place, &by, HIM, HERS).await.unwrap();
        assert!(tasks(place).await.is_empty() && !is_kept(place, &by, &receipt).await);
        her_case(place).await;
        assert!(is_kept(place, &by, &receipt).await);
        assert_eq!(tasks(place).await.len(), 1);
        let second = place.second_handler.clone();
        let other = place.store.offered_address(&second, &receipt.reference).await;
        assert!(other.is_err(), "whoever asked reads it, and nobody else by its reference");
        let another = service(place).await;
        assert_eq!(place.store.offered_address(&another, &receipt.reference).await, Err(StoreError::NotFound));
    }

    async fn an_account_asks_about_so_many_in_an_hour_and_only_of_somebody_on_record(place: &TestStore) {
        let by = service(place).await;
        assert_eq!(offer(place, &by, "Z9999ZZ", HERS).await, Err(StoreError::Refused(Refusal::NotOnRecord)));
        for by in [&place.police, &place.handler, &place.mailroom] {
            assert_eq!(offer(place, by, HIM, HERS).await, Err(StoreError::Refused(Refusal::NotTheirs)));
        }
        for _ in 0..OFFERED_PER_ACCOUNT_AND_HOUR {
            offer(place, &by, HIM, HERS).await.unwrap();
        }
        assert_eq!(offer(place, &by, HIM, HERS).await, Err(StoreError::Refused(Refusal::TooManyChecks)));
        offer(place, &service(place).await, HIM, HERS).await.unwrap();
        place.clock.advance(3600);
        offer(place, &by, HIM, HERS).await.unwrap();
    }

    async fn the_same_key_asks_once(place: &TestStore) {
        let by = service(place).await;
        her_case(place).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let new = NewOffer {
            prisoner: prisoner(HIM),
            offered_for: OfferedFor::Leave,
            written: written(HERS),
            finding: barred.judge_offered(prisoner(HIM), &written(HERS)),
            decoy: false,
        };
        let once = key("one", "body");
        let first = place.store.offer_address(&by, Some(&once), &new).await.unwrap();
        assert_eq!(place.store.offer_address(&by, Some(&once), &new).await.unwrap(), first);
        let other = place.store.offer_address(&by, Some(&key("one", "other")), &new).await;
        assert_eq!(other, Err(StoreError::Conflict(Conflict::OtherBody)));
        assert_eq!(tasks(place).await.len(), 1);
    }

    async fn one_that_was_judged_by_bars_of_before_is_judged_again(place: &TestStore) {
        let by = service(place).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let new = NewOffer {
            prisoner: prisoner(HIM),
            offered_for: OfferedFor::Release,
            written: written(HERS),
            finding: barred.judge_offered(prisoner(HIM), &written(HERS)),
            decoy: false,
        };
        place.store.file_request(&place.police, None, filing(&["+447700900002"])).await.map(|receipt| {
            assert!(matches!(receipt.targets[0].outcome, Outcome::Barred(_)));
        }).unwrap();
        assert_eq!(place.store.offer_address(&by, None, &new).await, Err(StoreError::Conflict(Conflict::Changed)));
    }
}
