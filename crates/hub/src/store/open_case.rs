//! A case handler opens a case: everything on record of it. The opening is audited before it shows.

use casework::{
    AccountId, Actor, BarTarget, CaseId, CaseState, ContactRequest, Personal, Priority, ProposedChange,
    Reference, RequestId, Ruling, Seen, Verb,
};
use jiff::Timestamp;
use prison::PrisonerNumber;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::audit::{self, AuditRow};
use super::bars::BarRecord;
use super::bounded::Bounded;
use super::error::StoreError;
use super::exceptions::ExceptionRecord;
use super::file_intelligence::FiledIntelligence;
use super::file_request::receipt_of;
use super::filing::Receipt;
use super::sql::{self, Row, values};
use super::tx::Tx;
use super::{
    ApplicationMatch, InHand, ListedIn, MadeSearch, NamedElsewhere, RecordedAlias, ShownProposal, Store,
};

/// By what a case is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseKey {
    /// Its identifier.
    Id(CaseId),
    /// The reference of any of its requests.
    Reference(Reference),
}

impl From<CaseId> for CaseKey {
    fn from(id: CaseId) -> Self {
        Self::Id(id)
    }
}

impl From<Reference> for CaseKey {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

/// Everything on record of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// The case.
    pub case: CaseId,
    /// The reference of its first request.
    pub reference: Reference,
    /// Rises with every change of the case.
    pub version: u64,
    /// When its first request came in, UTC.
    pub opened_at: Timestamp,
    /// Where it stands in the queue.
    pub priority: Priority,
    /// Where the case stands.
    pub state: CaseState,
    /// Its requests, oldest first.
    pub requests: Vec<FiledRequest>,
    /// Its bars, in force and lifted, oldest first.
    pub bars: Vec<BarRecord>,
    /// What waits for a handler.
    pub held: Vec<HeldTarget>,
    /// Who the prisoner was said to be, newest first.
    pub locations: Vec<LocatedPrisoner>,
    /// Entries of prisoners whom its requests did not name and who may ring until somebody has decided of each.
    pub undecided_holders: u64,
    /// Whom its bars leave alone because two people so decided.
    pub exceptions: Bounded<ExceptionRecord>,
    /// Its open proposals.
    pub proposals: Vec<ShownProposal>,
    /// Intelligence filed under its reference or naming one of its numbers, oldest first; the newest
    /// [`super::INTELLIGENCE_SHOWN`].
    pub intelligence: Bounded<FiledIntelligence>,
    /// Contact applications that agree with it, newest first.
    pub applications: Bounded<ApplicationMatch>,
    /// Numbers that ring its people and are not theirs, oldest first.
    pub aliases: Vec<RecordedAlias>,
    /// Rows of prisons' no-contact lists on which it rests, oldest first.
    pub listed: Vec<ListedIn>,
    /// Prisoners of other cases about its numbers, and its own of before.
    pub elsewhere: Vec<NamedElsewhere>,
    /// Who has it in hand.
    pub in_hand: Option<InHand>,
    /// Searches by the call, newest first.
    pub searches: Bounded<MadeSearch>,
    /// What was done, oldest first; the newest [`TIMELINE_ROWS`].
    pub timeline: Vec<AuditRow>,
}

impl CaseFile {
    /// What whoever looks at it sees: what a proposal to decline would be about.
    pub fn seen(&self) -> Seen {
        let in_force = self.bars.iter().filter(|record| record.bar.state.in_force());
        Seen {
            requests: self.requests.iter().map(|filed| filed.id).collect(),
            bars: in_force.map(|record| record.bar.id).collect(),
            held: self.held.iter().map(|held| held.id).collect(),
        }
    }

    /// Whether the case is no longer what the proposer of this change saw.
    pub fn has_overtaken(&self, change: &ProposedChange) -> bool {
        !change.still_stands(&self.seen(), self.state.prisoner())
    }
}

/// One request of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledRequest {
    /// The request.
    pub id: RequestId,
    /// Its reference.
    pub reference: Reference,
    /// When it came in, UTC.
    pub received_at: Timestamp,
    /// The account that filed it; the nil account for the public form.
    pub filed_by: AccountId,
    /// The request as it came in.
    pub request: ContactRequest,
    /// Which rule decided.
    pub ruling: Ruling,
    /// The receipt that was given.
    pub receipt: Receipt,
}

/// A number or address that waits for a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldTarget {
    /// The held target.
    pub id: Uuid,
    /// Its case.
    pub case: CaseId,
    /// The request that named it; `None` if a handler added it.
    pub request: Option<RequestId>,
    /// The field of the request, as `people[0].numbers[1]`.
    pub position: String,
    /// What it is.
    pub target: BarTarget,
    /// Why it waits.
    pub why: HeldWhy,
    /// The account that filed the request.
    pub filed_by: Option<AccountId>,
    /// Since when, UTC.
    pub held_at: Timestamp,
}

/// Why something waits for a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldWhy {
    /// The policy wants a handler first.
    HandlerFirst,
    /// A cap was reached.
    OverCap,
    /// It is a lawyer's number on somebody's list; two people bar it.
    Legal,
}

impl HeldWhy {
    /// The word for it, in the store and in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandlerFirst => "handler-first",
            Self::OverCap => "over-cap",
            Self::Legal => "legal",
        }
    }
}

/// Who the prisoner of a case was said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedPrisoner {
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// The evidence that the handler saw, as JSON.
    pub evidence: Personal,
    /// The model that weighed it.
    pub model: String,
    /// The handler.
    pub located_by: AccountId,
    /// When, UTC.
    pub located_at: Timestamp,
}

/// Rows of the timeline that are shown.
pub const TIMELINE_ROWS: i64 = 500;

pub(super) const HELD: &str = "id, case_id, request_id, position, target, why, filed_by, held_at";

impl Store {
    /// Everything on record of a case, as at one moment.
    pub async fn open_case(&self, by: &Actor, key: impl Into<CaseKey>) -> Result<CaseFile, StoreError> {
        let key = key.into();
        let tx = self.begin(by, Verb::ReadCases, "open-case").await?;
        let case = tx.case(tx.case_id(&key).await?).await?;
        let file = CaseFile {
            case: case.id,
            reference: case.reference,
            version: case.version,
            opened_at: case.opened_at,
            priority: case.priority,
            state: case.state,
            requests: self.requests_of(&tx, case.id).await?,
            bars: self.bars_of_case(&tx.db, case.id).await?,
            held: self.held_of_case(&tx.db, case.id).await?,
            locations: self.locations_of(&tx, case.id).await?,
            undecided_holders: tx.undecided_holders(case.id).await?,
            exceptions: self.exceptions_of(&tx, case.id).await?,
            proposals: tx.shown_of_case(case.id).await?,
            intelligence: self.intelligence_of(&tx, case.id).await?,
            applications: self.matches_of(&tx, case.id).await?,
            aliases: self.aliases_of(&tx, case.id).await?,
            listed: self.listed_in(&tx, case.id).await?,
            elsewhere: self.named_elsewhere(&tx, case.id).await?,
            in_hand: tx.in_hand(case.id).await?,
            searches: self.searches_of(&tx, case.id).await?,
            timeline: timeline_of(&tx, case.id).await?,
        };
        tx.audit(("case", &case.id.to_string()), Some(case.id), "opened")
            .await?;
        tx.commit().await?;
        Ok(file)
    }

    pub(super) async fn requests_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Vec<FiledRequest>, StoreError> {
        let query = "SELECT id, reference, received_at, filed_by, body, ruling, receipt FROM requests \
             WHERE case_id = $1 ORDER BY received_at, id";
        let rows = tx.all("requests", query, values![case.to_string()]).await?;
        let requests = rows.iter().map(|row| {
            Ok(FiledRequest {
                id: row.parsed("id")?,
                reference: row.parsed("reference")?,
                received_at: row.time("received_at")?,
                filed_by: row.parsed("filed_by")?,
                request: self.open_sealed(("requests", "body"), &row.text("id")?, row)?,
                ruling: row.json("ruling")?,
                receipt: receipt_of(&row.text("receipt")?)?,
            })
        });
        requests.collect()
    }

    pub(super) async fn held_of_case(
        &self,
        on: &impl ConnectionTrait,
        case: CaseId,
    ) -> Result<Vec<HeldTarget>, StoreError> {
        let query = format!(
            "SELECT {HELD} FROM held_targets WHERE case_id = $1 AND settled IS NULL \
             ORDER BY held_at, position, id"
        );
        let rows = sql::all(on, "held_targets", &query, values![case.to_string()]).await?;
        rows.iter().map(|row| self.read_held(row)).collect()
    }

    pub(super) fn read_held(&self, row: &Row) -> Result<HeldTarget, StoreError> {
        let why = match row.text("why")?.as_str() {
            "handler-first" => HeldWhy::HandlerFirst,
            "over-cap" => HeldWhy::OverCap,
            "legal" => HeldWhy::Legal,
            _ => return Err(row.damaged()),
        };
        Ok(HeldTarget {
            id: row.parsed("id")?,
            case: row.parsed("case_id")?,
            request: row.parsed_if_any("request_id")?,
            position: row.text("position")?,
            target: self.open_sealed(("held_targets", "target"), &row.text("id")?, row)?,
            why,
            filed_by: row.parsed_if_any("filed_by")?,
            held_at: row.time("held_at")?,
        })
    }

    async fn locations_of(&self, tx: &Tx<'_>, case: CaseId) -> Result<Vec<LocatedPrisoner>, StoreError> {
        let query = "SELECT id, prisoner, evidence, model, located_by, located_at FROM locations \
             WHERE case_id = $1 ORDER BY located_at DESC, id";
        let rows = tx.all("locations", query, values![case.to_string()]).await?;
        let located = rows.iter().map(|row| {
            Ok(LocatedPrisoner {
                prisoner: row.parsed("prisoner")?,
                evidence: self.open_sealed(("locations", "evidence"), &row.text("id")?, row)?,
                model: row.text("model")?,
                located_by: row.parsed("located_by")?,
                located_at: row.time("located_at")?,
            })
        });
        located.collect()
    }
}

impl Tx<'_> {
    async fn case_id(&self, key: &CaseKey) -> Result<CaseId, StoreError> {
        let reference = match key {
            CaseKey::Id(id) => return Ok(*id),
            CaseKey::Reference(reference) => reference,
        };
        let query = "SELECT case_id FROM requests WHERE reference = $1";
        let row = self.one("requests", query, values![reference.as_str()]).await?;
        row.ok_or(StoreError::NotFound)?.parsed("case_id")
    }
}

async fn timeline_of(tx: &Tx<'_>, case: CaseId) -> Result<Vec<AuditRow>, StoreError> {
    let columns = audit::COLUMNS;
    let query = format!("SELECT {columns} FROM audit WHERE case_id = $1 ORDER BY seq DESC LIMIT $2");
    let rows = tx
        .all("audit", &query, values![case.to_string(), TIMELINE_ROWS])
        .await?;
    rows.iter().rev().map(audit::read).collect()
}
