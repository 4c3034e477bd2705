//! What is told beside a number or address before it is sent: that it cannot be read, or cannot be stopped. The
//! request can be sent all the same. It is what screening will find in the words and the public list of
//! always-allowed numbers; what else the hub knows shows in the receipt's outcome at the earliest.

use casework::Personal;
use serde::Serialize;

use super::draft::{Address, Person};
use crate::always_allowed::AlwaysAllowedNumbers;
use crate::intake::{AskWhy, read_address, read_number};

/// For each number and address of one person, in the order of the page, the code of what there is to say.
#[derive(Serialize)]
pub(super) struct Remarks {
    numbers: Vec<Option<&'static str>>,
    addresses: Vec<Option<&'static str>>,
}

impl Remarks {
    pub(super) fn of(person: &Person, always_allowed: &AlwaysAllowedNumbers) -> Self {
        let number = |number: &Personal| {
            let typed = Some(number.expose()).filter(|_| !number.is_blank());
            typed.and_then(|number| read_number(number, always_allowed).err())
        };
        let address = |address: &Address| {
            let typed = Some(address.written()).filter(|_| !address.lines.is_blank());
            typed.and_then(|address| read_address(&address).err())
        };
        let code = |why: Option<AskWhy>| why.map(AskWhy::code);
        Self {
            numbers: person.numbers.iter().map(number).map(code).collect(),
            addresses: person.addresses.iter().map(address).map(code).collect(),
        }
    }
}
