//! How strongly an address on an envelope agrees with a barred one, and what follows: stop, hold or pass.
//!
//! Evidence is collected as [`Reason`]s; their points add up to a score. Patterns come before the sum: different house
//! numbers pass, different flats of one house are held, a postcode and a number alone are held. So the score that
//! flows out always lies in the band of its verdict.

use crate::abroad::Abroad;
use crate::address::{PostalAddress, Role};
use crate::evidence::{Evidence, SAME_STREET, Threshold, collect, threshold};
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
    /// A pass for the list's sake alone: the same number in a street of this name, in this town, with quite another
    /// postcode, or another flat of the building. A person should look unless the sender is known to be somebody else.
    pub near: bool,
}

/// Compares an address on an envelope with one barred address, streets' rarity from general knowledge.
pub fn compare(written: &PostalAddress, barred: &PostalAddress) -> Comparison {
    let common = barred
        .street
        .as_ref()
        .is_some_and(|street| COMMON_STREETS.contains(&street.key));
    weigh(&Reading::all(written), barred, common, i32::MIN).unwrap_or(Comparison {
        verdict: LetterVerdict::Pass,
        score: 0,
        reasons: Vec::new(),
        near: false,
    })
}

/// As [`compare`], for one written address against many; `common` says whether the barred street's name is common.
/// Where either can be read two ways, the ways that agree best count. `None` where more than `least` points cannot be
/// reached.
pub(crate) fn weigh(
    written: &[Reading<'_>],
    barred: &PostalAddress,
    common: bool,
    least: i32,
) -> Option<Comparison> {
    if let Some((ours, theirs)) = abroad(written, barred) {
        return Some(crate::abroad::compare(ours, theirs));
    }
    let mut best: Option<Comparison> = None;
    for (second, reading) in (0..).zip(written) {
        // The unlikely way to read both proves nothing.
        for barred in barred.readings().take(2 - second) {
            let least = best.as_ref().map_or(least, |held| held.score);
            if let Some(comparison) = weigh_reading(reading, barred, common, least) {
                best = Some(comparison);
            }
        }
    }
    best
}

/// The words of both, if either names a country abroad and neither a whole postcode of this one.
fn abroad<'a>(written: &[Reading<'a>], barred: &'a PostalAddress) -> Option<(&'a Abroad, &'a Abroad)> {
    let ours = written.first()?.address.abroad.as_ref()?;
    let theirs = barred.abroad.as_ref()?;
    (ours.country.is_some() || theirs.country.is_some()).then_some((ours, theirs))
}

fn weigh_reading(
    written: &Reading<'_>,
    barred: &PostalAddress,
    common: bool,
    least: i32,
) -> Option<Comparison> {
    let threshold = threshold(written.address, barred);
    if most_points(&threshold, written.address, barred) <= least {
        return None;
    }
    let evidence = collect(threshold, written, barred, common);
    let sum: i32 = evidence.reasons.iter().map(|&reason| WEIGHTS.of(reason)).sum();
    let (at_least, at_most) = band(&evidence, written.address, barred);
    let (stop, hold) = (WEIGHTS.stop_points, WEIGHTS.hold_points);
    let score = match at_most {
        LetterVerdict::Pass => sum.min(hold - 1),
        LetterVerdict::Hold => sum.min(stop - 1),
        LetterVerdict::Stop => sum,
    };
    let score = if at_least == LetterVerdict::Hold {
        score.max(hold)
    } else {
        score
    };
    let verdict = match score {
        score if score >= stop => LetterVerdict::Stop,
        score if score >= hold => LetterVerdict::Hold,
        _ => LetterVerdict::Pass,
    };
    (score > least).then(|| Comparison {
        near: verdict == LetterVerdict::Pass && is_near(&evidence),
        verdict,
        score,
        reasons: evidence.reasons,
    })
}

/// The most that an address can still reach when its words are compared.
fn most_points(threshold: &Threshold, written: &PostalAddress, barred: &PostalAddress) -> i32 {
    let boxed = |address: &PostalAddress| address.po_box.is_some() || address.bfpo.is_some();
    if boxed(written) || boxed(barred) {
        return i32::MAX;
    }
    let known: i32 = threshold.reasons.iter().map(|&reason| WEIGHTS.of(reason)).sum();
    let most = known + WEIGHTS.most_by_words();
    if threshold.reasons.iter().any(|reason| OTHER_DOOR.contains(reason)) {
        return most.min(WEIGHTS.hold_points - 1);
    }
    // A pattern may hold what has fewer points.
    most.max(WEIGHTS.hold_points)
}

/// What passes for the list's sake, and not for whom the bar is about: a postcode that is wrong altogether, and another
/// flat of the very building.
fn is_near(evidence: &Evidence) -> bool {
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    let here = any(&[R::PostcodeSame, R::PostcodeSwapped]);
    let town = any(&[R::PlaceSame, R::PlacePartly]);
    let conflict = any(&[R::NumberDifferent, R::KindDifferent, R::BoxDifferent]);
    let other_flat = any(&[R::PartDifferent, R::PartLetterAdded]);
    let unnumbered = any(&[R::NameSame]) || (other_flat && !any(&[R::NumberMissing]));
    (any(&[R::NumberSame]) || unnumbered)
        && any(SAME_STREET)
        && !conflict
        && if other_flat { here } else { here || town }
}

/// The least and the most that a pattern of evidence allows, whatever the points.
type Band = (LetterVerdict, LetterVerdict);

const HOUSE: &[Reason] = &[
    Reason::NumberSame,
    Reason::NumberInRange,
    Reason::NumberMisread,
    Reason::NumberOneOfSeveral,
    Reason::NumberIsUnit,
];
/// A whole postcode that is another one.
const ELSEWHERE: &[Reason] = &[
    Reason::PostcodeOneEdit,
    Reason::PostcodeSector,
    Reason::PostcodeDistrict,
    Reason::PostcodeDifferent,
];
/// Another house, another flat, another box.
const OTHER_DOOR: &[Reason] = &[
    Reason::NumberDifferent,
    Reason::PartDifferent,
    Reason::PartLetterAdded,
    Reason::BoxDifferent,
];
const PART_DOUBTED: &[Reason] = &[Reason::PartMissing, Reason::PartUnclear];
const DOUBTFUL_DOOR: &[Reason] = &[
    Reason::PartMissing,
    Reason::PartUnclear,
    Reason::NumberMisread,
    Reason::NumberOneOfSeveral,
    Reason::KindDifferent,
    Reason::StreetBeside,
];
/// What a person should look at before a letter is stopped.
const DOUBT: &[Reason] = &[
    Reason::StreetDifferent,
    Reason::StreetPartly,
    Reason::StreetBeside,
    Reason::NumberOneOfSeveral,
    Reason::NumberInRange,
    Reason::NumberMisread,
    Reason::PartMissing,
    Reason::PartUnclear,
    Reason::KindDifferent,
];

fn band(evidence: &Evidence, written: &PostalAddress, barred: &PostalAddress) -> Band {
    use LetterVerdict::{Hold, Pass, Stop};
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    // A doubt about the door beside another postcode is another house.
    let two_doubts = any(ELSEWHERE) && any(DOUBTFUL_DOOR);
    // Another number or flat is another door; "30" in "30-32" is worth a look only where no other postcode is written.
    let other_house = any(OTHER_DOOR) || (any(&[R::NumberInRange]) && (any(ELSEWHERE) || any(PART_DOUBTED)));
    let named = any(&[R::NameSame]) && barred.numbers.is_empty() && barred.part.label.is_none();
    if other_house || two_doubts {
        (Pass, Pass)
    } else if any(&[R::BoxSame]) {
        box_band(evidence)
    } else if !named && !any(HOUSE) {
        houseless_band(evidence, written, barred)
    } else if number_and_postcode_alone(evidence) {
        (Hold, Hold)
    } else {
        (
            Pass,
            if placed(evidence) && !any(DOUBT) {
                Stop
            } else {
                Hold
            },
        )
    }
}

/// The same box number: sure at the same postcode, another box in another district.
fn box_band(evidence: &Evidence) -> Band {
    use Reason as R;
    if evidence.has_any(&[R::PostcodeDifferent, R::PostcodeDistrict, R::PlaceDifferent]) {
        return (LetterVerdict::Pass, LetterVerdict::Pass);
    }
    let same = evidence.has_any(&[R::PostcodeSame]);
    (
        LetterVerdict::Hold,
        if same {
            LetterVerdict::Stop
        } else {
            LetterVerdict::Hold
        },
    )
}

/// No number says which house. At the same postcode a letter is held to the street without any number, to a house of
/// the same name, to one with part of the name, and to another flat of the building.
fn houseless_band(evidence: &Evidence, written: &PostalAddress, barred: &PostalAddress) -> Band {
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    let numberless = written.numbers.is_empty();
    let bare = numberless && written.part.is_empty() && written.words_of(Role::Name).next().is_none();
    let left_out = bare && !barred.numbers.is_empty();
    let named_in_part = numberless && barred.numbers.is_empty() && any(&[R::NamePartly]);
    let named = numberless && written.part.is_empty() && any(&[R::NameSame]);
    let elsewhere = any(&[
        R::StreetDifferent,
        R::StreetPartly,
        R::StreetBeside,
        R::StreetSlips,
    ]);
    let here = any(&[R::PostcodeSame]) && (any(SAME_STREET) || (any(&[R::NameSame]) && !elsewhere));
    let verdict = if here && (left_out || named_in_part || named) {
        LetterVerdict::Hold
    } else {
        LetterVerdict::Pass
    };
    (verdict, verdict)
}

/// A postcode covers some fifteen houses: with the number it is worth a look though the street is left out, or named
/// otherwise beside the house's name.
fn number_and_postcode_alone(evidence: &Evidence) -> bool {
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    let unread = any(&[R::StreetMissing, R::StreetPartly])
        || (any(&[R::StreetDifferent]) && any(&[R::NamePartly, R::NameSame]));
    unread && any(&[R::PostcodeSame]) && any(&[R::NumberSame, R::NumberIsUnit, R::NumberMisread])
}

/// Whether street, postcode and town leave no other place: needed to stop.
fn placed(evidence: &Evidence) -> bool {
    use Reason as R;
    let any = |reasons: &[Reason]| evidence.has_any(reasons);
    let exact_street = any(&[R::StreetSameRare, R::StreetSameCommon]);
    any(&[R::PostcodeSame])
        || (any(&[R::PostcodeSwapped]) && any(&[R::StreetSameRare]))
        || (any(&[R::PostcodeFirstHalf]) && exact_street && any(&[R::PlaceSame]))
}
