//! Approved lists: a table with commas, or the telephone supplier's records.
//!
//! `csv`: the columns `prison_number,name,number,kind`, in any order, and `relationship` where there is one; others
//! are passed over. `controlled-number`: one JSON object a line for each prisoner, `{"prisonerNumber": "A1234BC",
//! "controlledNumbers": [..]}`, with `name`, `phoneNumber`, `callAllowed` and `legal` of the supplier's
//! `ControlledNumber`; its other fields are passed over. Each controlled number is a row. A number without an area
//! code is read with the prison's own, as its telephones would.

use casework::Personal;
use feed::ContactKind;
use phone::AreaCode;
use prison::{PrisonId, Register};
use serde::Deserialize;

use super::{FileLimits, FileProblem, ListRow, Numbered, RowProblem, table, within_limits};

/// How an approved list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// A table with commas: prison_number,name,number,kind and relationship
    Csv,
    /// The telephone supplier's ControlledNumber records, one prisoner a line
    ControlledNumber,
}

impl ListFormat {
    /// `csv` or `controlled-number`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::ControlledNumber => "controlled-number",
        }
    }
}

/// Reads the rows of a prison's list, in their order.
pub fn read_list(
    bytes: &[u8],
    format: ListFormat,
    prison: PrisonId,
) -> Result<Vec<Numbered<ListRow>>, FileProblem> {
    let area = area_of(prison);
    let rows: Vec<Result<ListRow, RowProblem>> = match format {
        ListFormat::Csv => {
            let wanted = ["prison_number", "name", "number", "kind", "relationship"];
            let rows = table(bytes, wanted, "prison_number,name,number,kind")?.into_iter();
            rows.map(|fields| of_table(fields.ok_or(RowProblem::Unreadable)?, area))
                .collect()
        }
        ListFormat::ControlledNumber => bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .flat_map(|line| of_prisoner(line, area))
            .collect(),
    };
    within_limits(bytes, &rows)?;
    Ok((1..).zip(rows).collect())
}

/// The prison's area code, if local dialling is known there.
pub(super) fn area_of(prison: PrisonId) -> Option<AreaCode> {
    let known = Register::built_in().get(prison)?;
    known.area_code.as_deref()?.parse().ok()
}

fn of_table(fields: [String; 5], area: Option<AreaCode>) -> Result<ListRow, RowProblem> {
    let [holder, name, number, kind, relationship] = fields;
    let contact = match kind.to_ascii_lowercase().as_str() {
        "social" => ContactKind::Social,
        "official" => ContactKind::Official,
        "legal" => ContactKind::Legal,
        _ => return Err(RowProblem::Kind),
    };
    row(&holder, &number, contact, &name, &relationship, area)
}

fn row(
    holder: &str,
    number: &str,
    contact: ContactKind,
    name: &str,
    relationship: &str,
    area: Option<AreaCode>,
) -> Result<ListRow, RowProblem> {
    let named = match relationship.trim() {
        "" => Personal::new(name),
        relationship => Personal::new(&format!("{} ({relationship})", name.trim())),
    };
    let holder = holder
        .trim()
        .to_uppercase()
        .parse()
        .map_err(|_| RowProblem::Holder)?;
    let resolved = phone::resolve(number, area).map_err(|_| RowProblem::Number)?;
    if name.trim().is_empty() || named.expose().chars().count() > FileLimits::DEFAULT.name_chars {
        return Err(RowProblem::Name);
    }
    Ok(ListRow {
        holder,
        number: resolved.number,
        contact,
        name: named,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfPrisoner {
    prisoner_number: String,
    controlled_numbers: Vec<ControlledNumber>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ControlledNumber {
    name: String,
    phone_number: String,
    call_allowed: bool,
    legal: bool,
}

fn of_prisoner(line: &[u8], area: Option<AreaCode>) -> Vec<Result<ListRow, RowProblem>> {
    let Ok(of) = serde_json::from_slice::<OfPrisoner>(line) else {
        return vec![Err(RowProblem::Unreadable)];
    };
    let one = |number: ControlledNumber| {
        let contact = if number.legal {
            ContactKind::Legal
        } else {
            ContactKind::Social
        };
        if !number.call_allowed {
            return Err(RowProblem::NotAllowed);
        }
        row(
            &of.prisoner_number,
            &number.phone_number,
            contact,
            &number.name,
            "",
            area,
        )
    };
    of.controlled_numbers.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leeds() -> PrisonId {
        "LEI".parse().unwrap()
    }

    fn problems(bytes: &[u8], format: ListFormat) -> Vec<(u64, RowProblem)> {
        let rows = read_list(bytes, format, leeds()).unwrap();
        rows.into_iter()
            .filter_map(|(n, row)| Some((n, row.err()?)))
            .collect()
    }

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns_and_each_bad_row_says_why() {
        let file = "name,KIND,number,prison_number,relationship,note\n\
            Ann Prior,social,07700 900123,a1234bc,sister,x\n\
            Bo Prior,friend,07700 900124,A1234BC,,\n\
            Cy Prior,social,07700 900,A1234BC,,\n\
            Di Prior,legal,01632 960001,A12,,\n\
            ,official,01632 960001,A1234BC,,\n\
            short\n";
        let rows = read_list(file.as_bytes(), ListFormat::Csv, leeds()).unwrap();
        let first = rows[0].1.as_ref().unwrap();
        assert_eq!(
            (first.holder.as_str(), first.name.expose()),
            ("A1234BC", "Ann Prior (sister)")
        );
        assert_eq!(first.number.expose(), "+447700900123");
        use RowProblem::{Holder, Kind, Name, Number};
        let expected = vec![(2, Kind), (3, Number), (4, Holder), (5, Name), (6, Kind)];
        assert_eq!(problems(file.as_bytes(), ListFormat::Csv), expected);
    }

    #[test]
    fn a_table_without_its_columns_is_not_taken_at_all() {
        let file = b"name,number\nAnn,07700 900123\n";
        let refused = read_list(file, ListFormat::Csv, leeds());
        assert!(matches!(refused, Err(FileProblem::Columns(_))));
    }

    #[test]
    fn the_suppliers_records_are_rows_and_what_may_not_be_called_is_left_out() {
        let file = r#"{"prisonerNumber":"A1234BC","controlledNumbers":[
            {"id":1,"name":"Ann","phoneNumber":"07700900123","controlStatus":"A","callAllowed":true,"legal":false},
            {"id":2,"name":"Law","phoneNumber":"01632960001","callAllowed":true,"legal":true,"alert":false},
            {"id":3,"name":"Bo","phoneNumber":"07700900124","callAllowed":false,"legal":false}]}"#;
        let file = format!("{}\nnonsense\n", file.replace('\n', " "));
        let rows = read_list(file.as_bytes(), ListFormat::ControlledNumber, leeds()).unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1].1.as_ref().unwrap().contact, ContactKind::Legal);
        let expected = vec![(3, RowProblem::NotAllowed), (4, RowProblem::Unreadable)];
        assert_eq!(problems(file.as_bytes(), ListFormat::ControlledNumber), expected);
    }

    #[test]
    fn a_name_is_read_at_its_limit_and_not_one_past_it() {
        let named = |chars: usize| {
            let name = "n".repeat(chars);
            let file = format!("prison_number,name,number,kind\nA1234BC,{name},07700 900123,social\n");
            problems(file.as_bytes(), ListFormat::Csv)
        };
        let most = FileLimits::DEFAULT.name_chars;
        assert!(named(most).is_empty());
        assert_eq!(named(most + 1), [(1, RowProblem::Name)]);
    }
}
