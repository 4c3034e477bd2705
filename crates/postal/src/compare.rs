//! How strongly an address on an envelope agrees with a barred one, and what follows: stop, hold or pass.
//!
//! Evidence is collected as [`Reason`]s; their points add up to a score. Patterns come before the sum: different house
//! numbers pass, different flats of one house are held, a postcode and a number alone are held. So the score that
//! flows out always lies in the band of its verdict.

use crate::address::{PostalAddress, Role};
use crate::evidence::{Evidence, collect};
use crate::reason::Reason;
use crate::street::Reading;
use crate::vocabulary::COMMON_STREETS;
use crate::weights::WEIGHTS;

/// What happens to a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterVerdict {
    /// No barred address.
    Pass,
    /// A person looks.
    Hold,
    /// A barred address, surely.
    Stop,
}

impl LetterVerdict {
    /// `pass`, `hold` or `stop`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Hold => "hold",
            Self::Stop => "stop",
        }
    }
}

/// The outcome for one pair of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Stop, hold or pass.
    pub verdict: LetterVerdict,
    /// Points; larger is surer. Comparable between letters and in the band of the verdict.
    pub score: i32,
    /// The evidence, for and against.
    pub reasons: Vec<Reason>,
}

/// Compares an address on an envelope with one barred address, streets' rarity from general knowledge.
pub fn compare(written: &PostalAddress, barred: &PostalAddress) -> Comparison {
    let common = barred.street.as_ref().is_some_and(|street| COMMON_STREETS.contains(&street.key));
    weigh(&Reading::new(written), barred, common)
}

/// As [`compare`], for one written address against many; `common` says whether the barred street's name is common.
pub(crate) fn weigh(written: &Reading<'_>, barred: &PostalAddress, common: bool) -> Comparison {
    let evidence = collect(written, barred, common);
    let sum: i32 = evidence.reasons.iter().map(|&reason| WEIGHTS.of(reason)).sum();
    let (least, most) = band(&evidence, written.address, barred);
    let (stop, hold) = (WEIGHTS.stop_points, WEIGHTS.hold_points);
    let score = match most {
        LetterVerdict::Pass => sum.min(hold - 1),
        LetterVerdict::Hold => sum.min(stop - 1),
        LetterVerdict::Stop => sum,
    };
    let score = if least == LetterVerdict::Hold { score.max(hold) } else { score };
    let verdict = match score {
        score if score >= stop => LetterVerdict::Stop,
        score if score >= hold => LetterVerdict::Hold,
        _ => LetterVerdict::Pass,
    };
    Comparison { verdict, score, reasons: evidence.reasons }
}

/// The least and the most that the pattern of evidence allows, whatever the points.
fn band(evidence: &Evidence, written: &PostalAddress, barred: &PostalAddress) -> (LetterVerdict, LetterVerdict) {
    use LetterVerdict::{Hold, Pass, Stop};
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    let house = any(&[
        R::NumberSame,
        R::NumberInRange,
        R::NumberMisread,
        R::NumberOneOfSeveral,
        R::NumberIsUnit,
        R::NameSame,
        R::BoxSame,
    ]);
    let street = any(&[R::StreetSameRare, R::StreetSameCommon, R::StreetSlipRare, R::StreetSlipCommon]);
    let postcode = any(&[R::PostcodeSame, R::PostcodeOneEdit]);
    if any(&[R::NumberDifferent, R::BoxDifferent]) {
        return (Pass, Pass);
    }
    if !house {
        let bare = written.numbers.is_empty() && written.words_of(Role::Name).next().is_none();
        let lacking = bare && !barred.numbers.is_empty() && street && any(&[R::PostcodeSame]);
        return if lacking { (Hold, Hold) } else { (Pass, Pass) };
    }
    if any(&[R::PartDifferent]) {
        return (if street && postcode { Hold } else { Pass }, Hold);
    }
    if any(&[R::StreetMissing]) && any(&[R::PostcodeSame]) && !any(&[R::PlaceDifferent]) {
        return (Hold, Hold);
    }
    let district = postcode || (any(&[R::PostcodeFirstHalf]) && any(&[R::PlaceSame, R::PlacePartly]));
    let sure = district && !any(&[R::StreetDifferent, R::StreetBeside, R::NumberOneOfSeveral]);
    (Pass, if sure { Stop } else { Hold })
}
