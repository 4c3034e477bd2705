//! Tokens become a [`PostalAddress`]: markings, postcode, parts of a building and numbers are taken out in that
//! order; what is left are words, and [`crate::roles`] says which part each plays.

use crate::abroad::{Abroad, country_abroad};
use crate::address::{PostalAddress, Role, Word};
use crate::postcode::Postcode;
use crate::premises::{HouseNumber, Part, is_part_label, is_scottish_label};
use crate::roles;
use crate::strip::{take_marking, take_postcode};
use crate::token::{Cut, Doubt, Token, is_ordinal, tokens};
use crate::vocabulary::{LONGEST_PHRASE, meaning, starts_phrase};

/// Reads bounded text; never fails: what cannot be read is a word.
pub(crate) fn parse(text: &str, postcode: Option<&str>) -> PostalAddress {
    let (mut address, doubt) = read(text, postcode, Cut::First);
    // Beside a house number a flat's number is no other's.
    let cut = match (doubt.labels && address.numbers.is_empty(), doubt.words) {
        (true, _) => Cut::SecondWithLabels,
        (false, true) => Cut::Second,
        (false, false) => return address,
    };
    address.otherwise = Some(Box::new(read(text, postcode, cut).0));
    address
}

fn read(text: &str, postcode: Option<&str>, cut: Cut) -> (PostalAddress, Doubt) {
    let (mut left, mut doubt) = tokens(text, cut);
    let mut address = blank();
    address.marking = take_marking(&mut left);
    let all = left.clone();
    address.postcode = take_postcode(&mut left, postcode);
    let country = country_abroad(&all).filter(|_| !address.postcode.as_ref().is_some_and(Postcode::is_sure));
    if country.is_some() {
        address.postcode = None;
        left.clone_from(&all);
    }
    if !address.postcode.as_ref().is_some_and(Postcode::is_whole) {
        address.abroad = Some(Abroad::new(&all, postcode, country));
    }
    let mut reader = Reader {
        left,
        at: 0,
        address,
        slashes: Vec::new(),
        number_before: false,
        part_before: false,
    };
    while reader.at < reader.left.len() {
        reader.step();
    }
    doubt.words |= reader.settle_slashes(cut);
    settle_numbers(&mut reader.address);
    roles::assign(&mut reader.address);
    (reader.address, doubt)
}

fn blank() -> PostalAddress {
    PostalAddress {
        words: Vec::new(),
        numbers: Vec::new(),
        part: Part::default(),
        otherwise: None,
        street: None,
        postcode: None,
        po_box: None,
        bfpo: None,
        marking: None,
        care_of: false,
        abroad: None,
    }
}

/// The most house numbers that an address has; further ones are words.
const MOST_NUMBERS: usize = 6;

struct Reader {
    left: Vec<Token>,
    at: usize,
    address: PostalAddress,
    slashes: Vec<(String, String)>,
    /// The token before was a house number.
    number_before: bool,
    /// The token before was the number of a flat or unit.
    part_before: bool,
}

impl Reader {
    fn text(&self, ahead: usize) -> Option<&str> {
        self.left.get(self.at + ahead).map(|token| token.text.as_str())
    }

    /// The next `count` tokens of one line as a phrase.
    fn phrase(&self, count: usize) -> Option<String> {
        let tokens = self.left.get(self.at..self.at + count)?;
        let line = tokens.first()?.line;
        tokens.iter().all(|token| token.line == line).then(|| {
            tokens
                .iter()
                .map(|token| token.text.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
    }

    fn step(&mut self) {
        let taken = self.special().or_else(|| self.part()).or_else(|| self.number());
        match taken {
            Some(count) => self.at += count,
            None => self.at += self.words(),
        }
    }

    /// PO box, BFPO, care of.
    fn special(&mut self) -> Option<usize> {
        for count in (1..=3).rev() {
            if self.phrase(count).is_some_and(|phrase| is_box(&phrase)) {
                let count = count + usize::from(matches!(self.text(count), Some("NO" | "NUMBER")));
                let number = self
                    .text(count)
                    .filter(|text| text.bytes().any(|b| b.is_ascii_digit()));
                let taken = count + usize::from(number.is_some());
                self.address.po_box = Some(number.unwrap_or_default().to_owned());
                return Some(taken);
            }
        }
        if self.text(0) == Some("BFPO") {
            let number = self
                .text(1)
                .filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
            let taken = 1 + usize::from(number.is_some());
            self.address.bfpo = Some(number.unwrap_or_default().to_owned());
            return Some(taken);
        }
        for (count, phrase) in [(1, "C/O"), (2, "CARE OF"), (2, "C O")] {
            if self.phrase(count).as_deref() == Some(phrase) {
                self.address.care_of = true;
                self.number_before = false;
                return Some(count);
            }
        }
        None
    }

    /// A flat, unit or floor.
    fn part(&mut self) -> Option<usize> {
        let first = self.text(0)?.to_owned();
        if is_scottish_label(&first) {
            self.set_label(&first, false);
            return Some(1);
        }
        if let Some(label) = self.scottish_apart() {
            self.set_label(&label, false);
            return Some(3);
        }
        let known = if starts_phrase(&first) {
            (1..=LONGEST_PHRASE)
                .rev()
                .find_map(|count| Some((meaning(&self.phrase(count)?).floor?, count)))
        } else {
            meaning(&first).floor.map(|floor| (floor, 1))
        };
        if let Some((floor, count)) = known {
            self.address.part.floor.get_or_insert(floor);
            // "FIRST FLOOR FLAT": the word that follows adds nothing.
            let flat = self
                .text(count)
                .is_some_and(|next| meaning(next).unit == Some("FLAT"));
            let labelled = self.text(count + 1).is_some_and(is_part_label) && self.text(count + 2).is_some();
            let alone = flat && !(labelled && self.second_number_follows(count + 1));
            return Some(count + usize::from(alone));
        }
        let unit = meaning(&first).unit?;
        let inside = self.at > 0 && self.left[self.at - 1].line == self.left[self.at].line;
        // "POST OFFICE 93", "BARBERS SHOP 12": the word belongs to a name.
        if inside && !matches!(unit, "FLAT" | "UNIT") && !self.part_before {
            return None;
        }
        let taken = match self.number_before_last_unit() {
            Some(label) => {
                self.set_label(&label, false);
                1
            }
            None => self.unit_label(1)?,
        };
        self.address.part.stands_alone = unit != "FLAT" && unit != "ROOM" && unit != "STUDIO";
        Some(taken)
    }

    /// `2 F 1`.
    fn scottish_apart(&self) -> Option<String> {
        let label = self.phrase(3)?.replace(' ', "");
        let apart = self.text(1) == Some("F") && label.len() == 3;
        Some(label).filter(|label| apart && is_scottish_label(label))
    }

    /// "RILEY WAY 2 UNIT": a unit word that ends the address takes the number before it.
    fn number_before_last_unit(&mut self) -> Option<String> {
        let ends = self.at + 1 == self.left.len() && self.number_before && self.at > 0;
        let before = self
            .left
            .get(self.at.checked_sub(1)?)
            .filter(|_| ends)?
            .text
            .clone();
        HouseNumber::parse(&before)?;
        self.address.numbers.pop();
        Some(before)
    }

    /// After `FLAT` at `ahead - 1`: takes its label if one follows.
    fn unit_label(&mut self, ahead: usize) -> Option<usize> {
        let ahead = ahead + usize::from(matches!(self.text(ahead), Some("NO" | "NUMBER" | "NUM")));
        let next = self.text(ahead)?.to_owned();
        if let Some(number) = meaning(&next).number {
            self.set_label(&number.to_string(), false);
            return Some(ahead + 1);
        }
        if is_part_label(&next) && !next.contains('/') {
            self.set_label(&next, false);
            return Some(ahead + 1);
        }
        if next.contains('/') && HouseNumber::parse(next.split('/').next()?).is_some() {
            self.set_label(&next, false);
            return Some(ahead + 1);
        }
        // "FLAT GROUND FLOOR": the floor is the label. Otherwise the word is part of a name.
        (meaning(self.text(0)?).unit == Some("FLAT")).then_some(1)
    }

    fn second_number_follows(&self, ahead: usize) -> bool {
        let next = self.text(ahead + 1);
        next.is_some_and(|text| HouseNumber::parse(text).is_some())
            || self
                .text(ahead)
                .is_some_and(|text| text.bytes().all(|b| b.is_ascii_alphabetic()))
    }

    /// Two labels ("UNIT 5 ... FLAT 2"): both count, in the order written.
    fn set_label(&mut self, label: &str, implied: bool) {
        let label = Part::labelled(&read_label(label), implied).label;
        let part = &mut self.address.part;
        match (&mut part.label, label) {
            (Some(held), Some(new)) if *held != new => {
                held.push(' ');
                held.push_str(&new);
            }
            (_, new) => part.label = new,
        }
        part.implied = implied;
        self.number_before = false;
        self.part_before = true;
    }

    /// A house number, a range, `4/10A`, or a number in words.
    fn number(&mut self) -> Option<usize> {
        let first = self.text(0)?.to_owned();
        if let Some((left, right)) = first.split_once('/') {
            self.slashes.push((left.to_owned(), right.to_owned()));
            self.number_before = true;
            return Some(1);
        }
        let mut number = HouseNumber::parse(&first).filter(|_| !is_ordinal(&first))?;
        if self.address.numbers.len() >= MOST_NUMBERS {
            return None;
        }
        if self.alone_before_number(&first) {
            self.set_label(&first, false);
            return Some(1);
        }
        let mut taken = 1;
        // "21 A HIGH STREET".
        if number.suffix.is_none()
            && number.first == number.last
            && let Some([letter @ b'A'..=b'H']) = self.text(1).map(str::as_bytes)
            && self.left[self.at].line == self.left[self.at + 1].line
            && self.text(2).is_some_and(|next| !starts_with_digit(next))
        {
            number.suffix = Some(char::from(*letter));
            taken = 2;
        }
        if let Some(half) = self.half(taken) {
            number.suffix = Some('H');
            taken += half;
        }
        self.address.numbers.push(number);
        self.number_before = true;
        Some(taken)
    }

    /// `3R, 14 HIGH STREET`: a line of its own, and the next one starts with another number.
    fn alone_before_number(&self, first: &str) -> bool {
        let line = self.left[self.at].line;
        let starts = self.at == 0 || self.left[self.at - 1].line != line;
        let next = self.left.get(self.at + 1).filter(|next| next.line != line);
        let other = next.is_some_and(|next| next.text != first && HouseNumber::parse(&next.text).is_some());
        starts && other && self.address.numbers.is_empty() && self.address.part.label.is_none()
    }

    fn half(&self, ahead: usize) -> Option<usize> {
        let words = [self.text(ahead)?, self.text(ahead + 1)?, self.text(ahead + 2)?];
        (words == ["AND", "A", "HALF"]).then_some(3)
    }

    /// One word, or a phrase of the vocabulary in its canonical form. Says how many tokens it took.
    fn words(&mut self) -> usize {
        let token = self.left[self.at].clone();
        if starts_phrase(&token.text) {
            for count in (2..=LONGEST_PHRASE).rev() {
                let Some(phrase) = self.phrase(count) else {
                    continue;
                };
                let known = meaning(&phrase);
                let role = if known.county.is_some() {
                    Role::County
                } else {
                    Role::Name
                };
                if known.household {
                    phrase
                        .split(' ')
                        .for_each(|word| self.push(word, token.line, Role::Addressee));
                    return count;
                }
                if let Some(means) = known.county.or(known.place).or(known.word) {
                    means
                        .split(' ')
                        .for_each(|word| self.push(word, token.line, role));
                    return count;
                }
                if known.abroad {
                    self.push(&phrase.replace(' ', ""), token.line, Role::County);
                    return count;
                }
            }
        }
        self.word(&token);
        1
    }

    fn word(&mut self, token: &Token) {
        let known = meaning(&token.text);
        if let Some(number) = known.number
            && self.text(1).is_some()
        {
            self.number_in_words(number);
        }
        // "AVON DRIVE", "12 CLEVELAND STREET": a street, not a county.
        let street = self.number_before
            || self
                .text(1)
                .is_some_and(|next| meaning(next).thoroughfare.is_some());
        let role = match () {
            () if known.county.is_some() && !street => Role::County,
            () if known.article => Role::Article,
            () if known.household => Role::Addressee,
            () => Role::Name,
        };
        let county = known.county.filter(|_| !street);
        let text = county.or(known.place).or(known.word).unwrap_or(&token.text);
        self.push(text, token.line, role);
    }

    /// `TWENTY` `ONE` and `ONE` `HUNDRED` are one number; the word itself stays, as it may be part of a name.
    fn number_in_words(&mut self, number: u32) {
        match self.address.numbers.last_mut() {
            Some(last) if last.in_words && self.number_before && last.first < 10 && number == 100 => {
                *last = HouseNumber::in_words(last.first * number);
            }
            Some(last) if last.in_words && self.number_before && adds_up(last.first, number) => {
                *last = HouseNumber::in_words(last.first + number);
            }
            _ => self.address.numbers.push(HouseNumber::in_words(number)),
        }
    }

    fn push(&mut self, text: &str, line: u8, role: Role) {
        let known = meaning(text);
        let canonical = if text == "ST" {
            None
        } else {
            known.thoroughfare.or(known.building)
        };
        let key = crate::alike::collapsed(canonical.unwrap_or(text));
        let in_words = meaning(text).number.is_some();
        let article = role == Role::Article;
        let (after_number, after_part) = (self.number_before && !article, self.part_before && !article);
        self.address.words.push(Word {
            text: text.to_owned(),
            key,
            role,
            line,
            after_number,
            after_part,
        });
        self.number_before = in_words || (self.number_before && article);
        self.part_before = self.part_before && article;
    }

    /// `2/14` alone is flat 2 at 14 (or, in Edinburgh, flat 14 at 2); beside a number it is a flat (`2/1, 14 High St`).
    /// Says whether there are two ways.
    fn settle_slashes(&mut self, cut: Cut) -> bool {
        let mut doubtful = false;
        for (left, right) in std::mem::take(&mut self.slashes) {
            let digits = self.address.numbers.iter().any(|number| !number.in_words);
            match (HouseNumber::parse(&left), HouseNumber::parse(&right)) {
                _ if digits => self.set_label(&format!("{left}/{right}"), false),
                (Some(first), Some(second)) => {
                    doubtful = true;
                    let (flat, number) = match cut {
                        Cut::First => (left, second),
                        Cut::Second | Cut::SecondWithLabels => (right, first),
                    };
                    self.address.numbers.push(number);
                    self.set_label(&flat, true);
                }
                (None, Some(number)) => {
                    self.address.numbers.push(number);
                    self.set_label(&left, true);
                }
                (Some(number), None) => {
                    self.address.numbers.push(number);
                    self.set_label(&right, true);
                }
                (None, None) => {}
            }
        }
        doubtful
    }
}

/// Doubled numbers count once; numbers in words step back when there are digits; `21A` implies part A (`74B-76` does not).
fn settle_numbers(address: &mut PostalAddress) {
    let digits = address.numbers.iter().any(|number| !number.in_words);
    if digits {
        address.numbers.retain(|number| !number.in_words);
    }
    let mut kept: Vec<HouseNumber> = Vec::with_capacity(address.numbers.len());
    for number in address.numbers.drain(..) {
        match kept.iter_mut().find(|held| held.same_number(&number)) {
            Some(held) => held.suffix = held.suffix.or(number.suffix),
            None => kept.push(number),
        }
    }
    address.numbers = kept;
    if address.part.label.is_none()
        && let Some(letter) = address.numbers.iter().find_map(HouseNumber::letter)
    {
        address.part.label = Some(letter.to_string());
        address.part.implied = true;
    }
}

/// `PO BOX`, `P O BOX`, `P0B0X`, `POST OFFICE BOX`.
fn is_box(phrase: &str) -> bool {
    phrase == "POST OFFICE BOX" || crate::alike::collapsed(phrase) == "POBOX"
}

/// `TWENTY` `ONE`, `ONE HUNDRED` `AND` `TWELVE`.
fn adds_up(held: u32, number: u32) -> bool {
    (held.is_multiple_of(100) && number < 100) || (held.is_multiple_of(10) && number < 10)
}

/// A label's scanner noise put right: `1S` is 15, `IO` stays.
fn read_label(label: &str) -> String {
    match HouseNumber::parse(label) {
        Some(number)
            if number.first == number.last && number.suffix.is_none() && !label.contains(['/', '-']) =>
        {
            number.first.to_string()
        }
        _ => label.to_owned(),
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
