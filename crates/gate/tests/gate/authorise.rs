//! Verdicts: every cell of scope, caller and regime, and the order of the four questions.

use feed::{AlwaysAllowed, AlwaysAllowedNumber, ContactKind, Entry, Reason, Regime, Scope};
use gate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Ground, Verdict, authorise};
use gate::list::BarList;
use phone::{Class, PhoneNumber, Resolved, Service};

use crate::source::{Source, bar_id, list_of, number, prisoner};

const BARRED: Verdict = Verdict::Refuse(Reason::Barred);
const NOT_APPROVED: Verdict = Verdict::Refuse(Reason::NotApproved);
const NOT_BARRED: Verdict = Verdict::Allow(Ground::NotBarred);
const SOCIAL: Verdict = Verdict::Allow(Ground::Approved(ContactKind::Social));
const LEGAL: Verdict = Verdict::Allow(Ground::Approved(ContactKind::Legal));

/// Numbers of the table.
const ESTATE: u16 = 1;
const FOR_ONE: u16 = 2;
const SOCIAL_OF_ONE: u16 = 3;
const LEGAL_OF_ONE: u16 = 4;
const UNKNOWN: u16 = 5;
const BARRED_AND_APPROVED: u16 = 6;
const HELPLINE: u16 = 7;

fn list(regime: Regime) -> BarList {
    let mut source = Source::new(regime);
    source.entries = vec![
        source.bar(1, ESTATE, Scope::Everyone),
        source.bar(2, FOR_ONE, Scope::Prisoner(prisoner(1))),
        source.bar(3, BARRED_AND_APPROVED, Scope::Everyone),
        source.bar(4, HELPLINE, Scope::Everyone),
        source.approved(1, SOCIAL_OF_ONE, 1, ContactKind::Social),
        source.approved(2, LEGAL_OF_ONE, 1, ContactKind::Legal),
        source.approved(3, BARRED_AND_APPROVED, 1, ContactKind::Social),
    ];
    list_of(&source)
}

fn always() -> AlwaysAllowedSet {
    let numbers = vec![AlwaysAllowedNumber {
        number: number(HELPLINE),
        name: "A helpline".to_owned(),
    }];
    AlwaysAllowedSet::new(&AlwaysAllowed { version: 1, numbers })
}

fn callers() -> [(&'static str, Caller); 5] {
    [
        ("the prisoner named", Caller::parse("A0001BC")),
        ("another prisoner", Caller::parse("A0002BC")),
        ("generic", Caller::parse("generic")),
        ("official", Caller::parse("official-wing-office")),
        ("unknown", Caller::parse("A0001BC,A0002BC")),
    ]
}

fn rule(held: Option<&BarList>, caller: &Caller, dialled: PhoneNumber, class: Class) -> Verdict {
    let resolved = Ok(Resolved {
        number: dialled,
        class,
        service: Service::default(),
    });
    authorise(held, &always(), &ClassPolicy::default(), caller, &resolved)
}

#[test]
fn a_bar_on_a_number_abroad_holds_for_whatever_is_dialled_after_it() {
    let mut source = Source::new(Regime::CallBarring);
    let resolved = |dialled: &str| phone::resolve(dialled, None).unwrap();
    let barred = resolved("+49 30 123456");
    source.entries = vec![Entry::Bar {
        bar: bar_id(1),
        number: source.key.fingerprint(&barred.number),
        scope: Scope::Everyone,
    }];
    let list = list_of(&source);
    let caller = Caller::parse("A0001BC");
    let ruled = |dialled: &str| {
        let Resolved { number, class, .. } = resolved(dialled);
        rule(Some(&list), &caller, number, class)
    };
    for dialled in ["+49 30 123456", "+49 30 1234567", "0049 30 123456 78"] {
        assert_eq!(ruled(dialled), BARRED, "{dialled}");
    }
    for dialled in ["+49 30 123457", "+49 30 12345", "+49 40 123456"] {
        assert_eq!(ruled(dialled), NOT_BARRED, "{dialled}");
    }
}

#[test]
fn without_a_list_everything_but_always_allowed_numbers_is_refused() {
    for (name, caller) in callers() {
        for dialled in [ESTATE, FOR_ONE, SOCIAL_OF_ONE, LEGAL_OF_ONE, UNKNOWN] {
            let verdict = rule(None, &caller, number(dialled), Class::Mobile);
            assert_eq!(verdict, Verdict::Refuse(Reason::NoList), "{name}");
        }
        assert_eq!(
            rule(None, &caller, number(HELPLINE), Class::Mobile),
            Verdict::Allow(Ground::AlwaysAllowed)
        );
    }
}

#[test]
fn what_cannot_be_resolved_is_refused_in_every_state() {
    let list = list(Regime::CallBarring);
    for held in [None, Some(&list)] {
        for dialled in [
            "",
            "*21*07700900123#",
            "1471",
            "118118",
            "0770090012",
            "077009001234",
            "٠٧٧٠٠٩٠٠١٢٣",
        ] {
            let dialled = phone::resolve(dialled, None);
            let verdict = authorise(
                held,
                &always(),
                &ClassPolicy::default(),
                &Caller::parse("generic"),
                &dialled,
            );
            assert_eq!(verdict, Verdict::Refuse(Reason::Unresolvable));
        }
    }
}

#[test]
fn classes_are_asked_after_approval_and_before_the_default() {
    let list = list(Regime::CallBarring);
    let caller = Caller::parse("A0001BC");
    for class in [
        Class::Personal,
        Class::Corporate,
        Class::NonGeographic,
        Class::Freephone,
        Class::Premium,
        Class::InternationalPremium,
        Class::Emergency,
    ] {
        let refused = rule(Some(&list), &caller, number(UNKNOWN), class);
        assert_eq!(refused, Verdict::Refuse(Reason::ClassRefused), "{class:?}");
        assert_eq!(
            rule(Some(&list), &caller, number(SOCIAL_OF_ONE), class),
            SOCIAL,
            "{class:?}, approved"
        );
        assert_eq!(
            rule(Some(&list), &caller, number(ESTATE), class),
            BARRED,
            "{class:?}, barred"
        );
    }
    for class in [
        Class::Mobile,
        Class::Geographic,
        Class::Short,
        Class::International,
    ] {
        assert_eq!(
            rule(Some(&list), &caller, number(UNKNOWN), class),
            NOT_BARRED,
            "{class:?}"
        );
    }
}

#[test]
fn satellite_and_premium_numbers_abroad_need_approval() {
    let list = list(Regime::CallBarring);
    for dialled in [
        "00 881 612345678",
        "00 870 773111632",
        "00 979 123456789",
        "+1 900 234 5678",
        "00 33 899 123456",
        "00 49 900 1123456",
    ] {
        let resolved = phone::resolve(dialled, None);
        assert!(resolved.is_ok(), "{dialled}");
        let verdict = authorise(
            Some(&list),
            &AlwaysAllowedSet::default(),
            &ClassPolicy::default(),
            &Caller::parse("A0001BC"),
            &resolved,
        );
        assert_eq!(verdict, Verdict::Refuse(Reason::ClassRefused), "{dialled}");
    }
}

#[test]
fn a_barred_number_is_refused_in_every_form_that_it_can_be_dialled_in() {
    let list = list(Regime::CallBarring);
    for dialled in [
        "07700900001",
        "07700 900 001",
        "+447700900001",
        "00447700900001",
        "+44 (0) 7700 900001",
        "141 07700 900001",
        "1470 141 07700900001",
        "18001 07700900001",
        "1280 0044 7700 900001",
        "447700900001",
    ] {
        let resolved = phone::resolve(dialled, None);
        let verdict = authorise(
            Some(&list),
            &always(),
            &ClassPolicy::default(),
            &Caller::parse("A0002BC"),
            &resolved,
        );
        assert_eq!(verdict, BARRED, "{dialled}");
    }
}

#[test]
fn calls_to_lawyers_and_helplines_are_never_recorded_when_allowed() {
    assert!(!LEGAL.is_recorded());
    assert!(!Verdict::Allow(Ground::AlwaysAllowed).is_recorded());
    for recorded in [
        SOCIAL,
        NOT_BARRED,
        BARRED,
        NOT_APPROVED,
        Verdict::Refuse(Reason::NoList),
    ] {
        assert!(recorded.is_recorded(), "{recorded:?}");
    }
}

#[test]
fn a_caller_is_a_prisoner_only_if_he_is_exactly_one() {
    for text in ["A0001BC", "a0001bc", " A0001BC "] {
        assert_eq!(Caller::parse(text), Caller::Prisoner(prisoner(1)), "{text:?}");
    }
    assert_eq!(Caller::parse("GENERIC"), Caller::Generic);
    assert_eq!(
        Caller::parse("official-chapel"),
        Caller::Official("chapel".to_owned())
    );
    for text in [
        "",
        "official-",
        "A0001BC A0002BC",
        "A001BC",
        "1001",
        "generics",
        "official",
    ] {
        assert!(matches!(Caller::parse(text), Caller::Unknown(_)), "{text:?}");
    }
    assert_eq!(
        Caller::parse(&"é".repeat(200)).text().len(),
        64,
        "a caller's text is bounded"
    );
}
