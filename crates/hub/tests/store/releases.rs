//! When a prisoner with bars goes out: a task for case handlers, done once both offices have been told. No bar is lifted.

use casework::{CaseId, Personal, ProposedChange};
use hub::store::{Conflict, Outcome, Refusal, ReleaseOffice, ReleaseTask, StoreError};
use offender::{PrisonerRecord, Status};

use crate::stories;
use crate::support::{TestStore, filing, lei, mdi, prisoner};

const HERS: &str = "+447700900001";

async fn located_case(place: &TestStore) -> CaseId {
    let case = place.case_of(&place.refer(&[HERS]).await).await;
    place.locate(case, "A1234BC").await;
    case
}

async fn goes(place: &TestStore, to: &str) {
    place
        .store
        .record_transfer(prisoner("A1234BC"), to.parse().unwrap())
        .await
        .unwrap();
}

async fn tasks(place: &TestStore) -> Vec<ReleaseTask> {
    place.store.open_releases(&place.handler).await.unwrap().rows
}

async fn tell(
    place: &TestStore,
    task: &ReleaseTask,
    office: ReleaseOffice,
    who: &str,
) -> Result<(), StoreError> {
    place
        .store
        .tell_of_release(&place.handler, task.id, office, &who.into())
        .await
}

stories! {
    async fn a_task_stands_from_his_release_until_both_offices_have_been_told(place: &TestStore) {
        located_case(place).await;
        goes(place, "OUT").await;
        let open = tasks(place).await;
        assert_eq!(open.iter().map(|task| task.prisoner).collect::<Vec<_>>(), [prisoner("A1234BC")]);
        assert_eq!(place.store.releases_waiting(&place.handler).await.unwrap(), 1);
        assert_eq!(place.barred().await, [HERS], "a release lifts nothing");
        for nobody in ["", "  "] {
            assert!(matches!(tell(place, &open[0], ReleaseOffice::Police, nobody).await, Err(StoreError::Invalid(_))));
        }
        tell(place, &open[0], ReleaseOffice::Police, "Sgt Ada Example").await.unwrap();
        let again = tell(place, &open[0], ReleaseOffice::Police, "Somebody else").await;
        assert_eq!(again, Err(StoreError::Conflict(Conflict::Changed)));
        let half = tasks(place).await;
        assert_eq!(half[0].police, Some(Personal::new("Sgt Ada Example")));
        assert_eq!(half[0].victim_liaison, None);
        tell(place, &open[0], ReleaseOffice::VictimLiaison, "Vera Liaison").await.unwrap();
        assert!(tasks(place).await.is_empty());
        assert_eq!(place.barred().await, [HERS]);
    }

    async fn moves_court_and_repeated_news_make_no_task_and_a_second_release_makes_another(place: &TestStore) {
        located_case(place).await;
        goes(place, "TRN").await;
        goes(place, mdi().as_str()).await;
        let mut at_court = PrisonerRecord::new(prisoner("A1234BC"), "Ivan", "Invented");
        at_court.prison_id = Some(mdi());
        at_court.status = Status::new("ACTIVE OUT");
        place.store.import_prisoners(vec![at_court.clone()]).await.unwrap();
        assert!(tasks(place).await.is_empty(), "his prison keeps him");
        let released = PrisonerRecord { status: Status::new("INACTIVE OUT"), ..at_court };
        place.store.import_prisoners(vec![released]).await.unwrap();
        goes(place, "OUT").await;
        let [task] = &tasks(place).await[..] else { panic!("one task") };
        for office in [ReleaseOffice::Police, ReleaseOffice::VictimLiaison] {
            tell(place, task, office, "Ada Example").await.unwrap();
        }
        place.receive("A1234BC", lei()).await;
        assert!(tasks(place).await.is_empty());
        goes(place, "OUT").await;
        assert_eq!(tasks(place).await.len(), 1);
    }

    async fn only_cases_that_bar_him_make_a_task(place: &TestStore) {
        let mut named = filing(&["+447700900002"]);
        named.named.numbers = vec![prisoner("A1234BC")];
        let named = place.store.file_request(&place.police, None, named).await.unwrap();
        place.refer(&["+447700900003"]).await;
        let other = place.case_of(&place.refer(&["+447700900004"]).await).await;
        place.locate(other, "A5678DE").await;
        let lifted = place.refer(&["+447700900005"]).await;
        place.locate(place.case_of(&lifted).await, "A1234BC").await;
        let Outcome::Barred(bar) = lifted.targets[0].outcome else { panic!("barred") };
        place.agree(ProposedChange::LiftBar { bar }).await;
        let corrected = place.case_of(&place.refer(&["+447700900006"]).await).await;
        place.locate(corrected, "A1234BC").await;
        place.clock.advance(1);
        place.locate(corrected, "A9012FG").await;
        goes(place, "OUT").await;
        let open: Vec<_> = tasks(place).await.into_iter().map(|task| task.reference).collect();
        assert_eq!(open, [named.reference]);
    }

    async fn a_handler_notes_what_she_heard_and_others_may_not(place: &TestStore) {
        let case = located_case(place).await;
        place.store.note_release(&place.handler, case).await.unwrap();
        place.store.note_release(&place.second_handler, case).await.unwrap();
        let open = tasks(place).await;
        assert_eq!(open.len(), 1, "one task, however often it is heard");
        let unlocated = place.case_of(&place.refer(&[HERS]).await).await;
        let nobody = place.store.note_release(&place.handler, unlocated).await;
        assert_eq!(nobody, Err(StoreError::Refused(Refusal::NotOnRecord)));
        for other in [&place.police, &place.operator, &place.security, &place.auditor] {
            let refused = StoreError::Refused(Refusal::NotTheirs);
            assert_eq!(place.store.open_releases(other).await, Err(refused.clone()));
            let told = place.store.tell_of_release(other, open[0].id, ReleaseOffice::Police, &"me".into()).await;
            assert_eq!(told, Err(refused));
        }
    }
}
