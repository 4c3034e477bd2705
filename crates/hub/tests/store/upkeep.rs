//! Attempts, prisoners, intelligence.

use casework::{BarTarget, Intelligence, IntelligenceKind, Priority};
use feed::{Attempt, ContactKind, Reason, SealingKey, SigningKey, Verdict};
use hub::store::{Added, AuditFilter, Conflict, Page, Refusal, StoreError};
use offender::PrisonerRecord;

use crate::stories;
use crate::support::{PRISONERS, TestStore, caps, key, lei, mdi, number, prisoner};

async fn gate(place: &TestStore) -> feed::GateId {
    let secret = place
        .store
        .issue_enrolment_code(&place.operator, lei())
        .await
        .unwrap();
    let verifying = SigningKey::from_bytes(&[1; 32]).verifying_key();
    place
        .store
        .enrol_gate(
            lei(),
            secret,
            verifying,
            SealingKey::from_secret(&[1; 32]).public(),
        )
        .await
        .unwrap()
}

fn attempt(sequence: u64, number: &str) -> Attempt {
    Attempt {
        sequence,
        at_ms: 1_795_424_400_000 + i64::try_from(sequence).unwrap(),
        caller: "A1234BC".to_owned(),
        dialled: "141".to_owned() + number,
        number: Some(number.to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

stories! {
    async fn attempts_are_found_by_the_numbers_of_a_case_and_stored_once(place: &TestStore) {
        let gate = gate(place).await;
        let first = vec![attempt(1, "+447700900001"), attempt(2, "+447700900002")];
        assert_eq!(place.store.record_attempts(gate, &first).await.unwrap(), 2);
        assert_eq!(place.store.record_attempts(gate, &first).await.unwrap(), 2, "reported again");
        let after_a_crash = vec![attempt(9, "+447700900001")];
        assert_eq!(place.store.record_attempts(gate, &after_a_crash).await.unwrap(), 9, "the gap stays a gap");
        assert_eq!(place.store.record_attempts(gate, &[]).await.unwrap(), 9);
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let shown = place.store.attempts_of_case(&place.handler, case, 10).await.unwrap();
        let sequences: Vec<u64> = shown.iter().map(|shown| shown.attempt.sequence).collect();
        assert_eq!(sequences, [9, 1], "newest first, this case's number only");
        assert_eq!((shown[0].prison, shown[0].attempt.verdict), (lei(), Verdict::Refuse(Reason::Barred)));
        assert_eq!(place.store.attempts_of_case(&place.handler, case, 1).await.unwrap().len(), 1);
        assert!(place.store.attempts_of_case(&place.police, case, 1).await.is_err(), "not the referrer's");
    }

    async fn a_bar_waits_for_few_reports_however_many_there_are(place: &TestStore) {
        let gate = gate(place).await;
        let (told, mut heard) = tokio::sync::mpsc::channel(32);
        let reports = (0..20).map(|first| {
            let told = told.clone();
            async move {
                let part: Vec<Attempt> = (1..=50).map(|n| attempt(50 * first + n, "+447700900001")).collect();
                place.store.record_attempts(gate, &part).await.unwrap();
                told.send("report").await.unwrap();
            }
        });
        let bar = async {
            place.refer(&["+447700900002"]).await;
            told.send("bar").await.unwrap();
        };
        tokio::join!(futures_util::future::join_all(reports), bar);
        let order: Vec<&str> = std::iter::from_fn(|| heard.try_recv().ok()).collect();
        let reports_before = order.iter().position(|what| *what == "bar");
        // One where there is one connection. Where there are several the bar's may have to be opened first.
        assert!(reports_before < Some(5), "{order:?}");
        assert_eq!(order.len(), 21);
    }

    async fn a_sequence_that_comes_again_saying_something_else_is_kept_beside_the_first(place: &TestStore) {
        let gate = gate(place).await;
        let case = place.case_of(&place.refer(&["+447700900001", "+447700900002"]).await).await;
        place.store.record_attempts(gate, &[attempt(1, "+447700900001")]).await.unwrap();
        let again = [attempt(1, "+447700900002"), attempt(2, "+447700900002")];
        for _ in 0..2 {
            assert_eq!(place.store.record_attempts(gate, &again).await.unwrap(), 2);
        }
        let shown = place.store.attempts_of_case(&place.handler, case, 10).await.unwrap();
        let mut numbers: Vec<_> = shown.iter().map(|shown| (shown.attempt.sequence, shown.attempt.number.as_deref())).collect();
        numbers.sort();
        assert_eq!(numbers, [(1, Some("+447700900001")), (1, Some("+447700900002")), (2, Some("+447700900002"))]);
        let told = AuditFilter { verb: Some("record-attempts".to_owned()), ..AuditFilter::default() };
        let rows = place.store.audit(&place.auditor, &told, Page::NEWEST).await.unwrap();
        assert_eq!(rows[0].detail, "stored=2 through=2 used-twice=1", "it is told");
    }

    async fn a_gates_clock_may_be_anything(place: &TestStore) {
        let gate = gate(place).await;
        let mut odd = attempt(1, "+447700900001");
        odd.at_ms = i64::MAX;
        let mut odder = attempt(2, "+447700900001");
        odder.at_ms = i64::MIN;
        place.store.record_attempts(gate, &[odd, odder]).await.unwrap();
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        assert_eq!(place.store.attempts_of_case(&place.handler, case, 10).await.unwrap().len(), 2);
    }

    async fn a_transfer_moves_the_prisoner_and_none_of_his_entries(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.store.record_transfer(prisoner("A1234BC"), mdi()).await.unwrap();
        let moved = place.store.prisoner(prisoner("A1234BC")).await.unwrap().unwrap();
        assert_eq!((moved.prison_id, moved.last_prison_id), (Some(mdi()), Some(lei())));
        assert_eq!(place.store.prisoners_in(mdi()).await.unwrap().len(), 1);
        assert_eq!(place.approved().await.len(), 1, "the list of Leeds stays Leeds'");
        let record = PrisonerRecord::new(prisoner("A1234BC"), "Ivan", "Renamed");
        place.store.import_prisoners(vec![record]).await.unwrap();
        let all = place.store.prisoners().await.unwrap();
        assert_eq!((all.len(), all[0].last_name.as_str()), (PRISONERS.len(), "Renamed"));
    }

    async fn intelligence_reaches_the_case_of_its_number_and_bars_nothing(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let head = place.store.head().await.unwrap();
        let rang = Intelligence {
            kind: IntelligenceKind::NumberThatRang,
            reference: None,
            number: Some("07700 900001".into()),
            account: "It rang twice.".into(),
        };
        let file = async |body: &str| {
            place.store.file_intelligence(&place.police, Some(key("k", body)), rang.clone(), crate::support::caps()).await
        };
        let reference = file("body").await.unwrap();
        assert_eq!(file("body").await.unwrap(), reference);
        assert_eq!(file("other").await, Err(StoreError::Conflict(Conflict::OtherBody)));
        let shown = place.store.open_case(&place.handler, case).await.unwrap().intelligence.rows;
        assert_eq!((shown.len(), &shown[0].reference), (1, &reference));
        assert_eq!(place.store.head().await.unwrap(), head);
    }

    async fn past_the_cap_intelligence_is_kept_and_its_case_comes_to_the_top(place: &TestStore) {
        let urgent = place.refer(&["+447700900002"]).await;
        place.clock.advance(1);
        let touched = place.refer(&["+447700900001"]).await;
        let rang = Intelligence {
            kind: IntelligenceKind::NumberThatRang,
            reference: None,
            number: Some("07700 900001".into()),
            account: "It rang twice.".into(),
        };
        let mut caps = caps();
        caps.intelligence_per_account_and_hour = 2;
        let file = async |by| place.store.file_intelligence(by, None, rang.clone(), caps).await.unwrap();
        let first = async || place.queue().await[0].clone();
        for _ in 0..2 {
            file(&place.police).await;
        }
        assert_eq!(first().await.reference, urgent.reference, "at the cap nothing is marked");
        file(&place.handler).await;
        assert_eq!(first().await.priority, Priority::Barred, "each account has its own hour");
        file(&place.police).await;
        assert_eq!((first().await.reference, first().await.priority), (touched.reference.clone(), Priority::OverCap));
        place.clock.advance(3_601);
        file(&place.police).await;
        let shown = place.store.open_case(&place.handler, touched.reference).await.unwrap().intelligence;
        let marked: Vec<bool> = shown.rows.iter().map(|filed| filed.over_cap).collect();
        assert_eq!(marked.len(), 5, "nothing is dropped");
        assert_eq!(marked.iter().filter(|marked| **marked).count(), 1);
    }

    async fn a_handler_adds_a_number_in_one_step(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let target = BarTarget::Number(number("+447700900005"));
        let added = place.store.add_target(&place.handler, case, &target).await.unwrap();
        assert!(matches!(added, Added::Barred(_)));
        assert_eq!(place.barred().await, ["+447700900001", "+447700900005"]);
        let by_police = place.store.add_target(&place.police, case, &target).await;
        assert_eq!(by_police, Err(StoreError::Refused(Refusal::NotTheirs)));
    }
}
