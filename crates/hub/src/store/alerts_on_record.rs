//! The alerts on prisoners' own records: that somebody asked for no contact, a court's order, violence at home, stalking.
//! A file tells all that stand on a record, an event one; the newest word holds, as it does of where he is. They are shown
//! beside the evidence and weigh nothing.

use std::collections::BTreeMap;

use casework::{Actor, CaseId, Verb};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use prison::{PrisonId, PrisonerNumber};

use super::Store;
use super::error::StoreError;
use super::sql::{self, Row, micros, places, texts, values};
use super::tx::Tx;
use crate::custody::{AlertChange, AlertCode, FiledAlert};

/// Prisoners of one prison with an alert that are looked at for one search.
pub const ALERTED_MOST: i64 = 5_000;

/// An alert that stands on a prisoner's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingAlert {
    /// Which.
    pub code: AlertCode,
    /// Since which day, UTC, where it is known.
    pub since: Option<Date>,
}

/// What stands: taken off by no word, and run out on no day up to this one.
const STANDS: &str = "a.stands = 1 AND (a.ends_on IS NULL OR a.ends_on > $1)";

impl Store {
    /// The alerts that stand on the records of these prisoners, the plainest first. Whoever has none is left out.
    pub async fn alerts_on(
        &self,
        prisoners: &[PrisonerNumber],
    ) -> Result<BTreeMap<PrisonerNumber, Vec<StandingAlert>>, StoreError> {
        let mut found: BTreeMap<PrisonerNumber, Vec<StandingAlert>> = BTreeMap::new();
        if prisoners.is_empty() {
            return Ok(found);
        }
        let query = format!(
            "SELECT a.prisoner, a.code, a.since_on FROM prisoner_alerts a WHERE {STANDS} AND a.prisoner IN ({})",
            places(2, prisoners.len())
        );
        let mut asked = values![self.today().to_string()];
        asked.extend(texts(prisoners.iter().map(ToString::to_string).collect()));
        for row in sql::all(&self.reader, "prisoner_alerts", &query, asked).await? {
            let alert = StandingAlert {
                code: AlertCode::of(&row.text("code")?).ok_or_else(|| row.damaged())?,
                since: row.parsed_if_any("since_on")?,
            };
            found.entry(row.parsed("prisoner")?).or_default().push(alert);
        }
        let plainest = |alert: &StandingAlert| AlertCode::ALL.iter().position(|code| *code == alert.code);
        found.values_mut().for_each(|alerts| alerts.sort_by_key(plainest));
        Ok(found)
    }

    /// Those whom a prison holds and on whose record such an alert stands, by number: for a handler who looks for the
    /// prisoner of a case. At most [`ALERTED_MOST`].
    pub async fn alerted_in(
        &self,
        by: &Actor,
        case: CaseId,
        prison: PrisonId,
    ) -> Result<Vec<PrisonerNumber>, StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "read-alerted-prisoners").await?;
        let query = format!(
            "SELECT DISTINCT a.prisoner FROM prisoner_alerts a JOIN prisoners p ON p.number = a.prisoner \
             WHERE {STANDS} AND p.prison = $2 ORDER BY a.prisoner LIMIT $3"
        );
        let asked = values![self.today().to_string(), prison.as_str(), ALERTED_MOST];
        let rows = tx.all("prisoner_alerts", &query, asked).await?;
        let found = rows.iter().map(|row| row.parsed("prisoner"));
        let found: Vec<PrisonerNumber> = found.collect::<Result<_, _>>()?;
        let detail = format!("prison={prison} prisoners={}", found.len());
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(found)
    }

    fn today(&self) -> Date {
        day(self.seams.clock.now())
    }
}

/// An alert as a file told it.
pub(super) fn filed(row: &Row) -> Result<FiledAlert, StoreError> {
    Ok(FiledAlert {
        code: AlertCode::of(&row.text("code")?).ok_or_else(|| row.damaged())?,
        since: row.parsed_if_any("since_on")?,
        ends: row.parsed_if_any("ends_on")?,
    })
}

/// Its day, UTC.
pub(super) fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

impl Tx<'_> {
    /// Takes an event's word of one alert; says whether it is newer than what was known of it.
    pub(super) async fn change_alert(
        &self,
        prisoner: PrisonerNumber,
        (code, change): (AlertCode, AlertChange),
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let file = "SELECT COUNT(*) AS n FROM prisoner_records WHERE number = $1 AND alerts_at >= $2";
        let asked = values![prisoner.as_str(), micros(at)];
        if self.count("prisoners", file, asked).await? > 0 {
            return Ok(false);
        }
        // When it began is kept from the first word that said it; an end that a file had set may have been moved.
        let upsert = "INSERT INTO prisoner_alerts (prisoner, code, stands, changed_at, since_on) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (prisoner, code) DO UPDATE SET stands = excluded.stands, \
             changed_at = excluded.changed_at, ends_on = NULL, since_on = CASE WHEN prisoner_alerts.stands = 1 \
             THEN COALESCE(prisoner_alerts.since_on, excluded.since_on) ELSE excluded.since_on END \
             WHERE prisoner_alerts.changed_at < excluded.changed_at";
        let since = (change == AlertChange::Created).then(|| day(at).to_string());
        let row = values![
            prisoner.as_str(),
            code.as_str(),
            i64::from(change != AlertChange::Deleted),
            micros(at),
            since,
        ];
        Ok(self.run(upsert, row).await? == 1)
    }

    /// Takes a file's word of all alerts that stand on a record; an older file than the last one that told them says
    /// nothing, and neither does this one of an alert of which an event has said something newer.
    pub(super) async fn take_alerts(
        &self,
        prisoner: PrisonerNumber,
        standing: &[FiledAlert],
        as_of: Timestamp,
    ) -> Result<(), StoreError> {
        let newest = "UPDATE prisoner_records SET alerts_at = $2 WHERE number = $1 AND alerts_at < $2";
        let about = || values![prisoner.as_str(), micros(as_of)];
        if self.run(newest, about()).await? == 0 {
            return Ok(());
        }
        let others = match standing.len() {
            0 => String::new(),
            codes => format!(" AND code NOT IN ({})", places(3, codes)),
        };
        let off = format!(
            "UPDATE prisoner_alerts SET stands = 0, changed_at = $2 WHERE prisoner = $1 AND changed_at < $2{others}"
        );
        let mut gone = about();
        gone.extend(texts(
            standing
                .iter()
                .map(|alert| alert.code.as_str().to_owned())
                .collect(),
        ));
        self.run(&off, gone).await?;
        for alert in standing {
            self.take_alert(prisoner, alert, as_of).await?;
        }
        Ok(())
    }

    async fn take_alert(
        &self,
        prisoner: PrisonerNumber,
        alert: &FiledAlert,
        as_of: Timestamp,
    ) -> Result<(), StoreError> {
        let upsert = "INSERT INTO prisoner_alerts (prisoner, code, stands, changed_at, since_on, ends_on) \
             VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT (prisoner, code) DO UPDATE SET stands = 1, \
             changed_at = excluded.changed_at, ends_on = excluded.ends_on, \
             since_on = COALESCE(excluded.since_on, prisoner_alerts.since_on) \
             WHERE prisoner_alerts.changed_at < excluded.changed_at";
        let row = values![
            prisoner.as_str(),
            alert.code.as_str(),
            micros(as_of),
            alert.since.map(|date| date.to_string()),
            alert.ends.map(|date| date.to_string()),
        ];
        self.run(upsert, row).await.map(drop)
    }
}
