//! Files that an operator loads.

use phone::{Allocations, resolve};

/// Ofcom's number blocks. A file that is read says the same read twice over, and narrows only.
pub(crate) fn allocations(bytes: &[u8]) {
    let Ok(once) = Allocations::read([("s1.csv", bytes)]) else {
        return;
    };
    let twice = Allocations::read([("s1.csv", bytes), ("sabc.csv", bytes)]);
    assert_eq!(twice.as_ref(), Ok(&once));
    assert!(once.counts().any(|(_, count)| count.in_use > 0));
    for dialled in ["+12025550123", "116123", "999"] {
        let resolved = resolve(dialled, None).map(|resolved| once.confirm(&resolved.number));
        assert_eq!(resolved, Ok(Ok(())), "the files know numbers below +44 alone");
    }
}
