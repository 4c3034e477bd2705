//! Our reader of SIP beside another one (rsipstack's), over INVITEs that are put together from forms of each part:
//! plain, odd and wrong. Where both take a message they read the same; where only one does, or they read it
//! differently, a form in it stands on the list below with the reason.

use std::collections::{BTreeMap, BTreeSet};

use feed::Regime;
use gate::answer::Desk;
use gate::answer::call::{Received, answer};
use gate::answer::sip::Request;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rsipstack::sip::headers::untyped::ToTypedHeader;
use rsipstack::sip::{HeadersExt, Request as Theirs, Response};

use crate::sip::desk;

/// One form of one part of an INVITE: what it is called, and how it is written.
type Form = (&'static str, &'static str);

const PLAIN: &str = "plain";

const URI: &[Form] = &[
    (PLAIN, "sip:07700900009@gate.example"),
    (PLAIN, "sip:+447700900009@192.0.2.1:5060"),
    (PLAIN, "SIP:07700900009@gate.example;transport=udp"),
    (PLAIN, "sips:07700900009@gate.example"),
    (PLAIN, "sip:0770%30900009@gate.example"),
    (PLAIN, "sip:07700900009@gate.example;user=phone"),
    (PLAIN, "sip:07700-900009@[2001:db8::1]:5060"),
    ("tel URI", "tel:+447700900009"),
    ("parameter of the user", "sip:07700900009;ext=1@gate.example"),
    (
        "parameter of the user",
        "sip:7700900009;phone-context=+44@gate.example",
    ),
    ("password", "sip:07700900009:word@gate.example"),
    ("two at signs", "sip:07700900009@other@gate.example"),
    ("URI header", "sip:07700900009@gate.example?Route=x"),
    ("no host", "sip:07700900009@"),
    ("no user", "sip:gate.example"),
    ("another scheme", "http:07700900009@gate.example"),
    ("angle brackets", "<sip:07700900009@gate.example>"),
    ("an empty URI", ""),
];

const VERSION: &[Form] = &[
    (PLAIN, " SIP/2.0"),
    ("another version", " SIP/3.0"),
    ("small version", " sip/2.0"),
    ("space behind the version", " SIP/2.0 "),
    ("two spaces", "  SIP/2.0"),
    ("no version", ""),
];

const VIA: &[Form] = &[
    (PLAIN, "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa1"),
    (PLAIN, "v: SIP/2.0/TCP sbc.example;rport;branch=z9hG4bKa1"),
    (
        PLAIN,
        "VIA : SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa1;received=192.0.2.9",
    ),
    (
        PLAIN,
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa1\r\nVia: SIP/2.0/UDP b.example;branch=z9hG4bKb",
    ),
    (
        PLAIN,
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa1, SIP/2.0/UDP b.example;branch=z9hG4bKb",
    ),
    (
        PLAIN,
        "Via: SIP/2.0/UDP\r\n 192.0.2.1:5060\r\n\t;branch=z9hG4bKa1",
    ),
    ("no branch", "Via: SIP/2.0/UDP 192.0.2.1:5060"),
    ("Via of no version", "Via: UDP 192.0.2.1;branch=z9hG4bKa1"),
    (
        "Via port that is none",
        "Via: SIP/2.0/UDP 192.0.2.1:sip;branch=z9hG4bKa1",
    ),
    ("no Via", "X-Via: none"),
];

const FROM: &[Form] = &[
    (PLAIN, "From: <sip:A1234BC@lei.example>;tag=f1"),
    (PLAIN, "f: \"Wing A\" <sip:A1234BC@lei.example>;tag=f1"),
    (PLAIN, "FROM:<sip:A1234BC@lei.example;user=ip>;tag=f1"),
    (PLAIN, "From: sip:A1234BC@lei.example;tag=f1"),
    (PLAIN, "From: Wing <sips:A1234BC@lei.example>\r\n ;tag=f1"),
    (
        "angle brackets in a quoted name",
        "From: \"Wing <A>\" <sip:A1234BC@lei.example>;tag=f1",
    ),
    (PLAIN, "From: \"a \\\" b\" <sip:A1234BC@lei.example>;tag=f1"),
    ("escape in From", "From: <sip:A12%334BC@lei.example>;tag=f1"),
    ("no tag", "From: <sip:A1234BC@lei.example>"),
    (
        "From twice",
        "From: <sip:A1234BC@lei.example>;tag=f1\r\nf: <sip:B1234BC@lei.example>;tag=f2",
    ),
    ("empty From", "From:"),
    ("no From", "X-From: none"),
];

const TO: &[Form] = &[
    (PLAIN, "To: <sip:07700900009@gate.example>"),
    (PLAIN, "t: sip:07700900009@gate.example"),
    ("To twice", "To: <sip:a@gate.example>\r\nt: <sip:b@gate.example>"),
    ("empty To", "To:"),
    ("no To", "X-To: none"),
];

const CALL_ID: &[Form] = &[
    (PLAIN, "Call-ID: c1@lei.example"),
    (PLAIN, "i: c1@lei.example"),
    (PLAIN, "call-id :\r\n c1@lei.example"),
    ("Call-ID twice", "Call-ID: c1\r\ni: c2"),
    ("empty Call-ID", "Call-ID:"),
    ("no Call-ID", "X-Call-ID: none"),
];

const CSEQ: &[Form] = &[
    (PLAIN, "CSeq: 1 INVITE"),
    (PLAIN, "cseq:\t4294967295   INVITE"),
    (PLAIN, "CSeq: 1\r\n INVITE"),
    ("CSeq twice", "CSeq: 1 INVITE\r\nCSeq: 2 INVITE"),
    ("CSeq of another method", "CSeq: 1 BYE"),
    ("CSeq without number", "CSeq: INVITE"),
    ("CSeq of no number", "CSeq: -1 INVITE"),
    ("no CSeq", "X-CSeq: none"),
];

const REST: &[Form] = &[
    (PLAIN, "Max-Forwards: 70\r\nContent-Length: 0"),
    (PLAIN, "l: 0"),
    (PLAIN, "X-Long: a\r\n b\r\n c"),
    ("length beyond the end", "Content-Length: 5"),
    ("length that is none", "Content-Length: many"),
    ("length twice", "Content-Length: 0\r\nl: 0"),
    ("field without colon", "Nonsense"),
    ("bare line feed", "X: a\nMax-Forwards: 70"),
    ("bare carriage return", "X: a\rb"),
    ("bytes that are no text", "X: \u{fffd}"),
];

const END: &[Form] = &[
    (PLAIN, "\r\n\r\n"),
    (PLAIN, "\r\n\r\nbehind"),
    ("no empty line", "\r\n"),
    ("cut off", ""),
];

const PARTS: [&[Form]; 9] = [URI, VERSION, VIA, FROM, TO, CALL_ID, CSEQ, REST, END];

/// How the two differ over a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Differ {
    /// Only we take it.
    OnlyWe,
    /// Only the other takes it: with us the call is refused.
    OnlyThey,
    /// Both take it, and read it differently.
    Otherwise,
}
use Differ::{OnlyThey, OnlyWe, Otherwise};

/// The forms over which the two differ, and why ours is as it is.
const KNOWN: &[(&str, Differ, &str)] = &[
    (
        "CSeq of another method",
        OnlyThey,
        "a request whose CSeq names another method is none (RFC 3261, 8.1.1.5)",
    ),
    ("CSeq twice", OnlyThey, "which of two counts is anybody's guess"),
    (
        "Call-ID twice",
        OnlyThey,
        "which of two counts is anybody's guess",
    ),
    (
        "From twice",
        OnlyThey,
        "two callers: each reader may take another",
    ),
    ("To twice", OnlyThey, "which of two counts is anybody's guess"),
    (
        "length twice",
        OnlyThey,
        "two ends of one message: the way to smuggle a second one",
    ),
    (
        "length beyond the end",
        OnlyThey,
        "the message was cut off (RFC 3261, 18.3)",
    ),
    (
        "length that is none",
        OnlyThey,
        "where the message ends is anybody's guess",
    ),
    ("Via port that is none", OnlyThey, "an answer would go nowhere"),
    (
        "another version",
        OnlyThey,
        "it is not the SIP that is spoken here",
    ),
    (
        "bare carriage return",
        OnlyThey,
        "a reader may begin a line behind it",
    ),
    (
        "bare line feed",
        OnlyThey,
        "a reader may begin a line behind it, or not",
    ),
    (
        "empty Call-ID",
        OnlyThey,
        "a call without a name cannot be told from others",
    ),
    (
        "field without colon",
        OnlyThey,
        "it is no field; a reader may take it for the rest of the one before",
    ),
    (
        "space behind the version",
        OnlyThey,
        "the start line has single spaces and nothing behind",
    ),
    ("two spaces", OnlyThey, "the start line has single spaces"),
    (
        "no host",
        OnlyWe,
        "the host is not read: the trunk is sent to the configured one",
    ),
    (
        "another scheme",
        Otherwise,
        "the scheme is kept with the number, and refuses it",
    ),
    (
        "no user",
        Otherwise,
        "what stands where the user should is kept for the record; it is no number and is refused",
    ),
    (
        "parameter of the user",
        Otherwise,
        "the other loses the user; ours keeps the parameter, which refuses unless it is a context of +44",
    ),
    (
        "password",
        Otherwise,
        "ours keeps the password with the number, and refuses it",
    ),
    ("tel URI", Otherwise, "the other takes the number for a host"),
    (
        "two at signs",
        Otherwise,
        "the other splits at the last; the resolver refuses two",
    ),
    (
        "angle brackets in a quoted name",
        Otherwise,
        "the other reads the name in quotes for the address",
    ),
];

struct Case {
    text: String,
    forms: BTreeSet<&'static str>,
}

impl Case {
    fn of(chosen: [usize; 9]) -> Self {
        let part = |at: usize| PARTS[at][chosen[at]].1;
        let fields = [2, 3, 4, 5, 6, 7].map(part).join("\r\n");
        let text = format!("INVITE {}{}\r\n{fields}{}", part(0), part(1), part(8));
        let forms = (0..9)
            .map(|at| PARTS[at][chosen[at]].0)
            .filter(|form| *form != PLAIN);
        Self {
            text,
            forms: forms.collect(),
        }
    }
}

/// What a reader makes of an INVITE.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    dialled: String,
    caller: String,
    call_id: String,
    cseq: (u32, String),
    branch: Option<String>,
}

/// What we read, where we take the message. The fields that are not public are read off our own answer.
fn ours(desk: &Desk, case: &Case) -> Option<Reading> {
    let request = Request::parse(case.text.as_bytes(), None)
        .ok()
        .filter(|request| request.is_sound)?;
    let received = Received {
        bytes: case.text.as_bytes(),
        is_whole: true,
        source: "127.0.0.1:5061".parse().unwrap(),
    };
    let mut said = Vec::new();
    answer(desk, received, &mut said)?;
    let answer = Response::try_from(said.as_slice()).expect("another reader reads our answers");
    let via = answer
        .via_header()
        .unwrap()
        .first_value()
        .unwrap()
        .typed()
        .unwrap();
    let cseq = answer.cseq_header().unwrap().typed().unwrap();
    Some(Reading {
        dialled: request.dialled().into_owned(),
        caller: request.caller(false).into_owned(),
        call_id: answer.call_id_header().unwrap().value().to_owned(),
        cseq: (cseq.seq, cseq.method.to_string()),
        branch: via.branch().map(|branch| branch.value().to_owned()),
    })
}

/// What the other reader reads, where it takes the message.
fn theirs(case: &Case) -> Option<Reading> {
    let request = Theirs::try_from(case.text.as_bytes()).ok()?;
    let from = request.from_header().ok()?.typed().ok()?;
    request.to_header().ok()?.typed().ok()?;
    let via = request.top_via_header().ok()?.typed().ok()?;
    let cseq = request.cseq_header().ok()?.typed().ok()?;
    // It leaves escapes as they are.
    let user = |user: Option<&str>| user.unwrap_or_default().replace("%30", "0").replace("%33", "3");
    Some(Reading {
        dialled: user(request.uri.user()),
        caller: user(from.uri.user()),
        // It keeps the blank of a fold.
        call_id: request.call_id_header().ok()?.value().trim().to_owned(),
        cseq: (cseq.seq, cseq.method.to_string()),
        branch: via.branch().map(|branch| branch.value().to_owned()),
    })
}

fn difference(desk: &Desk, case: &Case) -> Option<Differ> {
    match (ours(desk, case), theirs(case)) {
        (None, None) => None,
        (Some(_), None) => Some(OnlyWe),
        (None, Some(_)) => Some(OnlyThey),
        (Some(ours), Some(theirs)) => (ours != theirs).then_some(Otherwise),
    }
}

/// Every form alone, every two together, and many with more.
fn cases() -> impl Iterator<Item = Case> {
    let alone = (0..9).flat_map(|part| (0..PARTS[part].len()).map(move |form| with(&[(part, form)])));
    let pairs = (0..9)
        .flat_map(|one| (one + 1..9).map(move |two| (one, two)))
        .flat_map(|(one, two)| {
            let all = (0..PARTS[one].len()).flat_map(move |a| (0..PARTS[two].len()).map(move |b| (a, b)));
            all.map(move |(a, b)| with(&[(one, a), (two, b)]))
        });
    let mut random = StdRng::seed_from_u64(7);
    let mixed =
        (0..3_000).map(move |_| std::array::from_fn(|part| random.random_range(0..PARTS[part].len())));
    alone.chain(pairs).chain(mixed).map(Case::of)
}

fn with(chosen: &[(usize, usize)]) -> [usize; 9] {
    let mut all = [0; 9];
    chosen.iter().for_each(|(part, form)| all[*part] = *form);
    all
}

#[test]
fn two_readers_of_sip_differ_only_where_it_is_written_why() {
    let desk = desk(Some(Regime::CallEnabling));
    let (mut met, mut unknown, mut count) = (BTreeSet::new(), BTreeMap::new(), 0);
    for case in cases() {
        count += 1;
        let Some(differ) = difference(&desk, &case) else {
            continue;
        };
        let known: Vec<_> = KNOWN
            .iter()
            .filter(|(form, how, _)| *how == differ && case.forms.contains(form))
            .collect();
        if known.is_empty() {
            let key = (case.forms.len(), case.forms.clone(), differ);
            unknown.entry(key).or_insert_with(|| {
                format!(
                    "{:?}\n      we {:?}\n    they {:?}",
                    case.text,
                    ours(&desk, &case),
                    theirs(&case)
                )
            });
        }
        if case.forms.len() == 1 {
            met.extend(known.iter().map(|(form, how, _)| (*form, *how)));
        }
    }
    assert!(count > 5_000, "only {count} messages");
    let told = |((_, forms, differ), text): (&(usize, BTreeSet<&str>, Differ), &String)| {
        format!("{differ:?} {forms:?}\n         {text}\n")
    };
    let first: String = unknown.iter().take(30).map(told).collect();
    assert!(unknown.is_empty(), "{} differ:\n{first}", unknown.len());
    let stale: Vec<_> = KNOWN
        .iter()
        .filter(|(form, how, _)| !met.contains(&(*form, *how)))
        .collect();
    assert!(stale.is_empty(), "on the list, and they do not differ: {stale:?}");
}
