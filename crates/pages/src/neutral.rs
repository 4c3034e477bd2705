//! Titles of public pages stay in the browser's history, its tabs and its suggestions, where the wrong
//! person may read them: they must not tell what the page is about.

/// Beginnings of words, in lower case, that no public title may hold.
pub const TELLING: [&str; 30] = [
    "abus",
    "assault",
    "bar",
    "block",
    "cam-drin",
    "carchar",
    "cell",
    "crime",
    "criminal",
    "dieisiau",
    "dioddef",
    "domestic",
    "gaol",
    "harass",
    "jail",
    "offend",
    "parole",
    "perpetrat",
    "police",
    "prison",
    "probation",
    "rape",
    "stalk",
    "survivor",
    "threat",
    "trosedd",
    "unwanted",
    "victim",
    "violen",
    "heddlu",
];

/// Does the title tell nothing? `Contact request` does; `Stop contact from a prisoner` does not.
pub fn is_neutral(title: &str) -> bool {
    let lower = title.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.all(|word| !TELLING.iter().any(|telling| word.starts_with(telling)))
}

#[cfg(test)]
mod tests {
    use super::is_neutral;

    #[test]
    fn titles_that_name_prison_or_abuse_are_telling() {
        for title in [
            "Stop contact from a prisoner",
            "Victims",
            "Cais: CARCHAR",
            "Domestic-abuse help",
            "Un-wanted unwanted",
        ] {
            assert!(!is_neutral(title), "{title}");
        }
        for title in [
            "Contact request",
            "Cais cyswllt",
            "Error: Your details",
            "Check your answers",
            "",
        ] {
            assert!(is_neutral(title), "{title}");
        }
    }
}
