//! Middle, former and street names: any of them may be on the record in any place. They only ever help.

use crate::evidence::{Evidence, Field, Level};
use crate::roster::{RecordedName, Roster};
use crate::spelling::Spelling;
use crate::weights::Role;
use crate::{Known, vocabulary::NameId};

/// Further names of one query that are compared; those beyond are not read.
const MOST_OTHER_NAMES: usize = 8;

/// What each distinct recorded name weighs for the further names asked.
pub(crate) struct OtherNames {
    written: String,
    /// Bits for each distinct name, none below zero, with m and u.
    weights: Vec<(f32, f64, f64)>,
}

impl OtherNames {
    /// Nothing where there are none that differ from the given and family name asked.
    pub(crate) fn new(roster: &Roster, known: &Known) -> Option<Self> {
        let written = known.other_names.as_deref()?.trim();
        let already: Vec<Spelling> = [&known.first_name, &known.last_name]
            .into_iter()
            .flatten()
            .filter_map(|name| Spelling::of(name))
            .collect();
        let names: Vec<Spelling> = written
            .split(|ch: char| ch.is_whitespace() || matches!(ch, ',' | ';' | '/'))
            .filter_map(Spelling::of)
            .filter(|name| !already.iter().any(|other| other.letters == name.letters))
            .take(MOST_OTHER_NAMES)
            .collect();
        if names.is_empty() {
            return None;
        }
        let mut weights = vec![(0.0, 1.0, 1.0); roster.names.len()];
        names.iter().for_each(|name| weigh(roster, name, &mut weights));
        Some(Self {
            written: written.to_owned(),
            weights,
        })
    }

    #[inline]
    pub(crate) fn bits(&self, name: RecordedName) -> f32 {
        self.weights[name.given.index()]
            .0
            .max(self.weights[name.family.index()].0)
    }

    pub(crate) fn most_bits(&self) -> f32 {
        self.weights.iter().map(|(bits, ..)| *bits).fold(0.0, f32::max)
    }

    pub(crate) fn explain(&self, names: &[RecordedName]) -> Option<Evidence> {
        let ids = names.iter().flat_map(|name| [name.given, name.family]);
        let (bits, m, u) = ids
            .map(|id| self.weights[id.index()])
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        let level = if bits > 0.0 {
            Level::Agrees
        } else {
            Level::NotRecorded
        };
        let asked = Some(self.written.clone());
        Some(Evidence {
            field: Field::OtherNames,
            level,
            asked,
            recorded: None,
            m,
            u,
            bits: f64::from(bits),
        })
    }
}

fn weigh(roster: &Roster, asked: &Spelling, weights: &mut [(f32, f64, f64)]) {
    let believed = roster.weights.m(Field::OtherNames, Level::Agrees);
    let m_of = |level| believed * roster.weights.name(Role::Given, level);
    let compared = roster.names.compare(asked);
    let agreeing = || {
        compared
            .agreeing
            .iter()
            .map(|name| (*name, compared.level(*name)))
    };
    let share = |id: NameId| roster.names.share(Role::Given, id) + roster.names.share(Role::Family, id);
    let unseen = roster.weights.settings.unseen_surname;
    let u = unseen
        + agreeing()
            .map(|(name, level)| share(name) * m_of(level))
            .sum::<f64>();
    for (name, level) in agreeing() {
        let m = m_of(level);
        let bits = (m / u).log2().max(0.0) as f32;
        if bits > weights[name.index()].0 {
            weights[name.index()] = (bits, m, u);
        }
    }
}
