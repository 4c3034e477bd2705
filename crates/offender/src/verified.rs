//! Whether a prison number stands by itself: it is on the roster, its record agrees with what else is said of him, and
//! nothing and nobody speaks against it.
//!
//! Stricter than a ranking, because nobody looks before it is acted upon. Whoever gave the number is the caller's to
//! judge. Where there is a [`Doubt`], a person looks.

use prison::PrisonerNumber;

use crate::asked_names::AskedNames;
use crate::evidence::{Candidate, Evidence, Field, Level, ModelVersion};
use crate::locate::Asked;
use crate::roster::Roster;
use crate::vocabulary::NameId;
use crate::{Known, PrisonerRecord};

/// A number whose record agrees with what is said of him.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// He, with the evidence.
    pub candidate: Candidate,
    /// His record, as it was compared.
    pub record: PrisonerRecord,
    /// What his record agrees in.
    pub agrees: Agreement,
    /// The weights that were used.
    pub model: ModelVersion,
}

/// What the record agrees in; one of them at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Given and family name are the same as those of one recorded name, or nearly so where the date of birth is the
    /// same.
    pub name: bool,
    /// The date of birth is the same.
    pub date_of_birth: bool,
}

/// Why a person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No number is given, or not one in the form of a prison number.
    NoNumber,
    /// Nobody on the roster has it.
    NotOnRoster,
    /// Neither the whole name nor the date of birth is given and the same.
    NothingAgrees,
    /// The record says something else.
    Disagrees(Field),
    /// Somebody else may be meant: of his family name and birthday, or fitting at a number with one slip.
    LookAlike,
}

impl Roster {
    /// Whether the number that is asked stands by itself.
    ///
    /// # Errors
    /// The first [`Doubt`].
    pub fn verify(&self, known: &Known) -> Result<Verified, Doubt> {
        let written = known.prisoner_number.as_deref().ok_or(Doubt::NoNumber)?;
        let number: PrisonerNumber = written.parse().map_err(|_| Doubt::NoNumber)?;
        let at = self.at_number(number).ok_or(Doubt::NotOnRoster)?;
        let asked = Asked::prepare(self, known);
        let candidate = asked.explain(self, at as usize);
        let record = self.record_at(at as usize);
        if let Some(field) = disagrees(known, &record, &candidate.evidence) {
            return Err(Doubt::Disagrees(field));
        }
        let agrees = agreement(&candidate.evidence).ok_or(Doubt::NothingAgrees)?;
        if self.has_look_alike(at, &record) || self.fits_at_a_slip(&asked) {
            return Err(Doubt::LookAlike);
        }
        Ok(Verified {
            candidate,
            record,
            agrees,
            model: self.weights.version.clone(),
        })
    }

    /// Whether somebody else has his family name and his birthday: a twin, or he himself under another number. Of
    /// somebody without a birthday on record nobody can tell.
    fn has_look_alike(&self, at: u32, record: &PrisonerRecord) -> bool {
        let his = self.names_of(at as usize);
        if record.date_of_birth.is_none() {
            return true;
        }
        let spelt = AskedNames::new(self, None, Some(&record.last_name));
        let is_his_family = |family: NameId| {
            spelt.levels(NameId::NOT_RECORDED, family)[1] <= Level::OneTypo
                || (family != NameId::NOT_RECORDED && his.iter().any(|name| name.family == family))
        };
        let dates = his
            .iter()
            .filter_map(|name| self.dates.distinct[name.date.0 as usize]);
        let born_then = dates.flat_map(|date| self.born_on(date)).flatten().copied();
        let mut others = born_then.filter(|other| *other != at && !self.is_superseded(*other));
        others.any(|other| {
            let mut names = self.names_of(other as usize).iter();
            names.any(|name| is_his_family(name.family))
        })
    }

    /// Whether what is said fits somebody whose number differs by one slip.
    fn fits_at_a_slip(&self, asked: &Asked) -> bool {
        let near = asked.number.iter().flat_map(|number| &number.near);
        let mut slips = near.filter(|(_, level)| *level == Level::OneEdit);
        slips.any(|(at, _)| agreement(&asked.explain(self, *at as usize).evidence).is_some())
    }
}

fn level(evidence: &[Evidence], field: Field) -> Option<Level> {
    let of_field = evidence.iter().find(|piece| piece.field == field);
    of_field.map(|piece| piece.level)
}

/// What agrees: the whole name as it is, or the date of birth. A date that stands for an unknown day is nobody's own.
fn agreement(evidence: &[Evidence]) -> Option<Agreement> {
    let is_exact = |field| level(evidence, field) == Some(Level::Exact);
    let born = is_exact(Field::DateOfBirth);
    let as_it_is = level(evidence, Field::NameOrder).is_none()
        && !matches!(
            level(evidence, Field::RecordedAs),
            Some(Level::Crossed | Level::Middle)
        );
    let name = is_exact(Field::FirstName) && is_exact(Field::LastName) && as_it_is;
    let own_day = born && !is_new_years_day(evidence);
    let nearly = [Field::FirstName, Field::LastName]
        .into_iter()
        .all(|field| level(evidence, field).is_some_and(|level| level < Level::Different));
    (name || own_day).then_some(Agreement {
        name: name || nearly,
        date_of_birth: born,
    })
}

fn is_new_years_day(evidence: &[Evidence]) -> bool {
    let mut born = evidence.iter().filter(|piece| piece.field == Field::DateOfBirth);
    born.any(|piece| {
        piece
            .asked
            .as_deref()
            .is_some_and(|date| date.ends_with("-01-01"))
    })
}

/// The first fact in which the record says something else. Where he is held changes, and what he did is hearsay;
/// further names can only help.
fn disagrees(known: &Known, record: &PrisonerRecord, evidence: &[Evidence]) -> Option<Field> {
    let says_else = evidence.iter().find(|piece| match piece.field {
        Field::FirstName | Field::LastName => {
            piece.level > Level::OneTypo && piece.level != Level::NotRecorded
        }
        Field::DateOfBirth | Field::PncNumber | Field::PrisonerNumber => {
            !matches!(piece.level, Level::Exact | Level::NotRecorded)
        }
        Field::BirthYear => !matches!(piece.level, Level::InRange | Level::NotRecorded),
        Field::NameOrder | Field::RecordedAs | Field::OtherNames | Field::PrisonId | Field::Offence => false,
    });
    let unread = known.pnc_number.is_some() && level(evidence, Field::PncNumber).is_none();
    says_else
        .map(|piece| piece.field)
        .or(unread.then_some(Field::PncNumber))
        .or(is_of_another_age(known, record).then_some(Field::BirthYear))
}

/// Beside a date the years are not weighed; they may speak against it all the same.
fn is_of_another_age(known: &Known, record: &PrisonerRecord) -> bool {
    let Some(born) = record.date_of_birth else {
        return false;
    };
    let (from, to) = (known.birth_year_from, known.birth_year_to);
    from.is_some_and(|from| born.year() < from) || to.is_some_and(|to| born.year() > to)
}
