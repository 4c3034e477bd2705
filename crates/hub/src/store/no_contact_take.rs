//! Rows of no-contact lists become requests, cases and bars, a few in one transaction. It only adds protection, so it
//! takes one step: the case handler who staged the list acts. What two people have lifted is not barred again by a list:
//! it is held, and a handler looks.
//!
//! Bars that come so are not counted against the caps on bars at once: two thousand rows would use up the room of
//! everybody who asks within the hour, and a row over a cap would be one that its prison refuses and the service does
//! not. What stands against a wrong list is its own limit of rows, that a person on record answers for it, and that each
//! case is assessed.

use std::collections::BTreeSet;

use casework::{
    AccountId, BarId, BarScope, BarState, BarTarget, CaseId, CaseState, Priority, Reference, RequestId, Verb,
};
use uuid::Uuid;

use super::Store;
use super::cases::CaseRow;
use super::error::{Conflict, Refusal, StoreError};
use super::filing::{Filing, Outcome, Receipt, ReceiptTarget, ScreenedTarget, Wanted};
use super::impose::Imposing;
use super::no_contact_lists::{ROW, int};
use super::open_case::HeldWhy;
use super::sql::{self, json, micros, values};
use super::tx::Tx;
use crate::lists::{Gap, ListOrigin, NoContactLimits, NoContactRow, row_key};

/// Where a staged row stands in the order in which rows are taken over: the oldest list first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPlace {
    staged_at: i64,
    import: String,
    number: i64,
}

impl RowPlace {
    /// Before every row.
    pub const FIRST: Self = Self {
        staged_at: i64::MIN,
        import: String::new(),
        number: 0,
    };
}

/// A staged row that is not taken over yet.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// Where it stands.
    pub place: RowPlace,
    /// The import.
    pub import: Uuid,
    /// The row.
    pub number: u64,
    /// Who staged it.
    pub staged_by: AccountId,
    /// Where its list comes from.
    pub origin: ListOrigin,
    /// What was read of it; `None` if it cannot be opened any more.
    pub row: Option<NoContactRow>,
}

/// A row that was ruled on and screened.
#[derive(Clone, Debug)]
pub struct ListedRow {
    /// The import.
    pub import: Uuid,
    /// The row.
    pub number: u64,
    /// Who staged it.
    pub staged_by: AccountId,
    /// The request that it makes; `None` if it makes none.
    pub filing: Option<Filing>,
    /// What is wanting so far.
    pub gaps: Vec<Gap>,
}

impl Store {
    /// The next rows after this place, all of one list, at most [`NoContactLimits::taken_at_once`]. So whoever goes
    /// from place to place comes past rows that cannot be taken over.
    pub async fn waiting_no_contact_rows(&self, after: &RowPlace) -> Result<Vec<WaitingRow>, StoreError> {
        let query = "SELECT l.id, l.prison, l.kept_by, l.as_of, l.file, l.staged_by, l.staged_at, r.row_no, r.body \
             FROM no_contact_rows r JOIN no_contact_lists l ON l.id = r.import \
             WHERE r.fate = 'waits' AND (l.staged_at, l.id, r.row_no) > ($1, $2, $3) \
             AND r.import = (SELECT w.import FROM no_contact_rows w JOIN no_contact_lists o ON o.id = w.import \
              WHERE w.fate = 'waits' AND (o.staged_at, o.id, w.row_no) > ($1, $2, $3) \
              ORDER BY o.staged_at, o.id LIMIT 1) ORDER BY r.row_no LIMIT $4";
        let most = i64::try_from(NoContactLimits::DEFAULT.taken_at_once).unwrap_or(i64::MAX);
        let asked = values![after.staged_at, after.import.as_str(), after.number, most];
        let rows = sql::all(&self.reader, "no_contact_lists", query, asked).await?;
        rows.iter().map(|row| self.waiting_row(row)).collect()
    }

    fn waiting_row(&self, row: &sql::Row) -> Result<WaitingRow, StoreError> {
        let (import, number) = (row.parsed("id")?, row.count("row_no")?);
        Ok(WaitingRow {
            place: RowPlace {
                staged_at: row.int("staged_at")?,
                import: row.text("id")?,
                number: row.int("row_no")?,
            },
            import,
            number,
            staged_by: row.parsed("staged_by")?,
            origin: self.list_origin(row)?,
            // One that was damaged is told as a gap and holds up no other.
            row: self.open_sealed(ROW, &row_key(import, number), row).ok(),
        })
    }

    /// Takes these rows over in one transaction, in the name of who staged them. Those that were taken over before are
    /// passed over; returns how many were not.
    pub async fn take_no_contact_rows(&self, rows: &[ListedRow]) -> Result<u64, StoreError> {
        let Some(first) = rows.first() else { return Ok(0) };
        let by = self.account(first.staged_by).await?;
        let by = by.ok_or(Refusal::NotTheirs)?;
        let _turn = self.can_wait.lock().await;
        let mut tx = self.begin(&by, Verb::WorkCases, "take-no-contact-list").await?;
        let mut taken = 0;
        for row in rows {
            taken += u64::from(tx.take_no_contact_row(row).await?);
        }
        tx.commit().await?;
        Ok(taken)
    }
}

/// What became of one row.
#[derive(Default)]
struct Listed {
    case: Option<CaseId>,
    request: Option<RequestId>,
    barred: u64,
    already: u64,
    held: u64,
    suspended: u64,
    gaps: BTreeSet<Gap>,
}

/// What an earlier row brought to a case.
#[derive(Default)]
struct Stands {
    case: Option<CaseId>,
    in_force: Vec<(BarTarget, BarId)>,
    held: Vec<BarTarget>,
    lifted: Vec<BarTarget>,
}

impl Stands {
    fn barred(&self, target: &BarTarget) -> Option<BarId> {
        let found = self.in_force.iter().find(|(other, _)| other == target);
        found.map(|(_, bar)| *bar)
    }

    /// Whether the row says nothing that the case does not have.
    fn covers(&self, filing: &Filing) -> bool {
        let targets = filing
            .targets
            .iter()
            .filter_map(|screened| screened.target.as_ref());
        let mut new = targets.filter(|target| self.barred(target).is_none() && !self.held.contains(target));
        self.case.is_some() && new.next().is_none()
    }
}

impl Tx<'_> {
    async fn take_no_contact_row(&mut self, row: &ListedRow) -> Result<bool, StoreError> {
        let (import, number) = (row.import.to_string(), int(row.number)?);
        let query = "SELECT about_index, row_index, (SELECT COUNT(*) FROM no_contact_rows e \
              WHERE e.import = r.import AND e.row_index = r.row_index AND e.row_no < r.row_no) AS before \
             FROM no_contact_rows r WHERE import = $1 AND row_no = $2 AND fate = 'waits'";
        let asked = values![import.as_str(), number];
        let Some(waiting) = self.one("no_contact_rows", query, asked).await? else {
            return Ok(false);
        };
        let mut listed = Listed {
            gaps: row.gaps.iter().copied().collect(),
            ..Listed::default()
        };
        if waiting.count("before")? > 0 {
            listed.gaps = BTreeSet::from([Gap::Twice]);
        } else if let Some(filing) = &row.filing {
            self.file_listed(&waiting.text("about_index")?, filing, &mut listed)
                .await?;
        }
        self.settle_row(row, &listed).await?;
        Ok(true)
    }

    async fn file_listed(
        &mut self,
        about: &str,
        filing: &Filing,
        listed: &mut Listed,
    ) -> Result<(), StoreError> {
        let stands = self.stands_for(about).await?;
        listed.case = stands.case;
        if stands.covers(filing) {
            for target in filing
                .targets
                .iter()
                .filter_map(|screened| screened.target.as_ref())
            {
                if stands.barred(target).is_some() {
                    listed.already += 1;
                } else {
                    listed.held += 1;
                    let (_, gap) = self.why_held(target, Wanted::HandlerFirst, &stands).await?;
                    listed.gaps.insert(gap);
                }
            }
            return Ok(());
        }
        let reference = Reference::from_random(self.store.seams.bytes());
        let request = RequestId(Uuid::from_bytes(self.store.seams.bytes()));
        let case = self.case_for_listed(stands.case, &reference).await?;
        (listed.case, listed.request) = (Some(case.id), Some(request));
        self.insert_request(case.id, request, &reference, filing).await?;
        let mut targets = Vec::with_capacity(filing.targets.len());
        for screened in &filing.targets {
            let at = (case.id, request);
            let outcome = self.settle_listed(at, filing, screened, &stands, listed).await?;
            targets.push(ReceiptTarget {
                position: screened.position.clone(),
                outcome,
            });
        }
        let receipt = Receipt {
            reference,
            received_at: self.now,
            targets,
        };
        let update = "UPDATE requests SET receipt = $1 WHERE id = $2";
        self.run(update, values![json(&receipt)?, request.to_string()])
            .await?;
        self.set_priority(&case, case.priority.min(listed.priority()))
            .await
    }

    /// The case of an earlier row about the same people, in this file or another of its prison, and how it stands.
    async fn stands_for(&self, about: &str) -> Result<Stands, StoreError> {
        let query = "SELECT case_id FROM no_contact_rows WHERE about_index = $1 AND case_id IS NOT NULL \
             ORDER BY taken_at DESC, row_no DESC LIMIT 1";
        let Some(row) = self.one("no_contact_rows", query, values![about]).await? else {
            return Ok(Stands::default());
        };
        let case: CaseId = row.parsed("case_id")?;
        let mut stands = Stands {
            case: Some(case),
            ..Stands::default()
        };
        for record in self.store.bars_of_case(&self.db, case).await? {
            match record.bar.state {
                BarState::Lifted => stands.lifted.push(record.bar.target),
                _ => stands.in_force.push((record.bar.target, record.bar.id)),
            }
        }
        let held = self.store.held_of_case(&self.db, case).await?;
        stands.held = held.into_iter().map(|held| held.target).collect();
        Ok(stands)
    }

    async fn case_for_listed(
        &mut self,
        earlier: Option<CaseId>,
        reference: &Reference,
    ) -> Result<CaseRow, StoreError> {
        if let Some(earlier) = earlier {
            let case = self.case(earlier).await?;
            if !matches!(case.state, CaseState::Declined { .. }) {
                return Ok(case);
            }
        }
        self.open_new_case(reference).await
    }

    async fn settle_listed(
        &mut self,
        (case, request): (CaseId, RequestId),
        filing: &Filing,
        screened: &ScreenedTarget,
        stands: &Stands,
        listed: &mut Listed,
    ) -> Result<Outcome, StoreError> {
        let target = match (&screened.wanted, &screened.target) {
            (Wanted::AskReferrer(why), _) => return Ok(Outcome::AskReferrer((*why).to_owned())),
            (_, None) => return Err(StoreError::Invalid("nothing to bar was handed over")),
            (_, Some(target)) => target,
        };
        if let Some(bar) = stands.barred(target) {
            listed.already += 1;
            return Ok(Outcome::Barred(bar));
        }
        let (why, gap) = self.why_held(target, screened.wanted, stands).await?;
        if let Some(why) = why {
            if !stands.held.contains(target) {
                self.hold(case, Some(request), target, why, &screened.position)
                    .await?;
            }
            listed.held += 1;
            listed.gaps.insert(gap);
            return Ok(Outcome::held(&filing.request));
        }
        let imposed = self.impose(Imposing {
            case,
            request: Some(request),
            target,
            scope: BarScope::Estate,
            state: BarState::Interim,
            ruling: &filing.ruling,
            at_once: false,
            filed_by: Some(self.by.account),
        });
        let imposed = imposed.await?;
        listed.barred += 1;
        listed.suspended += imposed.suspended;
        listed
            .gaps
            .extend((imposed.revoked > 0).then_some(Gap::WasApproved));
        listed
            .gaps
            .extend((imposed.suspended > 0).then_some(Gap::OthersSuspended));
        Ok(Outcome::Barred(imposed.bar))
    }

    /// Whether a target waits for a handler or for two, and how the report calls it.
    async fn why_held(
        &self,
        target: &BarTarget,
        wanted: Wanted,
        stands: &Stands,
    ) -> Result<(Option<HeldWhy>, Gap), StoreError> {
        Ok(match wanted {
            _ if self.is_legal(target).await? => (Some(HeldWhy::Legal), Gap::Lawyer),
            _ if stands.lifted.contains(target) => (Some(HeldWhy::HandlerFirst), Gap::LiftedBefore),
            Wanted::Bar => (None, Gap::HandlerFirst),
            _ => (Some(HeldWhy::HandlerFirst), Gap::HandlerFirst),
        })
    }

    /// Keeps what became of a row; what was staged of it is nobody's to read any more.
    async fn settle_row(&self, row: &ListedRow, listed: &Listed) -> Result<(), StoreError> {
        let update = "UPDATE no_contact_rows SET fate = 'done', body = NULL, case_id = $1, request_id = $2, \
             barred = $3, already = $4, held = $5, taken_at = $6 WHERE import = $7 AND row_no = $8 AND fate = 'waits'";
        let values = values![
            listed.case.map(|case| case.to_string()),
            listed.request.map(|request| request.to_string()),
            int(listed.barred)?,
            int(listed.already)?,
            int(listed.held)?,
            micros(self.now),
            row.import.to_string(),
            int(row.number)?,
        ];
        if self.run(update, values).await? != 1 {
            return Err(Conflict::Changed.into());
        }
        self.keep_gaps(row.import, row.number, listed.gaps.iter().copied())
            .await?;
        let key = row_key(row.import, row.number);
        self.audit(
            ("no-contact-row", &key),
            listed.case,
            &listed.detail(row.filing.as_ref()),
        )
        .await
    }
}

impl Listed {
    fn priority(&self) -> Priority {
        match self {
            Self { held: 1.., .. } | Self { suspended: 1.., .. } => Priority::HandlerFirst,
            Self { barred: 1.., .. } => Priority::Barred,
            _ => Priority::AskReferrer,
        }
    }

    fn detail(&self, filing: Option<&Filing>) -> String {
        let (barred, already, held, suspended) = (self.barred, self.already, self.held, self.suspended);
        let gaps: Vec<_> = self.gaps.iter().map(|gap| gap.code()).collect();
        let rule = filing.map_or(String::new(), |filing| {
            format!("rule={} version={} ", filing.ruling.rule, filing.ruling.version)
        });
        format!(
            "{rule}barred={barred} already={already} held={held} suspended={suspended} gaps={}",
            gaps.join(",")
        )
    }
}
