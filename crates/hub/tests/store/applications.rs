//! Contact applications: answered once a day, all at one moment, with one of two words; what agrees with a case goes to
//! a handler; official and legal ones wait for nothing.

use casework::{ApplicationAnswer, BarTarget, Contact, ProposedChange, WrittenAddress};
use feed::ContactKind;
use hub::applications::{AnswerTimes, Answered, Answering, Applications};
use hub::custody::Custody;
use hub::store::{
    APPLICATIONS_OF_ONE_PRISONER, Added, AliasNumber, Application, Conflict, Holder, HolderStands, Lane,
    MatchKind, MatchState, NewApplication, Outcome, Refusal, StoreError, Taken,
};
use uuid::Uuid;

use crate::stories;
use crate::support::{TestStore, address, filing, lei, mdi, number, prisoner};

const HIM: &str = "A1234BC";
const ANOTHER: &str = "A5678DE";
const HERS: &str = "+447700900001";
const FREE: &str = "+447700900002";
const DAY_SECONDS: i64 = 86_400;

fn contact(name: &str, numbers: &[&str]) -> Contact {
    let (first, last) = name.split_once(' ').unwrap();
    Contact {
        first_name: first.into(),
        last_name: last.into(),
        date_of_birth: None,
        age_years: None,
        relationship: None,
        address: None,
        numbers: numbers.iter().map(|number| (*number).into()).collect(),
    }
}

async fn take(place: &TestStore, holder: &str, lane: Lane, contact: Contact) -> Uuid {
    let application = NewApplication {
        holder: prisoner(holder),
        lane,
        contact,
    };
    let taken = place
        .store
        .file_applications(&place.clerk, lei(), None, vec![application])
        .await
        .unwrap();
    let Taken::Application(id) = taken[0] else {
        panic!("{taken:?}")
    };
    id
}

async fn social(place: &TestStore, holder: &str, contact: Contact) -> Uuid {
    take(place, holder, Lane::Social, contact).await
}

/// What a tick of the hub does now.
async fn tick(place: &TestStore) -> Answered {
    let custody = Custody::read(&place.store).await.unwrap();
    let answering = Answering {
        store: &place.store,
        custody: &custody,
        applications: &Applications::new(AnswerTimes::default()),
        now: place.seams.clock.now(),
    };
    answering.run().await.unwrap()
}

/// Until after the next daily batch.
async fn next_day(place: &TestStore) -> Answered {
    place.clock.advance(DAY_SECONDS);
    tick(place).await
}

async fn told(place: &TestStore, id: Uuid) -> Application {
    let all = place
        .store
        .applications_of(&place.clerk, lei())
        .await
        .unwrap()
        .rows;
    all.into_iter().find(|one| one.id == id).unwrap()
}

async fn answer(place: &TestStore, id: Uuid) -> ApplicationAnswer {
    told(place, id).await.answer
}

async fn approvals(place: &TestStore) -> Vec<casework::ProposalId> {
    let open = place.store.open_proposals(&place.security).await.unwrap().rows;
    open.into_iter().map(|open| open.proposal.id).collect()
}

/// The police say whom to protect: one person, with this name and birth, and this number.
async fn protect(
    place: &TestStore,
    name: &str,
    born: Option<&str>,
    number: &str,
    named: Option<&str>,
) -> casework::CaseId {
    let mut filing = filing(&[number]);
    filing.request.people[0].name = name.into();
    filing.request.people[0].date_of_birth = born.map(|born| born.parse().unwrap());
    filing.named.numbers = named.map(prisoner).into_iter().collect();
    let receipt = place
        .store
        .file_request(&place.police, None, filing)
        .await
        .unwrap();
    place.case_of(&receipt).await
}

use ApplicationAnswer::{MayBeRung, NotApproved, Received, WithTwoPeople};

stories! {
    async fn nothing_is_answered_before_the_batch_and_nobody_may_ring(place: &TestStore) {
        protect(place, "Rhian Invented", None, HERS, None).await;
        let barred = social(place, HIM, contact("Ann Example", &[HERS])).await;
        let free = social(place, HIM, contact("Ann Example", &[FREE])).await;
        for _ in 0..3 {
            assert_eq!(tick(place).await.applications, 0);
            assert!(approvals(place).await.is_empty(), "no second person can approve, so nobody rings");
            for id in [barred, free] {
                assert_eq!((answer(place, id).await, told(place, id).await.answered_at), (Received, None));
            }
            // From nine until three seconds before seven in the morning.
            place.clock.advance((22 * 3_600 - 3) / 3);
        }
        assert_eq!(tick(place).await.applications, 0);
        place.clock.advance(3);
        assert_eq!(tick(place).await.applications, 2);
        assert_eq!((answer(place, barred).await, answer(place, free).await), (NotApproved, MayBeRung));
        let at = [told(place, barred).await.answered_at, told(place, free).await.answered_at];
        assert!(at[0].is_some() && at[0] == at[1], "all at one moment");
        assert_eq!(approvals(place).await.len(), 1);
    }

    async fn a_batch_is_answered_once_and_a_hub_that_was_down_catches_up(place: &TestStore) {
        let first = social(place, HIM, contact("Ann Example", &[FREE])).await;
        place.clock.advance(3 * DAY_SECONDS);
        let later = social(place, HIM, contact("Ann Example", &["+447700900003"])).await;
        assert_eq!(tick(place).await.applications, 1, "what came in after the last batch waits for the next");
        assert_eq!((answer(place, first).await, answer(place, later).await), (MayBeRung, Received));
        assert_eq!(tick(place).await.applications, 0);
        place.clock.advance(1);
        let (store, again) = (&place.store, place.again().await);
        assert!(store.prisons_to_answer(place.seams.clock.now()).await.unwrap().contains(&lei()));
        assert_eq!(again.applications_of(&place.clerk, lei()).await.unwrap().rows.len(), 2, "a restart forgets none");
        assert_eq!(next_day(place).await.applications, 1);
        assert_eq!(approvals(place).await.len(), 2, "each has one proposal");
    }

    async fn every_refusal_reads_the_same_whatever_is_behind_it(place: &TestStore) {
        protect(place, "Rhian Invented", None, HERS, Some(HIM)).await;
        place.approve_number(HIM, "+447700900009", ContactKind::Social).await;
        let refused = [
            social(place, HIM, contact("Ann Example", &[HERS])).await,
            social(place, HIM, contact("Ann Example", &["not a number"])).await,
            social(place, HIM, contact("Ann Example", &["09098790000"])).await,
            social(place, HIM, contact("Ann Example", &["+447700900009"])).await,
            social(place, HIM, contact("Rhian Invented", &["+447700900003"])).await,
            social(place, HIM, contact("Ann Example", &["+447700900004"])).await,
        ];
        place.store.refuse_application(&place.security, refused[5]).await.unwrap();
        assert_eq!(answer(place, refused[5]).await, Received, "the prison's own refusal shows with the others");
        next_day(place).await;
        let mut at = Vec::new();
        for id in refused {
            let told = told(place, id).await;
            assert_eq!((told.answer, told.reconsidered), (NotApproved, false));
            at.push(told.answered_at);
        }
        at.dedup();
        assert_eq!(at.len(), 1);
        assert!(approvals(place).await.is_empty());
        let late = place.store.refuse_application(&place.security, refused[0]).await;
        assert_eq!(late, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
    }

    async fn a_prisoner_who_moved_before_the_batch_is_given_nothing_there(place: &TestStore) {
        let id = social(place, HIM, contact("Ann Example", &[FREE])).await;
        place.store.record_transfer(prisoner(HIM), mdi()).await.unwrap();
        next_day(place).await;
        assert_eq!(answer(place, id).await, NotApproved);
    }

    async fn a_bar_between_answer_and_approval_shows_to_nobody_and_nothing_rings(place: &TestStore) {
        for (n, number) in [HERS, FREE].into_iter().enumerate() {
            social(place, HIM, contact("Ann Example", &[number])).await;
            place.clock.advance(i64::try_from(n).unwrap() + 1);
        }
        next_day(place).await;
        let receipt = place.refer(&[HERS]).await;
        for proposal in approvals(place).await {
            assert_eq!(place.store.approve(&place.security, proposal).await, Ok(()));
        }
        let listed = place.store.entries_of(&place.clerk, lei(), prisoner(HIM)).await.unwrap();
        let states: Vec<_> = listed.iter().map(|entry| (entry.state, entry.approved_at.is_some())).collect();
        assert_eq!(states, [states[0], states[0]], "both stand on the list alike");
        assert_eq!(place.approved().await, [format!("{HIM} {FREE}")], "one of them at no gate");
        let again = place.try_apply(HIM, HERS, ContactKind::Legal).await.unwrap().unwrap();
        let twice = place.try_apply(HIM, FREE, ContactKind::Legal).await.unwrap().unwrap();
        for proposal in [again, twice] {
            let refused = place.store.approve(&place.security, proposal).await;
            assert_eq!(refused, Err(StoreError::Conflict(Conflict::CannotApprove)), "on the list, as it seems");
        }
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert_eq!(place.approved().await.len(), 2, "two people lifted the bar, and it comes to life");
    }

    async fn a_handler_hears_of_whoever_has_a_number_put_on_his_list_under_a_bar(place: &TestStore) {
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        let proposal = place.apply(HIM, HERS, ContactKind::Official).await;
        place.store.approve(&place.security, proposal).await.unwrap();
        let holders = place.store.holders_of(&place.handler, case).await.unwrap().rows;
        assert!(matches!(holders[..], [Holder { stands: HolderStands::Undecided(_), .. }]), "{holders:?}");
    }

    async fn what_a_bar_took_off_and_two_people_approved_again_under_it_comes_back_once(place: &TestStore) {
        place.approve_number(HIM, HERS, ContactKind::Social).await;
        let receipt = place.refer(&[HERS]).await;
        let proposal = place.apply(HIM, HERS, ContactKind::Official).await;
        place.store.approve(&place.security, proposal).await.unwrap();
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert_eq!(place.approved().await, [format!("{HIM} {HERS}")]);
        let listed = place.store.entries_of(&place.clerk, lei(), prisoner(HIM)).await.unwrap();
        assert_eq!(listed.len(), 1, "and stands once on the prison's page");
    }

    async fn what_was_put_on_a_list_under_a_bar_is_taken_off_like_any_other(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let proposal = place.apply(HIM, HERS, ContactKind::Official).await;
        place.store.approve(&place.security, proposal).await.unwrap();
        let entry = place.store.entries_of(&place.clerk, lei(), prisoner(HIM)).await.unwrap()[0].entry;
        place.store.revoke_number(&place.clerk, entry).await.unwrap();
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(place.approved().await.is_empty());
    }

    async fn official_and_legal_applications_wait_for_no_batch(place: &TestStore) {
        let lawyer = take(place, HIM, Lane::Legal(vec![number(FREE)]), contact("Lee Lawyer", &[FREE])).await;
        let council = "+441632960002";
        let official = take(place, HIM, Lane::Official(vec![number(council)]), contact("A Council", &[council])).await;
        assert_eq!((answer(place, lawyer).await, answer(place, official).await), (WithTwoPeople, WithTwoPeople));
        for proposal in approvals(place).await {
            place.store.approve(&place.security, proposal).await.unwrap();
        }
        assert_eq!(place.approved().await.len(), 2, "within the same minute");
    }

    async fn a_barred_number_applied_for_as_a_lawyers_goes_to_a_handler_and_rings_for_nobody(place: &TestStore) {
        protect(place, "Rhian Invented", None, HERS, None).await;
        let id = take(place, HIM, Lane::Legal(vec![number(HERS)]), contact("Lee Lawyer", &[HERS])).await;
        tick(place).await;
        assert_eq!(answer(place, id).await, WithTwoPeople, "his prison is told nothing");
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        assert_eq!((open.len(), open[0].kind, open[0].application.id), (1, MatchKind::Number, id));
        let alone = place.store.clear_match(&place.handler, open[0].id).await;
        assert_eq!(alone, Err(StoreError::Refused(Refusal::TakesTwoPeople)), "a bar is lifted by two");
        let proposal = approvals(place).await[0];
        place.store.approve(&place.security, proposal).await.unwrap();
        assert!(place.approved().await.is_empty());
        let second = place.refer(&[HERS]).await;
        assert!(matches!(second.targets[0].outcome, Outcome::Barred(_)), "applying makes it nobody's lawyer");
    }

    async fn his_own_victim_is_recognised_by_name_and_a_namesake_of_anothers_is_not(place: &TestStore) {
        protect(place, "Margaret Smith", Some("1987-03-14"), HERS, Some(HIM)).await;
        let hers = social(place, HIM, contact("Peggy Smith", &[FREE])).await;
        let namesake = social(place, ANOTHER, contact("Margaret Smith", &["+447700900003"])).await;
        let mut born = contact("Maggie Smith", &["+447700900004"]);
        born.date_of_birth = Some("1987-03-14".parse().unwrap());
        let by_proxy = social(place, ANOTHER, born).await;
        next_day(place).await;
        assert_eq!(answer(place, hers).await, NotApproved);
        assert_eq!(answer(place, namesake).await, MayBeRung, "a name alone refuses nobody elsewhere");
        assert_eq!(answer(place, by_proxy).await, NotApproved, "with her birthday it is she");
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        assert_eq!(open.len(), 2);
        assert!(open.iter().all(|one| one.kind == MatchKind::Person));
        assert_eq!(place.store.matches_waiting(&place.handler).await.unwrap(), 2);
    }

    async fn a_name_of_two_rare_parts_is_enough_on_anybodys_form(place: &TestStore) {
        protect(place, "Zephyrine Quillfeather", None, HERS, Some(HIM)).await;
        let by_proxy = social(place, ANOTHER, contact("Zephyrine Quillfeather", &[FREE])).await;
        let shares_one = social(place, ANOTHER, contact("Margaret Quillfeather", &["+447700900003"])).await;
        next_day(place).await;
        assert_eq!(answer(place, by_proxy).await, NotApproved);
        assert_eq!(answer(place, shares_one).await, MayBeRung);
    }

    async fn a_case_whose_prisoner_is_only_described_is_about_him_whom_it_may_mean(place: &TestStore) {
        let mut filing = filing(&[HERS]);
        filing.request.people[0].name = "Margaret Thorne".into();
        filing.request.prisoner.first_name = Some("Ivan".into());
        filing.request.prisoner.last_name = Some("Invented".into());
        place.store.file_request(&place.police, None, filing).await.unwrap();
        let hers = social(place, HIM, contact("Margaret Thorne", &[FREE])).await;
        next_day(place).await;
        assert_eq!(answer(place, hers).await, NotApproved);
    }

    async fn a_number_so_found_is_barred_in_one_step(place: &TestStore) {
        let case = protect(place, "Margaret Thorne", None, HERS, Some(HIM)).await;
        let found = social(place, HIM, contact("Margaret Thorne", &[FREE])).await;
        next_day(place).await;
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        assert_eq!((open[0].case, open[0].application.id), (case, found));
        place.store.bar_match(&place.handler, open[0].id, &[number(FREE)]).await.unwrap();
        assert!(place.barred().await.contains(&FREE.to_owned()));
        let again = place.store.bar_match(&place.handler, open[0].id, &[number(FREE)]).await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::AlreadyDecided)));
        assert_eq!(next_day(place).await.applications, 0, "it stays refused");
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!(file.applications.rows[0].state, MatchState::Barred);
    }

    async fn somebody_else_is_answered_again_in_the_next_batch_and_takes_two_people_still(place: &TestStore) {
        protect(place, "Margaret Thorne", None, HERS, Some(HIM)).await;
        let aunt = social(place, HIM, contact("Margaret Thorne", &[FREE])).await;
        next_day(place).await;
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        place.store.clear_match(&place.handler, open[0].id).await.unwrap();
        assert_eq!(answer(place, aunt).await, Received);
        assert_eq!(tick(place).await.applications, 0, "not before the next batch");
        next_day(place).await;
        assert_eq!((answer(place, aunt).await, told(place, aunt).await.reconsidered), (MayBeRung, true));
        assert!(place.approved().await.is_empty());
        place.store.approve(&place.security, approvals(place).await[0]).await.unwrap();
        assert_eq!(place.approved().await.len(), 1);
    }

    async fn a_barred_address_on_the_form_goes_to_a_handler(place: &TestStore) {
        let case = protect(place, "Rhian Invented", None, HERS, None).await;
        let hers = "14 Invented Lane, Nowhere, ZZ1 2CD";
        place.store.add_target(&place.handler, case, &address(hers)).await.unwrap();
        let mut son = contact("Owen Example", &[FREE]);
        son.address = Some(WrittenAddress { lines: "14 Invented Lane\nNowhere".into(), postcode: Some("ZZ1 2CD".into()) });
        let id = social(place, ANOTHER, son.clone()).await;
        son.address = Some(WrittenAddress { lines: "99 Other Road\nElsewhere".into(), postcode: Some("YY9 8XX".into()) });
        son.numbers = vec!["+447700900003".into()];
        let elsewhere = social(place, ANOTHER, son).await;
        next_day(place).await;
        assert_eq!((answer(place, id).await, answer(place, elsewhere).await), (NotApproved, MayBeRung));
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        assert_eq!((open.len(), open[0].kind, open[0].case), (1, MatchKind::Address, case));
    }

    async fn the_other_number_of_a_contact_whose_first_is_barred_is_for_a_handler(place: &TestStore) {
        let case = protect(place, "Rhian Invented", None, HERS, None).await;
        let both = social(place, HIM, contact("Ann Example", &[HERS, FREE])).await;
        social(place, HIM, contact("Ann Example", &[HERS])).await;
        next_day(place).await;
        assert_eq!(answer(place, both).await, NotApproved);
        let open = place.store.open_matches(&place.handler).await.unwrap().rows;
        assert_eq!((open.len(), open[0].application.id, open[0].case), (1, both, case));
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        let states: Vec<_> = file.applications.rows.iter().map(|one| one.state).collect();
        assert!(states.contains(&MatchState::Noted) && states.contains(&MatchState::Open), "{states:?}");
    }

    async fn a_declined_case_refuses_nobody(place: &TestStore) {
        let case = protect(place, "Margaret Thorne", None, HERS, Some(HIM)).await;
        let decline = place.decline(case).await;
        place.agree(decline).await;
        let id = social(place, HIM, contact("Margaret Thorne", &[FREE])).await;
        next_day(place).await;
        assert_eq!(answer(place, id).await, MayBeRung);
    }

    async fn a_case_that_comes_between_screening_and_answering_is_not_missed(place: &TestStore) {
        let id = social(place, HIM, contact("Margaret Thorne", &[FREE])).await;
        let mark = place.store.protected_people(None).await.unwrap().mark;
        place.clock.advance(DAY_SECONDS);
        let now = place.seams.clock.now();
        let waiting = place.store.applications_to_answer(lei(), now).await.unwrap();
        let screened = waiting.into_iter().map(|application| hub::store::Screened {
            application,
            numbers: Some(vec![number(FREE)]),
            found: Vec::new(),
        });
        let screened: Vec<_> = screened.collect();
        protect(place, "Margaret Thorne", None, HERS, Some(HIM)).await;
        let stale = place.store.answer_applications(mark, &screened).await;
        assert_eq!(stale, Err(StoreError::Conflict(Conflict::Changed)));
        tick(place).await;
        assert_eq!(answer(place, id).await, NotApproved);
    }

    async fn one_prisoner_has_so_many_applications_waiting_and_no_more(place: &TestStore) {
        let file = async |count: u64| {
            let one = |n| NewApplication {
                holder: prisoner(HIM),
                lane: Lane::Social,
                contact: contact("Ann Example", &[&format!("+4477009001{n:02}")]),
            };
            let many = (0..count).map(one).collect();
            place.store.file_applications(&place.clerk, lei(), None, many).await.unwrap()
        };
        let taken = file(APPLICATIONS_OF_ONE_PRISONER + 1).await;
        let fitted = taken.iter().filter(|taken| matches!(taken, Taken::Application(_))).count();
        assert_eq!(u64::try_from(fitted).unwrap(), APPLICATIONS_OF_ONE_PRISONER);
        assert_eq!(taken.last(), Some(&Taken::TooMany));
        next_day(place).await;
        assert!(matches!(file(1).await[0], Taken::Application(_)));
    }

    async fn an_alias_number_is_barred_with_hers_and_lifted_by_two(place: &TestStore) {
        let case = protect(place, "Rhian Invented", None, HERS, None).await;
        let landline = "+441632960005";
        let alias = AliasNumber {
            number: number(landline),
            rings: "Rhian Invented".into(),
            said_by: "She told the refuge that it rings her mobile.".into(),
        };
        let Added::Barred(bar) = place.store.add_alias_number(&place.handler, case, &alias).await.unwrap() else {
            panic!("barred")
        };
        let silent = AliasNumber { said_by: " ".into(), ..alias.clone() };
        assert!(matches!(
            place.store.add_alias_number(&place.handler, case, &silent).await,
            Err(StoreError::Invalid(_))
        ));
        let id = social(place, ANOTHER, contact("Ann Example", &[landline])).await;
        next_day(place).await;
        assert_eq!(answer(place, id).await, NotApproved);
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!(file.aliases.len(), 1);
        assert_eq!(file.aliases[0].alias, alias);
        assert!(file.bars.iter().any(|record| record.bar.target == BarTarget::Number(number(landline))));
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert!(!place.barred().await.contains(&landline.to_owned()));
    }

    async fn the_people_of_another_prison_see_none_and_decide_none(place: &TestStore) {
        let id = social(place, HIM, contact("Ann Example", &[FREE])).await;
        let role = casework::Role::PrisonSecurity { prison: mdi() };
        let elsewhere = place.store.add_account(Some(&place.operator), "Mo Moorland", role).await.unwrap();
        assert_eq!(place.store.refuse_application(&elsewhere, id).await, Err(StoreError::NotFound));
        assert!(place.store.applications_of(&elsewhere, lei()).await.is_err());
        assert!(place.store.refuse_application(&place.clerk, id).await.is_err(), "a clerk refuses nothing");
        assert!(place.store.open_matches(&place.security).await.is_err());
        assert!(place.store.matches_waiting(&place.clerk).await.is_err());
    }
}

/// With `UPCS_FULL=1` ten thousand protected people and a batch of a large prison; else a tenth of them. Prints what it took.
#[tokio::test]
async fn a_batch_is_screened_against_everybody_who_is_protected() {
    let place = TestStore::sqlite().await;
    let full = std::env::var_os("UPCS_FULL").is_some();
    let (requests, applications) = if full { (500, 200) } else { (50, 20) };
    const FIRST: [&str; 5] = ["Sarah", "Margaret", "Rhian", "Olu", "Katarzyna"];
    const LAST: [&str; 7] = [
        "Smith", "Jones", "Invented", "Example", "Thorne", "Fallon", "Castle",
    ];
    for request in 0..requests {
        let mut filing = filing(&[HERS]);
        let her = filing.request.people[0].clone();
        filing.request.people = (0..20)
            .map(|person| {
                let n = request * 20 + person;
                let name = format!(
                    "{} {}{}",
                    FIRST[n % 5],
                    LAST[n % 7],
                    "abcdefghij".chars().nth(n % 10).unwrap()
                );
                let born = jiff::civil::date(
                    1950 + i16::try_from(n % 50).unwrap(),
                    1 + i8::try_from(n % 12).unwrap(),
                    3,
                );
                casework::ProtectedPerson {
                    name: name.as_str().into(),
                    date_of_birth: Some(born),
                    ..her.clone()
                }
            })
            .collect();
        place
            .store
            .file_request(&place.police, None, filing)
            .await
            .unwrap();
    }
    for n in 0..applications {
        let holder = crate::support::PRISONERS[n % 4];
        if n % 80 == 0 {
            next_day(&place).await;
        }
        let mut who = contact(
            &format!("{} {}", FIRST[n % 5], LAST[n % 7]),
            &[&format!("+4477009{:05}", n + 100)],
        );
        who.date_of_birth = Some(jiff::civil::date(1980, 5, 17));
        social(&place, holder, who).await;
    }
    place.clock.advance(DAY_SECONDS);
    let began = place.seams.clock.now();
    let timed = std::time::Instant::now();
    let read = place.store.protected_people(None).await.unwrap();
    let reading = timed.elapsed();
    let answered = tick(&place).await;
    println!(
        "{} cases read in {reading:?}; {} applications screened and answered in {:?}",
        read.cases.len(),
        answered.applications,
        timed.elapsed() - reading
    );
    assert!(answered.applications > 0 && place.seams.clock.now() == began);
}
