//! The policy by class of number, for calls under call barring: what rings, what rings only if approved, what never
//! rings; and which blocks of numbers are nobody's.
//!
//! In: a table with a rule for every class (`data/classes.toml` is the built-in one, with what each rule means), and
//! Ofcom's allocations where the operator has them. Out: a [`Rule`] for a number.

use std::sync::OnceLock;

use phone::{Allocations, Class, PhoneNumber};
use serde::Deserialize;

/// The built-in policy as an operator reads it, and copies it to change it.
pub const DEFAULT_CLASSES: &str = include_str!("../data/classes.toml");

/// Beginnings that a policy may name.
pub const MAX_BEGINNINGS: usize = 256;

/// What becomes of a number that is neither always allowed nor barred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// It rings.
    Rings,
    /// It rings if it stands on the caller's approved list.
    IfApproved,
    /// It does not ring, unless it is a legal entry.
    Refused,
}

/// A rule for every class. All must be named: a class that is left out by mistake must not ring.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Classes {
    mobile: Rule,
    geographic: Rule,
    freephone: Rule,
    personal: Rule,
    corporate: Rule,
    non_geographic: Rule,
    premium: Rule,
    short: Rule,
    emergency: Rule,
    international_premium: Rule,
    international: Rule,
    beginnings: Beginnings,
}

/// Beginnings of numbers, with their plus sign, longest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "std::collections::BTreeMap<String, Rule>")]
struct Beginnings(Vec<(Box<[u8]>, Rule)>);

impl TryFrom<std::collections::BTreeMap<String, Rule>> for Beginnings {
    type Error = &'static str;

    fn try_from(named: std::collections::BTreeMap<String, Rule>) -> Result<Self, Self::Error> {
        let well_formed = |text: &String| {
            let digits = text.strip_prefix('+').unwrap_or_default();
            (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if named.len() > MAX_BEGINNINGS {
            return Err("there are more than 256 beginnings");
        }
        if !named.keys().all(well_formed) {
            return Err("a beginning is a plus sign and digits, as \"+4484\"");
        }
        let mut beginnings: Vec<_> = named
            .into_iter()
            .map(|(text, rule)| (text.into_bytes().into_boxed_slice(), rule))
            .collect();
        beginnings.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Ok(Self(beginnings))
    }
}

impl Classes {
    /// The rule of a class, beginnings apart.
    fn of(&self, class: Class) -> Rule {
        match class {
            Class::Mobile => self.mobile,
            Class::Geographic => self.geographic,
            Class::Freephone => self.freephone,
            Class::Personal => self.personal,
            Class::Corporate => self.corporate,
            Class::NonGeographic => self.non_geographic,
            Class::Premium => self.premium,
            Class::Short => self.short,
            Class::Emergency => self.emergency,
            Class::InternationalPremium => self.international_premium,
            Class::International => self.international,
        }
    }

    /// With nothing to read, nothing rings that is not approved by two people.
    const CLOSED: Self = Self {
        mobile: Rule::Refused,
        geographic: Rule::Refused,
        freephone: Rule::Refused,
        personal: Rule::Refused,
        corporate: Rule::Refused,
        non_geographic: Rule::Refused,
        premium: Rule::Refused,
        short: Rule::Refused,
        emergency: Rule::Refused,
        international_premium: Rule::Refused,
        international: Rule::Refused,
        beginnings: Beginnings(Vec::new()),
    };
}

impl Default for Classes {
    /// Those of `data/classes.toml`.
    fn default() -> Self {
        #[derive(Deserialize)]
        struct File {
            classes: Classes,
        }
        static BUILT_IN: OnceLock<Classes> = OnceLock::new();
        let read = || toml::from_str::<File>(DEFAULT_CLASSES).map_or(Self::CLOSED, |file| file.classes);
        BUILT_IN.get_or_init(read).clone()
    }
}

/// The policy of one gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassPolicy {
    classes: Classes,
    allocations: Option<Allocations>,
}

impl ClassPolicy {
    /// These rules and, where the operator has them, these blocks of numbers.
    pub fn new(classes: Classes, allocations: Option<Allocations>) -> Self {
        Self { classes, allocations }
    }

    /// The rule for a number of this class.
    pub fn rule(&self, class: Class, number: &PhoneNumber) -> Rule {
        let digits = number.expose().as_bytes();
        let Beginnings(beginnings) = &self.classes.beginnings;
        let found = beginnings
            .iter()
            .find(|(beginning, _)| digits.starts_with(beginning));
        found.map_or_else(|| self.classes.of(class), |(_, rule)| *rule)
    }

    /// Whether the number may be somebody's, as far as the allocations say.
    pub fn may_exist(&self, number: &PhoneNumber) -> bool {
        self.allocations
            .as_ref()
            .is_none_or(|allocations| allocations.confirm(number).is_ok())
    }
}
