//! The audit: everything done and seen, and a chain that shows what was changed afterwards.

use hub::store::{AuditCheck, AuditFilter, Page, Refusal, StoreError};
use sea_orm::Value;

use crate::stories;
use crate::support::TestStore;

async fn check(place: &TestStore) -> AuditCheck {
    place.store.verify_audit().await.unwrap()
}

async fn verbs(place: &TestStore) -> Vec<String> {
    let rows = place
        .store
        .audit(&place.auditor, &AuditFilter::default(), Page::NEWEST)
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| format!("{} {}", row.verb, row.detail))
        .collect()
}

stories! {
    async fn the_chain_is_whole_and_a_changed_row_is_found(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        place.refer(&["+447700900002"]).await;
        let AuditCheck::Whole { rows } = check(place).await else { panic!("whole") };
        let victim = rows - 2;
        let row = Value::from(i64::try_from(victim).unwrap());
        place.damage("UPDATE audit SET name = 'Nobody' WHERE seq = $1", vec![row]).await;
        assert_eq!(check(place).await, AuditCheck::Broken { at: victim });
    }

    async fn a_row_taken_out_or_cut_off_the_end_is_missed(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        let AuditCheck::Whole { rows } = check(place).await else { panic!("whole") };
        let last = Value::from(i64::try_from(rows).unwrap());
        place.damage("DELETE FROM audit WHERE seq = $1", vec![last]).await;
        assert_eq!(check(place).await, AuditCheck::Broken { at: rows });
        place.damage("DELETE FROM audit WHERE seq = 3", vec![]).await;
        assert_eq!(check(place).await, AuditCheck::Broken { at: 3 });
    }

    async fn opening_a_case_and_being_refused_are_both_on_record(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let curious = place.store.open_case(&place.clerk, case).await;
        assert_eq!(curious.unwrap_err(), StoreError::Refused(Refusal::NotTheirs));
        let verbs = verbs(place).await;
        assert!(verbs.contains(&"open-case opened".to_owned()));
        assert!(verbs.contains(&"open-case refused".to_owned()));
        let filter = AuditFilter { case: Some(case), ..AuditFilter::default() };
        let of_case = place.store.audit(&place.auditor, &filter, Page::NEWEST).await.unwrap();
        assert!(of_case.len() >= 3 && of_case.iter().all(|row| row.case == Some(case)));
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert!(file.timeline.iter().any(|row| row.kind == "bar" && row.detail.starts_with("imposed")));
    }

    async fn nobody_but_the_auditor_reads_the_audit(place: &TestStore) {
        let read = place.store.audit(&place.operator, &AuditFilter::default(), Page::NEWEST).await;
        assert_eq!(read, Err(StoreError::Refused(Refusal::NotTheirs)));
    }

    async fn a_page_holds_its_limit_and_no_row_more(place: &TestStore) {
        for _ in 0..10 {
            place.queue().await;
        }
        let page = |before, rows| Page { before, rows };
        let filter = AuditFilter::default();
        let first = place.store.audit(&place.auditor, &filter, page(None, 4)).await.unwrap();
        assert_eq!(first.len(), 4);
        let next = place.store.audit(&place.auditor, &filter, page(Some(first[3].seq), 4)).await.unwrap();
        assert_eq!(next[0].seq, first[3].seq - 1);
        let account = AuditFilter { account: Some(place.handler.account), ..AuditFilter::default() };
        let his = place.store.audit(&place.auditor, &account, page(None, 100)).await.unwrap();
        assert_eq!(his.len(), 10);
        let verb = AuditFilter { verb: Some("read-queue".to_owned()), ..AuditFilter::default() };
        assert_eq!(place.store.audit(&place.auditor, &verb, page(None, 3)).await.unwrap().len(), 3);
    }
}
