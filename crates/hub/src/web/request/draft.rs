//! A request while it is being filled in. Nothing of it is kept at the hub before it is submitted: between
//! two pages it travels in the form itself, sealed, so that the page's source shows no more than the page.

use casework::{
    Consent, ContactRequest, KnownOfPrisoner, Personal, ProtectedPerson, Referrer, ReferrerKind,
    RequestLimits, Risk, WrittenAddress,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::order::Order;

/// Everything typed so far, field by field, right or wrong.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Draft {
    /// Names this filling-in: the idempotency key of the submission.
    pub(super) token: String,
    pub(super) who: Who,
    pub(super) people: Vec<Person>,
    pub(super) prisoner: Prisoner,
    pub(super) safety: Safety,
}

/// Who asks.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Who {
    /// `self`, `agreed` or `not-agreed` on the public form; `given` or `absent` on an organisation's.
    pub(super) asks: String,
    pub(super) name: Personal,
    pub(super) relationship: Personal,
    pub(super) no_consent_why: Personal,
    pub(super) why: Personal,
    /// How the service may answer.
    pub(super) channel: Channel,
}

/// One protected person.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) name: Personal,
    pub(super) other_names: Personal,
    pub(super) numbers: Vec<Personal>,
    pub(super) addresses: Vec<Address>,
    pub(super) emails: Personal,
    /// How he or she may be reached in safety.
    pub(super) channel: Channel,
}

/// One address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) lines: Personal,
    pub(super) postcode: Personal,
}

/// What is known of the prisoner.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Prisoner {
    pub(super) first_name: Personal,
    pub(super) last_name: Personal,
    pub(super) other_names: Personal,
    pub(super) prison_number: Personal,
    pub(super) born: Day,
    pub(super) age: Personal,
    pub(super) prison: Personal,
    pub(super) offence: Personal,
}

/// A date in three fields.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Day {
    pub(super) day: Personal,
    pub(super) month: Personal,
    pub(super) year: Personal,
}

/// The dates of a draft, for a page that tells them in words; none where none, or no date, was typed.
#[derive(Serialize)]
pub(super) struct Dates {
    born: Option<Date>,
    /// When each order ends.
    until: Vec<Option<Date>>,
}

/// What is feared, what courts have said, who else has reason to ring.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Safety {
    /// Values of the checkboxes: `physical`, `emotional`, `coercive-or-controlling`, `economic`, `stalking`.
    pub(super) risks: Vec<String>,
    /// `yes` or `no`.
    pub(super) life_at_risk: String,
    pub(super) orders: Vec<Order>,
    pub(super) good_reason: Personal,
}

/// A change to how many people, numbers, addresses or orders there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// For another person.
    AddPerson,
    /// For this person no more.
    RemovePerson(usize),
    /// For another number of this person.
    AddNumber(usize),
    /// For another address of this person.
    AddAddress(usize),
    /// For another court order.
    AddOrder,
    /// For this order no more.
    RemoveOrder(usize),
}

impl Draft {
    /// A draft with one person who has room for one number and one address, and room for one order.
    pub(super) fn new(token: String) -> Self {
        let mut draft = Self {
            token,
            ..Self::default()
        };
        draft.change_room(Room::AddPerson);
        draft.change_room(Room::AddOrder);
        draft
    }

    /// Makes or takes away room, between one of each and the limit.
    pub(super) fn change_room(&mut self, room: Room) {
        const MOST: RequestLimits = RequestLimits::DEFAULT;
        match room {
            Room::AddPerson => add(&mut self.people, MOST.people, Person::with_room()),
            Room::RemovePerson(at) => remove(&mut self.people, at),
            Room::AddNumber(of) => {
                if let Some(person) = self.people.get_mut(of) {
                    add(&mut person.numbers, MOST.per_person, Personal::default());
                }
            }
            Room::AddAddress(of) => {
                if let Some(person) = self.people.get_mut(of) {
                    add(&mut person.addresses, MOST.per_person, Address::default());
                }
            }
            Room::AddOrder => add(&mut self.safety.orders, MOST.orders, Order::default()),
            Room::RemoveOrder(at) => remove(&mut self.safety.orders, at),
        }
    }

    /// Its dates.
    pub(super) fn dates(&self) -> Dates {
        let date = |day: &Day| day.date().ok().flatten();
        Dates {
            born: date(&self.prisoner.born),
            until: self
                .safety
                .orders
                .iter()
                .map(|order| date(&order.until))
                .collect(),
        }
    }

    /// The request that was filled in. `organisation` is the verified kind of a signed-in organisation.
    pub(super) fn to_request(&self, organisation: Option<ReferrerKind>) -> ContactRequest {
        ContactRequest {
            referrer: self.who.referrer(organisation),
            people: self.people.iter().map(Person::protected).collect(),
            prisoner: self.prisoner.known(),
            consent: self.who.consent(),
            why: self.who.why.clone(),
            risk: self.safety.risk(),
            orders: self.safety.orders.iter().filter_map(Order::made).collect(),
            good_reason: given(&self.safety.good_reason),
        }
    }
}

impl Who {
    fn referrer(&self, organisation: Option<ReferrerKind>) -> Referrer {
        let kind = organisation.unwrap_or(match self.asks.as_str() {
            "self" => ReferrerKind::ProtectedPerson,
            _ => ReferrerKind::FriendOrRelative,
        });
        Referrer {
            kind,
            name: self.name.clone(),
            relationship: given(&self.relationship),
            channel: self.channel.safe(),
        }
    }

    fn consent(&self) -> Consent {
        match self.asks.as_str() {
            "self" | "agreed" | "given" => Consent::Given,
            _ => Consent::Absent {
                reason: self.no_consent_why.clone(),
            },
        }
    }
}

impl Person {
    fn with_room() -> Self {
        Self {
            numbers: vec![Personal::default()],
            addresses: vec![Address::default()],
            ..Self::default()
        }
    }

    fn protected(&self) -> ProtectedPerson {
        ProtectedPerson {
            name: self.name.clone(),
            other_names: lines(&self.other_names),
            date_of_birth: None,
            numbers: self
                .numbers
                .iter()
                .filter(|number| !number.is_blank())
                .cloned()
                .collect(),
            addresses: self
                .addresses
                .iter()
                .filter(|a| !a.lines.is_blank())
                .map(Address::written)
                .collect(),
            emails: lines(&self.emails),
            channels: self.channel.safe().into_iter().collect(),
        }
    }
}

impl Address {
    pub(super) fn written(&self) -> WrittenAddress {
        WrittenAddress {
            lines: self.lines.clone(),
            postcode: given(&self.postcode),
        }
    }
}

impl Prisoner {
    fn known(&self) -> KnownOfPrisoner {
        KnownOfPrisoner {
            first_name: given(&self.first_name),
            last_name: given(&self.last_name),
            other_names: lines(&self.other_names),
            prison_number: given(&self.prison_number),
            date_of_birth: self.born.date().ok().flatten(),
            age_years: self.age.expose().trim().parse().ok(),
            prison: given(&self.prison),
            offence: given(&self.offence),
        }
    }
}

impl Day {
    /// The date; `None` when nothing was written, an error when it is no date.
    pub(super) fn date(&self) -> Result<Option<Date>, ()> {
        let parts = [&self.day, &self.month, &self.year].map(|part| part.expose().trim());
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let [day, month, year] = parts;
        let (day, month) = (day.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?);
        let year = year.parse().map_err(|_| ())?;
        if !(1900..=2100).contains(&year) {
            return Err(());
        }
        Date::new(year, month, day).map(Some).map_err(|_| ())
    }
}

impl Safety {
    fn risk(&self) -> Risk {
        let says = |risk: &str| self.risks.iter().any(|said| said == risk);
        Risk {
            physical: says("physical"),
            emotional: says("emotional"),
            coercive_or_controlling: says("coercive-or-controlling"),
            economic: says("economic"),
            stalking: says("stalking"),
            life_at_risk: self.life_at_risk == "yes",
        }
    }
}

/// The text, unless nothing was typed.
pub(super) fn given(text: &Personal) -> Option<Personal> {
    (!text.is_blank()).then(|| text.clone())
}

/// Several values in one box, one a line.
pub(super) fn lines(text: &Personal) -> Vec<Personal> {
    text.expose()
        .lines()
        .map(Personal::new)
        .filter(|line| !line.is_blank())
        .collect()
}

fn add<T>(list: &mut Vec<T>, limit: usize, another: T) {
    if list.len() < limit {
        list.push(another);
    }
}

/// The last one stays: the page has room for one.
fn remove<T>(list: &mut Vec<T>, at: usize) {
    if list.len() > 1 && at < list.len() {
        list.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_up_to_the_limit_and_never_less_than_for_one() {
        let limits = RequestLimits::DEFAULT;
        let mut draft = Draft::new(String::new());
        let room = |draft: &Draft| {
            let person = &draft.people[0];
            let of_person = (person.numbers.len(), person.addresses.len());
            (draft.people.len(), of_person, draft.safety.orders.len())
        };
        let add = [
            Room::AddPerson,
            Room::AddNumber(0),
            Room::AddAddress(0),
            Room::AddOrder,
        ];
        for _ in 0..=limits.people.max(limits.per_person).max(limits.orders) {
            for room in add {
                draft.change_room(room);
            }
        }
        let most = (limits.per_person, limits.per_person);
        assert_eq!(room(&draft), (limits.people, most, limits.orders));
        draft.change_room(Room::RemoveOrder(limits.orders));
        draft.change_room(Room::AddNumber(limits.people));
        assert_eq!(room(&draft), (limits.people, most, limits.orders));
        for _ in 0..=limits.people.max(limits.orders) {
            draft.change_room(Room::RemovePerson(0));
            draft.change_room(Room::RemoveOrder(0));
        }
        assert_eq!((draft.people.len(), draft.safety.orders.len()), (1, 1));
    }

    #[test]
    fn the_order_that_is_taken_out_is_the_one_that_was_named() {
        let mut draft = Draft::new(String::new());
        draft.change_room(Room::AddOrder);
        draft.safety.orders[1].court = Personal::new("Northmoor");
        draft.change_room(Room::RemoveOrder(0));
        assert_eq!(draft.safety.orders[0].court, Personal::new("Northmoor"));
    }
}
