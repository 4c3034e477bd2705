//! The bars behind letters on the shelf: what a case handler compares an envelope with. To see the address of a
//! bar is to read its case: it stands in the audit, on each of the cases.

use std::collections::{BTreeMap, BTreeSet};

use casework::{Actor, BarId, BarScope, BarTarget, CaseId, Reference, Verb, WrittenAddress};

use super::error::StoreError;
use super::{Store, bars};

/// A barred address, and the case that barred it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarBehind {
    /// The reference of the case.
    pub reference: Reference,
    /// The address, as it was written.
    pub written: WrittenAddress,
    /// To whom the bar applies.
    pub scope: BarScope,
}

impl Store {
    /// These address bars, in force or lifted, each with its case's reference.
    pub async fn bars_behind(
        &self,
        by: &Actor,
        behind: BTreeSet<BarId>,
    ) -> Result<BTreeMap<BarId, BarBehind>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-letters").await?;
        let keys = behind.iter().map(BarId::to_string).collect();
        let rows = tx.of_keys("bars", bars::COLUMNS, keys).await?;
        let records = rows.iter().map(|row| Ok(self.read_bar(row)?.bar));
        let records = records.collect::<Result<Vec<_>, StoreError>>()?;
        let cases: BTreeSet<CaseId> = records.iter().map(|bar| bar.case).collect();
        let keys = cases.iter().map(CaseId::to_string).collect();
        let mut references: BTreeMap<CaseId, Reference> = BTreeMap::new();
        for row in tx.of_keys("cases", "id, reference", keys).await? {
            references.insert(row.parsed("id")?, row.parsed("reference")?);
        }
        for case in cases {
            tx.audit(("letter", "waiting"), Some(case), "compared").await?;
        }
        tx.commit().await?;
        let behind = records.into_iter().filter_map(|bar| {
            let BarTarget::Address(written) = bar.target else {
                return None;
            };
            let reference = references.get(&bar.case)?.clone();
            let scope = bar.scope;
            let behind = BarBehind {
                reference,
                written,
                scope,
            };
            Some((bar.id, behind))
        });
        Ok(behind.collect())
    }
}
