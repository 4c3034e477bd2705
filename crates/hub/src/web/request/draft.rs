//! A request while it is being filled in. Nothing of it is kept at the hub before it is submitted: between
//! two pages it travels in the form itself, sealed, so that the page's source shows no more than the page.

use casework::{
    Consent, ContactRequest, CourtOrder, KnownOfPrisoner, OrderKind, Personal, ProtectedPerson, Referrer,
    ReferrerKind, RequestLimits, Risk, SafeChannel, SafeChannelKind, WrittenAddress,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything typed so far, field by field, right or wrong.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Draft {
    /// Names this filling-in: the idempotency key of the submission.
    pub(super) token: String,
    pub(super) who: Who,
    pub(super) people: Vec<Person>,
    pub(super) prisoner: Prisoner,
    pub(super) safety: Safety,
}

/// Who asks.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Who {
    /// `self`, `agreed` or `not-agreed` on the public form; `given` or `absent` on an organisation's.
    pub(super) asks: String,
    pub(super) name: Personal,
    pub(super) relationship: Personal,
    pub(super) no_consent_why: Personal,
    pub(super) why: Personal,
    /// How the service may answer: a [`SafeChannelKind`], or `none`.
    pub(super) channel: String,
    pub(super) channel_at: Personal,
    pub(super) channel_note: Personal,
}

/// One protected person.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) name: Personal,
    pub(super) other_names: Personal,
    pub(super) numbers: Vec<Personal>,
    pub(super) addresses: Vec<Address>,
    pub(super) emails: Personal,
}

/// One address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) lines: Personal,
    pub(super) postcode: Personal,
}

/// What is known of the prisoner.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Prisoner {
    pub(super) first_name: Personal,
    pub(super) last_name: Personal,
    pub(super) other_names: Personal,
    pub(super) prison_number: Personal,
    pub(super) born: Day,
    pub(super) age: Personal,
    pub(super) prison: Personal,
    pub(super) offence: Personal,
}

/// A date in three fields.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Day {
    pub(super) day: Personal,
    pub(super) month: Personal,
    pub(super) year: Personal,
}

/// What is feared, what courts have said, who else has reason to ring.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Safety {
    /// Values of the checkboxes: `physical`, `emotional`, `coercive-or-controlling`, `economic`, `stalking`.
    pub(super) risks: Vec<String>,
    /// `yes` or `no`.
    pub(super) life_at_risk: String,
    pub(super) order_kind: String,
    pub(super) order_court: Personal,
    pub(super) order_number: Personal,
    pub(super) order_until: Day,
    pub(super) order_terms: Personal,
    pub(super) good_reason: Personal,
}

impl Draft {
    /// A draft with one person who has room for one number and one address.
    pub(super) fn new(token: String) -> Self {
        let mut draft = Self {
            token,
            ..Self::default()
        };
        draft.people.push(Person::with_room());
        draft
    }

    /// Room for another person, up to the limit.
    pub(super) fn add_person(&mut self) {
        if self.people.len() < RequestLimits::DEFAULT.people {
            self.people.push(Person::with_room());
        }
    }

    /// The request that was filled in. `organisation` is the verified kind of a signed-in organisation.
    pub(super) fn to_request(&self, organisation: Option<ReferrerKind>) -> ContactRequest {
        ContactRequest {
            referrer: self.who.referrer(organisation),
            people: self.people.iter().map(Person::protected).collect(),
            prisoner: self.prisoner.known(),
            consent: self.who.consent(),
            why: self.who.why.clone(),
            risk: self.safety.risk(),
            orders: self.safety.order().into_iter().collect(),
            good_reason: given(&self.safety.good_reason),
        }
    }
}

impl Who {
    fn referrer(&self, organisation: Option<ReferrerKind>) -> Referrer {
        let kind = organisation.unwrap_or(match self.asks.as_str() {
            "self" => ReferrerKind::ProtectedPerson,
            _ => ReferrerKind::FriendOrRelative,
        });
        Referrer {
            kind,
            name: self.name.clone(),
            relationship: given(&self.relationship),
            channel: self.safe_channel(),
        }
    }

    fn consent(&self) -> Consent {
        match self.asks.as_str() {
            "self" | "agreed" | "given" => Consent::Given,
            _ => Consent::Absent {
                reason: self.no_consent_why.clone(),
            },
        }
    }

    fn safe_channel(&self) -> Option<SafeChannel> {
        let kind = match self.channel.as_str() {
            "phone" => SafeChannelKind::Phone,
            "text" => SafeChannelKind::Text,
            "email" => SafeChannelKind::Email,
            "post" => SafeChannelKind::Post,
            "advocate" => SafeChannelKind::Advocate,
            _ => return None,
        };
        Some(SafeChannel {
            kind,
            at: self.channel_at.clone(),
            note: given(&self.channel_note),
        })
    }
}

impl Person {
    fn with_room() -> Self {
        Self {
            numbers: vec![Personal::default()],
            addresses: vec![Address::default()],
            ..Self::default()
        }
    }

    /// Room for another number, up to the limit.
    pub(super) fn add_number(&mut self) {
        if self.numbers.len() < RequestLimits::DEFAULT.per_person {
            self.numbers.push(Personal::default());
        }
    }

    /// Room for another address, up to the limit.
    pub(super) fn add_address(&mut self) {
        if self.addresses.len() < RequestLimits::DEFAULT.per_person {
            self.addresses.push(Address::default());
        }
    }

    fn protected(&self) -> ProtectedPerson {
        let written = |address: &Address| WrittenAddress {
            lines: address.lines.clone(),
            postcode: given(&address.postcode),
        };
        ProtectedPerson {
            name: self.name.clone(),
            other_names: lines(&self.other_names),
            date_of_birth: None,
            numbers: self
                .numbers
                .iter()
                .filter(|number| !number.is_blank())
                .cloned()
                .collect(),
            addresses: self
                .addresses
                .iter()
                .filter(|a| !a.lines.is_blank())
                .map(written)
                .collect(),
            emails: lines(&self.emails),
            channels: Vec::new(),
        }
    }
}

impl Prisoner {
    fn known(&self) -> KnownOfPrisoner {
        KnownOfPrisoner {
            first_name: given(&self.first_name),
            last_name: given(&self.last_name),
            other_names: lines(&self.other_names),
            prison_number: given(&self.prison_number),
            date_of_birth: self.born.date().ok().flatten(),
            age_years: self.age.expose().trim().parse().ok(),
            prison: given(&self.prison),
            offence: given(&self.offence),
        }
    }
}

impl Day {
    /// The date; `None` when nothing was written, an error when it is no date.
    pub(super) fn date(&self) -> Result<Option<Date>, ()> {
        let parts = [&self.day, &self.month, &self.year].map(|part| part.expose().trim());
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let [day, month, year] = parts;
        let (day, month) = (day.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?);
        let year = year.parse().map_err(|_| ())?;
        if !(1900..=2100).contains(&year) {
            return Err(());
        }
        Date::new(year, month, day).map(Some).map_err(|_| ())
    }
}

impl Safety {
    fn risk(&self) -> Risk {
        let says = |risk: &str| self.risks.iter().any(|said| said == risk);
        Risk {
            physical: says("physical"),
            emotional: says("emotional"),
            coercive_or_controlling: says("coercive-or-controlling"),
            economic: says("economic"),
            stalking: says("stalking"),
            life_at_risk: self.life_at_risk == "yes",
        }
    }

    fn order(&self) -> Option<CourtOrder> {
        let kind: OrderKind = serde_json::from_value(self.order_kind.clone().into()).ok()?;
        Some(CourtOrder {
            kind,
            court: given(&self.order_court),
            number: given(&self.order_number),
            until: self.order_until.date().ok().flatten(),
            terms: given(&self.order_terms),
        })
    }
}

fn given(text: &Personal) -> Option<Personal> {
    (!text.is_blank()).then(|| text.clone())
}

/// Several values in one box, one a line.
fn lines(text: &Personal) -> Vec<Personal> {
    text.expose()
        .lines()
        .map(Personal::new)
        .filter(|line| !line.is_blank())
        .collect()
}
