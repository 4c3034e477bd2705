//! English and Welsh: which language a page speaks, and the sentences of the locale files.
//!
//! The files are Fluent (`key = words { $value }`). The shell's own come first; the service adds its files
//! and may put its own words in place of the shell's. Both languages must hold the same keys.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use fluent_syntax::ast::Entry;
use unic_langid::LanguageIdentifier;

use crate::{PagesError, Sentence};

/// The two languages of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Welsh.
    Cy,
}

impl Lang {
    /// Both, in the order in which the page offers them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Cy];

    /// `en` or `cy`, as in the `lang` attribute, the cookie and the query.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Cy => "cy",
        }
    }

    /// The language's own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Cy => "Cymraeg",
        }
    }

    /// Reads `en` or `cy`; nothing else.
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// Why a sentence could not be said. It names the key and never what was to be put in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// No locale file has the key.
    #[error("no sentence has the key {0}")]
    UnknownKey(String),
    /// The sentence asks for a value that was not given.
    #[error("the sentence {0} lacks a value, or refers to a sentence that is not there")]
    MissingValue(String),
}

/// All sentences of both languages.
pub(crate) struct Sentences {
    english: FluentBundle<FluentResource>,
    welsh: FluentBundle<FluentResource>,
    strict: bool,
}

impl Sentences {
    /// The shell's sources, then the service's. Refuses a file that does not parse, a key that two files
    /// of the service define, and a key that one language lacks.
    pub(crate) fn new(
        shell: &[(Lang, &str)],
        service: &[(Lang, String)],
        strict: bool,
    ) -> Result<Sentences, PagesError> {
        let mut sentences = Sentences {
            english: FluentBundle::new_concurrent(vec![plural_rules(Lang::En)?]),
            welsh: FluentBundle::new_concurrent(vec![plural_rules(Lang::Cy)?]),
            strict,
        };
        let mut keys = BTreeMap::from(Lang::ALL.map(|lang| (lang, BTreeSet::new())));
        for (lang, source) in shell {
            let found = sentences.add(*lang, source)?;
            keys.entry(*lang).or_default().extend(found);
        }
        let mut own: BTreeSet<(Lang, String)> = BTreeSet::new();
        for (lang, source) in service {
            for key in sentences.add(*lang, source)? {
                if !own.insert((*lang, key.clone())) {
                    return Err(PagesError::Locale {
                        lang: lang.code(),
                        reason: format!("{key} is defined twice"),
                    });
                }
                keys.entry(*lang).or_default().insert(key);
            }
        }
        same_keys(&keys[&Lang::En], &keys[&Lang::Cy])?;
        for bundle in [&mut sentences.english, &mut sentences.welsh] {
            bundle.set_use_isolating(false);
        }
        Ok(sentences)
    }

    /// The words, plain text: the template escapes them.
    pub(crate) fn say(&self, lang: Lang, sentence: &Sentence) -> Result<String, Unsaid> {
        let unknown = || Unsaid::UnknownKey(sentence.key().to_string());
        let bundle = self.bundle(lang);
        let (id, attribute) = match sentence.key().split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (sentence.key(), None),
        };
        let message = bundle.get_message(id).ok_or_else(unknown)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        };
        let (arguments, mut errors) = (sentence.arguments(), Vec::new());
        let words = bundle.format_pattern(pattern.ok_or_else(unknown)?, Some(&arguments), &mut errors);
        match errors.is_empty() {
            true => Ok(words.into_owned()),
            false => Err(Unsaid::MissingValue(sentence.key().to_string())),
        }
    }

    /// The words; where the sentences are not strict, a sentence that cannot be said gives its key instead
    /// of losing the page, and the log names it.
    pub(crate) fn say_or_key(&self, lang: Lang, sentence: &Sentence) -> Result<String, Unsaid> {
        match self.say(lang, sentence) {
            Err(unsaid) if !self.strict => {
                tracing::error!(%unsaid, "a sentence could not be said");
                Ok(sentence.key().to_string())
            }
            said => said,
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        let (id, attribute) = key.split_once('.').unwrap_or((key, ""));
        self.english
            .get_message(id)
            .is_some_and(|message| match attribute {
                "" => message.value().is_some(),
                name => message.get_attribute(name).is_some(),
            })
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::En => &self.english,
            Lang::Cy => &self.welsh,
        }
    }

    /// Adds one file and lists the keys that it defines.
    fn add(&mut self, lang: Lang, source: &str) -> Result<BTreeSet<String>, PagesError> {
        let wrong = |reason: String| PagesError::Locale {
            lang: lang.code(),
            reason,
        };
        let resource = FluentResource::try_new(source.to_string()).map_err(|(_, errors)| {
            wrong(
                errors
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        let mut keys = BTreeSet::new();
        for key in resource.entries().flat_map(defined) {
            if !keys.insert(key.clone()) {
                return Err(wrong(format!("{key} is defined twice")));
            }
        }
        match lang {
            Lang::En => self.english.add_resource_overriding(resource),
            Lang::Cy => self.welsh.add_resource_overriding(resource),
        }
        Ok(keys)
    }
}

/// Which forms a count chooses: Welsh has six.
fn plural_rules(lang: Lang) -> Result<LanguageIdentifier, PagesError> {
    let unknown = |_| PagesError::Locale {
        lang: lang.code(),
        reason: "the language is unknown".to_string(),
    };
    lang.code().parse().map_err(unknown)
}

fn defined(entry: &Entry<&str>) -> Vec<String> {
    let Entry::Message(message) = entry else {
        return Vec::new();
    };
    let own = message.value.iter().map(|_| message.id.name.to_string());
    let attributes = message
        .attributes
        .iter()
        .map(|one| format!("{}.{}", message.id.name, one.id.name));
    own.chain(attributes).collect()
}

fn same_keys(english: &BTreeSet<String>, welsh: &BTreeSet<String>) -> Result<(), PagesError> {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    match (only(english, welsh), only(welsh, english)) {
        (en, cy) if en.is_empty() && cy.is_empty() => Ok(()),
        (only_english, only_welsh) => Err(PagesError::UnlikeLanguages {
            only_english,
            only_welsh,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(english: &str, welsh: &str) -> Result<Sentences, PagesError> {
        Sentences::new(
            &[],
            &[(Lang::En, english.to_string()), (Lang::Cy, welsh.to_string())],
            true,
        )
    }

    #[test]
    fn a_sentence_is_said_in_the_language_asked_for() {
        let said = sentences(
            "hello = Hello { $name }\n    .hint = Hint",
            "hello = Helo { $name }\n    .hint = Awgrym",
        )
        .unwrap();
        let hello = Sentence::new("hello").with("name", "Sam");
        assert_eq!(said.say(Lang::En, &hello).unwrap(), "Hello Sam");
        assert_eq!(said.say(Lang::Cy, &hello).unwrap(), "Helo Sam");
        assert_eq!(
            said.say(Lang::Cy, &Sentence::new("hello.hint")).unwrap(),
            "Awgrym"
        );
    }

    #[test]
    fn welsh_counts_choose_among_six_forms() {
        let welsh = "cats = { $n ->\n [zero] dim cathod\n [one] { $n } gath\n [two] { $n } gath fenyw\n [few] { $n } cath\n [many] { $n } chath\n *[other] { $n } o gathod\n }";
        let said = sentences("cats = { $n } cats", welsh).unwrap();
        let words = |n: i64| said.say(Lang::Cy, &Sentence::new("cats").with("n", n)).unwrap();
        assert_eq!(
            [0, 1, 2, 3, 6, 7].map(words),
            [
                "dim cathod",
                "1 gath",
                "2 gath fenyw",
                "3 cath",
                "6 chath",
                "7 o gathod"
            ]
        );
    }

    #[test]
    fn a_missing_key_or_value_is_an_error_that_names_the_key_only() {
        let said = sentences("hello = Hello { $name }", "hello = Helo { $name }").unwrap();
        assert_eq!(
            said.say(Lang::En, &Sentence::new("bye")),
            Err(Unsaid::UnknownKey("bye".into()))
        );
        let without = Sentence::new("hello").with("other", "07700 900123");
        assert_eq!(
            said.say(Lang::En, &without),
            Err(Unsaid::MissingValue("hello".into()))
        );
        assert_eq!(format!("{without:?}"), "Sentence(hello)");
    }

    #[test]
    fn languages_that_hold_different_keys_are_refused() {
        let refused = sentences("a = A\nb = B\n    .hint = H", "a = A\nb = B\nc = C")
            .err()
            .unwrap();
        assert!(
            matches!(refused, PagesError::UnlikeLanguages { only_english, only_welsh }
            if only_english == ["b.hint"] && only_welsh == ["c"])
        );
    }

    #[test]
    fn a_key_defined_twice_and_a_broken_file_are_refused() {
        assert!(matches!(
            sentences("a = A\na = B", "a = A"),
            Err(PagesError::Locale { lang: "en", .. })
        ));
        assert!(matches!(
            sentences("a = A", "a = {"),
            Err(PagesError::Locale { lang: "cy", .. })
        ));
    }

    #[test]
    fn the_service_may_put_its_own_words_in_place_of_the_shells() {
        let shell = [(Lang::En, "name = Shell"), (Lang::Cy, "name = Cragen")];
        let service = [
            (Lang::En, "name = Service".to_string()),
            (Lang::Cy, "name = Gwasanaeth".to_string()),
        ];
        let said = Sentences::new(&shell, &service, true).unwrap();
        assert_eq!(said.say(Lang::En, &"name".into()).unwrap(), "Service");
    }
}
