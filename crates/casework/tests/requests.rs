//! What a request must have to be taken, and what it must have for a bar at once.

use casework::{
    Consent, ContactRequest, KnownOfPrisoner, ProblemKind, ProtectedPerson, Referrer, ReferrerKind, Risk,
    WrittenAddress,
};

fn person() -> ProtectedPerson {
    ProtectedPerson {
        name: "Rhian Invented".into(),
        other_names: Vec::new(),
        date_of_birth: None,
        numbers: vec!["07700 900001".into()],
        addresses: Vec::new(),
        emails: Vec::new(),
        channels: Vec::new(),
    }
}

fn request() -> ContactRequest {
    ContactRequest {
        referrer: Referrer {
            kind: ReferrerKind::ProtectedPerson,
            name: "Rhian Invented".into(),
            relationship: None,
            channel: None,
        },
        people: vec![person()],
        prisoner: KnownOfPrisoner::default(),
        consent: Consent::Given,
        why: "He rings me.".into(),
        risk: Risk::default(),
        orders: Vec::new(),
        good_reason: None,
    }
}

fn address(lines: &str, postcode: Option<&str>) -> WrittenAddress {
    WrittenAddress {
        lines: lines.into(),
        postcode: postcode.map(Into::into),
    }
}

fn problems(change: impl Fn(&mut ContactRequest)) -> Vec<(String, ProblemKind)> {
    let mut request = request();
    change(&mut request);
    request
        .problems()
        .into_iter()
        .map(|found| (found.field, found.problem))
        .collect()
}

#[test]
fn what_must_be_there_is_missed_by_its_field() {
    let missing = |field: &str| [(field.to_owned(), ProblemKind::Missing)];
    assert_eq!(problems(|_| ()), []);
    assert_eq!(
        problems(|r| r.referrer.name = "  ".into()),
        missing("referrer.name")
    );
    assert_eq!(
        problems(|r| r.people[0].name = "".into()),
        missing("people[0].name")
    );
    assert_eq!(
        problems(|r| r.people[0].numbers.clear()),
        missing("people[0].numbers")
    );
    assert_eq!(
        problems(|r| r.people[0].numbers = vec![" ".into()]),
        missing("people[0].numbers")
    );
    assert_eq!(
        problems(|r| r.people[0].addresses = vec![address(" ", Some("ZZ9 9ZZ"))]),
        missing("people[0].addresses[0].lines")
    );
    let nobody = problems(|r| r.people.clear());
    assert!(nobody.contains(&("people".to_owned(), ProblemKind::Missing)));
}

#[test]
fn one_number_one_address_or_one_email_of_anybody_is_enough() {
    assert_eq!(
        problems(|r| r.people.insert(
            0,
            ProtectedPerson {
                numbers: Vec::new(),
                ..person()
            }
        )),
        []
    );
    let only = |change: fn(&mut ProtectedPerson)| {
        problems(|r| {
            r.people[0].numbers.clear();
            change(&mut r.people[0]);
        })
    };
    assert_eq!(only(|p| p.addresses = vec![address("4 Invented Row", None)]), []);
    assert_eq!(only(|p| p.emails = vec!["a@example.org".into()]), []);
}

#[test]
fn who_asks_why_and_with_what_agreement_must_be_said_for_a_bar_at_once() {
    let lacks = |change: fn(&mut ContactRequest)| {
        let mut request = request();
        change(&mut request);
        request.lacks()
    };
    assert!(lacks(|_| ()).is_empty());
    assert_eq!(lacks(|r| r.why = "".into()), ["why"]);
    assert_eq!(lacks(|r| r.referrer.name = "".into()), ["referrer.name"]);
    assert_eq!(
        lacks(|r| r.consent = Consent::Absent { reason: " ".into() }),
        ["consent.reason"]
    );
    let child = |r: &mut ContactRequest| {
        r.consent = Consent::Absent {
            reason: "she is a child".into(),
        };
    };
    assert!(lacks(child).is_empty());
}

#[test]
fn each_number_stands_alone() {
    let mut request = request();
    request.people[0].numbers = vec!["07700 900001".into(), " ".into(), "call me".into()];
    let resolved: Vec<bool> = request.numbers(None).map(|(_, result)| result.is_ok()).collect();
    assert_eq!(resolved, [true, false], "blank ones are passed over");
    assert_eq!(request.addresses().count(), 0);
}

#[test]
fn a_request_is_read_from_the_least_that_a_referrer_may_send() {
    let least = r#"{"referrer":{"kind":"police","name":"PC Ada Example"},
        "people":[{"name":"Rhian Invented","numbers":["07700 900001"]}],
        "consent":{"consent":"given"},"why":"He rings her."}"#;
    let read: ContactRequest = serde_json::from_str(least).unwrap();
    assert_eq!(read.problems(), []);
    assert_eq!(read.risk, Risk::default());
}

#[test]
fn a_request_prints_nothing_of_what_it_holds() {
    let printed = format!("{:?}", request());
    assert!(
        !printed.contains("Rhian") && !printed.contains("900001"),
        "{printed}"
    );
}
