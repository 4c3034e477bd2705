//! What a page of the form sent, put into the draft.

use casework::Personal;

use super::channel::Channel;
use super::draft::{Address, Day, Draft, Person, Room};
use super::order::Order;
use super::step::Step;

/// The pairs that a browser posted, in order.
pub(super) struct Posted(pub(super) Vec<(String, String)>);

/// What the visitor wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Check this page and go on.
    Next,
    /// Go to the page before, keeping what was typed.
    Back,
    /// Back from the answers to one page.
    Change(Step),
    /// Room for more of something, or for less.
    Room(Room),
    /// Send the request.
    Submit,
}

impl Posted {
    /// The value of a field; empty when it was not sent.
    pub(super) fn text(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map_or("", |(_, value)| value)
    }

    fn personal(&self, field: &str) -> Personal {
        Personal::new(self.text(field))
    }

    fn values(&self, field: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// What the pressed button says; Enter in a field presses the first button of the page.
    pub(super) fn wish(&self) -> Wish {
        let go = self.text("go");
        let (word, place) = go.split_once(':').unwrap_or((go, ""));
        let place: usize = place.parse().unwrap_or(usize::MAX);
        match word {
            "back" => Wish::Back,
            "change" => Wish::Change(Step::from_place(place)),
            "add-person" => Wish::Room(Room::AddPerson),
            "remove-person" => Wish::Room(Room::RemovePerson(place)),
            "add-number" => Wish::Room(Room::AddNumber(place)),
            "add-address" => Wish::Room(Room::AddAddress(place)),
            "add-order" => Wish::Room(Room::AddOrder),
            "remove-order" => Wish::Room(Room::RemoveOrder(place)),
            "submit" => Wish::Submit,
            _ => Wish::Next,
        }
    }

    /// Puts the fields of one page into the draft; other pages' fields stay as they were.
    pub(super) fn fill(&self, step: Step, draft: &mut Draft) {
        match step {
            Step::Who => self.fill_who(draft),
            Step::People => {
                for (at, person) in draft.people.iter_mut().enumerate() {
                    self.fill_person(&format!("people-{at}"), person);
                }
            }
            Step::Prisoner => self.fill_prisoner(draft),
            Step::Safety => self.fill_safety(draft),
            Step::Check => {}
        }
    }

    fn fill_who(&self, draft: &mut Draft) {
        let who = &mut draft.who;
        who.asks = self.text("asks").to_owned();
        who.name = self.personal("name");
        who.relationship = self.personal("relationship");
        who.no_consent_why = self.personal("no-consent-why");
        who.why = self.personal("why");
        // Each way has a field of its own; only that of the chosen one counts.
        let at = format!("channel-at-{}", self.text("channel"));
        who.channel = self.channel("channel", &at);
    }

    fn fill_person(&self, at: &str, person: &mut Person) {
        person.name = self.personal(&format!("{at}-name"));
        person.other_names = self.personal(&format!("{at}-other-names"));
        person.emails = self.personal(&format!("{at}-emails"));
        person.channel = self.channel(&format!("{at}-channel"), &format!("{at}-channel-at"));
        for (n, number) in person.numbers.iter_mut().enumerate() {
            *number = self.personal(&format!("{at}-numbers-{n}"));
        }
        for (n, address) in person.addresses.iter_mut().enumerate() {
            *address = Address {
                lines: self.personal(&format!("{at}-addresses-{n}")),
                postcode: self.personal(&format!("{at}-postcodes-{n}")),
            };
        }
    }

    fn fill_prisoner(&self, draft: &mut Draft) {
        let prisoner = &mut draft.prisoner;
        prisoner.first_name = self.personal("first-name");
        prisoner.last_name = self.personal("last-name");
        prisoner.other_names = self.personal("other-names");
        prisoner.prison_number = self.personal("prison-number");
        prisoner.born = self.day("born");
        prisoner.age = self.personal("age");
        prisoner.prison = self.personal("prison");
        prisoner.offence = self.personal("offence");
    }

    fn fill_safety(&self, draft: &mut Draft) {
        let safety = &mut draft.safety;
        safety.risks = self.values("risks");
        safety.life_at_risk = self.text("life-at-risk").to_owned();
        for (at, order) in safety.orders.iter_mut().enumerate() {
            *order = self.order(&format!("orders-{at}"));
        }
        safety.good_reason = self.personal("good-reason");
    }

    fn order(&self, at: &str) -> Order {
        let kind = self.text(&format!("{at}-kind"));
        Order {
            kind: serde_json::from_value(kind.into()).ok(),
            court: self.personal(&format!("{at}-court")),
            number: self.personal(&format!("{at}-number")),
            until: self.day(&format!("{at}-until")),
            terms: self.personal(&format!("{at}-terms")),
        }
    }

    fn channel(&self, field: &str, at: &str) -> Channel {
        Channel {
            kind: self.text(field).to_owned(),
            at: self.personal(at),
            note: self.personal(&format!("{field}-note")),
        }
    }

    fn day(&self, field: &str) -> Day {
        Day {
            day: self.personal(&format!("{field}-day")),
            month: self.personal(&format!("{field}-month")),
            year: self.personal(&format!("{field}-year")),
        }
    }
}
