//! Rosters, queries and weights as `upcs locate` reads them, a line or a file.

use std::sync::Arc;

use offender::{Known, Outcome, PrisonerRecord, Roster, Weights};

/// Lines of a roster that are laid out at most: each is compared with every other.
const MOST_LINES: usize = 6;

/// Lines of a roster. What is read is given back as it came; whoever is on it is found by his own name and date.
pub(crate) fn roster(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n').take(MOST_LINES);
    let records: Vec<PrisonerRecord> = lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    if records.is_empty() {
        return;
    }
    let roster = Roster::build(records.iter().cloned());
    for record in &records {
        let found = roster.record(&record.prisoner_number);
        let last = records
            .iter()
            .rfind(|other| other.prisoner_number == record.prisoner_number);
        assert!(found.as_ref() == last, "a record is not as it came");
        let written =
            serde_json::to_vec(record).map(|text| serde_json::from_slice::<PrisonerRecord>(&text).ok());
        assert!(written.is_ok_and(|read| read.as_ref() == Some(record)));
    }
    for record in roster.records() {
        let known = Known {
            first_name: Some(record.first_name.clone()),
            last_name: Some(record.last_name.clone()),
            date_of_birth: record.date_of_birth,
            prisoner_number: Some(record.prisoner_number.to_string()),
            ..Known::default()
        };
        let answer = roster.locate(&known, MOST_LINES);
        let best = answer.candidates.first().map(|candidate| candidate.bits);
        let own = answer
            .candidates
            .iter()
            .find(|candidate| candidate.prisoner_number == record.prisoner_number);
        assert!(
            own.is_some_and(|own| Some(own.bits) == best),
            "another weighs more than himself"
        );
    }
}

/// One query. Whatever it asks, the answer is in order, adds up, and is never sure of a name alone.
pub(crate) fn query(bytes: &[u8]) {
    let Ok(known) = serde_json::from_slice::<Known>(bytes) else {
        return;
    };
    let answer = asked_of().locate(&known, 5);
    assert!(answer.candidates.len() <= 5);
    assert!(
        answer
            .candidates
            .is_sorted_by(|one, other| one.bits >= other.bits)
    );
    for candidate in &answer.candidates {
        let sum: f64 = candidate.evidence.iter().map(|piece| piece.bits).sum();
        assert!(sum.is_finite() && (sum - candidate.bits).abs() < 1e-6);
    }
    let names_alone = Known {
        first_name: known.first_name.clone(),
        last_name: known.last_name.clone(),
        other_names: known.other_names.clone(),
        offence: known.offence.clone(),
        ..Known::default()
    };
    assert!(names_alone != known || answer.outcome != Outcome::Sure);
    assert_eq!(answer.outcome == Outcome::None, answer.candidates.is_empty());
}

/// A file of weights. What is read is read the same again once written, and every answer names its version.
pub(crate) fn weights(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(read) = text.parse::<Weights>() else { return };
    let again = read.to_string().parse::<Weights>();
    assert!(again.is_ok_and(|again| again.to_string() == read.to_string()));
    let version = read.version().clone();
    let roster = Roster::build_with(Arc::new(read), Vec::new());
    assert!(roster.locate(&Known::default(), 1).model == version);
}

fn asked_of() -> &'static Roster {
    static ROSTER: std::sync::LazyLock<Roster> = std::sync::LazyLock::new(|| {
        let lines = include_str!("../../../fuzz/seeds/roster/three").lines();
        Roster::build(lines.filter_map(|line| serde_json::from_str(line).ok()))
    });
    &ROSTER
}
