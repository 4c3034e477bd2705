//! Two different people, neither of whom made the other, both of whom it concerns: nothing else makes a
//! [`TwoApprovals`].
#![expect(clippy::unwrap_used, reason = "tests")]

use casework::{
    AccountId, Actor, BarId, CaseId, DeclineReason, NotTwoPeople, Proposal, ProposalId, ProposedChange,
    RequestId, Role, Seen, SeenOfFile, TwoApprovals, Verb,
};
use jiff::Timestamp;
use prison::PrisonId;
use proptest::prelude::*;
use uuid::Uuid;

fn actor(n: u128, role: Role) -> Actor {
    Actor {
        account: AccountId(Uuid::from_u128(n)),
        created_by: None,
        name: format!("Person {n}"),
        role,
    }
}

fn proposal(by: &Actor, change: ProposedChange) -> Proposal {
    Proposal {
        id: ProposalId(Uuid::from_u128(1)),
        change,
        reason: "heard in safety".into(),
        proposed_by: by.account,
        proposed_at: Timestamp::UNIX_EPOCH,
    }
}

fn lift() -> ProposedChange {
    ProposedChange::LiftBar {
        bar: BarId(Uuid::from_u128(2)),
    }
}

fn prison(text: &str) -> PrisonId {
    text.parse().unwrap()
}

fn every_change(prison: PrisonId) -> Vec<ProposedChange> {
    let (case, held, gate) = (CaseId(Uuid::from_u128(3)), Uuid::from_u128(4), "00".repeat(16));
    vec![
        lift(),
        ProposedChange::NarrowBar {
            bar: BarId(Uuid::from_u128(2)),
            prisoner: "A1234BC".parse().unwrap(),
        },
        ProposedChange::DeclineCase {
            case,
            reason: DeclineReason::NotTrue,
            seen: Seen::default(),
        },
        ProposedChange::BarLegalNumber { case, held },
        ProposedChange::ExemptLetters {
            exempt: held,
            case: Some(case),
        },
        ProposedChange::ExceptPrisoner {
            bar: BarId(Uuid::from_u128(2)),
            prison,
            prisoner: "A1234BC".parse().unwrap(),
        },
        ProposedChange::ApproveNumber {
            application: held,
            prison,
        },
        ProposedChange::ImportList {
            import: held,
            prison,
            seen: SeenOfFile {
                file: "00".repeat(32),
                to_take: 1,
                legal: 0,
                left_out: 0,
                take_left_out_off: false,
            },
        },
        ProposedChange::RevokeLegalEntry { entry: held, prison },
        ProposedChange::AdmitGate {
            gate: gate.clone(),
            prison,
        },
        ProposedChange::RetireGate { gate, prison },
        ProposedChange::SwitchOnCallBarring { prison },
        ProposedChange::SwitchPrisonOff { prison },
    ]
}

#[test]
fn two_case_handlers_who_do_not_depend_on_each_other_agree() {
    let (first, second) = (actor(1, Role::CaseHandler), actor(2, Role::CaseHandler));
    let agreed = TwoApprovals::agree(proposal(&first, lift()), &first, &second).unwrap();
    assert_eq!(
        (agreed.proposed_by(), agreed.approved_by()),
        (first.account, second.account)
    );
    assert_eq!(agreed.proposal().change, lift());
}

#[test]
fn nobody_approves_what_he_proposed() {
    let only = actor(1, Role::CaseHandler);
    let refused = TwoApprovals::agree(proposal(&only, lift()), &only, &only);
    assert_eq!(refused, Err(NotTwoPeople::SamePerson));
    let renamed = Actor {
        name: "Somebody Else".to_owned(),
        ..only.clone()
    };
    let refused = TwoApprovals::agree(proposal(&only, lift()), &only, &renamed);
    assert_eq!(
        refused,
        Err(NotTwoPeople::SamePerson),
        "an account is a person, whatever it is called"
    );
}

#[test]
fn an_account_and_the_one_that_made_it_are_not_two_people() {
    let first = actor(1, Role::CaseHandler);
    let made = Actor {
        created_by: Some(first.account),
        ..actor(2, Role::CaseHandler)
    };
    let forwards = TwoApprovals::agree(proposal(&first, lift()), &first, &made);
    assert_eq!(forwards, Err(NotTwoPeople::OneCreatedTheOther));
    let backwards = TwoApprovals::agree(proposal(&made, lift()), &made, &first);
    assert_eq!(backwards, Err(NotTwoPeople::OneCreatedTheOther));
}

#[test]
fn a_reason_is_never_printed() {
    let shown = format!("{:?}", proposal(&actor(1, Role::CaseHandler), lift()));
    assert!(!shown.contains("safety"), "{shown}");
}

#[test]
fn a_look_at_a_case_covers_what_it_held_and_nothing_that_came_later() {
    let bars = |ids: &[u128]| ids.iter().map(|n| BarId(Uuid::from_u128(*n))).collect();
    let seen = Seen {
        bars: bars(&[1, 2]),
        ..Seen::default()
    };
    assert!(seen.covers(&seen));
    assert!(
        seen.covers(&Seen {
            bars: bars(&[2]),
            ..Seen::default()
        }),
        "one was lifted since"
    );
    assert!(!seen.covers(&Seen {
        bars: bars(&[2, 3]),
        ..Seen::default()
    }));
    let held = Seen {
        held: [Uuid::nil()].into(),
        ..seen.clone()
    };
    let asked = Seen {
        requests: [RequestId(Uuid::nil())].into(),
        ..seen.clone()
    };
    assert!(!seen.covers(&held) && !seen.covers(&asked));
}

#[test]
fn the_proposer_handed_in_must_be_the_one_on_record() {
    let (first, second) = (actor(1, Role::CaseHandler), actor(2, Role::CaseHandler));
    let third = actor(3, Role::CaseHandler);
    let refused = TwoApprovals::agree(proposal(&first, lift()), &third, &second);
    assert_eq!(refused, Err(NotTwoPeople::OtherProposer));
}

#[test]
fn both_must_be_allowed_their_half() {
    let (handler, other) = (actor(1, Role::CaseHandler), actor(2, Role::CaseHandler));
    let operator = actor(3, Role::Operator);
    let refused = |by: &Actor, approver: &Actor| TwoApprovals::agree(proposal(by, lift()), by, approver);
    assert_eq!(refused(&handler, &operator), Err(NotTwoPeople::NotTheirs));
    assert_eq!(refused(&operator, &handler), Err(NotTwoPeople::NotTheirs));
    assert!(refused(&handler, &other).is_ok());
}

#[test]
fn an_application_is_approved_in_its_own_prison_by_security() {
    let (leeds, moorland) = (prison("LEI"), prison("MDI"));
    let change = ProposedChange::ApproveNumber {
        application: Uuid::nil(),
        prison: leeds,
    };
    let clerk = |prison| actor(1, Role::PinphoneClerk { prison });
    let security = |prison| actor(2, Role::PrisonSecurity { prison });
    let agree = |by: &Actor, with: &Actor| TwoApprovals::agree(proposal(by, change.clone()), by, with);
    assert!(agree(&clerk(leeds), &security(leeds)).is_ok());
    assert_eq!(
        agree(&clerk(leeds), &security(moorland)),
        Err(NotTwoPeople::NotTheirs)
    );
    assert_eq!(
        agree(&clerk(moorland), &security(leeds)),
        Err(NotTwoPeople::NotTheirs)
    );
    let second_clerk = actor(2, Role::PinphoneClerk { prison: leeds });
    assert_eq!(agree(&clerk(leeds), &second_clerk), Err(NotTwoPeople::NotTheirs));
}

#[test]
fn each_change_says_who_proposes_and_who_approves() {
    for change in every_change(prison("LEI")) {
        let (proposes, approves) = (change.proposal(), change.approval());
        let expected = match change {
            ProposedChange::LiftBar { .. }
            | ProposedChange::NarrowBar { .. }
            | ProposedChange::DeclineCase { .. }
            | ProposedChange::ExceptPrisoner { .. }
            | ProposedChange::ExemptLetters { .. }
            | ProposedChange::BarLegalNumber { .. } => (Verb::WorkCases, Verb::ApproveCaseProposal),
            ProposedChange::ApproveNumber { .. }
            | ProposedChange::ImportList { .. }
            | ProposedChange::RevokeLegalEntry { .. } => (Verb::ApplyForNumber, Verb::ApproveNumber),
            ProposedChange::AdmitGate { .. }
            | ProposedChange::RetireGate { .. }
            | ProposedChange::SwitchOnCallBarring { .. }
            | ProposedChange::SwitchPrisonOff { .. } => (Verb::Operate, Verb::ApproveOperation),
        };
        assert_eq!((proposes, approves), expected);
    }
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        Just(Role::Public),
        Just(Role::CaseHandler),
        Just(Role::Operator),
        Just(Role::Auditor),
        Just(Role::Service),
        Just(Role::PinphoneClerk {
            prison: prison("LEI")
        }),
        Just(Role::PrisonSecurity {
            prison: prison("LEI")
        }),
        Just(Role::PrisonSecurity {
            prison: prison("MDI")
        }),
    ]
}

proptest! {
    /// Whoever they are: where two approvals come about, they are two people's, both allowed and in place.
    #[test]
    fn what_is_agreed_was_agreed_by_two(
        (first, second) in (0..3_u128, 0..3_u128),
        made in proptest::option::of(0..3_u128),
        roles in (role(), role()),
        change in 0..9_usize,
    ) {
        let proposer = actor(first, roles.0);
        let created_by = made.map(|n| AccountId(Uuid::from_u128(n)));
        let approver = Actor { created_by, ..actor(second, roles.1) };
        let change = every_change(prison("LEI")).swap_remove(change);
        if TwoApprovals::agree(proposal(&proposer, change.clone()), &proposer, &approver).is_ok() {
            prop_assert_ne!(proposer.account, approver.account);
            prop_assert_ne!(approver.created_by, Some(proposer.account));
            prop_assert!(proposer.role.may(change.proposal()) && approver.role.may(change.approval()));
            if let Some(prison) = change.prison() {
                prop_assert_eq!(proposer.role.prison(), Some(prison));
                prop_assert_eq!(approver.role.prison(), Some(prison));
            }
        }
    }
}
