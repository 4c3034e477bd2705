//! A request that a prisoner's contact be stopped, as it comes in.

use jiff::civil::Date;
use phone::{AreaCode, PhoneNumber, Refused};
use serde::{Deserialize, Serialize};

use crate::personal::Personal;

/// One request: several protected people, each with several numbers and addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(default)]
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

/// Whether the protected people agree to the request. It is not the lawful basis of a bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "consent", rename_all = "kebab-case")]
pub enum Consent {
    /// They agree, or ask themselves.
    Given,
    /// They do not, or were not asked.
    Absent {
        /// Why not.
        reason: Personal,
    },
}

/// What is feared. Everything may be left unsaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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

/// How large a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Protected people.
    pub people: usize,
    /// Numbers, addresses, e-mail addresses, names or channels of one person, each.
    pub per_person: usize,
    /// Orders.
    pub orders: usize,
    /// Characters of a name, number or e-mail address.
    pub line_chars: usize,
    /// Characters of an address or an account of events.
    pub text_chars: usize,
}

impl RequestLimits {
    /// The limits in force.
    pub const DEFAULT: Self = Self {
        people: 20,
        per_person: 20,
        orders: 10,
        line_chars: 200,
        text_chars: 5_000,
    };
}

/// What the referrer must mend before a request can be taken at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field, as `people[0].numbers[1]`.
    pub field: String,
    /// What is wrong with it.
    pub problem: ProblemKind,
}

/// Kinds of problem. Which words a person reads is for the pages to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Nothing was given where something must be.
    Missing,
    /// Longer than the limit.
    TooLong,
    /// More of them than the limit.
    TooMany,
}

impl ContactRequest {
    /// Checks what a request must have to be taken: somebody who asks, somebody to protect, at least one
    /// number, address or e-mail address, and the limits. What is *barred at once* is the policy's matter.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        found.line("referrer.name", &self.referrer.name, true);
        found.text("why", &self.why, false);
        if let Some(reason) = &self.good_reason {
            found.text("good_reason", reason, false);
        }
        if let Consent::Absent { reason } = &self.consent {
            found.text("consent.reason", reason, false);
        }
        found.count("people", self.people.len(), RequestLimits::DEFAULT.people);
        found.count("orders", self.orders.len(), RequestLimits::DEFAULT.orders);
        if self.people.is_empty() {
            found.add("people", ProblemKind::Missing);
        }
        for (at, person) in self.people.iter().enumerate() {
            person.find_problems(&format!("people[{at}]"), &mut found);
        }
        if !self.people.iter().any(ProtectedPerson::names_a_target) {
            found.add("people[0].numbers", ProblemKind::Missing);
        }
        found.0
    }

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

    /// Whether the request says who asks and why, and that there is consent or why there is none. Together
    /// with one number that resolves or one address that parses this makes it complete.
    pub fn says_who_and_why(&self) -> bool {
        let consent_is_said = match &self.consent {
            Consent::Given => true,
            Consent::Absent { reason } => !reason.is_blank(),
        };
        !self.referrer.name.is_blank() && !self.why.is_blank() && consent_is_said
    }
}

impl ProtectedPerson {
    fn names_a_target(&self) -> bool {
        self.numbers.iter().any(|number| !number.is_blank())
            || self.addresses.iter().any(|address| !address.lines.is_blank())
            || self.emails.iter().any(|email| !email.is_blank())
    }

    fn find_problems(&self, at: &str, found: &mut Found) {
        found.line(&format!("{at}.name"), &self.name, true);
        for (list, values) in [
            ("other_names", &self.other_names),
            ("numbers", &self.numbers),
            ("emails", &self.emails),
        ] {
            found.count(
                &format!("{at}.{list}"),
                values.len(),
                RequestLimits::DEFAULT.per_person,
            );
            for (n, value) in values.iter().enumerate() {
                found.line(&format!("{at}.{list}[{n}]"), value, false);
            }
        }
        found.count(
            &format!("{at}.addresses"),
            self.addresses.len(),
            RequestLimits::DEFAULT.per_person,
        );
        for (n, address) in self.addresses.iter().enumerate() {
            found.text(&format!("{at}.addresses[{n}]"), &address.lines, false);
        }
        found.count(
            &format!("{at}.channels"),
            self.channels.len(),
            RequestLimits::DEFAULT.per_person,
        );
        for (n, channel) in self.channels.iter().enumerate() {
            found.line(&format!("{at}.channels[{n}]"), &channel.at, true);
        }
    }
}

#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, field: &str, problem: ProblemKind) {
        self.0.push(Problem {
            field: field.to_owned(),
            problem,
        });
    }

    fn count(&mut self, field: &str, count: usize, limit: usize) {
        if count > limit {
            self.add(field, ProblemKind::TooMany);
        }
    }

    fn line(&mut self, field: &str, value: &Personal, required: bool) {
        self.chars(field, value, RequestLimits::DEFAULT.line_chars, required);
    }

    fn text(&mut self, field: &str, value: &Personal, required: bool) {
        self.chars(field, value, RequestLimits::DEFAULT.text_chars, required);
    }

    fn chars(&mut self, field: &str, value: &Personal, limit: usize, required: bool) {
        if value.expose().chars().count() > limit {
            self.add(field, ProblemKind::TooLong);
        } else if required && value.is_blank() {
            self.add(field, ProblemKind::Missing);
        }
    }
}
