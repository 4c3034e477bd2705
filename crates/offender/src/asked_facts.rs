//! The facts beside names: date of birth or age, prison, prison number, PNC number; each compared with all that is recorded.

use prison::PrisonId;

use crate::evidence::{Evidence, Field, Level};
use crate::numbers::{Pnc, prison_numbers_one_edit_away, tidy_prison_number};
use crate::roster::{DateId, Held, RecordedName, Roster};
use crate::scale::Scale;
use crate::{BirthDate, Known};

/// People in the population are spread over so many days of birth, near enough.
const BIRTH_DAYS: f64 = 62.0 * 365.25;
const YEARS_NEAR: u16 = 2;

/// The date of birth asked, or the range of years, with the level of every distinct date recorded.
pub(crate) struct AskedBirth {
    levels: Vec<Level>,
    /// The bits of each distinct date.
    bits: Vec<f32>,
    scale: Scale,
    written: String,
}

impl AskedBirth {
    /// Nothing where neither was asked.
    pub(crate) fn new(roster: &Roster, known: &Known) -> Option<Self> {
        match (known.date_of_birth, known.birth_years()) {
            (Some(date), _) => Some(Self::of_date(roster, date)),
            (None, Some(years)) => Some(Self::of_years(roster, years)),
            (None, None) => None,
        }
    }

    #[inline]
    pub(crate) fn bits(&self, date: DateId) -> f32 {
        self.bits[date.0 as usize]
    }

    /// Of the dates that go with a prisoner's names, the one that fits best.
    pub(crate) fn best_of(&self, names: &[RecordedName]) -> Option<DateId> {
        let dates = names.iter().map(|name| name.date);
        dates.max_by(|a, b| self.bits(*a).total_cmp(&self.bits(*b)))
    }

    /// Whether a date was asked or a range of years.
    pub(crate) fn field(&self) -> Field {
        self.scale.field()
    }

    pub(crate) fn level(&self, date: DateId) -> Level {
        self.levels[date.0 as usize]
    }

    /// The bits of all distinct dates, each with its id.
    pub(crate) fn of_each(&self) -> Vec<(u32, f32)> {
        (0..).zip(self.bits.iter().copied()).collect()
    }

    pub(crate) fn explain(&self, roster: &Roster, date: DateId) -> Evidence {
        let recorded = roster.dates.distinct[date.0 as usize].map(|date| date.to_string());
        self.scale
            .evidence(self.levels[date.0 as usize], Some(self.written.clone()), recorded)
    }

    fn of_date(roster: &Roster, asked: BirthDate) -> Self {
        let levels = levels_of(roster, |recorded| asked.compared_with(recorded));
        let shares = shares_of(roster, &levels, population_share_of_date);
        let lowest = roster.weights.settings.lowest_bits;
        let m = |level| match level {
            Level::Different => roster.weights.m(Field::DateOfBirth, level) * shares[Level::Exact as usize],
            level => roster.weights.m(Field::DateOfBirth, level),
        };
        let u = Level::OF_DATES
            .iter()
            .map(|level| shares[*level as usize] * m(*level))
            .sum();
        let mut scale = Scale::new(Field::DateOfBirth);
        for level in Level::OF_DATES {
            scale.set(level, m(level), u, (lowest, f64::INFINITY));
        }
        Self::settled(levels, scale, asked.to_string())
    }

    fn of_years(roster: &Roster, (from, to): (u16, u16)) -> Self {
        let level_of = |year: u16| match year {
            _ if (from..=to).contains(&year) => Level::InRange,
            _ if year.saturating_add(YEARS_NEAR) >= from && year <= to.saturating_add(YEARS_NEAR) => {
                Level::NearRange
            }
            _ => Level::OutOfRange,
        };
        let levels = levels_of(roster, |recorded| level_of(recorded.year()));
        let population = |level| (1945..2007).filter(|year| level_of(*year) == level).count() as f64 / 62.0;
        let shares = shares_of(roster, &levels, population);
        let lowest = roster.weights.settings.lowest_bits;
        let mut scale = Scale::new(Field::BirthYear);
        for (level, highest) in [
            (Level::InRange, f64::INFINITY),
            (Level::NearRange, 0.0),
            (Level::OutOfRange, 0.0),
        ] {
            let lowest = if level == Level::InRange { 0.0 } else { lowest };
            scale.set(
                level,
                roster.weights.m(Field::BirthYear, level),
                shares[level as usize],
                (lowest, highest),
            );
        }
        let end = |year: u16| {
            if matches!(year, 0 | u16::MAX) {
                String::new()
            } else {
                year.to_string()
            }
        };
        Self::settled(levels, scale, format!("{}-{}", end(from), end(to)))
    }

    fn settled(levels: Vec<Level>, scale: Scale, written: String) -> Self {
        let bits = levels.iter().map(|level| scale.bits(*level) as f32).collect();
        Self {
            levels,
            bits,
            scale,
            written,
        }
    }
}

fn levels_of(roster: &Roster, level: impl Fn(BirthDate) -> Level) -> Vec<Level> {
    roster
        .dates
        .distinct
        .iter()
        .map(|date| date.map_or(Level::NotRecorded, &level))
        .collect()
}

/// How many dates of the calendar stand at each level from one date, as a share of all days of birth.
fn population_share_of_date(level: Level) -> f64 {
    let days = match level {
        Level::Exact | Level::DayMonthSwapped => 1.0,
        Level::YearOff | Level::SwappedAndYearOff => 2.0,
        Level::Placeholder => 1.0,
        Level::MonthDigit => 7.0,
        Level::MonthDiffers => 4.0,
        Level::DayDigit => 10.0,
        Level::DayDiffers => 19.0,
        Level::YearDigit => 12.0,
        Level::SameYear => 322.0,
        _ => BIRTH_DAYS - 381.0,
    };
    days / BIRTH_DAYS
}

/// The share of people at each level: the roster's own, evened out by what the calendar would give.
fn shares_of(roster: &Roster, levels: &[Level], population: impl Fn(Level) -> f64) -> [f64; 64] {
    let mut people = [0.0; 64];
    for (level, count) in levels.iter().zip(&roster.dates.people) {
        people[*level as usize] += f64::from(*count);
    }
    people[Level::NotRecorded as usize] = 0.0;
    let weight = roster.weights.settings.population_weight;
    let total: f64 = people.iter().sum::<f64>() + weight;
    let listed = Level::OF_DATES
        .into_iter()
        .chain([Level::InRange, Level::NearRange, Level::OutOfRange]);
    for level in listed {
        people[level as usize] += weight * population(level);
    }
    people.map(|count| count / total)
}

/// The prison asked.
pub(crate) struct AskedPrison {
    prison: PrisonId,
    scale: Scale,
}

impl AskedPrison {
    pub(crate) fn new(roster: &Roster, prison: PrisonId) -> Self {
        let settings = &roster.weights.settings;
        let counts = roster.held_counts.get(&prison).copied().unwrap_or_default();
        // Where the roster is small, a prison holds about one prisoner in a hundred.
        let total = roster.len() as f64 + settings.population_weight;
        let share = |count: u32| (f64::from(count) + settings.population_weight / 100.0) / total;
        let (now, last) = (share(counts.now), share(counts.last));
        let mut scale = Scale::new(Field::PrisonId);
        let highs = [
            (Level::Same, now),
            (Level::Last, last),
            (Level::Different, 1.0 - now - last),
        ];
        for (level, u) in highs {
            let limits = if level == Level::Same {
                (0.0, f64::INFINITY)
            } else {
                (settings.lowest_bits, f64::INFINITY)
            };
            scale.set(level, roster.weights.m(Field::PrisonId, level), u, limits);
        }
        Self { prison, scale }
    }

    #[inline]
    pub(crate) fn bits(&self, held: Held) -> f64 {
        self.scale.bits(self.level(held))
    }

    pub(crate) fn most_bits(&self) -> f64 {
        self.scale.most_bits()
    }

    /// The bits of all distinct places, each with its id.
    pub(crate) fn of_each(&self, roster: &Roster) -> Vec<(u32, f32)> {
        let places = roster.places.distinct.iter();
        (0..).zip(places.map(|held| self.bits(*held) as f32)).collect()
    }

    pub(crate) fn explain(&self, held: Held) -> Evidence {
        let level = self.level(held);
        let recorded = if level == Level::Last {
            held.last_at
        } else {
            held.at
        };
        self.scale.evidence(
            level,
            Some(self.prison.to_string()),
            recorded.map(|prison| prison.to_string()),
        )
    }

    #[inline]
    pub(crate) fn level(&self, held: Held) -> Level {
        match (held.at, held.last_at) {
            (Some(at), _) if at == self.prison => Level::Same,
            (_, Some(last)) if last == self.prison => Level::Last,
            (None, None) => Level::NotRecorded,
            _ => Level::Different,
        }
    }
}

/// A number asked: few records bear it or one like it, all others do not.
pub(crate) struct AskedNumber {
    /// The records at the exact or a neighbouring number.
    pub(crate) near: Vec<(u32, Level)>,
    scale: Scale,
    written: String,
}

impl AskedNumber {
    /// Nothing where what was written is too far from a prison number to be compared.
    pub(crate) fn prison_number(roster: &Roster, written: &str) -> Option<Self> {
        let tidy = tidy_prison_number(written)?;
        let exact = tidy.parse().ok().and_then(|number| roster.at_number(number));
        let neighbours = prison_numbers_one_edit_away(&tidy)
            .into_iter()
            .filter_map(|n| roster.at_number(n));
        Some(Self::new(
            roster,
            Field::PrisonerNumber,
            tidy.clone(),
            exact.into_iter().collect(),
            neighbours.collect(),
        ))
    }

    /// Nothing where what was written is not a PNC number.
    pub(crate) fn pnc(roster: &Roster, written: &str) -> Option<Self> {
        let pnc = Pnc::parse(written)?;
        let neighbours = pnc
            .one_edit_away()
            .into_iter()
            .flat_map(|pnc| roster.at_pnc(pnc))
            .collect();
        let exact = roster.at_pnc(pnc).collect();
        Some(Self::new(
            roster,
            Field::PncNumber,
            written.trim().to_owned(),
            exact,
            neighbours,
        ))
    }

    fn new(roster: &Roster, field: Field, written: String, exact: Vec<u32>, neighbours: Vec<u32>) -> Self {
        let settings = &roster.weights.settings;
        let people = roster.len() as f64 + settings.population_weight;
        let m = |level| roster.weights.m(field, level);
        let mut near: Vec<(u32, Level)> = exact.into_iter().map(|at| (at, Level::Exact)).collect();
        near.extend(neighbours.into_iter().map(|at| (at, Level::OneEdit)));
        near.sort_unstable();
        near.dedup_by_key(|(at, _)| *at);
        let u = settings.unseen_number + near.iter().map(|(_, level)| m(*level)).sum::<f64>() / people;
        let different = m(Level::Different) * settings.unseen_number;
        let mut scale = Scale::new(field);
        scale.set(Level::Exact, m(Level::Exact), u, (0.0, f64::INFINITY));
        scale.set(
            Level::OneEdit,
            m(Level::OneEdit),
            u,
            (settings.lowest_bits, f64::INFINITY),
        );
        scale.set(Level::Different, different, u, (settings.lowest_bits, 0.0));
        Self { near, scale, written }
    }

    pub(crate) fn level(&self, record: u32) -> Level {
        let found = self.near.binary_search_by_key(&record, |(at, _)| *at);
        found.map_or(Level::Different, |at| self.near[at].1)
    }

    /// The bits of a record that bears another number.
    pub(crate) fn bits_of_others(&self) -> f64 {
        self.scale.bits(Level::Different)
    }

    pub(crate) fn explain(&self, level: Level, recorded: Option<&str>) -> Evidence {
        self.scale
            .evidence(level, Some(self.written.clone()), recorded.map(str::to_owned))
    }
}
