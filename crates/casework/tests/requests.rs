//! What a request must have to be taken: at each limit, and one past it.

use casework::{
    Consent, ContactRequest, CourtOrder, KnownOfPrisoner, OrderKind, Personal, ProblemKind, ProtectedPerson,
    Referrer, ReferrerKind, RequestLimits, Risk, SafeChannel, SafeChannelKind, WrittenAddress,
};

const LIMITS: RequestLimits = RequestLimits::DEFAULT;

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

fn text(chars: usize) -> Personal {
    // Two bytes a character: characters are counted, not bytes.
    Personal::new(&"é".repeat(chars))
}

fn address(chars: usize) -> WrittenAddress {
    WrittenAddress {
        lines: text(chars),
        postcode: None,
    }
}

fn channel(chars: usize) -> SafeChannel {
    SafeChannel {
        kind: SafeChannelKind::Phone,
        at: text(chars),
        note: None,
    }
}

fn order() -> CourtOrder {
    CourtOrder {
        kind: OrderKind::Restraining,
        court: None,
        number: None,
        until: None,
        terms: None,
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

/// A limit: its field, what is wrong past it, and a request that has so many or so much.
type Limit = (&'static str, ProblemKind, usize, fn(&mut ContactRequest, usize));

const LINES: [Limit; 6] = [
    (
        "referrer.name",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| r.referrer.name = text(n),
    ),
    (
        "people[0].name",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| r.people[0].name = text(n),
    ),
    (
        "people[0].numbers[0]",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| {
            r.people[0].numbers = vec![text(n)];
        },
    ),
    (
        "people[0].emails[0]",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| {
            r.people[0].emails = vec![text(n)];
        },
    ),
    (
        "people[0].other_names[0]",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| {
            r.people[0].other_names = vec![text(n)];
        },
    ),
    (
        "people[0].channels[0]",
        ProblemKind::TooLong,
        LIMITS.line_chars,
        |r, n| {
            r.people[0].channels = vec![channel(n)];
        },
    ),
];

const TEXTS: [Limit; 4] = [
    ("why", ProblemKind::TooLong, LIMITS.text_chars, |r, n| {
        r.why = text(n)
    }),
    ("good_reason", ProblemKind::TooLong, LIMITS.text_chars, |r, n| {
        r.good_reason = Some(text(n))
    }),
    (
        "consent.reason",
        ProblemKind::TooLong,
        LIMITS.text_chars,
        |r, n| {
            r.consent = Consent::Absent { reason: text(n) };
        },
    ),
    (
        "people[0].addresses[0]",
        ProblemKind::TooLong,
        LIMITS.text_chars,
        |r, n| {
            r.people[0].addresses = vec![address(n)];
        },
    ),
];

const COUNTS: [Limit; 7] = [
    ("people", ProblemKind::TooMany, LIMITS.people, |r, n| {
        r.people = vec![person(); n]
    }),
    ("orders", ProblemKind::TooMany, LIMITS.orders, |r, n| {
        r.orders = vec![order(); n]
    }),
    (
        "people[0].numbers",
        ProblemKind::TooMany,
        LIMITS.per_person,
        |r, n| {
            r.people[0].numbers = vec![text(5); n];
        },
    ),
    (
        "people[0].emails",
        ProblemKind::TooMany,
        LIMITS.per_person,
        |r, n| {
            r.people[0].emails = vec![text(5); n];
        },
    ),
    (
        "people[0].other_names",
        ProblemKind::TooMany,
        LIMITS.per_person,
        |r, n| {
            r.people[0].other_names = vec![text(5); n];
        },
    ),
    (
        "people[0].addresses",
        ProblemKind::TooMany,
        LIMITS.per_person,
        |r, n| {
            r.people[0].addresses = vec![address(5); n];
        },
    ),
    (
        "people[0].channels",
        ProblemKind::TooMany,
        LIMITS.per_person,
        |r, n| {
            r.people[0].channels = vec![channel(5); n];
        },
    ),
];

#[test]
fn a_request_is_taken_at_each_limit_and_not_one_past_it() {
    for (field, kind, limit, change) in LINES.into_iter().chain(TEXTS).chain(COUNTS) {
        assert_eq!(
            problems(|request| change(request, limit)),
            [],
            "{field} at its limit"
        );
        let past = problems(|request| change(request, limit + 1));
        assert_eq!(past, [(field.to_owned(), kind)], "{field} one past its limit");
    }
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
    assert_eq!(only(|p| p.addresses = vec![address(5)]), []);
    assert_eq!(only(|p| p.emails = vec!["a@example.org".into()]), []);
}

#[test]
fn who_asks_why_and_with_what_agreement_must_be_said_for_a_bar_at_once() {
    let says = |change: fn(&mut ContactRequest)| {
        let mut request = request();
        change(&mut request);
        request.says_who_and_why()
    };
    assert!(says(|_| ()));
    assert!(!says(|r| r.why = "".into()));
    assert!(!says(|r| r.referrer.name = "".into()));
    assert!(!says(|r| r.consent = Consent::Absent { reason: " ".into() }));
    assert!(says(|r| r.consent = Consent::Absent {
        reason: "she is a child".into()
    }));
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
