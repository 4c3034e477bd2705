//! What stands in the cells of a list that people keep by hand: several numbers in one, a number among words, one that
//! a spreadsheet took the 0 from; days in several forms. A number that cannot be told for certain is kept as it is
//! written, and does not resolve; nothing is passed over.

use casework::{Personal, RequestLimits};
use jiff::civil::Date;
use phone::AreaCode;

use super::Gap;

/// Digits that a number has at least, to be told from a house number or a year among words.
const LEAST_DIGITS: usize = 5;

/// The numbers of a cell, each as it is to be resolved, and what was found wanting. A number that does not resolve is
/// among them as it was written.
pub(super) fn numbers(cell: &str, area: Option<AreaCode>) -> (Vec<Personal>, Vec<Gap>) {
    let cell = plain(cell);
    let (mut numbers, mut gaps) = (Vec::new(), Vec::new());
    for piece in pieces(&cell) {
        let (found, mended) = number(piece, area);
        gaps.extend(mended.then_some(Gap::Mended));
        numbers.extend(found);
    }
    let limits = RequestLimits::DEFAULT;
    if numbers.len() > limits.per_person {
        numbers.truncate(limits.per_person);
        gaps.push(Gap::TooMany);
    }
    (
        numbers
            .iter()
            .map(|number| cut(number, limits.line_chars, &mut gaps))
            .collect(),
        gaps,
    )
}

/// A text within its limit.
pub(super) fn cut(text: &str, most: usize, gaps: &mut Vec<Gap>) -> Personal {
    let kept: String = text.trim().chars().take(most).collect();
    if kept.len() < text.trim().len() {
        gaps.push(Gap::Cut);
    }
    Personal::new(&kept)
}

/// A day as `2026-11-01`, `01/11/2026`, `1.11.2026` or `1 Nov 2026`; words without a digit ("until further notice") are
/// no day and nothing wanting.
pub(super) fn day(cell: &str) -> Result<Option<Date>, Gap> {
    let cell = cell.trim();
    if !cell.chars().any(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    // A spreadsheet may add the time of day.
    let date = cell.split([' ', 'T']).next().unwrap_or_default();
    if let Ok(date) = date.parse::<Date>() {
        return Ok(Some(date));
    }
    let parts: Vec<&str> = cell
        .split(['/', '.', '-', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let [day, month, year, ..] = parts[..] else {
        return Err(Gap::NotADate);
    };
    let year = year.parse::<i16>().map_err(|_| Gap::NotADate)?;
    let year = if year < 100 { year + 2000 } else { year };
    let month = month_of(month).ok_or(Gap::NotADate)?;
    let day = day.parse().map_err(|_| Gap::NotADate)?;
    Date::new(year, month, day).map(Some).map_err(|_| Gap::NotADate)
}

/// Given name and surname of "Surname, Given", "Given Surname" or a surname alone.
pub(super) fn name(written: &str) -> (&str, &str) {
    let written = written.trim();
    match (written.split_once(','), written.rsplit_once(char::is_whitespace)) {
        (Some((last, first)), _) => (first.trim(), last.trim()),
        (None, Some((first, last))) => (first.trim(), last.trim()),
        (None, None) => ("", written),
    }
}

/// White space and dashes of every kind in their plain form.
pub(super) fn plain(cell: &str) -> String {
    let one = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\n' | '\r' => '\n',
        c if c.is_whitespace() => ' ',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => ' ',
        c => c,
    };
    cell.trim().chars().map(one).collect::<String>().trim().to_owned()
}

/// The parts of a cell between separators. A cell without a digit is one part: whatever it says, it is no number.
fn pieces(cell: &str) -> Vec<&str> {
    let digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    if cell.is_empty() {
        return Vec::new();
    }
    if !digit(cell) {
        return vec![cell];
    }
    let parts = cell.split([';', ',', '/', '|', '\n']).map(str::trim);
    parts.filter(|part| digit(part)).collect()
}

/// The numbers of one part, and whether they stand there otherwise than they are given.
fn number(part: &str, area: Option<AreaCode>) -> (Vec<String>, bool) {
    if let Some((number, mended)) = one(part, area) {
        return (vec![number], mended);
    }
    let runs = runs(part);
    let among: Vec<_> = runs.iter().map(|run| (run, one(run, area))).collect();
    if among.iter().all(|(_, found)| found.is_none()) {
        return (vec![part.to_owned()], false);
    }
    // One that does not resolve stays as it is written, so that it is told.
    let numbers = among.into_iter().map(|(run, found)| match found {
        Some((number, _)) => number,
        None => (*run).to_owned(),
    });
    (numbers.collect(), true)
}

/// The one number that a text is, and whether it had lost its 0. A number without an area code is read with the
/// prison's own, as its telephones would.
fn one(text: &str, area: Option<AreaCode>) -> Option<(String, bool)> {
    let resolves = |text: &str| phone::resolve(text, None).is_ok();
    if let Some(whole) = with_its_zero(text).filter(|whole| resolves(whole)) {
        return Some((whole, true));
    }
    if resolves(text) {
        return Some((text.to_owned(), false));
    }
    let local = phone::resolve(text, area).ok()?;
    Some((local.number.expose().to_owned(), false))
}

/// A spreadsheet that takes a number for a quantity drops its first 0.
fn with_its_zero(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let alone = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
    (alone && digits.len() == 10 && !digits.starts_with('0')).then(|| format!("0{digits}"))
}

/// Digits that stand together among words.
fn runs(part: &str) -> Vec<&str> {
    let among = |c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')'));
    let digits = |run: &str| run.chars().filter(char::is_ascii_digit).count();
    let runs = part
        .split(among)
        .map(|run| run.trim_matches([' ', '-', '(', ')']));
    runs.filter(|run| digits(run) >= LEAST_DIGITS).collect()
}

fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    if let Ok(month) = word.parse() {
        return Some(month);
    }
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|month| word.starts_with(month))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> (Vec<String>, Vec<Gap>) {
        let area = super::super::super::read::area_of("LEI".parse().unwrap());
        let (numbers, gaps) = numbers(cell, area);
        (numbers.iter().map(|n| n.expose().to_owned()).collect(), gaps)
    }

    #[test]
    fn the_numbers_of_a_cell_are_read_as_people_write_them() {
        let table: [(&str, &[&str], &[Gap]); 13] = [
            ("07700 900123", &["07700 900123"], &[]),
            (
                "07700 900123 / 01632 960001",
                &["07700 900123", "01632 960001"],
                &[],
            ),
            ("07700900123;07700900124", &["07700900123", "07700900124"], &[]),
            ("7700900123", &["07700900123"], &[Gap::Mended]),
            ("1632 960001", &["01632960001"], &[Gap::Mended]),
            ("mum 07700 900123 (new)", &["07700 900123"], &[Gap::Mended]),
            (
                "07700 900123 and 07700 900124",
                &["07700 900123", "07700 900124"],
                &[Gap::Mended],
            ),
            ("07700\u{a0}900\u{2011}123", &["07700 900-123"], &[]),
            (
                "07700 900123 or 07700 9001",
                &["07700 900123", "07700 9001"],
                &[Gap::Mended],
            ),
            ("ex-directory", &["ex-directory"], &[]),
            ("7.7009E+09", &["7.7009E+09"], &[]),
            ("07700 900", &["07700 900"], &[]),
            ("", &[], &[]),
        ];
        for (cell, numbers, gaps) in table {
            let (read, found) = read(cell);
            assert_eq!(
                (read, found),
                (numbers.iter().map(|n| (*n).to_owned()).collect(), gaps.to_vec()),
                "{cell}"
            );
        }
    }

    #[test]
    fn numbers_are_taken_at_the_limit_of_a_person_and_one_past_it_is_told() {
        let cell = |n: usize| {
            (0..n)
                .map(|n| format!("07700 900{n:03}"))
                .collect::<Vec<_>>()
                .join(";")
        };
        let most = RequestLimits::DEFAULT.per_person;
        assert_eq!(read(&cell(most)).1, []);
        let (numbers, gaps) = read(&cell(most + 1));
        assert_eq!((numbers.len(), gaps), (most, vec![Gap::TooMany]));
    }

    #[test]
    fn days_are_read_in_the_forms_that_lists_have() {
        let first = Ok(Some(jiff::civil::date(2026, 11, 1)));
        for cell in [
            "2026-11-01",
            "01/11/2026",
            "1.11.26",
            "1 Nov 2026",
            "01-11-2026",
            "2026-11-01 00:00:00",
        ] {
            assert_eq!(day(cell), first, "{cell}");
        }
        assert_eq!(day("until further notice"), Ok(None));
        assert_eq!(day("32/11/2026"), Err(Gap::NotADate));
        assert_eq!(day("week 7"), Err(Gap::NotADate));
    }

    #[test]
    fn a_name_is_taken_apart() {
        assert_eq!(name("INVENTED, Ivan"), ("Ivan", "INVENTED"));
        assert_eq!(name("Ivan van Invented"), ("Ivan van", "Invented"));
        assert_eq!(name("Invented"), ("", "Invented"));
        assert_eq!(name(" "), ("", ""));
    }
}
