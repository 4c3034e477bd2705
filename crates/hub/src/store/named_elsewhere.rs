//! A case's own history: prisoners whom other cases about the same numbers or the same protected person were found to be
//! about, and whom this case was before. They are shown to the handler as such; they weigh nothing.

use std::collections::BTreeMap;

use casework::{Actor, CaseId, Reference, Verb};
use prison::PrisonerNumber;

use super::Store;
use super::error::StoreError;
use super::sql::{Row, places, texts, values};
use super::tx::Tx;

/// Prisoners of other cases that are shown, those confirmed last.
pub const ELSEWHERE_SHOWN: i64 = 10;
/// Cases about the same person that are looked through.
const CASES_COMPARED: usize = 100;

/// By what another case is about the same protected person, where they share no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameBy {
    /// Her name and her date of birth.
    NameAndBirth,
    /// Her name and her address.
    NameAndAddress,
}

/// A prisoner whom a person confirmed in a case that shares a number or is about the same protected person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedElsewhere {
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// The case in which he was confirmed; this case itself, if somebody else is confirmed in it since.
    pub reference: Reference,
    /// Where that case stands: the name of its state.
    pub state: String,
    /// By what that case is about the same person; none where they share a number, or it is this case.
    pub same: Option<SameBy>,
}

impl Store {
    pub(super) async fn named_elsewhere(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Vec<NamedElsewhere>, StoreError> {
        let query = "WITH numbers AS (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
              UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL), \
             related AS (SELECT case_id FROM bars WHERE number_index IN (SELECT number_index FROM numbers) \
              UNION SELECT case_id FROM held_targets WHERE number_index IN (SELECT number_index FROM numbers)) \
             SELECT l.prisoner, c.reference, c.state_name, MAX(l.located_at) AS at FROM locations l \
             JOIN cases c ON c.id = l.case_id WHERE l.case_id IN (SELECT case_id FROM related) \
             GROUP BY l.prisoner, c.reference, c.state_name ORDER BY at DESC, c.reference LIMIT $2";
        let rows = tx
            .all("locations", query, values![case.to_string(), ELSEWHERE_SHOWN])
            .await?;
        rows.iter().map(|row| read(row, None)).collect()
    }

    /// The prisoners of these other cases, those confirmed last, for the handler who has opened this one.
    pub async fn named_about_the_same(
        &self,
        by: &Actor,
        case: CaseId,
        others: &BTreeMap<CaseId, SameBy>,
    ) -> Result<Vec<NamedElsewhere>, StoreError> {
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.begin(by, Verb::ReadCases, "read-earlier-cases").await?;
        let looked: Vec<String> = others
            .keys()
            .take(CASES_COMPARED)
            .map(ToString::to_string)
            .collect();
        let query = format!(
            "SELECT l.case_id, l.prisoner, c.reference, c.state_name, MAX(l.located_at) AS at FROM locations l \
             JOIN cases c ON c.id = l.case_id WHERE l.case_id IN ({}) \
             GROUP BY l.case_id, l.prisoner, c.reference, c.state_name ORDER BY at DESC, c.reference LIMIT $1",
            places(2, looked.len())
        );
        let mut asked = values![ELSEWHERE_SHOWN];
        asked.extend(texts(looked));
        let rows = tx.all("locations", &query, asked).await?;
        let named = rows.iter().map(|row| {
            let same = others.get(&row.parsed("case_id")?).copied();
            read(row, same)
        });
        let named: Vec<NamedElsewhere> = named.collect::<Result<_, _>>()?;
        let detail = format!("cases={} prisoners={}", others.len(), named.len());
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(named)
    }
}

fn read(row: &Row, same: Option<SameBy>) -> Result<NamedElsewhere, StoreError> {
    Ok(NamedElsewhere {
        prisoner: row.parsed("prisoner")?,
        reference: row.parsed("reference")?,
        state: row.text("state_name")?,
        same,
    })
}
