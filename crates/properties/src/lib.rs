//! What must hold of whatever bytes come in from outside, each as a function that fails if it does not.
//!
//! [`TARGETS`] names them. `fuzz/` drives them with cargo-fuzz, which needs the nightly compiler; `tests/replay.rs`
//! drives the same functions from the seeds of `fuzz/seeds` and from mixtures of them, on the stable one. Every body
//! states more than that nothing panics: what resolves once resolves to the same again, what is barred does not ring,
//! what is not signed is not believed.

mod digits;
mod envelopes;
mod files;
mod gate_asked;
mod hub_said;
mod locating;

/// A body: what must hold of these bytes. It panics where it does not.
pub type Body = fn(&[u8]);

/// Every target by the name of its folder of seeds.
pub const TARGETS: [(&str, Body); 12] = [
    ("dialled", digits::dialled),
    ("request_uri", digits::request_uri),
    ("sip", gate_asked::sip),
    ("http_body", gate_asked::http_body),
    ("feed_line", hub_said::feed_line),
    ("block", hub_said::block),
    ("allocations", files::allocations),
    ("envelope", envelopes::envelope),
    ("envelopes", envelopes::envelopes),
    ("roster", locating::roster),
    ("query", locating::query),
    ("weights", locating::weights),
];

/// Runs the target of this name on these bytes.
pub fn run(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let Some((_, body)) = found else {
        panic!("there is no target {target}");
    };
    body(bytes);
}
