//! The targets on the stable compiler: every seed, and mixtures of seeds. `UPCS_FULL=1` mixes more.

use std::fs;
use std::path::Path;

use properties::{TARGETS, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Mixtures for each target, long and short.
const MIXTURES: (u32, u32) = (50_000, 1_000);

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().flat_map(fs::read).collect()
}

/// What a fuzzer does to a seed: cuts it, doubles a part, puts a part of another in, changes bytes.
fn mixed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let pair = (prop::sample::select(seeds.clone()), prop::sample::select(seeds));
    let places = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    );
    let changes = prop::collection::vec((any::<prop::sample::Index>(), byte()), 0..6);
    (pair, places, changes).prop_map(|((one, other), (from, to, at), changes)| {
        let (from, to) = (from.index(other.len() + 1), to.index(other.len() + 1));
        let at = at.index(one.len() + 1);
        let part = &other[from.min(to)..from.max(to)];
        let mut bytes = [&one[..at], part, &one[at..]].concat();
        for (place, byte) in changes.iter().filter(|_| !one.is_empty()) {
            let place = place.index(bytes.len().max(1));
            if let Some(changed) = bytes.get_mut(place) {
                *changed = *byte;
            }
        }
        bytes
    })
}

/// Mostly what such texts are made of.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![4 => prop::sample::select(b"9876543210+*#;:@%,. \r\n\"<>{}[]-()".to_vec()), 1 => any::<u8>()]
}

#[test]
fn every_target_holds_for_every_seed() {
    for (target, _) in TARGETS {
        let seeds = seeds(target);
        assert!(seeds.len() > 2, "{target} has {} seeds", seeds.len());
        for seed in seeds {
            run(target, &seed);
        }
        run(target, b"");
    }
}

#[test]
fn every_target_holds_for_mixtures_of_seeds() {
    let is_full = std::env::var_os("UPCS_FULL").is_some_and(|value| value == "1");
    let cases = if is_full { MIXTURES.0 } else { MIXTURES.1 };
    for (target, _) in TARGETS {
        let mut runner = TestRunner::new(Config {
            cases,
            ..Config::default()
        });
        let held = runner.run(&mixed(seeds(target)), |bytes| {
            run(target, &bytes);
            Ok(())
        });
        assert!(held.is_ok(), "{target}: {held:?}");
    }
}
