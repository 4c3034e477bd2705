//! Service prefixes: digits before a number that a network swallows. The table is `data/prefixes.csv`.

use std::sync::OnceLock;

use crate::resolve::Service;
use crate::table::{Fit, Pattern, rows};

struct Prefix {
    digits: Pattern,
    flag: &'static str,
}

fn table() -> &'static [Prefix] {
    static TABLE: OnceLock<Vec<Prefix>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let prefix = |cells: Vec<&'static str>| {
            Some(Prefix {
                digits: Pattern::new(cells.first()?),
                flag: cells.get(1)?,
            })
        };
        rows(include_str!("../data/prefixes.csv"))
            .filter_map(prefix)
            .collect()
    })
}

impl Prefix {
    /// What is left behind it. A prefix with nothing behind it stays.
    fn taken_off(&self, dialled: &[u8]) -> Option<usize> {
        let rest = self.digits.rest_of(dialled)?;
        let next = rest.first()?;
        (!self.digits.is_open() || matches!(next, b'0' | b'1' | b'+')).then_some(rest.len())
    }
}

/// What stands behind all prefixes.
pub(crate) struct Stripped<'a> {
    pub(crate) rest: &'a [u8],
    /// Which services they asked for.
    pub(crate) service: Service,
    /// One of them leads to another carrier, who knows nothing of the caller's area.
    pub(crate) by_carrier: bool,
}

/// Strips every leading prefix, in any stack.
pub(crate) fn strip(mut dialled: &[u8]) -> Stripped<'_> {
    let mut service = Service::default();
    let mut by_carrier = false;
    // Every prefix begins with 1.
    while dialled.starts_with(b"1") {
        let found = table()
            .iter()
            .find_map(|prefix| Some((prefix.taken_off(dialled)?, prefix)));
        let Some((left, prefix)) = found else { break };
        by_carrier |= prefix.digits.is_open();
        match prefix.flag {
            "withhold" => service.withhold = true,
            "relay" => service.relay = true,
            _ => {}
        }
        dialled = &dialled[dialled.len() - left..];
    }
    Stripped {
        rest: dialled,
        service,
        by_carrier,
    }
}

/// Whether this is a prefix and nothing else.
pub(crate) fn is_alone(dialled: &[u8]) -> bool {
    table()
        .iter()
        .any(|prefix| prefix.digits.fit(dialled) == Fit::Whole)
}
