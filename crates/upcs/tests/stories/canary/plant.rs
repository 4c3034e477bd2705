//! The canaries of one run, and every way of writing them.

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::numbers::{COUNT, drama};
use crate::search::{Needle, of_number, of_text};

/// Particulars of people who do not exist.
pub(crate) struct Canaries {
    /// With a letter that JSON, URLs and forms write in other ways.
    pub(crate) name: String,
    pub(crate) other_name: String,
    pub(crate) prisoner: String,
    pub(crate) street: String,
    pub(crate) email: String,
    pub(crate) solicitor: String,
    pub(crate) court: String,
    pub(crate) account: String,
    /// Barred.
    pub(crate) number: String,
    /// A safe way of reaching her.
    pub(crate) safe_number: String,
    /// In intelligence.
    pub(crate) rang_number: String,
    /// On an approved list, as a lawyer's.
    pub(crate) legal_number: String,
    /// A digit too many: it goes back to the referrer.
    pub(crate) not_a_number: String,
}

impl Canaries {
    pub(crate) fn random(chance: &mut Chance) -> Self {
        let mut word = |before: &str, after: &str| format!("{before}{}{after}", chance.letters(9));
        let (name, other_name) = (word("Zoë Q", ""), word("Mim X", ""));
        let (prisoner, street) = (word("Vurl", ""), word("17 ", " Walk"));
        let (email, solicitor) = (word("", "@example.org"), word("", " & Daughters"));
        let (court, account) = (word("Court of ", ""), word("He said that ", " would burn"));
        // Four numbers that differ and that the demo does not use.
        let mut numbers: Vec<String> = Vec::new();
        while numbers.len() < 5 {
            let number = drama(chance.between(0, COUNT));
            if !numbers.contains(&number) && !number.starts_with("07700 900") && !number.starts_with("01632")
            {
                numbers.push(number);
            }
        }
        let mut numbers = numbers.into_iter();
        let mut next = || numbers.next().unwrap_or_default();
        let (number, safe_number, rang_number, legal_number) = (next(), next(), next(), next());
        let not_a_number = format!("{}77", next());
        Self {
            name,
            other_name,
            prisoner,
            street,
            email,
            solicitor,
            court,
            account,
            number,
            safe_number,
            rang_number,
            legal_number,
            not_a_number,
        }
    }

    /// The texts, each with what it is called.
    pub(crate) fn texts(&self) -> [(&'static str, &str); 8] {
        [
            ("her name", &self.name),
            ("her other name", &self.other_name),
            ("the prisoner's name", &self.prisoner),
            ("her address", &self.street),
            ("her e-mail", &self.email),
            ("the solicitor's name", &self.solicitor),
            ("the court", &self.court),
            ("her account", &self.account),
        ]
    }

    /// The numbers, each with what it is called.
    pub(crate) fn numbers(&self) -> [(&'static str, &str); 5] {
        [
            ("her number", &self.number),
            ("her safe number", &self.safe_number),
            ("the number that rang", &self.rang_number),
            ("the solicitor's number", &self.legal_number),
            ("the number with digits too many", &self.not_a_number),
        ]
    }

    pub(crate) fn count(&self) -> usize {
        self.texts().len() + self.numbers().len()
    }

    /// Everything to search for.
    pub(crate) fn needles(&self) -> Vec<Needle> {
        let texts = self.texts();
        let texts = texts.iter().flat_map(|(what, text)| of_text(what, text));
        // The random part alone too: a log might hold half a line.
        let parts = self.texts().into_iter().flat_map(|(what, text)| {
            let longest = text
                .split([' ', '@'])
                .max_by_key(|word| word.chars().filter(char::is_ascii_lowercase).count());
            of_text(&format!("a word of {what}"), longest.unwrap_or_default())
        });
        let numbers = self
            .numbers()
            .into_iter()
            .flat_map(|(what, number)| of_number(what, number));
        texts.chain(parts).chain(numbers).collect()
    }

    /// A complete request with a canary in every field that can hold one.
    pub(crate) fn request(&self) -> Value {
        json!({
            "referrer": {
                "kind": "police", "name": self.solicitor, "relationship": self.account,
                "channel": {"kind": "email", "at": self.email, "note": self.account},
            },
            "people": [{
                "name": self.name,
                "other_names": [self.other_name],
                "numbers": [self.number, self.not_a_number, self.legal_number],
                "addresses": [{"lines": format!("{}\nNowhereby", self.street), "postcode": "ZZ9 9ZZ"}, {"lines": self.court}],
                "emails": [self.email],
                "channels": [{"kind": "phone", "at": self.safe_number, "note": self.other_name}],
            }],
            "prisoner": {
                "first_name": self.prisoner, "last_name": self.prisoner, "other_names": [self.other_name],
                "prison": self.court, "offence": self.account, "prison_number": self.not_a_number,
            },
            "consent": {"consent": "absent", "reason": self.account},
            "why": self.account,
            "risk": {"stalking": true},
            "orders": [{"kind": "restraining", "court": self.court, "number": self.other_name, "terms": self.account}],
            "good_reason": self.solicitor,
        })
    }

    /// Intelligence with a canary in every field.
    pub(crate) fn intelligence(&self) -> Value {
        json!({"kind": "number-that-rang", "account": self.account, "number": self.rang_number})
    }
}
