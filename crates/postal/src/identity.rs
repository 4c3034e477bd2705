//! One text for the many ways of writing one address, where two of them must be told the same without comparing.
//!
//! It is coarse on purpose: door and street. Layout, case, abbreviations, addressee, town and postcode make no
//! difference; a misspelt street does, and so the text is no measure of agreement: [`crate::compare`] is.

use crate::address::{PostalAddress, Role};

impl PostalAddress {
    /// The door and the street; the house's name where there is no number, the postcode or else the place where
    /// there is no street. Personal: never for a log.
    pub fn expose_identity(&self) -> String {
        let doors = self.doors();
        let name = if doors.is_empty() {
            self.joined(Role::Name)
        } else {
            String::new()
        };
        let street = match (&self.street, &self.postcode) {
            (Some(street), _) => street.key.clone(),
            (None, Some(postcode)) => postcode.joined().to_owned(),
            (None, None) => self.joined(Role::Place),
        };
        [doors.join(" "), name, street].join("\n")
    }

    /// House numbers and the part of the building, `14` or `14-16`, then `A` of `14A` or of `Flat A`.
    fn doors(&self) -> Vec<String> {
        let numbers = self
            .numbers
            .iter()
            .map(|number| match number.last == number.first {
                true => number.first.to_string(),
                false => format!("{}-{}", number.first, number.last),
            });
        let letters = self.numbers.iter().filter_map(|number| number.suffix);
        let part = self.part.label.iter().cloned();
        let floor = self.part.floor.iter().map(|floor| format!("floor {floor}"));
        let mut doors: Vec<String> = numbers
            .chain(letters.map(String::from))
            .chain(part)
            .chain(floor)
            .collect();
        doors.sort_unstable();
        doors.dedup();
        doors
    }

    fn joined(&self, role: Role) -> String {
        self.words_of(role).map(|word| word.key.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{PostalAddress, WrittenAddress};

    fn identity(lines: &str) -> String {
        let written = WrittenAddress::new(lines).unwrap();
        PostalAddress::parse(&written, None).unwrap().expose_identity()
    }

    #[test]
    fn ways_of_writing_one_door_are_one_text_and_another_door_is_another() {
        let table = [
            (
                "14 Invented Road, Nowhereby",
                "14 INVENTED RD\nNowhereby\nZZ9 9ZZ",
                true,
            ),
            ("14 Invented Road, Nowhereby", "Mr A Else\n14 Invented Road", true),
            ("Flat A, 14 Invented Road", "14A Invented Road, Nowhereby", true),
            ("Flat 3, 14 Invented Road", "14 Invented Road", false),
            (
                "14 Invented Road, Nowhereby",
                "41 Invented Road, Nowhereby",
                false,
            ),
            ("14 Invented Road, Nowhereby", "14 Fabled Road, Nowhereby", false),
            ("Rose House, Invented Road", "Thorn House, Invented Road", false),
        ];
        for (one, other, same) in table {
            assert_eq!(identity(one) == identity(other), same, "{one} / {other}");
        }
    }
}
