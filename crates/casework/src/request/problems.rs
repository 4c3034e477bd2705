//! What is wrong with a request or with intelligence: something missing, too long or too many. Each field of a request is taken
//! apart by name, so that a new field does not compile before its limit is said.

use serde::Serialize;

use super::{
    Consent, ContactRequest, CourtOrder, KnownOfPrisoner, ProtectedPerson, Referrer, SafeChannel,
    WrittenAddress,
};
use crate::intelligence::Intelligence;
use crate::personal::Personal;

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
        let Self {
            referrer,
            people,
            prisoner,
            consent,
            why,
            risk: _,
            orders,
            good_reason,
        } = self;
        let mut found = Found::default();
        referrer.find(&mut found);
        found.text("why", why);
        found.text_if_any("good_reason", good_reason);
        if let Consent::Absent { reason } = consent {
            found.text("consent.reason", reason);
        }
        found.each(
            "people",
            people,
            RequestLimits::DEFAULT.people,
            ProtectedPerson::find,
        );
        prisoner.find(&mut found);
        found.each("orders", orders, RequestLimits::DEFAULT.orders, CourtOrder::find);
        if people.is_empty() {
            found.add("people", ProblemKind::Missing);
        }
        if !people.iter().any(ProtectedPerson::names_a_target) {
            found.add("people[0].numbers", ProblemKind::Missing);
        }
        found.0
    }
}

impl Referrer {
    fn find(&self, found: &mut Found) {
        let Self {
            kind: _,
            name,
            relationship,
            channel,
        } = self;
        found.needed("referrer.name", name);
        found.line_if_any("referrer.relationship", relationship);
        if let Some(channel) = channel {
            channel.find("referrer.channel", found);
        }
    }
}

impl ProtectedPerson {
    fn find(&self, at: &str, found: &mut Found) {
        let Self {
            name,
            other_names,
            date_of_birth: _,
            numbers,
            addresses,
            emails,
            channels,
        } = self;
        let most = RequestLimits::DEFAULT.per_person;
        found.needed(&format!("{at}.name"), name);
        for (list, lines) in [
            ("other_names", other_names),
            ("numbers", numbers),
            ("emails", emails),
        ] {
            found.each(&format!("{at}.{list}"), lines, most, |line, at, found| {
                found.line(at, line)
            });
        }
        found.each(&format!("{at}.addresses"), addresses, most, WrittenAddress::find);
        found.each(&format!("{at}.channels"), channels, most, SafeChannel::find);
    }
}

impl WrittenAddress {
    fn find(&self, at: &str, found: &mut Found) {
        let Self { lines, postcode } = self;
        // A postcode alone would be passed over, and its referrer would think it barred.
        if lines.is_blank() && postcode.as_ref().is_some_and(|code| !code.is_blank()) {
            found.add(&format!("{at}.lines"), ProblemKind::Missing);
        }
        found.text(&format!("{at}.lines"), lines);
        found.line_if_any(&format!("{at}.postcode"), postcode);
    }
}

impl SafeChannel {
    fn find(&self, place: &str, found: &mut Found) {
        let Self { kind: _, at, note } = self;
        found.needed(&format!("{place}.at"), at);
        found.text_if_any(&format!("{place}.note"), note);
    }
}

impl KnownOfPrisoner {
    fn find(&self, found: &mut Found) {
        let Self {
            first_name,
            last_name,
            other_names,
            prison_number,
            date_of_birth: _,
            age_years: _,
            prison,
            offence,
        } = self;
        for (field, line) in [
            ("prisoner.first_name", first_name),
            ("prisoner.last_name", last_name),
            ("prisoner.prison_number", prison_number),
            ("prisoner.prison", prison),
        ] {
            found.line_if_any(field, line);
        }
        let most = RequestLimits::DEFAULT.per_person;
        found.each("prisoner.other_names", other_names, most, |name, at, found| {
            found.line(at, name);
        });
        found.text_if_any("prisoner.offence", offence);
    }
}

impl CourtOrder {
    fn find(&self, at: &str, found: &mut Found) {
        let Self {
            kind: _,
            court,
            number,
            until: _,
            terms,
        } = self;
        found.line_if_any(&format!("{at}.court"), court);
        found.line_if_any(&format!("{at}.number"), number);
        found.text_if_any(&format!("{at}.terms"), terms);
    }
}

impl Intelligence {
    /// Checks that something is told, and the limits.
    pub fn problems(&self) -> Vec<Problem> {
        let Self {
            kind: _,
            reference: _,
            number,
            account,
        } = self;
        let mut found = Found::default();
        if account.is_blank() {
            found.add("account", ProblemKind::Missing);
        }
        found.text("account", account);
        found.line_if_any("number", number);
        found.0
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

    /// The list's length, and what `find` finds in each member at its place.
    fn each<T>(&mut self, list: &str, members: &[T], limit: usize, find: impl Fn(&T, &str, &mut Self)) {
        if members.len() > limit {
            self.add(list, ProblemKind::TooMany);
        }
        for (n, member) in members.iter().enumerate() {
            find(member, &format!("{list}[{n}]"), self);
        }
    }

    /// A line that must be there.
    fn needed(&mut self, field: &str, line: &Personal) {
        if line.is_blank() {
            self.add(field, ProblemKind::Missing);
        }
        self.line(field, line);
    }

    fn line(&mut self, field: &str, line: &Personal) {
        self.chars(field, line, RequestLimits::DEFAULT.line_chars);
    }

    fn line_if_any(&mut self, field: &str, line: &Option<Personal>) {
        line.iter().for_each(|line| self.line(field, line));
    }

    fn text(&mut self, field: &str, text: &Personal) {
        self.chars(field, text, RequestLimits::DEFAULT.text_chars);
    }

    fn text_if_any(&mut self, field: &str, text: &Option<Personal>) {
        text.iter().for_each(|text| self.text(field, text));
    }

    fn chars(&mut self, field: &str, value: &Personal, limit: usize) {
        if value.expose().chars().count() > limit {
            self.add(field, ProblemKind::TooLong);
        }
    }
}
