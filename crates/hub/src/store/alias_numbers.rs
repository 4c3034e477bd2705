//! Alias numbers: numbers that ring a protected person but are not hers (a virtual landline, a voicemail that passes
//! calls on). Who said so is kept; the number is barred with hers, by the same bar, lifted by two people like any other.

use casework::{Actor, BarTarget, CaseId, Personal, RequestLimits, Verb};
use jiff::Timestamp;
use phone::PhoneNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::add_target::Added;
use super::error::StoreError;
use super::sql::{micros, values};
use super::tx::Tx;

const BODY: (&str, &str) = ("alias_numbers", "body");

/// A number that rings a protected person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasNumber {
    /// The number.
    #[serde(with = "phone::exposed")]
    pub number: PhoneNumber,
    /// Whom it rings.
    pub rings: Personal,
    /// Who said so, and how it works.
    pub said_by: Personal,
}

/// An alias number as it stands on the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAlias {
    /// The number.
    pub alias: AliasNumber,
    /// When it was recorded, UTC.
    pub recorded_at: Timestamp,
}

impl Store {
    /// Records a number that rings a protected person and bars it for the whole estate, in one step.
    pub async fn add_alias_number(
        &self,
        by: &Actor,
        case: CaseId,
        alias: &AliasNumber,
    ) -> Result<Added, StoreError> {
        let RequestLimits {
            line_chars,
            text_chars,
            ..
        } = RequestLimits::DEFAULT;
        let fits = |text: &Personal, most| !text.is_blank() && text.expose().chars().count() <= most;
        if !fits(&alias.rings, line_chars) || !fits(&alias.said_by, text_chars) {
            return Err(StoreError::Invalid("say whom it rings and who said so"));
        }
        let mut tx = self.begin(by, Verb::WorkCases, "add-alias-number").await?;
        let added = match tx.bar_or_hold(case, &BarTarget::Number(alias.number)).await {
            Err(error @ StoreError::Refused(_)) => return Err(tx.refuse(error).await),
            added => added?,
        };
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        let insert = "INSERT INTO alias_numbers (id, case_id, body, recorded_by, recorded_at) \
             VALUES ($1, $2, $3, $4, $5)";
        let row = values![
            id.as_str(),
            case.to_string(),
            self.seal(BODY, &id, alias)?,
            tx.by.account.to_string(),
            micros(tx.now),
        ];
        tx.run(insert, row).await?;
        tx.audit(("alias-number", &id), Some(case), "recorded").await?;
        tx.touch_case(case).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// The alias numbers of a case, oldest first.
    pub(super) async fn aliases_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Vec<RecordedAlias>, StoreError> {
        let query =
            "SELECT id, body, recorded_at FROM alias_numbers WHERE case_id = $1 ORDER BY recorded_at, id";
        let rows = tx.all("alias_numbers", query, values![case.to_string()]).await?;
        let read = rows.iter().map(|row| {
            Ok(RecordedAlias {
                alias: self.open_sealed(BODY, &row.text("id")?, row)?,
                recorded_at: row.time("recorded_at")?,
            })
        });
        read.collect()
    }
}
