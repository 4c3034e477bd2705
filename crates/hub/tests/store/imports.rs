//! A file of approved numbers: staged, agreed to by two people of the prison, taken over batch by batch; and what no
//! file can do.

use casework::{BarTarget, NotTwoPeople, ProposedChange};
use feed::ContactKind;
use hub::alerts::Sign;
use hub::lists::{FileLimits, ListRow, Numbered, RowProblem, finish};
use hub::store::{Conflict, EntryState, HolderStands, ImportState, ListImport, Outcome, Refusal, StoreError};
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, lei, mdi, number, prisoner};

const HERS: &str = "+447700900001";
const HIS_MOTHERS: &str = "+447700900002";
const A_LAWYERS: &str = "+441632960001";

fn row(at: u64, holder: &str, dialled: &str, contact: ContactKind) -> Numbered<ListRow> {
    let row = ListRow {
        holder: prisoner(holder),
        number: number(dialled),
        contact,
        name: "Ann Prior (sister)".into(),
    };
    (at, Ok(row))
}

fn social(at: u64, holder: &str, dialled: &str) -> Numbered<ListRow> {
    row(at, holder, dialled, ContactKind::Social)
}

async fn staged(place: &TestStore, file: &str, rows: &[Numbered<ListRow>]) -> ListImport {
    let (store, clerk) = (&place.store, &place.clerk);
    place.clock.advance(1);
    let (import, _) = store.begin_list_import(clerk, lei(), "csv", file).await.unwrap();
    for batch in rows.chunks(FileLimits::DEFAULT.batch_rows) {
        store.stage_rows(clerk, import, batch).await.unwrap();
    }
    store.finish_staging(clerk, import).await.unwrap()
}

/// Two people agree to a file, and all of it is taken over.
async fn imported(place: &TestStore, file: &str, rows: &[Numbered<ListRow>], off: bool) -> ListImport {
    let import = staged(place, file, rows).await;
    if import.state == ImportState::Staged {
        let proposed = place
            .store
            .propose_list_import(&place.clerk, &import, off, "the prison's list")
            .await;
        place
            .store
            .approve(&place.security, proposed.unwrap())
            .await
            .unwrap();
        finish(&place.store).await.unwrap();
    }
    let all = place.store.list_imports(&place.clerk, lei()).await.unwrap();
    all.into_iter().find(|other| other.id == import.id).unwrap()
}

async fn shown(place: &TestStore, holder: &str) -> Vec<(String, EntryState)> {
    let entries = place
        .store
        .entries_of(&place.clerk, lei(), prisoner(holder))
        .await
        .unwrap();
    let mut shown: Vec<_> = entries
        .iter()
        .map(|entry| (entry.number.expose().to_owned(), entry.state))
        .collect();
    shown.sort_by(|one, other| one.0.cmp(&other.0));
    shown
}

stories! {
    async fn an_import_by_one_person_puts_nothing_on_a_list(place: &TestStore) {
        let import = staged(place, "a1", &[social(1, "A1234BC", HIS_MOTHERS)]).await;
        let by_security = place.store.propose_list_import(&place.security, &import, false, "ours").await.unwrap();
        let alone = place.store.approve(&place.security, by_security).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::NotTwoPeople(NotTwoPeople::SamePerson))));
        finish(&place.store).await.unwrap();
        assert!(place.approved().await.is_empty());
        let again = place.store.propose_list_import(&place.clerk, &import, false, "ours").await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::AlreadyProposed)));
    }

    async fn two_people_of_the_prison_take_a_file_over_and_the_same_file_again_changes_nothing(place: &TestStore) {
        let rows = [
            social(1, "A1234BC", HIS_MOTHERS),
            row(2, "A1234BC", A_LAWYERS, ContactKind::Legal),
            social(3, "A5678DE", HIS_MOTHERS),
        ];
        let import = imported(place, "a1", &rows, false).await;
        assert_eq!((import.state, import.taken, import.legal), (ImportState::Done, 3, 1));
        let list = ["A1234BC +441632960001", "A1234BC +447700900002", "A5678DE +447700900002"];
        assert_eq!(place.approved().await, list);
        let head = place.store.head().await.unwrap();
        let again = imported(place, "a1", &rows, false).await;
        assert_eq!((again.state, again.to_take, again.already), (ImportState::Done, 0, 3));
        assert_eq!(place.store.head().await.unwrap(), head, "gates hear of nothing");
    }

    async fn bad_rows_are_reported_by_number_and_the_rest_is_taken_over(place: &TestStore) {
        place.receive("B1234BC", mdi()).await;
        let rows = [
            (1, Err(RowProblem::Number)),
            social(2, "A1234BC", HIS_MOTHERS),
            social(3, "B9999ZZ", HIS_MOTHERS),
            social(4, "B1234BC", HIS_MOTHERS),
            social(5, "A1234BC", HIS_MOTHERS),
        ];
        let import = imported(place, "a1", &rows, false).await;
        use RowProblem::{NotHeldHere, Number, Twice, UnknownPrisoner};
        assert_eq!(import.problems, [(1, Number), (3, UnknownPrisoner), (4, NotHeldHere), (5, Twice)]);
        assert_eq!(place.approved().await, ["A1234BC +447700900002"]);
    }

    async fn a_barred_number_in_a_file_never_goes_live_and_nothing_tells_the_importer(place: &TestStore) {
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        let rows = |dialled| [social(1, "A1234BC", dialled)];
        let barred = imported(place, "a1", &rows(HERS), false).await;
        let free = imported(place, "a2", &rows(HIS_MOTHERS), false).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900002"]);
        let told = |import: &ListImport| {
            let ListImport { state, rows, to_take, already, taken, problems, .. } = import.clone();
            (state, rows, to_take, already, taken, problems)
        };
        assert_eq!(told(&barred), told(&free));
        let both = [(HERS.to_owned(), EntryState::Live), (HIS_MOTHERS.to_owned(), EntryState::Live)];
        assert_eq!(shown(place, "A1234BC").await, both, "the prison sees both alike");
        let again = staged(place, "a3", &rows(HERS)).await;
        assert_eq!((again.to_take, again.already), (0, 1), "and so does the next file");
        let holders = place.store.holders_of(&place.handler, case).await.unwrap().rows;
        assert!(matches!(holders[0].stands, HolderStands::Undecided(_)), "a handler hears of him");
    }

    async fn a_barred_number_that_a_file_calls_a_lawyers_stops_no_bar(place: &TestStore) {
        place.refer(&[HERS]).await;
        imported(place, "a1", &[row(1, "A1234BC", HERS, ContactKind::Legal)], false).await;
        let second = place.refer(&[HERS]).await;
        assert!(matches!(second.targets[0].outcome, Outcome::Barred(_)));
        place.approve_number("A1234BC", A_LAWYERS, ContactKind::Legal).await;
        let lawyers = place.refer(&[A_LAWYERS]).await;
        assert!(matches!(lawyers.targets[0].outcome, Outcome::Handler), "one that lived does: {lawyers:?}");
    }

    async fn a_canary_in_a_file_tells_where_it_was_planted_and_goes_live_for_nobody(place: &TestStore) {
        let reference = place.store.plant_canary(&place.operator, &BarTarget::Number(number(HERS)), "the office file").await.unwrap();
        let import = imported(place, "a1", &[social(1, "A1234BC", HERS), social(2, "A1234BC", HIS_MOTHERS)], false).await;
        assert_eq!((import.taken, import.problems), (2, vec![]));
        assert_eq!(place.approved().await, ["A1234BC +447700900002"]);
        let both = [(HERS.to_owned(), EntryState::Live), (HIS_MOTHERS.to_owned(), EntryState::Live)];
        assert_eq!(shown(place, "A1234BC").await, both);
        let open = place.store.open_alerts(&place.handler).await.unwrap().rows;
        assert_eq!((open.len(), &open[0].reference, open[0].signs.has(Sign::Canary)), (1, &reference, true));
    }

    async fn a_barred_number_from_a_file_rings_once_two_people_lift_the_bar(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        imported(place, "a1", &[social(1, "A1234BC", HERS)], false).await;
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900001"]);
    }

    async fn a_file_brings_back_nothing_that_a_bar_suspended(place: &TestStore) {
        place.approve_number("A1234BC", HERS, ContactKind::Social).await;
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        assert!(place.approved().await.is_empty());
        imported(place, "a1", &[social(1, "A1234BC", HERS)], false).await;
        assert!(place.approved().await.is_empty());
        let holders = place.store.holders_of(&place.handler, case).await.unwrap().rows;
        assert_eq!(holders.len(), 1, "it is the entry that was there");
        let left = place.store.leave_suspended(&place.handler, case, Some(holders[0].entry)).await;
        assert_eq!(left, Ok(1));
        imported(place, "a2", &[social(1, "A1234BC", HERS), social(2, "A1234BC", HIS_MOTHERS)], false).await;
        assert_eq!(place.approved().await, ["A1234BC +447700900002"]);
        assert_eq!(place.queue().await[0].suspended, 0, "what a handler decided stays decided");
    }

    async fn what_a_file_leaves_out_stays_unless_both_say_that_it_goes_and_a_lawyers_number_always_stays(place: &TestStore) {
        place.approve_number("A1234BC", HIS_MOTHERS, ContactKind::Social).await;
        place.approve_number("A1234BC", A_LAWYERS, ContactKind::Legal).await;
        place.clock.advance(1);
        let rows = [social(1, "A1234BC", "+447700900003")];
        let kept = imported(place, "a1", &rows, false).await;
        assert_eq!((kept.left_out, kept.came_off, place.approved().await.len()), (1, 0, 3));
        let taken_off = imported(place, "a2", &rows, true).await;
        assert_eq!((taken_off.left_out, taken_off.came_off), (1, 1));
        assert_eq!(place.approved().await, ["A1234BC +441632960001", "A1234BC +447700900003"]);
    }

    async fn nothing_comes_off_by_a_file_of_which_a_row_cannot_be_read(place: &TestStore) {
        place.approve_number("A1234BC", HIS_MOTHERS, ContactKind::Social).await;
        place.clock.advance(1);
        let import = staged(place, "a1", &[(1, Err(RowProblem::Number))]).await;
        let refused = place.store.propose_list_import(&place.clerk, &import, true, "ours").await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))));
    }

    async fn staging_that_was_broken_off_goes_on_where_it_was(place: &TestStore) {
        let (store, clerk) = (&place.store, &place.clerk);
        let rows = [social(1, "A1234BC", HIS_MOTHERS), social(2, "A5678DE", HIS_MOTHERS)];
        let (import, _) = store.begin_list_import(clerk, lei(), "csv", "a1").await.unwrap();
        store.stage_rows(clerk, import, &rows[..1]).await.unwrap();
        let (again, last) = store.begin_list_import(clerk, lei(), "csv", "a1").await.unwrap();
        assert_eq!((again, last), (import, 1));
        store.stage_rows(clerk, import, &rows).await.unwrap();
        assert_eq!(store.finish_staging(clerk, import).await.unwrap().to_take, 2, "the first is not staged twice");
        let late = store.stage_rows(clerk, import, &rows).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::Changed)), "what people see does not change under them");
    }

    async fn who_moves_between_the_agreement_and_the_taking_over_is_reported(place: &TestStore) {
        let import = staged(place, "a1", &[social(1, "A1234BC", HIS_MOTHERS)]).await;
        let proposed = place.store.propose_list_import(&place.clerk, &import, false, "ours").await.unwrap();
        place.store.approve(&place.security, proposed).await.unwrap();
        place.store.record_transfer(prisoner("A1234BC"), mdi()).await.unwrap();
        finish(&place.store).await.unwrap();
        assert!(place.approved().await.is_empty());
        let import = place.store.list_imports(&place.clerk, lei()).await.unwrap().remove(0);
        assert_eq!(import.problems, [(1, RowProblem::NotHeldHere)]);
    }

    async fn a_batch_is_taken_at_its_limit_and_not_one_past_it(place: &TestStore) {
        let most = FileLimits::DEFAULT.batch_rows as u64;
        let rows: Vec<_> = (1..=most + 1).map(|at| (at, Err(RowProblem::Number))).collect();
        let (import, _) = place.store.begin_list_import(&place.clerk, lei(), "csv", "a1").await.unwrap();
        let past = place.store.stage_rows(&place.clerk, import, &rows).await;
        assert!(matches!(past, Err(StoreError::Invalid(_))));
        place.store.stage_rows(&place.clerk, import, &rows[..rows.len() - 1]).await.unwrap();
    }

    async fn nobody_of_another_prison_stages_or_sees_a_file(place: &TestStore) {
        let role = casework::Role::PinphoneClerk { prison: mdi() };
        let other = place.store.add_account(Some(&place.operator), "Mo Clerk", role).await.unwrap();
        let import = staged(place, "a1", &[social(1, "A1234BC", HIS_MOTHERS)]).await;
        assert!(place.store.begin_list_import(&other, lei(), "csv", "a1").await.is_err());
        assert!(place.store.stage_rows(&other, import.id, &[]).await.is_err());
        assert!(place.store.finish_staging(&other, import.id).await.is_err());
        assert!(place.store.list_imports(&other, lei()).await.is_err());
        assert!(place.store.propose_list_import(&other, &import, false, "ours").await.is_err());
        let nowhere = place.store.stage_rows(&place.clerk, Uuid::nil(), &[]).await;
        assert_eq!(nowhere, Err(StoreError::NotFound));
    }
}
