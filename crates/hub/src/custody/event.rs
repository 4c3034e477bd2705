//! What the prison service says happened, read: an envelope of its domain events becomes a [`CustodyEvent`].
//!
//! In: one message as the queue or a caller gives it, wrapped by the notification service or not. Out: an event, the
//! name of a kind that is of no concern here, or why the message is set aside. Pure. Nothing of a message stands in
//! an error. Field and type names are those of the prison service.

use jiff::{SignedDuration, Timestamp};
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};

use super::AlertCode;

/// Bytes of one message; the queue takes no longer ones.
pub const MESSAGE_BYTES: usize = 256 * 1024;
/// Characters of the name of a kind of event.
pub const TYPE_CHARS: usize = 100;
/// Characters of an alert's code.
const CODE_CHARS: usize = 12;
/// How far ahead of the hub's clock a message may be. One from the far future would overrule all that follow it.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// One event and when it happened, UTC, by the prison service's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Occurred {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: CustodyEvent,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum CustodyEvent {
    /// A prison received him.
    Received {
        /// Whom.
        prisoner: PrisonerNumber,
        /// Which prison.
        prison: PrisonId,
        /// How he came.
        reason: Reception,
    },
    /// He left a prison, for a day or for good. It lifts no bar.
    Released {
        /// Who.
        prisoner: PrisonerNumber,
        /// Why he left.
        reason: Release,
    },
    /// Two prison numbers are one person's.
    Merged {
        /// The number that is used no longer.
        gone: PrisonerNumber,
        /// The number that he has from now on.
        survives: PrisonerNumber,
    },
    /// A stay in prison that was recorded under one number is another's.
    BookingMoved {
        /// Under whose number it was.
        from: PrisonerNumber,
        /// Under whose it is.
        to: PrisonerNumber,
    },
    /// He is held in a hospital and a prison stays responsible for him.
    RestrictedPatientAdded {
        /// Who.
        prisoner: PrisonerNumber,
    },
    /// An alert on his record was made, changed or taken off.
    AlertChanged {
        /// On whose.
        prisoner: PrisonerNumber,
        /// Which.
        code: AlertCode,
        /// What became of it.
        change: AlertChange,
    },
}

/// How somebody came into a prison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "kebab-case", deserialize = "SCREAMING_SNAKE_CASE"))]
pub enum Reception {
    /// For the first time.
    NewAdmission,
    /// Again.
    Readmission,
    /// Again, under another booking.
    ReadmissionSwitchBooking,
    /// From another prison.
    Transferred,
    /// From court.
    ReturnFromCourt,
    /// From a temporary absence.
    TemporaryAbsenceReturn,
    /// Two of his records were merged.
    PostMergeAdmission,
    /// For a reason that is not known here: he is there all the same.
    #[serde(other)]
    Other,
}

/// Why somebody left a prison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "kebab-case", deserialize = "SCREAMING_SNAKE_CASE"))]
pub enum Release {
    /// For a day or a few; he comes back.
    TemporaryAbsenceRelease,
    /// To a hospital; he is still held.
    ReleasedToHospital,
    /// For good.
    Released,
    /// To court; he comes back or goes elsewhere.
    SentToCourt,
    /// To another prison.
    Transferred,
}

impl Release {
    /// Where he is then; none where his prison keeps him on its books.
    pub fn leaves_to(self) -> Option<PrisonId> {
        match self {
            Self::Released => Some(PrisonId::OUT),
            Self::Transferred => Some(PrisonId::TRN),
            Self::TemporaryAbsenceRelease | Self::ReleasedToHospital | Self::SentToCourt => None,
        }
    }
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertChange {
    /// It was made.
    Created,
    /// It was changed; the message does not say how, so it is taken to stand until a file says otherwise.
    Updated,
    /// It was taken off.
    Deleted,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// An event that is acted upon, with the name of its kind.
    Event(&'static str, Occurred),
    /// Of a kind that is of no concern here, by its name.
    OfAnotherKind(String),
}

/// Why a message is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unreadable {
    /// More bytes than a message may have.
    #[error("too long")]
    TooLong,
    /// It is no envelope of an event.
    #[error("not an envelope")]
    Envelope,
    /// The time is missing, is none or is ahead of the clock.
    #[error("no time that can be")]
    Time,
    /// No prison number, none of the known form, or two that differ.
    #[error("no prison number")]
    Prisoner,
    /// No prison, or none that receives anybody.
    #[error("no prison")]
    Prison,
    /// The reason is not known here.
    #[error("a reason that is not known")]
    Reason,
    /// No code of an alert.
    #[error("no code of an alert")]
    Alert,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::TooLong,
        Self::Envelope,
        Self::Time,
        Self::Prisoner,
        Self::Prison,
        Self::Reason,
        Self::Alert,
    ];

    /// Its code, as `envelope`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too-long",
            Self::Envelope => "envelope",
            Self::Time => "time",
            Self::Prisoner => "prisoner",
            Self::Prison => "prison",
            Self::Reason => "reason",
            Self::Alert => "alert",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    occurred_at: Option<String>,
    #[serde(default)]
    additional_information: Information,
    #[serde(default)]
    person_reference: PersonReference,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Information {
    noms_number: Option<String>,
    prisoner_number: Option<String>,
    removed_noms_number: Option<String>,
    moved_from_noms_number: Option<String>,
    moved_to_noms_number: Option<String>,
    prison_id: Option<String>,
    reason: Option<serde_json::Value>,
    alert_code: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PersonReference {
    identifiers: Vec<Identifier>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// How the notification service wraps a message for a queue.
#[derive(Deserialize)]
struct Wrapped {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(rename = "Message")]
    message: String,
}

/// Reads one message. `now` is the hub's time.
///
/// # Errors
/// Why it is set aside; a kind that is of no concern here is no error, whatever else it says.
pub fn read_message(bytes: &[u8], now: Timestamp) -> Result<Message, Unreadable> {
    if bytes.len() > MESSAGE_BYTES {
        return Err(Unreadable::TooLong);
    }
    let wrapped: Option<Wrapped> = serde_json::from_slice(bytes).ok();
    let inner = wrapped.filter(|wrapped| wrapped.kind == "Notification");
    let inner = inner.map_or_else(|| bytes.to_vec(), |wrapped| wrapped.message.into_bytes());
    let kind = kind_of(&inner)?;
    let Some(known) = KINDS.into_iter().find(|known| *known == kind) else {
        return Ok(Message::OfAnotherKind(kind));
    };
    let envelope: Envelope = serde_json::from_slice(&inner).map_err(|_| Unreadable::Envelope)?;
    let at = time(envelope.occurred_at.as_deref(), now)?;
    match envelope.event(known)? {
        Some(event) => Ok(Message::Event(known, Occurred { at, event })),
        None => Ok(Message::OfAnotherKind(kind)),
    }
}

const RECEIVED: &str = "prisoner-offender-search.prisoner.received";
const RELEASED: &str = "prisoner-offender-search.prisoner.released";
const MERGED: &str = "prison-offender-events.prisoner.merged";
const BOOKING_MOVED: &str = "prison-offender-events.prisoner.booking.moved";
const RESTRICTED_PATIENT: &str = "restricted-patients.patient.added";
const ALERT_CREATED: &str = "person.alert.created";
const ALERT_UPDATED: &str = "person.alert.updated";
const ALERT_DELETED: &str = "person.alert.deleted";
const KINDS: [&str; 8] = [
    RECEIVED,
    RELEASED,
    MERGED,
    BOOKING_MOVED,
    RESTRICTED_PATIENT,
    ALERT_CREATED,
    ALERT_UPDATED,
    ALERT_DELETED,
];

/// The name of the kind. It is counted and shown, so nothing but a name passes for one.
fn kind_of(bytes: &[u8]) -> Result<String, Unreadable> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Kind {
        event_type: String,
    }
    let Kind { event_type } = serde_json::from_slice(bytes).map_err(|_| Unreadable::Envelope)?;
    let is_name = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-' | b'_');
    let good = (1..=TYPE_CHARS).contains(&event_type.len()) && event_type.bytes().all(is_name);
    good.then_some(event_type).ok_or(Unreadable::Envelope)
}

fn time(written: Option<&str>, now: Timestamp) -> Result<Timestamp, Unreadable> {
    let at: Timestamp = written
        .and_then(|text| text.parse().ok())
        .ok_or(Unreadable::Time)?;
    let latest = now.saturating_add(AHEAD).map_err(|_| Unreadable::Time)?;
    let whole = Timestamp::from_microsecond(at.as_microsecond()).map_err(|_| Unreadable::Time)?;
    (whole <= latest && whole > Timestamp::UNIX_EPOCH)
        .then_some(whole)
        .ok_or(Unreadable::Time)
}

impl Envelope {
    /// None for an alert that is of no concern here.
    fn event(&self, kind: &'static str) -> Result<Option<CustodyEvent>, Unreadable> {
        let about = &self.additional_information;
        Ok(Some(match kind {
            RECEIVED => CustodyEvent::Received {
                prisoner: self.prisoner()?,
                prison: establishment(about.prison_id.as_deref())?,
                reason: self.reason()?,
            },
            RELEASED => CustodyEvent::Released {
                prisoner: self.prisoner()?,
                reason: self.reason()?,
            },
            MERGED => {
                let survives = self.prisoner()?;
                let gone = number(about.removed_noms_number.as_deref())?;
                two(gone, survives)?;
                CustodyEvent::Merged { gone, survives }
            }
            BOOKING_MOVED => {
                let from = number(about.moved_from_noms_number.as_deref())?;
                let to = number(about.moved_to_noms_number.as_deref())?;
                two(from, to)?;
                CustodyEvent::BookingMoved { from, to }
            }
            RESTRICTED_PATIENT => CustodyEvent::RestrictedPatientAdded {
                prisoner: self.prisoner()?,
            },
            _ => return self.alert(kind),
        }))
    }

    fn alert(&self, kind: &'static str) -> Result<Option<CustodyEvent>, Unreadable> {
        let written = self.additional_information.alert_code.as_deref();
        let is_code = |code: &&str| {
            (1..=CODE_CHARS).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let written = written.filter(is_code).ok_or(Unreadable::Alert)?;
        let prisoner = self.prisoner()?;
        let change = match kind {
            ALERT_CREATED => AlertChange::Created,
            ALERT_UPDATED => AlertChange::Updated,
            _ => AlertChange::Deleted,
        };
        let event = |code| CustodyEvent::AlertChanged {
            prisoner,
            code,
            change,
        };
        Ok(AlertCode::of(written).map(event))
    }

    /// The one person whom it is about, wherever the envelope names him; two who differ are nobody.
    fn prisoner(&self) -> Result<PrisonerNumber, Unreadable> {
        let about = &self.additional_information;
        let identifiers = self.person_reference.identifiers.iter();
        let referred = identifiers.filter(|one| one.kind == "NOMS").map(|one| &one.value);
        let mut named = [&about.noms_number, &about.prisoner_number]
            .into_iter()
            .flatten()
            .chain(referred)
            .map(|text| number(Some(text)));
        let first = named.next().ok_or(Unreadable::Prisoner)??;
        named.try_fold(first, |first, other| match other {
            Ok(other) if other == first => Ok(first),
            _ => Err(Unreadable::Prisoner),
        })
    }

    fn reason<T: serde::de::DeserializeOwned>(&self) -> Result<T, Unreadable> {
        let reason = self.additional_information.reason.clone();
        serde_json::from_value(reason.unwrap_or_default()).map_err(|_| Unreadable::Reason)
    }
}

fn number(text: Option<&str>) -> Result<PrisonerNumber, Unreadable> {
    text.and_then(|text| text.parse().ok())
        .ok_or(Unreadable::Prisoner)
}

fn two(one: PrisonerNumber, other: PrisonerNumber) -> Result<(), Unreadable> {
    if one == other {
        Err(Unreadable::Prisoner)
    } else {
        Ok(())
    }
}

fn establishment(text: Option<&str>) -> Result<PrisonId, Unreadable> {
    let prison: Option<PrisonId> = text.and_then(|text| text.parse().ok());
    prison
        .filter(PrisonId::is_establishment)
        .ok_or(Unreadable::Prison)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn now() -> Timestamp {
        "2026-11-26T12:00:00Z".parse().unwrap()
    }

    fn envelope(kind: &str, information: Value) -> Value {
        json!({
            "eventType": kind, "version": 1, "occurredAt": "2026-11-26T11:00:00+00:00",
            "detailUrl": "https://prisoner-search.invalid/A1234BC", "additionalInformation": information,
            "personReference": {"identifiers": [{"type": "NOMS", "value": "A1234BC"}]}
        })
    }

    fn read(message: &Value) -> Result<Message, Unreadable> {
        read_message(message.to_string().as_bytes(), now())
    }

    fn event(message: &Value) -> CustodyEvent {
        match read(message).unwrap() {
            Message::Event(_, occurred) => occurred.event,
            Message::OfAnotherKind(kind) => panic!("{kind}"),
        }
    }

    #[test]
    fn every_reason_of_a_reception_and_of_a_release_is_read() {
        use Reception::*;
        for (text, expected) in [
            ("NEW_ADMISSION", NewAdmission),
            ("READMISSION", Readmission),
            ("READMISSION_SWITCH_BOOKING", ReadmissionSwitchBooking),
            ("TRANSFERRED", Transferred),
            ("RETURN_FROM_COURT", ReturnFromCourt),
            ("TEMPORARY_ABSENCE_RETURN", TemporaryAbsenceReturn),
            ("POST_MERGE_ADMISSION", PostMergeAdmission),
            ("SOMETHING_NEW", Other),
        ] {
            let message = envelope(
                RECEIVED,
                json!({"nomsNumber": "A1234BC", "prisonId": "LEI", "reason": text}),
            );
            let CustodyEvent::Received { reason, prison, .. } = event(&message) else {
                panic!("{text}")
            };
            assert_eq!((reason, prison.as_str()), (expected, "LEI"), "{text}");
        }
        for (text, leaves_to) in [
            ("TEMPORARY_ABSENCE_RELEASE", None),
            ("RELEASED_TO_HOSPITAL", None),
            ("SENT_TO_COURT", None),
            ("RELEASED", Some(PrisonId::OUT)),
            ("TRANSFERRED", Some(PrisonId::TRN)),
        ] {
            let message = envelope(
                RELEASED,
                json!({"nomsNumber": "A1234BC", "prisonId": "LEI", "reason": text}),
            );
            let CustodyEvent::Released { reason, .. } = event(&message) else {
                panic!("{text}")
            };
            assert_eq!(reason.leaves_to(), leaves_to, "{text}");
        }
    }

    #[test]
    fn merges_moves_patients_and_alerts_are_read() {
        let number = |text: &str| -> PrisonerNumber { text.parse().unwrap() };
        let (one, other) = (number("A1234BC"), number("A5678DE"));
        let merged = envelope(
            MERGED,
            json!({"nomsNumber": "A1234BC", "removedNomsNumber": "A5678DE"}),
        );
        let expected = CustodyEvent::Merged {
            gone: other,
            survives: one,
        };
        assert_eq!(event(&merged), expected);
        let moved = json!({"movedFromNomsNumber": "A5678DE", "movedToNomsNumber": "A1234BC"});
        let expected = CustodyEvent::BookingMoved { from: other, to: one };
        assert_eq!(event(&envelope(BOOKING_MOVED, moved)), expected);
        let patient = envelope(RESTRICTED_PATIENT, json!({"prisonerNumber": "A1234BC"}));
        assert_eq!(
            event(&patient),
            CustodyEvent::RestrictedPatientAdded { prisoner: one }
        );
        for (kind, became) in [
            (ALERT_CREATED, AlertChange::Created),
            (ALERT_UPDATED, AlertChange::Updated),
            (ALERT_DELETED, AlertChange::Deleted),
        ] {
            let alert = envelope(kind, json!({"alertCode": "ONCR", "alertUuid": "not read"}));
            let CustodyEvent::AlertChanged { code, change, .. } = event(&alert) else {
                panic!("{kind}")
            };
            assert_eq!((code.as_str(), change), ("ONCR", became));
            let health = envelope(kind, json!({"alertCode": "HA"}));
            assert_eq!(
                read(&health),
                Ok(Message::OfAnotherKind(kind.to_owned())),
                "of no concern"
            );
        }
    }

    #[test]
    fn what_the_notification_service_wraps_is_unwrapped() {
        let inner = envelope(RECEIVED, json!({"prisonId": "MDI", "reason": "READMISSION"}));
        let wrapped = json!({"Type": "Notification", "MessageId": "1", "Message": inner.to_string()});
        assert_eq!(read(&wrapped), read(&inner));
        assert!(read(&inner).is_ok());
    }

    #[test]
    fn a_kind_that_is_of_no_concern_is_named_and_nothing_else_of_it_is_asked() {
        let other = json!({"eventType": "prison-offender-events.prisoner.cell-move"});
        let expected = "prison-offender-events.prisoner.cell-move".to_owned();
        assert_eq!(read(&other), Ok(Message::OfAnotherKind(expected)));
    }

    #[test]
    fn what_cannot_be_acted_upon_says_why() {
        let received = |number: &str, prison: &str| {
            let mut message = envelope(
                RECEIVED,
                json!({"nomsNumber": number, "prisonId": prison, "reason": "READMISSION"}),
            );
            message["personReference"] = Value::Null;
            message.as_object_mut().unwrap().remove("personReference");
            message
        };
        let at = |time: Value| {
            let mut message = received("A1234BC", "LEI");
            message["occurredAt"] = time;
            message
        };
        let differ = envelope(
            RECEIVED,
            json!({"nomsNumber": "A5678DE", "prisonId": "LEI", "reason": "READMISSION"}),
        );
        let release = envelope(RELEASED, json!({"nomsNumber": "A1234BC", "reason": "BY_MAGIC"}));
        let itself = envelope(
            MERGED,
            json!({"nomsNumber": "A1234BC", "removedNomsNumber": "A1234BC"}),
        );
        use Unreadable::*;
        for (message, expected) in [
            (json!("words"), Envelope),
            (json!({"eventType": "Not A Name 07700 900001"}), Envelope),
            (json!({"eventType": "a".repeat(TYPE_CHARS + 1)}), Envelope),
            (received("A123BC", "LEI"), Prisoner),
            (differ, Prisoner),
            (itself, Prisoner),
            (received("A1234BC", "OUT"), Prison),
            (received("A1234BC", "Leeds"), Prison),
            (release, Reason),
            (at(Value::Null), Time),
            (at(json!("yesterday")), Time),
            (at(json!("2026-11-26T12:10:01Z")), Time),
            (
                envelope(ALERT_CREATED, json!({"alertCode": "no code at all"})),
                Alert,
            ),
        ] {
            assert_eq!(read(&message), Err(expected), "{message}");
        }
        assert!(read(&at(json!("2026-11-26T12:10:00Z"))).is_ok(), "at the limit");
        assert!(
            read(&json!({"eventType": "a".repeat(TYPE_CHARS)})).is_ok(),
            "at the limit"
        );
        assert_eq!(read_message(&vec![b' '; MESSAGE_BYTES + 1], now()), Err(TooLong));
        assert_eq!(read_message(b"\xff\x00", now()), Err(Envelope));
    }
}
