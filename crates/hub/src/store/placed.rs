//! Where somebody is, by the newest word: a file's or an event's, in whatever order they come.
//!
//! A word about his prison and a word about his status are two: that he is at court today says nothing of the prison
//! that keeps him on its books. Each has a mark, and only a higher mark changes it, so that words may be repeated,
//! come late or be missing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use offender::{PrisonerRecord, Status};
use prison::{PrisonId, PrisonerNumber};
use sea_orm::ConnectionTrait;

use super::Store;
use super::error::StoreError;
use super::prisoners::RECORD;
use super::sql::{self, Row, micros, places, texts, values};
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
    pub(super) place: i64,
    pub(super) status: i64,
}

impl Marks {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            place: row.int("place_mark")?,
            status: row.int("status_mark")?,
        })
    }

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

/// What a record of a file or an event comes to beside what is known.
pub(super) struct Placed {
    pub(super) kept: Kept,
    /// When he last came into custody.
    pub(super) arrived_at: Option<i64>,
    /// Whether he is to be compared with the cases that wait for him.
    pub(super) arrival: bool,
}

impl Placed {
    /// Whoever came into custody is compared with the cases that wait for him, and again when he gets a name.
    pub(super) fn of(known: Option<&KnownPrisoner>, record: &PrisonerRecord, marks: Marks) -> Self {
        let before = known.map(|known| &known.record);
        let came_in = is_in_prison(record) && !before.is_some_and(is_held);
        let looks_new = is_in_prison(record) && before.is_none_or(|before| is_somebody_else(before, record));
        let kept = match before {
            None => Kept::New,
            Some(before) if before == record => Kept::Unchanged,
            Some(before) if before.prison_id == record.prison_id => Kept::Changed,
            Some(_) => Kept::Moved,
        };
        Self {
            kept,
            arrived_at: match known {
                _ if came_in => Some(marks.place / 2),
                Some(known) => known.arrived_at,
                None => None,
            },
            arrival: came_in || looks_new || known.is_some_and(|known| known.arrival),
        }
    }
}

/// Whether somebody is held, in a prison or between two.
fn is_held(record: &PrisonerRecord) -> bool {
    record.prison_id.is_some_and(|prison| prison != PrisonId::OUT)
}

fn is_in_prison(record: &PrisonerRecord) -> bool {
    record.prison_id.is_some_and(|prison| prison.is_establishment())
}

impl Store {
    /// Those of these prisoners who are on record.
    pub(super) async fn prisoners_on(
        &self,
        on: &impl ConnectionTrait,
        numbers: &[PrisonerNumber],
    ) -> Result<BTreeMap<PrisonerNumber, KnownPrisoner>, StoreError> {
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = format!(
            "SELECT number, record, place_mark, status_mark, arrived_at, arrival FROM prisoner_records \
             WHERE number IN ({})",
            places(1, numbers.len())
        );
        let numbers = texts(numbers.iter().map(PrisonerNumber::to_string).collect());
        let rows = sql::all(on, "prisoner_records", &query, numbers).await?;
        let known = |row: &Row| {
            let known = KnownPrisoner {
                record: self.read_prisoner(row)?,
                marks: Marks::read(row)?,
                arrived_at: row.int_if_any("arrived_at")?,
                arrival: row.int("arrival")? != 0,
            };
            Ok((known.record.prisoner_number, known))
        };
        rows.iter().map(known).collect()
    }
}

impl Tx<'_> {
    /// Who is to be written: what a file that is visible says of him is his record first.
    pub(super) async fn known_prisoner(
        &mut self,
        number: PrisonerNumber,
    ) -> Result<Option<KnownPrisoner>, StoreError> {
        self.settle_prisoner(number).await?;
        let mut known = self.on_record(&[number]).await?;
        Ok(known.remove(&number))
    }

    /// Those of these prisoners who are on record.
    pub(super) async fn on_record(
        &self,
        numbers: &[PrisonerNumber],
    ) -> Result<BTreeMap<PrisonerNumber, KnownPrisoner>, StoreError> {
        self.store.prisoners_on(&self.db, numbers).await
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

    /// Keeps a record. Whoever left a prison by it, or came into one, is screened again.
    pub(super) async fn keep(
        &mut self,
        known: Option<&KnownPrisoner>,
        record: &PrisonerRecord,
        marks: Marks,
    ) -> Result<Kept, StoreError> {
        let placed = Placed::of(known, record, marks);
        if placed.kept == Kept::Unchanged {
            if known.is_some_and(|known| known.marks != marks) {
                // Whoever weighs a file outside of a transaction sees by it that he must weigh again.
                self.revision().await?;
                self.remark(&[record.prisoner_number], marks).await?;
                self.overtake(record.prisoner_number).await?;
            }
            return Ok(Kept::Unchanged);
        }
        self.write_prisoner(record, marks, &placed).await?;
        self.overtake(record.prisoner_number).await?;
        if let Some(known) = known {
            self.follow(&known.record, record).await?;
        }
        Ok(placed.kept)
    }

    /// What follows from it that somebody's record is another now.
    pub(super) async fn follow(
        &mut self,
        before: &PrisonerRecord,
        now: &PrisonerRecord,
    ) -> Result<(), StoreError> {
        self.notice_release(before, now).await?;
        if before.prison_id != now.prison_id {
            self.rescreen(now.prisoner_number).await?;
        }
        Ok(())
    }

    /// Those stood so at a newer time too; what is newer already stays.
    pub(super) async fn remark(&self, numbers: &[PrisonerNumber], marks: Marks) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let update = format!(
            "UPDATE prisoner_records SET place_mark = CASE WHEN place_mark < $1 THEN $1 ELSE place_mark END, \
             status_mark = CASE WHEN status_mark < $2 THEN $2 ELSE status_mark END WHERE number IN ({})",
            places(3, numbers.len())
        );
        let mut row = values![marks.place, marks.status];
        row.extend(texts(numbers.iter().map(PrisonerNumber::to_string).collect()));
        self.run(&update, row).await.map(drop)
    }

    async fn write_prisoner(
        &mut self,
        record: &PrisonerRecord,
        marks: Marks,
        placed: &Placed,
    ) -> Result<(), StoreError> {
        let revision = self.revision().await?;
        let number = record.prisoner_number.as_str();
        let upsert = "INSERT INTO prisoner_records (number, prison, record, updated_at, place_mark, status_mark, \
             arrived_at, arrival, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (number) DO UPDATE SET prison = excluded.prison, record = excluded.record, \
             updated_at = excluded.updated_at, place_mark = excluded.place_mark, \
             status_mark = excluded.status_mark, arrived_at = excluded.arrived_at, arrival = excluded.arrival, \
             revision = excluded.revision";
        let row = values![
            number,
            record.prison_id.map(|prison| prison.to_string()),
            self.store.seal(RECORD, number, record)?,
            micros(self.now),
            marks.place,
            marks.status,
            placed.arrived_at,
            i64::from(placed.arrival),
            revision,
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
