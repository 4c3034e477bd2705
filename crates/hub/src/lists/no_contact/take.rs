//! Staged rows become bars, in the background and a few at a time: each makes a request that is ruled on and screened
//! like any other, and what is not certain to be protected is told by row and code.

use casework::Personal;
use offender::PrisonerRecord;
use prison::{PrisonerNumber, Register};
use uuid::Uuid;

use super::{Gap, ListOrigin, NoContactRow, cells};
use crate::intake::{AskWhy, Intake};
use crate::store::{Filing, ListedRow, RowPlace, Store, StoreError, WaitingRow, Wanted};

/// What takes staged rows over.
#[derive(Clone, Copy)]
pub struct TakeOver<'a> {
    /// Where they are staged.
    pub store: &'a Store,
    /// By what they are ruled on.
    pub intake: Intake<'a>,
}

impl TakeOver<'_> {
    /// Takes over all that waits by now, each row once; returns how many went through. One that cannot be taken over
    /// now waits on, and the others go on without it.
    ///
    /// # Errors
    /// What kept a row from being taken over, once every other is.
    pub async fn finish(&self) -> Result<u64, StoreError> {
        let (mut taken, mut problem) = (0, None);
        let mut place = RowPlace::FIRST;
        loop {
            let waiting = self.store.waiting_no_contact_rows(&place).await?;
            let Some(last) = waiting.last() else { break };
            place = last.place.clone();
            let (rows, kept) = self.batch(waiting).await?;
            taken += rows;
            problem = problem.or(kept);
            // Whoever waits for the store has his turn first.
            tokio::task::yield_now().await;
        }
        problem.map_or(Ok(taken), Err)
    }

    /// These rows in one transaction; one by one if they cannot be taken over together.
    async fn batch(&self, waiting: Vec<WaitingRow>) -> Result<(u64, Option<StoreError>), StoreError> {
        let mut rows = Vec::with_capacity(waiting.len());
        for row in waiting {
            rows.push(self.rule_on(row));
            tokio::task::yield_now().await;
        }
        match self.store.take_no_contact_rows(&rows).await {
            Ok(taken) => Ok((taken, None)),
            Err(error @ StoreError::Unavailable(_)) => Err(error),
            Err(_) => self.one_by_one(&rows).await,
        }
    }

    async fn one_by_one(&self, rows: &[ListedRow]) -> Result<(u64, Option<StoreError>), StoreError> {
        let (mut taken, mut problem) = (0, None);
        for row in rows {
            match self.store.take_no_contact_rows(std::slice::from_ref(row)).await {
                Ok(rows) => taken += rows,
                Err(error) => problem = Some(error),
            }
            tokio::task::yield_now().await;
        }
        Ok((taken, problem))
    }

    fn rule_on(&self, waiting: WaitingRow) -> ListedRow {
        let WaitingRow {
            import,
            number,
            staged_by,
            origin,
            row,
            ..
        } = waiting;
        let (filing, gaps) = match row {
            Some(row) => self.filing(&row, &origin),
            None => (None, vec![Gap::Damaged]),
        };
        ListedRow {
            import,
            number,
            staged_by,
            filing,
            gaps,
        }
    }

    fn filing(&self, row: &NoContactRow, origin: &ListOrigin) -> (Option<Filing>, Vec<Gap>) {
        let request = row.request(origin);
        let mut gaps = row.gaps.clone();
        if !request.problems().is_empty() {
            gaps.push(Gap::Unreadable);
            return (None, gaps);
        }
        let mut filing = self.intake.filing(request, None);
        gaps.extend(filing.targets.iter().filter_map(|target| asked(target.wanted)));
        let expired = |until: &jiff::civil::Date| *until < self.today();
        gaps.extend(
            row.expires
                .as_ref()
                .filter(|until| expired(until))
                .map(|_| Gap::Expired),
        );
        gaps.extend(self.of_prisoner(row, origin, &mut filing));
        (Some(filing), gaps)
    }

    fn today(&self) -> jiff::civil::Date {
        jiff::tz::Offset::UTC.to_datetime(self.intake.now).date()
    }

    /// What is not certain about the prisoner. Whoever bears another name than the list says is not named by his
    /// number: he is suspended like everybody else, and a handler looks.
    fn of_prisoner(&self, row: &NoContactRow, origin: &ListOrigin, filing: &mut Filing) -> Option<Gap> {
        if row.prison_number.is_blank() {
            return filing.named.numbers.is_empty().then_some(Gap::NoPrisoner);
        }
        let Ok(number) = row.prison_number.expose().parse::<PrisonerNumber>() else {
            return Some(Gap::PrisonNumber);
        };
        let Some(record) = self.intake.custody.prisoner(number) else {
            return Some(Gap::UnknownPrisoner);
        };
        if !bears(&record, &row.prisoner) {
            filing.named.numbers.retain(|named| *named != number);
            return Some(Gap::NameDiffers);
        }
        let held = record
            .prison_id
            .filter(|prison| Register::built_in().get(*prison).is_some());
        match held {
            None => Some(Gap::NotInCustody),
            Some(prison) if prison != origin.prison => Some(Gap::Elsewhere),
            Some(_) => None,
        }
    }
}

/// Why a number or address of the row is not barred, from what is written alone.
fn asked(wanted: Wanted) -> Option<Gap> {
    let Wanted::AskReferrer(code) = wanted else {
        return None;
    };
    Some(match code {
        code if code == AskWhy::AlwaysAllowed.code() => Gap::AlwaysAllowed,
        code if code == AskWhy::EmergencyNumber.code() => Gap::Emergency,
        code if code == AskWhy::AddressNotRead.code() => Gap::Address,
        _ => Gap::Number,
    })
}

/// Whether a prisoner on record bears the surname that the list has, or one of his names is in it. A list that names
/// nobody contradicts nothing.
fn bears(record: &PrisonerRecord, written: &Personal) -> bool {
    let lower = |text: &str| text.to_lowercase();
    let (first, last) = cells::name(written.expose());
    let parts = |text: &str| -> Vec<String> {
        let parts = lower(text);
        let parts = parts
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let surnames =
        std::iter::once(&record.last_name).chain(record.aliases.iter().map(|alias| &alias.last_name));
    let known: Vec<String> = surnames.flat_map(|name| parts(name)).collect();
    let written = [parts(first), parts(last)].concat();
    written.is_empty() || written.iter().any(|part| known.contains(part))
}

/// A row by which its list can be found again: the import and the row's number.
pub(crate) fn row_key(import: Uuid, number: u64) -> String {
    format!("{import}/{number}")
}
