//! Records as they came, packed into one run of bytes: a million of them in a tenth of the memory that they take as
//! values. Nothing is read from here while records are weighed; what is shown and what explains is.
//!
//! In: [`PrisonerRecord`]s. Out: the same, by their place. The bytes never leave the process.

use prison::{PrisonId, PrisonerNumber};

use crate::{Alias, BirthDate, PrisonerRecord, Status};

/// Records in the order in which they were put.
#[derive(Default)]
pub(crate) struct Shelf {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Shelf {
    /// Puts one more record behind the others.
    pub(crate) fn put(&mut self, record: &PrisonerRecord) {
        self.starts.push(self.bytes.len());
        let out = &mut self.bytes;
        out.extend_from_slice(record.prisoner_number.as_str().as_bytes());
        for place in [record.prison_id, record.last_prison_id] {
            out.extend_from_slice(place.as_ref().map_or("   ", PrisonId::as_str).as_bytes());
        }
        put_date(out, record.date_of_birth);
        let optional = [
            &record.pnc_number,
            &record.cro_number,
            &record.middle_names,
            &record.gender,
            &record.cell_location,
            &record.most_serious_offence,
            &record.legal_status,
        ];
        optional
            .into_iter()
            .for_each(|text| put_text(out, text.as_deref()));
        for text in [&record.first_name, &record.last_name, record.status.as_str()] {
            put_text(out, Some(text));
        }
        put_number(out, record.aliases.len());
        for alias in &record.aliases {
            put_text(out, Some(&alias.first_name));
            put_text(out, Some(&alias.last_name));
            put_date(out, alias.date_of_birth);
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The record at a place; nothing where there is none.
    pub(crate) fn take_down(&self, at: usize) -> Option<PrisonerRecord> {
        let mut from = Reader(self.bytes.get(*self.starts.get(at)?..)?);
        let number: PrisonerNumber = from.ascii(7)?.parse().ok()?;
        let mut record = PrisonerRecord::new(number, "", "");
        record.prison_id = from.ascii(3)?.parse().ok();
        record.last_prison_id = from.ascii(3)?.parse().ok();
        record.date_of_birth = from.date()?;
        record.pnc_number = from.text()?;
        record.cro_number = from.text()?;
        record.middle_names = from.text()?;
        record.gender = from.text()?;
        record.cell_location = from.text()?;
        record.most_serious_offence = from.text()?;
        record.legal_status = from.text()?;
        record.first_name = from.text()?.unwrap_or_default();
        record.last_name = from.text()?.unwrap_or_default();
        record.status = Status::new(from.text()?.unwrap_or_default());
        record.aliases = (0..from.number()?).map(|_| from.alias()).collect::<Option<_>>()?;
        Some(record)
    }

    /// Keeps the places for which `stands` says so.
    pub(crate) fn keep(&mut self, stands: impl Fn(usize) -> bool) {
        let mut at = 0;
        self.starts.retain(|_| {
            at += 1;
            stands(at - 1)
        });
    }

    /// Gives back the room that nothing more will need.
    pub(crate) fn settle(&mut self) {
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7F {
        out.push(0x80 | (number & 0x7F) as u8);
        number >>= 7;
    }
    out.push(number as u8);
}

/// One more than the length in bytes, then the text; zero stands for none.
fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    put_number(out, text.map_or(0, |text| text.len() + 1));
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

fn put_date(out: &mut Vec<u8>, date: Option<BirthDate>) {
    let (year, month, day) = date.map_or((0, 0, 0), |date| (date.year(), date.month(), date.day()));
    out.extend_from_slice(&year.to_le_bytes());
    out.extend_from_slice(&[month, day]);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn ascii(&mut self, count: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(count)?).ok()
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.bytes(1)?[0];
            number |= usize::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn text(&mut self) -> Option<Option<String>> {
        match self.number()? {
            0 => Some(None),
            longer => Some(Some(self.ascii(longer - 1)?.to_owned())),
        }
    }

    fn date(&mut self) -> Option<Option<BirthDate>> {
        let bytes = self.bytes(4)?;
        Some(BirthDate::new(u16::from_le_bytes([bytes[0], bytes[1]]), bytes[2], bytes[3]).ok())
    }

    fn alias(&mut self) -> Option<Alias> {
        Some(Alias {
            first_name: self.text()?.unwrap_or_default(),
            last_name: self.text()?.unwrap_or_default(),
            date_of_birth: self.date()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn record()(
            number in "[A-Z][0-9]{4}[A-Z]{2}",
            texts in prop::array::uniform10(any::<String>()),
            given in prop::array::uniform4(any::<bool>()),
            aliases in prop::collection::vec((any::<String>(), any::<String>(), any::<bool>()), 0..4),
        ) -> PrisonerRecord {
            let [pnc, cro, first, middle, last, gender, status, cell, offence, legal] = texts;
            let date = |is: bool| is.then(|| "1984-02-29".parse().unwrap());
            let mut record = PrisonerRecord::new(number.parse().unwrap(), &first, &last);
            record.pnc_number = given[0].then_some(pnc);
            record.cro_number = given[1].then_some(cro);
            record.middle_names = given[2].then_some(middle);
            record.gender = given[3].then_some(gender);
            record.cell_location = given[0].then_some(cell);
            record.most_serious_offence = given[2].then_some(offence);
            record.legal_status = given[1].then_some(legal);
            record.status = Status::new(status);
            record.prison_id = given[1].then(|| "LEI".parse().unwrap());
            record.last_prison_id = given[2].then(|| "OUT".parse().unwrap());
            record.date_of_birth = date(given[3]);
            record.aliases = aliases
                .into_iter()
                .map(|(first_name, last_name, dated)| Alias { first_name, last_name, date_of_birth: date(dated) })
                .collect();
            record
        }
    }

    proptest! {
        #[test]
        fn a_record_is_taken_down_as_it_was_put(records in prop::collection::vec(record(), 0..5)) {
            let mut shelf = Shelf::default();
            records.iter().for_each(|record| shelf.put(record));
            prop_assert_eq!(shelf.len(), records.len());
            for (at, record) in records.iter().enumerate() {
                prop_assert!(shelf.take_down(at).as_ref() == Some(record));
            }
            prop_assert!(shelf.take_down(records.len()).is_none());
        }
    }
}
