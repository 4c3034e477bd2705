//! Every distinct name of the roster, and of the national lists, once; with how often it is borne.
//!
//! In: names as the roster is built. Out: a small [`NameId`] for each, and per query the [`Level`] of all of them at once.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::evidence::Level;
use crate::nicknames::same_by_list;
use crate::postings::Postings;
use crate::spelling::{Comparator, Outline, Spelling};
use crate::weights::Role;

/// The national lists, counting as one person in all.
static POPULATION: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read(1.0));

/// Parts of so many letters or fewer are too often one letter apart by chance.
const SHORTEST_PART_WITH_SLIP: usize = 3;

/// A distinct name. Zero stands for a name that is not recorded.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NameId(pub(crate) u32);

impl NameId {
    pub(crate) const NOT_RECORDED: Self = Self(0);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All distinct names with their shares.
#[derive(Clone)]
pub(crate) struct Vocabulary {
    /// The spelling of each name but the first, which stands for none.
    spellings: Vec<Option<Spelling>>,
    /// The outline of each of them, once all names are in.
    outlines: Vec<Outline>,
    /// Each part of a hyphenated or spaced name is a name too: pairs of a part and a name that it is part of.
    parts: Vec<(u32, u32)>,
    /// The same, once all names are in.
    wholes: Postings,
    ids: HashMap<Box<str>, NameId>,
    /// Names as they were written, so that each way of writing is folded once.
    as_written: HashMap<Box<str>, NameId>,
    given: Borne,
    family: Borne,
    settled: bool,
}

/// How many people bear each name in one role, and how many there are in all.
#[derive(Clone)]
struct Borne {
    people: Vec<f64>,
    all: f64,
}

impl Borne {
    fn count(&mut self, id: NameId, people: f64) {
        self.people[id.index()] += people;
        self.all += people;
    }

    fn share(&self, id: NameId) -> f64 {
        self.people[id.index()] / self.all.max(1.0)
    }
}

impl Vocabulary {
    /// The national lists, counting as so many people.
    pub(crate) fn of_the_population(people: f64) -> Self {
        let mut all = POPULATION.clone();
        let counts = all.given.people.iter_mut().chain(&mut all.family.people);
        counts.for_each(|count| *count *= people);
        all
    }

    fn read(people: f64) -> Self {
        let mut all = Self {
            spellings: vec![None],
            outlines: Vec::new(),
            parts: Vec::new(),
            wholes: Postings::default(),
            ids: HashMap::new(),
            as_written: HashMap::new(),
            given: Borne {
                people: vec![0.0],
                all: 0.0,
            },
            family: Borne {
                people: vec![0.0],
                all: 0.0,
            },
            settled: false,
        };
        let lists = [
            (Role::Given, include_str!("../data/given_names.tsv")),
            (Role::Family, include_str!("../data/surnames.tsv")),
        ];
        for (role, list) in lists {
            let rows = || list.lines().filter_map(|line| line.split_once('\t'));
            let weight = |text: &str| text.trim().parse::<f64>().unwrap_or(0.0);
            let total: f64 = rows().map(|(_, text)| weight(text)).sum();
            for (name, text) in rows() {
                all.count(name, role, people * weight(text) / total);
            }
        }
        all
    }

    /// Interns a name and counts `people` more who bear it in this role, or fewer; a person of two names counts in parts.
    pub(crate) fn count(&mut self, name: &str, role: Role, people: f64) -> NameId {
        let id = self.intern(name);
        match role {
            Role::Given => self.given.count(id, people),
            Role::Family => self.family.count(id, people),
        }
        id
    }

    fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.as_written.get(name) {
            return *id;
        }
        let id = self.intern_folded(name);
        self.as_written.insert(name.into(), id);
        id
    }

    fn intern_folded(&mut self, name: &str) -> NameId {
        let Some(spelling) = Spelling::of(name) else {
            return NameId::NOT_RECORDED;
        };
        let key = spelling.key();
        if let Some(id) = self.ids.get(&*key) {
            return *id;
        }
        let id = NameId(self.spellings.len() as u32);
        self.ids.insert(key.into(), id);
        let parts = spelling.parts.clone();
        if self.settled {
            self.outlines.push(spelling.outline());
        }
        self.spellings.push(Some(spelling));
        self.given.people.push(0.0);
        self.family.people.push(0.0);
        for part in &parts {
            let part = self.intern_folded(part);
            if self.settled {
                self.wholes.add(part.0, id.0);
            } else {
                self.parts.push((part.0, id.0));
            }
        }
        id
    }

    /// The id of a name that was counted before.
    pub(crate) fn find(&self, name: &str) -> NameId {
        self.as_written.get(name).copied().unwrap_or(NameId::NOT_RECORDED)
    }

    /// Makes ready to be asked, once all names are in; further ones may still come.
    pub(crate) fn settle(&mut self) {
        for borne in [&mut self.given, &mut self.family] {
            borne.all = borne.people.iter().sum();
        }
        self.wholes = Postings::new(self.len(), self.parts.clone());
        self.outlines = self.spellings.iter().flatten().map(Spelling::outline).collect();
        self.settled = true;
    }

    /// How many distinct names there are, the one that stands for none included.
    pub(crate) fn len(&self) -> usize {
        self.spellings.len()
    }

    /// The share of people whose name in this role is `id`.
    pub(crate) fn share(&self, role: Role, id: NameId) -> f64 {
        match role {
            Role::Given => self.given.share(id),
            Role::Family => self.family.share(id),
        }
    }

    /// Compares one written name with all.
    pub(crate) fn compare(&self, asked: &Spelling) -> Compared {
        let comparator = Comparator::new(asked);
        let outline = asked.outline();
        let mut compared = Compared::nothing_agrees(self.len());
        for (recorded, at) in self.outlines.iter().zip(1..) {
            if recorded.may_agree(outline)
                && let Some(spelling) = &self.spellings[at as usize]
            {
                compared.note(NameId(at), comparator.level(spelling));
            }
        }
        self.compare_parts(asked, &mut compared);
        for (other, level) in same_by_list(&asked.letters) {
            if let Some(id) = self.ids.get(other) {
                compared.note(*id, level);
            }
        }
        compared
    }

    /// Names that share a part with the one asked, and names of which the one asked is a part.
    fn compare_parts(&self, asked: &Spelling, compared: &mut Compared) {
        let wholes_of = |part: NameId| {
            self.wholes
                .of(part.0)
                .into_iter()
                .flatten()
                .map(|whole| NameId(*whole))
        };
        for part in asked.parts.iter().filter_map(|part| self.ids.get(part)) {
            compared.note(*part, Level::Part);
            for whole in wholes_of(*part) {
                let same = self.spellings[whole.index()]
                    .as_ref()
                    .is_some_and(|whole| whole.same_parts(asked));
                compared.note(whole, if same { Level::Reordered } else { Level::Part });
            }
        }
        if asked.parts.is_empty() {
            for part in compared.agreeing.clone() {
                let level = match compared.level(part) {
                    Level::Exact => Level::Part,
                    Level::SoundsAlike | Level::OneTypo if self.letters(part) > SHORTEST_PART_WITH_SLIP => {
                        Level::PartOneTypo
                    }
                    _ => continue,
                };
                wholes_of(part).for_each(|whole| compared.note(whole, level));
            }
        }
    }

    fn letters(&self, name: NameId) -> usize {
        self.spellings[name.index()]
            .as_ref()
            .map_or(0, |spelling| spelling.letters.len())
    }
}

/// How every distinct name agrees with one that is asked.
pub(crate) struct Compared {
    levels: Vec<Level>,
    /// The names that do not simply differ, each once; the one that stands for none is not among them.
    pub(crate) agreeing: Vec<NameId>,
}

impl Compared {
    fn nothing_agrees(names: usize) -> Self {
        let mut levels = vec![Level::Different; names];
        levels[0] = Level::NotRecorded;
        Self {
            levels,
            agreeing: Vec::new(),
        }
    }

    /// Nothing was asked.
    pub(crate) fn nothing_asked(names: usize) -> Self {
        Self {
            levels: vec![Level::NotRecorded; names],
            agreeing: Vec::new(),
        }
    }

    /// Keeps the better of two levels.
    fn note(&mut self, name: NameId, level: Level) {
        let known = &mut self.levels[name.index()];
        if level < Level::Different && *known == Level::Different {
            self.agreeing.push(name);
        }
        *known = level.min(*known);
    }

    #[inline]
    pub(crate) fn level(&self, name: NameId) -> Level {
        self.levels[name.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smith_is_commoner_than_zeffirelli_even_on_an_empty_roster() {
        let mut names = Vocabulary::of_the_population(20_000.0);
        names.settle();
        let share = |name: &str| names.share(Role::Family, names.ids[name]);
        assert!(share("smith") > 100.0 * share("zeffirelli"));
        let all = (0..names.len() as u32).map(|id| names.share(Role::Family, NameId(id)));
        assert!((all.sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_name_agrees_with_its_parts_and_with_names_that_share_one() {
        let mut names = Vocabulary::of_the_population(20_000.0);
        for name in ["Lloyd-Newman", "Kelly-Hammond", "Hammond", "Ali-Khan"] {
            names.count(name, Role::Family, 1.0);
        }
        names.settle();
        for (asked, recorded, expected) in [
            ("Newman Lloyd", "Lloyd-Newman", Level::Reordered),
            ("Kelly", "Kelly-Hammond", Level::Part),
            ("Kelly-Hammond", "Hammond", Level::Part),
            ("Kelly-Smith", "Kelly-Hammond", Level::Part),
            ("Hamond", "Kelly-Hammond", Level::PartOneTypo),
            ("Kelly-Hamond", "Kelly-Hammond", Level::Part),
            ("Alo", "Ali-Khan", Level::Different),
        ] {
            let compared = names.compare(&Spelling::of(asked).unwrap());
            let level = compared.level(names.find(recorded)).min(Level::Different);
            assert_eq!(level, expected, "{asked} for {recorded}");
        }
    }
}
