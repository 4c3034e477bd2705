//! Service prefixes: digits before a number that a network swallows. The table is `data/prefixes.csv`.

use std::sync::OnceLock;

use crate::resolve::Service;

struct Prefix {
    digits: &'static [u8],
    flag: &'static str,
}

fn table() -> &'static [Prefix] {
    static TABLE: OnceLock<Vec<Prefix>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = include_str!("../data/prefixes.csv").lines();
        let rows = rows.filter(|row| !row.starts_with('#') && !row.starts_with("prefix,"));
        let row = |row: &'static str| {
            let mut cells = row.split(',');
            let digits = cells.next()?.as_bytes();
            Some(Prefix {
                digits,
                flag: cells.next()?,
            })
        };
        rows.filter_map(row).collect()
    })
}

/// Strips every leading prefix, in any stack, and says which services they asked for. A prefix with nothing
/// behind it stays.
pub(crate) fn strip(mut dialled: &[u8]) -> (&[u8], Service) {
    let mut service = Service::default();
    loop {
        let found = table().iter().find_map(|prefix| {
            let rest = dialled.strip_prefix(prefix.digits)?;
            (!rest.is_empty()).then_some((rest, prefix.flag))
        });
        let Some((rest, flag)) = found else {
            return (dialled, service);
        };
        match flag {
            "withhold" => service.withhold = true,
            "relay" => service.relay = true,
            _ => {}
        }
        dialled = rest;
    }
}
