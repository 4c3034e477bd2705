//! Alerts of letters: a barred or a planted address that somebody wrote to, or typed.
//!
//! They are raised apart from the check and not within it: a check that also raised an alert would take longer than
//! one of a decoy, and whoever typed the address could tell the two apart by that. A letter of which none has been
//! raised yet says so itself, so none is lost with a crash.

use std::collections::BTreeMap;

use casework::{BarId, CaseId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::accounts::{find, service};
use super::barred_addresses::LetterVerdict;
use super::bars::scope;
use super::error::StoreError;
use super::impose::applies;
use super::letters::{COLUMNS, LetterRecord, WaitingLetter};
use super::raise_alerts::{AlertBody, Group, MICROS_PER_HOUR};
use super::sql::{self, micros, values};
use super::tx::Tx;
use crate::alerts::{Caller, OfCase, judge};

/// Letters of which alerts are raised before others have their turn.
const AT_ONCE: i64 = 50;

/// What an alert tells of a letter beside the sender, sealed with the rest.
#[derive(Serialize, Deserialize)]
pub(super) struct LetterTried {
    /// The address as it was written.
    pub(super) written: casework::WrittenAddress,
    /// The account that checked it, by name.
    pub(super) checked_by: String,
}

/// A bar that a letter met.
struct Met {
    case: CaseId,
    of_case: OfCase,
}

impl Store {
    /// Letters that agree with a barred address and of which no alert is raised, oldest first. One that was damaged is
    /// told in the log and holds up no other.
    pub async fn letters_to_alert(&self) -> Result<Vec<WaitingLetter>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM letters WHERE alerted = 0 AND verdict <> 'pass' ORDER BY checked_at, id LIMIT $1"
        );
        let rows = sql::all(&self.reader, "letters", &query, values![AT_ONCE]).await?;
        let letters = rows.iter().map(|row| {
            let told =
                |error: &StoreError| tracing::error!(%error, "A LETTER CANNOT BE READ: no alert of it");
            self.read_letter(row).inspect_err(told)
        });
        Ok(letters.filter_map(Result::ok).collect())
    }

    /// Raises the alert of one letter, on every case whose bar it met, once. A letter that is only doubtful stands in
    /// the handlers' queue and raises none, unless its address was planted.
    pub async fn alert_of_letter(&self, waiting: &WaitingLetter, met: &[BarId]) -> Result<(), StoreError> {
        let tx = self.begin_as(&service(), "alert-letter").await?;
        let id = waiting.id.to_string();
        let update = "UPDATE letters SET alerted = 1 WHERE id = $1 AND alerted = 0";
        if tx.run(update, values![id.as_str()]).await? == 0 {
            return Ok(());
        }
        let mut cases: BTreeMap<CaseId, OfCase> = BTreeMap::new();
        for bar in met {
            if let Some(met) = tx.met(*bar, &waiting.letter).await? {
                let of_case = cases.entry(met.case).or_insert(met.of_case);
                of_case.is_canary |= met.of_case.is_canary;
                of_case.came_with_request |= met.of_case.came_with_request;
            }
        }
        if let Some(first) = met.first().filter(|_| !cases.is_empty()) {
            tx.raise_of_letter(waiting, *first, cases).await?;
        }
        tx.audit(("letter", &id), None, "alerted").await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    /// What the case of a bar knows of it, if the letter met it.
    async fn met(&self, bar: BarId, letter: &LetterRecord) -> Result<Option<Met>, StoreError> {
        let query = "SELECT b.id, b.case_id, b.scope, b.request_id, \
             (SELECT COUNT(*) FROM canaries k WHERE k.case_id = b.case_id) AS canary \
             FROM bars b WHERE b.id = $1 AND b.state <> 'lifted'";
        let Some(row) = self.one("bars", query, values![bar.to_string()]).await? else {
            return Ok(None);
        };
        let is_canary = row.count("canary")? > 0;
        let stopped = letter.finding.verdict() == LetterVerdict::Stop;
        let scope = scope(&row)?;
        let his = letter.sender.is_none_or(|sender| applies(scope, sender));
        if !his || !(stopped || is_canary) {
            return Ok(None);
        }
        Ok(Some(Met {
            case: row.parsed("case_id")?,
            of_case: OfCase {
                is_canary,
                went_through: false,
                names_somebody: false,
                names_caller: false,
                came_with_request: row.text_if_any("request_id")?.is_some(),
            },
        }))
    }

    async fn raise_of_letter(
        &self,
        waiting: &WaitingLetter,
        bar: BarId,
        cases: BTreeMap<CaseId, OfCase>,
    ) -> Result<(), StoreError> {
        let WaitingLetter { letter, .. } = waiting;
        let at = micros(waiting.checked_at);
        let sender = letter
            .sender
            .map_or_else(|| "unknown".to_owned(), |sender| sender.to_string());
        let keys = &self.store.keys;
        let pair = (keys.caller_index(&sender), keys.letter_index(&bar.to_string()));
        let group = Group {
            body: AlertBody {
                caller: sender,
                number: String::new(),
                letter: Some(LetterTried {
                    written: letter.written.clone(),
                    checked_by: self.checked_by(waiting.id).await?,
                }),
            },
            prisoner: letter.sender,
            first_at: at,
            last_at: at,
            refused: 1,
            allowed: 0,
            cases: BTreeMap::new(),
        };
        let hour = at.div_euclid(MICROS_PER_HOUR);
        let (alert, refused) = self.add_to_alert(letter.prison, &pair, hour, &group).await?;
        let caller = Caller {
            is_prisoner: letter.sender.is_some(),
            had_the_number: self.wrote_before(waiting, bar).await?,
            others_were_refused: self.others_were_refused(&pair, hour).await?,
            refused,
        };
        for (case, of_case) in cases {
            let of_case = self.who_is_named(case, letter.sender, of_case).await?;
            self.add_signs(&alert, case, judge(&caller, &of_case)).await?;
        }
        Ok(())
    }

    /// Whether a letter of the same sender to the same address is on record from before.
    async fn wrote_before(&self, waiting: &WaitingLetter, bar: BarId) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM letters \
             WHERE bar = $1 AND sender = $2 AND checked_at < $3 AND id <> $4";
        let asked = values![
            bar.to_string(),
            waiting.letter.sender.map(|sender| sender.to_string()),
            micros(waiting.checked_at),
            waiting.id.to_string()
        ];
        Ok(self.count("letters", query, asked).await? > 0)
    }

    async fn checked_by(&self, letter: Uuid) -> Result<String, StoreError> {
        let query = "SELECT id, checked_by FROM letters WHERE id = $1";
        let row = self.one("letters", query, values![letter.to_string()]).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let account = find(self, row.parsed("checked_by")?).await?;
        account.map(|account| account.name).ok_or_else(|| row.damaged())
    }
}
