//! Invented prisoners by the million, each made from the seed and his place alone: none is kept in memory.
//!
//! Names come from the lists that the crate `offender` compiles in (their source and licence stand in
//! `crates/offender/data/README.md`), and one in fifty is on no list. Numbers and dates are invented.

use offender::{Alias, BirthDate, PrisonerRecord, Status};
use prison::{PrisonId, PrisonerNumber, Register};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Prison numbers there are: a letter, four digits, two letters.
const NUMBERS: u64 = 26 * 10_000 * 676;
/// Shares no factor with how many numbers there are, so that no two places have one number.
const STRIDE: u64 = 77_777_777;

/// All that people are made from.
pub(crate) struct People {
    seed: u64,
    given: Weighted,
    family: Weighted,
    prisons: Vec<PrisonId>,
    nicknames: Vec<(&'static str, &'static str)>,
}

/// Names with the running sum of their weights.
struct Weighted {
    names: Vec<&'static str>,
    sums: Vec<f64>,
}

impl People {
    /// People of one seed.
    pub(crate) fn new(seed: u64) -> Self {
        let pairs = include_str!("../../../../crates/offender/data/nicknames.csv").lines();
        let pairs = pairs.filter_map(|line| line.split_once(",has_nickname,"));
        Self {
            seed,
            given: Weighted::read(include_str!("../../../../crates/offender/data/given_names.tsv")),
            family: Weighted::read(include_str!("../../../../crates/offender/data/surnames.tsv")),
            prisons: Register::built_in().active().map(|prison| prison.id).collect(),
            nicknames: pairs.collect(),
        }
    }

    /// The prisoner at one place. One in 250 is the twin of the one before him.
    pub(crate) fn at(&self, place: u64) -> PrisonerRecord {
        let mut random = StdRng::seed_from_u64(self.seed ^ place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut record =
            PrisonerRecord::new(number(place), &self.given(&mut random), &self.family(&mut random));
        record.date_of_birth = Some(born(&mut random));
        if place > 0 && random.random_bool(0.004) {
            let twin = self.at(place - 1);
            (record.last_name, record.date_of_birth) = (twin.last_name, twin.date_of_birth);
        }
        record.pnc_number = Some(format!(
            "{}/{:07}{}",
            random.random_range(1981..2026),
            random.random_range(0..1_000_000),
            char::from(random.random_range(b'A'..=b'Z'))
        ));
        let held = random.random_bool(0.09);
        record.status = Status::new(if held { "ACTIVE IN" } else { "INACTIVE OUT" });
        record.prison_id = if held {
            Some(self.prisons[random.random_range(0..self.prisons.len())])
        } else {
            "OUT".parse().ok()
        };
        if random.random_bool(0.3) {
            record.aliases = (0..random.random_range(1..=3))
                .map(|_| self.alias(&record, &mut random))
                .collect();
        }
        record
    }

    /// A listed short form of a name, if there is one.
    pub(crate) fn nickname(&self, name: &str, random: &mut StdRng) -> Option<String> {
        let name = name.to_lowercase();
        let of_it: Vec<&str> = self
            .nicknames
            .iter()
            .filter(|(formal, _)| *formal == name)
            .map(|(_, short)| *short)
            .collect();
        let short = of_it.get(random.random_range(0..of_it.len().max(1)))?;
        let (first, rest) = short.split_at_checked(1)?;
        Some(first.to_uppercase() + rest)
    }

    fn alias(&self, record: &PrisonerRecord, random: &mut StdRng) -> Alias {
        let (mut first_name, mut last_name) = (record.first_name.clone(), record.last_name.clone());
        let kind = random.random_range(0..10);
        if kind < 5 {
            first_name = match self.nickname(&first_name, random).filter(|_| kind < 2) {
                Some(short) => short,
                None => self.given(random),
            };
        }
        if (2..8).contains(&kind) {
            last_name = self.family(random);
        }
        Alias {
            first_name,
            last_name,
            date_of_birth: None,
        }
    }

    fn given(&self, random: &mut StdRng) -> String {
        self.given.pick(random)
    }

    fn family(&self, random: &mut StdRng) -> String {
        let name = self.family.pick(random);
        if random.random_bool(0.03) {
            name + "-" + &self.family.pick(random)
        } else {
            name
        }
    }
}

impl Weighted {
    fn read(list: &'static str) -> Self {
        let mut sum = 0.0;
        let rows = list.lines().filter_map(|line| line.split_once('\t'));
        let (names, sums) = rows
            .map(|(name, weight)| {
                sum += weight.trim().parse::<f64>().unwrap_or(0.0);
                (name, sum)
            })
            .unzip();
        Self { names, sums }
    }

    /// A name as often as its weight says; one in fifty is two names run together.
    fn pick(&self, random: &mut StdRng) -> String {
        let name = self.listed(random);
        if !random.random_bool(0.02) {
            return name.to_owned();
        }
        let other = self.listed(random).to_lowercase();
        let half = |name: &str| name.chars().count() / 2;
        name.chars()
            .take(half(name) + 1)
            .chain(other.chars().skip(half(&other)))
            .collect()
    }

    fn listed(&self, random: &mut StdRng) -> &'static str {
        let total = self.sums.last().copied().unwrap_or_default();
        let at = random.random_range(0.0..total);
        self.names[self
            .sums
            .partition_point(|sum| *sum <= at)
            .min(self.names.len() - 1)]
    }
}

/// About as old as prisoners are; one in a hundred was born on a 1 January that stands for "unknown".
fn born(random: &mut StdRng) -> BirthDate {
    loop {
        // The mean of four even throws is near enough to a bell.
        let year = (0..4).map(|_| random.random_range(1962.0..2012.0)).sum::<f64>() / 4.0;
        let (month, day) = if random.random_bool(0.01) {
            (1, 1)
        } else {
            (random.random_range(1..=12), random.random_range(1..=31))
        };
        if let Ok(date) = BirthDate::new(year as u16, month, day) {
            return date;
        }
    }
}

fn number(place: u64) -> PrisonerNumber {
    let at = place.wrapping_mul(STRIDE) % NUMBERS;
    let letter = |n: u64| char::from(b'A' + (n % 26) as u8);
    let text = format!(
        "{}{:04}{}{}",
        letter(at / 6_760_000),
        at / 676 % 10_000,
        letter(at / 26),
        letter(at)
    );
    text.parse()
        .unwrap_or_else(|_| unreachable!("a prison number is made of a letter, four digits and two letters"))
}
