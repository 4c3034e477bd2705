//! What a staff form posted, field by field.

use std::collections::BTreeMap;

use casework::{Personal, RequestLimits, WrittenAddress};
use jiff::civil::Date;
use pages::FieldErrors;
use serde::{Deserialize, Serialize};

/// The fields of a form as they were typed. A page shows them again when something is to be mended.
///
/// They may hold anything that a person types, so nothing here is printed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(BTreeMap<String, Personal>);

impl Fields {
    /// The value of a field, without white space at its ends; empty when it was not sent.
    pub(super) fn text(&self, field: &str) -> &str {
        self.0.get(field).map_or("", |value| value.expose().trim())
    }

    /// Whether the form sent the field at all, empty or not.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The value of a field as a person's own words; none when it is empty.
    pub(super) fn given(&self, field: &str) -> Option<Personal> {
        let text = self.text(field);
        (!text.is_empty()).then(|| Personal::new(text))
    }

    /// The address in the fields `address` and `postcode`; none when there are no lines.
    pub(super) fn address(&self) -> Option<WrittenAddress> {
        self.given("address").map(|lines| WrittenAddress {
            lines,
            postcode: self.given("postcode"),
        })
    }

    /// Puts a value in, for a form that is shown with what is known already.
    pub(super) fn put(&mut self, field: impl Into<String>, value: &str) {
        self.0.insert(field.into(), Personal::new(value));
    }

    /// Words that must be there and not longer than the limit; else says so beside the field `id`.
    pub(super) fn words(
        &self,
        field: &str,
        id: &str,
        missing: &'static str,
        errors: &mut FieldErrors,
    ) -> Option<Personal> {
        match self.given(field) {
            None => errors.add(id.to_owned(), missing),
            Some(words) if words.expose().chars().count() > RequestLimits::DEFAULT.text_chars => {
                errors.add(id.to_owned(), "staff-error-too-long")
            }
            Some(words) => return Some(words),
        };
        None
    }

    /// One of a fixed set of codes, as a type that knows them; else says so beside the field.
    pub(super) fn choice<T: serde::de::DeserializeOwned>(
        &self,
        field: &str,
        missing: &'static str,
        errors: &mut FieldErrors,
    ) -> Option<T> {
        let chosen = serde_json::from_value(self.text(field).into()).ok();
        if chosen.is_none() {
            errors.add(field.to_owned(), missing);
        }
        chosen
    }

    /// Something that a field must hold and that is read from its text; else says so beside the field.
    pub(super) fn parsed<T: std::str::FromStr>(
        &self,
        field: &str,
        missing: &'static str,
        errors: &mut FieldErrors,
    ) -> Option<T> {
        let parsed = self.text(field).parse().ok();
        if parsed.is_none() {
            errors.add(field.to_owned(), missing);
        }
        parsed
    }

    /// A date in three fields, `NAME-day`, `NAME-month`, `NAME-year`: none when all are empty, an error when
    /// they are no date.
    pub(super) fn date(&self, name: &str) -> Result<Option<Date>, NotADate> {
        let parts = ["day", "month", "year"].map(|part| self.text(&format!("{name}-{part}")));
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let [day, month, year] = parts;
        let year: i16 = year.parse().map_err(|_| NotADate)?;
        let (month, day) = (
            month.parse().map_err(|_| NotADate)?,
            day.parse().map_err(|_| NotADate)?,
        );
        if !(1900..=2100).contains(&year) {
            return Err(NotADate);
        }
        Date::new(year, month, day).map(Some).map_err(|_| NotADate)
    }

    /// Puts a date into its three fields.
    pub(super) fn put_date(&mut self, name: &str, date: Date) {
        self.put(format!("{name}-day"), &date.day().to_string());
        self.put(format!("{name}-month"), &date.month().to_string());
        self.put(format!("{name}-year"), &date.year().to_string());
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({} of them)", self.0.len())
    }
}

/// Three fields that are no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotADate;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_from_three_fields_and_an_impossible_one_is_refused() {
        let table = [
            (("", "", ""), Ok(None)),
            (("27", "3", "2027"), Ok(Some(jiff::civil::date(2027, 3, 27)))),
            (("30", "2", "2027"), Err(NotADate)),
            (("27", "", "2027"), Err(NotADate)),
            (("27", "3", "27"), Err(NotADate)),
        ];
        for ((day, month, year), expected) in table {
            let mut fields = Fields::default();
            for (part, value) in [("day", day), ("month", month), ("year", year)] {
                fields.put(format!("review-{part}"), value);
            }
            assert_eq!(fields.date("review"), expected, "{day} {month} {year}");
        }
    }

    #[test]
    fn what_was_typed_is_never_printed() {
        let mut fields = Fields::default();
        fields.put("number", "07700 900123");
        assert_eq!(format!("{fields:?}"), "Fields(1 of them)");
    }
}
