//! The roster: everybody whom the prison service holds or held, as one JSON object of its prisoner search a line, or
//! as a table with commas.
//!
//! `csv`: the columns `prison_number,first_name,last_name,prison`, in any order, and `middle_names`, `date_of_birth`
//! (year-month-day), `status`, `pnc_number` and `last_prison` where there are any.

use offender::{PrisonerRecord, Status};
use prison::PrisonId;

use super::{FileProblem, Numbered, RowProblem, table, within_limits};

/// How a roster is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RosterFormat {
    /// One JSON object of the prisoner search service a line
    Json,
    /// A table with commas: prison_number,first_name,last_name,prison and more
    Csv,
}

/// Reads the rows of a roster, in their order.
pub fn read_roster(bytes: &[u8], format: RosterFormat) -> Result<Vec<Numbered<PrisonerRecord>>, FileProblem> {
    let rows: Vec<Result<PrisonerRecord, RowProblem>> = match format {
        RosterFormat::Json => bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .map(|line| serde_json::from_slice(line).map_err(|_| RowProblem::Unreadable))
            .collect(),
        RosterFormat::Csv => {
            let wanted = [
                "prison_number",
                "first_name",
                "last_name",
                "prison",
                "middle_names",
                "date_of_birth",
                "status",
                "pnc_number",
                "last_prison",
            ];
            let needed = "prison_number,first_name,last_name,prison";
            let rows = table(bytes, wanted, needed)?.into_iter();
            rows.map(|fields| of_table(fields.ok_or(RowProblem::Unreadable)?))
                .collect()
        }
    };
    within_limits(bytes, &rows)?;
    Ok((1..).zip(rows).collect())
}

fn of_table(fields: [String; 9]) -> Result<PrisonerRecord, RowProblem> {
    let [
        number,
        first,
        last,
        prison,
        middle,
        born,
        status,
        pnc,
        last_prison,
    ] = fields;
    let number = number.to_uppercase().parse().map_err(|_| RowProblem::Holder)?;
    if last.is_empty() {
        return Err(RowProblem::Name);
    }
    let mut record = PrisonerRecord::new(number, &first, &last);
    record.prison_id = prison_of(&prison)?;
    record.last_prison_id = prison_of(&last_prison)?;
    record.middle_names = given(middle);
    record.pnc_number = given(pnc);
    record.status = Status::new(status);
    record.date_of_birth = match born.as_str() {
        "" => None,
        written => Some(written.parse().map_err(|_| RowProblem::Unreadable)?),
    };
    Ok(record)
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn prison_of(written: &str) -> Result<Option<PrisonId>, RowProblem> {
    match written {
        "" => Ok(None),
        written => written
            .to_uppercase()
            .parse()
            .map(Some)
            .map_err(|_| RowProblem::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_is_read_from_either_form_and_bad_rows_keep_their_numbers() {
        let json = br#"{"prisonerNumber":"A1234BC","firstName":"Ivan","lastName":"Invented","prisonId":"LEI"}
nonsense
{"prisonerNumber":"A5678DE","lastName":"Invented","dateOfBirth":"1984-02-03","cellLocation":"A-1-001"}
"#;
        let rows = read_roster(json, RosterFormat::Json).unwrap();
        assert_eq!(rows[1], (2, Err(RowProblem::Unreadable)));
        assert_eq!(rows[2].1.as_ref().unwrap().prisoner_number.as_str(), "A5678DE");
        let csv = b"prison_number,first_name,last_name,prison,date_of_birth\n\
            A1234BC,Ivan,Invented,LEI,1984-02-03\nA12,Ivan,Invented,LEI,\nA5678DE,Ivan,,LEI,\n\
            A9012FG,Ivan,Invented,Leeds,\nA3456HJ,Ivan,Invented,,1984-02-31\n";
        let rows = read_roster(csv, RosterFormat::Csv).unwrap();
        assert!(rows[0].1.as_ref().unwrap().date_of_birth.is_some());
        let problems: Vec<_> = rows[1..]
            .iter()
            .map(|(_, row)| row.as_ref().unwrap_err())
            .collect();
        use RowProblem::{Holder, Name, Unreadable};
        assert_eq!(problems, [&Holder, &Name, &Unreadable, &Unreadable]);
    }
}
