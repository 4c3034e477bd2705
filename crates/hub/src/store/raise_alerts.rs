//! From new attempts to alerts, inside the transaction that stores them: none is lost with a crash and none is
//! raised twice.
//!
//! What is looked up is looked up once for each number, or each caller and number, of a transaction; a night of
//! redials costs one alert and one update of it for each transaction.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use casework::{BarScope, CaseId};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempts::Reported;
use super::bars::scope;
use super::error::StoreError;
use super::impose::applies;
use super::letter_alerts::LetterTried;
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};
use crate::alerts::{Caller, OfCase, Sign, Signs, TOGETHER_WITHIN_HOURS, judge};

pub(super) const MICROS_PER_HOUR: i64 = 3_600_000_000;
pub(super) const BODY: (&str, &str) = ("alerts", "body");

/// What an alert tells of the call itself, sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct AlertBody {
    pub(super) caller: String,
    pub(super) number: String,
    /// The letter, if it was one and no call.
    #[serde(default)]
    pub(super) letter: Option<LetterTried>,
}

/// A bar in force, as far as an alert asks.
struct MetBar {
    bar: String,
    case: CaseId,
    scope: BarScope,
    imposed_at: Timestamp,
    came_with_request: bool,
    is_canary: bool,
}

/// One caller and one number.
pub(super) type Pair = (String, String);

/// What is known of a caller and a barred number from before these attempts.
struct Before {
    had_the_number: bool,
    /// Bars under which two people let him keep the number.
    keeps_under: BTreeSet<String>,
}

/// One alert to be raised or added to.
pub(super) struct Group {
    pub(super) body: AlertBody,
    pub(super) prisoner: Option<PrisonerNumber>,
    pub(super) first_at: i64,
    pub(super) last_at: i64,
    pub(super) refused: i64,
    pub(super) allowed: i64,
    pub(super) cases: BTreeMap<CaseId, OfCase>,
}

/// Barred numbers that were tried in one transaction.
pub(super) struct Tried {
    bars: HashMap<String, Vec<MetBar>>,
    before: HashMap<Pair, Before>,
    groups: BTreeMap<(Pair, i64), Group>,
}

impl Tried {
    /// Finds the bars in force on every number that was dialled, in one query. What is not barred itself and begins
    /// with a barred number counts as that one from here on: it would have rung the same telephone.
    pub(super) async fn look_up(tx: &Tx<'_>, reported: &mut [Reported<'_>]) -> Result<Self, StoreError> {
        let indexes: BTreeSet<&str> = reported
            .iter()
            .flat_map(|one| one.number_index.iter().chain(&one.beginnings))
            .map(String::as_str)
            .collect();
        let mut bars: HashMap<String, Vec<MetBar>> = HashMap::new();
        for row in tx.bars_on(&indexes).await? {
            bars.entry(row.text("number_index")?)
                .or_default()
                .push(MetBar::read(&row)?);
        }
        for one in reported {
            let under = one.number_index.iter().chain(&one.beginnings);
            if let Some(barred) = under.into_iter().find(|index| bars.contains_key(*index)) {
                one.number_index = Some(barred.clone());
            }
        }
        Ok(Self {
            bars,
            before: HashMap::new(),
            groups: BTreeMap::new(),
        })
    }

    /// Looks what is known of the caller, before this attempt of his is stored.
    pub(super) async fn know_caller(
        &mut self,
        tx: &Tx<'_>,
        reported: &Reported<'_>,
    ) -> Result<(), StoreError> {
        let Some(pair) = self.barred_pair(reported) else {
            return Ok(());
        };
        if let Entry::Vacant(place) = self.before.entry(pair) {
            let before = tx.before(place.key(), reported.prisoner).await?;
            place.insert(before);
        }
        Ok(())
    }

    /// Notes an attempt that is stored now and was not before.
    pub(super) fn note(&mut self, reported: &Reported<'_>) {
        let Some(pair) = self.barred_pair(reported) else {
            return;
        };
        let (Some(bars), Some(before)) = (self.bars.get(&pair.1), self.before.get(&pair)) else {
            return;
        };
        let met: Vec<&MetBar> = bars.iter().filter(|bar| bar.is_met(reported, before)).collect();
        if met.is_empty() {
            return;
        }
        let allowed = is_allowed(reported);
        let group = self
            .groups
            .entry((pair, reported.at.div_euclid(MICROS_PER_HOUR)))
            .or_insert_with(|| Group::of(reported));
        group.first_at = group.first_at.min(reported.at);
        group.last_at = group.last_at.max(reported.at);
        group.refused += i64::from(!allowed);
        group.allowed += i64::from(allowed);
        for bar in met {
            let case = group.cases.entry(bar.case).or_insert(OfCase {
                is_canary: bar.is_canary,
                went_through: false,
                names_somebody: false,
                names_caller: false,
                came_with_request: false,
            });
            case.went_through |= allowed;
            case.came_with_request |= bar.came_with_request;
        }
    }

    fn barred_pair(&self, reported: &Reported<'_>) -> Option<Pair> {
        let number = reported.number_index.as_ref()?;
        self.bars
            .contains_key(number)
            .then(|| (reported.caller_index.clone(), number.clone()))
    }
}

fn is_allowed(reported: &Reported<'_>) -> bool {
    reported.attempt.verdict == feed::Verdict::Allow
}

impl MetBar {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            bar: row.text("id")?,
            case: row.parsed("case_id")?,
            scope: scope(row)?,
            imposed_at: row.time("imposed_at")?,
            came_with_request: row.text_if_any("request_id")?.is_some(),
            is_canary: row.count("canary")? > 0,
        })
    }

    /// A refused try meets every bar that applies to the caller. An allowed one meets those that stood then and
    /// under which he does not keep the number.
    fn is_met(&self, reported: &Reported<'_>, before: &Before) -> bool {
        let applies = reported
            .prisoner
            .is_none_or(|prisoner| applies(self.scope, prisoner));
        let stood = || micros(self.imposed_at) <= reported.at && !before.keeps_under.contains(&self.bar);
        applies && (!is_allowed(reported) || stood())
    }
}

impl Group {
    fn of(reported: &Reported<'_>) -> Self {
        let attempt = reported.attempt;
        Self {
            body: AlertBody {
                caller: attempt.caller.clone(),
                number: attempt.number.clone().unwrap_or_default(),
                letter: None,
            },
            prisoner: reported.prisoner,
            first_at: reported.at,
            last_at: reported.at,
            refused: 0,
            allowed: 0,
            cases: BTreeMap::new(),
        }
    }
}

impl Tx<'_> {
    async fn bars_on(&self, indexes: &BTreeSet<&str>) -> Result<Vec<Row>, StoreError> {
        if indexes.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=indexes.len()).map(|place| format!("${place}")).collect();
        let query = format!(
            "SELECT b.id, b.number_index, b.case_id, b.scope, b.imposed_at, b.request_id, \
             (SELECT COUNT(*) FROM canaries k WHERE k.case_id = b.case_id) AS canary \
             FROM bars b WHERE b.state <> 'lifted' AND b.number_index IN ({})",
            places.join(", ")
        );
        let indexes = indexes.iter().map(|index| Value::from(*index)).collect();
        self.all("bars", &query, indexes).await
    }

    async fn before(
        &self,
        (caller, number): &Pair,
        prisoner: Option<PrisonerNumber>,
    ) -> Result<Before, StoreError> {
        let tried = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM attempts \
             WHERE number_index = $1 AND caller_index = $2 LIMIT 1) AS tried";
        let pair = values![number.as_str(), caller.as_str()];
        let tried = self.count("attempts", tried, pair).await? > 0;
        let Some(prisoner) = prisoner else {
            return Ok(Before {
                had_the_number: tried,
                keeps_under: BTreeSet::new(),
            });
        };
        let his = || values![number.as_str(), prisoner.as_str()];
        let listed = "SELECT COUNT(*) AS n FROM approved_numbers WHERE number_index = $1 AND holder = $2";
        let listed = self.count("approved_numbers", listed, his()).await? > 0;
        let keeps = "SELECT x.bar AS id FROM exceptions x JOIN bars b ON b.id = x.bar \
             WHERE b.number_index = $1 AND x.prisoner = $2 AND x.ended_at IS NULL";
        let keeps = self.all("exceptions", keeps, his()).await?;
        Ok(Before {
            had_the_number: tried || listed,
            keeps_under: keeps.iter().map(|row| row.text("id")).collect::<Result<_, _>>()?,
        })
    }

    /// Raises what was noted. Nothing is noted twice: only attempts that were not stored before are.
    pub(super) async fn raise_alerts(&self, prison: PrisonId, tried: Tried) -> Result<(), StoreError> {
        let Tried { before, groups, .. } = tried;
        for ((pair, hour), group) in groups {
            let had_the_number = before.get(&pair).is_none_or(|before| before.had_the_number);
            let (alert, refused) = self.add_to_alert(prison, &pair, hour, &group).await?;
            let caller = Caller {
                is_prisoner: group.prisoner.is_some(),
                had_the_number,
                others_were_refused: self.others_were_refused(&pair, hour).await?,
                refused,
            };
            for (case, of_case) in group.cases {
                let of_case = self.who_is_named(case, group.prisoner, of_case).await?;
                self.add_signs(&alert, case, judge(&caller, &of_case)).await?;
            }
        }
        Ok(())
    }

    /// An alert of a planted number that nobody dialled: it was asked for, or it came with a file.
    pub(super) async fn alert_of_planted(
        &self,
        (prison, holder): (PrisonId, PrisonerNumber),
        number: &PhoneNumber,
        case: CaseId,
    ) -> Result<(), StoreError> {
        let now = micros(self.now);
        let keys = &self.store.keys;
        let pair = (keys.caller_index(holder.as_str()), keys.blind_index(number));
        let group = Group {
            body: AlertBody {
                caller: holder.to_string(),
                number: number.expose().to_owned(),
                letter: None,
            },
            prisoner: Some(holder),
            first_at: now,
            last_at: now,
            refused: 0,
            allowed: 0,
            cases: BTreeMap::new(),
        };
        let hour = now.div_euclid(MICROS_PER_HOUR);
        let (alert, _) = self.add_to_alert(prison, &pair, hour, &group).await?;
        self.add_signs(&alert, case, Signs::from_iter([Sign::Canary]))
            .await
    }

    /// Makes the alert of a caller, number and hour, or adds to it; its identifier and how often he was refused.
    pub(super) async fn add_to_alert(
        &self,
        prison: PrisonId,
        (caller, number): &Pair,
        hour: i64,
        group: &Group,
    ) -> Result<(String, u64), StoreError> {
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let insert = "INSERT INTO alerts (id, caller_index, number_index, hour, prison, first_at, last_at, \
             refused, allowed, raised_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (caller_index, number_index, hour) DO UPDATE SET \
             first_at = CASE WHEN excluded.first_at < alerts.first_at THEN excluded.first_at \
             ELSE alerts.first_at END, \
             last_at = CASE WHEN excluded.last_at > alerts.last_at THEN excluded.last_at ELSE alerts.last_at END, \
             refused = alerts.refused + excluded.refused, allowed = alerts.allowed + excluded.allowed \
             RETURNING id, refused";
        let row = values![
            id.as_str(),
            caller.as_str(),
            number.as_str(),
            hour,
            prison.as_str(),
            group.first_at,
            group.last_at,
            group.refused,
            group.allowed,
            micros(self.now),
            self.store.seal(BODY, &id, &group.body)?,
        ];
        let row = self.one("alerts", insert, row).await?;
        let row = row.ok_or_else(|| missing("alerts", &id))?;
        Ok((row.text("id")?, row.count("refused")?))
    }

    pub(super) async fn others_were_refused(
        &self,
        (caller, number): &Pair,
        hour: i64,
    ) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM alerts WHERE number_index = $1 \
             AND caller_index <> $2 AND hour >= $3 AND refused > 0 LIMIT 1) AS others";
        let since = hour.saturating_sub(TOGETHER_WITHIN_HOURS);
        let others = values![number.as_str(), caller.as_str(), since];
        Ok(self.count("alerts", query, others).await? > 0)
    }

    /// Whom the case's requests and its handlers name.
    pub(super) async fn who_is_named(
        &self,
        case: CaseId,
        caller: Option<PrisonerNumber>,
        of_case: OfCase,
    ) -> Result<OfCase, StoreError> {
        let query = "SELECT n.prisoner FROM named_prisoners n JOIN requests r ON r.id = n.request_id \
             WHERE r.case_id = $1 UNION SELECT prisoner FROM locations WHERE case_id = $1";
        let rows = self
            .all("named_prisoners", query, values![case.to_string()])
            .await?;
        let named = rows
            .iter()
            .map(|row| row.parsed("prisoner"))
            .collect::<Result<Vec<PrisonerNumber>, _>>()?;
        Ok(OfCase {
            names_somebody: !named.is_empty(),
            names_caller: caller.is_some_and(|caller| named.contains(&caller)),
            ..of_case
        })
    }

    /// Puts the signs on the case; one that is new opens the alert again, and the audit says so once.
    pub(super) async fn add_signs(&self, alert: &str, case: CaseId, signs: Signs) -> Result<(), StoreError> {
        let which = || values![alert, case.to_string()];
        let query = "SELECT signs FROM alert_cases WHERE alert = $1 AND case_id = $2";
        let before = self.one("alert_cases", query, which()).await?;
        let before = before.map(|row| row.int("signs")).transpose()?;
        let after = before.unwrap_or(0) | signs.bits();
        if before == Some(after) {
            return Ok(());
        }
        let upsert = "INSERT INTO alert_cases (alert, case_id, signs, seen_signs) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (alert, case_id) DO UPDATE SET signs = excluded.signs";
        self.run(upsert, values![alert, case.to_string(), after]).await?;
        let detail = format!("raised signs={after}");
        self.audit(("alert", alert), Some(case), &detail).await
    }
}
