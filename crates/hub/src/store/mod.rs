//! The store: every verb of the hub that reads or writes the database, one file a verb, each one
//! transaction with its audit entry (and, where gates must hear of it, its history entry) inside.
//!
//! ```text
//! Filing -> file_request -> cases, bars, history -> history_since / list_of -> publish
//! Proposal -> approve -> TwoApprovals -> lift, narrow, decline ... -> history
//! ```
//! One code path serves SQLite and PostgreSQL. Nothing outside this module knows SQL, and no database type
//! stands in a signature. Personal data is sealed before it is bound to a statement and opened when it is
//! read; a row that does not open is [`StoreError::Damaged`], never skipped.

mod accounts;
mod acknowledge;
mod add_target;
mod alert_requests;
mod alerts;
mod alerts_on_record;
mod alias_numbers;
mod answer_applications;
mod application_matches;
mod applications;
mod approve;
mod approved_numbers;
mod arrivals;
mod attempt_runs;
mod attempts;
mod attestations;
mod audit;
mod barred_addresses;
mod bars;
mod bars_about;
mod bars_behind;
mod bounded;
mod canaries;
mod cases;
mod confirm_by_number;
mod confirm_case;
mod custody_events;
mod decide_letter;
mod enrol_gate;
mod error;
mod exceptions;
mod feed_session;
mod file_intelligence;
mod file_request;
mod filing;
mod gate_keys;
mod gates;
mod history;
mod holders;
mod idempotency;
mod impose;
mod in_hand;
mod letter_alerts;
mod letter_batches;
mod letter_exemptions;
mod letter_pictures;
mod letters;
mod letters_waiting_long;
mod lift;
mod list_apply;
mod list_imports;
mod list_of;
mod locate_prisoner;
mod lookups;
mod merges;
mod named_elsewhere;
mod no_contact_lists;
mod no_contact_take;
mod offered_addresses;
mod offered_tasks;
mod open;
mod open_case;
mod open_proposals;
mod placed;
mod prisoners;
mod prisons_on;
mod propose;
mod protected_people;
mod queue;
mod raise_alerts;
mod receipt;
mod releases;
mod roster_alerts;
mod roster_files;
mod schema;
mod sealed;
mod search_calls;
mod sessions;
mod set_aside;
mod sql;
mod tx;

use std::fmt;
use std::sync::Arc;

use feed::{Serial, Session};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{Mutex, watch};

pub use accounts::ApiKeySecret;
pub use add_target::Added;
pub use alert_requests::{
    ALERT_REQUESTS_SHOWN, ALERTS_AT_ONCE, AlertDecision, AlertRequest, AlertRequestState, NOTED_AT_ONCE,
};
pub use alerts::{ALERTS_SHOWN, AlertId, AlertedLetter, ShownAlert};
pub use alerts_on_record::{ALERTED_MOST, StandingAlert};
pub use alias_numbers::{AliasNumber, RecordedAlias};
pub use answer_applications::{Found, MatchKind, Screened};
pub use application_matches::{ApplicationMatch, MATCHES_SHOWN, MatchState};
pub use applications::{
    APPLICATIONS_AT_ONCE, APPLICATIONS_OF_ONE_PRISONER, APPLICATIONS_SHOWN, APPLICATIONS_WAITING,
    Application, Lane, NewApplication, Taken,
};
pub use approved_numbers::{ApprovedEntry, EntryState};
pub use arrivals::Arrival;
pub use attempt_runs::{GAPS_SHOWN, MissingAttempts, SequenceGap};
pub use attempts::{ATTEMPTS_SHOWN, ShownAttempt};
pub use attestations::StoredAttestation;
pub use audit::{AuditCheck, AuditFilter, AuditRow, Page};
pub(crate) use barred_addresses::read_address;
pub use barred_addresses::{BarredAddresses, LetterFinding, LetterVerdict};
pub use bars::BarRecord;
pub use bars_behind::BarBehind;
pub use bounded::Bounded;
pub use canaries::{LABEL_CHARS, Planted};
pub use confirm_by_number::{ByNumber, FRESH_DAYS};
pub use custody_events::EventTaken;
pub use decide_letter::{LetterDecision, LetterRuling, Office, PrisonAuthority, Ruled, Told};
pub use enrol_gate::CODE_LIFETIME_SECONDS;
pub use error::{Conflict, Refusal, StoreError};
pub use exceptions::{EXCEPTIONS_SHOWN, ExceptionRecord};
pub use feed_session::FeedSession;
pub use file_intelligence::{FiledIntelligence, INTELLIGENCE_SHOWN};
pub use filing::{
    Filing, IdempotencyKey, NamedPrisoners, Outcome, Receipt, ReceiptTarget, ScreenedTarget, Wanted,
};
pub use gates::{GateRecord, GateState};
pub use history::{Authority, ResolvedChange};
pub use holders::{HOLDERS_SHOWN, Holder, HolderStands};
pub use in_hand::InHand;
pub use letter_batches::{
    AskedLetter, BATCH_ROWS, BATCHES_SHOWN, BatchAnswer, BatchLine, LetterBatch, NewBatchRow, RowAnswer,
    WaitingRow as WaitingBatchRow,
};
pub use letter_exemptions::{
    EXEMPT_NAME_CHARS, EXEMPTIONS_SHOWN, Exemption, ExemptionState, PrivilegedOffice, ShownExemption,
};
pub use letter_pictures::{Picture, PictureFormat};
pub use letters::{
    BatchRow, Beside, CHECKS_PER_PRISON_AND_HOUR, LETTERS_SHOWN, LetterRecord, MailKind, Via, WaitingLetter,
};
pub use letters_waiting_long::{COUNTED_LETTERS, LateLetters};
pub use list_apply::Applied;
pub use list_imports::{IMPORTS_SHOWN, ImportState, ListImport, PROBLEMS_SHOWN};
pub use list_of::ListEntry;
pub use lookups::{DECIDED_SHOWN, DecidedLetter};
pub use named_elsewhere::{ELSEWHERE_SHOWN, NamedElsewhere, SameBy};
pub use no_contact_lists::{
    GAPS_SHOWN_OF_LIST, ListedIn, NO_CONTACT_LISTS_SHOWN, NoContactList, NoContactState,
};
pub use no_contact_take::{ListedRow, RowPlace, WaitingRow};
pub use offered_addresses::{NewOffer, OFFERED_PER_ACCOUNT_AND_HOUR, OfferReceipt, OfferedAddress};
pub use offered_tasks::{OFFERED_SHOWN, OfferedDone, OfferedTask};
pub use open::StoreMark;
pub use open_case::{CaseFile, CaseKey, FiledRequest, HeldTarget, HeldWhy, LocatedPrisoner, TIMELINE_ROWS};
pub use open_proposals::{PROPOSALS_SHOWN, ProposalAbout, ShownProposal};
pub use prisoners::RosterTaken;
pub use prisons_on::PrisonOn;
pub use protected_people::{CasesMark, ProtectedCase, ProtectedPeople, ReadRequest};
pub use queue::{AskedBy, CaseSummary, QUEUE_ROWS, Queue, QueueAsked};
pub use releases::{Office as ReleaseOffice, RELEASES_SHOWN, ReleaseTask};
pub use roster_files::{RosterFile, RosterPiece, RosterStaging};
pub use search_calls::{
    CALLS_FOUND, CallSearch, FoundCalls, MadeSearch, SEARCH_WINDOW_HOURS, SEARCHES_SHOWN,
};
pub use sessions::{SESSION_IDLE_SECONDS, SessionToken};
pub use set_aside::{CameBy, CustodyMessages, MessageCount, SET_ASIDE_SHOWN, SET_ASIDE_WAITING, SetAside};

use crate::keys::HubKeys;
use crate::seams::Seams;
use error::unavailable;

/// The open store.
pub struct Store {
    /// One connection on SQLite, a pool on PostgreSQL.
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// Writes that can wait take turns here, so that a request for a bar waits for one of them at most.
    can_wait: Mutex<()>,
    keys: Arc<HubKeys>,
    mark: StoreMark,
    seams: Seams,
    session: Session,
    serial: watch::Sender<Serial>,
}

impl Store {
    /// The session in which this store's serials count; made when the store was.
    pub fn session(&self) -> Session {
        self.session
    }

    /// Whether it is a demonstration's or the service's.
    pub fn mark(&self) -> StoreMark {
        self.mark
    }

    /// Rises after each commit of this process that gates must hear of, and when this process reads of another's.
    pub fn serial(&self) -> watch::Receiver<Serial> {
        self.serial.subscribe()
    }

    fn announce(&self, serial: Serial) {
        self.serial.send_if_modified(|latest| {
            let news = *latest < serial;
            *latest = serial.max(*latest);
            news
        });
    }

    fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// A read in which everything stands as at one moment.
    async fn snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let postgres = !self.is_sqlite();
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: None,
        };
        self.reader.begin_with_options(options).await.map_err(unavailable)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({:?}, session {})", self.mark, self.session)
    }
}
