//! Short forms and listed spellings of names: Dave for David, Mohamed for Muhammad.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::evidence::Level;
use crate::weights::Role;

static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    Listed::read(
        include_str!("../data/nicknames.csv"),
        include_str!("../data/variants.csv"),
    )
});

struct Listed {
    /// Formal and short names, each way.
    short: HashMap<&'static str, Vec<&'static str>>,
    /// For a family or given name: all spellings of its groups.
    given: HashMap<&'static str, Vec<&'static str>>,
    family: HashMap<&'static str, Vec<&'static str>>,
}

/// The names that are the same person's by one of the lists, each with its best level; the name itself is not among them.
///
/// `name` is folded: lower-case letters alone.
pub(crate) fn same_by_list(name: &str) -> HashMap<&'static str, Level> {
    let listed = &*LISTED;
    let mut same = HashMap::new();
    let mut note = |other: &'static str, level: Level| {
        if other != name {
            let best = same.entry(other).or_insert(level);
            *best = level.min(*best);
        }
    };
    for role in [Role::Given, Role::Family] {
        listed
            .variants(role, name)
            .iter()
            .for_each(|other| note(other, Level::Variant));
    }
    for other in listed.short_forms(name) {
        note(other, Level::Nickname);
        for further in listed.short_forms(other) {
            note(further, Level::NicknameOfNickname);
        }
        for spelling in listed.variants(Role::Given, other) {
            note(spelling, Level::Nickname);
        }
    }
    for spelling in listed.variants(Role::Given, name) {
        for other in listed.short_forms(spelling) {
            note(other, Level::Nickname);
        }
    }
    same
}

impl Listed {
    fn read(nicknames: &'static str, variants: &'static str) -> Self {
        let mut listed = Self {
            short: HashMap::new(),
            given: HashMap::new(),
            family: HashMap::new(),
        };
        for line in nicknames.lines() {
            let mut cells = line.trim().split(',');
            if let (Some(formal), Some("has_nickname"), Some(short)) =
                (cells.next(), cells.next(), cells.next())
            {
                listed.short.entry(formal).or_default().push(short);
                listed.short.entry(short).or_default().push(formal);
            }
        }
        for line in variants.lines() {
            let mut cells = line.trim().split(',');
            let group = match cells.next() {
                Some("given") => &mut listed.given,
                Some("family") => &mut listed.family,
                _ => continue,
            };
            let names: Vec<&'static str> = cells.collect();
            for name in &names {
                group.entry(name).or_default().extend(&names);
            }
        }
        listed
    }

    fn short_forms(&self, name: &str) -> &[&'static str] {
        self.short.get(name).map_or(&[], Vec::as_slice)
    }

    fn variants(&self, role: Role, name: &str) -> &[&'static str] {
        let group = if role == Role::Given {
            &self.given
        } else {
            &self.family
        };
        group.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_and_spellings_are_found_each_way() {
        for (asked, recorded, level) in [
            ("dave", "david", Level::Nickname),
            ("david", "dave", Level::Nickname),
            ("mohamed", "muhammad", Level::Variant),
            ("smyth", "smith", Level::Variant),
            ("jock", "jonny", Level::NicknameOfNickname),
        ] {
            assert_eq!(
                same_by_list(asked).get(recorded),
                Some(&level),
                "{asked} {recorded}"
            );
        }
        assert!(same_by_list("zeffirelli").is_empty());
    }
}
