//! Who may ring what: one row for each way in which a number can stand, one column for each kind of caller. Written
//! to be read by somebody who decides cases, not programs.
//!
//! A row names the regime of the prison, the bar on the number and the approved entry for it. *Him* is the prisoner
//! whom the bar or the entry names, and the bar is tried with an exception for him, for another and for nobody; *another* is any other prisoner, one who came from another prison with entries
//! there among them. Of one who has two prison numbers the hub tells a bar for each. Every row is tried in two prisons,
//! with the number on the always-allowed list and not, with a number of each class, with a list held and without.
//!
//! The rows are a `match`: a new regime, scope, kind of contact or kind of caller does not compile without its own.

use feed::{AlwaysAllowed, AlwaysAllowedNumber, ContactKind, Entry, Reason, Regime, Scope};
use gate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Ground, Verdict, authorise};
use gate::classes::Rule;
use gate::list::BarList;
use phone::{Class, Resolved, Service};
use prison::PrisonId;

use crate::source::{Source, exception, gate_id, number, prisoner, sealing};

/// The number of every row.
const DIALLED: u16 = 1;
const HIM: u8 = 1;
const ANOTHER: u8 = 2;

/// The bar on the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bar {
    Unbarred,
    ForEveryone,
    ForHim,
    ForAnother,
}

/// Whom the bar leaves alone. He rings what he would ring if it were not there, and for everybody else nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Excepted {
    Nobody,
    Him,
    Another,
}

/// The approved entry for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listed {
    Nowhere,
    WithHim(ContactKind),
    WithAnother(ContactKind),
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// Refused: barred.
    Bar,
    /// Refused: not on his list.
    No,
    /// Rings: on his list as family or friend, agency, lawyer; for generic and official phones, on anybody's as lawyer.
    Soc,
    Off,
    Leg,
    /// Rings: nothing stands against it.
    Any,
}

/// Him, another, generic, official, unknown.
const CALLERS: [&str; 5] = [
    "A0001BC",
    "A0002BC",
    "generic",
    "official-chapel",
    "A0001BC,A0002BC",
];

/// The column of a caller; *him* and *another* are told apart by their numbers.
fn column(caller: &Caller) -> usize {
    match caller {
        Caller::Prisoner(named) if *named == prisoner(HIM) => 0,
        Caller::Prisoner(_) => 1,
        Caller::Generic => 2,
        Caller::Official(_) => 3,
        Caller::Unknown(_) => 4,
    }
}

#[rustfmt::skip]
fn row(regime: Regime, bar: Bar, listed: Listed) -> [Word; 5] {
    use Bar::{ForAnother, ForEveryone, ForHim, Unbarred};
    use ContactKind::{Legal, Official, Social};
    use Listed::{Nowhere, WithAnother, WithHim};
    use Regime::{CallBarring, CallEnabling};
    use Word::{Any, Bar as BAR, Leg, No, Off, Soc};
    match (regime, bar, listed) {
        //                                                him  another generic official unknown
        // Only approved numbers may be dialled.
        (CallEnabling, Unbarred, Nowhere)               => [No,  No,  No,  No,  No ],
        (CallEnabling, Unbarred, WithHim(Social))       => [Soc, No,  No,  No,  No ],
        (CallEnabling, Unbarred, WithHim(Official))     => [Off, No,  No,  No,  No ],
        (CallEnabling, Unbarred, WithHim(Legal))        => [Leg, No,  Leg, Leg, No ],
        (CallEnabling, Unbarred, WithAnother(Social))   => [No,  Soc, No,  No,  No ],
        (CallEnabling, Unbarred, WithAnother(Official)) => [No,  Off, No,  No,  No ],
        (CallEnabling, Unbarred, WithAnother(Legal))    => [No,  Leg, Leg, Leg, No ],
        // All but barred numbers may be dialled.
        (CallBarring,  Unbarred, Nowhere)               => [Any, Any, Any, Any, Any],
        (CallBarring,  Unbarred, WithHim(Social))       => [Soc, Any, Any, Any, Any],
        (CallBarring,  Unbarred, WithHim(Official))     => [Off, Any, Any, Any, Any],
        (CallBarring,  Unbarred, WithHim(Legal))        => [Leg, Any, Leg, Leg, Any],
        (CallBarring,  Unbarred, WithAnother(Social))   => [Any, Soc, Any, Any, Any],
        (CallBarring,  Unbarred, WithAnother(Official)) => [Any, Off, Any, Any, Any],
        (CallBarring,  Unbarred, WithAnother(Legal))    => [Any, Leg, Leg, Leg, Any],
        // Barred for everyone: whatever the regime, whatever entry there is.
        (CallEnabling | CallBarring, ForEveryone,
            Nowhere | WithHim(Social | Official | Legal)
                    | WithAnother(Social | Official | Legal))
                                                        => [BAR, BAR, BAR, BAR, BAR],
        // Barred for him: whoever is not certainly somebody else is taken for him.
        (CallEnabling, ForHim, Nowhere)                 => [BAR, No,  BAR, BAR, BAR],
        (CallEnabling, ForHim, WithHim(Social | Official | Legal))
                                                        => [BAR, No,  BAR, BAR, BAR],
        (CallEnabling, ForHim, WithAnother(Social))     => [BAR, Soc, BAR, BAR, BAR],
        (CallEnabling, ForHim, WithAnother(Official))   => [BAR, Off, BAR, BAR, BAR],
        (CallEnabling, ForHim, WithAnother(Legal))      => [BAR, Leg, BAR, BAR, BAR],
        (CallBarring,  ForHim, Nowhere)                 => [BAR, Any, BAR, BAR, BAR],
        (CallBarring,  ForHim, WithHim(Social | Official | Legal))
                                                        => [BAR, Any, BAR, BAR, BAR],
        (CallBarring,  ForHim, WithAnother(Social))     => [BAR, Soc, BAR, BAR, BAR],
        (CallBarring,  ForHim, WithAnother(Official))   => [BAR, Off, BAR, BAR, BAR],
        (CallBarring,  ForHim, WithAnother(Legal))      => [BAR, Leg, BAR, BAR, BAR],
        // Barred for another: the same, seen from him.
        (CallEnabling, ForAnother, Nowhere)             => [No,  BAR, BAR, BAR, BAR],
        (CallEnabling, ForAnother, WithHim(Social))     => [Soc, BAR, BAR, BAR, BAR],
        (CallEnabling, ForAnother, WithHim(Official))   => [Off, BAR, BAR, BAR, BAR],
        (CallEnabling, ForAnother, WithHim(Legal))      => [Leg, BAR, BAR, BAR, BAR],
        (CallEnabling, ForAnother, WithAnother(Social | Official | Legal))
                                                        => [No,  BAR, BAR, BAR, BAR],
        (CallBarring,  ForAnother, Nowhere)             => [Any, BAR, BAR, BAR, BAR],
        (CallBarring,  ForAnother, WithHim(Social))     => [Soc, BAR, BAR, BAR, BAR],
        (CallBarring,  ForAnother, WithHim(Official))   => [Off, BAR, BAR, BAR, BAR],
        (CallBarring,  ForAnother, WithHim(Legal))      => [Leg, BAR, BAR, BAR, BAR],
        (CallBarring,  ForAnother, WithAnother(Social | Official | Legal))
                                                        => [Any, BAR, BAR, BAR, BAR],
    }
}

/// The row of a bar that leaves somebody alone.
fn row_but_for(regime: Regime, bar: Bar, listed: Listed, excepted: Excepted) -> [Word; 5] {
    let (mut row, free) = (row(regime, bar, listed), row(regime, Bar::Unbarred, listed));
    match excepted {
        Excepted::Nobody => {}
        Excepted::Him => row[0] = free[0],
        Excepted::Another => row[1] = free[1],
    }
    row
}

/// What the class of a number does to it under call barring.
fn rule(class: Class) -> Rule {
    match class {
        Class::Mobile | Class::Geographic | Class::Short | Class::International => Rule::Rings,
        Class::NonGeographic | Class::Freephone | Class::Emergency => Rule::IfApproved,
        Class::Personal | Class::Corporate | Class::Premium | Class::InternationalPremium => Rule::Refused,
    }
}

/// Whether its class refuses a call that a row lets ring. Two people vouched for a lawyer's number.
fn class_refuses(word: Word, class: Class, regime: Regime) -> bool {
    match (regime, rule(class), word) {
        (Regime::CallEnabling, ..) | (Regime::CallBarring, Rule::Rings, _) => false,
        (Regime::CallBarring, Rule::IfApproved, word) => word == Word::Any,
        (Regime::CallBarring, Rule::Refused, word) => matches!(word, Word::Any | Word::Soc | Word::Off),
    }
}

/// Everything that a row does not say: the order is always allowed, no list, barred, class, approved, default.
fn expected(word: Word, class: Class, regime: Regime, always: bool, held: bool) -> Verdict {
    let approved = |kind| Verdict::Allow(Ground::Approved(kind));
    match (word, always, held) {
        (_, true, _) => Verdict::Allow(Ground::AlwaysAllowed),
        (_, false, false) => Verdict::Refuse(Reason::NoList),
        _ if class_refuses(word, class, regime) => Verdict::Refuse(Reason::ClassRefused),
        (Word::Bar, false, true) => Verdict::Refuse(Reason::Barred),
        (Word::No, false, true) => Verdict::Refuse(Reason::NotApproved),
        (Word::Soc, false, true) => approved(ContactKind::Social),
        (Word::Off, false, true) => approved(ContactKind::Official),
        (Word::Leg, false, true) => approved(ContactKind::Legal),
        (Word::Any, false, true) => Verdict::Allow(Ground::NotBarred),
    }
}

// Each list of values begins with the first and asks each for the one after it, so that a new variant is missed by
// none of them.

fn regimes() -> Vec<Regime> {
    values(Regime::CallEnabling, |regime| match regime {
        Regime::CallEnabling => Some(Regime::CallBarring),
        Regime::CallBarring => None,
    })
}

fn kinds() -> Vec<ContactKind> {
    values(ContactKind::Social, |kind| match kind {
        ContactKind::Social => Some(ContactKind::Official),
        ContactKind::Official => Some(ContactKind::Legal),
        ContactKind::Legal => None,
    })
}

fn bars() -> Vec<Bar> {
    values(Bar::Unbarred, |bar| match bar {
        Bar::Unbarred => Some(Bar::ForEveryone),
        Bar::ForEveryone => Some(Bar::ForHim),
        Bar::ForHim => Some(Bar::ForAnother),
        Bar::ForAnother => None,
    })
}

/// Nobody is excepted from a bar that is not there.
fn exceptions(bar: Bar) -> Vec<Excepted> {
    values(Excepted::Nobody, |excepted| match excepted {
        Excepted::Nobody if bar == Bar::Unbarred => None,
        Excepted::Nobody => Some(Excepted::Him),
        Excepted::Him => Some(Excepted::Another),
        Excepted::Another => None,
    })
}

fn classes() -> Vec<Class> {
    values(Class::Mobile, |class| match class {
        Class::Mobile => Some(Class::Geographic),
        Class::Geographic => Some(Class::Freephone),
        Class::Freephone => Some(Class::Personal),
        Class::Personal => Some(Class::Corporate),
        Class::Corporate => Some(Class::NonGeographic),
        Class::NonGeographic => Some(Class::Premium),
        Class::Premium => Some(Class::Short),
        Class::Short => Some(Class::Emergency),
        Class::Emergency => Some(Class::International),
        Class::International => Some(Class::InternationalPremium),
        Class::InternationalPremium => None,
    })
}

fn values<T: Copy>(first: T, next: impl Fn(T) -> Option<T>) -> Vec<T> {
    std::iter::successors(Some(first), |value| next(*value)).collect()
}

fn listings() -> Vec<Listed> {
    let with = |make: fn(ContactKind) -> Listed| kinds().into_iter().map(make);
    std::iter::once(Listed::Nowhere)
        .chain(with(Listed::WithHim))
        .chain(with(Listed::WithAnother))
        .collect()
}

/// The scope of a bar as this table names it; the other way round a new scope would be missed.
fn named(scope: Scope) -> Bar {
    match scope {
        Scope::Everyone => Bar::ForEveryone,
        Scope::Prisoner(named) if named == prisoner(HIM) => Bar::ForHim,
        Scope::Prisoner(_) => Bar::ForAnother,
    }
}

fn list(prison: PrisonId, regime: Regime, bar: Bar, listed: Listed, excepted: Excepted) -> BarList {
    let mut source = Source::new(regime);
    let scopes = [
        Scope::Everyone,
        Scope::Prisoner(prisoner(HIM)),
        Scope::Prisoner(prisoner(ANOTHER)),
    ];
    let bars = scopes.into_iter().filter(|scope| named(*scope) == bar);
    let bars: Vec<Entry> = bars.map(|scope| source.bar(1, DIALLED, scope)).collect();
    let entry = match listed {
        Listed::Nowhere => None,
        Listed::WithHim(kind) => Some(source.approved(1, DIALLED, HIM, kind)),
        Listed::WithAnother(kind) => Some(source.approved(1, DIALLED, ANOTHER, kind)),
    };
    source.entries = bars.into_iter().chain(entry).collect();
    source.exceptions = match excepted {
        Excepted::Nobody => Vec::new(),
        Excepted::Him => vec![exception((9, 1, HIM))],
        Excepted::Another => vec![exception((9, 1, ANOTHER))],
    };
    let snapshot = source.snapshot_for(prison);
    BarList::apply(None, &snapshot, gate_id(), prison, &sealing())
        .unwrap()
        .unwrap()
}

fn always_allowed(is_it: bool) -> AlwaysAllowedSet {
    let listed = AlwaysAllowedNumber {
        number: number(DIALLED),
        name: "A helpline".to_owned(),
    };
    let numbers = is_it.then_some(listed).into_iter().collect();
    AlwaysAllowedSet::new(&AlwaysAllowed { version: 1, numbers })
}

/// Tries every class, on the always-allowed list and not, for each caller of a row; how many cells that were.
fn try_row(held: Option<&BarList>, regime: Regime, row: [Word; 5], what: &str) -> usize {
    let mut cells = 0;
    for (class, always) in classes()
        .into_iter()
        .flat_map(|class| [(class, true), (class, false)])
    {
        let dialled = Ok(Resolved {
            number: number(DIALLED),
            class,
            service: Service::default(),
        });
        for caller in CALLERS.map(Caller::parse) {
            let ruled = authorise(
                held,
                &always_allowed(always),
                &ClassPolicy::default(),
                &caller,
                &dialled,
            );
            let expected = expected(row[column(&caller)], class, regime, always, held.is_some());
            assert_eq!(ruled, expected, "{what}, {class:?}, always {always}, {caller:?}");
            cells += 1;
        }
    }
    cells
}

#[test]
fn every_caller_rings_what_the_table_says_and_nothing_else() {
    let mut cells = 0;
    for prison in ["LEI", "MDI"].map(|id| id.parse::<PrisonId>().unwrap()) {
        for (regime, bar) in regimes()
            .into_iter()
            .flat_map(|regime| bars().into_iter().map(move |bar| (regime, bar)))
        {
            let ways = listings().into_iter();
            for (listed, excepted) in
                ways.flat_map(|listed| exceptions(bar).into_iter().map(move |x| (listed, x)))
            {
                let row = row_but_for(regime, bar, listed, excepted);
                let held = list(prison, regime, bar, listed, excepted);
                let what = format!("{prison} {regime:?} {bar:?} {listed:?} excepted {excepted:?}");
                cells += try_row(Some(&held), regime, row, &what) + try_row(None, regime, row, &what);
            }
        }
    }
    assert_eq!(cells, 2 * 2 * (1 + 3 * 3) * 7 * 2 * 11 * 2 * 5, "every cell");
}

#[test]
fn every_column_has_its_caller() {
    let columns: Vec<usize> = CALLERS.iter().map(|text| column(&Caller::parse(text))).collect();
    assert_eq!(columns, [0, 1, 2, 3, 4]);
}
