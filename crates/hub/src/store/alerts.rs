//! Alerts as case handlers read them, and the one thing that they do with them: say that they have seen one.

use std::fmt;
use std::str::FromStr;

use casework::{Actor, CaseId, Personal, Reference, Verb, WrittenAddress};
use jiff::Timestamp;
use prison::PrisonId;
use uuid::Uuid;

use super::Store;
use super::bounded::Bounded;
use super::error::{Conflict, StoreError};
use super::raise_alerts::{AlertBody, BODY};
use super::sql::{Row, micros, values};
use super::tx::Tx;
use crate::alerts::Signs;

/// The most alerts that are shown at once.
pub const ALERTS_SHOWN: i64 = 100;

/// One alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId(Uuid);

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AlertId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// One alert as it stands on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAlert {
    /// The alert.
    pub alert: AlertId,
    /// The case.
    pub case: CaseId,
    /// The reference of the case.
    pub reference: Reference,
    /// The prison in which it was first tried.
    pub prison: PrisonId,
    /// The caller as the switch named him.
    pub caller: Personal,
    /// The number, in canonical form.
    pub number: Personal,
    /// The first and the last try of the hour, by the gate's clock.
    pub tried: (Timestamp, Timestamp),
    /// How often he was refused, and how often he was not.
    pub times: (u64, u64),
    /// What it says of this case.
    pub signs: Signs,
    /// What a handler has seen of it.
    pub seen: Signs,
    /// When it was raised, by the hub's clock.
    pub raised_at: Timestamp,
    /// Where the number was planted, if it was.
    pub label: Option<Personal>,
    /// The letter, if it was one and no call; then there is no number.
    pub letter: Option<AlertedLetter>,
}

/// A letter of which an alert was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertedLetter {
    /// The address as it was first written within the hour.
    pub written: WrittenAddress,
    /// Who checked it, by the account's name.
    pub checked_by: String,
    /// For what a prisoner offers the address, if it was no letter.
    pub offered_for: Option<casework::OfferedFor>,
}

impl ShownAlert {
    /// Whether it says anything that no handler has seen.
    pub fn is_open(&self) -> bool {
        self.signs != self.seen
    }
}

const COLUMNS: &str = "a.id, a.prison, a.first_at, a.last_at, a.refused, a.allowed, a.raised_at, a.body, \
     ac.case_id, ac.signs, ac.seen_signs, c.reference, k.label \
     FROM alert_cases ac JOIN alerts a ON a.id = ac.alert JOIN cases c ON c.id = ac.case_id \
     LEFT JOIN canaries k ON k.case_id = ac.case_id";

impl Store {
    /// Alerts of which no handler has seen everything, the strongest sign first, then the newest.
    pub async fn open_alerts(&self, by: &Actor) -> Result<Bounded<ShownAlert>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-alerts").await?;
        // A number's lowest bit is the strongest of its signs.
        let query = format!(
            "SELECT {COLUMNS} WHERE ac.signs <> ac.seen_signs \
             ORDER BY ac.signs & (-ac.signs), a.last_at DESC, a.id LIMIT $1"
        );
        let rows = tx.all("alerts", &query, values![ALERTS_SHOWN + 1]).await?;
        let shown = self.read_alerts(&rows)?;
        let detail = format!("alerts={}", shown.rows.len());
        tx.audit(("queue", "alerts"), None, &detail).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// The alerts of one case, the newest first, seen or not.
    pub async fn alerts_of_case(&self, by: &Actor, case: CaseId) -> Result<Bounded<ShownAlert>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-alerts").await?;
        let query = format!("SELECT {COLUMNS} WHERE ac.case_id = $1 ORDER BY a.last_at DESC, a.id LIMIT $2");
        let asked = values![case.to_string(), ALERTS_SHOWN + 1];
        let rows = tx.all("alerts", &query, asked).await?;
        let shown = self.read_alerts(&rows)?;
        let detail = format!("alerts={}", shown.rows.len());
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// A handler has seen these signs of an alert on this case. One that came since leaves it open.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if the case has no such alert; [`Conflict::Changed`] if the alert does not say so.
    pub async fn mark_alert_seen(
        &self,
        by: &Actor,
        case: CaseId,
        alert: AlertId,
        seen: Signs,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "mark-alert-seen").await?;
        let (before, signs) = tx.signs_of(case, alert).await?;
        if signs & seen.bits() != seen.bits() {
            return Err(Conflict::Changed.into());
        }
        let update = "UPDATE alert_cases SET seen_signs = $1, seen_by = $2, seen_at = $3 \
             WHERE alert = $4 AND case_id = $5";
        let row = values![
            before | seen.bits(),
            tx.by.account.to_string(),
            micros(tx.now),
            alert.to_string(),
            case.to_string()
        ];
        tx.run(update, row).await?;
        let detail = format!("seen signs={}", seen.bits());
        tx.audit(("alert", &alert.to_string()), Some(case), &detail)
            .await?;
        tx.commit().await
    }

    fn read_alerts(&self, rows: &[Row]) -> Result<Bounded<ShownAlert>, StoreError> {
        let read = rows
            .iter()
            .map(|row| self.read_alert(row))
            .collect::<Result<_, _>>()?;
        Ok(Bounded::of(read, ALERTS_SHOWN))
    }

    fn read_alert(&self, row: &Row) -> Result<ShownAlert, StoreError> {
        let AlertBody {
            caller,
            number,
            letter,
        } = self.open_sealed(BODY, &row.text("id")?, row)?;
        let case = row.text("case_id")?;
        Ok(ShownAlert {
            alert: row.parsed("id")?,
            case: row.parsed("case_id")?,
            reference: row.parsed("reference")?,
            prison: row.parsed("prison")?,
            caller: caller.as_str().into(),
            number: number.as_str().into(),
            tried: (row.time("first_at")?, row.time("last_at")?),
            times: (row.count("refused")?, row.count("allowed")?),
            signs: Signs::of_bits(row.int("signs")?),
            seen: Signs::of_bits(row.int("seen_signs")?),
            raised_at: row.time("raised_at")?,
            label: self.read_label(&case, row)?,
            letter: letter.map(|tried| AlertedLetter {
                written: tried.written,
                checked_by: tried.checked_by,
                offered_for: tried.offered_for,
            }),
        })
    }
}

impl Tx<'_> {
    /// What was seen of an alert on a case, and what it says.
    async fn signs_of(&self, case: CaseId, alert: AlertId) -> Result<(i64, i64), StoreError> {
        let query = "SELECT seen_signs, signs FROM alert_cases WHERE alert = $1 AND case_id = $2";
        let which = values![alert.to_string(), case.to_string()];
        let row = self.one("alert_cases", query, which).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        Ok((row.int("seen_signs")?, row.int("signs")?))
    }
}
