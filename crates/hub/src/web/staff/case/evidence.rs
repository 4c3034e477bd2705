//! The evidence for one prisoner, drawn as a waterfall: from what is likely before anything is compared, each piece moves
//! the bar on from where the one before left it, right for him and left against him. Every candidate of every search has
//! the same scale.

use offender::{Candidate, Field};
use serde::Serialize;
use strum::VariantArray;

use crate::web::staff::{frame, words};

/// What the drawing shows, in bits from as likely as not: one in four thousand million, and the other way.
const RANGE: std::ops::RangeInclusive<f64> = -32.0..=48.0;
/// Below this many bits either way evidence says nothing worth telling.
pub(super) const TELLING_BITS: f64 = 0.5;
/// From this many bits either way, sixty-four to one, it says much.
const STRONG_BITS: f64 = 6.0;

/// What one prisoner's evidence comes to.
#[derive(Serialize)]
pub(super) struct Evidence {
    /// Before anything is compared it may be any of so many.
    people: usize,
    start: Bar,
    pieces: Vec<Piece>,
    end: Bar,
}

/// One piece of evidence: what was asked beside what is on record.
#[derive(Serialize)]
struct Piece {
    field: String,
    level: String,
    asked: Option<String>,
    recorded: Option<String>,
    bar: Bar,
}

/// One bar, in bits from the drawing's left edge, and in words.
#[derive(Debug, PartialEq, Serialize)]
struct Bar {
    from: f64,
    width: f64,
    weighs: Weighs,
}

/// Which way something speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web::staff) enum Weighs {
    MuchFor,
    For,
    Neutral,
    Against,
    MuchAgainst,
}

impl Evidence {
    /// The evidence for one of so many people on record.
    pub(super) fn of(candidate: &Candidate, people: usize) -> Self {
        let start = -(people.max(1) as f64).log2();
        let mut at = start;
        let pieces = candidate.evidence.iter().map(|piece| {
            let before = at;
            at += piece.bits;
            Piece {
                field: words::code(piece.field),
                level: words::code(piece.level),
                asked: told(piece.field, piece.asked.as_deref()),
                recorded: told(piece.field, piece.recorded.as_deref()),
                bar: Bar::between(before, at),
            }
        });
        let pieces = pieces.collect();
        Self {
            people,
            start: Bar::between(0.0, start),
            pieces,
            end: Bar::between(0.0, at),
        }
    }
}

/// A prison by its name; everything else as it is written.
fn told(field: Field, text: Option<&str>) -> Option<String> {
    let prison = (field == Field::PrisonId).then(|| text?.parse().ok()).flatten();
    prison.map(frame::prison_name).or_else(|| text.map(str::to_owned))
}

impl Bar {
    fn between(before: f64, after: f64) -> Self {
        let place = |bits: f64| (bits.clamp(*RANGE.start(), *RANGE.end()) - RANGE.start()).round();
        let (before_at, after_at) = (place(before), place(after));
        Self {
            from: before_at.min(after_at),
            width: (before_at - after_at).abs(),
            weighs: match after - before {
                bits if bits >= STRONG_BITS => Weighs::MuchFor,
                bits if bits >= TELLING_BITS => Weighs::For,
                bits if bits <= -STRONG_BITS => Weighs::MuchAgainst,
                bits if bits <= -TELLING_BITS => Weighs::Against,
                _ => Weighs::Neutral,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use offender::Level;

    use super::*;

    fn drawn(bits: &[f64], people: usize) -> Evidence {
        let piece = |bits: &f64| offender::Evidence {
            field: Field::LastName,
            level: Level::Exact,
            asked: None,
            recorded: None,
            m: 1.0,
            u: 1.0,
            bits: *bits,
        };
        let candidate = Candidate {
            prisoner_number: "A1234BC".parse().unwrap(),
            bits: bits.iter().sum(),
            evidence: bits.iter().map(piece).collect(),
        };
        Evidence::of(&candidate, people)
    }

    const fn bar(from: f64, width: f64, weighs: Weighs) -> Bar {
        Bar { from, width, weighs }
    }

    #[test]
    fn each_bar_begins_where_the_one_before_ended_and_the_last_is_the_sum() {
        let drawn = drawn(&[10.0, -4.0, 0.2, 20.0], 1 << 16);
        assert_eq!(drawn.start, bar(16.0, 16.0, Weighs::MuchAgainst));
        let bars: Vec<Bar> = drawn.pieces.into_iter().map(|piece| piece.bar).collect();
        assert_eq!(
            bars,
            [
                bar(16.0, 10.0, Weighs::MuchFor),
                bar(22.0, 4.0, Weighs::Against),
                bar(22.0, 0.0, Weighs::Neutral),
                bar(22.0, 20.0, Weighs::MuchFor)
            ]
        );
        assert_eq!(drawn.end, bar(32.0, 10.0, Weighs::MuchFor));
    }

    #[test]
    fn what_is_beyond_the_drawing_ends_at_its_edge() {
        assert_eq!(drawn(&[300.0], 0).pieces[0].bar, bar(32.0, 48.0, Weighs::MuchFor));
        assert_eq!(drawn(&[-300.0], 1).end, bar(0.0, 32.0, Weighs::MuchAgainst));
    }
}
