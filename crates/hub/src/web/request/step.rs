//! The pages of the form, their order, and what each must say before the next is shown.

use casework::{Personal, RequestLimits};
use pages::FieldErrors;
use serde::{Deserialize, Serialize};

use super::channel::ChannelFields;
use super::draft::{Draft, Person, lines};

/// One page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Step {
    /// Who asks.
    Who,
    /// Who must no longer be reached.
    People,
    /// What is known of the prisoner.
    Prisoner,
    /// Risk, orders, others with good reason.
    Safety,
    /// All the answers, before they are sent.
    Check,
}

const ORDER: [Step; 5] = [Step::Who, Step::People, Step::Prisoner, Step::Safety, Step::Check];

impl Step {
    /// How many pages there are; the receipt comes after them.
    pub(super) const COUNT: usize = ORDER.len();

    /// The page at a place in the order; beyond the end, the first.
    pub(super) fn from_place(place: usize) -> Self {
        ORDER.get(place).copied().unwrap_or(Self::Who)
    }

    /// The page that a form named; the first where it named none.
    pub(super) fn from_name(name: &str) -> Self {
        ORDER
            .into_iter()
            .find(|step| step.name() == name)
            .unwrap_or(Self::Who)
    }

    /// The name that the form carries.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::People => "people",
            Self::Prisoner => "prisoner",
            Self::Safety => "safety",
            Self::Check => "check",
        }
    }

    /// The template.
    pub(super) fn template(self) -> &'static str {
        match self {
            Self::Who => "request/who.html",
            Self::People => "request/people.html",
            Self::Prisoner => "request/prisoner.html",
            Self::Safety => "request/safety.html",
            Self::Check => "request/check.html",
        }
    }

    /// The page after this one.
    pub(super) fn next(self) -> Self {
        Self::from_place(self.place() + 1)
    }

    /// The page before this one.
    pub(super) fn back(self) -> Self {
        Self::from_place(self.place().saturating_sub(1))
    }

    /// Its place in the order, from 0.
    pub(super) fn place(self) -> usize {
        ORDER.iter().position(|step| *step == self).unwrap_or(0)
    }

    /// What must be mended on this page.
    pub(super) fn errors(self, draft: &Draft) -> FieldErrors {
        let mut errors = FieldErrors::new();
        match self {
            Self::Who => who_errors(draft, &mut errors),
            Self::People => people_errors(draft, &mut errors),
            Self::Prisoner => prisoner_errors(draft, &mut errors),
            Self::Safety => safety_errors(draft, &mut errors),
            Self::Check => {}
        }
        errors
    }

    /// The first page with something to mend; the request is sent only when there is none.
    pub(super) fn first_with_errors(draft: &Draft) -> Option<Self> {
        ORDER.into_iter().find(|step| !step.errors(draft).is_empty())
    }
}

/// Whether the text has more characters than the limit.
pub(super) fn too_long(text: &Personal, limit_chars: usize) -> bool {
    text.expose().chars().count() > limit_chars
}

fn who_errors(draft: &Draft, errors: &mut FieldErrors) {
    let who = &draft.who;
    let unexplained = matches!(who.asks.as_str(), "not-agreed" | "absent") && who.no_consent_why.is_blank();
    let missing = [
        (who.asks.is_empty(), "asks", "request-error-asks"),
        (who.name.is_blank(), "name", "request-error-name"),
        (unexplained, "no-consent-why", "request-error-no-consent"),
        (who.why.is_blank(), "why", "request-error-why"),
        (who.channel.kind.is_empty(), "channel", "request-error-channel"),
    ];
    for (_, field, sentence) in missing.into_iter().filter(|(missing, ..)| *missing) {
        errors.add(field, sentence);
    }
    let fields = ChannelFields {
        at: format!("channel-at-{}", who.channel.kind),
        note: "channel-note".to_owned(),
        missing: "request-error-channel-at",
    };
    who.channel.find_errors(fields, errors);
    line_errors("name", &who.name, errors);
    line_errors("relationship", &who.relationship, errors);
    text_errors("why", &who.why, errors);
    text_errors("no-consent-why", &who.no_consent_why, errors);
}

/// One thing a line: too many, or one of them too long.
fn box_errors(field: String, text: &Personal, errors: &mut FieldErrors) {
    let RequestLimits {
        per_person,
        line_chars,
        ..
    } = RequestLimits::DEFAULT;
    let listed = lines(text);
    if listed.len() > per_person || listed.iter().any(|line| too_long(line, line_chars)) {
        errors.add(field, "request-error-too-long");
    }
}

fn text_errors(field: impl Into<String>, text: &Personal, errors: &mut FieldErrors) {
    if too_long(text, RequestLimits::DEFAULT.text_chars) {
        errors.add(field, "request-error-too-long");
    }
}

fn line_errors(field: impl Into<String>, text: &Personal, errors: &mut FieldErrors) {
    if too_long(text, RequestLimits::DEFAULT.line_chars) {
        errors.add(field, "request-error-too-long");
    }
}

fn people_errors(draft: &Draft, errors: &mut FieldErrors) {
    for (at, person) in draft.people.iter().enumerate() {
        person_errors(&format!("people-{at}"), person, errors);
    }
}

fn person_errors(at: &str, person: &Person, errors: &mut FieldErrors) {
    if person.name.is_blank() {
        errors.add(format!("{at}-name"), "request-error-person-name");
    }
    line_errors(format!("{at}-name"), &person.name, errors);
    box_errors(format!("{at}-other-names"), &person.other_names, errors);
    box_errors(format!("{at}-emails"), &person.emails, errors);
    if !reachable(person) {
        errors.add(format!("{at}-numbers-0"), "request-error-target");
    }
    for (n, number) in person.numbers.iter().enumerate() {
        line_errors(format!("{at}-numbers-{n}"), number, errors);
    }
    for (n, address) in person.addresses.iter().enumerate() {
        if too_long(&address.lines, RequestLimits::DEFAULT.text_chars) {
            errors.add(format!("{at}-addresses-{n}"), "request-error-too-long");
        } else if address.lines.is_blank() && !address.postcode.is_blank() {
            errors.add(format!("{at}-addresses-{n}"), "request-error-address-lines");
        }
        line_errors(format!("{at}-postcodes-{n}"), &address.postcode, errors);
    }
    let fields = ChannelFields {
        at: format!("{at}-channel-at"),
        note: format!("{at}-channel-note"),
        missing: "request-error-reach-at",
    };
    person.channel.find_errors(fields, errors);
}

fn reachable(person: &Person) -> bool {
    person.numbers.iter().any(|number| !number.is_blank())
        || person.addresses.iter().any(|address| !address.lines.is_blank())
        || !person.emails.is_blank()
}

fn prisoner_errors(draft: &Draft, errors: &mut FieldErrors) {
    let prisoner = &draft.prisoner;
    if prisoner.born.date().is_err() {
        errors.add("born-day", "request-error-born");
    }
    let age = prisoner.age.expose().trim();
    if !age.is_empty() && !age.parse::<u8>().is_ok_and(|years| (15..=110).contains(&years)) {
        errors.add("age", "request-error-age");
    }
    let number = prisoner.prison_number.expose();
    if !number.is_empty() && number.parse::<prison::PrisonerNumber>().is_err() {
        errors.add("prison-number", "request-error-prison-number");
    }
    for (field, text) in [
        ("first-name", &prisoner.first_name),
        ("last-name", &prisoner.last_name),
        ("prison", &prisoner.prison),
    ] {
        line_errors(field, text, errors);
    }
    box_errors("other-names".to_owned(), &prisoner.other_names, errors);
    text_errors("offence", &prisoner.offence, errors);
}

fn safety_errors(draft: &Draft, errors: &mut FieldErrors) {
    if draft.safety.life_at_risk.is_empty() {
        errors.add("life-at-risk", "request-error-life-at-risk");
    }
    for (at, order) in draft.safety.orders.iter().enumerate() {
        order.find_errors(&format!("orders-{at}"), errors);
    }
    text_errors("good-reason", &draft.safety.good_reason, errors);
}
