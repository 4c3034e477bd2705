//! A prison number that an agency gave stands by itself; wherever anything is in doubt a person confirms.

use casework::{Actor, CaseId, CaseState, OrganisationKind, Role};
use hub::store::{ByNumber, Conflict, FRESH_DAYS, Receipt, StoreError};
use jiff::SignedDuration;
use offender::{BirthDate, Known, PrisonerRecord, Roster, Verified};

use crate::stories;
use crate::support::{TestStore, filing, prisoner, public};

const HERS: &str = "+447700900001";
const HIM: &str = "A7777QZ";

/// His number with all that his record says, compared with that record alone; where it has no date of birth, with one
/// that has.
pub(crate) fn agreeing(record: &PrisonerRecord) -> Verified {
    let mut compared = record.clone();
    compared.date_of_birth = compared.date_of_birth.or(BirthDate::new(1985, 3, 27).ok());
    let known = Known {
        prisoner_number: Some(record.prisoner_number.to_string()),
        first_name: Some(record.first_name.clone()),
        last_name: Some(record.last_name.clone()),
        date_of_birth: compared.date_of_birth,
        ..Known::default()
    };
    let mut verified = Roster::build([compared]).verify(&known).unwrap();
    verified.record = record.clone();
    verified
}

fn his_record() -> PrisonerRecord {
    let mut record = PrisonerRecord::new(prisoner(HIM), "Zebedee", "Quillfeather");
    record.date_of_birth = BirthDate::new(1985, 3, 27).ok();
    record.prison_id = Some("LEI".parse().unwrap());
    record
}

async fn he_comes(place: &TestStore) -> Verified {
    place.store.import_prisoners(vec![his_record()]).await.unwrap();
    agreeing(&his_record())
}

/// A request that names him, filed by this account.
async fn asks(place: &TestStore, by: &Actor) -> Receipt {
    let mut filing = filing(&[HERS]);
    filing.named.numbers = vec![prisoner(HIM)];
    place.store.file_request(by, None, filing).await.unwrap()
}

async fn account(place: &TestStore, organisation: OrganisationKind) -> Actor {
    let role = Role::Referrer { organisation };
    let by = Some(&place.operator);
    place.store.add_account(by, "Wye Agency", role).await.unwrap()
}

async fn state(place: &TestStore, case: CaseId) -> CaseState {
    place.store.open_case(&place.handler, case).await.unwrap().state
}

/// Whether the number stood.
async fn stands(place: &TestStore, receipt: &Receipt, verified: &Verified) -> bool {
    let stood = place
        .store
        .confirm_by_number(&receipt.reference, verified)
        .await
        .unwrap();
    let case = place.case_of(receipt).await;
    assert_eq!(
        stood,
        state(place, case).await.prisoner().is_some(),
        "what it says is what it did"
    );
    stood
}

stories! {
    async fn an_agencys_number_stands_and_its_evidence_and_model_are_on_record(place: &TestStore) {
        let verified = he_comes(place).await;
        for organisation in [OrganisationKind::Police, OrganisationKind::Probation, OrganisationKind::Prison] {
            let receipt = asks(place, &account(place, organisation).await).await;
            assert!(stands(place, &receipt, &verified).await, "{organisation:?}");
            let case = place.case_of(&receipt).await;
            let file = place.store.open_case(&place.handler, case).await.unwrap();
            let location = &file.locations[0];
            assert_eq!(location.prisoner, prisoner(HIM));
            assert_eq!(location.model, verified.model.to_string());
            let by = ByNumber { given_by: organisation, name: true, date_of_birth: true };
            assert_eq!(ByNumber::of_evidence(&location.evidence), Some(by));
            assert!(location.evidence.expose().contains("Quillfeather"), "what was compared");
            let entry = file.timeline.iter().find(|row| row.verb == "confirm-by-number").unwrap();
            assert_eq!(entry.name, "the hub");
            assert!(entry.detail.contains(HIM) && entry.detail.contains(&location.model), "{}", entry.detail);
            assert!(!entry.detail.contains("Quillfeather"));
            assert!(!place.store.confirm_by_number(&receipt.reference, &verified).await.unwrap(), "once");
        }
        assert_eq!(place.barred().await, vec![HERS; 3], "what is barred is barred for everybody, as before");
    }

    async fn nobody_elses_number_stands(place: &TestStore) {
        let verified = he_comes(place).await;
        let refuge = account(place, OrganisationKind::VictimService).await;
        for by in [public(), refuge, place.handler.clone()] {
            let receipt = asks(place, &by).await;
            assert!(!stands(place, &receipt, &verified).await, "{}", by.name);
        }
    }

    async fn a_number_over_a_cap_waits_for_a_person(place: &TestStore) {
        let verified = he_comes(place).await;
        let mut filing = filing(&[HERS]);
        filing.caps.bars_per_hour = 0;
        let receipt = place.store.file_request(&place.police, None, filing).await.unwrap();
        assert!(!stands(place, &receipt, &verified).await);
    }

    async fn a_record_that_is_old_or_has_changed_or_is_gone_carries_no_number(place: &TestStore) {
        let nobody = agreeing(&his_record());
        let receipt = asks(place, &place.police).await;
        assert!(!stands(place, &receipt, &nobody).await, "nobody has it");
        let verified = he_comes(place).await;
        let mut renamed = verified.clone();
        renamed.record.last_name = "Quill".to_owned();
        assert!(!stands(place, &receipt, &renamed).await, "it is another by now");
        let week = SignedDuration::from_hours(24 * FRESH_DAYS).as_secs();
        place.clock.advance(week + 1);
        assert!(!stands(place, &receipt, &verified).await, "a second too old");
        he_comes(place).await;
        place.clock.advance(week);
        assert!(stands(place, &receipt, &verified).await, "the same words from a newer file");
    }

    async fn a_case_that_names_somebody_else_too_waits_for_a_person(place: &TestStore) {
        let verified = he_comes(place).await;
        let mut other = filing(&[HERS]);
        other.named.numbers = vec![prisoner(HIM), prisoner("A1234BC")];
        let receipt = place.store.file_request(&place.police, None, other).await.unwrap();
        assert!(!stands(place, &receipt, &verified).await);
    }

    async fn what_a_person_said_before_is_not_overruled(place: &TestStore) {
        let verified = he_comes(place).await;
        let receipt = asks(place, &place.police).await;
        let case = place.case_of(&receipt).await;
        place.locate(case, "A1234BC").await;
        assert!(!place.store.confirm_by_number(&receipt.reference, &verified).await.unwrap());
        assert_eq!(state(place, case).await.prisoner(), Some(prisoner("A1234BC")));
        let again = asks(place, &place.police).await;
        assert!(stands(place, &again, &verified).await);
        let case = place.case_of(&again).await;
        place.store.reject_prisoner(&place.handler, case, prisoner(HIM)).await.unwrap();
        assert_eq!(state(place, case).await, CaseState::Waiting);
        assert!(!stands(place, &again, &verified).await, "he was rejected in it");
    }

    async fn a_rejected_prisoner_stays_barred_and_the_case_waits_again(place: &TestStore) {
        place.store.switch_prison_on(&place.operator, crate::support::lei(), feed::Regime::CallEnabling).await.unwrap();
        let verified = he_comes(place).await;
        place.approve_number(HIM, HERS, feed::ContactKind::Social).await;
        let receipt = asks(place, &place.police).await;
        assert!(stands(place, &receipt, &verified).await);
        let case = place.case_of(&receipt).await;
        let (barred, approved) = (place.barred().await, place.approved().await);
        assert_eq!((barred.as_slice(), approved.as_slice()), (&[HERS.to_owned()][..], &[][..]));
        let other = place.store.reject_prisoner(&place.handler, case, prisoner("A1234BC")).await;
        assert_eq!(other, Err(StoreError::Conflict(Conflict::Changed)));
        place.store.reject_prisoner(&place.handler, case, prisoner(HIM)).await.unwrap();
        assert_eq!((place.barred().await, place.approved().await), (barred, approved), "nothing is lifted");
        let armed = place.store.protected_people(None).await.unwrap();
        assert!(!armed.cases[&case].located, "whoever comes in is compared with it");
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!(file.timeline.iter().filter(|row| row.verb == "reject-prisoner").count(), 1);
        assert!(place.store.reject_prisoner(&place.police, case, prisoner(HIM)).await.is_err());
    }
}
