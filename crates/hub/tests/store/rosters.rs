//! A file of the whole roster is staged in pieces, visible at one moment, and put away behind that; events that come at
//! any time between hold where they are newer.

use std::time::Duration;

use hub::custody::{Custody, CustodyEvent, Occurred, Reception, Release};
use hub::lists::{RosterLimits, settle};
use hub::store::{Conflict, RosterFile, RosterPiece, RosterStaging, RosterTaken, StoreError};
use jiff::Timestamp;
use offender::PrisonerRecord;
use prison::{PrisonId, PrisonerNumber};

use crate::stories;
use crate::support::{TestStore, lei, mdi, prisoner};

/// The prisoners on record have stood so since nine.
const AS_OF: &str = "2026-11-23T09:30:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn file(hash: &str) -> RosterFile {
    RosterFile {
        hash: hash.to_owned(),
        format: "json",
        as_of: at(AS_OF),
    }
}

fn record(number: &str, first: &str, prison: PrisonId) -> PrisonerRecord {
    let mut record = PrisonerRecord::new(prisoner(number), first, "Invented");
    record.prison_id = Some(prison);
    record
}

fn numbered(n: u64) -> String {
    format!("B{n:04}CD")
}

impl TestStore {
    async fn stage(
        &self,
        staging: RosterStaging,
        after: u64,
        to: u64,
        records: Vec<PrisonerRecord>,
    ) -> Result<(), StoreError> {
        let piece = RosterPiece { after, to, records };
        self.store.stage_roster(&self.operator, staging.id, piece).await
    }

    async fn put_away(&self) {
        settle(&self.store, Duration::ZERO, |_| {}).await.unwrap();
    }

    async fn event(&self, minute: u8, event: CustodyEvent) {
        let at = at(&format!("2026-11-23T09:{minute:02}:00Z"));
        let hub = self.store.itself();
        let occurred = Occurred { at, event };
        self.store
            .record_custody_event(&hub, "a.kind", &occurred)
            .await
            .unwrap();
    }

    async fn place_of(&self, number: &str) -> Option<PrisonId> {
        let record = self.store.prisoner(prisoner(number)).await.unwrap();
        record.and_then(|record| record.prison_id)
    }

    async fn held_in(&self, prison: PrisonId) -> Vec<PrisonerNumber> {
        let records = self.store.prisoners_in(prison).await.unwrap();
        records.iter().map(|record| record.prisoner_number).collect()
    }
}

fn received(number: &str, prison: PrisonId) -> CustodyEvent {
    let reason = Reception::Transferred;
    CustodyEvent::Received {
        prisoner: prisoner(number),
        prison,
        reason,
    }
}

stories! {
    async fn a_file_is_visible_at_one_moment_and_no_row_of_it_before(place: &TestStore) {
        place.clock.advance(3600);
        let before = place.store.prisoners().await.unwrap();
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let moved = record("A1234BC", "Ivan", mdi());
        for n in 0..3 {
            let rows = (n * 500..(n + 1) * 500).map(|n| record(&numbered(n), "Otto", mdi()));
            place.stage(staging, n * 500, (n + 1) * 500, rows.collect()).await.unwrap();
        }
        place.stage(staging, 1_500, 1_501, vec![moved.clone()]).await.unwrap();
        let revision = place.store.roster_revision().await.unwrap();
        assert_eq!(place.store.prisoners().await.unwrap(), before);
        assert!(place.held_in(mdi()).await.is_empty());
        assert!(place.store.prisoner(prisoner(&numbered(7))).await.unwrap().is_none());

        let taken = place.store.show_roster(&place.operator, staging.id, 1_501).await.unwrap();
        assert_eq!((taken.new, taken.changed, taken.moved, taken.unchanged), (1_500, 1, 1, 0));
        let visible = place.store.prisoners().await.unwrap();
        assert_eq!(visible.len(), before.len() + 1_500);
        assert_eq!(place.held_in(mdi()).await.len(), 1_501);
        assert_eq!(place.place_of("A1234BC").await, Some(mdi()));
        let (_, changed) = place.store.prisoners_since(revision, 2_000).await.unwrap();
        assert_eq!(changed.unwrap().len(), 1_501, "whoever follows the roster reads them");

        // Half of it is put away, then all: nobody sees a difference.
        let now = place.store.roster_revision().await.unwrap();
        place.store.settle_roster(Duration::ZERO).await.unwrap();
        place.store.settle_roster(Duration::ZERO).await.unwrap();
        assert_eq!(place.store.prisoners().await.unwrap(), visible);
        assert_eq!(place.held_in(mdi()).await.len(), 1_501);
        place.put_away().await;
        assert_eq!(place.store.prisoners().await.unwrap(), visible);
        assert_eq!(place.held_in(mdi()).await.len(), 1_501);
        assert_eq!(place.store.roster_revision().await.unwrap(), now);
        assert_eq!(place.store.settle_roster(Duration::ZERO).await.unwrap(), None);
    }

    async fn the_same_file_goes_on_where_it_was_and_another_discards_what_was_staged(place: &TestStore) {
        place.clock.advance(3600);
        let begin = async |name: &str| place.store.begin_roster(&place.operator, &file(name)).await;
        let staging = begin("one").await.unwrap();
        place.stage(staging, 0, 3, vec![record("B0001CD", "Otto", lei())]).await.unwrap();
        let again = begin("one").await.unwrap();
        assert_eq!((again.id, again.staged_to), (staging.id, 3));
        let repeated = place.stage(staging, 0, 3, vec![record("B0001CD", "Otto", lei())]).await;
        assert!(matches!(repeated, Err(StoreError::Conflict(Conflict::Changed))));
        let short = place.store.show_roster(&place.operator, staging.id, 9).await;
        assert!(matches!(short, Err(StoreError::Conflict(Conflict::Changed))), "not staged to its last line");

        let other = file("another");
        assert!(begin("another").await.is_err());
        let discard = async |file: &RosterFile| place.store.discard_other_roster(&place.operator, file).await.unwrap();
        assert_eq!(discard(&file("one")).await, None, "it goes on");
        assert_eq!(discard(&other).await, Some(1));
        assert_eq!(discard(&other).await, None);
        let gone = place.stage(staging, 3, 4, Vec::new()).await;
        assert!(matches!(gone, Err(StoreError::Conflict(Conflict::Changed))));
        let other = begin("another").await.unwrap();
        assert_eq!(other.staged_to, 0);
        let taken = place.store.show_roster(&place.operator, other.id, 0).await.unwrap();
        assert_eq!(taken, RosterTaken::default());
        assert_eq!(place.place_of("B0001CD").await, None);
    }

    async fn a_piece_is_staged_at_its_limit_and_not_one_past_it(place: &TestStore) {
        place.clock.advance(3600);
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let most = RosterLimits::DEFAULT.batch_rows as u64;
        let rows = |n: u64| (0..n).map(|n| record(&numbered(n), "Otto", lei())).collect();
        assert!(place.stage(staging, 0, 1, rows(most + 1)).await.is_err());
        place.stage(staging, 0, 1, rows(most)).await.unwrap();
    }

    async fn an_event_between_staging_and_showing_holds_where_it_is_newer(place: &TestStore) {
        place.clock.advance(3600);
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let numbers = ["A1234BC", "A5678DE", "B0001CD", "B0002CD"];
        let rows = numbers.map(|number| record(number, "Otto", mdi()));
        place.stage(staging, 0, 4, rows.to_vec()).await.unwrap();
        // The file is of half past nine: two are received behind it, and two before.
        place.event(45, received("A1234BC", "WDI".parse().unwrap())).await;
        place.event(10, received("A5678DE", "WDI".parse().unwrap())).await;
        place.event(45, received("B0001CD", "WDI".parse().unwrap())).await;
        place.event(10, received("B0002CD", "WDI".parse().unwrap())).await;
        place.store.show_roster(&place.operator, staging.id, 4).await.unwrap();
        let stand = async || {
            let mut stand = Vec::new();
            for number in numbers {
                let record = place.store.prisoner(prisoner(number)).await.unwrap().unwrap();
                stand.push((record.first_name, record.prison_id.unwrap().to_string()));
            }
            stand
        };
        let expected = ["WDI", "MDI", "WDI", "MDI"].map(|prison| ("Otto".to_owned(), prison.to_owned()));
        assert_eq!(stand().await, expected);
        place.put_away().await;
        assert_eq!(stand().await, expected);
    }

    async fn an_event_behind_the_showing_finds_the_file_s_row_and_what_follows_from_it(place: &TestStore) {
        place.clock.advance(3600);
        let receipt = place.refer(&["+447700900002"]).await;
        let case = place.case_of(&receipt).await;
        place.locate(case, "A1234BC").await;
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let out = record("A1234BC", "Otto", "OUT".parse().unwrap());
        place.stage(staging, 0, 1, vec![out]).await.unwrap();
        let tasks = async || place.store.open_releases(&place.handler).await.unwrap().rows.len();
        place.store.show_roster(&place.operator, staging.id, 1).await.unwrap();
        place.event(50, received("A1234BC", mdi())).await;
        assert_eq!(tasks().await, 1, "the file's release stands as a task though he is back");
        assert_eq!(place.place_of("A1234BC").await, Some(mdi()));
        place.put_away().await;
        assert_eq!(place.place_of("A1234BC").await, Some(mdi()));
    }

    async fn a_file_in_the_same_words_holds_against_older_events_and_changes_nothing(place: &TestStore) {
        place.clock.advance(3600);
        let known = place.store.prisoners().await.unwrap();
        let revision = place.store.roster_revision().await.unwrap();
        let taken = place.bring_file(known.clone(), at("2026-11-23T09:59:00Z")).await;
        assert_eq!((taken.unchanged, taken.new + taken.changed), (known.len() as u64, 0));
        let (_, changed) = place.store.prisoners_since(revision, 10).await.unwrap();
        assert!(changed.unwrap().is_empty());
        place.event(40, CustodyEvent::Released { prisoner: prisoner("A1234BC"), reason: Release::Released }).await;
        assert_eq!(place.place_of("A1234BC").await, Some(lei()));
    }

    async fn the_last_of_two_rows_about_one_prisoner_holds(place: &TestStore) {
        place.clock.advance(3600);
        let known = place.store.prisoner(prisoner("A1234BC")).await.unwrap().unwrap();
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let twice = vec![record("B0001CD", "Otto", lei()), record("B0001CD", "Max", mdi())];
        place.stage(staging, 0, 2, twice).await.unwrap();
        place.stage(staging, 2, 3, vec![record("A1234BC", "Max", mdi())]).await.unwrap();
        place.stage(staging, 3, 4, vec![known.clone()]).await.unwrap();
        place.store.show_roster(&place.operator, staging.id, 4).await.unwrap();
        let one = place.store.prisoner(prisoner("B0001CD")).await.unwrap().unwrap();
        assert_eq!((one.first_name.as_str(), one.prison_id), ("Max", Some(mdi())));
        assert_eq!(place.store.prisoner(prisoner("A1234BC")).await.unwrap(), Some(known));
    }

    async fn the_roster_in_memory_follows_the_store_by_a_few_and_by_a_file(place: &TestStore) {
        place.clock.advance(3600);
        let custody = Custody::read(&place.store).await.unwrap();
        let before = custody.prisoners();
        place.event(50, received("B0001CD", mdi())).await;
        custody.refresh(&place.store).await.unwrap();
        assert_eq!(custody.prisoner(prisoner("B0001CD")).unwrap().prison_id, Some(mdi()));
        let many = (2..1_500).map(|n| record(&numbered(n), "Otto", lei())).collect::<Vec<_>>();
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        for (n, rows) in (0..).zip(many.chunks(500)) {
            place.stage(staging, n, n + 1, rows.to_vec()).await.unwrap();
            custody.refresh(&place.store).await.unwrap();
            assert_eq!(custody.prisoners(), before + 1, "a file that is staged in part is not read");
        }
        place.store.show_roster(&place.operator, staging.id, 3).await.unwrap();
        custody.refresh(&place.store).await.unwrap();
        assert_eq!(custody.prisoners(), before + 1 + many.len());
        assert_eq!(custody.prisoner(prisoner(&numbered(1_499))).unwrap(), many[1_497]);
    }

    async fn whoever_a_file_moves_is_screened_whoever_puts_it_away(place: &TestStore) {
        place.clock.advance(3600);
        let receipt = place.refer(&["+447700900002"]).await;
        let case = place.case_of(&receipt).await;
        place.locate(case, "A1234BC").await;
        let staging = place.store.begin_roster(&place.operator, &file("one")).await.unwrap();
        let mut rows: Vec<_> = (0..200).map(|n| record(&numbered(n), "Otto", lei())).collect();
        rows.push(record("A1234BC", "Otto", "OUT".parse().unwrap()));
        place.stage(staging, 0, 1, rows).await.unwrap();
        place.store.show_roster(&place.operator, staging.id, 1).await.unwrap();
        let tasks = async || place.store.open_releases(&place.handler).await.unwrap().rows.len();
        assert_eq!(place.store.settle_roster(Duration::from_secs(10)).await.unwrap(), None, "the command is at it");
        place.clock.advance(11);
        let first = place.store.settle_roster(Duration::from_secs(10)).await.unwrap();
        assert_eq!((first, tasks().await), (Some(1), 1), "whoever left comes first");
    }
}
