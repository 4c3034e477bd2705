//! The suite's numbers, all of Ofcom's drama range 07700 900000 to 900999, and what mock gate and mock trunk do with
//! each. The last three digits decide.

use phone::PhoneNumber;

/// What stands before the last three digits.
pub const RANGE: &str = "+447700900";
/// A short code that the mock gate allows.
pub const HELPLINE: &str = "116123";
/// Prefix of everything that must never reach a trunk: 07700 900100 to 900299.
pub const NEVER: [&str; 2] = ["77009001", "77009002"];
/// The first number that may be refused or come to nothing: below it everything is allowed.
pub const ALLOWED_BELOW: u16 = 100;

/// What the mock gate does when this number is dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// 302 with the number at the trunk.
    Allow,
    /// 403.
    Refuse,
    /// Nothing.
    KeepsSilent,
    /// 302, later than any switch waits.
    AllowsLate,
    /// 302, in time but not at once.
    AllowsSlowly,
    /// 183 and then nothing.
    Rings,
    /// This status line, no Contact.
    Says(&'static str),
    /// This status line with what an allowed call has.
    SaysWithContact(&'static str),
    /// 302 with these Contact lines: `{number}`, `{trunk}`, `{host}` stand for what they say.
    Redirects(&'static str),
    /// 302 as for an allowed call, from another port of the gate's address.
    AnswersFromAnotherPort,
    /// The same from another address: 127.0.0.2.
    AnswersFromAnotherHost,
    /// 302 as for an allowed call, to another transaction.
    AnswersAnother,
}

/// A gate that does not answer as it should, by the last three digits, and what it is called in the table.
pub const MISBEHAVIOURS: [(u16, &str, Does); 32] = [
    (100, "the gate refuses", Does::Refuse),
    (101, "the gate does not answer", Does::KeepsSilent),
    (102, "the gate answers too late", Does::AllowsLate),
    (103, "the gate rings and then keeps silent", Does::Rings),
    (104, "the gate answers 200", Does::Says("200 OK")),
    (
        105,
        "the gate answers 200 with a Contact",
        Does::SaysWithContact("200 OK"),
    ),
    (106, "the gate answers 404", Does::Says("404 Not Found")),
    (
        107,
        "the gate answers 500",
        Does::Says("500 Server Internal Error"),
    ),
    (108, "the gate answers 503", Does::Says("503 Service Unavailable")),
    (
        109,
        "the gate answers 503 with a Contact",
        Does::SaysWithContact("503 Service Unavailable"),
    ),
    (110, "the gate answers 603", Does::Says("603 Decline")),
    (
        111,
        "the gate answers 300 with a Contact",
        Does::SaysWithContact("300 Multiple Choices"),
    ),
    (
        112,
        "the gate answers 301 with a Contact",
        Does::SaysWithContact("301 Moved Permanently"),
    ),
    (
        113,
        "the gate answers 305 with a Contact",
        Does::SaysWithContact("305 Use Proxy"),
    ),
    (
        114,
        "the gate answers 380 with a Contact",
        Does::SaysWithContact("380 Alternative Service"),
    ),
    (115, "302 without a Contact", Does::Says("302 Moved Temporarily")),
    (
        116,
        "302 with two Contacts in one field",
        Does::Redirects("Contact: <sip:{number}@{trunk}>, <sip:{number}@{trunk}>\r\n"),
    ),
    (
        117,
        "302 with two Contact fields",
        Does::Redirects("Contact: <sip:{number}@{trunk}>\r\nContact: <sip:{number}@{trunk}>\r\n"),
    ),
    (
        118,
        "302 with two Contact fields, one compact",
        Does::Redirects("Contact: <sip:{number}@{trunk}>\r\nm: <sip:{number}@{trunk}>\r\n"),
    ),
    (
        119,
        "302 to another host",
        Does::Redirects("Contact: <sip:{number}@elsewhere.invalid>\r\n"),
    ),
    (
        120,
        "302 to another port",
        Does::Redirects("Contact: <sip:{number}@{host}:9>\r\n"),
    ),
    (
        121,
        "302 to national digits",
        Does::Redirects("Contact: <sip:0{national}@{trunk}>\r\n"),
    ),
    (
        122,
        "302 to a tel URI",
        Does::Redirects("Contact: <tel:{number}>\r\n"),
    ),
    (
        123,
        "302 with a flag that there is not",
        Does::Redirects("Contact: <sip:{number}@{trunk};service=other>\r\n"),
    ),
    (
        124,
        "302 with two flags",
        Does::Redirects("Contact: <sip:{number}@{trunk};service=relay;service=withhold>\r\n"),
    ),
    (
        125,
        "302 with headers in its Contact",
        Does::Redirects("Contact: <sip:{number}@{trunk}?Route=%3Csip:{trunk}%3E>\r\n"),
    ),
    (
        126,
        "302 with digits behind the number",
        Does::Redirects("Contact: <sip:{number};postd=1@{trunk}>\r\n"),
    ),
    (127, "302 to *", Does::Redirects("Contact: *\r\n")),
    (
        128,
        "302 to an escaped number",
        Does::Redirects("Contact: <sip:%2B{digits}@{trunk}>\r\n"),
    ),
    (
        129,
        "the answer comes from another port",
        Does::AnswersFromAnotherPort,
    ),
    (
        130,
        "the answer comes from another host",
        Does::AnswersFromAnotherHost,
    ),
    (131, "the answer belongs to another call", Does::AnswersAnother),
];

/// Is allowed, not at once; the suite takes the call back meanwhile, so that it must not reach the trunk.
pub const SLOWLY_ALLOWED: u16 = 223;

/// What the mock gate does with a number, or with what is none.
pub fn at_the_gate(number: Option<&PhoneNumber>) -> Does {
    let Some(last) = number.and_then(last_three) else {
        let is_helpline = number.is_some_and(|number| number.expose() == HELPLINE);
        return if is_helpline { Does::Allow } else { Does::Refuse };
    };
    if last == SLOWLY_ALLOWED {
        return Does::AllowsSlowly;
    }
    let misbehaves = MISBEHAVIOURS.iter().find(|(number, ..)| *number == last);
    match misbehaves {
        Some((.., does)) => *does,
        None if last < ALLOWED_BELOW => Does::Allow,
        None => Does::Refuse,
    }
}

/// The last three digits of a number of the range.
fn last_three(number: &PhoneNumber) -> Option<u16> {
    number.expose().strip_prefix(RANGE)?.parse().ok()
}

/// A number of the range as it is dialled at home.
pub fn national(last: u16) -> String {
    format!("07700900{last:03}")
}

/// A number of the range as the trunk must see it.
pub fn international(last: u16) -> String {
    format!("{RANGE}{last:03}")
}

/// What the mock trunk does with a call that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtTheTrunk {
    /// Takes it.
    Answers,
    /// 486.
    IsBusy,
    /// 180, until it is cancelled.
    Rings,
    /// 302 to a number that nobody was asked about.
    Redirects,
}

/// Is busy.
pub const BUSY: u16 = 10;
/// Rings and is not answered.
pub const RINGING: u16 = 11;
/// Is diverted at the far end to [`DIVERTED_TO`].
pub const DIVERTED: u16 = 12;
/// Where to; must not be dialled.
pub const DIVERTED_TO: u16 = 212;

/// By the user part of the Request-URI.
pub fn at_the_trunk(user: &str) -> AtTheTrunk {
    match user.strip_prefix(RANGE).and_then(|last| last.parse().ok()) {
        Some(BUSY) => AtTheTrunk::IsBusy,
        Some(RINGING) => AtTheTrunk::Rings,
        Some(DIVERTED) => AtTheTrunk::Redirects,
        _ => AtTheTrunk::Answers,
    }
}
