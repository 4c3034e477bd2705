//! What referrers write of an invented prisoner, each class with its own kind of error.

use offender::{BirthDate, Known, PrisonerRecord};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::people::People;

/// Each kind of query, and whether it counts among those that must be found nearly always.
pub(crate) const CLASSES: [(&str, bool); 18] = [
    ("exact", true),
    ("typo_surname", true),
    ("typo_both", true),
    ("phonetic_surname", true),
    ("nickname", true),
    ("swapped", true),
    ("hyphen", true),
    ("translit", true),
    ("dob_dm_swap", true),
    ("dob_year_pm1", true),
    ("dob_digit", true),
    ("age_only_pm2", false),
    ("age_only_prison", false),
    ("alias_only", true),
    ("nick+typo+age", true),
    ("surname_only_dob", true),
    ("number_typo", true),
    ("mixed", false),
];

/// Spellings of one name in other scripts and countries.
const SPELLINGS: [&[&str]; 14] = [
    &["Mohammed", "Muhammad", "Mohammad", "Mohamed", "Muhammed"],
    &["Ahmed", "Ahmad", "Ahmet"],
    &["Hussain", "Hussein", "Husain"],
    &["Steven", "Stephen"],
    &["Geoffrey", "Jeffrey"],
    &["Graham", "Graeme"],
    &["Allen", "Alan", "Allan"],
    &["Smith", "Smyth"],
    &["Philip", "Phillip"],
    &["Yusuf", "Yousef", "Youssef"],
    &["Ibrahim", "Ebrahim"],
    &["Clark", "Clarke"],
    &["Reid", "Read", "Reed"],
    &["Davies", "Davis"],
];
/// Letters that are written for one another by ear.
const BY_EAR: [(&str, &str); 16] = [
    ("ph", "f"),
    ("ck", "k"),
    ("er", "ar"),
    ("ey", "y"),
    ("ll", "l"),
    ("tt", "t"),
    ("nn", "n"),
    ("ss", "s"),
    ("ie", "y"),
    ("ee", "ea"),
    ("ou", "oo"),
    ("c", "k"),
    ("s", "z"),
    ("i", "y"),
    ("on", "an"),
    ("e", ""),
];

/// What is written of a prisoner; nothing where his record has no place for the error.
pub(crate) fn asked(
    class: &str,
    record: &PrisonerRecord,
    people: &People,
    random: &mut StdRng,
) -> Option<Known> {
    let mut known = Known {
        first_name: Some(record.first_name.clone()),
        last_name: Some(record.last_name.clone()),
        date_of_birth: record.date_of_birth,
        ..Known::default()
    };
    let born = record.date_of_birth?;
    match class {
        "typo_surname" => known.last_name = Some(slip(&record.last_name, random)?),
        "typo_both" => {
            known.first_name = Some(slip(&record.first_name, random)?);
            known.last_name = Some(slip(&record.last_name, random)?);
        }
        "phonetic_surname" => known.last_name = Some(by_ear(&record.last_name, random)?),
        "nickname" => known.first_name = Some(people.nickname(&record.first_name, random)?),
        "swapped" => std::mem::swap(&mut known.first_name, &mut known.last_name),
        "hyphen" => {
            let (one, other) = record.last_name.split_once('-')?;
            known.last_name = Some(match random.random_range(0..3) {
                0 => one.to_owned(),
                1 => other.to_owned(),
                _ => format!("{other} {one}"),
            });
        }
        "translit" => respell(&mut known, record, random)?,
        "dob_dm_swap" => known.date_of_birth = Some(exchanged(born)?),
        "dob_year_pm1" => known.date_of_birth = Some(a_year_off(born, random)?),
        "dob_digit" => known.date_of_birth = Some(a_digit_wrong(born, random)?),
        "age_only_pm2" => by_age(&mut known, born, 2),
        "age_only_prison" => {
            by_age(&mut known, born, 2);
            known.prison_id = Some(held(record)?);
        }
        "alias_only" => {
            let alias = record
                .aliases
                .iter()
                .find(|alias| alias.last_name != record.last_name)?;
            known.first_name = Some(alias.first_name.clone());
            known.last_name = Some(alias.last_name.clone());
        }
        "nick+typo+age" => {
            known.first_name = Some(people.nickname(&record.first_name, random)?);
            known.last_name = Some(slip(&record.last_name, random)?);
            by_age(&mut known, born, 3);
            known.prison_id = Some(held(record)?);
        }
        "surname_only_dob" => known.first_name = None,
        "number_typo" => {
            known.date_of_birth = None;
            known.prisoner_number = Some(wrong_number(record, random));
        }
        "mixed" => mix(&mut known, record, born, people, random),
        _ => {}
    }
    Some(known)
}

/// Errors as often as they come: a name in two is right, a date in three is not, one in six knows the age alone.
fn mix(known: &mut Known, record: &PrisonerRecord, born: BirthDate, people: &People, random: &mut StdRng) {
    if random.random_bool(0.32) {
        let short = people
            .nickname(&record.first_name, random)
            .filter(|_| random.random_bool(0.6));
        known.first_name = short
            .or_else(|| slip(&record.first_name, random))
            .or(known.first_name.take());
    }
    if random.random_bool(0.27) {
        let heard = by_ear(&record.last_name, random).filter(|_| random.random_bool(0.3));
        known.last_name = heard
            .or_else(|| slip(&record.last_name, random))
            .or(known.last_name.take());
    }
    if random.random_bool(0.02) {
        std::mem::swap(&mut known.first_name, &mut known.last_name);
    }
    if random.random_bool(0.17) {
        by_age(known, born, 3);
    } else if random.random_bool(0.33) {
        let wrong = match random.random_range(0..33) {
            0..10 => a_year_off(born, random),
            10..16 => exchanged(born),
            _ => a_digit_wrong(born, random),
        };
        known.date_of_birth = wrong.or(known.date_of_birth);
    }
    if random.random_bool(0.6) {
        known.prison_id = held(record);
    }
}

fn by_age(known: &mut Known, born: BirthDate, years: u16) {
    known.date_of_birth = None;
    (known.birth_year_from, known.birth_year_to) = (Some(born.year() - years), Some(born.year() + years));
}

fn held(record: &PrisonerRecord) -> Option<prison::PrisonId> {
    record.prison_id.filter(prison::PrisonId::is_establishment)
}

fn respell(known: &mut Known, record: &PrisonerRecord, random: &mut StdRng) -> Option<()> {
    let mut other = |name: &str| {
        let spellings = SPELLINGS.iter().find(|spellings| spellings.contains(&name))?;
        let others: Vec<&&str> = spellings.iter().filter(|other| **other != name).collect();
        Some((*others[random.random_range(0..others.len())]).to_owned())
    };
    let (first, last) = (other(&record.first_name), other(&record.last_name));
    if first.is_none() && last.is_none() {
        return None;
    }
    known.first_name = first.or(known.first_name.take());
    known.last_name = last.or(known.last_name.take());
    Some(())
}

/// One letter wrong, missing, added or exchanged with its neighbour.
pub(crate) fn slip(name: &str, random: &mut StdRng) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = random.random_range(0..letters.len().max(1));
    let letter = char::from(random.random_range(b'a'..=b'z'));
    match random.random_range(0..4) {
        0 => *letters.get_mut(at)? = letter,
        1 if letters.len() > 2 => drop(letters.remove(at)),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters.insert(at, letter),
    }
    let written: String = letters.into_iter().collect();
    (written.to_lowercase() != name.to_lowercase()).then_some(written)
}

fn by_ear(name: &str, random: &mut StdRng) -> Option<String> {
    let (first, rest) = name.split_at_checked(1)?;
    let fitting: Vec<&(&str, &str)> = BY_EAR.iter().filter(|(sound, _)| rest.contains(sound)).collect();
    let (from, to) = fitting.get(random.random_range(0..fitting.len().max(1)))?;
    Some(first.to_owned() + &rest.replacen(from, to, 1))
}

fn exchanged(born: BirthDate) -> Option<BirthDate> {
    (born.day() != born.month()).then(|| BirthDate::new(born.year(), born.day(), born.month()).ok())?
}

fn a_year_off(born: BirthDate, random: &mut StdRng) -> Option<BirthDate> {
    let year = if random.random_bool(0.5) {
        born.year() + 1
    } else {
        born.year() - 1
    };
    BirthDate::new(year, born.month(), born.day()).ok()
}

/// One digit of the date wrong, where that is a date of somebody who may be alive.
fn a_digit_wrong(born: BirthDate, random: &mut StdRng) -> Option<BirthDate> {
    (0..50).find_map(|_| {
        let mut text = born.to_string().into_bytes();
        let at = [3, 5, 6, 8, 9][random.random_range(0..5)];
        text[at] = random.random_range(b'0'..=b'9');
        let date = String::from_utf8(text).ok()?.parse::<BirthDate>().ok()?;
        (date != born).then_some(date)
    })
}

fn wrong_number(record: &PrisonerRecord, random: &mut StdRng) -> String {
    let mut text = record.prisoner_number.to_string().into_bytes();
    let at = random.random_range(1..5);
    text[at] = b'0' + (text[at] - b'0' + random.random_range(1..10)) % 10;
    String::from_utf8_lossy(&text).into_owned()
}
