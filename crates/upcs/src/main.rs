//! `upcs`.
fn main() {}
