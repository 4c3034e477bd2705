//! Alerts of letters and of offered addresses: a barred or a planted address that somebody wrote to, typed or offered.
//!
//! They are raised apart from the check and not within it: a check that also raised an alert would take longer than
//! one of a decoy, and whoever typed the address could tell the two apart by that. A letter of which none has been
//! raised yet says so itself, so none is lost with a crash.

use std::collections::BTreeMap;

use casework::{BarId, CaseId, OfferedFor};
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::accounts::{find, service};
use super::barred_addresses::LetterVerdict;
use super::bars::scope;
use super::error::StoreError;
use super::impose::applies;
use super::letters::{COLUMNS, WaitingLetter};
use super::raise_alerts::{AlertBody, Group, MICROS_PER_HOUR, Pair};
use super::sql::{self, micros, values};
use super::tx::Tx;
use crate::alerts::{Caller, OfCase, Sign, judge};

/// Letters of which alerts are raised before others have their turn.
const AT_ONCE: i64 = 50;

/// What an alert tells of a letter beside the sender, sealed with the rest.
#[derive(Serialize, Deserialize)]
pub(super) struct LetterTried {
    /// The address as it was written.
    pub(super) written: casework::WrittenAddress,
    /// The account that checked it, by name.
    pub(super) checked_by: String,
    /// For what a prisoner offers it, if it was no letter.
    #[serde(default)]
    pub(super) offered_for: Option<OfferedFor>,
}

/// An address that was written to or offered.
pub(super) struct TriedAddress<'a> {
    pub(super) prison: PrisonId,
    /// Who wrote or offers, if that is known.
    pub(super) prisoner: Option<PrisonerNumber>,
    pub(super) written: &'a casework::WrittenAddress,
    /// Whether it surely agrees with a barred one.
    pub(super) surely: bool,
    /// When, in microseconds since 1970.
    pub(super) at: i64,
    /// The account that asked, by name.
    pub(super) asked_by: String,
    pub(super) offered_for: Option<OfferedFor>,
    /// The letter, if it was one.
    pub(super) letter: Option<Uuid>,
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
        let letter = &waiting.letter;
        let tried = TriedAddress {
            prison: letter.prison,
            prisoner: letter.sender,
            written: &letter.written,
            surely: letter.finding.verdict() == LetterVerdict::Stop,
            at: micros(waiting.checked_at),
            asked_by: tx.checked_by(waiting.id).await?,
            offered_for: None,
            letter: Some(waiting.id),
        };
        tx.raise_of_address(&tried, met).await?;
        tx.audit(("letter", &id), None, "alerted").await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    /// Raises the alert on every case whose bar was met.
    pub(super) async fn raise_of_address(
        &self,
        tried: &TriedAddress<'_>,
        met: &[BarId],
    ) -> Result<(), StoreError> {
        let mut cases: BTreeMap<CaseId, OfCase> = BTreeMap::new();
        for bar in met {
            if let Some(met) = self.met(*bar, tried).await? {
                let of_case = cases.entry(met.case).or_insert(met.of_case);
                of_case.is_canary |= met.of_case.is_canary;
                of_case.came_with_request |= met.of_case.came_with_request;
            }
        }
        match met.first().filter(|_| !cases.is_empty()) {
            Some(first) => self.raise_on(tried, *first, cases).await,
            None => Ok(()),
        }
    }

    /// What the case of a bar knows of it, if it was met.
    async fn met(&self, bar: BarId, tried: &TriedAddress<'_>) -> Result<Option<Met>, StoreError> {
        let query = "SELECT b.id, b.case_id, b.scope, b.request_id, \
             (SELECT COUNT(*) FROM canaries k WHERE k.case_id = b.case_id) AS canary \
             FROM bars b WHERE b.id = $1 AND b.state <> 'lifted'";
        let Some(row) = self.one("bars", query, values![bar.to_string()]).await? else {
            return Ok(None);
        };
        let is_canary = row.count("canary")? > 0;
        let scope = scope(&row)?;
        let his = tried.prisoner.is_none_or(|prisoner| applies(scope, prisoner));
        if !his || !(tried.surely || is_canary) {
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

    async fn raise_on(
        &self,
        tried: &TriedAddress<'_>,
        bar: BarId,
        cases: BTreeMap<CaseId, OfCase>,
    ) -> Result<(), StoreError> {
        let (pair, group) = self.group_of(tried, bar);
        let hour = tried.at.div_euclid(MICROS_PER_HOUR);
        let (alert, refused) = self.add_to_alert(tried.prison, &pair, hour, &group).await?;
        // That he learned it, and that he tries again, is said of letters: an address is offered by him who has it.
        let caller = Caller {
            is_prisoner: tried.prisoner.is_some(),
            had_the_number: match tried.letter {
                Some(letter) => self.wrote_before(tried, letter, bar).await?,
                None => true,
            },
            others_were_refused: self.others_were_refused(&pair, hour).await?,
            refused: if tried.letter.is_some() { refused } else { 0 },
        };
        for (case, of_case) in cases {
            let of_case = self.who_is_named(case, tried.prisoner, of_case).await?;
            let offered = tried.offered_for.map(|_| Sign::Offered);
            let signs = judge(&caller, &of_case).each().chain(offered).collect();
            self.add_signs(&alert, case, signs).await?;
        }
        Ok(())
    }

    /// Under whom and what it is grouped: letters by themselves, and what is offered by itself.
    fn group_of(&self, tried: &TriedAddress<'_>, bar: BarId) -> (Pair, Group) {
        let caller = tried
            .prisoner
            .map_or_else(|| "unknown".to_owned(), |prisoner| prisoner.to_string());
        let keys = &self.store.keys;
        let address = match tried.offered_for {
            Some(offered_for) => format!("{bar} {}", offered_for.as_str()),
            None => bar.to_string(),
        };
        let pair = (keys.caller_index(&caller), keys.letter_index(&address));
        let group = Group {
            body: AlertBody {
                caller,
                number: String::new(),
                letter: Some(LetterTried {
                    written: tried.written.clone(),
                    checked_by: tried.asked_by.clone(),
                    offered_for: tried.offered_for,
                }),
            },
            prisoner: tried.prisoner,
            first_at: tried.at,
            last_at: tried.at,
            refused: 1,
            allowed: 0,
            cases: BTreeMap::new(),
        };
        (pair, group)
    }

    /// Whether a letter of the same sender to the same address is on record from before.
    async fn wrote_before(
        &self,
        tried: &TriedAddress<'_>,
        letter: Uuid,
        bar: BarId,
    ) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM letters \
             WHERE bar = $1 AND sender = $2 AND checked_at < $3 AND id <> $4";
        let asked = values![
            bar.to_string(),
            tried.prisoner.map(|prisoner| prisoner.to_string()),
            tried.at,
            letter.to_string()
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
