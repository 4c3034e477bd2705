//! A store for one test, the people around it, and requests from reserved ranges.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use casework::{
    AccountId, Actor, Assessment, BarId, BarTarget, CaseId, Consent, ContactRequest, DeclineReason, Ground,
    KnownOfPrisoner, OrganisationKind, ProposalId, ProposedChange, ProtectedPerson, Referrer, ReferrerKind,
    Relationship, Risk, Role, RuleOutcome, Ruling, WrittenAddress,
};
use feed::ContactKind;
use hub::applications::short_day::apply_and_answer;
use hub::keys::HubKeys;
use hub::seams::{Seams, SetClock};
use hub::store::{
    BarredAddresses, Beside, CaseKey, CaseSummary, Filing, IdempotencyKey, LetterDecision, LetterFinding,
    LetterRecord, LetterRuling, ListEntry, MailKind, NamedPrisoners, QueueAsked, Receipt, RosterFile,
    RosterPiece, RosterTaken, Ruled, ScreenedTarget, Store, StoreError, StoreMark, Told, Via, Wanted,
};
use offender::PrisonerRecord;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, Value};
use uuid::Uuid;

/// The prisoners on record in Leeds.
pub(crate) const PRISONERS: [&str; 4] = ["A1234BC", "A5678DE", "A9012FG", "A3456HJ"];

/// One store and who works with it.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) keys: Arc<HubKeys>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) seams: Seams,
    folder: tempfile::TempDir,
    pub(crate) operator: Actor,
    pub(crate) second_operator: Actor,
    pub(crate) handler: Actor,
    pub(crate) second_handler: Actor,
    pub(crate) police: Actor,
    pub(crate) clerk: Actor,
    pub(crate) security: Actor,
    pub(crate) mailroom: Actor,
    pub(crate) auditor: Actor,
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("hub.db").display());
        Self::open(folder, url).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("UPCS_TEST_POSTGRES").expect("UPCS_TEST_POSTGRES names a database");
        let schema = format!("upcs_{}", Uuid::from_bytes(Seams::real().bytes()).simple());
        let db = Database::connect(&server).await.unwrap();
        db.execute_unprepared(&format!("CREATE SCHEMA {schema}"))
            .await
            .unwrap();
        let join = if server.contains('?') { '&' } else { '?' };
        Self::open(
            tempfile::tempdir().unwrap(),
            format!("{server}{join}options[search_path]={schema}"),
        )
        .await
    }

    /// Everything that the command does with a roster's file, in one piece.
    pub(crate) async fn bring_file(
        &self,
        records: Vec<PrisonerRecord>,
        as_of: jiff::Timestamp,
    ) -> RosterTaken {
        let (store, by) = (&self.store, &self.operator);
        let (hash, to) = ("a whole file".to_owned(), records.len() as u64);
        let file = RosterFile {
            hash,
            format: "json",
            as_of,
        };
        while store.discard_other_roster(by, &file).await.unwrap().is_some() {}
        let staging = store.begin_roster(by, &file).await.unwrap();
        let piece = RosterPiece {
            after: 0,
            to,
            records,
        };
        store.stage_roster(by, staging.id, piece).await.unwrap();
        let taken = store.show_roster(by, staging.id, to).await.unwrap();
        while store
            .settle_roster(std::time::Duration::ZERO)
            .await
            .unwrap()
            .is_some()
        {}
        taken
    }

    async fn open(folder: tempfile::TempDir, url: String) -> Self {
        let (seams, clock) = Seams::seeded(7, "2026-11-23T09:00:00Z".parse().unwrap());
        let keys = Arc::new(HubKeys::from_secrets(
            StoreMark::Demo,
            &[1; 32],
            &[2; 32],
            &[3; 32],
        ));
        let store = Store::open(&url, Arc::clone(&keys), StoreMark::Demo, seams.clone())
            .await
            .unwrap();
        let prison = lei();
        let add = async |by, name: &str, role| store.add_account(by, name, role).await.unwrap();
        let operator = add(None, "Olwen Operator", Role::Operator).await;
        let police = Role::Referrer {
            organisation: OrganisationKind::Police,
        };
        let by = Some(&operator);
        let place = Self {
            second_operator: add(None, "Odd Operator", Role::Operator).await,
            handler: add(by, "Hazel Handler", Role::CaseHandler).await,
            second_handler: add(by, "Huw Handler", Role::CaseHandler).await,
            police: add(by, "Mercia Police", police).await,
            clerk: add(by, "Cai Clerk", Role::PinphoneClerk { prison }).await,
            security: add(by, "Sam Security", Role::PrisonSecurity { prison }).await,
            mailroom: add(by, "Mab Mailroom", Role::Mailroom { prison }).await,
            auditor: add(by, "Ana Auditor", Role::Auditor).await,
            operator,
            store,
            url,
            keys,
            clock,
            seams,
            folder,
        };
        for holder in PRISONERS {
            place.receive(holder, prison).await;
        }
        place
    }

    /// A prisoner comes into a prison.
    pub(crate) async fn receive(&self, holder: &str, prison: PrisonId) {
        let mut record = PrisonerRecord::new(prisoner(holder), "Ivan", "Invented");
        record.prison_id = Some(prison);
        self.store.import_prisoners(vec![record]).await.unwrap();
    }

    /// The store of the same database, opened anew.
    pub(crate) async fn again(&self) -> Store {
        Store::open(
            &self.url,
            Arc::clone(&self.keys),
            StoreMark::Demo,
            self.seams.clone(),
        )
        .await
        .unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file of the database.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.folder())
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect()
    }

    /// A connection past the store, to damage it.
    pub(crate) async fn past_the_store(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }

    pub(crate) async fn damage(&self, sql: &str, values: Vec<Value>) {
        let db = self.past_the_store().await;
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        assert!(
            db.execute_raw(statement).await.unwrap().rows_affected() > 0,
            "something was damaged"
        );
    }

    /// The police file a request for these numbers; all of them barred at once.
    pub(crate) async fn refer(&self, numbers: &[&str]) -> Receipt {
        self.store
            .file_request(&self.police, None, filing(numbers))
            .await
            .unwrap()
    }

    pub(crate) async fn case_of(&self, receipt: &Receipt) -> CaseId {
        let key = CaseKey::from(receipt.reference.clone());
        self.store.open_case(&self.handler, key).await.unwrap().case
    }

    /// Two people put a number on a prisoner's list in Leeds.
    pub(crate) async fn approve_number(&self, holder: &str, number: &str, contact: ContactKind) {
        let application = self.apply(holder, number, contact).await;
        self.store.approve(&self.security, application).await.unwrap();
    }

    pub(crate) async fn apply(&self, holder: &str, number_text: &str, contact: ContactKind) -> ProposalId {
        let proposal = self.try_apply(holder, number_text, contact).await.unwrap();
        proposal.expect("the application is answered: it may be rung")
    }

    /// The clerk applies and the batch answers; none if the answer is no.
    pub(crate) async fn try_apply(
        &self,
        holder: &str,
        number_text: &str,
        contact: ContactKind,
    ) -> Result<Option<ProposalId>, StoreError> {
        let (holder, number) = (prisoner(holder), number(number_text));
        let now = self.seams.clock.now();
        let at = (&self.store, now);
        apply_and_answer(at, &self.clerk, lei(), holder, number, contact, "A Friend").await
    }

    /// The mailroom in Leeds records a letter.
    pub(crate) async fn record(&self, letter: LetterRecord) -> Result<Option<String>, StoreError> {
        self.store
            .record_letter(&self.mailroom, letter, Beside::default())
            .await
    }

    /// The mailroom in Leeds checks a letter and, whatever is found, puts it on the shelf.
    pub(crate) async fn shelve(&self, sender: Option<PrisonerNumber>, lines: &str) -> LetterFinding {
        let barred = self.store.barred_addresses(None).await.unwrap();
        let letter = letter(&barred, sender, lines);
        let finding = letter.finding;
        self.record(letter).await.unwrap();
        finding
    }

    /// Two handlers agree.
    pub(crate) async fn agree(&self, change: ProposedChange) {
        let proposal = self
            .store
            .propose(&self.handler, change, "heard in safety")
            .await
            .unwrap();
        self.store.approve(&self.second_handler, proposal).await.unwrap();
    }

    /// The first page of the queue.
    pub(crate) async fn queue(&self) -> Vec<CaseSummary> {
        let all = QueueAsked::default();
        self.store.queue(&self.handler, all).await.unwrap().cases
    }

    /// A proposal to decline a case as it stands now.
    pub(crate) async fn decline(&self, case: CaseId) -> ProposedChange {
        let file = self.store.open_case(&self.handler, case).await.unwrap();
        ProposedChange::DeclineCase {
            case,
            reason: DeclineReason::NotTheirs,
            seen: file.seen(),
        }
    }

    /// A handler says who the prisoner of a case is.
    pub(crate) async fn locate(&self, case: CaseId, holder: &str) {
        self.store
            .locate_prisoner(&self.handler, case, prisoner(holder), &"{}".into(), "v1")
            .await
            .unwrap();
    }

    /// A handler says that the case of a bar is about this prisoner, and two narrow the bar to him.
    pub(crate) async fn narrow(&self, bar: BarId, holder: PrisonerNumber) {
        let case = self.store.bar(bar).await.unwrap().bar.case;
        self.locate(case, holder.as_str()).await;
        self.agree(ProposedChange::NarrowBar {
            bar,
            prisoner: holder,
        })
        .await;
    }

    /// Two operators agree.
    pub(crate) async fn operators_agree(&self, change: ProposedChange) {
        let proposal = self
            .store
            .propose(&self.operator, change, "compared")
            .await
            .unwrap();
        self.store.approve(&self.second_operator, proposal).await.unwrap();
    }

    /// Who may dial what in Leeds: the approved entries, as `A1234BC 07700900001`.
    pub(crate) async fn approved(&self) -> Vec<String> {
        let (_, list) = self
            .store
            .list_of(lei(), feed::Regime::CallEnabling)
            .await
            .unwrap();
        let mut shown: Vec<String> = list.iter().filter_map(shown_entry).collect();
        shown.sort();
        shown
    }

    /// What is barred, and for whom, as a call-barring prison holds it.
    pub(crate) async fn barred(&self) -> Vec<String> {
        let (_, list) = self
            .store
            .list_of(mdi(), feed::Regime::CallBarring)
            .await
            .unwrap();
        let mut shown: Vec<String> = list.iter().filter_map(shown_bar).collect();
        shown.sort();
        shown
    }
}

fn shown_entry(entry: &ListEntry) -> Option<String> {
    match entry {
        ListEntry::Approved { holder, number, .. } => Some(format!("{holder} {}", number.expose())),
        ListEntry::Bar { .. } | ListEntry::Exception(_) => None,
    }
}

fn shown_bar(entry: &ListEntry) -> Option<String> {
    match entry {
        ListEntry::Bar {
            number,
            scope: casework::BarScope::Estate,
            ..
        } => Some(number.expose().to_owned()),
        ListEntry::Bar {
            number,
            scope: casework::BarScope::Prisoner(prisoner),
            ..
        } => Some(format!("{} for {prisoner}", number.expose())),
        ListEntry::Approved { .. } | ListEntry::Exception(_) => None,
    }
}

pub(crate) fn lei() -> PrisonId {
    "LEI".parse().unwrap()
}

pub(crate) fn mdi() -> PrisonId {
    "MDI".parse().unwrap()
}

pub(crate) fn prisoner(text: &str) -> PrisonerNumber {
    text.parse().unwrap()
}

pub(crate) fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse_canonical(text).unwrap()
}

pub(crate) fn public() -> Actor {
    let account = AccountId(Uuid::nil());
    Actor {
        account,
        created_by: None,
        name: "public form".to_owned(),
        role: Role::Public,
    }
}

pub(crate) fn key(text: &str, body: &str) -> IdempotencyKey {
    IdempotencyKey {
        key: text.to_owned(),
        body_hash: body.to_owned(),
    }
}

pub(crate) fn request(numbers: &[&str]) -> ContactRequest {
    let person = ProtectedPerson {
        name: "Rhian Invented".into(),
        other_names: Vec::new(),
        date_of_birth: None,
        numbers: numbers.iter().map(|number| (*number).into()).collect(),
        addresses: Vec::new(),
        emails: Vec::new(),
        channels: Vec::new(),
    };
    ContactRequest {
        referrer: Referrer {
            kind: ReferrerKind::Police,
            name: "PC Ada Example".into(),
            relationship: None,
            channel: None,
        },
        people: vec![person],
        prisoner: KnownOfPrisoner::default(),
        consent: Consent::Given,
        why: "He rings her although a court forbade it.".into(),
        risk: Risk::default(),
        orders: Vec::new(),
        good_reason: None,
    }
}

pub(crate) fn ruling(outcome: RuleOutcome) -> Ruling {
    Ruling {
        rule: "test".to_owned(),
        version: "2026-11-23".to_owned(),
        outcome,
    }
}

/// A filing that bars these numbers (canonical) at once.
pub(crate) fn filing(numbers: &[&str]) -> Filing {
    filing_as(RuleOutcome::AtOnce, numbers)
}

pub(crate) fn caps() -> casework::Caps {
    casework::Policy::parse(casework::Policy::BUILT_IN).unwrap().caps
}

pub(crate) fn filing_as(outcome: RuleOutcome, numbers: &[&str]) -> Filing {
    let wanted = if outcome == RuleOutcome::HandlerFirst {
        Wanted::HandlerFirst
    } else {
        Wanted::Bar
    };
    let target = |(n, text): (usize, &&str)| ScreenedTarget {
        target: Some(BarTarget::Number(number(text))),
        wanted,
        position: format!("people[0].numbers[{n}]"),
    };
    Filing {
        request: request(numbers),
        ruling: ruling(outcome),
        caps: caps(),
        targets: numbers.iter().enumerate().map(target).collect(),
        linked_to: None,
        named: NamedPrisoners::default(),
    }
}

pub(crate) fn address(lines: &str) -> BarTarget {
    BarTarget::Address(written(lines))
}

pub(crate) fn written(lines: &str) -> WrittenAddress {
    WrittenAddress {
        lines: lines.into(),
        postcode: None,
    }
}

/// A letter on a shelf in Leeds, judged by these bars.
pub(crate) fn letter(barred: &BarredAddresses, sender: Option<PrisonerNumber>, lines: &str) -> LetterRecord {
    LetterRecord {
        prison: lei(),
        sender,
        written: written(lines),
        kind: MailKind::Letter,
        via: Via::Page,
        finding: barred.judge(sender, &written(lines)),
        shelf_code: Some("K7QM2V".to_owned()),
        decoy: false,
    }
}

/// What is said of a letter that leaves, goes back or is kept.
pub(crate) fn ruled(decision: LetterDecision) -> LetterRuling {
    let told = Told::Yes;
    let already_knew = "He lived there until June.".into();
    let ruled = match decision {
        LetterDecision::Post => Ruled::Post,
        LetterDecision::Return => Ruled::Return { already_knew, told },
        LetterDecision::Evidence => Ruled::Evidence { told },
    };
    let authority = None;
    LetterRuling { ruled, authority }
}

pub(crate) fn assessment() -> Assessment {
    Assessment {
        ground: Ground::UnwantedContact,
        necessity: "He rings daily.".into(),
        proportionality: "Nothing less stopped it.".into(),
        consent: Consent::Given,
        relationship: Relationship::FormerPartner,
        review_on: "2027-11-23".parse().unwrap(),
    }
}
