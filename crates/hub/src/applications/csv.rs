//! Applications as rows of a file: one header, one application a row, each row on its own.

use casework::{Contact, Personal, WrittenAddress};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Asked, ToMend};

/// One row, under the names of the prison service's form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    prison_number: String,
    kind: String,
    #[serde(default)]
    first_name: String,
    last_name: String,
    #[serde(default)]
    date_of_birth: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    relationship: String,
    #[serde(default)]
    address_line_1: String,
    #[serde(default)]
    address_line_2: String,
    #[serde(default)]
    town_or_city: String,
    #[serde(default)]
    postcode: String,
    telephone_1: String,
    #[serde(default)]
    telephone_2: String,
}

/// Reads rows. What is wrong with one is said by its field; the others stand.
pub fn read_csv(file: &[u8]) -> Vec<Result<Asked, ToMend>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let rows = reader.deserialize::<Row>();
    rows.map(|row| row.map_err(|_| mend("row")).and_then(Row::read))
        .collect()
}

impl Row {
    fn read(self) -> Result<Asked, ToMend> {
        let holder = self.prison_number.parse().map_err(|_| mend("prison_number"))?;
        let kind = serde_json::from_value(self.kind.as_str().into()).map_err(|_| mend("kind"))?;
        let date_of_birth: Option<Date> = if_any(&self.date_of_birth, "date_of_birth")?;
        let age_years: Option<u8> = if_any(&self.age, "age")?;
        let given = |text: &str| (!text.is_empty()).then(|| Personal::new(text));
        let lines = [&self.address_line_1, &self.address_line_2, &self.town_or_city];
        let lines: Vec<&str> = lines
            .into_iter()
            .map(String::as_str)
            .filter(|line| !line.is_empty())
            .collect();
        let address = (!lines.is_empty()).then(|| WrittenAddress {
            lines: Personal::new(&lines.join("\n")),
            postcode: given(&self.postcode),
        });
        let numbers = [&self.telephone_1, &self.telephone_2];
        let contact = Contact {
            first_name: Personal::new(&self.first_name),
            last_name: Personal::new(&self.last_name),
            date_of_birth,
            age_years,
            relationship: given(&self.relationship),
            address,
            numbers: numbers.into_iter().filter_map(|number| given(number)).collect(),
        };
        Ok(Asked {
            holder,
            kind,
            contact,
        })
    }
}

fn if_any<T: std::str::FromStr>(text: &str, field: &str) -> Result<Option<T>, ToMend> {
    (!text.is_empty())
        .then(|| text.parse())
        .transpose()
        .map_err(|_| mend(field))
}

fn mend(field: &str) -> ToMend {
    ToMend {
        field: field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_each_on_its_own_and_what_is_wrong_is_said_by_field() {
        let file = "prison_number,kind,first_name,last_name,date_of_birth,age,relationship,address_line_1,\
            town_or_city,postcode,telephone_1,telephone_2\n\
            A1234BC,social,Ann,Example,1990-02-03,,aunt,1 Invented Lane,Nowhere,ZZ1 2CD,01632 960001,01632 960002\n\
            nobody,social,Ann,Example,,,,,,,01632 960001,\n\
            A1234BC,pigeon,Ann,Example,,,,,,,01632 960001,\n\
            A1234BC,legal,Ann,Example,1990-02-31,,,,,,01632 960001,\n\
            A1234BC,legal,Ann,Example,,old,,,,,01632 960001,\n\
            too,few\n";
        let rows = read_csv(file.as_bytes());
        let first = rows[0].as_ref().unwrap();
        assert_eq!(
            (first.contact.numbers.len(), first.kind),
            (2, feed::ContactKind::Social)
        );
        assert_eq!(
            first.contact.address.as_ref().unwrap().lines.expose(),
            "1 Invented Lane\nNowhere"
        );
        let wrong: Vec<_> = rows[1..]
            .iter()
            .map(|row| row.as_ref().err().unwrap().field.as_str())
            .collect();
        assert_eq!(wrong, ["prison_number", "kind", "date_of_birth", "age", "row"]);
    }
}
