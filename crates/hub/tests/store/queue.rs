//! The queue under a flood: paged, the worst first, the public's cases and organisations' apart.

use casework::{Actor, Priority, ProposedChange, RuleOutcome};
use hub::store::{AskedBy, QUEUE_ROWS, Queue, QueueAsked};

use crate::stories;
use crate::support::{TestStore, filing, filing_as, public};

async fn read(place: &TestStore, asked_by: Option<AskedBy>, page: u64) -> Queue {
    place
        .store
        .queue(&place.handler, QueueAsked { asked_by, page })
        .await
        .unwrap()
}

async fn junk(place: &TestStore) {
    let filing = filing_as(RuleOutcome::HandlerFirst, &["+447700900999"]);
    place.store.file_request(&public(), None, filing).await.unwrap();
    place.clock.advance(1);
}

/// Asked over a cap, so that a handler looks first.
async fn over_cap(place: &TestStore, by: &Actor, life_at_risk: bool) {
    let mut filing = filing(&["+447700900001", "+447700900002"]);
    filing.caps.bars_per_referrer_and_hour = 1;
    filing.request.risk.life_at_risk = life_at_risk;
    place.store.file_request(by, None, filing).await.unwrap();
    place.clock.advance(1);
}

stories! {
    async fn a_page_holds_its_limit_the_count_says_how_many_there_are_and_the_next_page_has_the_rest(
        place: &TestStore
    ) {
        for _ in 0..QUEUE_ROWS {
            junk(place).await;
        }
        let full = read(place, None, 0).await;
        assert_eq!((full.cases.len() as u64, full.asked), (QUEUE_ROWS, QUEUE_ROWS));
        junk(place).await;
        let first = read(place, None, 0).await;
        assert_eq!((first.cases.len() as u64, first.asked), (QUEUE_ROWS, QUEUE_ROWS + 1));
        let second = read(place, None, 1).await;
        assert_eq!((second.cases.len(), second.page), (1, 1));
        assert!(first.cases.iter().all(|case| case.case != second.cases[0].case));
        let past_the_end = read(place, None, 9).await;
        assert_eq!((past_the_end.cases, past_the_end.page), (second.cases, 1));
    }

    async fn a_life_at_risk_goes_before_what_is_over_a_cap_however_old(place: &TestStore) {
        over_cap(place, &public(), false).await;
        over_cap(place, &place.police, true).await;
        let queue = read(place, None, 0).await;
        let priorities: Vec<Priority> = queue.cases.iter().map(|case| case.priority).collect();
        assert_eq!(priorities, [Priority::LifeAtRisk, Priority::OverCap]);
        assert_eq!(queue.alarms, 2);
    }

    async fn a_case_in_which_nothing_is_barred_goes_before_those_that_are_barred_whatever_the_reason(place: &TestStore) {
        let mut cases = Vec::new();
        for numbers in [&["+447700900001"][..], &[], &["+447700900002"]] {
            cases.push(place.case_of(&place.refer(numbers).await).await);
            place.clock.advance(1);
        }
        let held = filing_as(RuleOutcome::HandlerFirst, &["+447700900003"]);
        cases.push(place.case_of(&place.store.file_request(&public(), None, held).await.unwrap()).await);
        place.clock.advance(1);
        over_cap(place, &place.police, false).await;
        let queue = read(place, None, 0).await;
        assert_eq!(queue.cases[1].priority, Priority::AskReferrer);
        let order: Vec<_> = queue.cases.iter().skip(1).map(|case| case.case).collect();
        assert_eq!(order, [cases[1], cases[3], cases[0], cases[2]]);
        let bar = place.store.open_case(&place.handler, cases[2]).await.unwrap().bars[0].bar.id;
        place.agree(ProposedChange::LiftBar { bar }).await;
        let order: Vec<_> = read(place, None, 0).await.cases.iter().skip(1).map(|case| case.case).collect();
        assert_eq!(order, [cases[1], cases[2], cases[3], cases[0]], "its one bar was lifted");
    }

    async fn what_organisations_asked_is_read_apart_from_a_flood_of_the_public_form(place: &TestStore) {
        for _ in 0..=QUEUE_ROWS {
            junk(place).await;
        }
        place.refer(&["+447700900003"]).await;
        let theirs = read(place, Some(AskedBy::Organisations), 0).await;
        assert_eq!((theirs.cases.len(), theirs.asked), (1, 1));
        assert_eq!(theirs.cases[0].asked_by, AskedBy::Organisations);
        let publics = read(place, Some(AskedBy::Public), 1).await;
        assert_eq!((publics.cases.len(), publics.asked), (1, QUEUE_ROWS + 1));
        assert_eq!((publics.organisations, publics.public), (1, QUEUE_ROWS + 1));
        let empty = read(place, Some(AskedBy::Organisations), 7).await;
        assert_eq!(empty.page, 0);
    }

    async fn an_empty_queue_has_no_cases_and_no_pages(place: &TestStore) {
        let queue = read(place, None, 3).await;
        assert_eq!((queue.cases.len(), queue.page, queue.asked, queue.alarms), (0, 0, 0, 0));
    }
}
