//! Alerts on prisoners' own records: the newest word of each holds, whether a file or an event brought it; what has ended
//! is not shown.

use std::time::Duration;

use hub::custody::{AlertChange, AlertCode, CustodyEvent, Occurred};
use hub::store::EventTaken::{Overtaken, Taken};
use hub::store::{EventTaken, Refusal, RosterFile, RosterPiece, StoreError};
use offender::{PrisonerRecord, RecordedAlert};

use crate::stories;
use crate::support::{TestStore, lei, mdi, prisoner};

const HIM: &str = "A1234BC";

fn recorded(code: &str, expires: Option<&str>) -> RecordedAlert {
    RecordedAlert {
        alert_code: code.to_owned(),
        date_created: Some("2026-03-03".to_owned()),
        date_expires: expires.map(str::to_owned),
        ..RecordedAlert::default()
    }
}

impl TestStore {
    async fn file_of_alerts(&self, as_of: &str, alerts: Option<Vec<RecordedAlert>>) {
        let mut record = PrisonerRecord::new(prisoner(HIM), "Ivan", "Invented");
        record.prison_id = Some(lei());
        record.alerts = alerts;
        let as_of = format!("2026-11-23T{as_of}:00Z").parse().unwrap();
        self.bring_file(vec![record], as_of).await;
    }

    async fn alert_event(&self, at: &str, code: AlertCode, change: AlertChange) -> EventTaken {
        let at = format!("2026-11-23T{at}:00Z").parse().unwrap();
        let event = CustodyEvent::AlertChanged {
            prisoner: prisoner(HIM),
            code,
            change,
        };
        let hub = self.store.itself();
        let occurred = Occurred { at, event };
        self.store
            .record_custody_event(&hub, "a.kind", &occurred)
            .await
            .unwrap()
    }

    /// As `ONCR 2026-03-03 RDV ?`.
    async fn alerts(&self) -> String {
        let found = self
            .store
            .alerts_on(&[prisoner(HIM), prisoner("A5678DE")])
            .await
            .unwrap();
        assert!(!found.contains_key(&prisoner("A5678DE")), "nobody else's");
        let his = found.get(&prisoner(HIM)).into_iter().flatten();
        let shown = his.map(|alert| {
            let since = alert.since.map_or("?".to_owned(), |since| since.to_string());
            format!("{} {since}", alert.code.as_str())
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}

use AlertChange::{Created, Deleted, Updated};
use AlertCode::{DomesticViolence, NoContactRequest, Stalking};

stories! {
    async fn a_file_tells_all_alerts_of_a_record_and_one_without_them_tells_nothing(place: &TestStore) {
        place.file_of_alerts("06:00", Some(vec![recorded("RDV", None), recorded("ONCR", None), recorded("HA", None)])).await;
        assert_eq!(place.alerts().await, "ONCR 2026-03-03 RDV 2026-03-03");
        place.file_of_alerts("06:10", None).await;
        assert_eq!(place.alerts().await, "ONCR 2026-03-03 RDV 2026-03-03");
        place.file_of_alerts("05:50", Some(Vec::new())).await;
        assert_eq!(place.alerts().await, "ONCR 2026-03-03 RDV 2026-03-03", "an older file");
        place.file_of_alerts("06:20", Some(Vec::new())).await;
        assert_eq!(place.alerts().await, "");
    }

    async fn what_a_file_tells_of_alerts_is_shown_once_the_file_is_visible_and_never_when_it_is_given_up(place: &TestStore) {
        let file = |hash: &str| RosterFile {
            hash: hash.to_owned(),
            format: "json",
            as_of: "2026-11-23T08:00:00Z".parse().unwrap(),
        };
        let mut record = PrisonerRecord::new(prisoner(HIM), "Ivan", "Invented");
        record.alerts = Some(vec![recorded("ONCR", None)]);
        let stage = async |hash: &str| {
            let staging = place.store.begin_roster(&place.operator, &file(hash)).await.unwrap();
            let piece = RosterPiece { after: 0, to: 1, records: vec![record.clone()] };
            place.store.stage_roster(&place.operator, staging.id, piece).await.unwrap();
            staging.id
        };
        stage("given up").await;
        assert_eq!(place.alerts().await, "");
        while place.store.discard_other_roster(&place.operator, &file("whole")).await.unwrap().is_some() {}
        let id = stage("whole").await;
        assert_eq!(place.alerts().await, "");
        place.store.show_roster(&place.operator, id, 1).await.unwrap();
        hub::lists::settle(&place.store, Duration::ZERO, |_| {}).await.unwrap();
        assert_eq!(place.alerts().await, "ONCR 2026-03-03");
        let id = stage("the same words").await;
        let taken = place.store.show_roster(&place.operator, id, 1).await.unwrap();
        assert_eq!(taken.unchanged, 1);
        let again = place.store.begin_roster(&place.operator, &file("nothing is left to settle")).await;
        assert!(again.is_ok(), "{again:?}");
    }

    async fn an_event_that_is_newer_than_the_file_holds_and_an_older_one_does_not(place: &TestStore) {
        place.file_of_alerts("06:00", Some(vec![recorded("ONCR", None)])).await;
        assert_eq!(place.alert_event("05:00", NoContactRequest, Deleted).await, Overtaken);
        assert_eq!(place.alert_event("05:00", Stalking, Created).await, Overtaken, "the file would have told it");
        assert_eq!(place.alerts().await, "ONCR 2026-03-03");
        assert_eq!(place.alert_event("07:00", NoContactRequest, Deleted).await, Taken);
        assert_eq!(place.alert_event("07:00", Stalking, Created).await, Taken);
        assert_eq!(place.alerts().await, "RSP 2026-11-23");
        place.file_of_alerts("06:30", Some(vec![recorded("ONCR", None), recorded("RDV", None)])).await;
        assert_eq!(place.alerts().await, "RSP 2026-11-23 RDV 2026-03-03", "an older file undoes neither");
        place.file_of_alerts("08:00", Some(vec![recorded("ONCR", None)])).await;
        assert_eq!(place.alerts().await, "ONCR 2026-03-03", "and a newer one does both");
    }

    async fn events_in_any_order_leave_what_the_newest_said_and_the_first_day(place: &TestStore) {
        place.alert_event("05:00", DomesticViolence, Created).await;
        place.alert_event("06:00", DomesticViolence, Updated).await;
        assert_eq!(place.alerts().await, "RDV 2026-11-23");
        place.alert_event("06:30", Stalking, Deleted).await;
        assert_eq!(place.alert_event("06:20", Stalking, Created).await, Overtaken);
        place.alert_event("06:30", NoContactRequest, Updated).await;
        assert_eq!(place.alerts().await, "ONCR ? RDV 2026-11-23");
    }

    async fn an_alert_that_has_run_out_is_not_shown_from_its_last_day_on(place: &TestStore) {
        place.file_of_alerts("06:00", Some(vec![recorded("ONCR", Some("2026-11-24")), recorded("RDV", Some("2026-11-23"))])).await;
        assert_eq!(place.alerts().await, "ONCR 2026-03-03");
        place.clock.advance(24 * 3600);
        assert_eq!(place.alerts().await, "");
    }

    async fn those_with_an_alert_are_listed_prison_by_prison_for_handlers_alone(place: &TestStore) {
        place.file_of_alerts("06:00", Some(vec![recorded("ONCR", None), recorded("RDV", None)])).await;
        let case = place.case_of(&place.refer(&["+447700900001"]).await).await;
        let listed = async |prison| place.store.alerted_in(&place.handler, case, prison).await.unwrap();
        assert_eq!(listed(lei()).await, [prisoner(HIM)]);
        assert!(listed(mdi()).await.is_empty());
        for other in [&place.police, &place.operator, &place.security, &place.auditor] {
            let refused = place.store.alerted_in(other, case, lei()).await;
            assert_eq!(refused, Err(StoreError::Refused(Refusal::NotTheirs)), "{}", other.name);
        }
    }
}
