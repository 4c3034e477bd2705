//! Proposals as those see them who may approve them. Whoever agrees must see what would be lifted, so each is
//! shown with what it is about; however many there are, they are read in a handful of queries.
//!
//! To see a proposal of a case is to read that case: it stands in the audit, on each of the cases.

use std::collections::{BTreeMap, BTreeSet};

use casework::{Actor, BarId, BarTarget, CaseId, Proposal, ProposedChange, Reference, Verb};
use uuid::Uuid;

use super::bounded::Bounded;
use super::error::StoreError;
use super::letter_exemptions::{self, Exemption};
use super::sql::{Row, json, values};
use super::tx::{Tx, missing};
use super::{Store, bars, open_case};

/// A proposal as those see it who may approve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownProposal {
    /// The proposal.
    pub proposal: Proposal,
    /// The name of the account that made it.
    pub proposer: String,
    /// What it is about, if it belongs to a case.
    pub about: Option<ProposalAbout>,
    /// What would be exempt, if it is about letters.
    pub exemption: Option<Exemption>,
}

/// What a proposal of a case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalAbout {
    /// The case.
    pub case: CaseId,
    /// The reference by which people speak of it.
    pub reference: Reference,
    /// The number or address; `None` for a proposal to decline.
    pub target: Option<BarTarget>,
    /// How many bars of the case are in force: those that declining it would lift.
    pub bars: u64,
}

/// Open proposals that a page shows; the oldest ones.
pub const PROPOSALS_SHOWN: i64 = 200;

const SHOWN: &str = "SELECT p.id, p.change, p.case_id, p.reason, p.proposed_by, p.proposed_at, p.state, a.name, \
     c.reference, (SELECT COUNT(*) FROM bars b WHERE b.case_id = p.case_id AND b.state <> 'lifted') AS bars \
     FROM proposals p JOIN accounts a ON a.id = p.proposed_by LEFT JOIN cases c ON c.id = p.case_id \
     WHERE p.state = 'open'";

impl Store {
    /// The open proposals that this account may approve or make, oldest first; at most [`PROPOSALS_SHOWN`].
    pub async fn open_proposals(&self, by: &Actor) -> Result<Bounded<ShownProposal>, StoreError> {
        let tx = self.begin_as(by, "read-proposals").await?;
        let actor = super::accounts::on_record(&tx, by)
            .await?
            .ok_or(StoreError::NotFound)?;
        let query = format!(
            "{SHOWN} AND p.approval IN ($1, $2, $3) AND (p.prison IS NULL OR p.prison = $4) \
             ORDER BY p.proposed_at, p.id LIMIT $5"
        );
        let [cases, numbers, operations] = concerned(&actor)?;
        let prison = actor.role.prison().map(|prison| prison.to_string());
        let asked = values![cases, numbers, operations, prison, PROPOSALS_SHOWN + 1];
        let Bounded { rows, more } = Bounded::of(tx.all("proposals", &query, asked).await?, PROPOSALS_SHOWN);
        let rows = tx.shown(&rows).await?;
        tx.audit(("proposal", "open"), None, &format!("shown={}", rows.len()))
            .await?;
        let cases = rows.iter().filter_map(|shown| shown.about.as_ref());
        let cases: BTreeSet<CaseId> = cases.map(|about| about.case).collect();
        for case in cases {
            tx.audit(("proposal", "open"), Some(case), "shown").await?;
        }
        tx.commit().await?;
        Ok(Bounded { rows, more })
    }
}

/// The kinds of approval that concern an account, as they are stored; nothing for those that do not. What is
/// proposed of cases is for those alone who may read cases.
fn concerned(actor: &Actor) -> Result<[Option<String>; 3], StoreError> {
    let kinds = [
        Verb::ApproveCaseProposal,
        Verb::ApproveNumber,
        Verb::ApproveOperation,
    ];
    let concerns = |kind: &Verb| {
        let may_read = *kind != Verb::ApproveCaseProposal || actor.role.may(Verb::ReadCases);
        may_read && (actor.role.may(*kind) || actor.role.may(ProposedChange::proposal_of(*kind)))
    };
    let [cases, numbers, operations] = kinds.map(|kind| concerns(&kind).then(|| json(&kind)).transpose());
    Ok([cases?, numbers?, operations?])
}

impl Tx<'_> {
    /// The open proposals of a case, oldest first.
    pub(super) async fn shown_of_case(&self, case: CaseId) -> Result<Vec<ShownProposal>, StoreError> {
        let query = format!("{SHOWN} AND p.case_id = $1 ORDER BY p.proposed_at, p.id");
        let rows = self.all("proposals", &query, values![case.to_string()]).await?;
        self.shown(&rows).await
    }

    async fn shown(&self, rows: &[Row]) -> Result<Vec<ShownProposal>, StoreError> {
        let proposals = rows.iter().map(|row| self.store.read_proposal(row));
        let proposals: Vec<Proposal> = proposals.collect::<Result<_, _>>()?;
        let named = self.named_by(&proposals).await?;
        let shown = rows.iter().zip(proposals).map(|(row, proposal)| {
            Ok(ShownProposal {
                about: named.about(row, &proposal.change)?,
                exemption: named.exemption(&proposal.change)?,
                proposer: row.text("name")?,
                proposal,
            })
        });
        shown.collect()
    }

    /// Reads all that these proposals name.
    async fn named_by(&self, proposals: &[Proposal]) -> Result<Named, StoreError> {
        let (mut bars, mut held, mut exempt) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for proposal in proposals {
            bars.extend(bar_of(&proposal.change).map(|bar| bar.to_string()));
            if let ProposedChange::BarLegalNumber { held: named, .. } = &proposal.change {
                held.insert(named.to_string());
            }
            if let ProposedChange::ExemptLetters { exempt: named, .. } = &proposal.change {
                exempt.insert(named.to_string());
            }
        }
        let mut named = Named::default();
        for row in self.of_keys("bars", bars::COLUMNS, bars).await? {
            let bar = self.store.read_bar(&row)?.bar;
            named.bars.insert(bar.id, bar.target);
        }
        for row in self.of_keys("held_targets", open_case::HELD, held).await? {
            let target = self.store.read_held(&row)?;
            named.held.insert(target.id, target.target);
        }
        for row in self
            .of_keys("letter_exemptions", letter_exemptions::COLUMNS, exempt)
            .await?
        {
            let shown = self.store.read_exemption(&row)?;
            named.exempt.insert(shown.id, shown.exemption);
        }
        Ok(named)
    }
}

fn bar_of(change: &ProposedChange) -> Option<BarId> {
    match change {
        ProposedChange::LiftBar { bar }
        | ProposedChange::NarrowBar { bar, .. }
        | ProposedChange::ExceptPrisoner { bar, .. } => Some(*bar),
        _ => None,
    }
}

/// What the proposals of one page name.
#[derive(Default)]
struct Named {
    bars: BTreeMap<BarId, BarTarget>,
    held: BTreeMap<Uuid, BarTarget>,
    exempt: BTreeMap<Uuid, Exemption>,
}

impl Named {
    fn exemption(&self, change: &ProposedChange) -> Result<Option<Exemption>, StoreError> {
        let ProposedChange::ExemptLetters { exempt, .. } = change else {
            return Ok(None);
        };
        let found = self.exempt.get(exempt).cloned();
        found
            .ok_or_else(|| missing("letter_exemptions", &exempt.to_string()))
            .map(Some)
    }

    /// Something named that is not there leaves nobody to agree to what he cannot see.
    fn about(&self, row: &Row, change: &ProposedChange) -> Result<Option<ProposalAbout>, StoreError> {
        let Some(case) = row.parsed_if_any("case_id")? else {
            return Ok(None);
        };
        let bar = |bar: &BarId| {
            let target = self.bars.get(bar).cloned();
            target.ok_or_else(|| missing("bars", &bar.to_string())).map(Some)
        };
        let target = match change {
            ProposedChange::BarLegalNumber { held, .. } => {
                let target = self.held.get(held).cloned();
                Some(target.ok_or_else(|| missing("held_targets", &held.to_string()))?)
            }
            other => bar_of(other).as_ref().map_or(Ok(None), bar)?,
        };
        Ok(Some(ProposalAbout {
            case,
            reference: row.parsed("reference")?,
            target,
            bars: row.count("bars")?,
        }))
    }
}
