//! A prison's no-contact list: what it names is barred at once, each row once, and whatever is not certain to be
//! protected is told by row.

use casework::{Personal, Policy, ProposedChange};
use feed::{AlwaysAllowed, ContactKind};
use hub::always_allowed::{AlwaysAllowedNumbers, BUILT_IN, read_csv};
use hub::custody::Custody;
use hub::intake::Intake;
use hub::lists::{Gap, ListOrigin, NoContactLimits, ReadRow, TakeOver, file_hash, read_no_contact};
use hub::store::{
    AuditCheck, CaseFile, HeldWhy, HolderStands, NoContactList, NoContactState, Outcome, RowPlace, StoreError,
};
use prison::PrisonId;
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, address, lei, mdi, prisoner};

const HERS: &str = "+447700900001";
const HIS_MOTHERS: &str = "+447700900002";
const A_LAWYERS: &str = "+441632960001";
const HEADER: &str = "prison_number,prisoner,person,numbers,address,reason,order,reference,expires";

/// A file of these rows; cells that are left out are empty.
fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn origin(prison: PrisonId, file: &str) -> ListOrigin {
    ListOrigin {
        prison,
        kept_by: "Public protection, HMP Leeds".into(),
        as_of: "2026-11-01".parse().unwrap(),
        file: file_hash(file.as_bytes()),
    }
}

async fn staged(place: &TestStore, prison: PrisonId, file: &str) -> Uuid {
    let rows = read_no_contact(file.as_bytes(), prison).unwrap();
    let (import, from) = place
        .store
        .begin_no_contact_list(&place.handler, &origin(prison, file))
        .await
        .unwrap();
    let new: Vec<ReadRow> = rows.into_iter().filter(|(row, _)| *row > from).collect();
    for batch in new.chunks(NoContactLimits::DEFAULT.staged_at_once) {
        place
            .store
            .stage_no_contact_rows(&place.handler, import, batch)
            .await
            .unwrap();
    }
    place
        .store
        .finish_no_contact_staging(&place.handler, import)
        .await
        .unwrap();
    import
}

/// What a running hub does in the background.
async fn take_over(place: &TestStore) -> Result<u64, StoreError> {
    take_over_by(place, Policy::BUILT_IN).await
}

async fn take_over_by(place: &TestStore, policy: &str) -> Result<u64, StoreError> {
    let numbers = read_csv(BUILT_IN.as_bytes()).unwrap();
    let intake = Intake {
        policy: &Policy::parse(policy).unwrap(),
        always_allowed: &AlwaysAllowedNumbers::of(&AlwaysAllowed { version: 1, numbers }),
        custody: &Custody::read(&place.store).await.unwrap(),
        now: place.seams.clock.now(),
    };
    let store = &place.store;
    TakeOver { store, intake }.finish().await
}

async fn report(place: &TestStore, import: Uuid) -> NoContactList {
    place.store.no_contact_list(&place.handler, import).await.unwrap()
}

async fn imported_in(place: &TestStore, prison: PrisonId, file: &str) -> NoContactList {
    place.clock.advance(1);
    let import = staged(place, prison, file).await;
    take_over(place).await.unwrap();
    report(place, import).await
}

async fn imported(place: &TestStore, rows: &[&str]) -> NoContactList {
    imported_in(place, lei(), &file(rows)).await
}

/// The cases of the queue, opened.
async fn cases(place: &TestStore) -> Vec<CaseFile> {
    let mut files = Vec::new();
    for case in place.queue().await {
        files.push(place.store.open_case(&place.handler, case.case).await.unwrap());
    }
    files
}

async fn only_case(place: &TestStore) -> CaseFile {
    let mut cases = cases(place).await;
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

stories! {
    async fn what_a_list_names_is_barred_for_everyone_and_its_case_says_where_it_comes_from(place: &TestStore) {
        let rows = [
            "A1234BC,\"Invented, Ivan\",Rhian Prior,07700 900001,\"1 Fictional Row, Leeds LS1 4AP\",He rings her,\
             Non-molestation order,FL401/7,01/03/2027",
            ",,,07700 900002",
        ];
        let list = imported(place, &rows).await;
        assert_eq!((list.state, list.rows, list.barred, list.unprotected), (NoContactState::Done, 2, 3, 0));
        assert_eq!(list.gaps, [(2, Gap::NoName), (2, Gap::NoPrisoner)]);
        assert_eq!(place.barred().await, [HERS, HIS_MOTHERS]);
        let barred = place.store.barred_addresses(None).await.unwrap();
        let casework::BarTarget::Address(written) = address("1 Fictional Row, Leeds LS1 4AP") else { panic!("an address") };
        let letter = barred.judge(Some(prisoner("A5678DE")), &written);
        assert!(letter.bar().is_some(), "her letters stop: {letter:?}");
        let cases = cases(place).await;
        let hers = cases.iter().find(|case| case.bars.len() == 2).unwrap();
        let [listed] = &hers.listed[..] else { panic!("{:?}", hers.listed) };
        assert_eq!((listed.row, listed.origin.kept_by.expose()), (1, "Public protection, HMP Leeds"));
        assert_eq!((&listed.origin.file, listed.origin.as_of.to_string().as_str()), (&list.origin.file, "2026-11-01"));
        let request = &hers.requests[0].request;
        assert_eq!(request.people[0].name.expose(), "Rhian Prior");
        assert_eq!(request.orders[0].number.as_ref().map(Personal::expose), Some("FL401/7"));
        let key = format!("{}/1", list.id);
        let noted = hers.timeline.iter().find(|row| row.subject == key).unwrap();
        assert!(noted.detail.contains("rule=registered-organisation") && noted.detail.contains("barred=2"), "{}", noted.detail);
        assert_eq!(noted.name, "Hazel Handler", "who staged it answers for it");
    }

    async fn a_number_that_stood_approved_although_the_list_named_it_is_off_and_told_and_others_are_suspended(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        place.approve_number("A5678DE", HERS, ContactKind::Social).await;
        let list = imported(place, &["A1234BC,Ivan Invented,Rhian Prior,07700 900001"]).await;
        assert!(place.approved().await.is_empty());
        assert_eq!(list.gaps, [(1, Gap::OthersSuspended), (1, Gap::WasApproved)]);
        assert_eq!(list.unprotected, 0, "it rings nobody any more");
        let case = only_case(place).await;
        assert_eq!(case.undecided_holders, 1, "a handler decides of the other");
        let holders = place.store.holders_of(&place.handler, case.case).await.unwrap().rows;
        let stands = |of: &str| holders.iter().find(|h| h.holder == prisoner(of)).unwrap().stands;
        assert_eq!(stands("A1234BC"), HolderStands::Revoked);
        assert!(matches!(stands("A5678DE"), HolderStands::Undecided(_)));
    }

    async fn whatever_is_not_protected_is_told_by_row_and_stops_no_other(place: &TestStore) {
        place.approve_number("A5678DE", A_LAWYERS, ContactKind::Legal).await;
        let rows = [
            "A1234BC,Ivan Invented,Ann Prior,07700 900",
            "A1234BC,Ivan Invented,Ann Prior",
            "A1234BC,Ivan Invented,Ann Prior,116 123",
            "A1234BC,Ivan Invented,Ann Prior,999",
            "A1234BC,Ivan Invented,Ann Prior,01632 960001",
            "A1234BC,Ivan Invented,Ann Prior,,Leeds",
            "A1234BC,Ivan Invented,Ann Prior,07700 900001,,,,,,a cell too many",
            "A1234BC,Ivan Invented,Ann Prior,07700 900002",
        ];
        let list = imported(place, &rows).await;
        use Gap::{Address, AlwaysAllowed, Emergency, Lawyer, NothingToBar, Number, Unreadable};
        let told = [
            (1, Number), (2, NothingToBar), (3, AlwaysAllowed), (4, Emergency), (5, Lawyer), (6, Address), (7, Unreadable),
        ];
        assert_eq!(list.gaps, told);
        assert!(list.gaps.iter().all(|(_, gap)| gap.leaves_unprotected()));
        assert_eq!((list.unprotected, list.barred, list.held), (7, 1, 1));
        assert_eq!(place.barred().await, [HIS_MOTHERS]);
        let case = only_case(place).await;
        assert_eq!((case.held.len(), case.held[0].why), (1, HeldWhy::Legal), "two people bar a lawyer's number");
    }

    async fn what_is_doubtful_about_a_prisoner_is_told_and_nobody_is_named_by_a_number_of_another_name(place: &TestStore) {
        place.receive("B1234BC", mdi()).await;
        place.receive("C1234BC", "OUT".parse().unwrap()).await;
        place.approve_number("A1234BC", "+447700900014", ContactKind::Social).await;
        let rows = [
            "A12,Ivan Invented,Ann Prior,07700 900010",
            "Z9999ZZ,Ivan Invented,Ann Prior,07700 900011",
            "B1234BC,Ivan Invented,Ann Prior,07700 900012",
            "C1234BC,Ivan Invented,Ann Prior,07700 900013",
            "A1234BC,Otto Else,Ann Prior,07700 900014",
            "A1234BC,Ivan Invented,Ann Prior,07700 900015,,,,,2025-01-01",
            "A1234BC,Ivan Invented,Ann Prior,7700900016,,,,,week 7",
        ];
        let list = imported(place, &rows).await;
        use Gap::{Elsewhere, Expired, Mended, NameDiffers, NotADate, NotInCustody, OthersSuspended, PrisonNumber, UnknownPrisoner};
        let told = [
            (1, PrisonNumber), (2, UnknownPrisoner), (3, Elsewhere), (4, NotInCustody), (5, NameDiffers),
            (5, OthersSuspended), (6, Expired), (7, Mended), (7, NotADate),
        ];
        assert_eq!(list.gaps, told);
        assert_eq!((list.unprotected, place.barred().await.len()), (0, 7), "all are barred all the same");
    }

    async fn the_same_file_again_changes_nothing_and_a_row_that_came_before_is_not_taken_twice(place: &TestStore) {
        let rows = ["A1234BC,Ivan Invented,Rhian Prior,07700 900001", "A1234BC,Ivan Invented,Rhian Prior,07700 900001"];
        let list = imported(place, &rows).await;
        assert_eq!((list.barred, list.gaps.clone()), (1, vec![(2, Gap::Twice)]));
        let head = place.store.head().await.unwrap();
        let again = imported(place, &rows).await;
        assert_eq!(again, list);
        assert_eq!(place.store.head().await.unwrap(), head, "gates hear of nothing");
        assert_eq!(cases(place).await.len(), 1);
    }

    async fn the_next_list_of_a_prison_adds_what_is_new_to_the_same_cases(place: &TestStore) {
        let first = "A1234BC,Ivan Invented,Rhian Prior,07700 900001,\"1 Fictional Row, Leeds LS1 4AP\"";
        imported(place, &[first]).await;
        let next = imported(place, &[first, "A1234BC,Ivan Invented,Rhian Prior,07700 900002"]).await;
        assert_eq!((next.already, next.barred, next.gaps.len()), (2, 1, 0));
        let case = only_case(place).await;
        assert_eq!((case.requests.len(), case.bars.len(), case.listed.len()), (2, 3, 3));
    }

    async fn the_same_number_in_lists_of_two_prisons_is_barred_by_each_so_that_one_lift_leaves_the_other(place: &TestStore) {
        place.receive("B1234BC", mdi()).await;
        imported(place, &["A1234BC,Ivan Invented,Rhian Prior,07700 900001"]).await;
        imported_in(place, mdi(), &file(&["B1234BC,Ivan Invented,Rhian Prior,07700 900001"])).await;
        let cases = cases(place).await;
        assert_eq!(cases.len(), 2);
        place.agree(ProposedChange::LiftBar { bar: cases[0].bars[0].bar.id }).await;
        assert_eq!(place.barred().await, [HERS]);
    }

    async fn what_two_people_lifted_no_list_bars_again_until_a_handler_has_looked(place: &TestStore) {
        let row = "A1234BC,Ivan Invented,Rhian Prior,07700 900001";
        imported(place, &[row]).await;
        let bar = only_case(place).await.bars[0].bar.id;
        place.agree(ProposedChange::LiftBar { bar }).await;
        let next = imported(place, &[row, ",,Another,07700 900002"]).await;
        assert_eq!((next.held, next.gaps[0]), (1, (1, Gap::LiftedBefore)));
        assert_eq!(place.barred().await, [HIS_MOTHERS]);
        let held = cases(place).await.into_iter().find_map(|case| case.held.first().map(|held| held.id)).unwrap();
        place.store.bar_held(&place.handler, held).await.unwrap();
        assert_eq!(place.barred().await, [HERS, HIS_MOTHERS]);
    }

    async fn two_people_of_one_name_whom_other_prisoners_must_not_reach_are_two_cases(place: &TestStore) {
        let rows = [
            "A1234BC,Ivan Invented,Rhian Prior,07700 900001", "A5678DE,Ivan Invented,Rhian Prior,07700 900002",
            ",,Rhian Prior,07700 900003", ",,Rhian Prior,07700 900004", "A1234BC,,,07700 900005", "A1234BC,,,07700 900006",
        ];
        imported(place, &rows).await;
        assert_eq!(cases(place).await.len(), 6);
    }

    async fn a_list_uses_up_nobodys_room_under_a_cap_and_no_cap_drops_a_row(place: &TestStore) {
        let caps = crate::support::caps();
        let most = usize::try_from(caps.bars_per_prisoner_and_hour).unwrap();
        let rows: Vec<String> = (0..=most).map(|n| format!("A1234BC,,Ann {n},07700 900{n:03}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let list = imported(place, &rows).await;
        assert_eq!((list.barred, list.held), (rows.len() as u64, 0));
        let mut filing = crate::support::filing(&["+447700900900"]);
        filing.named.numbers = vec![prisoner("A1234BC")];
        let receipt = place.store.file_request(&place.police, None, filing).await.unwrap();
        assert!(matches!(receipt.targets[0].outcome, Outcome::Barred(_)), "{receipt:?}");
    }

    async fn where_the_policy_wants_a_handler_first_a_list_waits_for_one_and_says_so(place: &TestStore) {
        let import = staged(place, lei(), &file(&["A1234BC,,Ann,07700 900001"])).await;
        let policy = Policy::BUILT_IN.replace("outcome = \"at-once\"", "outcome = \"handler-first\"");
        take_over_by(place, &policy).await.unwrap();
        let list = report(place, import).await;
        assert_eq!((list.held, list.gaps.clone()), (1, vec![(1, Gap::HandlerFirst)]));
        assert!(place.barred().await.is_empty());
    }

    async fn staging_that_was_broken_off_bars_what_it_had_and_goes_on_where_it_was(place: &TestStore) {
        let rows: Vec<String> = (0..60).map(|n| format!("A1234BC,,Ann {n},07700 900{n:03}")).collect();
        let file = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let read = read_no_contact(file.as_bytes(), lei()).unwrap();
        let (store, by) = (&place.store, &place.handler);
        let (import, _) = store.begin_no_contact_list(by, &origin(lei(), &file)).await.unwrap();
        store.stage_no_contact_rows(by, import, &read[..30]).await.unwrap();
        take_over(place).await.unwrap();
        let half = report(place, import).await;
        assert_eq!((half.state, half.rows, half.barred), (NoContactState::Staging, 30, 30));
        assert_eq!(staged(place, lei(), &file).await, import);
        // Another process that was stopped half-way: what is taken over is not taken over again.
        let again = place.again().await;
        let waiting = again.waiting_no_contact_rows(&RowPlace::FIRST).await.unwrap();
        assert_eq!(waiting.len(), NoContactLimits::DEFAULT.taken_at_once);
        take_over(place).await.unwrap();
        let list = report(place, import).await;
        assert_eq!((list.state, list.rows, list.barred, list.waiting), (NoContactState::Done, 60, 60, 0));
        assert_eq!(take_over(place).await, Ok(0));
        assert!(matches!(place.store.verify_audit().await.unwrap(), AuditCheck::Whole { .. }));
    }

    async fn a_staged_row_that_cannot_be_opened_any_more_is_told_and_holds_up_no_other(place: &TestStore) {
        let import = staged(place, lei(), &file(&["A1234BC,,Ann,07700 900001", "A1234BC,,Bo,07700 900002"])).await;
        place.damage("UPDATE no_contact_rows SET body = $1 WHERE row_no = 1", vec![vec![0_u8; 40].into()]).await;
        take_over(place).await.unwrap();
        let list = report(place, import).await;
        assert_eq!((list.state, list.unprotected, list.gaps.clone()), (NoContactState::Done, 1, vec![(1, Gap::Damaged)]));
        assert_eq!(place.barred().await, [HIS_MOTHERS]);
    }

    async fn rows_that_cannot_be_taken_over_now_wait_and_hold_up_no_other_row_and_no_other_list(place: &TestStore) {
        imported(place, &["A1234BC,Ivan Invented,Rhian Prior,07700 900009"]).await;
        place.damage("UPDATE cases SET state = $1", vec![vec![0_u8; 40].into()]).await;
        place.clock.advance(1);
        let stuck = 2 * NoContactLimits::DEFAULT.taken_at_once + 1;
        let mut rows: Vec<String> =
            (0..stuck).map(|n| format!("A1234BC,Ivan Invented,Rhian Prior,07700 900{:03}", 100 + n)).collect();
        rows.push("A1234BC,Ivan Invented,Ann Prior,07700 900002".to_owned());
        let first = staged(place, lei(), &file(&rows.iter().map(String::as_str).collect::<Vec<_>>())).await;
        place.clock.advance(1);
        let second = staged(place, mdi(), &file(&[",,Bo Prior,07700 900001"])).await;
        assert!(matches!(take_over(place).await, Err(StoreError::Damaged { table: "cases", .. })));
        let list = report(place, first).await;
        assert_eq!((list.state, list.waiting, list.barred), (NoContactState::TakingOver, stuck as u64, 1));
        assert_eq!(report(place, second).await.state, NoContactState::Done);
        assert_eq!(place.barred().await, [HERS, HIS_MOTHERS, "+447700900009"]);
    }

    async fn a_batch_is_staged_at_its_limit_and_not_one_past_it(place: &TestStore) {
        let most = NoContactLimits::DEFAULT.staged_at_once as u64;
        let rows: Vec<ReadRow> = (1..=most + 1).map(|at| (at, Err(Gap::Unreadable))).collect();
        let (store, by) = (&place.store, &place.handler);
        let (import, _) = store.begin_no_contact_list(by, &origin(lei(), "a")).await.unwrap();
        assert!(matches!(store.stage_no_contact_rows(by, import, &rows).await, Err(StoreError::Invalid(_))));
        store.stage_no_contact_rows(by, import, &rows[1..]).await.unwrap();
    }

    async fn nobody_but_case_handlers_brings_a_list_in_or_reads_its_report(place: &TestStore) {
        let import = staged(place, lei(), &file(&["A1234BC,,Ann,07700 900001"])).await;
        let store = &place.store;
        for by in [&place.clerk, &place.security, &place.operator, &place.police, &place.auditor, &place.mailroom] {
            assert!(store.begin_no_contact_list(by, &origin(lei(), "a")).await.is_err(), "{}", by.name);
            assert!(store.stage_no_contact_rows(by, import, &[]).await.is_err());
            assert!(store.finish_no_contact_staging(by, import).await.is_err());
            assert!(store.no_contact_list(by, import).await.is_err());
            assert!(store.no_contact_lists(by, None).await.is_err());
        }
        let nowhere = store.no_contact_list(&place.handler, Uuid::nil()).await;
        assert_eq!(nowhere, Err(StoreError::NotFound));
        assert_eq!(store.no_contact_lists(&place.handler, Some(mdi())).await, Ok(Vec::new()));
        assert_eq!(store.no_contact_lists(&place.handler, Some(lei())).await.unwrap().len(), 1);
    }

    /// 2,000 rows with UPCS_FULL=1.
    async fn a_long_list_is_barred_row_by_row_each_once(place: &TestStore) {
        let most = if std::env::var_os("UPCS_FULL").is_some() { 2_000 } else { 200 };
        let rows: Vec<String> = (0..most)
            .map(|n| format!("{},,Person {n},07700 900{:03};01632 960{:03}", crate::support::PRISONERS[n % 4], n % 1_000, n % 1_000))
            .collect();
        let list = imported(place, &rows.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let rows = most as u64;
        assert_eq!((list.state, list.rows, list.barred, list.unprotected), (NoContactState::Done, rows, 2 * rows, 0));
        let mut barred = place.barred().await;
        barred.dedup();
        assert_eq!(barred.len(), 2 * most.min(1_000), "every number of the file is barred");
    }
}
