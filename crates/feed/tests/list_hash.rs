//! The hash that says which list a gate holds.

use feed::{BarId, ContactKind, Entry, EntryId, Exception, Fingerprint, ListHash, Scope};
use proptest::prelude::*;

fn entry() -> impl Strategy<Value = Entry> {
    let prisoner = prop::sample::select(vec!["A1234BC", "B2345CD", "C3456DE"]);
    let prisoner = prisoner.prop_map(|text| text.parse().expect("a prison number"));
    let scope = prop_oneof![Just(Scope::Everyone), prisoner.clone().prop_map(Scope::Prisoner)];
    let contact = prop::sample::select(vec![
        ContactKind::Social,
        ContactKind::Official,
        ContactKind::Legal,
    ]);
    prop_oneof![
        (any::<[u8; 16]>(), any::<[u8; 16]>(), scope).prop_map(|(bar, number, scope)| Entry::Bar {
            bar: BarId::from_bytes(bar),
            number: Fingerprint::from_bytes(number),
            scope
        }),
        (any::<[u8; 16]>(), any::<[u8; 16]>(), prisoner, contact).prop_map(
            |(entry, number, holder, contact)| {
                Entry::Approved {
                    entry: EntryId::from_bytes(entry),
                    number: Fingerprint::from_bytes(number),
                    holder,
                    contact,
                }
            }
        ),
    ]
}

proptest! {
    #[test]
    fn the_order_of_entries_does_not_matter(entries in prop::collection::vec(entry(), 0..20)) {
        let forwards = ListHash::of(&entries);
        prop_assert_eq!(forwards, ListHash::of(entries.iter().rev()));
    }

    #[test]
    fn adding_and_removing_an_entry_leaves_the_hash_as_it_was(
        entries in prop::collection::vec(entry(), 0..20), one in entry()
    ) {
        let before = ListHash::of(&entries);
        let mut hash = before;
        hash.add(&one);
        prop_assert_ne!(hash, before);
        hash.remove(&one);
        prop_assert_eq!(hash, before);
    }

    #[test]
    fn two_different_entries_have_different_hashes(one in entry(), other in entry()) {
        prop_assume!(one != other);
        prop_assert_ne!(ListHash::of([&one]), ListHash::of([&other]));
    }

    #[test]
    fn an_exception_is_counted_in_and_out_and_is_no_entry(
        [entry, bar] in any::<[[u8; 16]; 2]>(), one in entry()
    ) {
        let of = |text: &str| Exception {
            entry: EntryId::from_bytes(entry),
            bar: BarId::from_bytes(bar),
            prisoner: text.parse().expect("a prison number"),
        };
        let (his, another) = (of("A1234BC"), of("B2345CD"));
        prop_assert_ne!(ListHash::of([&his]), ListHash::of([&another]));
        prop_assert_ne!(ListHash::of([&his]), ListHash::of([&one]));
        let mut hash = ListHash::of([&one]);
        hash.add(&his);
        hash.remove(&his);
        prop_assert_eq!(hash, ListHash::of([&one]));
        let text = serde_json::to_string(&his).expect("an exception can be written");
        prop_assert_eq!(serde_json::from_str::<Exception>(&text).expect("and read"), his);
    }

    #[test]
    fn an_entry_and_a_hash_are_read_back_as_they_were_written(entry in entry()) {
        let text = serde_json::to_string(&entry).expect("an entry can be written");
        prop_assert_eq!(serde_json::from_str::<Entry>(&text).expect("and read"), entry);
        let hash = ListHash::of([&entry]);
        let text = serde_json::to_string(&hash).expect("a hash can be written");
        prop_assert_eq!(serde_json::from_str::<ListHash>(&text).expect("and read"), hash);
    }
}
