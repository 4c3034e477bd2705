//! A table of what a list holds, small and quick to copy.
//!
//! A million bars have 41 bytes each here and 8 more by which they are found again by their identifier. The
//! records lie sorted in 16,384 parts by their fingerprint, 61 of a million in each. A fingerprint is a keyed hash
//! and as good as random, so that its own bits say where in its part it lies, within a few records: a call costs
//! one or two touches of memory. A delta is applied to a copy, so that it is taken whole or not at all and calls are
//! answered from the old list meanwhile; copies share every part that they do not change.

use std::sync::Arc;

use feed::Fingerprint;

const GROUP_BITS: u32 = 7;
const GROUP: usize = 1 << GROUP_BITS;
const PART_BITS: u32 = 2 * GROUP_BITS;
/// How far from the place where a record is expected the search looks first, in records.
const NEAR: usize = 4;

/// What a table holds: sorted by its number first.
pub(super) trait Held: Copy + Ord {
    /// The number that it is about.
    fn number(&self) -> Fingerprint;
    /// By what it is taken away again.
    fn id(&self) -> [u8; 16];
}

/// Records by number and by identifier. A copy is cheap.
#[derive(Clone)]
pub(super) struct Table<R> {
    count: usize,
    records: Parts<R>,
    pointers: Parts<Pointer>,
}

/// From an identifier to the number of its record, both by some of their bits: what is found that way is looked
/// at whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pointer {
    id: u32,
    number: u32,
}

/// An identifier stands twice.
pub(super) struct Twice;

impl<R: Held> Table<R> {
    pub(super) fn new() -> Self {
        Self {
            count: 0,
            records: Parts::new(),
            pointers: Parts::new(),
        }
    }

    /// Of a whole list, at once: every part is made one time and exactly as long as it has to be. What is needed for the
    /// making is given back before the records are laid, so that they come to lie in its place.
    pub(super) fn of(mut records: Vec<R>) -> Result<Self, Twice> {
        if has_twice(records.iter().map(Held::id).collect()) {
            return Err(Twice);
        }
        records.sort_unstable();
        let mut placed: Vec<(usize, Pointer)> = records.iter().map(Pointer::to).collect();
        placed.sort_unstable();
        let pointers = Parts::of(&placed, |placed| *placed);
        drop(placed);
        Ok(Self {
            count: records.len(),
            records: Parts::of(&records, |record| (part_of(head_of(&record.number())), *record)),
            pointers,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &R> {
        self.records.each().flat_map(|part| part.iter())
    }

    /// Every record of a number, in order.
    pub(super) fn of_number(&self, number: &Fingerprint) -> &[R] {
        if self.count == 0 {
            return &[];
        }
        let head = head_of(number);
        let part = self.records.at(part_of(head));
        let from = first_at_least(part, expected(head, part.len()), |record| {
            record.number() < *number
        });
        let rest = &part[from..];
        let count = rest
            .iter()
            .take_while(|record| record.number() == *number)
            .count();
        &rest[..count]
    }

    /// Every record of an identifier.
    pub(super) fn of_id(&self, id: &[u8; 16]) -> Vec<R> {
        let (at, wanted) = Pointer::place(id);
        let pointers = self.pointers.at(at);
        let from = pointers.partition_point(|pointer| pointer.id < wanted);
        let mut found = Vec::new();
        let mut before = None;
        for pointer in pointers[from..].iter().take_while(|pointer| pointer.id == wanted) {
            if before.replace(*pointer) != Some(*pointer) {
                found.extend(self.beginning(pointer.number).filter(|record| record.id() == *id));
            }
        }
        found
    }

    pub(super) fn has_id(&self, id: &[u8; 16]) -> bool {
        !self.of_id(id).is_empty()
    }

    pub(super) fn contains(&self, record: &R) -> bool {
        self.of_number(&record.number()).binary_search(record).is_ok()
    }

    /// Puts a record in; one that is there already stands there once.
    pub(super) fn insert(&mut self, record: R) {
        if self.contains(&record) {
            return;
        }
        self.records.put(part_of(head_of(&record.number())), record);
        let (at, pointer) = Pointer::to(&record);
        self.pointers.put(at, pointer);
        self.count += 1;
    }

    /// Takes a record out; says whether it was there.
    pub(super) fn remove(&mut self, record: &R) -> bool {
        if !self.contains(record) {
            return false;
        }
        self.records.take(part_of(head_of(&record.number())), record);
        let (at, pointer) = Pointer::to(record);
        self.pointers.take(at, &pointer);
        self.count -= 1;
        true
    }

    /// Takes out every record of an identifier, and gives them.
    pub(super) fn remove_id(&mut self, id: &[u8; 16]) -> Vec<R> {
        let found = self.of_id(id);
        for record in &found {
            self.remove(record);
        }
        found
    }

    /// The records that `other` does not hold. Parts that both share are passed over.
    pub(super) fn not_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a R> {
        let parts = self.records.each().zip(other.records.each());
        parts
            .filter(|(mine, others)| !Arc::ptr_eq(mine, others))
            .flat_map(|(mine, _)| mine.iter())
            .filter(|record| !other.contains(record))
    }

    /// The records whose number begins with these bits.
    fn beginning(&self, bits: u32) -> impl Iterator<Item = R> {
        let head = u64::from(bits) << 32;
        let begins = |record: &R| (head_of(&record.number()) >> 32) as u32;
        let part = self.records.at(part_of(head));
        let from = first_at_least(part, expected(head, part.len()), |record| begins(record) < bits);
        part[from..]
            .iter()
            .take_while(move |record| begins(record) == bits)
            .copied()
    }
}

impl Pointer {
    fn to<R: Held>(record: &R) -> (usize, Self) {
        let (part, id) = Self::place(&record.id());
        let number = (head_of(&record.number()) >> 32) as u32;
        (part, Self { id, number })
    }

    /// The part in which an identifier's pointers lie, and how they begin.
    fn place(id: &[u8; 16]) -> (usize, u32) {
        let mixed = mixed(id);
        (part_of(mixed), (mixed >> (32 - PART_BITS)) as u32)
    }
}

fn has_twice(mut ids: Vec<[u8; 16]>) -> bool {
    ids.sort_unstable();
    ids.array_windows().any(|[one, next]| one == next)
}

/// The sorted parts of one table, in groups, so that little is copied when one part changes. Groups that hold
/// nothing are one and the same.
#[derive(Clone)]
struct Parts<T>(Arc<[Group<T>]>);

type Group<T> = Arc<[Arc<[T]>]>;

impl<T: Copy + Ord> Parts<T> {
    fn new() -> Self {
        Self::of(&[], |never: &(usize, T)| *never)
    }

    /// Of all that it will hold, in order of the parts to which `placed` says that it belongs.
    fn of<S>(sorted: &[S], placed: impl Fn(&S) -> (usize, T)) -> Self {
        let none: Arc<[T]> = Arc::new([]);
        let empty: Group<T> = std::iter::repeat_n(&none, GROUP).cloned().collect();
        let mut rest = sorted;
        let mut next = |end: usize| {
            let here;
            (here, rest) = rest.split_at(rest.partition_point(|one| placed(one).0 < end));
            here
        };
        let group = |group: usize| {
            let mut here = next((group + 1) * GROUP);
            if here.is_empty() {
                return Arc::clone(&empty);
            }
            let part = |part: usize| {
                let count = here.partition_point(|one| placed(one).0 <= part);
                let (of_part, behind) = here.split_at(count);
                here = behind;
                of_part.iter().map(|one| placed(one).1).collect()
            };
            (group * GROUP..(group + 1) * GROUP).map(part).collect()
        };
        Self((0..GROUP).map(group).collect())
    }

    fn at(&self, part: usize) -> &[T] {
        &self.0[part / GROUP][part % GROUP]
    }

    fn each(&self) -> impl Iterator<Item = &Arc<[T]>> {
        self.0.iter().flat_map(|group| group.iter())
    }

    fn put(&mut self, part: usize, one: T) {
        let (before, after) = self.split(part, &one);
        let with = before.iter().chain([&one]).chain(after).copied().collect();
        self.set(part, with);
    }

    fn take(&mut self, part: usize, one: &T) {
        let (before, from) = self.split(part, one);
        if let Some((_, after)) = from.split_first().filter(|(first, _)| *first == one) {
            let without = before.iter().chain(after).copied().collect();
            self.set(part, without);
        }
    }

    fn split(&self, part: usize, one: &T) -> (&[T], &[T]) {
        let records = self.at(part);
        records.split_at(records.partition_point(|other| other < one))
    }

    fn set(&mut self, part: usize, records: Arc<[T]>) {
        let group = &mut Arc::make_mut(&mut self.0)[part / GROUP];
        Arc::make_mut(group)[part % GROUP] = records;
    }
}

/// The place of the first record that is not less, looked for from where it is expected.
fn first_at_least<T>(sorted: &[T], expected: usize, is_less: impl Fn(&T) -> bool) -> usize {
    let (mut from, mut to) = (expected.saturating_sub(NEAR), (expected + NEAR).min(sorted.len()));
    let mut step = NEAR;
    while from > 0 && !is_less(&sorted[from - 1]) {
        step *= 2;
        (from, to) = (from.saturating_sub(step), from);
    }
    while to < sorted.len() && is_less(&sorted[to]) {
        step *= 2;
        (from, to) = (to, (to + step).min(sorted.len()));
    }
    from + sorted[from..to].partition_point(is_less)
}

/// Where in a part of so many records this one is expected.
fn expected(head: u64, count: usize) -> usize {
    let within = (head << PART_BITS) >> 32;
    ((within * count as u64) >> 32) as usize
}

fn part_of(bits: u64) -> usize {
    (bits >> (u64::BITS - PART_BITS)) as usize
}

/// The first eight bytes of a fingerprint, in the order in which fingerprints are sorted.
fn head_of(number: &Fingerprint) -> u64 {
    halves(number.as_bytes()).0
}

/// Identifiers are not all random: those made from the time begin alike.
fn mixed(id: &[u8; 16]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    const OTHER: u64 = 0xC2B2_AE3D_27D4_EB4F;
    let (high, low) = halves(id);
    let mixed = high.wrapping_mul(ODD) ^ low.wrapping_mul(OTHER);
    (mixed ^ (mixed >> 32)).wrapping_mul(ODD)
}

fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let whole = u128::from_be_bytes(*bytes);
    ((whole >> 64) as u64, whole as u64)
}
