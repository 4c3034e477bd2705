//! Prison and PNC numbers: one way of writing each, and all that are one slip away.

use prison::PrisonerNumber;

/// A Police National Computer number: `2012/394773H`, also written `12/394773H` or with leading zeros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pnc {
    year: u16,
    serial: u32,
    check: u8,
}

impl Pnc {
    /// Reads any of the ways of writing one; two-digit years from 39 on are of the twentieth century.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|ch| !ch.is_whitespace()).collect();
        let (year, rest) = text.split_once('/')?;
        let (serial, check) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
        let digits =
            |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let check = check.bytes().next()?.to_ascii_uppercase();
        if !matches!(year.len(), 2 | 4)
            || !digits(year, 4)
            || !digits(serial, 7)
            || !check.is_ascii_uppercase()
        {
            return None;
        }
        let year = match (year.len(), year.parse().ok()?) {
            (2, year @ 39..) => 1900 + year,
            (2, year) => 2000 + year,
            (_, year) => year,
        };
        Some(Self {
            year,
            serial: serial.parse().ok()?,
            check,
        })
    }

    /// All numbers with one character of this one changed, or two neighbours exchanged.
    pub(crate) fn one_edit_away(self) -> Vec<Self> {
        let text = format!("{:04}/{:07}{}", self.year, self.serial, char::from(self.check));
        changed(text.as_bytes(), &mut Self::parse)
    }
}

/// A prison number as a referrer wrote it, if it is near enough to one to be compared.
pub(crate) fn tidy_prison_number(text: &str) -> Option<String> {
    let tidy: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(9)
        .map(|ch| ch.to_ascii_uppercase())
        .collect();
    (6..=8).contains(&tidy.len()).then_some(tidy)
}

/// All well-formed prison numbers one character away from what was written: changed, missing, added or exchanged.
pub(crate) fn prison_numbers_one_edit_away(tidy: &str) -> Vec<PrisonerNumber> {
    let mut parse = |text: &str| text.parse().ok();
    let bytes = tidy.as_bytes();
    match bytes.len() {
        6 => (0..=6).flat_map(|at| inserted(bytes, at, &mut parse)).collect(),
        7 => changed(bytes, &mut parse),
        _ => (0..bytes.len())
            .filter_map(|at| removed(bytes, at, &mut parse))
            .collect(),
    }
}

fn changed<T>(bytes: &[u8], parse: &mut dyn FnMut(&str) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    let mut try_one = |bytes: &[u8]| found.extend(std::str::from_utf8(bytes).ok().and_then(&mut *parse));
    for at in 0..bytes.len() {
        let mut other = bytes.to_vec();
        for symbol in symbols().filter(|symbol| *symbol != bytes[at]) {
            other[at] = symbol;
            try_one(&other);
        }
        if at + 1 < bytes.len() && bytes[at] != bytes[at + 1] {
            let mut other = bytes.to_vec();
            other.swap(at, at + 1);
            try_one(&other);
        }
    }
    found
}

fn inserted<T>(bytes: &[u8], at: usize, parse: &mut dyn FnMut(&str) -> Option<T>) -> Vec<T> {
    let mut other = bytes.to_vec();
    other.insert(at, b'0');
    let mut try_one = |symbol| {
        other[at] = symbol;
        std::str::from_utf8(&other).ok().and_then(&mut *parse)
    };
    symbols().filter_map(&mut try_one).collect()
}

fn removed<T>(bytes: &[u8], at: usize, parse: &mut dyn FnMut(&str) -> Option<T>) -> Option<T> {
    let mut other = bytes.to_vec();
    other.remove(at);
    std::str::from_utf8(&other).ok().and_then(parse)
}

fn symbols() -> impl Iterator<Item = u8> {
    (b'0'..=b'9').chain(b'A'..=b'Z')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pnc_number_is_the_same_in_every_way_of_writing_it() {
        let one = Pnc::parse("2012/394773H").unwrap();
        for same in ["12/394773H", "2012/0394773h", " 12 / 394773H"] {
            assert!(Pnc::parse(same) == Some(one), "{same}");
        }
        assert_eq!(Pnc::parse("39/1A").unwrap().year, 1939);
        assert_eq!(Pnc::parse("38/1A").unwrap().year, 2038);
        for wrong in [
            "",
            "/",
            "2012",
            "2012/",
            "12/H",
            "112/1A",
            "12/12345678A",
            "12/123é",
            "1x/123A",
        ] {
            assert!(Pnc::parse(wrong).is_none(), "{wrong}");
        }
        assert!(one.one_edit_away().contains(&Pnc::parse("2012/394778H").unwrap()));
    }

    #[test]
    fn a_prison_number_with_a_slip_leads_to_the_right_one() {
        let right: PrisonerNumber = "A1234BC".parse().unwrap();
        for written in [
            "A1235BC", "A1243BC", "a 1234 b", "A12334BC", "A1Z34BC", "4A1234BC",
        ] {
            let tidy = tidy_prison_number(written).unwrap();
            assert!(prison_numbers_one_edit_away(&tidy).contains(&right), "{written}");
        }
        assert!(tidy_prison_number("A12").is_none());
        assert!(tidy_prison_number("A1234BCDE").is_none());
    }
}
