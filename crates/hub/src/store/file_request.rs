//! A request comes in: one transaction opens (or joins) its case, bars what can be barred, keeps the rest
//! for a handler, and writes the receipt, the audit and one serial for all of it.

use casework::{
    AccountId, Actor, BarScope, BarState, BarTarget, CaseId, CaseState, Priority, Reference, RequestId, Role,
    Ruling, Verb,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::Store;
use super::approved_numbers::MET;
use super::cases::CaseRow;
use super::error::StoreError;
use super::filing::{Filing, IdempotencyKey, Outcome, Receipt, ReceiptTarget, ScreenedTarget, Wanted};
use super::impose::{Imposed, Imposing};
use super::open_case::HeldWhy;
use super::sql::{json, micros, values};
use super::tx::Tx;

const VERB: &str = "file-request";

impl Store {
    /// Files a request. With a key that was used before for the same body, returns the receipt given then.
    ///
    /// # Errors
    /// [`super::Conflict::OtherBody`] if the key was used for another body; [`StoreError::NotFound`] if
    /// `linked_to` is not this caller's.
    pub async fn file_request(
        &self,
        by: &Actor,
        key: Option<IdempotencyKey>,
        filing: Filing,
    ) -> Result<Receipt, StoreError> {
        let mut tx = self.begin(by, Verb::FileRequest, VERB).await?;
        if let Some(key) = &key
            && let Some(before) = self.answered(&tx.db, by.account, VERB, key).await?
        {
            return receipt_of(&before);
        }
        let receipt = tx.file(filing).await?;
        let Some(key) = key else {
            tx.commit().await?;
            return Ok(receipt);
        };
        tx.keep_answer(&key, &json(&receipt)?).await?;
        let Err(error) = tx.commit().await else {
            return Ok(receipt);
        };
        // A failed commit may have committed: what stands under the key says.
        match self.answered(&self.reader, by.account, VERB, &key).await? {
            Some(stored) => receipt_of(&stored),
            None => Err(error),
        }
    }
}

/// Reads a stored receipt.
pub(super) fn receipt_of(stored: &str) -> Result<Receipt, StoreError> {
    serde_json::from_str(stored).map_err(|_| super::tx::missing("requests", "receipt"))
}

impl Tx<'_> {
    async fn file(&mut self, filing: Filing) -> Result<Receipt, StoreError> {
        let reference = Reference::from_random(self.store.seams.bytes());
        let request = RequestId(Uuid::from_bytes(self.store.seams.bytes()));
        let case = match &filing.linked_to {
            Some(earlier) => self.case_of_earlier(earlier, &reference).await?,
            None => self.open_new_case(&reference).await?,
        };
        let over_cap = self.is_over_cap(&filing).await?;
        self.insert_request(case.id, request, &reference, &filing).await?;
        // Whom a case names from now on none of its bars leaves alone.
        let newly_named = filing.named.numbers.iter().filter(|_| filing.linked_to.is_some());
        for prisoner in newly_named {
            self.revoke_entries_of(case.id, *prisoner).await?;
        }
        let mut settled = Settled::default();
        for target in &filing.targets {
            let outcome = self
                .settle(case.id, request, &filing, target, over_cap, &mut settled)
                .await?;
            settled.targets.push(ReceiptTarget {
                position: target.position.clone(),
                outcome,
            });
        }
        let priority = settled.priority(over_cap, filing.request.risk.life_at_risk);
        self.set_priority(&case, case.priority.min(priority)).await?;
        let detail = settled.detail(&filing, over_cap);
        let receipt = Receipt {
            reference,
            received_at: self.now,
            targets: settled.targets,
        };
        let update = "UPDATE requests SET receipt = $1 WHERE id = $2";
        self.run(update, values![json(&receipt)?, request.to_string()])
            .await?;
        self.audit(("request", &request.to_string()), Some(case.id), &detail)
            .await?;
        Ok(receipt)
    }

    pub(super) async fn open_new_case(&mut self, reference: &Reference) -> Result<CaseRow, StoreError> {
        let case = CaseRow {
            id: CaseId(Uuid::from_bytes(self.store.seams.bytes())),
            reference: reference.clone(),
            state: CaseState::Waiting,
            priority: Priority::AskReferrer,
            opened_at: self.now,
            version: 0,
        };
        self.insert_case(&case).await?;
        Ok(case)
    }

    /// The case of an earlier request of the same caller; a new one if that case was declined.
    async fn case_of_earlier(
        &mut self,
        earlier: &Reference,
        reference: &Reference,
    ) -> Result<CaseRow, StoreError> {
        let query = "SELECT case_id, filed_by FROM requests WHERE reference = $1";
        let row = self
            .one("requests", query, values![earlier.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let theirs = row.text("filed_by")? == self.by.account.to_string();
        if !theirs && !self.by.role.may(Verb::WorkCases) {
            return Err(StoreError::NotFound);
        }
        let case = self.case(row.parsed("case_id")?).await?;
        match case.state {
            CaseState::Declined { .. } => self.open_new_case(reference).await,
            _ => Ok(case),
        }
    }

    pub(super) async fn insert_request(
        &self,
        case: CaseId,
        id: RequestId,
        reference: &Reference,
        filing: &Filing,
    ) -> Result<(), StoreError> {
        let key = id.to_string();
        let body = self.store.seal(("requests", "body"), &key, &filing.request)?;
        let insert = "INSERT INTO requests (id, reference, case_id, filed_by, received_at, body, ruling, receipt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, '')";
        let by = self.by.account.to_string();
        let (now, ruling) = (micros(self.now), json(&filing.ruling)?);
        let row = values![
            key.as_str(),
            reference.as_str(),
            case.to_string(),
            by,
            now,
            body,
            ruling
        ];
        self.run(insert, row).await?;
        for prisoner in &filing.named.numbers {
            let insert = "INSERT INTO named_prisoners (request_id, prisoner) VALUES ($1, $2) \
                 ON CONFLICT DO NOTHING";
            self.run(insert, values![key.as_str(), prisoner.as_str()]).await?;
        }
        Ok(())
    }

    async fn settle(
        &mut self,
        case: CaseId,
        request: RequestId,
        filing: &Filing,
        screened: &ScreenedTarget,
        over_cap: bool,
        settled: &mut Settled,
    ) -> Result<Outcome, StoreError> {
        let target = match (&screened.wanted, &screened.target) {
            (Wanted::AskReferrer(why), _) => return Ok(Outcome::AskReferrer((*why).to_owned())),
            (_, None) => return Err(StoreError::Invalid("nothing to bar was handed over")),
            (_, Some(target)) => target,
        };
        let why = match screened.wanted {
            _ if self.is_legal(target).await? => Some(HeldWhy::Legal),
            Wanted::Bar if over_cap => Some(HeldWhy::OverCap),
            Wanted::Bar => None,
            _ => Some(HeldWhy::HandlerFirst),
        };
        if let Some(why) = why {
            self.hold(case, Some(request), target, why, &screened.position)
                .await?;
            settled.held += 1;
            return Ok(Outcome::held(&filing.request));
        }
        let imposed = self.bar_at_once(case, request, filing, target).await?;
        settled.barred += 1;
        settled.suspended += imposed.suspended;
        Ok(Outcome::Barred(imposed.bar))
    }

    async fn bar_at_once(
        &mut self,
        case: CaseId,
        request: RequestId,
        filing: &Filing,
        target: &BarTarget,
    ) -> Result<Imposed, StoreError> {
        let imposing = Imposing {
            case,
            request: Some(request),
            target,
            scope: BarScope::Estate,
            state: BarState::Interim,
            ruling: &filing.ruling,
            at_once: true,
            filed_by: Some(self.by.account),
        };
        self.impose(imposing).await
    }

    /// Whether barring all that this request wants barred would go over a cap. The public form counts as one
    /// referrer, and what it asked and what registered organisations asked are counted apart: neither side can
    /// use up the other's room, nor learn from its receipts that the other has used its own.
    async fn is_over_cap(&self, filing: &Filing) -> Result<bool, StoreError> {
        let wanted = filing
            .targets
            .iter()
            .filter(|target| target.wanted == Wanted::Bar)
            .count();
        let caps = filing.caps;
        let by = self.by.account.to_string();
        let mut counts = vec![
            (
                self.at_once_within_an_hour(Counted::All, "").await?,
                caps.bars_per_hour,
            ),
            (
                self.at_once_within_an_hour(Counted::ByReferrer, &by).await?,
                caps.bars_per_referrer_and_hour,
            ),
        ];
        for prisoner in &filing.named.numbers {
            let counted = self.at_once_within_an_hour(Counted::Against, prisoner.as_str());
            counts.push((counted.await?, caps.bars_per_prisoner_and_hour));
        }
        Ok(counts
            .iter()
            .any(|(counted, cap)| counted.saturating_add(wanted as u64) > u64::from(*cap)))
    }

    /// Bars that rules imposed within the last hour for this side: the public form, or everybody with an account.
    async fn at_once_within_an_hour(&self, which: Counted, of: &str) -> Result<u64, StoreError> {
        let hour_ago = micros(
            self.now
                .saturating_sub(SignedDuration::from_hours(1))
                .unwrap_or(self.now),
        );
        let side = if self.by.role == Role::Public { "=" } else { "<>" };
        let which = which.condition();
        let query = format!(
            "SELECT COUNT(*) AS n FROM bars \
             WHERE at_once = 1 AND imposed_at > $1 AND filed_by {side} $2 AND {which}"
        );
        self.count(
            "bars",
            &query,
            values![hour_ago, AccountId::PUBLIC.to_string(), of],
        )
        .await
    }

    /// Whether the number stands as a lawyer's on anybody's list, or stood there until a bar took it off; one that was
    /// put there under a bar never lived. A bar that two people agreed to does not make the next one a matter for one.
    pub(super) async fn is_legal(&self, target: &BarTarget) -> Result<bool, StoreError> {
        let BarTarget::Number(number) = target else {
            return Ok(false);
        };
        let query = format!(
            "SELECT COUNT(*) AS n FROM approved_numbers e WHERE {MET} AND e.contact = 'legal' \
             AND (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar' AND e.serial IS NOT NULL))"
        );
        Ok(self
            .count(
                "approved_numbers",
                &query,
                values![self.store.keys.blind_index(number)],
            )
            .await?
            > 0)
    }
}

/// Which bars a cap counts.
#[derive(Clone, Copy)]
enum Counted {
    /// All.
    All,
    /// Those of one account.
    ByReferrer,
    /// Those asked against one prisoner.
    Against,
}

impl Counted {
    /// As SQL, of the one value `$3`.
    fn condition(self) -> &'static str {
        match self {
            Self::All => "id <> $3",
            Self::ByReferrer => "filed_by = $3",
            Self::Against => "request_id IN (SELECT request_id FROM named_prisoners WHERE prisoner = $3)",
        }
    }
}

/// What became of a request's targets.
#[derive(Default)]
struct Settled {
    targets: Vec<ReceiptTarget>,
    barred: u64,
    held: u64,
    suspended: u64,
}

impl Settled {
    fn detail(&self, filing: &Filing, over_cap: bool) -> String {
        let (Ruling { rule, version, .. }, targets) = (&filing.ruling, filing.targets.len());
        let (barred, held, suspended) = (self.barred, self.held, self.suspended);
        format!(
            "rule={rule} version={version} targets={targets} barred={barred} held={held} \
             suspended={suspended} over-cap={over_cap}"
        )
    }

    fn priority(&self, over_cap: bool, life_at_risk: bool) -> Priority {
        match self {
            Self { held: 1.., .. } if life_at_risk => Priority::LifeAtRisk,
            Self { held: 1.., .. } if over_cap => Priority::OverCap,
            Self { held: 1.., .. } | Self { suspended: 1.., .. } => Priority::HandlerFirst,
            Self { barred: 1.., .. } => Priority::Barred,
            _ => Priority::AskReferrer,
        }
    }
}
