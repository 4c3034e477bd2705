//! Every text and every list of a request has a limit: taken at it, and not one past it. The table is read off
//! a request in which everything is said, so that a new field stands in it by itself.
#![expect(clippy::unwrap_used, reason = "tests")]

use casework::{
    Consent, ContactRequest, CourtOrder, Intelligence, KnownOfPrisoner, OrderKind, ProblemKind,
    ProtectedPerson, Referrer, ReferrerKind, RequestLimits, Risk, SafeChannel, SafeChannelKind,
    WrittenAddress,
};
use serde_json::Value;

const LIMITS: RequestLimits = RequestLimits::DEFAULT;

/// Where an account of something is asked for; everything else is a line.
const TEXTS: [&str; 8] = [
    "/why",
    "/good_reason",
    "/consent/reason",
    "/orders/0/terms",
    "/people/0/addresses/0/lines",
    "/people/0/channels/0/note",
    "/prisoner/offence",
    "/referrer/channel/note",
];

fn channel() -> SafeChannel {
    SafeChannel {
        kind: SafeChannelKind::Phone,
        at: "07700 900002".into(),
        note: Some("before noon".into()),
    }
}

fn person() -> ProtectedPerson {
    ProtectedPerson {
        name: "Rhian Invented".into(),
        other_names: vec!["Rhi".into()],
        date_of_birth: Some("1990-01-02".parse().unwrap()),
        numbers: vec!["07700 900001".into()],
        addresses: vec![WrittenAddress {
            lines: "4 Invented Row".into(),
            postcode: Some("ZZ9 9ZZ".into()),
        }],
        emails: vec!["rhian@example.org".into()],
        channels: vec![channel()],
    }
}

fn prisoner() -> KnownOfPrisoner {
    KnownOfPrisoner {
        first_name: Some("Ivan".into()),
        last_name: Some("Invented".into()),
        other_names: vec!["Vanya".into()],
        prison_number: Some("A1234BC".into()),
        date_of_birth: Some("1988-03-14".parse().unwrap()),
        age_years: Some(38),
        prison: Some("Leeds".into()),
        offence: Some("stalking".into()),
    }
}

/// A request in which everything is said.
fn full() -> Value {
    let request = ContactRequest {
        referrer: Referrer {
            kind: ReferrerKind::Police,
            name: "PC Ada Example".into(),
            relationship: Some("neighbour".into()),
            channel: Some(channel()),
        },
        people: vec![person()],
        prisoner: prisoner(),
        consent: Consent::Absent {
            reason: "she is a child".into(),
        },
        why: "He rings her.".into(),
        risk: Risk::default(),
        orders: vec![CourtOrder {
            kind: OrderKind::Restraining,
            court: Some("Northmoor".into()),
            number: Some("12".into()),
            until: Some("2027-01-02".parse().unwrap()),
            terms: Some("no contact".into()),
        }],
        good_reason: Some("his son".into()),
    };
    serde_json::to_value(request).unwrap()
}

/// Every place in a value, as a JSON pointer, with what stands there.
fn places(value: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    found.push((at.to_owned(), value.clone()));
    match value {
        Value::Array(members) => {
            for (n, member) in members.iter().enumerate() {
                places(member, &format!("{at}/{n}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                places(field, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// `/people/0/name` as the problem names it: `people[0].name`.
fn field_of(place: &str) -> String {
    let mut field = String::new();
    for part in place.split('/').skip(1) {
        match part.parse::<usize>() {
            Ok(n) => field.push_str(&format!("[{n}]")),
            Err(_) if field.is_empty() => field.push_str(part),
            Err(_) => field.push_str(&format!(".{part}")),
        }
    }
    field
}

/// What is found with another value in one place; `None` if no request can be read then, as where a date or a
/// word of a list stands.
fn found_with(place: &str, value: Value) -> Option<Vec<(String, ProblemKind)>> {
    let mut body = full();
    *body.pointer_mut(place).unwrap() = value;
    let request: ContactRequest = serde_json::from_value(body).ok()?;
    let problems = request.problems().into_iter();
    Some(problems.map(|found| (found.field, found.problem)).collect())
}

fn text(chars: usize) -> Value {
    // Two bytes a character: characters are counted, not bytes.
    "é".repeat(chars).into()
}

#[test]
fn every_text_is_taken_at_its_limit_and_not_one_past_it() {
    let mut all = Vec::new();
    places(&full(), "", &mut all);
    let mut bounded = 0;
    for (place, _) in all.iter().filter(|(_, value)| value.is_string()) {
        let limit = match TEXTS.contains(&place.as_str()) {
            true => LIMITS.text_chars,
            false => LIMITS.line_chars,
        };
        let Some(at) = found_with(place, text(limit)) else {
            continue;
        };
        assert_eq!(at, [], "{place} at its limit");
        let past = found_with(place, text(limit + 1)).unwrap();
        assert_eq!(
            past,
            [(field_of(place), ProblemKind::TooLong)],
            "{place} one past its limit"
        );
        bounded += 1;
    }
    assert_eq!(bounded, 24, "the texts of a request");
}

#[test]
fn every_list_is_taken_at_its_limit_and_not_one_past_it() {
    let mut all = Vec::new();
    places(&full(), "", &mut all);
    let lists: Vec<_> = all
        .iter()
        .filter_map(|(place, value)| Some((place, value.as_array()?)))
        .collect();
    assert_eq!(lists.len(), 8, "the lists of a request");
    for (place, members) in lists {
        let limit = match place.as_str() {
            "/people" => LIMITS.people,
            "/orders" => LIMITS.orders,
            _ => LIMITS.per_person,
        };
        let of = |count: usize| Value::from(vec![members[0].clone(); count]);
        assert_eq!(found_with(place, of(limit)).unwrap(), [], "{place} at its limit");
        let past = found_with(place, of(limit + 1)).unwrap();
        assert_eq!(
            past,
            [(field_of(place), ProblemKind::TooMany)],
            "{place} one past its limit"
        );
    }
}

/// A misspelt field that was passed over would be an address that is not barred.
#[test]
fn a_field_that_there_is_not_is_refused_wherever_it_stands() {
    let mut all = Vec::new();
    places(&full(), "", &mut all);
    let objects: Vec<_> = all
        .iter()
        .filter_map(|(place, value)| Some((place, value.as_object()?)))
        .collect();
    assert_eq!(objects.len(), 10, "the objects of a request");
    for (place, fields) in objects {
        let mut more = fields.clone();
        more.insert("adresses".to_owned(), Value::from(vec!["4 Invented Row"]));
        assert_eq!(found_with(place, Value::Object(more)), None, "{place}");
    }
    let given = serde_json::json!({ "consent": "given", "adresses": [] });
    assert_eq!(found_with("/consent", given), None);
}

#[test]
fn intelligence_is_taken_at_its_limits_and_not_one_past_them() {
    let with = |account: usize, number: usize| {
        let body = serde_json::json!({ "kind": "proxy", "account": text(account), "number": text(number) });
        let intelligence: Intelligence = serde_json::from_value(body).unwrap();
        let problems = intelligence.problems().into_iter();
        problems
            .map(|found| (found.field, found.problem))
            .collect::<Vec<_>>()
    };
    let (account, number) = (LIMITS.text_chars, LIMITS.line_chars);
    assert_eq!(with(account, number), []);
    assert_eq!(
        with(account + 1, number),
        [("account".to_owned(), ProblemKind::TooLong)]
    );
    assert_eq!(
        with(account, number + 1),
        [("number".to_owned(), ProblemKind::TooLong)]
    );
    assert_eq!(with(0, number), [("account".to_owned(), ProblemKind::Missing)]);
}
