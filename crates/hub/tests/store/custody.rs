//! Who is on record in custody decides for whom a number can be approved and whom a case can be about; what is
//! barred never shows in that.

use feed::ContactKind;
use hub::store::{AuditFilter, Page, Refusal, StoreError};

use crate::stories;
use crate::support::{TestStore, lei, mdi, prisoner};

const BARRED: &str = "+447700900002";

async fn applied(place: &TestStore, holder: &str, text: &str) -> Result<(), StoreError> {
    place.try_apply(holder, text, ContactKind::Social).await.map(drop)
}

const NOT_HELD_HERE: StoreError = StoreError::Refused(Refusal::NotHeldHere);

stories! {
    async fn a_number_is_applied_for_only_where_the_prisoner_is_on_record(place: &TestStore) {
        place.refer(&[BARRED]).await;
        place.receive("A7777ZZ", mdi()).await;
        for stranger in ["A7777ZZ", "Z9999ZZ"] {
            for number in ["+447700900001", BARRED] {
                assert_eq!(applied(place, stranger, number).await, Err(NOT_HELD_HERE), "{stranger}");
            }
        }
        assert!(place.store.open_proposals(&place.security).await.unwrap().rows.is_empty());
        for number in ["+447700900001", BARRED] {
            assert_eq!(applied(place, "A1234BC", number).await, Ok(()), "whatever is barred");
        }
    }

    async fn a_prisoner_who_moved_before_the_approval_is_given_no_number_there(place: &TestStore) {
        let free = place.apply("A1234BC", "+447700900001", ContactKind::Social).await;
        let barred = place.apply("A1234BC", BARRED, ContactKind::Social).await;
        place.refer(&[BARRED]).await;
        for to in [mdi(), "TRN".parse().unwrap(), "OUT".parse().unwrap()] {
            place.store.record_transfer(prisoner("A1234BC"), to).await.unwrap();
            for application in [free, barred] {
                let approved = place.store.approve(&place.security, application).await;
                assert_eq!(approved, Err(NOT_HELD_HERE), "whatever is barred");
            }
        }
        assert!(place.approved().await.is_empty());
        place.store.record_transfer(prisoner("A1234BC"), lei()).await.unwrap();
        place.store.approve(&place.security, free).await.unwrap();
        let approved = place.store.approve(&place.security, barred).await;
        assert_eq!(approved, Ok(()), "whoever approves learns nothing of the bar");
        assert_eq!(place.approved().await, ["A1234BC +447700900001"], "and it rings for nobody");
    }

    async fn a_case_is_about_a_prisoner_on_record_wherever_he_is(place: &TestStore) {
        let case = place.case_of(&place.refer(&[BARRED]).await).await;
        let locate = async |holder: &str| {
            let (store, holder) = (&place.store, prisoner(holder));
            store.locate_prisoner(&place.handler, case, holder, &"{}".into(), "v1").await
        };
        assert_eq!(locate("Z9999ZZ").await, Err(StoreError::Refused(Refusal::NotOnRecord)));
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!(file.state.prisoner(), None);
        place.receive("A7777ZZ", "OUT".parse().unwrap()).await;
        assert_eq!(locate("A7777ZZ").await, Ok(()));
    }

    async fn a_confirmation_keeps_the_model_that_weighed_the_evidence(place: &TestStore) {
        let case = place.case_of(&place.refer(&[BARRED]).await).await;
        let (store, model) = (&place.store, "upcs-offender 9 re-estimated 0a1b2c3d");
        let located = store.locate_prisoner(&place.handler, case, prisoner("A1234BC"), &"{}".into(), model).await;
        located.unwrap();
        let filter = AuditFilter { case: Some(case), ..AuditFilter::default() };
        let rows = store.audit(&place.auditor, &filter, Page::NEWEST).await.unwrap();
        let of_it: Vec<&str> = rows.iter().map(|row| row.detail.as_str()).filter(|told| told.contains(model)).collect();
        assert_eq!(of_it.len(), 1, "{of_it:?}");
    }
}
