//! See `properties::TARGETS`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::run("weights", bytes));
