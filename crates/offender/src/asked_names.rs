//! The names that were asked, compared with every distinct name of the roster, in either order.
//!
//! For a name asked, each recorded name has a probability m of having been written so; u is the sum over everybody
//! of m times their share. Both orders and both names go into one sum, so that a swapped name weighs neither
//! too much nor too little.

use crate::PrisonerRecord;
use crate::evidence::{Evidence, Field, Level};
use crate::roster::{RecordedName, Roster};
use crate::spelling::Spelling;
use crate::vocabulary::{Compared, NameId, Vocabulary};
use crate::weights::{Role, Weights};

const LEVELS: usize = Level::NotRecorded as usize + 1;

/// The given and family name asked; either may be missing.
pub(crate) struct AskedNames {
    first: AskedName,
    last: AskedName,
    as_given: f64,
    swapped: f64,
    /// How likely these names, in this order, are written of anyone.
    u: f64,
    /// log2 of what each order adds to the names' own m, divided by u.
    as_given_bits: f32,
    swapped_bits: f32,
}

/// What one recorded pair of names weighs, in bits, and whether in the other order.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct NamesWeight {
    pub(crate) bits: f32,
    pub(crate) swapped: bool,
}

impl AskedNames {
    pub(crate) fn new(roster: &Roster, first: Option<&str>, last: Option<&str>) -> Self {
        let weights = &*roster.weights;
        let first = AskedName::new(&roster.names, weights, first);
        let last = AskedName::new(&roster.names, weights, last);
        let as_given = weights.m(Field::NameOrder, Level::AsGiven);
        let swapped = weights.m(Field::NameOrder, Level::Swapped);
        let u = as_given * first.given.u * last.family.u + swapped * first.family.u * last.given.u;
        let over_u = |m: f64| (m / u).log2() as f32;
        Self {
            first,
            last,
            as_given_bits: over_u(as_given),
            swapped_bits: over_u(swapped),
            as_given,
            swapped,
            u,
        }
    }

    /// Whether neither name was asked.
    pub(crate) fn is_empty(&self) -> bool {
        self.first.written.is_none() && self.last.written.is_none()
    }

    /// What a given and a family name weigh, in the order that fits better: asked of every recorded name.
    #[inline]
    pub(crate) fn weigh(&self, given: NameId, family: NameId) -> NamesWeight {
        let (first_of_given, last_of_family) = (self.first.level(given), self.last.level(family));
        let (first_of_family, last_of_given) = (self.first.level(family), self.last.level(given));
        let as_given = self.first.given.bits(first_of_given) + self.last.family.bits(last_of_family);
        let swapped = self.first.family.bits(first_of_family) + self.last.given.bits(last_of_given);
        let (as_given, swapped) = (as_given + self.as_given_bits, swapped + self.swapped_bits);
        NamesWeight {
            bits: as_given.max(swapped),
            swapped: swapped > as_given,
        }
    }

    /// The most that a distinct name can add as a given name, and as a family name, whatever goes with it.
    pub(crate) fn bound(&self, name: NameId) -> (f32, f32) {
        self.bound_of(self.first.level(name), self.last.level(name))
    }

    /// The same for all names that agree with neither.
    pub(crate) fn bound_of_others(&self) -> (f32, f32) {
        let level = |asked: &AskedName| {
            if asked.written.is_some() {
                Level::Different
            } else {
                Level::NotRecorded
            }
        };
        self.bound_of(level(&self.first), level(&self.last))
    }

    /// The distinct names that agree with one of those asked, each once; with them the one that stands for none.
    pub(crate) fn agreeing(&self) -> Vec<NameId> {
        let (first, last) = (&self.first.compared.agreeing, &self.last.compared.agreeing);
        let agrees_with_first = |name: &NameId| self.first.level(*name) < Level::Different;
        let last = last.iter().filter(|name| !agrees_with_first(name));
        [&NameId::NOT_RECORDED]
            .into_iter()
            .chain(first)
            .chain(last)
            .copied()
            .collect()
    }

    /// The distinct names that are spelt as the given name asked, and as the family name.
    pub(crate) fn the_same(&self) -> [Vec<NameId>; 2] {
        [&self.first, &self.last].map(|asked| {
            let agreeing = asked.compared.agreeing.iter().copied();
            agreeing
                .filter(|name| asked.level(*name) == Level::Exact)
                .collect()
        })
    }

    /// At which levels the given and the family name asked agree with a recorded pair, in the order that fits better.
    pub(crate) fn levels(&self, given: NameId, family: NameId) -> [Level; 3] {
        if self.weigh(given, family).swapped {
            [self.first.level(family), self.last.level(given), Level::Swapped]
        } else {
            [self.first.level(given), self.last.level(family), Level::AsGiven]
        }
    }

    #[inline]
    fn bound_of(&self, first: Level, last: Level) -> (f32, f32) {
        let given = self.first.given.bits(first) + self.as_given_bits;
        let swapped = self.last.given.bits(last) + self.swapped_bits;
        let family = self.last.family.bits(last).max(self.first.family.bits(first));
        (given.max(swapped), family)
    }

    /// The evidence of one recorded pair of names.
    pub(crate) fn explain(
        &self,
        roster: &Roster,
        record: &PrisonerRecord,
        name: RecordedName,
    ) -> Vec<Evidence> {
        let written = roster.written(record, name);
        if self.weigh(name.given, name.family).swapped {
            let first = self
                .first
                .evidence(Field::FirstName, Role::Family, name.family, written.1);
            let last = self
                .last
                .evidence(Field::LastName, Role::Given, name.given, written.0);
            let u = self.u / (self.first.family.u * self.last.given.u);
            let order = evidence(Field::NameOrder, Level::Swapped, None, None, self.swapped, u);
            return first.into_iter().chain(last).chain([order]).collect();
        }
        let first = self
            .first
            .evidence(Field::FirstName, Role::Given, name.given, written.0);
        let last = self
            .last
            .evidence(Field::LastName, Role::Family, name.family, written.1);
        let mut found: Vec<Evidence> = first.into_iter().chain(last).collect();
        // What the order adds is a hundredth of a bit, unless the names were likelier swapped: it joins the last row.
        if let Some(row) = found.last_mut() {
            let u = self.u / (self.first.given.u * self.last.family.u);
            *row = evidence(
                row.field,
                row.level,
                row.asked.take(),
                row.recorded.take(),
                row.m * self.as_given,
                row.u * u,
            );
        }
        found
    }
}

/// One name asked: the level of every distinct recorded name, and what each level weighs in either role.
struct AskedName {
    written: Option<String>,
    compared: Compared,
    given: RoleWeights,
    family: RoleWeights,
}

/// m of each level in one role, as a logarithm too, and u.
struct RoleWeights {
    m: [f64; LEVELS],
    bits: [f32; LEVELS],
    u: f64,
}

impl AskedName {
    fn new(names: &Vocabulary, weights: &Weights, written: Option<&str>) -> Self {
        match written.and_then(|text| Some((text, Spelling::of(text)?))) {
            None => Self {
                written: None,
                compared: Compared::nothing_asked(names.len()),
                given: RoleWeights::indifferent(),
                family: RoleWeights::indifferent(),
            },
            Some((text, spelling)) => {
                let compared = names.compare(&spelling);
                let given = RoleWeights::measured(names, weights, Role::Given, &compared);
                let family = RoleWeights::measured(names, weights, Role::Family, &compared);
                Self {
                    written: Some(text.trim().to_owned()),
                    compared,
                    given,
                    family,
                }
            }
        }
    }

    #[inline]
    fn level(&self, name: NameId) -> Level {
        self.compared.level(name)
    }

    fn evidence(&self, field: Field, role: Role, name: NameId, recorded: &str) -> Option<Evidence> {
        let asked = self.written.clone()?;
        let weights = if role == Role::Given {
            &self.given
        } else {
            &self.family
        };
        let level = self.level(name);
        let recorded = (level != Level::NotRecorded).then(|| recorded.to_owned());
        Some(evidence(
            field,
            level,
            Some(asked),
            recorded,
            weights.m[level as usize],
            weights.u,
        ))
    }
}

impl RoleWeights {
    fn indifferent() -> Self {
        Self {
            m: [1.0; LEVELS],
            bits: [0.0; LEVELS],
            u: 1.0,
        }
    }

    fn measured(names: &Vocabulary, weights: &Weights, role: Role, compared: &Compared) -> Self {
        let mut shares = [0.0; LEVELS];
        for name in &compared.agreeing {
            shares[compared.level(*name) as usize] += names.share(role, *name);
        }
        shares[Level::NotRecorded as usize] = names.share(role, NameId::NOT_RECORDED);
        shares[Level::Different as usize] = (1.0 - shares.iter().sum::<f64>()).max(0.0);
        let unseen = match role {
            Role::Given => weights.settings.unseen_given_name,
            Role::Family => weights.settings.unseen_surname,
        };
        let mut m = [0.0; LEVELS];
        for level in Level::OF_NAMES {
            m[level as usize] = weights.name(role, level);
        }
        // Somebody known by a wholly different name is called this as often as anybody is.
        m[Level::Different as usize] *= shares[Level::Exact as usize] + unseen;
        let u = unseen + shares.iter().zip(m).map(|(share, m)| share * m).sum::<f64>();
        m[Level::NotRecorded as usize] = u;
        Self {
            m,
            bits: m.map(|m| m.log2() as f32),
            u,
        }
    }

    #[inline]
    fn bits(&self, level: Level) -> f32 {
        self.bits[level as usize]
    }
}

fn evidence(
    field: Field,
    level: Level,
    asked: Option<String>,
    recorded: Option<String>,
    m: f64,
    u: f64,
) -> Evidence {
    Evidence {
        field,
        level,
        asked,
        recorded,
        m,
        u,
        bits: (m / u).log2(),
    }
}
