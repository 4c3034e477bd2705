//! Events of the prison service come in any order, again, late or never; none of them lets anything through.

use casework::ProposedChange;
use feed::ContactKind;
use hub::custody::{CustodyEvent, Occurred, Reception, Release};
use hub::store::EventTaken::{self, Overtaken, Repeated, Taken};
use prison::PrisonId;

use crate::stories;
use crate::support::{TestStore, lei, mdi, prisoner};

const HIM: &str = "A1234BC";
const HERS: &str = "+447700900002";

fn at(minute: u8, event: CustodyEvent) -> Occurred {
    let at = format!("2026-11-23T08:{minute:02}:00Z").parse().unwrap();
    Occurred { at, event }
}

fn received(minute: u8, holder: &str, prison: PrisonId) -> Occurred {
    let reason = Reception::Transferred;
    at(
        minute,
        CustodyEvent::Received {
            prisoner: prisoner(holder),
            prison,
            reason,
        },
    )
}

fn released(minute: u8, holder: &str, reason: Release) -> Occurred {
    at(
        minute,
        CustodyEvent::Released {
            prisoner: prisoner(holder),
            reason,
        },
    )
}

impl TestStore {
    async fn hear(&self, occurred: Occurred) -> EventTaken {
        let hub = self.store.itself();
        self.store
            .record_custody_event(&hub, "a.kind", &occurred)
            .await
            .unwrap()
    }

    async fn whereabouts(&self, holder: &str) -> (Option<PrisonId>, String) {
        let record = self.store.prisoner(prisoner(holder)).await.unwrap().unwrap();
        (record.prison_id, record.status.as_str().to_owned())
    }
}

/// Somebody whom no file has brought yet, so that only events tell where he is.
const NEW: &str = "A7777ZZ";

stories! {
    async fn a_release_that_an_event_tells_stands_as_a_task_and_a_day_at_court_does_not(place: &TestStore) {
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        place.hear(received(0, NEW, lei())).await;
        place.locate(case, NEW).await;
        let tasks = async || place.store.open_releases(&place.handler).await.unwrap().rows.len();
        for (minute, away) in [(1, Release::SentToCourt), (2, Release::ReleasedToHospital), (3, Release::Transferred)] {
            place.hear(released(minute, NEW, away)).await;
        }
        assert_eq!(tasks().await, 0);
        place.hear(released(4, NEW, Release::Released)).await;
        assert_eq!((tasks().await, place.barred().await), (1, vec![HERS.to_owned()]));
    }

    async fn events_in_any_order_and_again_lead_to_the_same_place(place: &TestStore) {
        let story = |holder: &str| [
            received(1, holder, lei()),
            released(2, holder, Release::SentToCourt),
            released(3, holder, Release::Transferred),
            received(3, holder, mdi()),
            released(4, holder, Release::TemporaryAbsenceRelease),
        ];
        for (n, order) in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [3, 0, 4, 2, 1], [2, 4, 0, 1, 3]].iter().enumerate() {
            let holder = format!("A777{n}ZZ");
            let story = story(&holder);
            for step in order {
                place.hear(story[*step]).await;
            }
            for step in order {
                assert_eq!(place.hear(story[*step]).await, Repeated);
            }
            let stands = (Some(mdi()), "ACTIVE OUT".to_owned());
            assert_eq!(place.whereabouts(&holder).await, stands, "{order:?}");
        }
    }

    async fn an_older_event_does_not_undo_a_newer_one(place: &TestStore) {
        assert_eq!(place.hear(received(9, NEW, mdi())).await, Taken);
        assert_eq!(place.hear(received(5, NEW, lei())).await, Overtaken);
        assert_eq!(place.hear(released(8, NEW, Release::Released)).await, Overtaken);
        assert_eq!(place.whereabouts(NEW).await, (Some(mdi()), "ACTIVE IN".to_owned()));
    }

    async fn a_file_that_is_older_than_an_event_brings_names_and_no_prison(place: &TestStore) {
        place.hear(received(9, NEW, mdi())).await;
        let mut record = offender::PrisonerRecord::new(prisoner(NEW), "Ivan", "Invented");
        record.prison_id = Some(lei());
        let import = async |as_of: &str| {
            let as_of = as_of.parse().unwrap();
            place.bring_file(vec![record.clone()], as_of).await;
            place.store.prisoner(prisoner(NEW)).await.unwrap().unwrap()
        };
        let kept = import("2026-11-23T08:05:00Z").await;
        assert_eq!((kept.last_name.as_str(), kept.prison_id), ("Invented", Some(mdi())));
        let kept = import("2026-11-23T08:30:00Z").await;
        assert_eq!(kept.prison_id, Some(lei()), "and a newer one does");
        assert_eq!(place.hear(received(20, NEW, mdi())).await, Overtaken, "which holds against older events");
    }

    async fn a_release_of_any_kind_lifts_no_bar_and_a_day_out_changes_no_list(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let case = place.case_of(&receipt).await;
        let bar = place.store.open_case(&place.handler, case).await.unwrap().bars[0].bar.id;
        place.narrow(bar, prisoner(HIM)).await;
        place.approve_number(HIM, "+447700900001", ContactKind::Social).await;
        place.clock.advance(3600);
        let (barred, rings) = (place.barred().await, place.approved().await);
        let later = |hour: u8, event: Occurred| {
            let at = format!("2026-11-23T{hour:02}:30:00Z").parse().unwrap();
            Occurred { at, ..event }
        };
        for (n, day_out) in [Release::SentToCourt, Release::TemporaryAbsenceRelease, Release::ReleasedToHospital]
            .into_iter()
            .enumerate()
        {
            place.hear(later(9, released(n as u8, HIM, day_out))).await;
            assert_eq!(place.whereabouts(HIM).await.0, Some(lei()));
        }
        let patient = CustodyEvent::RestrictedPatientAdded { prisoner: prisoner(HIM) };
        place.hear(Occurred { at: "2026-11-23T09:40:00Z".parse().unwrap(), event: patient }).await;
        assert_eq!((place.barred().await, place.approved().await), (barred.clone(), rings));
        for (gone, at) in [(Release::Transferred, "2026-11-23T09:50:00Z"), (Release::Released, "2026-11-23T09:51:00Z")] {
            place.hear(Occurred { at: at.parse().unwrap(), ..released(0, HIM, gone) }).await;
            assert_eq!(place.barred().await, barred, "{gone:?}");
        }
        assert_eq!(place.whereabouts(HIM).await.0, Some("OUT".parse().unwrap()));
    }

    async fn a_transfer_screens_again_and_ends_what_two_people_had_excepted(place: &TestStore) {
        let (bar, case) = place.excepted(HIM).await;
        assert_eq!(place.approved().await.len(), 1, "he keeps it where he is");
        place.clock.advance(3600);
        let moved = Occurred { at: "2026-11-23T09:30:00Z".parse().unwrap(), ..received(0, HIM, mdi()) };
        place.hear(moved).await;
        assert!(place.approved().await.is_empty());
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert!(file.exceptions.rows.is_empty() && file.bars[0].bar.id == bar);
    }

    async fn numbers_that_are_merged_carry_the_bars_of_both_and_a_repeated_word_undoes_no_decision(
        place: &TestStore
    ) {
        let receipt = place.refer(&[HERS]).await;
        let case = place.case_of(&receipt).await;
        let bar = place.store.open_case(&place.handler, case).await.unwrap().bars[0].bar.id;
        place.narrow(bar, prisoner("A5678DE")).await;
        let merged = CustodyEvent::Merged { gone: prisoner("A5678DE"), survives: prisoner(HIM) };
        assert_eq!(place.hear(at(1, merged)).await, Taken);
        let both = ["+447700900002 for A1234BC", "+447700900002 for A5678DE"];
        assert_eq!(place.barred().await, both);
        let (_, other) = place.excepted("A9012FG").await;
        let merged = CustodyEvent::Merged { gone: prisoner("A3456HJ"), survives: prisoner("A9012FG") };
        place.hear(at(2, merged)).await;
        assert!(place.exceptions_of(other).await == 0, "a merge ends it");
        place.except("A9012FG", other).await;
        assert_eq!(place.hear(at(2, merged)).await, Repeated);
        assert!(place.exceptions_of(other).await == 1, "and the same word again does not");
    }

    async fn a_booking_that_is_moved_takes_the_bars_along_and_leaves_them_where_they_were(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let case = place.case_of(&receipt).await;
        let bar = place.store.open_case(&place.handler, case).await.unwrap().bars[0].bar.id;
        place.narrow(bar, prisoner(HIM)).await;
        let moved = CustodyEvent::BookingMoved { from: prisoner(HIM), to: prisoner("A5678DE") };
        place.hear(at(1, moved)).await;
        let both = ["+447700900002 for A1234BC", "+447700900002 for A5678DE"];
        assert_eq!(place.barred().await, both);
    }

    async fn only_the_prison_service_the_hub_and_operators_say_who_is_where(place: &TestStore) {
        for by in [&place.police, &place.handler, &place.clerk, &place.auditor] {
            let told = place.store.record_custody_event(by, "a.kind", &received(1, HIM, mdi())).await;
            assert!(told.is_err(), "{}", by.name);
        }
        assert_eq!(place.whereabouts(HIM).await.0, Some(lei()));
    }
}

impl TestStore {
    /// A number that this prisoner rings is barred, and two people let him keep it.
    async fn excepted(&self, holder: &str) -> (casework::BarId, casework::CaseId) {
        const NUMBER: &str = "+447700900007";
        self.approve_number(holder, NUMBER, ContactKind::Social).await;
        let case = self.case_of(&self.refer(&[NUMBER]).await).await;
        self.except(holder, case).await;
        let file = self.store.open_case(&self.handler, case).await.unwrap();
        (file.bars[0].bar.id, case)
    }

    async fn except(&self, holder: &str, case: casework::CaseId) {
        let file = self.store.open_case(&self.handler, case).await.unwrap();
        self.agree(ProposedChange::ExceptPrisoner {
            bar: file.bars[0].bar.id,
            prison: lei(),
            prisoner: prisoner(holder),
        })
        .await;
    }

    async fn exceptions_of(&self, case: casework::CaseId) -> usize {
        let file = self.store.open_case(&self.handler, case).await.unwrap();
        file.exceptions.rows.len()
    }
}
