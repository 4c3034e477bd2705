//! SIP bytes: what is read, what is answered, and that all refusals are alike.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, ArcSwapOption};
use feed::{ContactKind, Regime, Scope};
use gate::answer::call::{Received, answer};
use gate::answer::seen::{MAX_REMEMBERED, REMEMBERED_FOR, Seen};
use gate::answer::sip::{MAX_DATAGRAM_BYTES, MAX_VIAS, Method, Request};
use gate::answer::{Counted, Desk};
use gate::authorise::ClassPolicy;
use gate::report::AttemptQueue;
use gate::seams::Seams;
use proptest::prelude::*;

use crate::source::{Source, list_of, prisoner};

const PEER: &str = "127.0.0.1:5061";

pub(crate) fn desk(regime: Option<Regime>) -> Desk {
    let mut source = Source::new(regime.unwrap_or(Regime::CallBarring));
    source.entries = vec![
        source.bar(1, 1, Scope::Everyone),
        source.bar(2, 2, Scope::Prisoner(prisoner(1))),
        source.approved(1, 3, 1, ContactKind::Social),
    ];
    let list = ArcSwapOption::from(regime.map(|_| Arc::new(list_of(&source))));
    Desk {
        list: Arc::new(list),
        always: ArcSwap::default(),
        classes: ClassPolicy::default(),
        area: None,
        trunk: "trunk.example:5060".to_owned(),
        caller_header: None,
        peers: vec!["127.0.0.1".parse().unwrap()],
        attempts: AttemptQueue::new(&Arc::default()).0,
        seams: Seams {
            now_ms: Arc::new(|| 0),
            ..Seams::real()
        },
        tag_key: [6; 32],
        counted: Counted::default(),
        seen: Seen::default(),
    }
}

fn ask_from(desk: &Desk, datagram: &[u8], peer: &str) -> Option<(String, SocketAddr)> {
    let mut said = Vec::new();
    let received = Received {
        bytes: datagram,
        is_whole: true,
        source: peer.parse().unwrap(),
    };
    let to = answer(desk, received, &mut said)?;
    Some((String::from_utf8(said).unwrap(), to))
}

fn ask(desk: &Desk, datagram: &str) -> String {
    ask_from(desk, datagram.as_bytes(), PEER)
        .map(|(said, _)| said)
        .unwrap_or_default()
}

/// An INVITE by the prisoner of the scoped bar.
pub(crate) fn invite(user: &str) -> String {
    invite_by("A0001BC", user)
}

fn invite_by(caller: &str, user: &str) -> String {
    format!(
        "INVITE sip:{user}@gate.example SIP/2.0\r\n\
         Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKx;rport\r\n\
         Via: SIP/2.0/UDP inner.example:5060;branch=z9hG4bKy\r\n\
         Max-Forwards: 70\r\n\
         From: \"Wing <A>\" <sip:{caller}@lei.example>;tag=abc\r\n\
         To: <sip:07700900003@gate.example>\r\n\
         Call-ID: one@lei.example\r\n\
         CSeq: 1 INVITE\r\n\
         Content-Length: 0\r\n\r\n"
    )
}

#[test]
fn an_allowed_call_is_sent_to_the_number_as_the_gate_resolved_it() {
    let desk = desk(Some(Regime::CallEnabling));
    let expected = "SIP/2.0 302 Moved Temporarily\r\n\
        Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKx;received=127.0.0.1;rport=5061\r\n\
        Via: SIP/2.0/UDP inner.example:5060;branch=z9hG4bKy\r\n\
        From: \"Wing <A>\" <sip:A0001BC@lei.example>;tag=abc\r\n\
        To: <sip:07700900003@gate.example>;tag=TAG\r\n\
        Call-ID: one@lei.example\r\n\
        CSeq: 1 INVITE\r\n\
        Contact: <sip:+447700900003@trunk.example:5060>\r\n\
        Content-Length: 0\r\n\r\n";
    assert_eq!(masked(&ask(&desk, &invite("07700%20900%20003"))), expected);
}

#[test]
fn at_most_one_flag_goes_with_an_allowed_number() {
    let desk = desk(Some(Regime::CallEnabling));
    for (user, contact) in [
        (
            "14107700900003",
            "<sip:+447700900003@trunk.example:5060;service=withhold>",
        ),
        (
            "1800107700900003",
            "<sip:+447700900003@trunk.example:5060;service=relay>",
        ),
        (
            "141180010044%207700900003",
            "<sip:+447700900003@trunk.example:5060;service=relay>",
        ),
        ("128007700900003", "<sip:+447700900003@trunk.example:5060>"),
    ] {
        let said = ask(&desk, &invite(user));
        assert!(
            said.contains(&format!("\r\nContact: {contact}\r\n")),
            "{user}: {said}"
        );
    }
}

#[test]
fn all_refusals_are_the_same_bytes_but_for_the_to_tag() {
    let enabling = desk(Some(Regime::CallEnabling));
    let barring = desk(Some(Regime::CallBarring));
    let without = desk(None);
    let cases: [(&str, &Desk, &str); 13] = [
        ("barred for everyone", &barring, "07700900001"),
        ("barred for him", &barring, "07700900002"),
        ("barred behind 141", &barring, "14107700900001"),
        ("a class that needs approval", &barring, "09098790000"),
        ("barred, call enabling", &enabling, "07700900001"),
        ("not on his list", &enabling, "07700900009"),
        ("too short", &enabling, "0770090000"),
        ("too long", &barring, "077009000012"),
        ("a service code", &barring, "*21*07700900009%23"),
        ("other digits", &barring, "%D9%A0%D9%A7%D9%A7"),
        ("an onward dialler", &barring, "118118"),
        ("parameters in the number", &barring, "07700900009;ext=1"),
        ("no list", &without, "07700900003"),
    ];
    let first = masked(&ask(cases[0].1, &invite(cases[0].2)));
    assert!(first.starts_with("SIP/2.0 403 Forbidden\r\n"), "{first}");
    assert!(!first.contains("Contact") && !first.contains("Reason") && !first.contains("Warning"));
    for (why, desk, user) in cases {
        assert_eq!(masked(&ask(desk, &invite(user))), first, "{why}");
    }
}

#[test]
fn the_to_tag_says_nothing_of_the_verdict_and_is_the_same_for_a_retransmission() {
    let desk = desk(Some(Regime::CallEnabling));
    let allowed = ask(&desk, &invite("07700900003"));
    let refused = ask(&desk, &invite("07700900009"));
    assert_eq!(tag(&allowed), tag(&refused));
    assert_eq!(ask(&desk, &invite("07700900003")), allowed);
    let other_call = invite("07700900003").replace("one@lei", "two@lei");
    assert_ne!(tag(&ask(&desk, &other_call)), tag(&allowed));
}

#[test]
fn the_request_uri_decides_and_not_to() {
    let desk = desk(Some(Regime::CallEnabling));
    assert!(
        ask(&desk, &invite("07700900009")).starts_with("SIP/2.0 403"),
        "To names an approved number"
    );
    let tel = invite("07700900003").replace("sip:07700900003@gate.example SIP", "tel:+44-7700-900003 SIP");
    assert!(ask(&desk, &tel).starts_with("SIP/2.0 302"), "a tel URI");
}

#[test]
fn folded_and_compact_header_fields_are_read() {
    let desk = desk(Some(Regime::CallEnabling));
    let compact = "INVITE sip:07700900003@gate.example SIP/2.0\r\n\
        v: SIP/2.0/UDP 127.0.0.1:5070\r\n\t;branch=z9hG4bKx\r\n\
        f : <sip:A0001BC@lei.example>\r\n  ;tag=abc\r\n\
        t: <sip:x@gate.example>\r\n\
        i: one\r\n\
        cseq: 1\r\n INVITE\r\n\
        l: 0\r\n\r\n";
    let (said, to) = ask_from(&desk, compact.as_bytes(), PEER).unwrap();
    assert!(said.starts_with("SIP/2.0 302"), "{said}");
    assert!(
        said.contains("\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKx\r\n"),
        "no rport was asked: {said}"
    );
    assert_eq!(
        to.to_string(),
        "127.0.0.1:5070",
        "then the answer goes to the port of the Via"
    );
}

#[test]
fn an_answer_goes_back_to_where_the_request_came_from() {
    let desk = desk(Some(Regime::CallEnabling));
    let named = invite("07700900003").replace(
        "127.0.0.1:5061;branch=z9hG4bKx;rport",
        "sbc.example;branch=z9hG4bKx",
    );
    let (said, to) = ask_from(&desk, named.as_bytes(), PEER).unwrap();
    assert!(
        said.contains("\r\nVia: SIP/2.0/UDP sbc.example;branch=z9hG4bKx;received=127.0.0.1\r\n"),
        "{said}"
    );
    assert_eq!(
        to.to_string(),
        "127.0.0.1:5060",
        "the port of SIP where none is named"
    );
    let forged = invite("07700900003").replace(";rport", ";received=192.0.2.9;rport=9");
    let (said, to) = ask_from(&desk, forged.as_bytes(), PEER).unwrap();
    assert!(
        said.contains(";branch=z9hG4bKx;received=127.0.0.1;rport=5061\r\n"),
        "{said}"
    );
    assert_eq!(to.to_string(), PEER);
}

#[test]
fn only_configured_peers_are_answered() {
    let desk = desk(Some(Regime::CallEnabling));
    let invite = invite("07700900003");
    assert!(ask_from(&desk, invite.as_bytes(), "192.0.2.1:5061").is_none());
    assert!(
        ask_from(&desk, invite.as_bytes(), "[::ffff:127.0.0.1]:5061").is_some(),
        "the same, as IPv6 writes it"
    );
}

#[test]
fn options_says_whether_a_list_is_held() {
    let options = invite("gate").replace("INVITE", "OPTIONS");
    assert!(ask(&desk(Some(Regime::CallBarring)), &options).starts_with("SIP/2.0 200 OK\r\n"));
    assert!(ask(&desk(None), &options).starts_with("SIP/2.0 503 Service Unavailable\r\n"));
}

#[test]
fn other_methods_are_answered_as_the_standard_says() {
    let desk = desk(Some(Regime::CallEnabling));
    let with = |method: &str| ask(&desk, &invite("07700900003").replace("INVITE", method));
    assert_eq!(with("ACK"), "", "an ACK is swallowed");
    assert!(with("CANCEL").starts_with("SIP/2.0 481"));
    let bye = with("BYE");
    assert!(
        bye.starts_with("SIP/2.0 405") && bye.contains("\r\nAllow: INVITE, ACK, OPTIONS\r\n"),
        "{bye}"
    );
}

#[test]
fn an_invite_that_two_readers_could_take_differently_is_refused_like_any_other() {
    let desk = desk(Some(Regime::CallEnabling));
    let whole = invite("07700900003");
    assert!(
        ask(&desk, &whole).starts_with("SIP/2.0 302"),
        "allowed but for what follows"
    );
    let twice = |field: &str| whole.replace("Content-Length: 0", field);
    let long = whole.clone() + &"a".repeat(60_000);
    for (why, datagram) in [
        ("a second From", twice("From: <sip:A0002BC@lei.example>;tag=d")),
        ("a second To", twice("t: <sip:x@y>")),
        ("a second Call-ID", twice("i: other")),
        ("a second CSeq", twice("CSeq: 2 INVITE")),
        ("no field", twice("Content-Length")),
        (
            "a bare line feed",
            whole.replace("Max-Forwards: 70\r\n", "Max-Forwards: 70\n"),
        ),
        ("bare line feeds", whole.replace("\r\n", "\n")),
        ("a bare carriage return", whole.replace("70\r\n", "7\r0\r\n")),
        ("no end of the header", whole.trim_end().to_owned() + "\r\n"),
        ("cut off", whole.trim_end().to_owned()),
        ("a space in the URI", invite("07700 900003")),
        (
            "no user",
            whole.replace("sip:07700900003@gate.example SIP", "SIP"),
        ),
        ("another version", whole.replacen("SIP/2.0\r\n", "SIP/3.0\r\n", 1)),
        (
            "the version in small letters",
            whole.replacen("SIP/2.0\r\n", "sip/2.0\r\n", 1),
        ),
        ("too long", long),
    ] {
        assert_eq!(masked(&ask(&desk, &datagram)), refusal(), "{why}");
    }
    for (why, datagram, field) in [
        (
            "an empty To",
            whole.replace("To: <sip:07700900003@gate.example>", "To:"),
            "To: ;tag=",
        ),
        (
            "no To",
            whole.replace("To: <sip:07700900003@gate.example>\r\n", ""),
            "To: ;tag=",
        ),
        ("no From", whole.replace("From: ", "X-From: "), "\r\nTo: "),
        (
            "no CSeq",
            whole.replace("CSeq: ", "X-CSeq: "),
            "\r\nCall-ID: one@lei.example\r\n",
        ),
        (
            "CSeq of another method",
            whole.replace("1 INVITE", "1 BYE"),
            "\r\nCSeq: 1 BYE\r\n",
        ),
    ] {
        let said = ask(&desk, &datagram);
        assert!(
            said.starts_with("SIP/2.0 403 Forbidden\r\n") && said.contains(field),
            "{why}: {said}"
        );
    }
}

/// The one refusal, its tag masked.
fn refusal() -> String {
    masked(&ask(&desk(None), &invite("07700900003")))
}

#[test]
fn what_cannot_be_answered_is_dropped() {
    let desk = desk(Some(Regime::CallEnabling));
    let whole = invite("07700900003");
    for (why, datagram) in [
        ("no Via", whole.replace("Via", "Vie")),
        ("a Via that is none", whole.replace("SIP/2.0/UDP", "nonsense")),
        (
            "another method, damaged",
            whole.replace("INVITE", "OPTIONS").replace("70\r\n", "7\n"),
        ),
        ("an answer", "SIP/2.0 200 OK\r\n\r\n".to_owned()),
        ("nothing", String::new()),
    ] {
        assert_eq!(ask(&desk, &datagram), "", "{why}");
    }
}

#[test]
fn as_many_vias_as_the_limit_are_copied_and_with_one_more_the_call_is_refused_to_all_of_them() {
    let desk = desk(Some(Regime::CallEnabling));
    let with = |vias: usize| {
        let more = "Via: SIP/2.0/UDP a.example;branch=z9hG4bKz\r\n".repeat(vias - 2);
        invite("07700900003").replace("Max-Forwards: 70\r\n", &more)
    };
    for (vias, line) in [(MAX_VIAS, "SIP/2.0 302"), (MAX_VIAS + 1, "SIP/2.0 403")] {
        let said = ask(&desk, &with(vias));
        assert!(said.starts_with(line), "{vias}: {said}");
        assert_eq!(said.matches("\r\nVia: ").count(), vias);
    }
}

#[test]
fn a_retransmission_is_one_attempt_and_another_call_another() {
    let spooled = Arc::default();
    let (attempts, _waiting) = AttemptQueue::new(&spooled);
    let desk = Desk {
        attempts,
        ..desk(Some(Regime::CallEnabling))
    };
    let whole = invite("07700900009");
    let count = || desk.counted.refused.load(Ordering::Relaxed);
    (0..10).for_each(|_| drop(ask(&desk, &whole)));
    assert_eq!(count(), 1);
    for other in [
        invite("07700900008"),
        whole.replace("one@lei", "two@lei"),
        whole.replace("1 INVITE", "2 INVITE"),
        whole.replace("z9hG4bKx", "z9hG4bKw"),
    ] {
        let before = count();
        ask(&desk, &other);
        assert_eq!(count(), before + 1);
    }
}

#[test]
fn an_invite_is_remembered_as_long_as_it_may_be_sent_again_and_no_more_than_the_limit_are() {
    let (seen, begun) = (Seen::default(), Instant::now());
    let call = |n: u32| {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&n.to_le_bytes());
        (hash, false)
    };
    assert!(seen.is_new(call(0), begun));
    assert!(seen.is_new((call(0).0, true), begun), "another verdict");
    let late = begun + REMEMBERED_FOR - Duration::from_millis(1);
    assert!(seen.is_new(call(1), late));
    assert!(!seen.is_new(call(0), late));
    assert!(!seen.is_new(call(1), late + REMEMBERED_FOR));
    assert!(seen.is_new(call(1), late + 4 * REMEMBERED_FOR), "forgotten");
    let full = Seen::default();
    for n in 0..=MAX_REMEMBERED as u32 {
        assert!(full.is_new(call(n), begun));
    }
    assert!(
        !full.is_new(call(MAX_REMEMBERED as u32 - 1), begun),
        "the last that is remembered"
    );
    assert!(full.is_new(call(MAX_REMEMBERED as u32), begun), "one more is not");
}

#[test]
fn the_caller_is_read_from_the_configured_field() {
    let mut desk = desk(Some(Regime::CallEnabling));
    desk.caller_header = Some("P-Asserted-Identity".to_owned());
    let with = |field: &str| invite_by("A0009BC", "07700900003").replace("Max-Forwards: 70", field);
    let pai = "p-asserted-identity: <sip:A0001BC@lei.example>";
    assert!(ask(&desk, &with(pai)).starts_with("SIP/2.0 302"));
    assert!(
        ask(&desk, &invite("07700900003")).starts_with("SIP/2.0 403"),
        "the field is missing: nobody known"
    );
    let twice = format!("{pai}\r\n{pai}");
    assert!(
        ask(&desk, &with(&twice)).starts_with("SIP/2.0 403"),
        "named twice: nobody known"
    );
}

/// A message with its To tag masked.
pub(crate) fn masked(message: &str) -> String {
    message.replace(tag(message), "TAG")
}

fn tag(message: &str) -> &str {
    let to = message.lines().find(|line| line.starts_with("To:")).unwrap();
    to.rsplit_once(";tag=").unwrap().1
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Request::parse(&bytes, Some("X-Caller"));
    }

    /// A request, a few of whose bytes are changed, is answered in one whole message or not at all.
    #[test]
    fn a_damaged_request_never_makes_a_broken_answer(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        caller in "[ -~]{0,20}",
    ) {
        let desk = desk(Some(Regime::CallEnabling));
        let mut bytes = invite_by(&caller, "07700900003").into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut said = Vec::new();
        let received = Received { bytes: &bytes, is_whole: true, source: PEER.parse().unwrap() };
        if answer(&desk, received, &mut said).is_some() {
            prop_assert!(said.starts_with(b"SIP/2.0 ") && said.ends_with(b"\r\n\r\n"));
            let ends = said.windows(4).filter(|four| four == b"\r\n\r\n").count();
            prop_assert_eq!(ends, 1, "nothing was smuggled behind the header");
        }
    }

    #[test]
    fn long_datagrams_are_read_without_panic(length in 0..MAX_DATAGRAM_BYTES) {
        let mut text = invite("07700900003").into_bytes();
        text.resize(text.len().max(length), b'a');
        prop_assert_eq!(Request::parse(&text, None).unwrap().method, Method::Invite);
    }
}
