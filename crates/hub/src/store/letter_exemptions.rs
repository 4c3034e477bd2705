//! Exemptions of letters: what leaves although an address bar meets it. Each takes two people, and one ends it.
//!
//! There are two kinds. An address on the **register** of lawyers, confidential-access bodies and embassies exempts mail
//! that is marked confidential, and no other mail. A **close relative** whom a case names exempts letters of its
//! prisoner to that relative at an address of the case: who counts as one is never for a clerk to say.

use std::collections::BTreeSet;

use casework::{Actor, CaseId, Personal, ProposalId, ProposedChange, TwoApprovals, Verb, WrittenAddress};
use jiff::Timestamp;
use postal::{AddressList, LetterVerdict, PostalAddress};
use prison::PrisonerNumber;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::barred_addresses::read_address;
use super::error::{Conflict, StoreError};
use super::sql::{self, Row, micros, values};
use super::tx::{Tx, missing};

const BODY: (&str, &str) = ("letter_exemptions", "body");
pub(super) const COLUMNS: &str = "id, body, state, added_at";
/// Characters of a name.
pub const EXEMPT_NAME_CHARS: usize = 200;
/// Exemptions that are shown, the newest.
pub const EXEMPTIONS_SHOWN: i64 = 500;

/// What is exempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "exempt", rename_all = "kebab-case")]
pub enum Exemption {
    /// Mail that is marked confidential, to this address.
    Registered {
        /// What is there.
        office: PrivilegedOffice,
        /// Its name.
        name: Personal,
        /// Its address.
        written: WrittenAddress,
    },
    /// Letters of one prisoner to a close relative who lives with the protected person.
    Relative {
        /// The case that bars the address.
        case: CaseId,
        /// The prisoner.
        prisoner: PrisonerNumber,
        /// The relative's name, as it must stand on the envelope.
        name: Personal,
        /// What they are to each other.
        relationship: Personal,
    },
}

/// To whom a prisoner may write in confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivilegedOffice {
    /// A lawyer, or a court.
    Lawyer,
    /// An ombudsman, inspectorate or other body of confidential access.
    ConfidentialAccess,
    /// An embassy or consulate.
    Embassy,
}

/// How far an exemption is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExemptionState {
    /// A second person has not agreed; it exempts nothing.
    Proposed,
    /// Two people agreed.
    Standing,
    /// Ended, or never agreed to.
    Ended,
}

/// An exemption on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownExemption {
    /// The exemption.
    pub id: Uuid,
    /// What it exempts.
    pub exemption: Exemption,
    /// How far it is.
    pub state: ExemptionState,
    /// When it was written down, UTC.
    pub added_at: Timestamp,
}

/// All exemptions that stand, at one mark.
pub(super) struct Exemptions {
    /// Rises with every exemption that begins or ends.
    pub(super) mark: u64,
    register: AddressList<Uuid>,
    relatives: Vec<Relative>,
}

struct Relative {
    case: CaseId,
    prisoner: PrisonerNumber,
    name: BTreeSet<String>,
}

impl Exemptions {
    /// Whether the register has this very address.
    pub(super) fn is_registered(&self, address: &PostalAddress) -> bool {
        self.register.find(address).verdict == LetterVerdict::Stop
    }

    /// Whether a case names whoever this is written to as a close relative of the sender: all words of the name, and no
    /// other than a title.
    pub(super) fn is_relative(
        &self,
        case: CaseId,
        sender: Option<PrisonerNumber>,
        written: &WrittenAddress,
    ) -> bool {
        let Some(sender) = sender else { return false };
        let mut his = self
            .relatives
            .iter()
            .filter(|one| (one.case, one.prisoner) == (case, sender))
            .peekable();
        if his.peek().is_none() {
            return false;
        }
        let words = words_of_name(addressee_of(written).expose());
        his.any(|one| one.name == words)
    }
}

/// To whom a letter is written: the lines above the first with a digit, markings left out. Where the house has a name and
/// no number that is more than a name, and then it is nobody's name.
fn addressee_of(written: &WrittenAddress) -> Personal {
    const MARKINGS: [&str; 4] = ["RULE 39", "YOI RULE 14", "CONFIDENTIAL ACCESS", "LEGAL MAIL"];
    let lines = written.lines.expose().split(['\n', ',']).map(str::trim);
    let is_marking = |line: &&str| {
        MARKINGS
            .iter()
            .any(|marking| line.to_uppercase().contains(marking))
    };
    let lines = lines.filter(|line| !line.is_empty() && !is_marking(line));
    let above: Vec<&str> = lines
        .take_while(|line| !line.contains(|c: char| c.is_numeric()))
        .collect();
    Personal::new(&above.join("\n"))
}

/// The words of a name without titles, in upper case.
fn words_of_name(name: &str) -> BTreeSet<String> {
    const TITLES: [&str; 10] = [
        "MR", "MRS", "MS", "MISS", "MX", "DR", "MASTER", "SIR", "LADY", "TO",
    ];
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
    let words = words.map(str::to_uppercase).filter(|word| !word.is_empty());
    words.filter(|word| !TITLES.contains(&word.as_str())).collect()
}

impl Store {
    /// Writes an exemption down and proposes it to a second person; it exempts nothing before he agrees.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an address that cannot be read and for a name without two words: one word would
    /// exempt whoever shares it.
    pub async fn propose_exemption(
        &self,
        by: &Actor,
        exemption: &Exemption,
        reason: &str,
    ) -> Result<ProposalId, StoreError> {
        exemption.check()?;
        let tx = self.begin(by, Verb::WorkCases, "propose-exemption").await?;
        let case = exemption.case();
        if let Some(case) = case {
            tx.case(case).await?;
        }
        let exempt = Uuid::from_bytes(self.seams.bytes());
        let id = exempt.to_string();
        let insert = "INSERT INTO letter_exemptions (id, case_id, body, state, added_by, added_at) \
             VALUES ($1, $2, $3, 'proposed', $4, $5)";
        let row = values![
            id.as_str(),
            case.map(|case| case.to_string()),
            self.seal(BODY, &id, exemption)?,
            tx.by.account.to_string(),
            micros(tx.now)
        ];
        tx.run(insert, row).await?;
        let change = ProposedChange::ExemptLetters { exempt, case };
        let proposal = tx.insert_proposal(&change, case, reason).await?;
        tx.audit(("letter-exemption", &id), case, "proposed").await?;
        tx.commit().await?;
        Ok(proposal)
    }

    /// Ends an exemption, or what was only proposed. One person suffices: it stops more than before.
    pub async fn end_exemption(&self, by: &Actor, exempt: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "end-exemption").await?;
        let found = tx.exemption(exempt).await?;
        let id = exempt.to_string();
        let update = "UPDATE letter_exemptions SET state = 'ended', ended_at = $1 \
             WHERE id = $2 AND state <> 'ended'";
        if tx.run(update, values![micros(tx.now), id.as_str()]).await? != 1 {
            return Err(Conflict::Changed.into());
        }
        tx.next("exemptions").await?;
        tx.audit(("letter-exemption", &id), found.exemption.case(), "ended")
            .await?;
        tx.commit().await
    }

    /// Every exemption that stands or waits for a second person, the newest first.
    pub async fn letter_exemptions(&self, by: &Actor) -> Result<Vec<ShownExemption>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-exemptions").await?;
        let query = format!(
            "SELECT {COLUMNS} FROM letter_exemptions WHERE state <> 'ended' ORDER BY added_at DESC, id LIMIT $1"
        );
        let rows = tx
            .all("letter_exemptions", &query, values![EXEMPTIONS_SHOWN])
            .await?;
        let shown = rows.iter().map(|row| self.read_exemption(row));
        let shown = shown.collect::<Result<Vec<_>, _>>()?;
        tx.audit(
            ("letter-exemption", "all"),
            None,
            &format!("shown={}", shown.len()),
        )
        .await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// Those that stand, as on this connection.
    pub(super) async fn exemptions_on(&self, on: &impl ConnectionTrait) -> Result<Exemptions, StoreError> {
        let mark = exemptions_mark(on).await?;
        let query = format!("SELECT {COLUMNS} FROM letter_exemptions WHERE state = 'standing' ORDER BY id");
        let (mut register, mut relatives) = (Vec::new(), Vec::new());
        for row in sql::all(on, "letter_exemptions", &query, values![]).await? {
            let ShownExemption { id, exemption, .. } = self.read_exemption(&row)?;
            match exemption {
                Exemption::Registered { written, .. } => {
                    register.push((id, read_address(&written).map_err(|_| row.damaged())?));
                }
                Exemption::Relative {
                    case, prisoner, name, ..
                } => relatives.push(Relative {
                    case,
                    prisoner,
                    name: words_of_name(name.expose()),
                }),
            }
        }
        Ok(Exemptions {
            mark,
            register: AddressList::build(register),
            relatives,
        })
    }

    pub(super) fn read_exemption(&self, row: &Row) -> Result<ShownExemption, StoreError> {
        let state = match row.text("state")?.as_str() {
            "proposed" => ExemptionState::Proposed,
            "standing" => ExemptionState::Standing,
            "ended" => ExemptionState::Ended,
            _ => return Err(row.damaged()),
        };
        Ok(ShownExemption {
            id: row.parsed("id")?,
            exemption: self.open_sealed(BODY, &row.text("id")?, row)?,
            state,
            added_at: row.time("added_at")?,
        })
    }
}

impl Exemption {
    /// The case that it belongs to, if it belongs to one.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Self::Registered { .. } => None,
            Self::Relative { case, .. } => Some(*case),
        }
    }

    fn check(&self) -> Result<(), StoreError> {
        let (Self::Registered { name, .. } | Self::Relative { name, .. }) = self;
        if name.is_blank() || name.expose().chars().count() > EXEMPT_NAME_CHARS {
            return Err(StoreError::Invalid("a name has between 1 and 200 characters"));
        }
        match self {
            Self::Registered { written, .. } => read_address(written)
                .map(drop)
                .map_err(|_| StoreError::Invalid("this address cannot be read")),
            Self::Relative { name, .. } if words_of_name(name.expose()).len() < 2 => {
                Err(StoreError::Invalid("a relative has a first and a last name"))
            }
            Self::Relative { .. } => Ok(()),
        }
    }
}

impl Tx<'_> {
    /// An exemption that must be there.
    pub(super) async fn exemption(&self, exempt: Uuid) -> Result<ShownExemption, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM letter_exemptions WHERE id = $1");
        let row = self
            .one("letter_exemptions", &query, values![exempt.to_string()])
            .await?;
        self.store.read_exemption(&row.ok_or(StoreError::NotFound)?)
    }

    /// One that waits for a second person.
    pub(super) async fn proposed_exemption(&self, exempt: Uuid) -> Result<ShownExemption, StoreError> {
        let found = self.exemption(exempt).await?;
        match found.state {
            ExemptionState::Proposed => Ok(found),
            _ => Err(Conflict::Changed.into()),
        }
    }

    /// It was never agreed to.
    pub(super) async fn withdraw_exemption(&self, exempt: Uuid) -> Result<(), StoreError> {
        let update = "UPDATE letter_exemptions SET state = 'ended', ended_at = $1 \
             WHERE id = $2 AND state = 'proposed'";
        let asked = values![micros(self.now), exempt.to_string()];
        self.run(update, asked).await.map(drop)
    }

    /// Two people agreed: from now on it exempts.
    pub(super) async fn exempt_letters(
        &mut self,
        _agreed: &TwoApprovals,
        exempt: Uuid,
    ) -> Result<(), StoreError> {
        let found = self.proposed_exemption(exempt).await?;
        let id = exempt.to_string();
        let update = "UPDATE letter_exemptions SET state = 'standing' WHERE id = $1";
        self.run(update, values![id.as_str()]).await?;
        self.next("exemptions").await?;
        self.audit(("letter-exemption", &id), found.exemption.case(), "agreed")
            .await
    }
}

/// How often exemptions have begun or ended.
pub(super) async fn exemptions_mark(on: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let query = "SELECT value FROM counters WHERE name = 'exemptions'";
    let row = sql::one(on, "counters", query, values![]).await?;
    row.ok_or_else(|| missing("counters", "exemptions"))?
        .count("value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_words_whatever_the_title_the_order_and_the_case() {
        let name = words_of_name("Mrs. Ann-Marie O'Dea");
        assert_eq!(name, words_of_name("O'DEA ANN-MARIE"));
        for other in ["Mrs O'Dea", "A O'Dea", "Ann-Marie Beth O'Dea", "Ann Marie O'Dea"] {
            assert_ne!(name, words_of_name(other), "{other}");
        }
    }

    #[test]
    fn a_letter_is_written_to_what_stands_above_the_first_number() {
        for (lines, expected) in [
            ("Mr A Example\n1 Invented Row\nNowhereby", "Mr A Example"),
            ("Mr A Example, 1 Invented Row, Nowhereby", "Mr A Example"),
            ("RULE 39\nMr A Example\n1 Invented Row", "Mr A Example"),
            (
                "Mr A Example\nc/o Ms B Other\n1 Invented Row",
                "Mr A Example\nc/o Ms B Other",
            ),
            ("1 Invented Row\nNowhereby", ""),
            (
                "Mr A Example\nRose Cottage\nNowhereby ZZ1 1ZZ",
                "Mr A Example\nRose Cottage",
            ),
        ] {
            let written = WrittenAddress {
                lines: lines.into(),
                postcode: None,
            };
            assert_eq!(addressee_of(&written).expose(), expected, "{lines}");
        }
    }
}
