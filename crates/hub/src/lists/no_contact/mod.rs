//! No-contact lists: what a prison's public protection office keeps of whom its prisoners must not reach, taken over so
//! that nobody who is protected today is unprotected tomorrow.
//!
//! ```text
//! a file -> read_no_contact -> store (staged, sealed) -> take_over -> ContactRequest -> Case -> Bar, row by row
//!                     \------------------------------------\-> gaps, by row number and code
//! ```
//! It adds protection, so one person suffices; bars come off only by two. What is not certain to be protected is a
//! **gap**: every row of the file is either taken over or in the report with the reason why not, and often both. The
//! report is for case handlers: it tells which numbers stood on approved lists, and so it never goes to a prison.

mod cells;
mod read;
mod take;

use casework::{
    Consent, ContactRequest, CourtOrder, KnownOfPrisoner, OrderKind, Personal, ProtectedPerson, Referrer,
    ReferrerKind, RequestLimits, Risk, WrittenAddress,
};
use jiff::civil::Date;
use prison::PrisonId;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

pub use read::{NoContactFileProblem, read_no_contact};
pub use take::TakeOver;
pub(crate) use take::row_key;

/// The named limits of a no-contact list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContactLimits {
    /// Rows of one file; a prison of 1,000 keeps a few thousand.
    pub rows: usize,
    /// Bytes of one file.
    pub bytes: usize,
    /// Characters of the name of the office that keeps the list.
    pub kept_by_chars: usize,
    /// Rows that one transaction stages.
    pub staged_at_once: usize,
    /// Rows that one transaction takes over. Few, because each bars several numbers and a bar of any other request
    /// waits for the transaction.
    pub taken_at_once: usize,
}

impl NoContactLimits {
    /// The limits in force.
    pub const DEFAULT: Self = Self {
        rows: 20_000,
        bytes: 16 * 1024 * 1024,
        kept_by_chars: 200,
        staged_at_once: 250,
        taken_at_once: 20,
    };
}

/// Where a list comes from: what stands on every case that it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOrigin {
    /// The prison whose list it is.
    pub prison: PrisonId,
    /// The office that kept it, as "Public protection, HMP Leeds".
    pub kept_by: Personal,
    /// The day of which the list is.
    pub as_of: Date,
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
}

/// One row of a list, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoContactRow {
    /// The prisoner's number, as written; may be empty.
    pub prison_number: Personal,
    /// The prisoner's name; may be empty.
    pub prisoner: Personal,
    /// The protected person's name; may be empty.
    pub person: Personal,
    /// Numbers, as written, each on its own.
    pub numbers: Vec<Personal>,
    /// The address, if there is one.
    pub address: Option<WrittenAddress>,
    /// Why he must not reach her.
    pub reason: Personal,
    /// The order or condition, in the list's words.
    pub order: Personal,
    /// The order's number or the list's own reference.
    pub reference: Personal,
    /// Until when the list says that it holds. Nothing ends with it.
    pub expires: Option<Date>,
    /// What was found wanting while it was read.
    pub gaps: Vec<Gap>,
}

/// One row of a file and what was read of it, or why nothing was. Rows count from 1, without the header.
pub type ReadRow = (u64, Result<NoContactRow, Gap>);

/// What a report says of a row: that something in it is not protected, or that a person must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// It has more cells than the table has columns: nobody can tell which is which.
    Unreadable,
    /// It names neither a number nor an address.
    NothingToBar,
    /// A number does not resolve.
    Number,
    /// An address holds too little to tell one house from another.
    Address,
    /// More numbers than one person's request may hold; the first are taken over.
    TooMany,
    /// A number may be dialled by everyone and cannot be barred.
    AlwaysAllowed,
    /// A number reaches the emergency services.
    Emergency,
    /// A number is a lawyer's on somebody's list: it waits for two people.
    Lawyer,
    /// The policy wants a case handler first.
    HandlerFirst,
    /// Two people lifted the bar that this list had brought: a case handler looks before it is barred again.
    LiftedBefore,
    /// A number stood approved on the named prisoner's own list. It is off now; until today it rang.
    WasApproved,
    /// Others have a number on their lists: they are suspended until a handler has decided of each.
    OthersSuspended,
    /// It names no prisoner, or none whom the roster knows for certain.
    NoPrisoner,
    /// What stands for a prison number is not one.
    PrisonNumber,
    /// Nobody on the roster has this prison number.
    UnknownPrisoner,
    /// The number is somebody's of another name.
    NameDiffers,
    /// Another prison holds him now.
    Elsewhere,
    /// No prison holds him now.
    NotInCustody,
    /// The protected person's name is not recorded.
    NoName,
    /// The list says that it ran out before today. It is barred all the same: nothing expires.
    Expired,
    /// What stands for the day on which it ends is not a date.
    NotADate,
    /// A text was longer than a request may hold, and was cut.
    Cut,
    /// A number had lost the 0 at its beginning, as spreadsheets do, or stood among other words.
    Mended,
    /// The same row came before in this file.
    Twice,
    /// What was staged of it cannot be opened any more.
    Damaged,
}

impl Gap {
    /// Its code, as `was-approved`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NothingToBar => "nothing-to-bar",
            Self::Number => "number",
            Self::Address => "address",
            Self::TooMany => "too-many",
            Self::AlwaysAllowed => "always-allowed",
            Self::Emergency => "emergency",
            Self::Lawyer => "lawyer",
            Self::HandlerFirst => "handler-first",
            Self::LiftedBefore => "lifted-before",
            Self::WasApproved => "was-approved",
            Self::OthersSuspended => "others-suspended",
            Self::NoPrisoner => "no-prisoner",
            Self::PrisonNumber => "prison-number",
            Self::UnknownPrisoner => "unknown-prisoner",
            Self::NameDiffers => "name-differs",
            Self::Elsewhere => "elsewhere",
            Self::NotInCustody => "not-in-custody",
            Self::NoName => "no-name",
            Self::Expired => "expired",
            Self::NotADate => "not-a-date",
            Self::Cut => "cut",
            Self::Mended => "mended",
            Self::Twice => "twice",
            Self::Damaged => "damaged",
        }
    }

    /// Of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|gap| gap.code() == code)
    }

    /// Whether something that the row names is not refused today.
    pub const fn leaves_unprotected(self) -> bool {
        use Gap::*;
        matches!(
            self,
            Unreadable | NothingToBar | Number | Address | TooMany | AlwaysAllowed | Emergency | Lawyer
        ) || matches!(self, HandlerFirst | LiftedBefore | Damaged)
    }
}

/// What a case says where its list says nothing.
const NO_NAME: &str = "Not recorded";
const NO_REASON: &str = "The list gives no reason.";
const NO_CONSENT: &str = "Taken over from a prison's no-contact list; the person was not asked.";

impl NoContactRow {
    /// Whether it names something that could be barred.
    pub fn names_a_target(&self) -> bool {
        !self.numbers.is_empty() || self.address.is_some()
    }

    /// The request that the row makes: asked by the office that keeps the list.
    pub fn request(&self, origin: &ListOrigin) -> ContactRequest {
        let order = self.court_order();
        let said = |text: &Personal, otherwise: &str| match text.is_blank() {
            true => otherwise.into(),
            false => text.clone(),
        };
        ContactRequest {
            referrer: Referrer {
                kind: ReferrerKind::Prison,
                name: origin.kept_by.clone(),
                relationship: None,
                channel: None,
            },
            people: vec![ProtectedPerson {
                name: said(&self.person, NO_NAME),
                other_names: Vec::new(),
                date_of_birth: None,
                numbers: self.numbers.clone(),
                addresses: self.address.iter().cloned().collect(),
                emails: Vec::new(),
                channels: Vec::new(),
            }],
            prisoner: self.known(origin.prison),
            consent: Consent::Absent {
                reason: NO_CONSENT.into(),
            },
            why: said(&self.why(order.is_none()), NO_REASON),
            risk: Risk::default(),
            orders: order.into_iter().collect(),
            good_reason: None,
        }
    }

    /// What tells whom the row is about, the same in every file of its prison: rows that agree in it make one case. An
    /// unnamed person, or one of whom no prisoner is named, is told from others by what is barred.
    pub fn about(&self, prison: PrisonId) -> String {
        let plain = |text: &Personal| text.expose().to_lowercase();
        let number = plain(&self.prison_number);
        let prisoner = match number.as_str() {
            "" => plain(&self.prisoner),
            number => number.to_owned(),
        };
        let person = plain(&self.person);
        let mut about = vec![prison.to_string(), prisoner.clone(), person.clone()];
        if prisoner.is_empty() || person.is_empty() {
            about.extend(self.numbers.iter().map(plain));
            about.extend(self.address.iter().map(|address| plain(&address.lines)));
        }
        about.join("\n")
    }

    /// "Surname, Given" and "Given Surname" are read; a single name is a surname.
    fn known(&self, prison: PrisonId) -> KnownOfPrisoner {
        let (first, last) = cells::name(self.prisoner.expose());
        let given = |text: &str| (!text.is_empty()).then(|| Personal::new(text));
        KnownOfPrisoner {
            first_name: given(first),
            last_name: given(last),
            prison_number: given(self.prison_number.expose()),
            prison: Some(prison.as_str().into()),
            ..KnownOfPrisoner::default()
        }
    }

    fn court_order(&self) -> Option<CourtOrder> {
        let kind = order_kind(self.order.expose())?;
        let given = |text: &Personal| (!text.is_blank()).then(|| text.clone());
        Some(CourtOrder {
            kind,
            court: None,
            number: given(&self.reference),
            until: self.expires,
            terms: given(&self.order),
        })
    }

    /// The reason, and what stands of an order whose kind is not one of the service's.
    fn why(&self, with_order: bool) -> Personal {
        let mut lines = vec![self.reason.expose().to_owned()];
        if with_order {
            lines.extend([&self.order, &self.reference].map(|text| text.expose().to_owned()));
            lines.extend(self.expires.map(|until| format!("until {until}")));
        }
        lines.retain(|line| !line.is_empty());
        let text: String = lines.join("\n");
        let most = RequestLimits::DEFAULT.text_chars;
        Personal::new(&text.chars().take(most).collect::<String>())
    }
}

/// The kind of an order by the words that a list has for it.
fn order_kind(words: &str) -> Option<OrderKind> {
    let words = words.to_lowercase().replace('-', " ");
    let has = |part: &str| words.contains(part);
    let known = [
        (has("non molestation"), OrderKind::NonMolestation),
        (has("restraining"), OrderKind::Restraining),
        (has("stalking"), OrderKind::StalkingProtection),
        (
            has("domestic abuse protection notice"),
            OrderKind::DomesticAbuseProtectionNotice,
        ),
        (
            has("domestic abuse protection order"),
            OrderKind::DomesticAbuseProtectionOrder,
        ),
        (has("child arrangements"), OrderKind::ChildArrangements),
        (has("bail") || has("remand"), OrderKind::BailOrRemandCondition),
        (has("injunction"), OrderKind::Injunction),
    ];
    known.into_iter().find(|(said, _)| *said).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gap_is_told_by_one_code() {
        for gap in Gap::VARIANTS {
            assert_eq!(Gap::of_code(gap.code()), Some(*gap));
        }
        let codes: std::collections::BTreeSet<_> = Gap::VARIANTS.iter().map(|gap| gap.code()).collect();
        assert_eq!(codes.len(), Gap::VARIANTS.len());
    }

    #[test]
    fn a_row_makes_a_request_that_can_be_taken_and_keeps_what_it_says() {
        let row = NoContactRow {
            prison_number: "A1234BC".into(),
            prisoner: "INVENTED, Ivan".into(),
            numbers: vec!["07700 900123".into()],
            order: "Non-Molestation Order".into(),
            reference: "FL401/7".into(),
            expires: Some("2027-03-01".parse().unwrap()),
            ..NoContactRow::default()
        };
        let origin = ListOrigin {
            prison: "LEI".parse().unwrap(),
            kept_by: "Public protection, HMP Leeds".into(),
            as_of: "2026-11-01".parse().unwrap(),
            file: "ab".to_owned(),
        };
        let request = row.request(&origin);
        assert!(request.problems().is_empty() && request.lacks().is_empty());
        assert_eq!(request.people[0].name.expose(), NO_NAME);
        assert_eq!(request.prisoner.last_name.as_ref().unwrap().expose(), "INVENTED");
        assert_eq!(request.orders[0].kind, OrderKind::NonMolestation);
        assert_eq!(request.why.expose(), NO_REASON);
        let unknown = NoContactRow {
            order: "PPU marker 7".into(),
            ..row
        };
        let request = unknown.request(&origin);
        assert_eq!(request.why.expose(), "PPU marker 7\nFL401/7\nuntil 2027-03-01");
    }
}
