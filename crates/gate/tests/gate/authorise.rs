//! Verdicts: every cell of scope, caller and regime, and the order of the four questions.

use feed::{AlwaysAllowed, AlwaysAllowedNumber, ContactKind, Entry, Reason, Regime, Scope};
use gate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Classes, Ground, Rule, Verdict, authorise};
use gate::list::BarList;
use phone::{Class, PhoneNumber, Resolved, Service};

use crate::source::{Source, bar_id, entry_id, list_of, number, prisoner};

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

/// One number for each class and beginning of the built-in policy, and its rule. A beginning is filled up to a whole
/// number.
const BY_CLASS: [(&str, Rule); 24] = [
    ("07700 900123", Rule::Rings),
    ("01632 960123", Rule::Rings),
    ("01534", Rule::Rings),
    ("116 123", Rule::Rings),
    ("+353 1 234 5678", Rule::Rings),
    ("0808 157 0123", Rule::IfApproved),
    ("03069 990123", Rule::IfApproved),
    ("999", Rule::IfApproved),
    ("112", Rule::IfApproved),
    ("070", Rule::Refused),
    ("076", Rule::Refused),
    ("055", Rule::Refused),
    ("056", Rule::Refused),
    ("0843", Rule::Refused),
    ("0845", Rule::Refused),
    ("0870", Rule::Refused),
    ("0909 879 0123", Rule::Refused),
    ("+1 900 234 5678", Rule::Refused),
    ("+33 899 123456", Rule::Refused),
    ("+800 12345678", Rule::Refused),
    ("+870 773111632", Rule::Refused),
    ("+881 612345678", Rule::Refused),
    ("+883 510012345", Rule::Refused),
    ("+979 123456789", Rule::Refused),
];

fn whole(beginning: &str) -> String {
    let is_cut = beginning.starts_with('0') && beginning.len() < 6;
    if is_cut {
        format!("{beginning:0<11}")
    } else {
        beginning.to_owned()
    }
}

/// A list that holds one number, as this entry makes it.
fn list_with(regime: Regime, entry: impl FnOnce(&Source) -> Entry) -> BarList {
    let mut source = Source::new(regime);
    source.entries = vec![entry(&source)];
    list_of(&source)
}

fn on_the_list(regime: Regime, dialled: &Resolved, contact: ContactKind) -> BarList {
    list_with(regime, |source| Entry::Approved {
        entry: entry_id(1),
        number: source.key.fingerprint(&dialled.number),
        holder: prisoner(1),
        contact,
    })
}

fn barred(regime: Regime, dialled: &Resolved) -> BarList {
    list_with(regime, |source| Entry::Bar {
        bar: bar_id(1),
        number: source.key.fingerprint(&dialled.number),
        scope: Scope::Everyone,
    })
}

#[test]
fn every_cell_of_class_and_list_and_regime() {
    use ContactKind::{Legal, Official, Social};
    let allow = |contact| Verdict::Allow(Ground::Approved(contact));
    let by_class = Verdict::Refuse(Reason::ClassRefused);
    let caller = Caller::parse("A0001BC");
    for (dialled, expected) in BY_CLASS {
        let resolved = phone::resolve(&whole(dialled), None).expect(dialled);
        let ruled = |list: &BarList| rule(Some(list), &caller, resolved.number, resolved.class);
        let contact = |regime, contact| ruled(&on_the_list(regime, &resolved, contact));
        let (unlisted, approved): (_, fn(ContactKind) -> Option<Verdict>) = match expected {
            Rule::Rings => (NOT_BARRED, |_| None),
            Rule::IfApproved => (by_class, |_| None),
            Rule::Refused => (by_class, |_| Some(Verdict::Refuse(Reason::ClassRefused))),
        };
        assert_eq!(
            ruled(&list(Regime::CallBarring)),
            unlisted,
            "{dialled}, on nobody's list"
        );
        for kind in [Social, Official] {
            let expected = approved(kind).unwrap_or(allow(kind));
            assert_eq!(
                contact(Regime::CallBarring, kind),
                expected,
                "{dialled}, {kind:?}"
            );
            // Staff rang it before it was approved.
            assert_eq!(
                contact(Regime::CallEnabling, kind),
                allow(kind),
                "{dialled}, {kind:?}"
            );
        }
        for regime in [Regime::CallBarring, Regime::CallEnabling] {
            assert_eq!(contact(regime, Legal), allow(Legal), "{dialled}, a lawyer's");
            assert_eq!(ruled(&barred(regime, &resolved)), BARRED, "{dialled}, barred");
        }
        assert_eq!(
            ruled(&list(Regime::CallEnabling)),
            NOT_APPROVED,
            "{dialled}, on nobody's list"
        );
    }
}

#[test]
fn a_number_that_is_nobodys_rings_only_if_somebody_approved_it() {
    let file =
        "NMS Number Block,Block Status,CP Name,Number Length\n7700,Free,,10\n20,Allocated,Example,10\n";
    let allocations = phone::Allocations::read([("s7.csv", file.as_bytes())]).unwrap();
    let policy = ClassPolicy::new(Classes::default(), Some(allocations));
    let resolved = phone::resolve("07700 900123", None);
    let ruled = |list: &BarList, always: &AlwaysAllowedSet| {
        authorise(Some(list), always, &policy, &Caller::parse("A0001BC"), &resolved)
    };
    let nobody = AlwaysAllowedSet::default();
    let number = resolved.expect("it resolves");
    let unlisted = list(Regime::CallBarring);
    assert_eq!(ruled(&unlisted, &nobody), Verdict::Refuse(Reason::Unresolvable));
    let approved = on_the_list(Regime::CallBarring, &number, ContactKind::Social);
    assert_eq!(ruled(&approved, &nobody), SOCIAL);
    assert_eq!(ruled(&barred(Regime::CallBarring, &number), &nobody), BARRED);
    let listed = AlwaysAllowedNumber {
        number: number.number,
        name: "A helpline".to_owned(),
    };
    let always = AlwaysAllowedSet::new(&AlwaysAllowed {
        version: 1,
        numbers: vec![listed],
    });
    assert_eq!(ruled(&unlisted, &always), Verdict::Allow(Ground::AlwaysAllowed));
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
