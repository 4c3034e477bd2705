//! Where somebody is, by the newest word: a file's or an event's, in whatever order they come.
//!
//! A word about his prison and a word about his status are two: that he is at court today says nothing of the prison
//! that keeps him on its books. Each has a mark, and only a higher mark changes it, so that words may be repeated,
//! come late or be missing.

use jiff::Timestamp;
use offender::{PrisonerRecord, Status};
use prison::{PrisonId, PrisonerNumber};

use super::error::StoreError;
use super::prisoners::RECORD;
use super::sql::{micros, values};
use super::tx::Tx;
use crate::custody::{CustodyEvent, Occurred};

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    New,
    Changed,
    Moved,
    Unchanged,
}

/// How new the words are by which his prison and his status stand: twice the microseconds since 1970, and one more
/// where he came in. Of a departure and an arrival at one moment the arrival holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    place: i64,
    status: i64,
}

impl Marks {
    /// Of a whole record that stood so at this moment.
    pub(super) fn of(at: Timestamp) -> Self {
        let mark = mark(at, true);
        Self {
            place: mark,
            status: mark,
        }
    }

    /// Of when the newest word of him is.
    pub(super) fn newest(self) -> Timestamp {
        Timestamp::from_microsecond(self.place.max(self.status) / 2).unwrap_or(Timestamp::MIN)
    }

    /// The newer of each.
    pub(super) fn newer(self, other: Self) -> Self {
        Self {
            place: self.place.max(other.place),
            status: self.status.max(other.status),
        }
    }
}

fn mark(at: Timestamp, came_in: bool) -> i64 {
    micros(at).saturating_mul(2).saturating_add(i64::from(came_in))
}

/// A prisoner on record.
pub(super) struct KnownPrisoner {
    pub(super) record: PrisonerRecord,
    pub(super) marks: Marks,
    arrived_at: Option<i64>,
    arrival: bool,
}

impl KnownPrisoner {
    /// A record of a file, with the prison and the status that are newer than the file.
    pub(super) fn with_what_is_newer(
        &self,
        mut record: PrisonerRecord,
        marks: Marks,
    ) -> (PrisonerRecord, Marks) {
        if self.marks.place > marks.place {
            record.prison_id = self.record.prison_id;
            record.last_prison_id = self.record.last_prison_id;
        }
        if self.marks.status > marks.status {
            record.status = self.record.status.clone();
        }
        (record, marks.newer(self.marks))
    }
}

/// One word about where somebody is.
struct Word {
    mark: i64,
    /// None leaves him on the books of his prison.
    prison: Option<PrisonId>,
    status: &'static str,
}

impl Word {
    fn of(occurred: &Occurred) -> Option<Self> {
        let (came_in, prison, status) = match occurred.event {
            CustodyEvent::Received { prison, .. } => (true, Some(prison), "ACTIVE IN"),
            CustodyEvent::Released { reason, .. } => match reason.leaves_to() {
                Some(PrisonId::OUT) => (false, Some(PrisonId::OUT), "INACTIVE OUT"),
                Some(between) => (false, Some(between), "INACTIVE TRN"),
                None => (false, None, "ACTIVE OUT"),
            },
            CustodyEvent::RestrictedPatientAdded { .. } => (false, None, "ACTIVE OUT"),
            _ => return None,
        };
        Some(Self {
            mark: mark(occurred.at, came_in),
            prison,
            status,
        })
    }
}

/// Whether somebody is held, in a prison or between two.
fn is_held(record: &PrisonerRecord) -> bool {
    record.prison_id.is_some_and(|prison| prison != PrisonId::OUT)
}

fn is_in_prison(record: &PrisonerRecord) -> bool {
    record.prison_id.is_some_and(|prison| prison.is_establishment())
}

impl Tx<'_> {
    pub(super) async fn known_prisoner(
        &self,
        number: PrisonerNumber,
    ) -> Result<Option<KnownPrisoner>, StoreError> {
        let query = "SELECT number, record, place_mark, status_mark, arrived_at, arrival FROM prisoners \
             WHERE number = $1";
        let row = self.one("prisoners", query, values![number.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(KnownPrisoner {
            record: self.store.read_prisoner(&row)?,
            marks: Marks {
                place: row.int("place_mark")?,
                status: row.int("status_mark")?,
            },
            arrived_at: row.int_if_any("arrived_at")?,
            arrival: row.int("arrival")? != 0,
        }))
    }

    /// Takes an event's word about where somebody is; says whether it is newer than what was known. Nobody need be on
    /// record: then the number is, without a name, until a file brings one.
    pub(super) async fn place(
        &mut self,
        number: PrisonerNumber,
        occurred: &Occurred,
    ) -> Result<bool, StoreError> {
        let Some(word) = Word::of(occurred) else {
            return Ok(false);
        };
        let known = self.known_prisoner(number).await?;
        let (mut record, mut marks) = match &known {
            Some(known) => (known.record.clone(), known.marks),
            None => (PrisonerRecord::new(number, "", ""), Marks { place: 0, status: 0 }),
        };
        let before = marks;
        // Two prisons that received him at one moment: the same one holds, whichever word came first.
        let newer = (word.mark, word.prison) > (marks.place, record.prison_id);
        if let Some(prison) = word.prison.filter(|_| newer) {
            if record.prison_id != Some(prison) {
                let left = record.prison_id.filter(PrisonId::is_establishment);
                record.last_prison_id = left.or(record.last_prison_id);
            }
            record.prison_id = Some(prison);
            marks.place = word.mark;
        }
        if word.mark > marks.status {
            record.status = Status::new(word.status);
            marks.status = word.mark;
        }
        let changed = known.as_ref().is_none_or(|known| known.record != record);
        self.keep(known.as_ref(), &record, marks).await?;
        Ok(changed || marks != before)
    }

    /// Keeps a record. Whoever left a prison by it, or came into one, is screened again; whoever came into custody is
    /// compared with the cases that wait for him, and again when he gets a name.
    pub(super) async fn keep(
        &mut self,
        known: Option<&KnownPrisoner>,
        record: &PrisonerRecord,
        marks: Marks,
    ) -> Result<Kept, StoreError> {
        let before = known.map(|known| &known.record);
        if before == Some(record) {
            if known.is_some_and(|known| known.marks != marks) {
                self.remark(record.prisoner_number, marks).await?;
            }
            return Ok(Kept::Unchanged);
        }
        let came_in = is_in_prison(record) && !before.is_some_and(is_held);
        let looks_new = is_in_prison(record) && before.is_none_or(|before| is_somebody_else(before, record));
        let arrived_at = match known {
            _ if came_in => Some(marks.place / 2),
            Some(known) => known.arrived_at,
            None => None,
        };
        let arrival = came_in || looks_new || known.is_some_and(|known| known.arrival);
        self.write_prisoner(record, marks, arrived_at, arrival).await?;
        let Some(before) = before else {
            return Ok(Kept::New);
        };
        self.notice_release(before, record).await?;
        if before.prison_id == record.prison_id {
            return Ok(Kept::Changed);
        }
        self.rescreen(record.prisoner_number).await?;
        Ok(Kept::Moved)
    }

    async fn remark(&self, number: PrisonerNumber, marks: Marks) -> Result<(), StoreError> {
        let update = "UPDATE prisoners SET place_mark = $1, status_mark = $2 WHERE number = $3";
        self.run(update, values![marks.place, marks.status, number.as_str()])
            .await
            .map(drop)
    }

    async fn write_prisoner(
        &self,
        record: &PrisonerRecord,
        marks: Marks,
        arrived_at: Option<i64>,
        arrival: bool,
    ) -> Result<(), StoreError> {
        let number = record.prisoner_number.as_str();
        let upsert = "INSERT INTO prisoners (number, prison, record, updated_at, place_mark, status_mark, \
             arrived_at, arrival) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (number) DO UPDATE SET prison = excluded.prison, record = excluded.record, \
             updated_at = excluded.updated_at, place_mark = excluded.place_mark, \
             status_mark = excluded.status_mark, arrived_at = excluded.arrived_at, arrival = excluded.arrival";
        let row = values![
            number,
            record.prison_id.map(|prison| prison.to_string()),
            self.store.seal(RECORD, number, record)?,
            micros(self.now),
            marks.place,
            marks.status,
            arrived_at,
            i64::from(arrival),
        ];
        self.run(upsert, row).await.map(drop)
    }
}

/// Whether what is compared with a referrer's words has changed.
pub(super) fn is_somebody_else(before: &PrisonerRecord, now: &PrisonerRecord) -> bool {
    let compared = |record: &PrisonerRecord| {
        (
            record.first_name.clone(),
            record.last_name.clone(),
            record.middle_names.clone(),
            record.date_of_birth,
            record.pnc_number.clone(),
            record.aliases.clone(),
        )
    };
    compared(before) != compared(now)
}
