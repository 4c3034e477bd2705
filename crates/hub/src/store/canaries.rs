//! Canaries: numbers and addresses of the operator's own that nobody has a reason to ring or write to, planted where
//! nobody should read them. Each is barred by a case of its own, so that gates, lists, mailrooms and proof treat it like
//! any other and nothing tells it from one; a try at it raises an alert with the label of where it was planted.

use casework::{
    Actor, BarScope, BarState, BarTarget, Caps, CaseId, Consent, ContactRequest, KnownOfPrisoner, Personal,
    Priority, ProtectedPerson, Reference, Referrer, ReferrerKind, RequestId, Risk, Verb,
};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::barred_addresses::{BarredAddresses, read_address};
use super::error::{Conflict, StoreError};
use super::filing::{Filing, NamedPrisoners};
use super::impose::{Imposing, by_hand};
use super::sql::{Row, json, micros, values};
use super::tx::Tx;
use super::{Receipt, Store};

/// Characters of a label.
pub const LABEL_CHARS: usize = 200;
/// Nothing of a canary's request is counted against a cap.
const NO_CAPS: Caps = Caps {
    bars_per_referrer_and_hour: 0,
    bars_per_prisoner_and_hour: 0,
    bars_per_hour: 0,
    intelligence_per_account_and_hour: 0,
};
const LABEL: (&str, &str) = ("canaries", "label");

/// A number or address that was planted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The case that bars it.
    pub reference: Reference,
    /// Where it was planted.
    pub label: Personal,
    /// When, UTC.
    pub planted_at: Timestamp,
}

impl Store {
    /// Bars a number or an address that is nobody's and remembers where it was planted. Taking the bar off takes two
    /// people, like any other.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if the number stands on somebody's list, or either is barred already: then it is not a
    /// canary. [`StoreError::Invalid`] for an address that cannot be read.
    pub async fn plant_canary(
        &self,
        by: &Actor,
        target: &BarTarget,
        label: &str,
    ) -> Result<Reference, StoreError> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > LABEL_CHARS {
            return Err(StoreError::Invalid("a label has between 1 and 200 characters"));
        }
        let barred = self.barred_addresses(None).await?;
        let mut tx = self.begin(by, Verb::Operate, "plant-canary").await?;
        let index = tx.index_of_nobodys(target, &barred).await?;
        let reference = Reference::from_random(self.seams.bytes());
        let case = tx.open_new_case(&reference).await?;
        tx.set_priority(&case, Priority::Barred).await?;
        tx.file_for_canary(case.id, &reference, target, label).await?;
        let insert = "INSERT INTO canaries (case_id, number_index, label, planted_by, planted_at) \
             VALUES ($1, $2, $3, $4, $5)";
        let id = case.id.to_string();
        let sealed = self.seal(LABEL, &id, &label)?;
        let row = values![
            id.as_str(),
            index,
            sealed,
            tx.by.account.to_string(),
            micros(tx.now)
        ];
        tx.run(insert, row).await?;
        tx.audit(("canary", &id), Some(case.id), "planted").await?;
        tx.commit().await?;
        Ok(reference)
    }

    /// Everything that was planted by its label, the newest first. It names no number and no address.
    pub async fn canaries(&self, by: &Actor) -> Result<Vec<Planted>, StoreError> {
        let tx = self.begin(by, Verb::Operate, "read-canaries").await?;
        let query = "SELECT k.case_id, k.label, k.planted_at, c.reference FROM canaries k \
             JOIN cases c ON c.id = k.case_id ORDER BY k.planted_at DESC, k.case_id LIMIT 1000";
        let rows = tx.all("canaries", query, values![]).await?;
        let planted = rows.iter().map(|row| {
            let label = self.read_label(&row.text("case_id")?, row)?;
            Ok(Planted {
                reference: row.parsed("reference")?,
                label: label.ok_or_else(|| row.damaged())?,
                planted_at: row.time("planted_at")?,
            })
        });
        let planted = planted.collect::<Result<Vec<_>, StoreError>>()?;
        tx.audit(("canary", "all"), None, &format!("canaries={}", planted.len()))
            .await?;
        tx.commit().await?;
        Ok(planted)
    }

    /// The label in a row that may be of no canary.
    pub(super) fn read_label(&self, case: &str, row: &Row) -> Result<Option<Personal>, StoreError> {
        if row.bytes_if_any("label")?.is_none() {
            return Ok(None);
        }
        let label: String = self.open_sealed(LABEL, case, row)?;
        Ok(Some(label.as_str().into()))
    }
}

impl Tx<'_> {
    /// Raises an alert if a number that a prisoner asks for, or that a file puts on his list, was planted. Called where
    /// an answer or an entry is made and not where an application is filed, so that filing takes as long for any number.
    pub(super) async fn alert_if_planted(
        &self,
        prison: PrisonId,
        holder: PrisonerNumber,
        number: &PhoneNumber,
    ) -> Result<(), StoreError> {
        let query = "SELECT k.case_id FROM canaries k WHERE k.number_index = $1 AND EXISTS \
             (SELECT 1 FROM bars b WHERE b.case_id = k.case_id AND b.state <> 'lifted')";
        let index = self.store.keys.blind_index(number);
        match self.one("canaries", query, values![index]).await? {
            Some(row) => {
                self.alert_of_planted((prison, holder), number, row.parsed("case_id")?)
                    .await
            }
            None => Ok(()),
        }
    }

    /// Under what a canary is kept, if it is nobody's.
    async fn index_of_nobodys(
        &self,
        target: &BarTarget,
        barred: &BarredAddresses,
    ) -> Result<String, StoreError> {
        let (index, is_somebodys) = match target {
            BarTarget::Number(number) => {
                let index = self.store.keys.blind_index(number);
                let is_somebodys = self.is_somebodys(&index).await?;
                (index, is_somebodys)
            }
            BarTarget::Address(written) => {
                let read =
                    read_address(written).map_err(|_| StoreError::Invalid("this address cannot be read"))?;
                self.judged_now(barred.judged_by()).await?;
                let agrees = barred.judge(None, written).bar().is_some();
                (self.store.keys.letter_index(&read.expose_identity()), agrees)
            }
        };
        if is_somebodys {
            return Err(Conflict::Changed.into());
        }
        Ok(index)
    }

    /// Whether anybody has the number on his list, asked for it, or had it barred.
    async fn is_somebodys(&self, index: &str) -> Result<bool, StoreError> {
        let listed = "SELECT COUNT(*) AS n FROM approved_numbers WHERE number_index = $1";
        let barred = "SELECT COUNT(*) AS n FROM bars WHERE number_index = $1 AND state <> 'lifted'";
        let held = "SELECT COUNT(*) AS n FROM held_targets WHERE number_index = $1 AND settled IS NULL";
        let planted = "SELECT COUNT(*) AS n FROM canaries WHERE number_index = $1";
        for (table, query) in [
            ("approved_numbers", listed),
            ("bars", barred),
            ("held_targets", held),
            ("canaries", planted),
        ] {
            if self.count(table, query, values![index]).await? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The request on which a canary's case rests, so that the case reads like any other, and its bar.
    async fn file_for_canary(
        &mut self,
        case: CaseId,
        reference: &Reference,
        target: &BarTarget,
        label: &str,
    ) -> Result<(), StoreError> {
        let id = RequestId(Uuid::from_bytes(self.store.seams.bytes()));
        let ruling = by_hand();
        let filing = Filing {
            request: request(&self.by.name, target, label),
            ruling: ruling.clone(),
            caps: NO_CAPS,
            targets: Vec::new(),
            linked_to: None,
            named: NamedPrisoners::default(),
        };
        self.insert_request(case, id, reference, &filing).await?;
        let receipt = Receipt {
            reference: reference.clone(),
            received_at: self.now,
            targets: Vec::new(),
        };
        let update = "UPDATE requests SET receipt = $1 WHERE id = $2";
        self.run(update, values![json(&receipt)?, id.to_string()]).await?;
        let imposing = Imposing {
            case,
            request: Some(id),
            target,
            scope: BarScope::Estate,
            state: BarState::Confirmed,
            ruling: &ruling,
            at_once: false,
            filed_by: None,
        };
        self.impose(imposing).await.map(drop)
    }
}

fn request(operator: &str, target: &BarTarget, label: &str) -> ContactRequest {
    let numbers = match target {
        BarTarget::Number(number) => vec![number.expose().into()],
        BarTarget::Address(_) => Vec::new(),
    };
    let addresses = match target {
        BarTarget::Number(_) => Vec::new(),
        BarTarget::Address(written) => vec![written.clone()],
    };
    let nobody = ProtectedPerson {
        name: "Canary".into(),
        other_names: Vec::new(),
        date_of_birth: None,
        numbers,
        addresses,
        emails: Vec::new(),
        channels: Vec::new(),
    };
    ContactRequest {
        referrer: Referrer {
            kind: ReferrerKind::Prison,
            name: operator.into(),
            relationship: None,
            channel: None,
        },
        people: vec![nobody],
        prisoner: KnownOfPrisoner::default(),
        consent: Consent::Given,
        why: label.into(),
        risk: Risk::default(),
        orders: Vec::new(),
        good_reason: None,
    }
}
