//! Exceptions in the list: one bar leaves one prisoner alone, because two people said so, and whatever else a hub says
//! of it lets nobody through.

use feed::{Body, ContactKind, Delta, Limits, Message, Regime, Scope, Serial, Session};
use gate::list::{BarList, NotUsable, WrittenList};

use crate::source::{Source, apply, bar_id, excepting, exception, list_of, number, one_person, prisoner};

const SON: u8 = 1;
const CELLMATE: u8 = 2;

/// Number 1 is barred for everyone by bar 1; by exception 9 that bar leaves the son alone.
fn son_excepted() -> (Source, BarList) {
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(4);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let list = list_of(&source);
    let list = apply(Some(&list), &source.except(&[(9, 1, SON)]))
        .unwrap()
        .unwrap();
    (source, list)
}

fn rings(list: &BarList, caller: u8) -> bool {
    !list.asked(&number(1)).is_barred(Some(prisoner(caller)))
}

fn taken(list: &BarList, message: &Message) -> BarList {
    apply(Some(list), message).unwrap().unwrap()
}

fn not_taken(list: &BarList, message: &Message) -> NotUsable {
    apply(Some(list), message).unwrap_err()
}

#[test]
fn an_exception_helps_one_prisoner_against_one_bar_and_nobody_else() {
    let (mut source, list) = son_excepted();
    assert!(rings(&list, SON));
    assert!(!rings(&list, CELLMATE));
    assert!(
        list.asked(&number(1)).is_barred(None),
        "a caller who is not exactly one prisoner"
    );
    assert_eq!(list.entries(), 2);
    let second = source.bar(2, 1, Scope::Everyone);
    let list = taken(&list, &source.change(&[second], &[], &[]));
    assert!(!rings(&list, SON), "another case's bar on the number");
    let list = taken(&list, &source.change(&[], &[2], &[]));
    assert!(
        rings(&list, SON),
        "once that is withdrawn the first exception holds again"
    );
}

#[test]
fn an_exception_that_one_person_made_is_not_taken() {
    let (mut source, list) = son_excepted();
    let mut change = source.except(&[(8, 1, CELLMATE)]);
    if let Body::Delta(delta) = &mut change.body {
        delta.except[0].authority = one_person();
    }
    assert_eq!(not_taken(&list, &change), NotUsable::NotTwoPeople);
    let mut whole = source.snapshot();
    if let Body::Snapshot(snapshot) = &mut whole.body {
        snapshot.exceptions[1].authority = one_person();
    }
    assert_eq!(not_taken(&list, &whole), NotUsable::NotTwoPeople);
    assert_eq!(apply(None, &whole).unwrap_err(), NotUsable::NotTwoPeople);
}

#[test]
fn nobody_is_excepted_from_a_bar_before_it_is_there_or_after_it_is_gone() {
    let (source, list) = son_excepted();
    let early = source.clone().except(&[(8, 2, CELLMATE)]);
    assert_eq!(not_taken(&list, &early), NotUsable::ExceptionWithoutBar);
    let mut whole = source.clone();
    whole.exceptions.push(exception((8, 2, CELLMATE)));
    assert_eq!(
        not_taken(&list, &whole.snapshot()),
        NotUsable::ExceptionWithoutBar
    );
    // A bar that is withdrawn while its exception stays: one of the same identifier would find it.
    let mut after = source.clone();
    let mut gone = after.change(&[], &[1], &[]);
    after.exceptions.push(exception((9, 1, SON)));
    if let Body::Delta(delta) = &mut gone.body {
        delta.revoke.clear();
        delta.hash = after.hash();
    }
    assert_eq!(not_taken(&list, &gone), NotUsable::ExceptionWithoutBar);
    // Bar and exception in one change are in order: first the bar.
    let mut both = source.clone();
    let second = both.bar(2, 1, Scope::Everyone);
    let mut change = both.change(&[second], &[], &[]);
    both.exceptions.push(exception((8, 2, SON)));
    if let Body::Delta(delta) = &mut change.body {
        delta.except = vec![excepting(&exception((8, 2, SON)))];
        delta.hash = both.hash();
    }
    assert!(rings(&taken(&list, &change), SON));
}

#[test]
fn an_exception_that_was_taken_away_is_never_honoured_again() {
    let (mut source, list) = son_excepted();
    let revoked = taken(&list, &source.change(&[], &[], &[9]));
    assert!(!rings(&revoked, SON));
    let again = taken(&revoked, &source.except(&[(9, 1, SON)]));
    assert!(!rings(&again, SON), "on record again, for the hub says so");
    assert_eq!(again.standing().hash, source.hash());
    let as_a_contact = source.approved(9, 3, SON, ContactKind::Social);
    assert_eq!(
        not_taken(&again, &source.clone().change(&[as_a_contact], &[], &[])),
        NotUsable::Twice
    );
    let anew = taken(&again, &source.except(&[(10, 1, SON)]));
    assert!(rings(&anew, SON), "two people decided anew");
}

#[test]
fn an_exception_that_a_snapshot_left_out_is_gone_for_good_and_its_bar_stays() {
    let (mut source, list) = son_excepted();
    let exceptions = std::mem::take(&mut source.exceptions);
    source.serial = Serial(9);
    let list = taken(&list, &source.snapshot());
    assert!(!rings(&list, SON));
    // A hub that was restored from an older backup names it again; and one that has forgotten the bar as well.
    source.session = Session::from_bytes([2; 16]);
    source.exceptions = exceptions;
    let restored = taken(&list, &source.snapshot());
    assert!(!rings(&restored, SON));
    (source.entries, source.exceptions) = (Vec::new(), Vec::new());
    source.serial = Serial(10);
    let forgotten = taken(&son_excepted().1, &source.snapshot());
    assert_eq!(forgotten.standing().held_without_record, 1);
    assert!(
        !rings(&forgotten, SON),
        "a bar that is kept without record meets everyone"
    );
}

#[test]
fn an_exception_holds_under_a_new_key_as_well() {
    let (mut source, list) = son_excepted();
    source.key = feed::FingerprintKey::from_bytes([8; 32]);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    source.serial = Serial(9);
    let renewed = taken(&list, &source.snapshot());
    assert!(
        rings(&renewed, SON),
        "the bar is held under both keys, and is one bar"
    );
    assert!(!rings(&renewed, CELLMATE));
}

#[test]
fn until_it_is_stored_a_list_refuses_whom_either_list_refuses() {
    let (mut source, excepted) = son_excepted();
    let before = taken(&excepted, &source.clone().change(&[], &[], &[9]));
    assert!(
        !rings(&excepted.withholding(&before), SON),
        "excepted, and not stored yet"
    );
    assert!(rings(&excepted.withholding(&excepted), SON));
    let lifted = taken(&excepted, &source.change(&[], &[1], &[]));
    let meanwhile = lifted.withholding(&excepted);
    assert!(rings(&meanwhile, SON), "he rang before and rings after");
    assert!(!rings(&meanwhile, CELLMATE));
    assert!(rings(&lifted, CELLMATE));
}

#[test]
fn exceptions_come_back_from_the_disk_and_older_files_have_none() {
    let (mut source, list) = son_excepted();
    let list = taken(&list, &source.change(&[], &[], &[9]));
    let list = taken(&list, &source.except(&[(9, 1, SON), (8, 1, CELLMATE)]));
    let written = serde_json::to_vec(&list.write()).unwrap();
    let read = BarList::read(serde_json::from_slice::<WrittenList>(&written).unwrap()).unwrap();
    assert_eq!(read.standing(), list.standing());
    assert!(!rings(&read, SON), "revoked once");
    assert!(rings(&read, CELLMATE));
    let mut without: serde_json::Value = serde_json::from_slice(&written).unwrap();
    without.as_object_mut().unwrap().remove("exceptions");
    let without = serde_json::from_value::<WrittenList>(without).unwrap();
    assert!(BarList::read(without).is_err(), "an exception cut out is damage");
    let old = {
        let mut source = source.clone();
        source.exceptions.clear();
        serde_json::to_value(list_of(&source).write()).unwrap()
    };
    assert!(
        old.get("exceptions").is_none(),
        "the form of the file from before there were any"
    );
    assert!(BarList::read(serde_json::from_value(old).unwrap()).is_ok());
}

#[test]
fn exceptions_count_against_the_limits_of_a_change_and_of_a_list() {
    let (source, list) = son_excepted();
    let most = Limits::DEFAULT.delta_changes;
    let revoke = |count: u128| (0..count).map(|n| feed::EntryId::from_bytes((n << 64).to_le_bytes()));
    let delta = |revoked: usize| {
        let mut source = source.clone();
        let mut change = source.except(&[(8, 1, CELLMATE)]);
        if let Body::Delta(delta) = &mut change.body {
            delta.revoke = revoke(revoked as u128).collect();
        }
        change
    };
    assert!(apply(Some(&list), &delta(most - 1)).is_ok());
    assert_eq!(not_taken(&list, &delta(most)), NotUsable::TooLarge);
    let mut whole = source.clone();
    whole.serial = Serial(9);
    let bar = whole.entries[0];
    whole.entries = vec![bar; Limits::DEFAULT.entries];
    assert_eq!(
        not_taken(&list, &whole.snapshot()),
        NotUsable::TooLarge,
        "one past it"
    );
}

#[test]
fn an_empty_change_leaves_an_exception_as_it_is() {
    let (mut source, list) = son_excepted();
    let list = taken(&list, &source.change(&[], &[], &[]));
    assert!(rings(&list, SON));
    let other = source.message(Body::Delta(Delta {
        hash: feed::ListHash::of(&source.entries),
        ..Delta::default()
    }));
    let behind = Message {
        serial: Serial(source.serial.0 + 1),
        ..other
    };
    assert_eq!(
        not_taken(&list, &behind),
        NotUsable::HashMismatch,
        "the hash covers it"
    );
    assert_ne!(bar_id(1), bar_id(2));
}
