//! The requests of a case, as they were made.

use casework::{Consent, ContactRequest, KnownOfPrisoner, Personal, ProtectedPerson, Risk, SafeChannel};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::store::{CaseFile, FiledRequest, ListedIn};
use crate::web::staff::{frame, words};

/// One request, as the page shows it.
#[derive(Serialize)]
pub(super) struct Asked {
    received_at: Timestamp,
    kind: String,
    name: Personal,
    relationship: Option<Personal>,
    channel: Option<Channel>,
    consent: &'static str,
    consent_reason: Option<Personal>,
    why: Personal,
    risks: Vec<&'static str>,
    orders: Vec<Order>,
    good_reason: Option<Personal>,
    /// What is known of the prisoner, one fact a line.
    prisoner: String,
    rule: String,
    people: Vec<Person>,
}

#[derive(Serialize)]
struct Channel {
    kind: String,
    at: Personal,
    note: Option<Personal>,
}

#[derive(Serialize)]
struct Order {
    kind: String,
    court: Option<Personal>,
    number: Option<Personal>,
    until: Option<Date>,
    terms: Option<Personal>,
}

#[derive(Serialize)]
struct Person {
    name: Personal,
    other_names: Vec<Personal>,
    born: Option<Date>,
    numbers: Vec<Personal>,
    addresses: Vec<String>,
    emails: Vec<Personal>,
    ways: Vec<Channel>,
}

/// A row of a prison's no-contact list on which the case rests.
#[derive(Serialize)]
pub(super) struct Listed {
    prison: String,
    kept_by: Personal,
    as_of: Date,
    row: u64,
    hash: String,
}

/// The rows of no-contact lists, oldest first.
pub(super) fn listed(file: &CaseFile) -> Vec<Listed> {
    let row = |listed: &ListedIn| Listed {
        prison: frame::prison_name(listed.origin.prison),
        kept_by: listed.origin.kept_by.clone(),
        as_of: listed.origin.as_of,
        row: listed.row,
        hash: listed.origin.file.chars().take(8).collect(),
    };
    file.listed.iter().map(row).collect()
}

/// The requests, the newest first.
pub(super) fn all(file: &CaseFile) -> Vec<Asked> {
    file.requests.iter().rev().map(asked).collect()
}

fn asked(filed: &FiledRequest) -> Asked {
    let ContactRequest {
        referrer,
        people,
        prisoner,
        consent,
        why,
        risk,
        orders,
        good_reason,
    } = &filed.request;
    let (consent, consent_reason) = said(consent);
    let order = |order: &casework::CourtOrder| Order {
        kind: words::code(order.kind),
        court: order.court.clone(),
        number: order.number.clone(),
        until: order.until,
        terms: order.terms.clone(),
    };
    Asked {
        received_at: filed.received_at,
        kind: words::code(referrer.kind),
        name: referrer.name.clone(),
        relationship: referrer.relationship.clone(),
        channel: referrer.channel.as_ref().map(channel),
        consent,
        consent_reason,
        why: why.clone(),
        risks: risks(risk),
        orders: orders.iter().map(order).collect(),
        good_reason: good_reason.clone(),
        prisoner: known(prisoner),
        rule: format!("{} ({})", filed.ruling.rule, filed.ruling.version),
        people: people.iter().map(person).collect(),
    }
}

/// The code of a consent, and the reason for its absence.
pub(super) fn said(consent: &Consent) -> (&'static str, Option<Personal>) {
    match consent {
        Consent::Given => ("given", None),
        Consent::Absent { reason } => ("absent", Some(reason.clone())),
    }
}

fn channel(channel: &SafeChannel) -> Channel {
    Channel {
        kind: words::code(channel.kind),
        at: channel.at.clone(),
        note: channel.note.clone(),
    }
}

fn risks(risk: &Risk) -> Vec<&'static str> {
    let named = [
        (risk.life_at_risk, "life-at-risk"),
        (risk.physical, "physical"),
        (risk.emotional, "emotional"),
        (risk.coercive_or_controlling, "coercive-or-controlling"),
        (risk.economic, "economic"),
        (risk.stalking, "stalking"),
    ];
    named
        .into_iter()
        .filter(|(said, _)| *said)
        .map(|(_, code)| code)
        .collect()
}

fn person(person: &ProtectedPerson) -> Person {
    Person {
        name: person.name.clone(),
        other_names: person.other_names.clone(),
        born: person.date_of_birth,
        numbers: person.numbers.clone(),
        addresses: person.addresses.iter().map(words::address).collect(),
        emails: person.emails.clone(),
        ways: person.channels.iter().map(channel).collect(),
    }
}

fn known(prisoner: &KnownOfPrisoner) -> String {
    let name = [&prisoner.first_name, &prisoner.last_name];
    let name: Vec<&str> = name.into_iter().flatten().map(Personal::expose).collect();
    let mut facts = vec![name.join(" ")];
    facts.extend(prisoner.other_names.iter().map(|name| name.expose().to_owned()));
    facts.extend(
        prisoner
            .prison_number
            .iter()
            .map(|number| number.expose().to_owned()),
    );
    facts.extend(prisoner.date_of_birth.iter().map(ToString::to_string));
    facts.extend(prisoner.age_years.iter().map(ToString::to_string));
    facts.extend(prisoner.prison.iter().map(|prison| prison.expose().to_owned()));
    facts.extend(prisoner.offence.iter().map(|offence| offence.expose().to_owned()));
    facts.retain(|fact| !fact.trim().is_empty());
    facts.join("\n")
}
