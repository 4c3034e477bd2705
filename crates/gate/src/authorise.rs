//! The verdict on one call: look-ups in memory and nothing else. It cannot fail and it cannot wait.
//!
//! In: the list held (if any), the always-allowed numbers, the policy by class, who calls and what became of
//! what was dialled. Out: a [`Verdict`]. The order: always allowed, barred, approved, the regime's default.

use feed::{AlwaysAllowed, AlwaysAllowedDigest, ContactKind, Reason, Regime};
use hashbrown::HashSet;
use phone::{Class, PhoneNumber, Refused, Resolved};
use prison::PrisonerNumber;

pub use crate::classes::{ClassPolicy, Classes, Rule};
use crate::list::{Asked, BarList};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes through.
    Allow(Ground),
    /// It does not. The reason goes to the hub and nowhere else.
    Refuse(Reason),
}

/// Why a call goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The number is always allowed.
    AlwaysAllowed,
    /// It stands on the caller's list (a legal entry: on anybody's, for generic and official phones).
    Approved(ContactKind),
    /// Under call barring, nothing stands against it.
    NotBarred,
}

impl Verdict {
    /// Whether the call is recorded. Allowed calls to lawyers and to always-allowed numbers never are.
    pub fn is_recorded(self) -> bool {
        !matches!(
            self,
            Self::Allow(Ground::AlwaysAllowed | Ground::Approved(ContactKind::Legal))
        )
    }
}

/// Rules on one call. Every refusal costs the same look-ups, whatever they find: how long it took says nothing.
pub fn authorise(
    held: Option<&BarList>,
    always: &AlwaysAllowedSet,
    policy: &ClassPolicy,
    caller: &Caller,
    dialled: &Result<Resolved, Refused>,
) -> Verdict {
    let Ok(Resolved { number, class, .. }) = dialled else {
        look_up_nobody(held, caller);
        return Verdict::Refuse(Reason::Unresolvable);
    };
    if always.contains(number) {
        return Verdict::Allow(Ground::AlwaysAllowed);
    }
    let Some(list) = held else {
        return Verdict::Refuse(Reason::NoList);
    };
    let asked = list.asked(number);
    let is_barred = asked.is_barred(caller.prisoner());
    let approved = approved(&asked, caller);
    if is_barred {
        return Verdict::Refuse(Reason::Barred);
    }
    match list.regime() {
        Regime::CallEnabling => approved.map_or(Verdict::Refuse(Reason::NotApproved), |contact| {
            Verdict::Allow(Ground::Approved(contact))
        }),
        Regime::CallBarring => by_class(policy, *class, number, approved),
    }
}

/// Under call barring: the rule of the number's class, and what an approved entry opens.
fn by_class(
    policy: &ClassPolicy,
    class: Class,
    number: &PhoneNumber,
    approved: Option<ContactKind>,
) -> Verdict {
    match (policy.rule(class, number), approved) {
        (_, Some(ContactKind::Legal)) => Verdict::Allow(Ground::Approved(ContactKind::Legal)),
        (Rule::Refused, _) | (Rule::IfApproved, None) => Verdict::Refuse(Reason::ClassRefused),
        (_, Some(contact)) => Verdict::Allow(Ground::Approved(contact)),
        (Rule::Rings, None) if !policy.may_exist(number) => Verdict::Refuse(Reason::Unresolvable),
        (Rule::Rings, None) => Verdict::Allow(Ground::NotBarred),
    }
}

/// The look-ups of a number that is nobody's, for what is no number.
fn look_up_nobody(held: Option<&BarList>, caller: &Caller) {
    let nobodys = PhoneNumber::parse_canonical("+447700900000");
    if let (Some(list), Ok(number)) = (held, nobodys) {
        let asked = list.asked(&number);
        std::hint::black_box(asked.is_barred(caller.prisoner()));
        std::hint::black_box(approved(&asked, caller));
    }
}

fn approved(asked: &Asked<'_>, caller: &Caller) -> Option<ContactKind> {
    match caller {
        Caller::Prisoner(prisoner) => asked.contact(*prisoner),
        Caller::Generic | Caller::Official(_) => asked.is_legal().then_some(ContactKind::Legal),
        Caller::Unknown(_) => None,
    }
}

/// Who calls, as the switch names him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Exactly one prisoner.
    Prisoner(PrisonerNumber),
    /// The PIN of the first night.
    Generic,
    /// A phone of the staff; its name.
    Official(String),
    /// Anything else. Meets every bar.
    Unknown(String),
}

/// Bytes of a caller's text that are kept.
const CALLER_BYTES: usize = 64;

impl Caller {
    /// Reads what the switch says: a prison number, `generic`, `official-NAME`.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Ok(prisoner) = text.parse() {
            return Self::Prisoner(prisoner);
        }
        if text.eq_ignore_ascii_case("generic") {
            return Self::Generic;
        }
        let kept = text
            .get(..text.floor_char_boundary(CALLER_BYTES))
            .unwrap_or_default();
        match kept.split_at_checked("official-".len()) {
            Some((head, name)) if head.eq_ignore_ascii_case("official-") && !name.is_empty() => {
                Self::Official(name.to_owned())
            }
            _ => Self::Unknown(kept.to_owned()),
        }
    }

    /// The prisoner, if it is exactly one.
    pub fn prisoner(&self) -> Option<PrisonerNumber> {
        if let Self::Prisoner(prisoner) = self {
            Some(*prisoner)
        } else {
            None
        }
    }

    /// As it is recorded.
    pub fn text(&self) -> String {
        match self {
            Self::Prisoner(prisoner) => prisoner.to_string(),
            Self::Generic => "generic".to_owned(),
            Self::Official(name) => format!("official-{name}"),
            Self::Unknown(text) => text.clone(),
        }
    }
}

/// The numbers that everyone may always dial.
#[derive(Clone, Debug, Default)]
pub struct AlwaysAllowedSet {
    numbers: HashSet<PhoneNumber>,
    digest: Option<AlwaysAllowedDigest>,
}

impl AlwaysAllowedSet {
    /// From a list whose two signatures were checked.
    pub fn new(list: &AlwaysAllowed) -> Self {
        Self {
            numbers: list.numbers.iter().map(|listed| listed.number).collect(),
            digest: Some(list.digest()),
        }
    }

    /// Whether a number is on it.
    pub fn contains(&self, number: &PhoneNumber) -> bool {
        self.numbers.contains(number)
    }

    /// Says which numbers it holds; `None` before any list was read.
    pub fn digest(&self) -> Option<AlwaysAllowedDigest> {
        self.digest
    }
}
