//! Who may do what, as a table that a case handler can read.
#![expect(clippy::unwrap_used, reason = "tests")]

use casework::{OrganisationKind, Role, Verb};
use prison::PrisonId;

const VERBS: [Verb; 19] = [
    Verb::FileRequest,
    Verb::ReadReceipt,
    Verb::FileIntelligence,
    Verb::ReadCases,
    Verb::WorkCases,
    Verb::ApproveCaseProposal,
    Verb::ReadProof,
    Verb::CheckLetter,
    Verb::ApplyForNumber,
    Verb::ApproveNumber,
    Verb::RevokeNumber,
    Verb::ReadPrison,
    Verb::ReadAudit,
    Verb::Operate,
    Verb::ApproveOperation,
    Verb::ReadAttestations,
    Verb::RecordCustody,
    Verb::OfferAddress,
    Verb::RaiseAlerts,
];

/// A column for each verb, in the order of [`VERBS`]; `x` may, `.` may not.
const TABLE: &str = "
    public            x . . . . . . . . . . . . . . . . . .
    referrer          x x x . . . x . . . . . . . . . . . .
    probation         x x x . . . x . . . . . . . . . . x .
    case-handler      x . x x x x x . . . . . . . . . . . .
    mailroom          . . . . . . . x . . . x . . . . . . .
    pinphone-clerk    . . . . . . . . x . x x . . . . . . .
    prison-security   . . . . . . . . x x x x . . . x . . .
    governor          . . . . . . . . . . . x . . . x . . .
    auditor           . . . . . . . . . . . . x . . x . . .
    operator          . . . . . . . . . . . . . x x x x . .
    prison-service    . . . . . . . . . . . . . . . . x x x
    service           . . . . . . . . . . x . . . . . x . .
";

fn leeds() -> PrisonId {
    "LEI".parse().unwrap()
}

fn every_role() -> Vec<(&'static str, Role)> {
    let prison = leeds();
    vec![
        ("public", Role::Public),
        (
            "referrer",
            Role::Referrer {
                organisation: OrganisationKind::Police,
            },
        ),
        (
            "probation",
            Role::Referrer {
                organisation: OrganisationKind::Probation,
            },
        ),
        ("case-handler", Role::CaseHandler),
        ("mailroom", Role::Mailroom { prison }),
        ("pinphone-clerk", Role::PinphoneClerk { prison }),
        ("prison-security", Role::PrisonSecurity { prison }),
        ("governor", Role::Governor { prison }),
        ("auditor", Role::Auditor),
        ("operator", Role::Operator),
        ("prison-service", Role::PrisonService),
        ("service", Role::Service),
    ]
}

/// Does not compile when a verb is added and this file is forgotten.
fn place_in_table(verb: Verb) -> usize {
    match verb {
        Verb::FileRequest => 0,
        Verb::ReadReceipt => 1,
        Verb::FileIntelligence => 2,
        Verb::ReadCases => 3,
        Verb::WorkCases => 4,
        Verb::ApproveCaseProposal => 5,
        Verb::ReadProof => 6,
        Verb::CheckLetter => 7,
        Verb::ApplyForNumber => 8,
        Verb::ApproveNumber => 9,
        Verb::RevokeNumber => 10,
        Verb::ReadPrison => 11,
        Verb::ReadAudit => 12,
        Verb::Operate => 13,
        Verb::ApproveOperation => 14,
        Verb::ReadAttestations => 15,
        Verb::RecordCustody => 16,
        Verb::OfferAddress => 17,
        Verb::RaiseAlerts => 18,
    }
}

/// Does not compile when a role is added and this file is forgotten.
fn is_in_table(role: &Role) -> bool {
    match role {
        Role::Public
        | Role::Referrer { .. }
        | Role::CaseHandler
        | Role::Mailroom { .. }
        | Role::PinphoneClerk { .. }
        | Role::PrisonSecurity { .. }
        | Role::Governor { .. }
        | Role::Auditor
        | Role::Operator
        | Role::PrisonService
        | Role::Service => true,
    }
}

#[test]
fn who_may_do_what_is_exactly_this_table() {
    let lines: Vec<&str> = TABLE
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let roles = every_role();
    assert_eq!(lines.len(), roles.len());
    for (line, (name, role)) in lines.iter().zip(&roles) {
        let mut columns = line.split_whitespace();
        assert_eq!(columns.next(), Some(*name));
        assert!(is_in_table(role));
        let marks: Vec<&str> = columns.collect();
        assert_eq!(marks.len(), VERBS.len(), "{name}");
        for (at, (mark, verb)) in marks.iter().zip(VERBS).enumerate() {
            assert_eq!(place_in_table(verb), at);
            assert_eq!(*mark == "x", role.may(verb), "{name}: {verb:?}");
        }
    }
}

#[test]
fn every_kind_of_organisation_refers_alike() {
    for organisation in [
        OrganisationKind::Police,
        OrganisationKind::Probation,
        OrganisationKind::Prison,
        OrganisationKind::VictimService,
    ] {
        let role = Role::Referrer { organisation };
        assert!(role.may(Verb::FileRequest) && !role.may(Verb::ReadCases));
        assert_eq!(role.prison(), None);
    }
}

#[test]
fn prison_staff_are_confined_to_their_prison_and_nobody_else_is() {
    for (name, role) in every_role() {
        let confined = matches!(
            name,
            "mailroom" | "pinphone-clerk" | "prison-security" | "governor"
        );
        assert_eq!(role.prison().is_some(), confined, "{name}");
    }
}

#[test]
fn nobody_who_files_requests_from_outside_sees_a_case_or_a_prisons_list() {
    for (name, role) in every_role() {
        if role.may(Verb::FileRequest) && name != "case-handler" {
            assert!(
                !role.may(Verb::ReadCases) && !role.may(Verb::ReadPrison),
                "{name}"
            );
        }
        if role.may(Verb::Operate) {
            assert!(!role.may(Verb::ReadCases), "who makes accounts sees no case");
        }
    }
}

#[test]
fn a_prison_number_stands_by_itself_only_from_those_who_read_it_off_their_own_records() {
    for (organisation, vouches) in [
        (OrganisationKind::Police, true),
        (OrganisationKind::Probation, true),
        (OrganisationKind::Prison, true),
        (OrganisationKind::VictimService, false),
    ] {
        let role = Role::Referrer { organisation };
        assert_eq!(role.vouches_for_prison_numbers(), vouches, "{organisation:?}");
    }
    let others = every_role();
    for (name, role) in others
        .iter()
        .filter(|(_, role)| !matches!(role, Role::Referrer { .. }))
    {
        assert!(!role.vouches_for_prison_numbers(), "{name}");
    }
}
