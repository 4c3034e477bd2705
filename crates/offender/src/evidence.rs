//! The answer in words: which fact agreed, at which level, and what it weighed.
//!
//! A candidate's bits are the sum of its evidence. Each piece is `log2(m / u)`:
//! m, how likely a referrer who means this prisoner would have written this; u, how likely it is written of anyone.

use std::fmt;
use strum::VariantArray;

use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

/// What locating found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Whether one prisoner stands out.
    pub outcome: Outcome,
    /// The fact, not asked yet, that would tell the leading candidates apart; none when the outcome is sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_decide: Option<Fact>,
    /// At most as many as were asked for, the heaviest first.
    pub candidates: Vec<Candidate>,
    /// The weights that were used; to be kept in the audit entry.
    pub model: ModelVersion,
}

/// How far an answer may be relied on. A person confirms in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// One prisoner is clearly ahead, and something besides a name agrees.
    Sure,
    /// Several are possible, or one is not certain enough.
    Choose,
    /// Nobody on the roster is worth showing.
    None,
}

/// A prisoner who may be meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Who.
    pub prisoner_number: PrisonerNumber,
    /// The sum of the evidence, in bits: each bit doubles the odds.
    pub bits: f64,
    /// One piece for each fact that was asked.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence. Its `Debug` hides what was asked and what is recorded.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The fact weighed.
    pub field: Field,
    /// How well it agrees.
    pub level: Level,
    /// What the referrer wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What the record says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// How likely this is written by somebody who means this prisoner.
    pub m: f64,
    /// How likely this is written of anyone.
    pub u: f64,
    /// `log2(m / u)`, within the model's limits.
    pub bits: f64,
}

/// What a piece of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The given name asked.
    FirstName,
    /// The family name asked.
    LastName,
    /// Whether the two had to be exchanged to agree.
    NameOrder,
    /// Whether they agree with the main or another recorded name.
    RecordedAs,
    /// Middle, former or street names.
    OtherNames,
    /// The date of birth.
    DateOfBirth,
    /// The range of birth years.
    BirthYear,
    /// The prison.
    PrisonId,
    /// The prison number.
    PrisonerNumber,
    /// The Police National Computer number.
    PncNumber,
    /// What he is in prison for.
    Offence,
}

/// How well one fact agrees. Not every level occurs with every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum Level {
    /// The same, letter case, accents and punctuation aside.
    Exact,
    /// A listed spelling of the same name.
    Variant,
    /// A listed short form, either way.
    Nickname,
    /// Two short forms of one name.
    NicknameOfNickname,
    /// The same parts in another order.
    Reordered,
    /// One part of a hyphenated or spaced name.
    Part,
    /// The beginning of the name.
    Shortened,
    /// The first letter alone.
    Initial,
    /// Sounds the same and is spelt much the same.
    SoundsAlike,
    /// One letter wrong, missing, added or exchanged with its neighbour.
    OneTypo,
    /// One part of the name, with one letter wrong.
    PartOneTypo,
    /// Two letters wrong.
    TwoTypos,
    /// Looks alike.
    Alike,
    /// Does not agree.
    Different,
    /// The record does not say; weighs nothing.
    NotRecorded,
    /// In the order given.
    AsGiven,
    /// Given and family name exchanged.
    Swapped,
    /// Under the main name.
    Main,
    /// Under another recorded name.
    Alias,
    /// Under a middle name.
    Middle,
    /// A given name of one recorded name with the family name of another.
    Crossed,
    /// A further name, or a word of the offence, is on the record.
    Agrees,
    /// Day and month exchanged.
    DayMonthSwapped,
    /// One year off, day and month the same.
    YearOff,
    /// 1 January stands for an unknown day.
    Placeholder,
    /// One digit of the month differs, and nothing else.
    MonthDigit,
    /// Only the month differs.
    MonthDiffers,
    /// One digit of the day differs, and nothing else.
    DayDigit,
    /// Only the day differs.
    DayDiffers,
    /// A slip in the year's digits, day and month the same.
    YearDigit,
    /// Day and month exchanged, and one year off.
    SwappedAndYearOff,
    /// The year alone agrees.
    SameYear,
    /// Within the years asked.
    InRange,
    /// At most two years outside.
    NearRange,
    /// Further outside.
    OutOfRange,
    /// Held there.
    Same,
    /// Held there last.
    Last,
    /// A number with one slip.
    OneEdit,
}

impl Field {}

impl Level {
    /// The name under which files and answers know it.
    pub(crate) fn name(self) -> String {
        let debug = format!("{self:?}");
        let (first, rest) = debug.split_at(1);
        first.to_lowercase() + rest
    }

    /// The levels at which names agree, the best first.
    pub(crate) const OF_NAMES: [Self; 14] = [
        Self::Exact,
        Self::Variant,
        Self::Nickname,
        Self::NicknameOfNickname,
        Self::Reordered,
        Self::Part,
        Self::Shortened,
        Self::Initial,
        Self::SoundsAlike,
        Self::OneTypo,
        Self::PartOneTypo,
        Self::TwoTypos,
        Self::Alike,
        Self::Different,
    ];

    /// The levels at which dates of birth agree.
    pub(crate) const OF_DATES: [Self; 12] = [
        Self::Exact,
        Self::DayMonthSwapped,
        Self::YearOff,
        Self::Placeholder,
        Self::MonthDigit,
        Self::MonthDiffers,
        Self::DayDigit,
        Self::DayDiffers,
        Self::YearDigit,
        Self::SwappedAndYearOff,
        Self::SameYear,
        Self::Different,
    ];
}

/// A fact a referrer could be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "camelCase")]
pub enum Fact {
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The date of birth.
    DateOfBirth,
    /// The age, within a few years.
    Age,
    /// The prison.
    Prison,
    /// The prison number.
    PrisonerNumber,
    /// A middle name.
    MiddleName,
    /// What he is in prison for.
    Offence,
    /// The Police National Computer number.
    PncNumber,
}

impl Fact {}

/// Which weights were used: the first line of the weights file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelVersion(pub(crate) String);

impl fmt::Display for ModelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evidence({:?} {:?} {:+.2})", self.field, self.level, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_goes_by_one_name_in_files_and_answers() {
        for level in Level::VARIANTS {
            let written = serde_json::to_string(level).unwrap();
            assert_eq!(written, format!("\"{}\"", level.name()));
        }
    }
}
