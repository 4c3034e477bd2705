//! The mailroom in the store: who may check how many letters, what is kept beside a check, alerts of letters, files of
//! letters, and what a decision must say.

use hub::alerts::Sign;
use hub::seams::Clock;
use hub::store::{
    AskedLetter, Beside, CHECKS_PER_PRISON_AND_HOUR, Conflict, LateLetters, LetterDecision, LetterRuling,
    LetterVerdict, MailKind, NewBatchRow, Picture, PictureFormat, Refusal, RowAnswer, Ruled, ShownAlert,
    StoreError, Told,
};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, address, key, lei, letter, mdi, prisoner, ruled, written};

const HERS: &str = "14 Invented Lane, Nowhere, ZZ1 2CD";
const HIM: &str = "A1234BC";
/// Seconds.
const HOUR: i64 = 3_600;

/// One handler says that a letter leaves.
async fn post(place: &TestStore, letter: Uuid) -> Result<(), StoreError> {
    let barred = place.store.barred_addresses(None).await.unwrap();
    let ruling = ruled(LetterDecision::Post);
    place
        .store
        .decide_letter(&place.handler, letter, &ruling, &barred)
        .await
}

async fn oldest(place: &TestStore) -> Uuid {
    place.store.letters_waiting(&place.handler).await.unwrap()[0].id
}

/// Raises the alerts of all letters, as a running hub does.
async fn raise(place: &TestStore) {
    let barred = place.store.barred_addresses(None).await.unwrap();
    for letter in place.store.letters_to_alert().await.unwrap() {
        let recorded = letter.letter.finding.bar();
        let met = barred.met(&letter.letter.written);
        let met: Vec<_> = recorded.into_iter().chain(met).collect();
        place.store.alert_of_letter(&letter, &met).await.unwrap();
    }
}

fn signs(alert: &ShownAlert) -> Vec<Sign> {
    alert.signs.each().collect()
}

async fn pictures(place: &TestStore) -> i64 {
    let db = place.past_the_store().await;
    let count = "SELECT COUNT(*) AS n FROM letter_pictures".to_owned();
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), count))
        .await;
    row.unwrap().unwrap().try_get("", "n").unwrap()
}

stories! {
    async fn a_sender_whom_the_prison_does_not_hold_is_not_checked_and_nothing_is_recorded(place: &TestStore) {
        place.receive("A9999ZZ", mdi()).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        for sender in ["A9999ZZ", "A8888YY"] {
            let refused = place.record(letter(&barred, Some(prisoner(sender)), HERS)).await;
            assert_eq!(refused, Err(StoreError::Refused(Refusal::NotHeldHere)), "{sender}");
        }
        assert!(place.store.letters_waiting(&place.handler).await.unwrap().is_empty());
        assert!(place.record(letter(&barred, None, HERS)).await.is_ok(), "unknown is always an answer");
    }

    async fn a_prison_checks_so_many_letters_in_an_hour_and_one_past_it_waits_also_after_a_restart(place: &TestStore) {
        let barred = place.store.barred_addresses(None).await.unwrap();
        let passing = || letter(&barred, None, "3 Elsewhere Road");
        for _ in 0..CHECKS_PER_PRISON_AND_HOUR {
            place.record(passing()).await.unwrap();
        }
        let past = Err(StoreError::Refused(Refusal::TooManyChecks));
        assert_eq!(place.record(passing()).await, past);
        let again = place.again().await;
        assert_eq!(again.record_letter(&place.mailroom, passing(), Beside::default()).await, past);
        place.clock.advance(HOUR);
        assert!(place.record(passing()).await.is_ok(), "the next hour");
    }

    async fn a_check_sent_again_under_its_key_is_recorded_once_and_gets_the_same_code(place: &TestStore) {
        let barred = place.store.barred_addresses(None).await.unwrap();
        let send = async |code: &str, body: &str| {
            let beside = Beside { key: Some(key("once", body)), ..Beside::default() };
            let mut letter = letter(&barred, None, HERS);
            letter.shelf_code = Some(code.to_owned());
            place.store.record_letter(&place.mailroom, letter, beside).await
        };
        assert_eq!(send("AAAAAA", "body").await.unwrap().as_deref(), Some("AAAAAA"));
        assert_eq!(send("BBBBBB", "body").await.unwrap().as_deref(), Some("AAAAAA"));
        assert_eq!(send("CCCCCC", "other").await, Err(StoreError::Conflict(Conflict::OtherBody)));
        assert_eq!(place.store.letters_waiting(&place.handler).await.unwrap().len(), 1);
    }

    async fn a_picture_is_sealed_kept_while_its_letter_is_on_the_shelf_and_seen_by_handlers_alone(place: &TestStore) {
        let barred = place.store.barred_addresses(None).await.unwrap();
        let picture = Picture { format: PictureFormat::Png, bytes: b"an envelope".to_vec() };
        let with = || Beside { picture: Some(picture.clone()), ..Beside::default() };
        let mut passes = letter(&barred, None, HERS);
        passes.shelf_code = None;
        place.store.record_letter(&place.mailroom, passes, with()).await.unwrap();
        assert_eq!(pictures(place).await, 0, "of a letter that leaves none is kept");
        place.store.record_letter(&place.mailroom, letter(&barred, None, HERS), with()).await.unwrap();
        assert_eq!(pictures(place).await, 1);
        let waiting = &place.store.letters_waiting(&place.handler).await.unwrap()[0];
        assert!(waiting.pictured);
        assert_eq!(place.store.letter_picture(&place.handler, waiting.id).await.unwrap(), picture);
        assert!(place.store.letter_picture(&place.mailroom, waiting.id).await.is_err());
        post(place, waiting.id).await.unwrap();
        assert_eq!(pictures(place).await, 0, "it went with the letter");
    }

    async fn a_returned_letter_says_how_he_knew_the_address_and_whether_he_was_told(place: &TestStore) {
        place.shelve(None, HERS).await;
        let waiting = oldest(place).await;
        let barred = place.store.barred_addresses(None).await.unwrap();
        let decide = async |ruled: Ruled| {
            let ruling = LetterRuling { ruled, authority: None };
            place.store.decide_letter(&place.handler, waiting, &ruling, &barred).await
        };
        let (already_knew, told) = ("He lived there.".into(), Told::Yes);
        let unsaid = Told::No(" ".into());
        for incomplete in [
            Ruled::Return { already_knew: " ".into(), told: told.clone() },
            Ruled::Return { already_knew, told: unsaid.clone() },
            Ruled::Evidence { told: unsaid },
        ] {
            assert!(matches!(decide(incomplete).await, Err(StoreError::Invalid(_))));
        }
        let returned = ruled(LetterDecision::Return).ruled;
        decide(returned).await.unwrap();
        let told = place.store.decided_letters(&place.mailroom, lei()).await.unwrap();
        assert_eq!((told.len(), told[0].decision), (1, LetterDecision::Return));
    }

    async fn letters_on_the_shelf_past_their_time_are_counted_by_prison(place: &TestStore) {
        place.shelve(None, HERS).await;
        let now = place.clock.now();
        let late = place.store.late_letters(now, now).await.unwrap();
        assert_eq!(late, [LateLetters { prison: lei(), undecided: 1, unchecked: 0 }]);
        let before = now.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap();
        assert!(place.store.late_letters(before, before).await.unwrap().is_empty());
        assert_eq!(place.store.letters_to_decide(&place.handler, now).await, Ok((1, 1)));
        assert_eq!(place.store.letters_to_decide(&place.handler, before).await, Ok((1, 0)));
        assert!(place.store.letters_to_decide(&place.mailroom, now).await.is_err());
    }

    async fn letters_that_were_counted_on_a_desk_are_late_until_as_many_were_checked(place: &TestStore) {
        let count = async |letters: u32| place.store.count_unchecked_letters(&place.mailroom, lei(), letters).await;
        let late = async |hours: i64| {
            let before = place.clock.now().checked_sub(jiff::SignedDuration::from_hours(hours)).unwrap();
            let late = place.store.late_letters(before, before).await.unwrap();
            late.iter().map(|late| late.unchecked).sum::<u64>()
        };
        let later = |hours: i64| place.clock.advance(hours * HOUR);
        count(3).await.unwrap();
        assert_eq!((late(24).await, late(0).await), (0, 3));
        later(20);
        place.shelve(None, HERS).await;
        assert_eq!(late(24).await, 0, "a day has not passed");
        later(4);
        assert_eq!(late(24).await, 2);
        count(5).await.unwrap();
        assert_eq!(late(24).await, 2, "what came later makes the old ones no younger and no more");
        count(1).await.unwrap();
        assert_eq!(late(24).await, 1, "a recount finds fewer");
        later(1);
        place.shelve(None, HERS).await;
        assert_eq!(late(24).await, 0);
        later(24);
        count(0).await.unwrap();
        assert_eq!(late(24).await, 0, "nothing lies there any more");
        assert!(place.store.count_unchecked_letters(&place.mailroom, mdi(), 1).await.is_err());
        assert!(place.store.count_unchecked_letters(&place.handler, lei(), 1).await.is_err());
        assert!(matches!(count(100_001).await, Err(StoreError::Invalid(_))));
    }

    async fn a_stopped_letter_raises_an_alert_on_its_case_once_and_a_doubtful_one_none(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        place.locate(case, HIM).await;
        place.store.add_target(&place.handler, case, &address(HERS)).await.unwrap();
        place.shelve(Some(prisoner(HIM)), HERS).await;
        place.shelve(Some(prisoner(HIM)), &format!("Flat 3, {HERS}")).await;
        raise(place).await;
        raise(place).await;
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!(open.len(), 1);
        let letter = open[0].letter.as_ref().unwrap();
        assert_eq!((letter.written.lines.expose(), letter.checked_by.as_str()), (HERS, place.mailroom.name.as_str()));
        assert_eq!((open[0].case, open[0].caller.expose(), open[0].times), (case, HIM, (1, 0)));
        assert_eq!(signs(&open[0]), [Sign::NewNumber, Sign::Named], "a handler added it: he has learned it");
        assert!(place.store.letters_to_alert().await.unwrap().is_empty());
    }

    async fn another_senders_letter_within_the_week_and_a_third_of_one_sender_say_so(place: &TestStore) {
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        place.store.add_target(&place.handler, case, &address(HERS)).await.unwrap();
        for sender in [HIM, HIM, HIM, "A5678DE"] {
            place.shelve(Some(prisoner(sender)), HERS).await;
            raise(place).await;
        }
        place.shelve(None, HERS).await;
        raise(place).await;
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        let said = |caller: &str| signs(open.iter().find(|alert| alert.caller.expose() == caller).unwrap());
        assert_eq!(said(HIM), [Sign::NewNumber, Sign::Repeated, Sign::NobodyNamed]);
        assert_eq!(said("A5678DE"), [Sign::NewNumber, Sign::SeveralCallers, Sign::NobodyNamed]);
        assert_eq!(said("unknown"), [Sign::SeveralCallers, Sign::NobodyNamed]);
    }

    async fn a_planted_address_is_barred_like_any_and_a_letter_to_it_tells_where_it_was_planted(place: &TestStore) {
        const PLANTED: &str = "9 Fabled Row, Nowhere, ZZ1 4EF";
        let plant = async |by, lines: &str| place.store.plant_canary(by, &address(lines), "the mailroom's folder").await;
        assert!(plant(&place.handler, PLANTED).await.is_err());
        assert!(matches!(plant(&place.operator, ",").await, Err(StoreError::Invalid(_))));
        let reference = plant(&place.operator, PLANTED).await.unwrap();
        assert_eq!(plant(&place.operator, PLANTED).await, Err(StoreError::Conflict(Conflict::Changed)));
        let found = place.shelve(Some(prisoner(HIM)), PLANTED).await;
        assert_eq!(found.verdict(), LetterVerdict::Stop);
        // Doubtful, and planted all the same.
        place.shelve(None, &format!("Flat 3, {PLANTED}")).await;
        raise(place).await;
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!(open.len(), 2);
        for alert in &open {
            assert_eq!((&alert.reference, signs(alert)[0]), (&reference, Sign::Canary));
            assert_eq!(alert.label.as_ref().unwrap().expose(), "the mailroom's folder");
        }
    }

    async fn a_file_is_taken_in_whole_and_each_row_answered_once_in_the_transaction_of_its_check(place: &TestStore) {
        let asked = |lines: &str| Ok(AskedLetter { sender: prisoner(HIM), written: written(lines) });
        let rows = [
            NewBatchRow { reference: "one".into(), asked: asked("3 Elsewhere Road") },
            NewBatchRow { reference: "two".into(), asked: Err(RowAnswer::NoAddress) },
            NewBatchRow { reference: "three".into(), asked: asked(HERS) },
        ];
        let (store, by) = (&place.store, &place.mailroom);
        assert!(store.file_letter_batch(by, lei(), MailKind::Email, &[]).await.is_err());
        assert!(store.file_letter_batch(by, mdi(), MailKind::Email, &rows).await.is_err());
        let batch = store.file_letter_batch(by, lei(), MailKind::Email, &rows).await.unwrap();
        let waiting = store.letter_rows_waiting().await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.row.row).collect::<Vec<_>>(), [1, 3]);
        let barred = store.barred_addresses(None).await.unwrap();
        let check = async |row| {
            let mut passes = letter(&barred, Some(prisoner(HIM)), "3 Elsewhere Road");
            passes.shelf_code = None;
            let beside = Beside { row: Some(row), ..Beside::default() };
            store.record_letter(by, passes, beside).await
        };
        check(waiting[0].row).await.unwrap();
        assert_eq!(check(waiting[0].row).await, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
        let again = place.again().await;
        let left = again.letter_rows_waiting().await.unwrap();
        assert_eq!((left.len(), left[0].row.row), (1, 3), "after a restart it goes on where it was");
        store.leave_letter_row(left[0].row, RowAnswer::NotHeldHere).await.unwrap();
        let answers = store.letter_batch_answers(by, lei(), batch).await.unwrap();
        let words = answers.iter().map(|line| (line.row, line.reference.expose(), line.answer.as_ref().unwrap().answer));
        let expected = [(1, "one", RowAnswer::Post), (2, "two", RowAnswer::NoAddress), (3, "three", RowAnswer::NotHeldHere)];
        assert_eq!(words.collect::<Vec<_>>(), expected);
        let shown = &store.letter_batches(by, lei()).await.unwrap()[0];
        assert_eq!((shown.rows, shown.answered, shown.kind), (3, 3, MailKind::Email));
        assert_eq!(store.letter_batch_answers(by, lei(), Uuid::nil()).await, Err(StoreError::NotFound));
    }

    async fn however_many_files_one_prison_sends_another_prisons_are_looked_at(place: &TestStore) {
        let rows = [NewBatchRow {
            reference: "one".into(),
            asked: Ok(AskedLetter { sender: prisoner(HIM), written: written("3 Elsewhere Road") }),
        }];
        for _ in 0..150 {
            place.store.file_letter_batch(&place.mailroom, lei(), MailKind::Letter, &rows).await.unwrap();
            place.clock.advance(1);
        }
        let role = casework::Role::Mailroom { prison: mdi() };
        let other = place.store.add_account(Some(&place.operator), "Mo Mailroom", role).await.unwrap();
        place.store.file_letter_batch(&other, mdi(), MailKind::Letter, &rows).await.unwrap();
        let waiting = place.store.letter_rows_waiting().await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.prison).collect::<Vec<_>>(), [lei(), mdi()]);
    }

    async fn a_row_and_a_letter_that_cannot_be_opened_any_more_hold_up_no_other(place: &TestStore) {
        let asked = |lines: &str| NewBatchRow {
            reference: lines.into(),
            asked: Ok(AskedLetter { sender: prisoner(HIM), written: written(lines) }),
        };
        let rows = [asked("3 Elsewhere Road"), asked("5 Elsewhere Road")];
        place.store.file_letter_batch(&place.mailroom, lei(), MailKind::Letter, &rows).await.unwrap();
        let damaged = || vec![vec![0_u8; 40].into()];
        place.damage("UPDATE letter_batch_rows SET body = $1 WHERE row_no = 1", damaged()).await;
        let waiting = place.store.letter_rows_waiting().await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.asked.is_some()).collect::<Vec<_>>(), [false, true]);
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        place.store.add_target(&place.handler, case, &address(HERS)).await.unwrap();
        place.shelve(Some(prisoner(HIM)), HERS).await;
        place.damage("UPDATE letters SET written = $1", damaged()).await;
        place.shelve(Some(prisoner("A5678DE")), HERS).await;
        let told = place.store.letters_to_alert().await.unwrap();
        assert_eq!(told.iter().map(|letter| letter.letter.sender).collect::<Vec<_>>(), [Some(prisoner("A5678DE"))]);
    }
}
