//! All prisoners, laid out so that one pass over them takes milliseconds: names and dates are small ids into
//! lists of distinct ones, so that each distinct name is compared once a query however many bear it.
//!
//! In: [`PrisonerRecord`]s. Out: a [`Roster`]. When a few people change, it is changed for them alone
//! ([`Roster::update`]); when many do, another is built beside it and exchanged whole.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use prison::{PrisonId, PrisonerNumber};

use crate::evidence::{Field, Level, ModelVersion};
use crate::numbers::Pnc;
use crate::offences::Offences;
use crate::postings::Postings;
use crate::shelf::Shelf;
use crate::vocabulary::{NameId, Vocabulary};
use crate::weights::{Role, Weights};
use crate::{BirthDate, PrisonerRecord};

/// Recorded names of one prisoner that are compared, middle names included; further ones are not.
pub(crate) const MOST_NAMES_OF_ONE: usize = 64;

/// All prisoners that may be located.
pub struct Roster {
    pub(crate) weights: Arc<Weights>,
    shelf: Shelf,
    pub(crate) names: Vocabulary,
    pub(crate) dates: Dates,
    /// The names of all records, record by record.
    pub(crate) recorded: Vec<RecordedName>,
    /// Where each record's names start; one more than there are records.
    starts: Vec<u32>,
    pub(crate) held: Vec<Held>,
    pub(crate) places: Places,
    pub(crate) held_counts: HashMap<PrisonId, HeldCount>,
    pub(crate) offences: Offences,
    pub(crate) by: By,
    numbers: Vec<(PrisonerNumber, u32)>,
    pncs: Vec<(Pnc, u32)>,
    /// Places whose record came again, at another place.
    superseded: HashSet<u32>,
}

/// One name of one prisoner.
#[derive(Clone, Copy)]
pub(crate) struct RecordedName {
    pub(crate) given: NameId,
    pub(crate) family: NameId,
    /// The date of birth that goes with it.
    pub(crate) date: DateId,
    /// Main, alias or middle.
    pub(crate) recorded_as: Level,
    /// log2 of how often a referrer knows the prisoner by this name.
    pub(crate) m: f32,
}

/// Where a prisoner is, or was last.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub(crate) at: Option<PrisonId>,
    pub(crate) last_at: Option<PrisonId>,
    /// The two together.
    place: u32,
    pub(crate) has_pnc: bool,
    pub(crate) in_custody: bool,
    /// His offence among the distinct ones; zero for none.
    pub(crate) offence: u32,
}

/// How many are held at a prison, and how many elsewhere were there last.
#[derive(Clone, Copy, Default)]
pub(crate) struct HeldCount {
    pub(crate) now: u32,
    pub(crate) last: u32,
}

/// A distinct date of birth; zero stands for none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateId(pub(crate) u32);

/// Distinct dates of birth, and how many prisoners have each.
#[derive(Default)]
pub(crate) struct Dates {
    ids: HashMap<BirthDate, DateId>,
    pub(crate) distinct: Vec<Option<BirthDate>>,
    pub(crate) people: Vec<u32>,
}

/// Distinct pairs of where a prisoner is and where he was last.
#[derive(Default)]
pub(crate) struct Places {
    ids: HashMap<(Option<PrisonId>, Option<PrisonId>), u32>,
    pub(crate) distinct: Vec<Held>,
}

/// The records that bear each name, date and place.
#[derive(Default)]
pub(crate) struct By {
    pub(crate) given: Postings,
    pub(crate) family: Postings,
    pub(crate) date: Postings,
    pub(crate) place: Postings,
}

impl Roster {
    /// Lays out the roster. A prison number that comes twice counts once, as it came last.
    ///
    /// Records are packed as they come, so that a million of them are never in memory as values.
    pub fn build(records: impl IntoIterator<Item = PrisonerRecord>) -> Self {
        Self::build_with(Weights::shipped(), records)
    }

    /// The same with other weights than those compiled in.
    pub fn build_with(weights: Arc<Weights>, records: impl IntoIterator<Item = PrisonerRecord>) -> Self {
        let mut shelf = Shelf::default();
        let mut numbers = Vec::new();
        for record in records {
            numbers.push((record.prisoner_number, shelf.len() as u32));
            shelf.put(&record);
        }
        let numbers = without_repeats(numbers, &mut shelf);
        shelf.settle();
        let mut roster = Self {
            names: Vocabulary::of_the_population(weights.settings.population_weight),
            weights,
            dates: Dates::with_none(),
            recorded: Vec::with_capacity(shelf.len()),
            starts: vec![0],
            held: Vec::with_capacity(shelf.len()),
            places: Places::default(),
            held_counts: HashMap::new(),
            offences: Offences::default(),
            by: By::default(),
            numbers,
            pncs: Vec::new(),
            superseded: HashSet::new(),
            shelf,
        };
        for at in 0..roster.places() {
            let record = roster.record_at(at);
            roster.lay_out_names(&record);
            roster.lay_out_facts(at, &record);
        }
        roster.settle();
        roster
    }

    /// Takes over records that are new or have changed since. Answers are those of a roster that was built with them.
    ///
    /// What a record was before stays in memory: a roster of which many have changed is better built anew.
    pub fn update(&mut self, records: impl IntoIterator<Item = PrisonerRecord>) {
        let latest: BTreeMap<PrisonerNumber, PrisonerRecord> = records
            .into_iter()
            .map(|record| (record.prisoner_number, record))
            .collect();
        let mut new = Vec::new();
        for (number, record) in latest {
            let at = self.places() as u32;
            match self.numbers.binary_search_by_key(&number, |(number, _)| *number) {
                Ok(found) if self.record_at(self.numbers[found].1 as usize) == record => continue,
                Ok(found) => {
                    let before = std::mem::replace(&mut self.numbers[found].1, at);
                    self.supersede(before);
                }
                Err(_) => new.push((number, at)),
            }
            self.shelf.put(&record);
            self.lay_out_names(&record);
            self.lay_out_facts(at as usize, &record);
            self.post(at);
        }
        self.numbers.extend(new);
        // Two runs that are in order each: these merge them.
        self.numbers.sort();
        self.pncs.sort();
    }

    /// How many records were taken over since it was built that had been there before.
    pub fn superseded(&self) -> usize {
        self.superseded.len()
    }

    /// The version of the model that weighs.
    pub fn model(&self) -> &ModelVersion {
        &self.weights.version
    }

    /// How many prisoners are on it.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// How many places there are; some may be superseded.
    pub(crate) fn places(&self) -> usize {
        self.shelf.len()
    }

    pub(crate) fn is_superseded(&self, at: u32) -> bool {
        self.superseded.contains(&at)
    }

    /// Whether nobody is on it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record of one prisoner.
    pub fn record(&self, number: &PrisonerNumber) -> Option<PrisonerRecord> {
        self.shelf.take_down(self.at_number(*number)? as usize)
    }

    /// All records, in no order.
    pub fn records(&self) -> impl Iterator<Item = PrisonerRecord> {
        let standing = (0..self.places()).filter(|at| !self.is_superseded(*at as u32));
        standing.map(|at| self.record_at(at))
    }

    /// The record at a place that there is.
    pub(crate) fn record_at(&self, at: usize) -> PrisonerRecord {
        // Unwrap safety: what was put on the shelf can be taken down, as a property test shows.
        self.shelf
            .take_down(at)
            .expect("the roster has a record at each of its places")
    }

    pub(crate) fn at_number(&self, number: PrisonerNumber) -> Option<u32> {
        let found = self
            .numbers
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()?;
        Some(self.numbers[found].1)
    }

    pub(crate) fn at_pnc(&self, pnc: Pnc) -> impl Iterator<Item = u32> {
        let from = self.pncs.partition_point(|(other, _)| *other < pnc);
        self.pncs[from..]
            .iter()
            .take_while(move |(other, _)| *other == pnc)
            .map(|(_, at)| *at)
            .filter(|at| !self.is_superseded(*at))
    }

    /// The records with a name that goes with this date of birth.
    pub(crate) fn born_on(&self, date: BirthDate) -> [&[u32]; 2] {
        let id = self.dates.ids.get(&date);
        id.map_or([&[], &[]], |id| self.by.date.of(id.0))
    }

    pub(crate) fn names_of(&self, at: usize) -> &[RecordedName] {
        &self.recorded[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// A recorded name as it is written in its record, given and family name.
    pub(crate) fn written<'a>(&self, record: &'a PrisonerRecord, name: RecordedName) -> (&'a str, &'a str) {
        let is_it = |other: &&WrittenName<'_>| {
            self.names.find(other.given) == name.given && self.names.find(other.family) == name.family
        };
        let names = distinct_names(record);
        names
            .iter()
            .find(is_it)
            .map_or(("", ""), |name| (name.given, name.family))
    }

    fn lay_out_names(&mut self, record: &PrisonerRecord) {
        for (name, m) in self.weighed_names(record) {
            let (given, family) = self.count_name(&name, m, 1.0);
            self.recorded.push(RecordedName {
                given,
                family,
                date: self.dates.intern(name.date),
                recorded_as: name.recorded_as,
                m: m.log2() as f32,
            });
        }
        self.starts.push(self.recorded.len() as u32);
    }

    /// The names that are compared, each with how often a referrer knows the prisoner by it.
    fn weighed_names<'a>(&self, record: &'a PrisonerRecord) -> Vec<(WrittenName<'a>, f64)> {
        let mut names = distinct_names(record);
        names.truncate(MOST_NAMES_OF_ONE);
        let is_alias = |name: &&WrittenName<'_>| name.recorded_as == Level::Alias;
        let aliases = names.iter().filter(is_alias).count();
        let alone = names.len() == 1;
        let m = |level| match level {
            _ if alone => 1.0,
            Level::Alias => self.weights.m(Field::RecordedAs, level) / aliases as f64,
            level => self.weights.m(Field::RecordedAs, level),
        };
        names
            .into_iter()
            .map(|name| {
                let m = m(name.recorded_as);
                (name, m)
            })
            .collect()
    }

    /// Counts one who bears a name, or with -1 one fewer.
    fn count_name(&mut self, name: &WrittenName<'_>, m: f64, people: f64) -> (NameId, NameId) {
        let family = if name.recorded_as == Level::Middle { 0.0 } else { m };
        (
            self.names.count(name.given, Role::Given, m * people),
            self.names.count(name.family, Role::Family, family * people),
        )
    }

    /// What was counted of a record is counted no more, and no query finds it.
    fn supersede(&mut self, at: u32) {
        let record = self.record_at(at as usize);
        for (name, m) in self.weighed_names(&record) {
            self.count_name(&name, m, -1.0);
        }
        self.dates.discount(record.date_of_birth);
        let held = self.held[at as usize];
        self.offences.discount(held.offence);
        self.count_held(held, -1);
        self.superseded.insert(at);
    }

    /// Adds a record to those that bear each of its values.
    fn post(&mut self, at: u32) {
        let names = self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize;
        for name in &self.recorded[names] {
            self.by.given.add(name.given.0, at);
            self.by.family.add(name.family.0, at);
            self.by.date.add(name.date.0, at);
        }
        self.by.place.add(self.held[at as usize].place, at);
    }

    fn lay_out_facts(&mut self, at: usize, record: &PrisonerRecord) {
        self.dates.count(record.date_of_birth);
        let pnc = record.pnc_number.as_deref().and_then(Pnc::parse);
        self.pncs.extend(pnc.map(|pnc| (pnc, at as u32)));
        let held = Held {
            at: record.prison_id,
            last_at: record.last_prison_id,
            place: 0,
            has_pnc: pnc.is_some(),
            in_custody: record.status.in_custody(),
            offence: self.offences.count(record.most_serious_offence.as_deref()),
        };
        let held = self.places.intern(held);
        self.count_held(held, 1);
        self.held.push(held);
    }

    fn settle(&mut self) {
        self.names.settle();
        self.pncs.sort_unstable();
        self.recorded.shrink_to_fit();
        let each = |term: &dyn Fn(&RecordedName) -> u32| -> Vec<(u32, u32)> {
            let names =
                (0..self.places()).flat_map(|at| self.names_of(at).iter().map(move |name| (name, at)));
            names.map(|(name, at)| (term(name), at as u32)).collect()
        };
        let places = self.held.iter().zip(0..).map(|(held, at)| (held.place, at));
        self.by = By {
            given: Postings::new(self.names.len(), each(&|name| name.given.0)),
            family: Postings::new(self.names.len(), each(&|name| name.family.0)),
            date: Postings::new(self.dates.distinct.len(), each(&|name| name.date.0)),
            place: Postings::new(self.places.distinct.len(), places.collect()),
        };
    }

    fn count_held(&mut self, held: Held, people: i32) {
        if let Some(prison) = held.at {
            let count = &mut self.held_counts.entry(prison).or_default().now;
            *count = count.saturating_add_signed(people);
        }
        if let Some(prison) = held.last_at.filter(|last| Some(*last) != held.at) {
            let count = &mut self.held_counts.entry(prison).or_default().last;
            *count = count.saturating_add_signed(people);
        }
    }
}

impl Dates {
    fn with_none() -> Self {
        Self {
            ids: HashMap::new(),
            distinct: vec![None],
            people: vec![0],
        }
    }

    fn intern(&mut self, date: Option<BirthDate>) -> DateId {
        let Some(date) = date else { return DateId(0) };
        *self.ids.entry(date).or_insert_with(|| {
            self.distinct.push(Some(date));
            self.people.push(0);
            DateId(self.distinct.len() as u32 - 1)
        })
    }

    fn count(&mut self, date: Option<BirthDate>) {
        let id = self.intern(date);
        self.people[id.0 as usize] += 1;
    }

    fn discount(&mut self, date: Option<BirthDate>) {
        let id = self.intern(date);
        self.people[id.0 as usize] -= 1;
    }
}

impl Places {
    fn intern(&mut self, held: Held) -> Held {
        let place = *self.ids.entry((held.at, held.last_at)).or_insert_with(|| {
            self.distinct.push(held);
            self.distinct.len() as u32 - 1
        });
        Held { place, ..held }
    }
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Roster({} prisoners)", self.len())
    }
}

struct WrittenName<'a> {
    given: &'a str,
    family: &'a str,
    date: Option<BirthDate>,
    recorded_as: Level,
}

/// The main name, every alias that differs from the names before it, then each middle name with the family name.
fn distinct_names(record: &PrisonerRecord) -> Vec<WrittenName<'_>> {
    let main = WrittenName {
        given: &record.first_name,
        family: &record.last_name,
        date: record.date_of_birth,
        recorded_as: Level::Main,
    };
    let aliases = record.aliases.iter().map(|alias| WrittenName {
        given: &alias.first_name,
        family: &alias.last_name,
        date: alias.date_of_birth.or(record.date_of_birth),
        recorded_as: Level::Alias,
    });
    let middle = record
        .middle_names
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .map(|given| WrittenName {
            given,
            family: &record.last_name,
            date: record.date_of_birth,
            recorded_as: Level::Middle,
        });
    let mut names: Vec<WrittenName<'_>> = vec![main];
    for name in aliases.chain(middle) {
        let known = names.iter().any(|other| {
            other.given.eq_ignore_ascii_case(name.given)
                && other.family.eq_ignore_ascii_case(name.family)
                && other.date == name.date
        });
        if !known {
            names.push(name);
        }
    }
    names
}

/// Drops all but the last record of each number; what is left is in the order of the numbers, with their places.
fn without_repeats(mut numbers: Vec<(PrisonerNumber, u32)>, shelf: &mut Shelf) -> Vec<(PrisonerNumber, u32)> {
    numbers.sort_unstable();
    let superseded: HashSet<u32> = numbers
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[0].1)
        .collect();
    if superseded.is_empty() {
        return numbers;
    }
    shelf.keep(|at| !superseded.contains(&(at as u32)));
    let mut gone: Vec<u32> = superseded.iter().copied().collect();
    gone.sort_unstable();
    let left = numbers.into_iter().filter(|(_, at)| !superseded.contains(at));
    left.map(|(number, at)| (number, at - gone.partition_point(|gone| *gone < at) as u32))
        .collect()
}
