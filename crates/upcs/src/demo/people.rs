//! The fictional people of the demo. Numbers come from Ofcom's ranges for drama; nobody here exists.

use casework::{OrganisationKind, Role};
use feed::ContactKind;
use offender::PrisonerRecord;
use prison::PrisonId;
use serde_json::json;

/// The prison whose gate bars calls.
pub const BARRING: &str = "MDI";
/// The prison whose gate lets through approved numbers only.
pub const ENABLING: &str = "LEI";
/// The prison that is switched on without a gate.
pub const WITHOUT_GATE: &str = "WWI";

/// Somebody with an account.
pub(super) struct Staff {
    /// The name.
    pub(super) name: &'static str,
    /// What the account is for.
    pub(super) role: Role,
}

fn at(prison: &str) -> PrisonId {
    // The three constants above are well formed; a test starts the demo.
    prison
        .parse()
        .unwrap_or_else(|_| unreachable!("the demo's prisons are three letters"))
}

/// Everybody who can sign in.
pub(super) fn staff() -> Vec<Staff> {
    let (moorland, leeds) = (at(BARRING), at(ENABLING));
    let one = |name, role| Staff { name, role };
    vec![
        one("Anwen Pugh", Role::CaseHandler),
        one("Tom Okafor", Role::CaseHandler),
        one(
            "PC Ellis Marsh",
            Role::Referrer {
                organisation: OrganisationKind::Police,
            },
        ),
        one(
            "Grace Adeyemi",
            Role::Referrer {
                organisation: OrganisationKind::VictimService,
            },
        ),
        one(
            "Nia Pritchard",
            Role::Referrer {
                organisation: OrganisationKind::Probation,
            },
        ),
        one("Meg Rowe (Moorland)", Role::Mailroom { prison: moorland }),
        one("Sam Blake (Leeds)", Role::Mailroom { prison: leeds }),
        one("Kit Fallon (Leeds)", Role::PinphoneClerk { prison: leeds }),
        one("Jo Hussain (Leeds)", Role::PrisonSecurity { prison: leeds }),
        one("Lee Barker (Moorland)", Role::PrisonSecurity { prison: moorland }),
        one("Ruth Castle (Moorland)", Role::Governor { prison: moorland }),
        one("Iolo Vaughan (Leeds)", Role::Governor { prison: leeds }),
        one("Harriet Stone", Role::Auditor),
    ]
}

/// The two operators.
pub(super) const OPERATORS: [&str; 2] = ["Dev Anand", "Nell Foster"];

/// The prisoners with a part in the journey: number, given name, surname, date of birth, prison.
const NAMED: [(&str, &str, &str, &str, &str); 6] = [
    ("A1234BC", "Daniel", "Hartley", "1988-03-14", BARRING),
    ("A2345CD", "Callum", "Prior", "1991-07-02", ENABLING),
    ("A3456DE", "Marcus", "Hartly", "1979-11-23", ENABLING),
    ("A4567EF", "Rhys", "Morgan", "1985-01-30", BARRING),
    ("A5678FG", "Dannie", "Hartley", "1988-04-13", WITHOUT_GATE),
    ("A6789GH", "Owen", "Tate", "1994-09-09", ENABLING),
];

const GIVEN: [&str; 24] = [
    "Aaron", "Adil", "Ben", "Carl", "Craig", "David", "Emeka", "Gareth", "Harjit", "Ian", "Jamal", "Kyle",
    "Liam", "Mateusz", "Nathan", "Oliver", "Paul", "Ravi", "Stephen", "Tariq", "Umar", "Victor", "Wayne",
    "Yusuf",
];

const SURNAMES: [&str; 20] = [
    "Ahmed", "Barnes", "Carter", "Davies", "Evans", "Foley", "Grant", "Hughes", "Iqbal", "Jenkins",
    "Kowalski", "Lewis", "Murphy", "Nwosu", "O'Brien", "Patel", "Quinn", "Roberts", "Singh", "Turner",
];

/// The fictional prisoners: those with a part, and enough others to make finding one a search.
pub(super) fn prisoners() -> Vec<PrisonerRecord> {
    let named = NAMED
        .iter()
        .map(|(number, first, last, born, prison)| record(number, first, last, born, prison));
    let others = (0..360_usize).map(|n| {
        let number = format!("B{:04}{}{}", 1000 + n, letter(n / 7), letter(n / 3));
        let born = format!(
            "{}-{:02}-{:02}",
            1956 + n * 7 % 48,
            1 + n * 5 % 12,
            1 + n * 11 % 28
        );
        let prison = [BARRING, ENABLING, WITHOUT_GATE][n % 3];
        record(
            &number,
            GIVEN[n % GIVEN.len()],
            SURNAMES[n / 3 % SURNAMES.len()],
            &born,
            prison,
        )
    });
    named.chain(others).collect()
}

fn letter(n: usize) -> char {
    char::from(b'A' + (n % 26) as u8)
}

fn record(number: &str, first: &str, last: &str, born: &str, prison: &str) -> PrisonerRecord {
    let record = json!({
        "prisonerNumber": number, "firstName": first, "lastName": last, "dateOfBirth": born,
        "status": "ACTIVE IN", "prisonId": prison, "aliases": [],
    });
    // The shape is the one that every import has; a test reads all of them.
    serde_json::from_value(record)
        .unwrap_or_else(|_| unreachable!("a demo prisoner has the shape of a record"))
}

/// What stands on approved lists at the enabling prison: holder, number, kind, whose number it is.
pub(super) const APPROVED: [(&str, &str, ContactKind, &str); 7] = [
    ("A2345CD", "01632 960111", ContactKind::Social, "Mother"),
    (
        "A2345CD",
        "020 7946 0321",
        ContactKind::Legal,
        "Prior's solicitor",
    ),
    // The number that the journey bars: it is revoked here when it is barred.
    ("A2345CD", "07700 900123", ContactKind::Social, "Friend"),
    ("A3456DE", "01632 960222", ContactKind::Social, "Brother"),
    ("A3456DE", "07700 900777", ContactKind::Social, "Partner"),
    ("A6789GH", "0113 496 0456", ContactKind::Social, "Aunt"),
    ("A6789GH", "03069 990234", ContactKind::Official, "Housing advice"),
];
