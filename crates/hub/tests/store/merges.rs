//! Two prison numbers that are one person's: what is barred for one is barred for both.

use feed::ContactKind;
use hub::store::{Outcome, Refusal, StoreError};

use crate::stories;
use crate::support::{TestStore, prisoner};

const HERS: &str = "+447700900001";
const OLD: &str = "A1234BC";
const NEW: &str = "A5678DE";

/// Bars a number and narrows the bar to one prisoner.
async fn barred_for(place: &TestStore, holder: &str) {
    let receipt = place.refer(&[HERS]).await;
    let Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("barred")
    };
    place.narrow(bar, prisoner(holder)).await;
}

async fn merge(place: &TestStore) -> Result<u64, StoreError> {
    let (gone, survives) = (prisoner(OLD), prisoner(NEW));
    place.store.record_merge(&place.operator, gone, survives).await
}

stories! {
    async fn what_is_barred_for_one_number_alone_is_barred_for_both_at_once(place: &TestStore) {
        place.approve_number(NEW, HERS, ContactKind::Social).await;
        barred_for(place, OLD).await;
        assert_eq!(place.approved().await, ["A5678DE +447700900001"], "he could ring under his other number");
        let before = place.store.head().await.unwrap();
        assert_eq!(merge(place).await, Ok(1));
        assert!(place.approved().await.is_empty());
        assert_eq!(place.barred().await, ["+447700900001 for A1234BC", "+447700900001 for A5678DE"]);
        let told = place.store.history_since(before, 10).await.unwrap();
        assert_eq!(told.len(), 1, "bar and revocation in one serial");
    }

    async fn a_bar_for_the_number_that_survives_holds_for_the_one_that_is_gone(place: &TestStore) {
        barred_for(place, NEW).await;
        assert_eq!(merge(place).await, Ok(1));
        assert_eq!(place.barred().await, ["+447700900001 for A1234BC", "+447700900001 for A5678DE"]);
    }

    async fn a_merge_said_again_imposes_only_what_has_come_since(place: &TestStore) {
        barred_for(place, OLD).await;
        assert_eq!(merge(place).await, Ok(1));
        assert_eq!(merge(place).await, Ok(0));
        barred_for(place, OLD).await;
        assert_eq!(merge(place).await, Ok(1), "another case's");
    }

    async fn a_bar_for_everyone_needs_no_other(place: &TestStore) {
        place.refer(&[HERS]).await;
        assert_eq!(merge(place).await, Ok(0));
        assert_eq!(place.barred().await, [HERS]);
    }

    async fn a_number_that_is_a_lawyers_is_held_for_two_people(place: &TestStore) {
        barred_for(place, OLD).await;
        place.approve_number(NEW, HERS, ContactKind::Legal).await;
        for _ in 0..2 {
            assert_eq!(merge(place).await, Ok(0));
        }
        assert_eq!(place.approved().await, ["A5678DE +447700900001"], "nobody loses his lawyer by one person's word");
        assert_eq!(place.queue().await[0].held, 1, "held once");
    }

    async fn only_an_operator_records_a_merge_and_of_two_numbers(place: &TestStore) {
        let (old, new) = (prisoner(OLD), prisoner(NEW));
        for somebody in [&place.clerk, &place.handler, &place.police] {
            let refused = place.store.record_merge(somebody, old, new).await;
            assert_eq!(refused, Err(StoreError::Refused(Refusal::NotTheirs)));
        }
        assert!(place.store.record_merge(&place.operator, old, old).await.is_err());
    }
}
