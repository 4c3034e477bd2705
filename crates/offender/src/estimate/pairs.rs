//! Pairs of a description and a record, as the levels at which their fields agree; counted, not kept.

use std::collections::{BTreeMap, BTreeSet};

use super::{FIELDS, Pattern};
use crate::evidence::{Field, Level};
use crate::locate::Asked;
use crate::numbers::{Pnc, tidy_prison_number};
use crate::{Known, Roster};

/// Pairs taken at random for each description.
const AT_RANDOM: usize = 200;
/// A description that a rule pairs with more records than this says little for much work.
const MOST_IN_BLOCK: usize = 2_000;

/// By what pairs are chosen. Each leaves the other fields to be estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    BirthDate,
    BothNames,
    PncNumber,
    PrisonerNumber,
}

impl Rule {
    pub(super) const ALL: [Self; 4] = [
        Self::BirthDate,
        Self::BothNames,
        Self::PncNumber,
        Self::PrisonerNumber,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BirthDate => "one date of birth",
            Self::BothNames => "both names",
            Self::PncNumber => "one PNC number",
            Self::PrisonerNumber => "one prison number",
        }
    }

    /// The fields that pairs so chosen say nothing about.
    pub(super) fn chooses_by(self, field: Field) -> bool {
        match self {
            Self::BirthDate => field == Field::DateOfBirth,
            Self::BothNames => matches!(
                field,
                Field::FirstName | Field::LastName | Field::NameOrder | Field::RecordedAs
            ),
            Self::PncNumber => field == Field::PncNumber,
            Self::PrisonerNumber => field == Field::PrisonerNumber,
        }
    }

    fn records(self, roster: &Roster, asked: &Asked, known: &Known) -> Vec<u32> {
        match self {
            Self::BirthDate => known
                .date_of_birth
                .map(|date| roster.born_on(date).into_iter().flatten().copied().collect())
                .unwrap_or_default(),
            Self::BothNames => with_both_names(roster, asked),
            Self::PncNumber => {
                let pnc = known.pnc_number.as_deref().and_then(Pnc::parse);
                pnc.map(|pnc| roster.at_pnc(pnc).collect()).unwrap_or_default()
            }
            Self::PrisonerNumber => {
                let number = known.prisoner_number.as_deref().and_then(tidy_prison_number);
                let number = number.and_then(|number| number.parse().ok());
                number
                    .and_then(|number| roster.at_number(number))
                    .into_iter()
                    .collect()
            }
        }
    }
}

/// How many pairs stand at each pattern of levels.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) by_rule: [BTreeMap<Pattern, u64>; Rule::ALL.len()],
    /// Each pair that any rule chose, once.
    pub(super) by_any: BTreeMap<Pattern, u64>,
    pub(super) random: BTreeMap<Pattern, u64>,
    pub(super) descriptions: u64,
    pub(super) left_out: u64,
}

impl Pairs {
    /// Pairs one description with the records that the rules choose, and with some at random; never with its own.
    pub(super) fn take(&mut self, roster: &Roster, known: &Known, own: Option<u32>, random: &mut Seeded) {
        let asked = Asked::prepare(roster, known);
        self.descriptions += 1;
        let mut any = BTreeSet::new();
        for (rule, counts) in Rule::ALL.iter().zip(&mut self.by_rule) {
            let mut chosen = rule.records(roster, &asked, known);
            chosen.retain(|at| !roster.is_superseded(*at));
            if chosen.len() > MOST_IN_BLOCK {
                self.left_out += 1;
                continue;
            }
            for at in chosen.into_iter().filter(|at| Some(*at) != own) {
                *counts.entry(pattern(roster, &asked, at)).or_default() += 1;
                any.insert(at);
            }
        }
        for at in any {
            *self.by_any.entry(pattern(roster, &asked, at)).or_default() += 1;
        }
        for _ in 0..AT_RANDOM {
            let at = random.below(roster.places().max(1)) as u32;
            if Some(at) != own && (at as usize) < roster.places() && !roster.is_superseded(at) {
                *self.random.entry(pattern(roster, &asked, at)).or_default() += 1;
            }
        }
    }
}

/// Records that bear both names, spelt as they are asked.
fn with_both_names(roster: &Roster, asked: &Asked) -> Vec<u32> {
    let [given, family] = asked.names.the_same();
    let of = |postings: &crate::postings::Postings, names: &[crate::vocabulary::NameId]| -> BTreeSet<u32> {
        names
            .iter()
            .flat_map(|name| postings.of(name.0))
            .flatten()
            .copied()
            .collect()
    };
    let family = of(&roster.by.family, &family);
    let given = of(&roster.by.given, &given);
    given.intersection(&family).copied().collect()
}

/// The levels at which a record agrees with what was asked, as they would be shown.
fn pattern(roster: &Roster, asked: &Asked, at: u32) -> Pattern {
    let names = roster.names_of(at as usize);
    let held = roster.held[at as usize];
    let mut levels = [Level::NotRecorded; FIELDS.len()];
    let mut set = |field: Field, level: Level| {
        if let Some(place) = FIELDS.iter().position(|other| *other == field) {
            levels[place] = level;
        }
    };
    if !asked.names.is_empty() {
        let (_, name) = asked.best_name(names);
        let [first, last, order] = asked.names.levels(name.given, name.family);
        set(Field::FirstName, first);
        set(Field::LastName, last);
        set(Field::NameOrder, order);
        if names.len() > 1 {
            set(Field::RecordedAs, name.recorded_as);
        }
    }
    if let Some((birth, date)) = asked
        .birth
        .as_ref()
        .and_then(|birth| Some((birth, birth.best_of(names)?)))
    {
        set(birth.field(), birth.level(date));
    }
    if let Some(prison) = &asked.prison {
        set(Field::PrisonId, prison.level(held));
    }
    if let Some(number) = &asked.number {
        set(Field::PrisonerNumber, number.level(at));
    }
    if let Some(pnc) = asked.pnc.as_ref().filter(|_| held.has_pnc) {
        set(Field::PncNumber, pnc.level(at));
    }
    levels
}

/// A row of numbers that follows from its seed alone (SplitMix64), the same in every version.
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    /// Below a bound that is not zero.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
