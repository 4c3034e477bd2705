//! How codes, numbers and addresses are shown to staff.

use casework::{BarTarget, WrittenAddress};
use phone::PhoneNumber;
use serde::Serialize;

/// The code of a value whose type serialises as one word: `handler-first`.
pub(super) fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

/// The grounds on which somebody is held for which there are words, as the prison service writes them.
pub(super) const LEGAL_STATUSES: [&str; 9] = [
    "REMAND",
    "CONVICTED_UNSENTENCED",
    "SENTENCED",
    "INDETERMINATE_SENTENCE",
    "RECALL",
    "IMMIGRATION_DETAINEE",
    "CIVIL_PRISONER",
    "OTHER",
    "UNKNOWN",
];

/// The code of the sentence for a ground on which somebody is held; one that has no words is shown as the unknown one.
pub(super) fn legal_status(recorded: &str) -> String {
    let known = LEGAL_STATUSES.into_iter().find(|known| *known == recorded);
    known.unwrap_or("UNKNOWN").to_lowercase().replace('_', "-")
}

/// A number as people write it: `07700 900123`. For pages whose reader may see it, and nowhere else.
pub(super) fn written(number: &PhoneNumber) -> String {
    let text = number.expose();
    let Some(national) = text.strip_prefix("+44") else {
        return text.to_owned();
    };
    let digits = national.bytes().all(|byte| byte.is_ascii_digit()) && national.len() == 10;
    let groups: &[usize] = match national {
        _ if !digits => return format!("0{national}"),
        _ if national.starts_with('2') => &[2, 4, 4],
        _ if national.starts_with('1')
            && (national[1..].starts_with('1') || national[2..].starts_with('1')) =>
        {
            &[3, 3, 4]
        }
        _ if national.starts_with(['3', '8', '9']) => &[3, 3, 4],
        _ => &[4, 6],
    };
    let mut shown = String::from("0");
    let mut at = 0;
    for (nth, len) in groups.iter().enumerate() {
        if nth > 0 {
            shown.push(' ');
        }
        shown.push_str(&national[at..at + len]);
        at += len;
    }
    shown
}

/// An address on lines of its own.
pub(super) fn address(written: &WrittenAddress) -> String {
    let postcode = written
        .postcode
        .as_ref()
        .map(|postcode| postcode.expose())
        .unwrap_or_default();
    format!("{}\n{postcode}", written.lines.expose())
        .trim()
        .to_owned()
}

/// On one line, for headings and buttons.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(", ")
}

/// What is barred, as people write it.
pub(super) fn target(target: &BarTarget) -> String {
    match target {
        BarTarget::Number(number) => written(number),
        BarTarget::Address(written) => address(written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        for (dialled, shown) in [
            ("+447700900123", "07700 900123"),
            ("01632 960001", "01632 960001"),
            ("0113 496 0000", "0113 496 0000"),
            ("0161 496 0000", "0161 496 0000"),
            ("020 7946 0000", "020 7946 0000"),
            ("0808 157 0000", "0808 157 0000"),
        ] {
            assert_eq!(written(&phone::resolve(dialled, None).unwrap().number), shown);
        }
    }
}
