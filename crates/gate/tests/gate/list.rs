//! The list and what messages make of it: attacks by name, algebra by generated histories.

use std::collections::BTreeSet;

use feed::{
    BarId, Body, ContactKind, Delta, Entry, FingerprintKey, GateId, Limits, ListHash, Regime, Scope,
    SealingKey, Serial, Session, Withdrawal,
};
use gate::list::{BarList, NotUsable, WrittenList};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::source::{
    Source, apply, bar_id, exception, gate_id, leeds, list_of, number, one_person, prisoner, two_people,
};

fn with_one_bar() -> (Source, BarList) {
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(4);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let list = list_of(&source);
    (source, list)
}

fn refused(list: &BarList, n: u16) -> bool {
    list.asked(&number(n)).is_barred(Some(prisoner(1)))
}

#[test]
fn a_message_for_another_gate_or_prison_is_not_applied() {
    let (mut source, list) = with_one_bar();
    let wandsworth = "WWI".parse().unwrap();
    assert_eq!(
        apply(Some(&list), &source.snapshot_for(wandsworth)).unwrap_err(),
        NotUsable::WrongPrison
    );
    source.gate = GateId::from_bytes([8; 16]);
    assert_eq!(
        apply(Some(&list), &source.snapshot()).unwrap_err(),
        NotUsable::WrongGate
    );
    assert_eq!(
        apply(Some(&list), &source.heartbeat()).unwrap_err(),
        NotUsable::WrongGate
    );
}

#[test]
fn the_feed_cannot_be_rolled_back_or_skip() {
    let (mut source, list) = with_one_bar();
    let older_snapshot = {
        let mut older = source.clone();
        older.serial = Serial(3);
        older.snapshot()
    };
    assert_eq!(apply(Some(&list), &older_snapshot).unwrap_err(), NotUsable::Older);
    let first = source.change(&[], &[], &[]);
    let second = source.change(&[], &[], &[]);
    assert_eq!(apply(Some(&list), &second).unwrap_err(), NotUsable::Skipped);
    let after_first = apply(Some(&list), &first).unwrap().unwrap();
    assert_eq!(
        apply(Some(&after_first), &first).unwrap_err(),
        NotUsable::Older,
        "replayed"
    );
    let after_second = apply(Some(&after_first), &second).unwrap().unwrap();
    assert_eq!(after_second.standing().serial, Serial(6));
    assert!(apply(Some(&after_second), &source.heartbeat()).unwrap().is_none());
    assert_eq!(
        apply(Some(&list), &source.heartbeat()).unwrap_err(),
        NotUsable::Skipped,
        "changes held back"
    );
}

#[test]
fn a_change_of_another_session_or_without_a_list_asks_for_a_snapshot() {
    let (mut source, list) = with_one_bar();
    source.session = Session::from_bytes([2; 16]);
    let change = source.change(&[], &[], &[]);
    assert_eq!(apply(Some(&list), &change).unwrap_err(), NotUsable::OtherSession);
    assert_eq!(apply(None, &change).unwrap_err(), NotUsable::NoList);
    assert!(NotUsable::OtherSession.needs_snapshot() && NotUsable::NoList.needs_snapshot());
}

#[test]
fn a_bar_is_withdrawn_by_two_people_and_by_no_fewer() {
    let (mut source, list) = with_one_bar();
    let mut change = source.change(&[], &[1], &[]);
    let lifted = apply(Some(&list), &change).unwrap().unwrap();
    assert!(!refused(&lifted, 1));
    let Body::Delta(delta) = &mut change.body else {
        unreachable!()
    };
    delta.withdraw[0].authority = one_person();
    assert_eq!(apply(Some(&list), &change).unwrap_err(), NotUsable::NotTwoPeople);
}

#[test]
fn a_change_that_leads_to_another_list_than_expected_is_not_applied() {
    let (mut source, list) = with_one_bar();
    let mut change = source.change(&[source.bar(2, 2, Scope::Everyone)], &[], &[]);
    let Body::Delta(delta) = &mut change.body else {
        unreachable!()
    };
    delta.hash = ListHash::EMPTY;
    assert_eq!(apply(Some(&list), &change).unwrap_err(), NotUsable::HashMismatch);
    assert!(!refused(&list, 2), "nothing of it was taken");
}

#[test]
fn an_identifier_announced_twice_is_refused() {
    let (mut source, list) = with_one_bar();
    let again = source.bar(1, 2, Scope::Everyone);
    let change = source.change(&[again], &[], &[]);
    assert_eq!(apply(Some(&list), &change).unwrap_err(), NotUsable::Twice);
    let [one, other] = [2, 3].map(|n| source.approved(7, n, 1, ContactKind::Social));
    for twice in [[again, source.bar(1, 3, Scope::Everyone)], [one, other]] {
        let (mut source, _) = with_one_bar();
        source.entries = twice.to_vec();
        let whole = apply(None, &source.snapshot());
        assert_eq!(whole.unwrap_err(), NotUsable::Twice, "in a whole list too");
    }
}

#[test]
fn a_key_sealed_to_another_gate_gives_no_list() {
    let (source, _) = with_one_bar();
    let other = SealingKey::from_secret(&[4; 32]);
    let applied = BarList::apply(None, &source.snapshot(), gate_id(), leeds(), &other);
    assert_eq!(applied.unwrap_err(), NotUsable::KeyUnreadable);
}

#[test]
fn a_snapshot_that_leaves_a_bar_out_removes_nothing() {
    let (mut source, list) = with_one_bar();
    source.session = Session::from_bytes([2; 16]);
    source.serial = Serial(1);
    source.entries.clear();
    let list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    assert!(refused(&list, 1));
    assert_eq!(list.standing().held_without_record, 1);
    assert_eq!(
        list.standing().hash,
        ListHash::EMPTY,
        "the hash covers what is on record"
    );
    // Two people at the hub can still take it away.
    let withdrawn = Delta {
        withdraw: vec![Withdrawal {
            bar: bar_id(1),
            authority: two_people(),
        }],
        ..Delta::default()
    };
    source.serial = Serial(2);
    let list = apply(Some(&list), &source.message(Body::Delta(withdrawn)))
        .unwrap()
        .unwrap();
    assert!(!refused(&list, 1));
    assert_eq!(list.standing().held_without_record, 0);
}

#[test]
fn a_snapshot_that_names_the_bar_again_keeps_one_copy() {
    let (mut source, list) = with_one_bar();
    let bar = source.entries.clone();
    source.entries.clear();
    source.serial = Serial(5);
    let without = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    let with = apply(Some(&without), &source.change(&bar, &[], &[]))
        .unwrap()
        .unwrap();
    assert_eq!(with.standing().held_without_record, 0);
    let lifted = apply(Some(&with), &source.change(&[], &[1], &[]))
        .unwrap()
        .unwrap();
    assert!(!refused(&lifted, 1));
}

#[test]
fn a_bar_cannot_be_moved_to_another_number_or_narrowed_by_a_snapshot() {
    let (mut source, list) = with_one_bar();
    source.serial = Serial(5);
    source.entries = vec![source.bar(1, 2, Scope::Everyone)];
    let moved = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    assert!(refused(&moved, 1) && refused(&moved, 2));
    source.entries = vec![source.bar(1, 1, Scope::Prisoner(prisoner(9)))];
    let narrowed = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    assert!(refused(&narrowed, 1));
}

#[test]
fn bars_under_an_earlier_key_still_refuse_after_a_new_enrolment() {
    let (mut source, list) = with_one_bar();
    source.key = FingerprintKey::from_bytes([10; 32]);
    source.entries.clear();
    source.serial = Serial(5);
    let list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    assert!(refused(&list, 1));
    assert_eq!(list.standing().held_without_record, 1);
}

#[test]
fn two_bars_on_one_number_must_both_go() {
    let (mut source, list) = with_one_bar();
    let second = source.bar(2, 1, Scope::Prisoner(prisoner(1)));
    let list = apply(Some(&list), &source.change(&[second], &[], &[]))
        .unwrap()
        .unwrap();
    let list = apply(Some(&list), &source.change(&[], &[1], &[]))
        .unwrap()
        .unwrap();
    assert!(
        list.asked(&number(1)).is_barred(Some(prisoner(1))),
        "the second case still bars it"
    );
    assert!(
        !list.asked(&number(1)).is_barred(Some(prisoner(2))),
        "for its prisoner alone"
    );
    assert!(
        list.asked(&number(1)).is_barred(None),
        "a caller who is not known meets every bar"
    );
    let list = apply(Some(&list), &source.change(&[], &[2], &[]))
        .unwrap()
        .unwrap();
    assert!(!list.asked(&number(1)).is_barred(None));
}

#[test]
fn a_revoked_entry_is_never_honoured_again() {
    let mut source = Source::new(Regime::CallEnabling);
    let entry = source.approved(1, 1, 1, ContactKind::Legal);
    source.entries = vec![entry];
    let list = list_of(&source);
    assert_eq!(
        list.asked(&number(1)).contact(prisoner(1)),
        Some(ContactKind::Legal)
    );
    let list = apply(Some(&list), &source.change(&[], &[], &[1]))
        .unwrap()
        .unwrap();
    let again = apply(Some(&list), &source.change(&[entry], &[], &[]))
        .unwrap()
        .unwrap();
    assert_eq!(
        again.asked(&number(1)).contact(prisoner(1)),
        None,
        "announced again"
    );
    assert!(!again.asked(&number(1)).is_legal());
    let back = apply(Some(&again), &source.change(&[], &[], &[1]))
        .unwrap()
        .unwrap();
    assert_eq!(back.standing().hash, ListHash::EMPTY);
    source.session = Session::from_bytes([2; 16]);
    source.entries = vec![entry];
    let restored = apply(Some(&back), &source.snapshot()).unwrap().unwrap();
    assert_eq!(
        restored.asked(&number(1)).contact(prisoner(1)),
        None,
        "in a restored hub's snapshot"
    );
    assert_eq!(
        restored.standing().hash,
        ListHash::of(&[entry]),
        "though it is on record"
    );
}

#[test]
fn an_entry_that_a_snapshot_left_out_is_revoked_for_good() {
    let mut source = Source::new(Regime::CallEnabling);
    let entry = source.approved(1, 1, 1, ContactKind::Social);
    source.entries = vec![entry];
    let list = list_of(&source);
    source.serial = Serial(9);
    source.entries.clear();
    let list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    source.session = Session::from_bytes([2; 16]);
    source.entries = vec![entry];
    let list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    assert_eq!(list.asked(&number(1)).contact(prisoner(1)), None);
}

#[test]
fn a_delta_at_the_limit_is_applied_and_one_past_it_is_not() {
    let (mut source, list) = with_one_bar();
    let most = Limits::DEFAULT.delta_changes;
    source.serial = Serial(5);
    let hash = ListHash::of(&source.entries);
    let revoke = |count: usize| {
        (0..count)
            .map(|n| feed::EntryId::from_bytes((n as u128).to_le_bytes()))
            .collect()
    };
    let delta = |count| {
        source.message(Body::Delta(Delta {
            revoke: revoke(count),
            hash,
            ..Delta::default()
        }))
    };
    assert!(apply(Some(&list), &delta(most)).unwrap().is_some());
    assert_eq!(
        apply(Some(&list), &delta(most + 1)).unwrap_err(),
        NotUsable::TooLarge
    );
}

/// Identifiers that are made from the time begin alike; three bars stand on each number.
#[test]
fn a_long_list_is_found_whole_and_every_bar_on_a_number_must_go() {
    let id = |n: u128| BarId::from_bytes((0x0190_AB00 << 96 | n).to_be_bytes());
    let mut source = Source::new(Regime::CallBarring);
    let bar = |n: u16, key: &FingerprintKey| Entry::Bar {
        bar: id(n.into()),
        number: key.fingerprint(&number(n % 1000)),
        scope: scope(n < 2000),
    };
    source.entries = (0..3000).map(|n| bar(n, &source.key)).collect();
    let mut list = list_of(&source);
    assert_eq!(list.entries(), 3000);
    for third in 1..=3 {
        assert!((0..1000).all(|n| refused(&list, n)), "before {third}");
        source.serial = source.serial.next().unwrap();
        let gone = source.entries.split_off(3000 - 1000 * third);
        let withdrawn = gone.iter().filter_map(|entry| match entry {
            Entry::Bar { bar, .. } => Some(Withdrawal {
                bar: *bar,
                authority: two_people(),
            }),
            Entry::Approved { .. } => None,
        });
        let delta = Delta {
            withdraw: withdrawn.collect(),
            hash: ListHash::of(&source.entries),
            ..Delta::default()
        };
        let before = list.clone();
        list = apply(Some(&list), &source.message(Body::Delta(delta)))
            .unwrap()
            .unwrap();
        assert_eq!(list.entries(), 3000 - 1000 * third);
        assert_eq!(
            before.entries(),
            list.entries() + 1000,
            "the older copy is as it was"
        );
    }
    assert!((0..1000).all(|n| !list.asked(&number(n)).is_barred(None)));
}

/// One thing that a hub, sound or not, may do.
#[derive(Clone, Debug)]
enum Act {
    Bar {
        id: u8,
        number: u16,
        everyone: bool,
    },
    Withdraw {
        id: u8,
        by_two: bool,
    },
    Approve {
        id: u8,
        number: u16,
    },
    Revoke {
        id: u8,
    },
    Except {
        id: u8,
        bar: u8,
        of: u8,
        by_two: bool,
    },
    /// A snapshot of some of the entries, perhaps in another session or under another key.
    Snapshot {
        keep: u8,
        session: u8,
        key: u8,
        serial: u64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u8..8, 0u16..4, any::<bool>()).prop_map(|(id, number, everyone)| Act::Bar { id, number, everyone }),
        2 => (0u8..8, any::<bool>()).prop_map(|(id, by_two)| Act::Withdraw { id, by_two }),
        3 => (0u8..8, 0u16..4).prop_map(|(id, number)| Act::Approve { id, number }),
        2 => (0u8..8).prop_map(|id| Act::Revoke { id }),
        3 => (0u8..8, 0u8..8, 1u8..3, any::<bool>()).prop_map(|(id, bar, of, by_two)| Act::Except { id, bar, of, by_two }),
        2 => (any::<u8>(), 0u8..3, 0u8..3, 0u64..20)
            .prop_map(|(keep, session, key, serial)| Act::Snapshot { keep, session, key, serial }),
    ]
}

fn scope(everyone: bool) -> Scope {
    if everyone {
        Scope::Everyone
    } else {
        Scope::Prisoner(prisoner(1))
    }
}

/// The message for an act, made by a hub that stands where the list stands.
fn message(source: &mut Source, act: &Act) -> feed::Message {
    match act {
        Act::Bar { id, number, everyone } => {
            let entry = source.bar(*id, *number, scope(*everyone));
            source.change(&[entry], &[], &[])
        }
        Act::Withdraw { id, by_two } => {
            let mut message = source.change(&[], &[*id], &[]);
            if let (Body::Delta(delta), false) = (&mut message.body, by_two) {
                delta.withdraw[0].authority = one_person();
            }
            message
        }
        Act::Approve { id, number } => {
            let entry = source.approved(*id, *number, 1, ContactKind::Social);
            source.change(&[entry], &[], &[])
        }
        Act::Revoke { id } => source.change(&[], &[], &[*id]),
        Act::Except { id, bar, of, by_two } => {
            let mut message = source.except(&[(*id, *bar, *of)]);
            if let (Body::Delta(delta), false) = (&mut message.body, by_two) {
                delta.except[0].authority = one_person();
            }
            message
        }
        Act::Snapshot {
            keep,
            session,
            key,
            serial,
        } => {
            source.session = Session::from_bytes([*session; 16]);
            source.key = FingerprintKey::from_bytes([*key; 32]);
            source.serial = Serial(*serial);
            let mut place = 0;
            source.entries.retain(|_| {
                place += 1;
                keep >> (place % 8) & 1 == 1
            });
            let entries = &source.entries;
            source.exceptions.retain(|one| {
                place += 1;
                let named = |entry: &Entry| matches!(entry, Entry::Bar { bar, .. } if *bar == one.bar);
                entries.iter().any(named) && keep >> (place % 8) & 1 == 1
            });
            source.snapshot()
        }
    }
}

/// A bar as it came: its identifier, its number, whether for everyone.
type Imposed = (u8, u16, bool);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever a hub says, in whatever order, and however badly it was restored: what was refused stays
    /// refused until two people withdraw the bar.
    #[test]
    fn no_history_removes_a_bar_without_two_people(acts in vec(act(), 1..60)) {
        let mut source = Source::new(Regime::CallBarring);
        let mut list = list_of(&source);
        let mut imposed: BTreeSet<Imposed> = BTreeSet::new();
        let mut revoked: BTreeSet<u8> = BTreeSet::new();
        let mut first_words: Vec<(u8, u16)> = Vec::new();
        let mut excepted: BTreeSet<(u8, u8, u8)> = BTreeSet::new();
        for act in &acts {
            let before = source.clone();
            let said = message(&mut source, act);
            match apply(Some(&list), &said) {
                Ok(Some(next)) => list = next,
                Ok(None) => {}
                Err(_) => { source = before; continue; }
            }
            match act {
                Act::Bar { id, number, everyone } => { imposed.insert((*id, *number, *everyone)); }
                Act::Withdraw { id, .. } => imposed.retain(|(bar, ..)| bar != id),
                Act::Approve { id, number } => first_words.push((*id, *number)),
                Act::Revoke { id } => { revoked.insert(*id); }
                Act::Except { id, bar, of, by_two } => {
                    prop_assert!(by_two, "one person excepted somebody");
                    if !revoked.contains(id) { excepted.insert((*id, *bar, *of)); }
                }
                Act::Snapshot { .. } => {}
            }
            // What the hub names no more is gone for good, whoever names it again.
            excepted.retain(|of| {
                let stays = source.exceptions.contains(&exception(*of));
                if !stays { revoked.insert(of.0); }
                stays
            });
            for (bar, n, everyone) in &imposed {
                let is_excepted = |who: u8| excepted.iter().any(|(_, from, of)| (from, *of) == (bar, who));
                prop_assert!(is_excepted(1) || list.asked(&number(*n)).is_barred(Some(prisoner(1))), "{act:?}");
                prop_assert!(list.asked(&number(*n)).is_barred(None));
                prop_assert!(!everyone || is_excepted(2) || list.asked(&number(*n)).is_barred(Some(prisoner(2))));
            }
            for n in 0..4 {
                let alive = first_words.iter().any(|(id, of)| *of == n && !revoked.contains(id));
                prop_assert!(alive || list.asked(&number(n)).contact(prisoner(1)).is_none(), "{act:?}");
            }
            let written = serde_json::to_vec(&list.write()).unwrap();
            let read = BarList::read(serde_json::from_slice::<WrittenList>(&written).unwrap()).unwrap();
            prop_assert_eq!(read.standing(), list.standing());
            prop_assert_eq!(answers(&read), answers(&list));
        }
    }

    /// A gate that took every delta and one that took the last snapshot hold the same list.
    #[test]
    fn merged_deltas_equal_the_snapshot(acts in vec(act(), 1..60)) {
        let mut source = Source::new(Regime::CallBarring);
        let mut list = list_of(&source);
        let mut used: BTreeSet<u8> = BTreeSet::new();
        for act in acts.iter().filter(|act| !matches!(act, Act::Snapshot { .. } | Act::Withdraw { by_two: false, .. } | Act::Except { by_two: false, .. })) {
            // A sound hub never gives an identifier out twice.
            if let Act::Approve { id, .. } | Act::Except { id, .. } = act && !used.insert(*id) { continue; }
            let before = source.clone();
            match apply(Some(&list), &message(&mut source, act)) {
                Ok(next) => list = next.unwrap(),
                Err(_) => source = before,
            }
            if let Act::Revoke { id } = act { used.insert(*id); }
        }
        let direct = list_of(&source);
        prop_assert_eq!(direct.standing(), list.standing());
        prop_assert_eq!(direct.entries(), list.entries());
        prop_assert_eq!(answers(&direct), answers(&list));
    }
}

/// What a list says about every number of the generated histories.
fn answers(list: &BarList) -> Vec<(bool, bool, bool, Option<ContactKind>)> {
    let one = |n| {
        let of = number(n);
        let bars = |caller| list.asked(&of).is_barred(caller);
        (
            bars(None),
            bars(Some(prisoner(1))),
            bars(Some(prisoner(2))),
            list.asked(&of).contact(prisoner(1)),
        )
    };
    (0..4).map(one).collect()
}

#[test]
fn nothing_of_a_list_shows_when_it_is_printed() {
    let (source, list) = with_one_bar();
    let Entry::Bar {
        number: fingerprint, ..
    } = source.entries[0]
    else {
        unreachable!()
    };
    let shown = format!("{list:?} {:?} {:?}", list.write(), source.entries);
    assert!(!shown.contains(&String::from(fingerprint)));
}
