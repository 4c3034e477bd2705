//! The register and the identifiers.

use prison::{ParseIdError, PrisonId, PrisonerNumber, Register};

#[test]
fn the_built_in_register_holds_the_prisons_in_use() {
    let register = Register::built_in();
    assert!(
        register.active().count() > 115,
        "{} in use",
        register.active().count()
    );
    let leeds = register.get("LEI".parse().unwrap()).expect("Leeds is registered");
    assert_eq!(
        (leeds.name.as_str(), leeds.town.as_str()),
        ("Leeds (HMP)", "Leeds")
    );
    assert_eq!(leeds.area_code.as_deref(), Some("0113"));
    assert!(register.iter().any(|prison| prison.name_welsh.is_some()));
}

#[test]
fn both_files_that_ship_can_be_read() {
    let files = (
        include_str!("../data/prisons.csv"),
        include_str!("../data/area_codes.csv"),
    );
    assert_eq!(
        Register::parse(files.0, files.1).as_ref(),
        Ok(Register::built_in())
    );
}

#[test]
fn a_broken_row_is_reported_with_its_line() {
    let error = Register::parse("prison_id,name\nLEI\n", "prison_id,area_code\n").unwrap_err();
    assert_eq!(error.line, 2, "{error}");
}

#[test]
fn an_area_code_for_an_unknown_prison_is_an_error() {
    let (prisons, codes) = (
        include_str!("../data/prisons.csv"),
        "prison_id,area_code\nZZZ,0113\n",
    );
    assert!(Register::parse(prisons, codes).is_err());
}

#[test]
fn identifiers_are_read_in_any_case_and_refused_in_any_other_shape() {
    assert_eq!(
        " lei ".parse::<PrisonId>().map(|id| id.to_string()),
        Ok("LEI".to_owned())
    );
    for text in ["", "LE", "LEED", "L1I", "ŁEI"] {
        assert_eq!(text.parse::<PrisonId>(), Err(ParseIdError::Prison), "{text}");
    }
    assert_eq!(
        "a1234bc".parse::<PrisonerNumber>().map(|id| id.to_string()),
        Ok("A1234BC".to_owned())
    );
    for text in [
        "", "A1234B", "A1234BCD", "11234BC", "A12B4BC", "A1234B1", "Ä1234BC",
    ] {
        assert_eq!(
            text.parse::<PrisonerNumber>(),
            Err(ParseIdError::Prisoner),
            "{text}"
        );
    }
}

#[test]
fn out_and_in_transit_are_no_establishments() {
    let is_one = |text: &str| text.parse::<PrisonId>().unwrap().is_establishment();
    assert!(is_one("LEI") && !is_one("OUT") && !is_one("TRN"));
}

#[test]
fn every_area_code_says_which_exchange_it_is_and_how_that_is_known() {
    let rows: Vec<Vec<&str>> = include_str!("../data/area_codes.csv")
        .lines()
        .skip(1)
        .map(|row| row.split(',').collect())
        .collect();
    assert!(rows.len() > 120, "{} prisons have an area code", rows.len());
    for row in &rows {
        let [prison, code, exchange, basis] = row[..] else {
            panic!("{row:?}");
        };
        let known = Register::built_in().get(prison.parse().unwrap()).unwrap();
        assert_eq!(known.area_code.as_deref(), Some(code), "{prison}");
        assert!(code.starts_with("01") || code.starts_with("02"), "{prison}");
        assert!(!exchange.is_empty(), "{prison}");
        assert!(
            ["town", "area", "switchboard"].contains(&basis),
            "{prison}: {basis}"
        );
        // One code is one place.
        let alike = rows.iter().filter(|other| other[1] == code);
        let at_home = ["0191", "01229", "01430", "01524"].contains(&code);
        assert!(
            at_home || alike.clone().all(|other| other[2] == exchange),
            "{code}"
        );
    }
}
