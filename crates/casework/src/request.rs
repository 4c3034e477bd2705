//! A request that a prisoner's contact be stopped, as it comes in. A field that it does not have is refused: a
//! misspelt one that was passed over would be an address that is not barred.

mod consent;
mod problems;

use jiff::civil::Date;
use phone::{AreaCode, PhoneNumber, Refused};
use serde::{Deserialize, Serialize};

pub use consent::Consent;
pub use problems::{Problem, ProblemKind, RequestLimits};

use crate::personal::Personal;

/// One request: several protected people, each with several numbers and addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactRequest {
    /// Who asks.
    pub referrer: Referrer,
    /// Who must no longer be reached.
    pub people: Vec<ProtectedPerson>,
    /// What is known of the prisoner. May be nothing yet.
    #[serde(default)]
    pub prisoner: KnownOfPrisoner,
    /// Whether the protected people agree to the request.
    pub consent: Consent,
    /// Why it is asked.
    pub why: Personal,
    /// What they risk; nothing need be said.
    #[serde(default)]
    pub risk: Risk,
    /// Orders of a court.
    #[serde(default)]
    pub orders: Vec<CourtOrder>,
    /// Whether anyone else in prison has good reason to ring or write.
    #[serde(default)]
    pub good_reason: Option<Personal>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referrer {
    /// In what capacity.
    pub kind: ReferrerKind,
    /// His or her name.
    pub name: Personal,
    /// What they are to the protected person, for friends and relatives.
    #[serde(default)]
    pub relationship: Option<Personal>,
    /// How the service may answer; without one it stays silent.
    #[serde(default)]
    pub channel: Option<SafeChannel>,
}

/// In what capacity somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferrerKind {
    /// The person reached.
    ProtectedPerson,
    /// Friend, relative or anybody else.
    FriendOrRelative,
    /// Police.
    Police,
    /// Probation.
    Probation,
    /// Prison staff.
    Prison,
    /// A victim service.
    VictimService,
}

/// One person who must no longer be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedPerson {
    /// The name.
    pub name: Personal,
    /// Names that the prisoner may know him or her by.
    #[serde(default)]
    pub other_names: Vec<Personal>,
    /// Date of birth.
    #[serde(default)]
    pub date_of_birth: Option<Date>,
    /// Numbers, as written.
    #[serde(default)]
    pub numbers: Vec<Personal>,
    /// Addresses, as written.
    #[serde(default)]
    pub addresses: Vec<WrittenAddress>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<Personal>,
    /// Where he or she may be reached in safety.
    #[serde(default)]
    pub channels: Vec<SafeChannel>,
}

/// An address as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenAddress {
    /// The lines, separated by line breaks or commas.
    pub lines: Personal,
    /// The postcode, if it was written apart.
    #[serde(default)]
    pub postcode: Option<Personal>,
}

/// A way of reaching somebody that he or she, or a registered advocate, called safe. No message goes any
/// other way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeChannel {
    /// By what means.
    pub kind: SafeChannelKind,
    /// The number or address.
    pub at: Personal,
    /// When and how, in the giver's words.
    #[serde(default)]
    pub note: Option<Personal>,
}

/// Means of reaching somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SafeChannelKind {
    /// A call.
    Phone,
    /// A text message.
    Text,
    /// An e-mail.
    Email,
    /// A letter.
    Post,
    /// Through an advocate.
    Advocate,
}

/// What somebody knows of the prisoner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KnownOfPrisoner {
    /// Given name.
    pub first_name: Option<Personal>,
    /// Family name.
    pub last_name: Option<Personal>,
    /// Other names he uses.
    pub other_names: Vec<Personal>,
    /// Prison number, as written.
    pub prison_number: Option<Personal>,
    /// Date of birth.
    pub date_of_birth: Option<Date>,
    /// Age, where the date is not known.
    pub age_years: Option<u8>,
    /// The prison he is thought to be in, as written.
    pub prison: Option<Personal>,
    /// What he was convicted of or is accused of.
    pub offence: Option<Personal>,
}

/// What is feared. Everything may be left unsaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Risk {
    /// Physical abuse.
    pub physical: bool,
    /// Emotional abuse.
    pub emotional: bool,
    /// Coercive or controlling behaviour.
    pub coercive_or_controlling: bool,
    /// Economic abuse.
    pub economic: bool,
    /// Stalking.
    pub stalking: bool,
    /// Somebody's life is at risk.
    pub life_at_risk: bool,
}

/// One order of a court or of the police.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtOrder {
    /// Of what kind.
    pub kind: OrderKind,
    /// The court.
    #[serde(default)]
    pub court: Option<Personal>,
    /// The court's number.
    #[serde(default)]
    pub number: Option<Personal>,
    /// Until when it runs.
    #[serde(default)]
    pub until: Option<Date>,
    /// What it says.
    #[serde(default)]
    pub terms: Option<Personal>,
}

/// Kinds of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderKind {
    /// Restraining order.
    Restraining,
    /// Non-molestation order.
    NonMolestation,
    /// Stalking protection order.
    StalkingProtection,
    /// Domestic abuse protection order.
    DomesticAbuseProtectionOrder,
    /// Domestic abuse protection notice.
    DomesticAbuseProtectionNotice,
    /// Condition of bail or remand.
    BailOrRemandCondition,
    /// Child arrangements order.
    ChildArrangements,
    /// Another injunction.
    Injunction,
}

impl ContactRequest {
    /// Every number that was written, each with what it resolves to. `area` is the area code for numbers
    /// written without one; a public request has none.
    pub fn numbers(
        &self,
        area: Option<AreaCode>,
    ) -> impl Iterator<Item = (&Personal, Result<PhoneNumber, Refused>)> {
        let written = self.people.iter().flat_map(|person| &person.numbers);
        written.filter(|number| !number.is_blank()).map(move |number| {
            (
                number,
                phone::resolve(number.expose(), area).map(|resolved| resolved.number),
            )
        })
    }

    /// Every address that was written.
    pub fn addresses(&self) -> impl Iterator<Item = &WrittenAddress> {
        self.people
            .iter()
            .flat_map(|person| &person.addresses)
            .filter(|address| !address.lines.is_blank())
    }

    /// What must still be said before anything is barred at once: who asks, why, and, where there is no
    /// consent, the reason. With nothing lacking and one number that resolves or one address that parses the
    /// request is complete.
    pub fn lacks(&self) -> Vec<&'static str> {
        let no_reason = |consent: &Consent| match consent {
            Consent::Given => false,
            Consent::Absent { reason } => reason.is_blank(),
        };
        let said = [
            ("referrer.name", self.referrer.name.is_blank()),
            ("why", self.why.is_blank()),
            ("consent.reason", no_reason(&self.consent)),
        ];
        said.into_iter()
            .filter(|(_, lacks)| *lacks)
            .map(|(field, _)| field)
            .collect()
    }
}

impl ProtectedPerson {
    fn names_a_target(&self) -> bool {
        self.numbers.iter().any(|number| !number.is_blank())
            || self.addresses.iter().any(|address| !address.lines.is_blank())
            || self.emails.iter().any(|email| !email.is_blank())
    }
}
