//! Alerts: one for each caller, number and hour, raised with the attempts and shown until a handler has seen them.

use casework::{BarTarget, CaseId, ProposedChange};
use feed::{Attempt, ContactKind, GateId, Reason, SealingKey, SigningKey, Verdict};
use hub::alerts::{Sign, Signs};
use hub::store::{Conflict, HolderStands, Outcome, QueueAsked, ShownAlert, StoreError};
use prison::PrisonId;

use crate::stories;
use crate::support::{TestStore, filing, lei, mdi, number, prisoner};

const HERS: &str = "+447700900001";
const NINE: i64 = 1_795_424_400_000;
const HOUR: i64 = 3_600_000;

async fn gate(place: &TestStore, prison: PrisonId, seed: u8) -> GateId {
    let code = place
        .store
        .issue_enrolment_code(&place.operator, prison)
        .await
        .unwrap();
    let verifying = SigningKey::from_bytes(&[seed; 32]).verifying_key();
    let sealing = SealingKey::from_secret(&[seed; 32]).public();
    place
        .store
        .enrol_gate(prison, code, verifying, sealing)
        .await
        .unwrap()
}

fn tried(sequence: u64, caller: &str, number: &str) -> Attempt {
    Attempt {
        sequence,
        at_ms: NINE + i64::try_from(sequence).unwrap(),
        caller: caller.to_owned(),
        dialled: number.to_owned(),
        number: Some(number.to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

/// Her number barred by the police, who name A1234BC.
async fn case_against_him(place: &TestStore) -> CaseId {
    let mut filing = filing(&[HERS]);
    filing.named.numbers = vec![prisoner("A1234BC")];
    let receipt = place
        .store
        .file_request(&place.police, None, filing)
        .await
        .unwrap();
    place.case_of(&receipt).await
}

async fn alerts(place: &TestStore, case: CaseId) -> Vec<ShownAlert> {
    place
        .store
        .alerts_of_case(&place.handler, case)
        .await
        .unwrap()
        .rows
}

fn signs(alert: &ShownAlert) -> Vec<Sign> {
    alert.signs.each().collect()
}

stories! {
    async fn there_is_one_alert_for_each_caller_number_and_hour_and_every_attempt_is_kept(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = case_against_him(place).await;
        let mut attempts: Vec<Attempt> = (1..=5).map(|n| tried(n, "A1234BC", HERS)).collect();
        attempts.push(tried(6, "generic", HERS));
        attempts.push(Attempt { at_ms: NINE + HOUR, ..tried(7, "A1234BC", HERS) });
        attempts.push(tried(8, "A1234BC", "+447700900777"));
        place.store.record_attempts(gate, &attempts).await.unwrap();
        let shown = alerts(place, case).await;
        let told: Vec<_> = shown.iter().map(|alert| (alert.caller.expose(), alert.times)).collect();
        assert_eq!(told, [("A1234BC", (1, 0)), ("generic", (1, 0)), ("A1234BC", (5, 0))], "newest first");
        assert_eq!(place.store.attempts_of_case(&place.handler, case, 99).await.unwrap().len(), 7);
    }

    async fn a_try_at_a_longer_number_abroad_that_begins_with_a_barred_one_stands_on_its_case(place: &TestStore) {
        const ABROAD: &str = "+35312345678";
        let gate = gate(place, lei(), 1).await;
        let case = place.case_of(&place.refer(&[ABROAD]).await).await;
        let longer = format!("{ABROAD}9");
        let attempts = [tried(1, "A1234BC", &longer), tried(2, "A1234BC", "+35312345679"), tried(3, "A1234BC", ABROAD)];
        place.store.record_attempts(gate, &attempts).await.unwrap();
        let shown = alerts(place, case).await;
        let told: Vec<_> = shown.iter().map(|alert| (alert.number.expose(), alert.times)).collect();
        assert_eq!(told, [(longer.as_str(), (2, 0))], "one alert: as he first dialled it");
        let evidence = place.store.attempts_of_case(&place.handler, case, 99).await.unwrap();
        assert_eq!(evidence.iter().map(|shown| shown.attempt.sequence).collect::<Vec<_>>(), [3, 1]);
    }

    async fn a_report_that_comes_again_or_in_another_order_raises_nothing_twice(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = case_against_him(place).await;
        let attempts: Vec<Attempt> = (1..=4).map(|n| tried(n, "A1234BC", HERS)).collect();
        for order in [[2, 3], [0, 1], [3, 2], [1, 0]] {
            let part = order.map(|n: usize| attempts[n].clone());
            place.store.record_attempts(gate, &part).await.unwrap();
        }
        let shown = alerts(place, case).await;
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].times, (4, 0), "each attempt is counted once");
        assert_eq!(signs(&shown[0]), [Sign::Repeated, Sign::Named]);
        let first_and_last = (shown[0].tried.0.as_millisecond(), shown[0].tried.1.as_millisecond());
        assert_eq!(first_and_last, (NINE + 1, NINE + 4));
    }

    async fn an_attempt_whose_transaction_fails_raises_no_alert_and_is_told_when_it_comes_again(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = case_against_him(place).await;
        let too_large = Attempt { sequence: u64::MAX, ..tried(2, "A1234BC", HERS) };
        assert!(place.store.record_attempts(gate, &[tried(1, "A1234BC", HERS), too_large]).await.is_err());
        assert!(alerts(place, case).await.is_empty());
        place.store.record_attempts(gate, &[tried(1, "A1234BC", HERS)]).await.unwrap();
        assert_eq!(alerts(place, case).await.len(), 1);
    }

    async fn each_case_is_told_what_the_try_means_for_it(place: &TestStore) {
        let (leeds, moorland) = (gate(place, lei(), 1).await, gate(place, mdi(), 2).await);
        let his = case_against_him(place).await;
        let nobodys = place.case_of(&place.refer(&[HERS]).await).await;
        place.store.record_attempts(leeds, &[tried(1, "A1234BC", HERS)]).await.unwrap();
        assert_eq!(signs(&alerts(place, his).await[0]), [Sign::Named]);
        assert_eq!(signs(&alerts(place, nobodys).await[0]), [Sign::NewNumber, Sign::NobodyNamed]);
        place.store.record_attempts(moorland, &[tried(1, "A5678DE", HERS)]).await.unwrap();
        let proxy = alerts(place, his).await;
        assert_eq!(proxy[0].prison, mdi());
        assert_eq!(signs(&proxy[0]), [Sign::NewNumber, Sign::SeveralCallers, Sign::Another]);
        place.store.record_attempts(moorland, &[Attempt { at_ms: NINE + HOUR, ..tried(2, "A5678DE", HERS) }]).await.unwrap();
        assert_eq!(signs(&alerts(place, his).await[0]), [Sign::SeveralCallers, Sign::Another], "new to him only once");
    }

    async fn a_number_that_a_handler_added_is_new_to_the_named_prisoner_unless_he_had_it(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        place.approve_number("A1234BC", "+447700900003", ContactKind::Social).await;
        let case = case_against_him(place).await;
        for added in ["+447700900002", "+447700900003"] {
            let target = casework::BarTarget::Number(number(added));
            place.store.add_target(&place.handler, case, &target).await.unwrap();
        }
        let attempts = [tried(1, "A1234BC", "+447700900002"), tried(2, "A1234BC", "+447700900003")];
        place.store.record_attempts(gate, &attempts).await.unwrap();
        let shown = alerts(place, case).await;
        assert_eq!(signs(&shown[0]), [Sign::Named], "it stood on his list");
        assert_eq!(signs(&shown[1]), [Sign::NewNumber, Sign::Named]);
    }

    async fn a_call_that_went_through_alerts_unless_two_people_let_him_keep_the_number(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        place.store.switch_prison_on(&place.operator, lei(), feed::Regime::CallEnabling).await.unwrap();
        place.approve_number("A5678DE", HERS, ContactKind::Social).await;
        let case = case_against_him(place).await;
        let holder = place.store.holders_of(&place.handler, case).await.unwrap().rows.remove(0);
        let HolderStands::Undecided(bar) = holder.stands else { panic!("{holder:?}") };
        let (prison, prisoner) = (holder.prison, holder.holder);
        place.agree(ProposedChange::ExceptPrisoner { bar, prison, prisoner }).await;
        let allowed = |n, caller: &str, at_ms| Attempt { verdict: Verdict::Allow, at_ms, ..tried(n, caller, HERS) };
        let before_the_bar = NINE - 24 * 60 * HOUR;
        let attempts = [allowed(1, "A5678DE", NINE + HOUR), allowed(2, "A1234BC", before_the_bar)];
        place.store.record_attempts(gate, &attempts).await.unwrap();
        assert!(alerts(place, case).await.is_empty(), "two people let him keep it; before, it was not barred");
        place.store.record_attempts(gate, &[allowed(3, "A1234BC", NINE + HOUR)]).await.unwrap();
        let shown = alerts(place, case).await;
        assert_eq!((signs(&shown[0]), shown[0].times), (vec![Sign::WentThrough, Sign::Named], (0, 1)));
    }

    async fn an_alert_is_seen_for_one_case_at_a_time_and_opens_again_when_it_says_more(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let (case, other) = (case_against_him(place).await, place.case_of(&place.refer(&[HERS]).await).await);
        place.store.record_attempts(gate, &[tried(1, "A1234BC", HERS)]).await.unwrap();
        let alert = alerts(place, case).await.remove(0);
        let all = Signs::of_bits(255);
        assert_eq!(
            place.store.mark_alert_seen(&place.handler, case, alert.alert, all).await,
            Err(StoreError::Conflict(Conflict::Changed)),
            "nobody has seen what it does not say"
        );
        assert!(place.store.mark_alert_seen(&place.police, case, alert.alert, alert.signs).await.is_err());
        place.store.mark_alert_seen(&place.handler, case, alert.alert, alert.signs).await.unwrap();
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!(open.iter().map(|alert| alert.case).collect::<Vec<_>>(), [other]);
        place.store.record_attempts(gate, &[tried(2, "A1234BC", HERS)]).await.unwrap();
        assert!(!alerts(place, case).await[0].is_open(), "one more try says nothing new");
        place.store.record_attempts(gate, &[tried(3, "A1234BC", HERS)]).await.unwrap();
        assert!(alerts(place, case).await[0].is_open(), "repeated");
        let third = place.case_of(&place.refer(&["+447700900009"]).await).await;
        let unknown = place.store.mark_alert_seen(&place.handler, third, alert.alert, alert.signs).await;
        assert_eq!(unknown, Err(StoreError::NotFound));
    }

    async fn a_decided_case_comes_back_to_the_top_of_the_queue_while_an_alert_is_open(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = case_against_him(place).await;
        place.locate(case, "A1234BC").await;
        place.store.record_assessment(&place.handler, case, crate::support::assessment()).await.unwrap();
        place.store.confirm_case(&place.handler, case).await.unwrap();
        let waiting = place.case_of(&place.refer(&["+447700900002"]).await).await;
        assert_eq!(place.queue().await.iter().map(|case| case.case).collect::<Vec<_>>(), [waiting]);
        place.store.record_attempts(gate, &[tried(1, "A1234BC", HERS)]).await.unwrap();
        let queue = place.store.queue(&place.handler, QueueAsked::default()).await.unwrap();
        assert_eq!(queue.cases.iter().map(|case| (case.case, case.alerts)).collect::<Vec<_>>(), [(case, 1), (waiting, 0)]);
        assert_eq!(queue.alerted, 1);
        let alert = alerts(place, case).await.remove(0);
        place.store.mark_alert_seen(&place.handler, case, alert.alert, alert.signs).await.unwrap();
        assert_eq!(place.queue().await.len(), 1);
    }

    async fn a_lifted_bar_and_one_narrowed_to_another_raise_nothing(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let receipt = place.refer(&[HERS, "+447700900002"]).await;
        let bars: Vec<_> = receipt.targets.iter().map(|target| match target.outcome {
            Outcome::Barred(bar) => bar,
            _ => panic!("barred"),
        }).collect();
        place.agree(ProposedChange::LiftBar { bar: bars[0] }).await;
        place.narrow(bars[1], prisoner("A1234BC")).await;
        let attempts = [tried(1, "A1234BC", HERS), tried(2, "A5678DE", "+447700900002")];
        place.store.record_attempts(gate, &attempts).await.unwrap();
        assert!(place.store.open_alerts(&place.handler).await.unwrap().rows.is_empty());
        place.store.record_attempts(gate, &[tried(3, "generic", "+447700900002")]).await.unwrap();
        assert_eq!(place.store.open_alerts(&place.handler).await.unwrap().rows.len(), 1, "who is nobody meets every bar");
    }

    async fn a_canary_is_barred_like_any_number_and_a_try_at_it_tells_where_it_was_planted(place: &TestStore) {
        const PLANTED: &str = "+447700900888";
        let gate = gate(place, lei(), 1).await;
        place.operators_agree(ProposedChange::SwitchOnCallBarring { prison: mdi() }).await;
        let plant = async |by, number_text: &str, label: &str| place.store.plant_canary(by, &BarTarget::Number(number(number_text)), label).await;
        assert!(plant(&place.handler, PLANTED, "the office file").await.is_err());
        assert!(plant(&place.operator, PLANTED, " ").await.is_err());
        let reference = plant(&place.operator, PLANTED, "the office file").await.unwrap();
        assert_eq!(place.barred().await, [PLANTED]);
        assert!(place.queue().await.is_empty(), "nobody has anything to do with it");
        assert_eq!(plant(&place.operator, PLANTED, "again").await, Err(StoreError::Conflict(Conflict::Changed)));
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        assert_eq!(plant(&place.operator, HERS, "his sister's").await, Err(StoreError::Conflict(Conflict::Changed)));
        place.store.record_attempts(gate, &[tried(1, "A1234BC", PLANTED)]).await.unwrap();
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!((&open[0].reference, signs(&open[0])), (&reference, vec![Sign::Canary]));
        assert_eq!(open[0].label.as_ref().unwrap().expose(), "the office file");
        assert_eq!(place.queue().await.len(), 1);
        let listed = place.store.canaries(&place.operator).await.unwrap();
        assert_eq!(listed[0].label.expose(), "the office file");
        assert!(place.store.canaries(&place.handler).await.is_err());
    }

    async fn a_canary_that_is_asked_for_tells_where_it_was_planted_and_the_prison_reads_what_it_reads_of_any(place: &TestStore) {
        const PLANTED: &str = "+447700900888";
        let reference = place.store.plant_canary(&place.operator, &BarTarget::Number(number(PLANTED)), "the office file").await.unwrap();
        place.refer(&[HERS]).await;
        for (holder, asked_for) in [("A1234BC", PLANTED), ("A5678DE", HERS)] {
            assert_eq!(place.try_apply(holder, asked_for, ContactKind::Social).await, Ok(None), "not approved");
        }
        let answers = place.store.applications_of(&place.clerk, lei()).await.unwrap().rows;
        assert_eq!(answers[0].answer, answers[1].answer);
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!((open.len(), &open[0].reference, signs(&open[0]), open[0].times), (1, &reference, vec![Sign::Canary], (0, 0)));
        assert_eq!(open[0].caller.expose(), "A1234BC");
        place.clock.advance(2 * HOUR / 1_000);
        let official = place.apply("A1234BC", PLANTED, ContactKind::Official).await;
        place.store.approve(&place.security, official).await.unwrap();
        assert!(place.approved().await.is_empty(), "on the list, and at no gate");
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!(open.len(), 2, "one for each hour");
    }

    async fn what_is_missing_of_a_gates_attempts_is_known_as_gaps_and_a_late_report_fills_them(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let report = async |sequences: &[u64]| {
            let attempts: Vec<Attempt> = sequences.iter().map(|n| tried(*n, "A1234BC", "+447700900777")).collect();
            place.store.record_attempts(gate, &attempts).await.unwrap();
            let found = place.store.missing_attempts(gate).await.unwrap();
            let gaps: Vec<(u64, u64)> = found.gaps.iter().map(|gap| (gap.first, gap.last)).collect();
            (found.highest, found.missing, gaps)
        };
        assert_eq!(report(&[]).await, (0, 0, vec![]));
        assert_eq!(report(&[3, 4]).await, (4, 2, vec![(1, 2)]));
        assert_eq!(report(&[9, 7, 8]).await, (9, 4, vec![(1, 2), (5, 6)]));
        assert_eq!(report(&[6, 20]).await, (20, 13, vec![(1, 2), (5, 5), (10, 19)]));
        assert_eq!(report(&[5, 5, 6]).await, (20, 12, vec![(1, 2), (10, 19)]));
        assert_eq!(report(&[2, 1]).await, (20, 10, vec![(10, 19)]));
    }
}
